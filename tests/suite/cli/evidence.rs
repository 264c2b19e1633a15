//! What a report says of its evidence is so: whose rule it was, what the service said, whose value it is.

use conn::sandbox::Credentials;

use crate::support::cli::Home;
use crate::support::scripted::{Script, Scripted, answer};
use crate::support::site::Site;

const JSON: &str = "Content-Type: application/json\r\n";

fn refusing(body: &str) -> Scripted {
    Scripted::start(Script::says(answer("403 Forbidden", JSON, body.as_bytes())))
}

#[test]
fn a_second_factor_that_is_demanded_is_named_with_its_own_way_out_and_by_the_rule_that_conn_brought() {
    let server = refusing(r#"{"errors":[{"message":"-","code":12,"moreInfo":""}]}"#);
    let inherits = format!("extends = \"backlog\"\nbase = \"http://{}\"\n", server.address);
    let own = "[[connectors.mine.rules]]\nid = \"backlog/second-factor\"\n\
               when = { json = { \"/errors/0/code\" = 12 } }\ncause = \"CONN-AUTH-SECOND-FACTOR\"\n";
    for (rules, is_own) in [("", false), (own, true)] {
        let home = Home::with(&format!(
            "[connectors.mine]\n{inherits}{rules}[connections.c]\nconnector = \"mine\"\nmethod = \"key\"\n\
             secrets.api_key = \"env:KEY\"\n"
        ))
        .knowing("KEY", "abcdef0123456789abcdef0123456789");
        for (language, of_own, switch_on, nothing_said) in [
            ("en", "of your own definition", "switch two-factor authentication on", "“-”"),
            ("ja", "独自定義の規則", "2 段階認証を有効にしてください", "「-」"),
        ] {
            let run = home.run(&["test", "c", "--lang", language]);
            assert_eq!(run.code, 1, "{run:#?}");
            let out = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(out.contains("CONN-AUTH-SECOND-FACTOR (5017)"), "{out}");
            assert!(out.contains("backlog/second-factor"), "{out}");
            assert_eq!(out.contains(of_own), is_own, "{out}");
            assert!(out.replace(' ', "").contains(&switch_on.replace(' ', "")), "{out}");
            assert!(!out.contains(nothing_said) && !out.contains("\"-\""), "{out}");
        }
    }
}

#[test]
fn a_value_that_a_person_types_has_a_fingerprint_whatever_the_service_calls_it() {
    let server = Scripted::start(Script::says(answer("200 OK", JSON, b"{\"id\":1}")));
    let definition = |key: &str| {
        format!(
            "[connectors.{key}]\nbase = \"http://{}\"\ntest.request = \"GET /me\"\n\
             test.ok = {{ json = {{ \"/id\" = \"integer\" }} }}\nauth.key.kind = \"bearer\"\n\
             auth.key.params.{key} = \"Token\"\nauth.key.header.Authorization = \"Bearer {{{key}}}\"\n\
             [connections.by-{}]\nconnector = \"{key}\"\nsecrets.{key} = \"env:KEY\"\n",
            server.address,
            key.replace('_', "-"),
        )
    };
    let home = Home::with(&["token", "access_token", "refresh_token"].map(definition).concat())
        .knowing("KEY", "the-same-value-0123456789");
    let prints = ["by-token", "by-access-token", "by-refresh-token"].map(|name| {
        let tested = home.run(&["test", name, "--format", "json"]);
        assert_eq!(tested.outcome(), "ok - 0", "{tested:#?}");
        let shown = home.run(&["show", name, "--format", "json"]).json();
        shown["parameters"][0]["fingerprint"].as_str().unwrap_or_else(|| panic!("{shown:#}")).to_owned()
    });
    assert!(prints.iter().all(|print| print.len() == 4 && *print == prints[0]), "{prints:?}");
}

#[test]
fn a_body_that_is_too_long_is_not_said_to_be_none() {
    let site = Site::with(Credentials::demo());
    site.add_crm();
    site.sandbox.control().fail("gzip-bomb").unwrap();
    for (language, says, never) in [
        ("en", "longer than 1,048,576 bytes", "no body"),
        ("ja", "展開後で 1,048,576 バイトを超えています", "本文なし"),
    ] {
        let run = site.run(&format!("test crm --lang {language}"));
        assert!(run.stdout.contains(says) && !run.stdout.contains(never), "{}", run.all());
    }
}

#[test]
fn a_ticket_about_a_refused_credential_does_not_call_it_fine() {
    let site = Site::with(Credentials::demo());
    site.add_crm();
    site.sandbox.control().fail("bare-401").unwrap();
    for (language, label, never) in
        [("en", "In order on our side: ", "credential"), ("ja", "当方で正常を確認した項目: ", "認証情報")]
    {
        let run = site.run(&format!("diagnose crm --ticket --lang {language}"));
        let fine = run.stdout.lines().find_map(|line| Some(line.split_once(label)?.1)).unwrap();
        assert!(!fine.is_empty() && !fine.contains(never), "{}", run.all());
    }
}

#[test]
fn the_general_verdict_is_not_listed_beside_the_cause_that_explains_it() {
    let site = Site::with(Credentials::demo());
    site.add_crm();
    site.sandbox.control().fail("bare-401").unwrap();
    let run = site.run("test crm --lang en");
    assert!(run.stdout.contains("CONN-AUTH-KEY-ROTATED (5004)"), "{}", run.all());
    assert!(run.stdout.contains("Could be") && !run.stdout.contains("(5001)"), "{}", run.all());
}
