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
    assert!(first.stderr.contains("$ conn reconnect shop"), "talk and error agree: {}", first.stderr);
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

/// A service that people consent to, and whose app has a client ID of its own.
const CONSENTED: &str = "auth.code.kind = \"oauth2\"\nauth.code.authorize = \"https://shop.test/a\"\n\
                         auth.code.token = \"https://shop.test/t\"\n\
                         auth.code.params.client_id = { label = \"Client ID\", secret = false }\n\
                         auth.code.params.client_secret = \"Client secret\"\n";

/// A home with a service that people consent to; there is no keyring in it, and a vault if it is chosen.
fn consented() -> Site {
    let mut site = site("");
    let file = site.definition_file();
    let own = std::fs::read_to_string(&file).unwrap();
    let kept: Vec<&str> = own.lines().filter(|line| !line.starts_with("auth.")).collect();
    std::fs::write(&file, format!("{}\n{CONSENTED}", kept.join("\n"))).unwrap();
    site.set("CONN_VAULT_PASSPHRASE", "correct-horse-battery");
    site.set("CLIENT_SECRET", "client-secret-0123456789");
    site
}

#[test]
fn what_waits_for_an_admin_breaks_neither_a_test_of_all_nor_the_definitions() {
    let site = consented();
    assert_eq!(site.run("request --connector shop /me").exit, 5);
    site.add_crm();
    for (language, note, advice) in [
        ("en", "not tested: shop (pending)", "an admin gives it when they authorise it"),
        ("ja", "未実施: shop（未接続）", "管理者が認証するときに"),
    ] {
        let all = site.must(&format!("test --all --lang {language}"));
        assert!(all.stdout.contains(note), "{}", all.all());
        let lint = site.must(&format!("lint --lang {language}")).all();
        assert!(lint.contains(advice) && lint.contains("[awaits-admin]"), "{lint}");
    }
    // Whoever names it wants to know.
    assert_eq!(site.run("test shop").exit, 5);
    // A value that others keep is tested, whoever waits for what.
    site.must("remove shop --yes");
    let text = site.definitions()
        + "[connections.nightly]\nconnector = \"sandbox\"\nmethod = \"key\"\n\
                                     kind = \"system\"\nsecrets.api_key = \"env:NOT_THERE\"\n";
    std::fs::write(site.definition_file(), text).unwrap();
    assert_eq!(site.run("test --all").exit, 5);
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_keyring_an_authorisation_is_moved_to_the_vault_before_anybody_consents() {
    let mut site = consented();
    let opened = site.path("opened");
    let browser = site.path("browser");
    std::fs::write(&browser, format!("#!/bin/sh\ntouch {}\n", opened.display())).unwrap();
    std::fs::set_permissions(&browser, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    site.set("BROWSER", browser.to_str().unwrap());
    assert_eq!(site.run("request --connector shop /me").exit, 5);
    let values = "--set client_id=abc --secret client_secret=env:CLIENT_SECRET";
    for line in [format!("reconnect shop --flow browser {values}"), "connect shop --flow browser".to_owned()]
    {
        let run = site.run(&line);
        assert!(run.exit == 5 && run.stdout.contains("CONN-SEC-STORE-ABSENT"), "{line}: {}", run.all());
        assert!(run.stdout.contains("conn reconnect shop --store vault"), "{}", run.stdout);
    }
    assert!(!opened.exists(), "nobody is asked to consent to what has no place");
    // The command that was named moves it; what is missing then is asked for, and named where nobody can be asked.
    for line in ["connect shop --store vault", "reconnect shop --store vault"] {
        let run = site.run(line);
        assert!(!run.all().contains("STORE-ABSENT"), "{}", run.all());
        assert!(site.definitions().contains("client_secret = \"vault\""), "{}", site.definitions());
    }
    let run = site.run("reconnect shop");
    assert!(run.exit == 2 && run.stderr.contains("--secret client_secret=-"), "{}", run.all());
    assert!(run.stderr.contains("--set client_id=…"), "{}", run.stderr);
    let asked = site.run(&format!("reconnect shop {values}"));
    let question: serde_json::Value = serde_json::from_str(&asked.stdout).unwrap();
    assert_eq!((asked.exit, question["kind"].as_str()), (2, Some("consent")), "{}", asked.all());
}

#[cfg(target_os = "linux")]
#[test]
fn a_connection_is_removed_where_its_keyring_cannot_be_cleaned_and_says_so() {
    for (language, said) in [
        ("en", "Where it can be reached, conn remove shop removes it."),
        ("ja", "利用できる環境で conn remove shop を実行すると削除されます。"),
    ] {
        let site = site("");
        assert_eq!(site.run("request --connector shop /me").exit, 5);
        let run = site.must(&format!("remove shop --yes --lang {language}"));
        assert!(run.stderr.contains(said), "{}", run.stderr);
        assert!(!site.definitions().contains("[connections"), "{}", site.definitions());
    }
}
