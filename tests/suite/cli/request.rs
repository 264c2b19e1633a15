//! `conn request`: what is sent, what is shown instead, what is tried again, and where the answer goes.

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
