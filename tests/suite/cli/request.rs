//! `conn request`: what is sent, what is shown instead, what is tried again, and where the answer goes.

use std::io::Write as _;
use std::process::Stdio;

use conn::sandbox::Credentials;

use crate::support::site::Site;

fn site() -> Site {
    let site = Site::with(Credentials::generate());
    site.add_crm();
    site
}

#[test]
fn a_form_travels_as_a_form() {
    let site = site();
    site.must("request crm POST /api/contacts --form name=Aiko+&=1 --form note=a=b");
    let sent = site.sandbox.requests().pop().unwrap();
    let kind = sent.headers.iter().find(|(name, _)| name == "content-type").unwrap();
    assert_eq!(kind.1, "application/x-www-form-urlencoded");
    let wrong = site.run("request crm POST /api/contacts --form name");
    assert!(wrong.exit == 2 && wrong.stderr.contains("--form takes NAME=VALUE."), "{}", wrong.stderr);
}

#[test]
fn json_is_read_before_it_is_sent_and_may_come_from_standard_input() {
    let site = site();
    let before = site.sandbox.requests().len();
    for (line, words) in [
        ("--json {a:1", "no JSON (line 1, column 2)"),
        ("--json {a:1 --lang ja", "JSON ではありません（1 行目、2 文字目）"),
        ("--json -", "no JSON"),
    ] {
        let run = site.run(&format!("request crm POST /api/contacts {line}"));
        assert!(
            run.exit == 2 && run.stderr.contains(words) && run.stderr.contains("--body"),
            "{}",
            run.all()
        );
    }
    assert_eq!(site.sandbox.requests().len(), before);
    let given = "{\"name\": \"藍\"}";
    let line = ["request", "crm", "POST", "/api/contacts", "--json", "-"];
    let mut command = site.command(&line.join(" "));
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(given.as_bytes()).unwrap();
    assert!(child.wait_with_output().unwrap().status.success());
    let sent = site.sandbox.requests().pop().unwrap();
    assert!(
        sent.headers.contains(&("content-type".to_owned(), "application/json".to_owned())),
        "{:?}",
        sent.headers
    );
    assert!(
        sent.headers.contains(&("content-length".to_owned(), given.len().to_string())),
        "{:?}",
        sent.headers
    );
}

#[test]
fn a_body_that_cannot_carry_the_key_is_refused_before_anything_is_sent() {
    let site = site();
    site.must("add inform --connector sandbox --method form --set address={url} --secret api_key=env:KEY");
    std::fs::write(site.path("work/list.json"), "[1, 2]").unwrap();
    let before = site.sandbox.requests().len();
    for (words, en, ja) in [
        (
            "--json {\"a\":1}",
            "travels in a form, and a body of the type application/json",
            "種類が application/json",
        ),
        ("--body list.json", "travels in a form", "フォームの項目として送信"),
        ("--json {\"a\":1} --dry-run", "--form NAME=VALUE", "--form 名前=値"),
    ] {
        for (language, said) in [("en", en), ("ja", ja)] {
            let run = site.run(&format!("request inform POST /api/contacts {words} --lang {language}"));
            assert!(run.exit == 2 && run.stderr.contains(said), "{words}: {}", run.all());
        }
    }
    assert_eq!(site.sandbox.requests().len(), before);
    site.must("request inform POST /api/contacts --form name=x");
    let sent = site.sandbox.requests().pop().unwrap();
    assert!(String::from_utf8_lossy(&sent.body).starts_with("name=x&api_key="), "{:?}", sent.body);
}

#[test]
fn a_dry_run_shows_the_request_masks_the_secret_and_sends_nothing() {
    let site = site();
    site.must("add inquery --connector sandbox --method query --set address={url} --secret api_key=env:KEY");
    site.must("add inform --connector sandbox --method form --set address={url} --secret api_key=env:KEY");
    let before = site.sandbox.requests().len();
    let key = &site.sandbox.credentials().key;
    for name in ["crm", "inquery", "inform"] {
        for flag in ["--dry-run", "--as-curl"] {
            let run = site.must(&format!("request {name} POST /api/contacts?limit=1 --form name=x {flag}"));
            assert!(!run.all().contains(key) && run.stdout.contains("***"), "{}", run.stdout);
            assert!(run.stdout.contains("/api/contacts?limit=1"), "{}", run.stdout);
        }
    }
    let json = site.must("request crm POST /api/contacts --json {\"name\":\"it's\"} --as-curl").stdout;
    assert!(
        json.contains(r#"--data-binary '{"name":"it'\''s"}'"#) && json.contains("application/json"),
        "{json}"
    );
    assert_eq!(site.sandbox.requests().len(), before);
    site.must("disable crm");
    site.must("request crm /api/me --dry-run");
}

/// Everything but the token is there: it is obtained at each use.
#[test]
fn a_dry_run_needs_no_token() {
    let site = Site::with(Credentials::generate());
    let file = site.definition_file();
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let definition = "[connectors.machine]\nbase = 'https://machine.test'\ntest.request = 'GET /me'\n\
         [connectors.machine.auth.oauth]\nkind = 'oauth2'\ngrant = 'client_credentials'\n\
         token = 'https://machine.test/token'\nDPOP\n\
         [connectors.machine.auth.oauth.params]\nclient_id = { label = 'Client', secret = false }\n\
         client_secret = 'Secret'\n\
         [connections.robot]\nconnector = 'machine'\nvars.client_id = 'c'\nsecrets.client_secret = 'env:KEY'\n";
    for (dpop, header) in [("", "Authorization: ***"), ("dpop = true", "DPoP: ***")] {
        std::fs::write(&file, definition.replace("DPOP", dpop)).unwrap();
        let run = site.must("request robot POST /items --json {\"a\":1} --dry-run");
        assert!(run.stdout.contains(header) && run.stdout.contains("{\"a\":1}"), "{}", run.all());
        let run = site.must("request robot /items --as-curl");
        assert!(
            run.stdout.contains(header) && run.stdout.contains("https://machine.test/items"),
            "{}",
            run.all()
        );
    }
}

#[test]
fn what_passes_is_tried_again_where_nothing_can_happen_twice() {
    let site = site();
    site.sandbox.control().fail_times("overload", 1).unwrap();
    let run = site.must("request crm /api/me --retry 2");
    assert!(run.stdout.contains("hanako") && run.stderr.contains("Trying again in "), "{}", run.all());
    site.sandbox.control().fail_times("overload", 1).unwrap();
    let posted = site.run("request crm POST /api/contacts --form name=x --retry 2");
    assert!(posted.exit == 3 && !posted.stderr.contains("Trying again"), "{}", posted.all());
    site.sandbox.control().heal();
    site.sandbox.control().fail_times("bare-401", 1).unwrap();
    let refused = site.run("request crm /api/me --retry 2");
    assert!(refused.exit == 4 && !refused.stderr.contains("Trying again"), "{}", refused.all());
}

#[test]
fn an_answer_can_be_indented_and_kept_in_a_file() {
    let site = site();
    let plain = site.must("request crm /api/me").stdout;
    let pretty = site.must("request crm /api/me --pretty").stdout;
    assert!(pretty.contains("\n  \"user\": {\n"), "{pretty}");
    let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(value(&plain), value(&pretty));
    let run = site.must("request crm /api/me --output answer.json");
    let kept = std::fs::read_to_string(site.path("work/answer.json")).unwrap();
    assert_eq!((run.stdout, kept), (String::new(), plain));
    let nowhere = site.run("request crm /api/me --output no/such/folder/x");
    assert!(nowhere.exit != 0 && nowhere.stderr.contains("no/such/folder"), "{}", nowhere.stderr);
}
