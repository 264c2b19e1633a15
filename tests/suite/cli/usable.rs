//! Which connections may carry traffic, and whose credential a command means.

use crate::support::cli::Home;
use crate::support::scripted::answer;
use crate::support::vendor::{Asked, Vendor};

/// A service whose address has an open place, and a connection that does not fill it.
const FAR: &str = "[connectors.far]\nname = 'Far'\nbase = 'https://{place}.far.test'\ntest.request = 'GET /me'\n\
                   vars.place = { label = { en = 'Place', ja = '場所' } }\n[connectors.far.auth.key]\nkind = 'api_key'\n\
                   params.key = { label = 'Key' }\nheader.x-key = '{key}'\n\
                   [connections.far]\nconnector = 'far'\nsecrets.key = 'env:KEY'\n";

/// A service without a harmless call, one that allows a single connection, and one with two environments.
fn home() -> (Vendor, Home) {
    let vendor = Vendor::start(|asked: &Asked, _| match (asked.path.as_str(), asked.header("x-key")) {
        ("/me", Some("good-key-0123")) => {
            answer("200 OK", "Content-Type: application/json\r\n", br#"{"user":"hanako@example.test"}"#)
        }
        ("/me", _) => answer("401 Unauthorized", "Content-Type: application/json\r\n", br#"{"error":"no"}"#),
        _ => answer("200 OK", "Content-Type: application/json\r\n", b"{}"),
    });
    let at = format!("http://{}", vendor.address);
    let service = |id: &str, further: &str| {
        format!(
            "[connectors.{id}]\nname = '{id}'\nbase = '{at}'\n{further}[connectors.{id}.auth.key]\nkind = 'api_key'\n\
             params.key = {{ label = 'Key' }}\nheader.x-key = '{{key}}'\n"
        )
    };
    let proven = "test.request = 'GET /me'\ntest.identity.account = '/user'\nenvironments.spare = {}\n";
    let home = Home::with(&format!(
        "{}{}{}{FAR}",
        service("hook", "test.request = 'reach'\n"),
        service("shop", &format!("{proven}max_connections = 1\n")),
        service("desk", proven),
    ));
    (vendor, home.knowing("KEY", "good-key-0123").knowing("BAD", "bad-key-0123"))
}

#[test]
fn a_service_where_nothing_can_be_proven_carries_traffic_once_a_person_named_the_connection() {
    let (_vendor, home) = home();
    let added = home.run(&["add", "notices", "--connector", "hook", "--secret", "key=env:KEY"]);
    assert!(added.code == 0 && added.err.contains("state: connected"), "{added:#?}");
    assert!(added.out.contains("unverified"), "{added:#?}");
    assert_eq!(home.run(&["request", "notices", "/post"]).code, 0);
    let arguments = ["add", "machine", "--connector", "hook", "--secret", "key=env:KEY", "--kind", "system"];
    assert!(home.run(&arguments).err.contains("state: pending"));
    assert_eq!(home.run(&["request", "machine", "/post"]).code, 5);
    let connected = home.run(&["connect", "machine"]);
    assert!(connected.code == 0 && connected.out.contains("unverified"), "{connected:#?}");
    assert_eq!(home.run(&["request", "machine", "/post"]).code, 0);
    let tested = home.run(&["test", "machine"]);
    assert!(tested.out.contains("unverified"), "{tested:#?}");
}

#[test]
fn one_connection_per_service_means_one_in_each_environment() {
    let (_vendor, home) = home();
    let add = |name: &str, environment: &str| {
        home.run(&[
            "add",
            name,
            "--connector",
            "shop",
            "--secret",
            "key=env:KEY",
            "--environment",
            environment,
        ])
    };
    assert_eq!(add("till", "production").code, 0);
    let again = add("till-2", "production");
    assert!(again.code == 5 && again.err.contains("CONN-CFG-SINGLE"), "{again:#?}");
    let spare = add("till-spare", "spare");
    assert_eq!(spare.code, 0, "{spare:#?}");
}

#[test]
fn an_account_is_named_by_the_service_and_every_command_says_which_one_it_means() {
    let (_vendor, home) = home();
    let add = ["add", "team", "--connector", "desk", "--kind", "user", "--secret", "key=env:KEY"];
    assert_eq!(home.run(&add).code, 0);
    for (language, line) in [
        ("en", "hanako@example.test · connected · primary\n"),
        ("ja", "hanako@example.test · 接続済み · プライマリ\n"),
    ] {
        let listed = home.run(&["account", "list", "team", "--lang", language]);
        assert_eq!((listed.code, listed.out.as_str()), (0, line), "{listed:#?}");
    }
    let second = ["reconnect", "team", "--account", "jiro", "--secret", "key=env:BAD"];
    let refused = home.run(&second);
    assert_eq!(refused.code, 4, "{refused:#?}");
    assert!(!refused.out.contains("conn reconnect team\n"), "{}", refused.out);
    assert!(refused.out.contains("--account jiro"), "{}", refused.out);
    let listed = home.run(&["account", "list", "team"]);
    assert!(listed.out.contains("hanako@example.test · connected · primary"), "{}", listed.out);
}

#[test]
fn a_variable_without_a_value_is_told_by_its_label_and_leads_to_the_question_for_it() {
    let (_vendor, home) = home();
    for (language, said) in
        [("en", "far lacks a value for Place"), ("ja", "接続 far に 場所 の値がありません")]
    {
        let run = home.run(&["test", "far", "--lang", language]);
        assert!(run.code == 5 && run.out.contains(said), "{run:#?}");
        assert!(run.out.contains("conn reconnect far\n") && !run.out.contains("--secret"), "{}", run.out);
    }
    let named =
        home.run(&["add", "hook", "--connector", "hook", "--secret", "key=env:KEY", "--name", "通知"]);
    assert_eq!(named.code, 0, "{named:#?}");
    let written = std::fs::read_to_string(home.definitions()).unwrap();
    assert!(written.contains("name = \"通知\""), "{written}");
}

#[test]
fn the_number_of_an_account_may_stand_in_the_file_and_a_key_may_not() {
    let digits = "0123456789abcdef";
    for (value, code) in [(format!("AC{digits}{digits}"), 0), (format!("sk_{}_51{digits}ABC", "live"), 5)] {
        let home = Home::with(&format!(
            "[connections.sms]\nconnector = 'twilio'\nmethod = 'token'\nvars.account_sid = '{value}'\n\
             secrets.auth_token = 'env:TOKEN'\n"
        ));
        let linted = home.run(&["lint"]);
        assert_eq!(linted.code, code, "{linted:#?}");
        assert!(!linted.out.contains(digits), "{linted:#?}");
    }
}

#[test]
fn a_command_in_a_step_means_the_environment_that_failed() {
    let (_vendor, mut home) = home();
    assert_eq!(home.run(&["add", "crm", "--connector", "desk", "--secret", "key=env:KEY"]).code, 0);
    home.set("KEY", "bad-key-0123");
    let spare = home.run(&["test", "crm", "--environment", "spare"]);
    assert!(spare.code == 4 && spare.out.contains("conn test crm --environment spare"), "{spare:#?}");
    let own = home.run(&["test", "crm"]);
    assert!(own.code == 4 && !own.out.contains("--environment"), "{own:#?}");
}

#[test]
fn a_service_with_oauth_is_defined_without_an_editor() {
    let (_vendor, home) = home();
    for (language, said) in [("en", "nobody can be asked"), ("ja", "対話による入力ができません")]
    {
        let half = home.run(&["connectors", "new", "--name", "在庫", "--auth", "oauth2", "--lang", language]);
        assert!(half.code == 2 && half.err.contains(said), "{half:#?}");
        assert!(half.err.contains("--base --test --authorize --token"), "{}", half.err);
        let half = home.run(&["connectors", "new", "--name", "在庫", "--auth", "oauth1", "--lang", language]);
        assert!(half.err.contains("--request --authorize --access"), "{}", half.err);
    }
    for (flags, told) in [
        ("--auth basic --placement query", "--auth basic takes no --placement"),
        ("--auth bearer --token https://a.test/t --scope a", "--auth bearer takes no --token, --scope"),
    ] {
        let line = format!("connectors new --name Idle --base https://a.test --test /me --print {flags}");
        let idle = home.run(&line.split_whitespace().collect::<Vec<_>>());
        assert!(idle.code == 2 && idle.err.contains(told), "{idle:#?}");
    }
    let two = "connectors new --name 在庫 --auth oauth2 --authorize https://id.stock.test/authorize --token \
               https://id.stock.test/token --scope read,write --base https://api.stock.test/v1 --test /me";
    let made = home.run(&two.split_whitespace().collect::<Vec<_>>());
    assert!(made.code == 0 && made.out.contains("connector stock to"), "{made:#?}");
    let one = "connectors new --name Photos --auth oauth1 --request https://photos.test/request --authorize \
               https://photos.test/authorize --access https://photos.test/access --placement query --base \
               https://photos.test/v1 --test /me";
    assert_eq!(home.run(&one.split_whitespace().collect::<Vec<_>>()).code, 0);
    let shown = home.run(&["connectors", "show", "stock", "--format", "json"]);
    assert!(shown.out.contains("oauth2") && shown.out.contains("client_id"), "{shown:#?}");
    let linted = home.run(&["lint"]);
    // The one mistake is the open place of `far`.
    assert!(linted.err.contains("1 mistake.") && linted.out.contains("far needs a value"), "{linted:#?}");
}
