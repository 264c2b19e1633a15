//! Files of conn that are damaged or cannot be written: the true title, what to do, and what works all the same.

use conn::sandbox::Credentials;

use crate::support::site::Site;

fn added() -> Site {
    let site = Site::with(Credentials::generate());
    site.add_crm();
    site
}

#[test]
fn a_damaged_state_file_is_moved_aside() {
    let site = added();
    let file = site.path("home/state/state.db");
    std::fs::write(&file, "not a database, but long enough to look like a file of some kind").unwrap();
    for (language, words) in [("en", "Move "), ("ja", "移してください")] {
        let run = site.run(&format!("list --lang {language}"));
        assert_eq!(run.exit, 5, "{}", run.all());
        assert!(run.stderr.contains("CONN-SELF-STATE-DAMAGED (9007)"), "{}", run.stderr);
        assert!(run.stderr.contains(words) && run.stderr.contains("state.db"), "{}", run.stderr);
    }
    std::fs::rename(&file, site.path("aside")).unwrap();
    site.must("test crm");
}

#[test]
fn a_damaged_vault_file_is_named() {
    let mut site = added();
    site.set("CONN_VAULT_PASSPHRASE", "correct horse");
    let vault = site.path("home/state/vault.json");
    std::fs::write(&vault, "{\"schema\":\"conn.vau").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&vault, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    let text = site.definitions().replace("env:KEY", "vault");
    std::fs::write(site.definition_file(), text).unwrap();
    for language in ["en", "ja"] {
        let run = site.run(&format!("test crm --lang {language}"));
        assert_eq!(run.exit, 5, "{}", run.all());
        assert!(run.stdout.contains("CONN-SEC-VAULT-DAMAGED (1122)"), "{}", run.stdout);
        assert!(run.stdout.replace('\n', "").contains("vault.json"), "{}", run.stdout);
    }
}

#[test]
fn where_nothing_can_be_written_results_stand_and_one_warning_says_so() {
    let site = added();
    std::fs::remove_dir_all(site.path("home/state")).unwrap();
    std::fs::write(site.path("home/state"), "in the way").unwrap();
    let run = site.run("test --all");
    assert_eq!(run.exit, 0, "{}", run.all());
    assert!(run.stdout.contains("ok"), "{}", run.stdout);
    assert_eq!(run.stderr.matches("Warning: the result is not remembered.").count(), 1, "{}", run.stderr);
    assert!(site.must("list").stdout.contains("crm"));
    assert_eq!(site.run("diagnose crm").exit, 0);
}

#[test]
fn a_shared_link_name_stops_only_who_names_it() {
    let site = added();
    let other = "[connections.crm]\nconnector = 'sandbox'\n";
    std::fs::write(site.path("work/connectors.toml"), other).unwrap();
    let run = site.run("test crm");
    assert!(run.stderr.contains("CONN-CFG-LINKNAME-DUP (1006)"), "{}", run.all());
    site.must("list");
    let run = site.must("test --all");
    assert!(
        run.stderr.contains("Warning: ") && run.stderr.contains("crm is already taken"),
        "{}",
        run.stderr
    );
    site.must(
        "add more --connector sandbox --method key --set address={url} --secret api_key=env:KEY --lang ja",
    );
}

#[test]
fn every_mistake_of_a_file_is_shown_at_once() {
    let site = added();
    let text = "\n[connections.a]\nconnector = 1\n[connections.b]\nconector = 'x'\n[connections.c]\nenvironment = []\n";
    std::fs::write(site.definition_file(), site.definitions() + text).unwrap();
    let run = site.run("test a");
    assert_eq!(run.exit, 5);
    for place in ["connections.a", "connections.b", "connections.c"] {
        assert!(run.stderr.contains(place), "{place}: {}", run.stderr);
    }
}

#[test]
fn a_disabled_connection_says_how_to_enable_it() {
    let site = added();
    site.must("disable crm");
    for language in ["en", "ja"] {
        for verb in ["test crm", "connect crm", "reconnect crm --secret api_key=env:KEY"] {
            let run = site.run(&format!("{verb} --lang {language}"));
            assert!(run.all().contains("conn enable crm"), "{verb}: {}", run.all());
        }
    }
    site.must("add two --connector sandbox --method key --set address={url} --secret api_key=env:KEY");
    assert!(site.must("test --all --lang en").stdout.contains("1 not tested"));
}
