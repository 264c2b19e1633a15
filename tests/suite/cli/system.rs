//! A service that is used without naming a connection: a system connection comes into being, stays pending, and
//! carries traffic once an admin has authorised it. What uses a connection is told before it goes.

use conn::sandbox::Credentials;

use crate::support::site::Site;

/// A home with a service of its own that knows its address.
fn site(more: &str) -> Site {
    let site = Site::with(Credentials::generate());
    let url = site.words("{url}").remove(0);
    let file = site.definition_file();
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let service = format!(
        "# ours\n[connectors.shop]\nbase = \"{url}/api\"\nauth.key.kind = \"api_key\"\n\
         auth.key.header.X-Api-Key = \"{{api_key}}\"\nauth.key.params.api_key = \"API key\"\n\
         test.request = \"GET /me\"\n{more}"
    );
    std::fs::write(file, service).unwrap();
    site
}

#[test]
fn a_system_connection_is_made_once_and_carries_nothing_until_it_is_authorised() {
    let site = site("");
    let before = site.sandbox.requests().len();
    let first = site.run("request --connector shop /me");
    assert_eq!(first.exit, 5, "{}", first.all());
    assert!(
        first.stderr.contains("shop was made, a system connection; an admin authorises it"),
        "{}",
        first.stderr
    );
    assert!(first.stderr.contains("authorises it: conn reconnect shop"), "{}", first.stderr);
    assert_eq!(site.sandbox.requests().len(), before, "nothing may leave before it is authorised");
    assert!(site.definitions().starts_with("# ours\n") && site.definitions().contains("kind = \"system\""));
    let listed: serde_json::Value = serde_json::from_str(&site.must("list --format json").stdout).unwrap();
    assert_eq!(listed["connections"][0]["state"], "pending");

    let again = site.run("request --connector shop /me --lang ja");
    assert!(again.exit == 5 && again.stderr.contains("システム接続 shop を使用します。"), "{}", again.stderr);
    site.must("reconnect shop --secret api_key=env:KEY");
    let answered = site.must("request --connector shop /me");
    assert!(answered.stdout.contains("hanako"), "{}", answered.all());
    let posted = site.must("request --connector shop POST /contacts --form name=x");
    assert!(posted.stdout.contains("c-"), "{}", posted.all());
}

#[test]
fn what_a_service_must_know_is_not_guessed_and_its_kinds_are_kept() {
    let asking = site("vars.tenant = { label = \"Tenant\" }\n");
    let run = asking.run("request --connector shop /me");
    assert!(run.exit == 2 && run.stderr.contains("it must know tenant"), "{}", run.all());
    assert!(run.stderr.contains("conn add --connector shop --kind system"), "{}", run.stderr);
    let admins = site("allowed_kinds = [\"admin\"]\nmax_connections = 1\n");
    let run = admins.run("request --connector shop /me");
    assert!(run.exit == 5 && run.stderr.contains("CONN-CFG-KIND"), "{}", run.all());
    let unknown = admins.run("request --connector no-such /me");
    assert!(unknown.exit != 0 && !admins.definitions().contains("[connections"), "{}", unknown.all());
    let nothing = admins.run("request shop");
    assert!(nothing.exit == 2 && nothing.stderr.contains("A request needs a path"), "{}", nothing.all());
}

#[test]
fn what_uses_a_connection_is_shown_and_told_before_it_is_removed() {
    let site = site("");
    site.must(
        "add main --connector shop --secret api_key=env:KEY --used-by nightly-sync --used-by 請求ページ",
    );
    let shown = site.must("show main").stdout;
    assert!(shown.contains("nightly-sync, 請求ページ") && shown.contains("conn snippet main"), "{shown}");
    let asked = site.run("remove main");
    assert!(asked.exit == 2 && asked.stderr.contains("main is used by: nightly-sync"), "{}", asked.all());
    let gone = site.must("remove main --yes --lang ja");
    assert!(
        gone.stderr.contains("main は次の場所で使われています: nightly-sync, 請求ページ"),
        "{}",
        gone.stderr
    );
}
