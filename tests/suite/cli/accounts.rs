//! The account that a command line names: taken along by every line that is printed, and refused where there is none.

use conn::adapter::ledger::Database;
use conn::base::Timestamp;
use conn::port::{HistoryRow, Ledger as _};
use conn::sandbox::Credentials;

use crate::support::site::Site;

/// A connection on which two people have a key each; Hanako's is the primary account.
fn team() -> Site {
    let mut site = Site::with(Credentials::generate());
    site.set("CONN_VAULT_PASSPHRASE", "correct-horse-battery");
    let keys = [&site.sandbox.credentials().key, &site.sandbox.credentials().limited_key];
    for (file, key) in ["hanako.txt", "taro.txt"].into_iter().zip(keys) {
        std::fs::write(site.path("work").join(file), key).unwrap();
    }
    let place = "--connector sandbox --method key --set address={url} --store vault --kind user";
    site.must(&format!("add du {place} --account hanako --secret api_key=file:hanako.txt"));
    // The second key works, and may read less.
    let second = site.run("reconnect du --account taro --secret api_key=file:taro.txt");
    assert_eq!(second.exit, 1, "{}", second.all());
    site
}

#[test]
fn a_snippet_acts_as_the_account_that_was_named() {
    let site = team();
    for (language, named) in [
        ("curl", "conn token du --header --account taro |"),
        ("httpie", "conn token du --header --account taro |"),
        ("python", r#"["conn", "token", "du", "--header", "--account", "taro"]"#),
        ("javascript", r#"["token", "du", "--header", "--account", "taro"]"#),
        ("rust", r#""--account", "taro"]"#),
    ] {
        let shown = site.must(&format!("snippet du --account taro --language {language}")).stdout;
        assert!(shown.contains(named), "{language}: {shown}");
        let shown = site.must(&format!("snippet du --language {language}")).stdout;
        assert!(!shown.contains("--account"), "{language}: {shown}");
    }
}

#[test]
fn an_account_that_nobody_connected_is_refused_by_every_verb_and_leaves_no_trace() {
    let site = team();
    let (listed, sent) = (site.must("account list du").stdout, site.sandbox.requests().len());
    for line in [
        "test du",
        "test --all",
        "diagnose du",
        "diagnose du --fix",
        "request du /api/me",
        "token du",
        "snippet du",
        "show du",
        "proxy du",
        "enable du",
        "disable du",
        "reconnect du --rollback",
    ] {
        for (language, said, near) in [
            ("en", "du has no account tarou; there are: hanako, taro.", "Did you mean taro?"),
            (
                "ja",
                "du に tarou というアカウントはありません。あるのは hanako, taro です。",
                "「taro」のことですか。",
            ),
        ] {
            let run = site.run(&format!("{line} --account tarou --lang {language}"));
            assert!(run.exit == 2 && run.stderr.contains(said) && run.stderr.contains(near), "{}", run.all());
        }
    }
    let run = site.run("--account jiro exec du -- env");
    assert!(run.exit == 2 && run.stderr.contains("conn reconnect du --account jiro"), "{}", run.all());
    assert_eq!(site.must("account list du").stdout, listed);
    assert_eq!(site.sandbox.requests().len(), sent);
}

#[test]
fn the_primary_account_is_one_that_was_connected() {
    let site = team();
    // What begins an account may make one.
    let begun = site.run("connect du --account jiro");
    assert_eq!(begun.exit, 5, "{}", begun.all());
    assert!(site.must("account list du").stdout.contains("jiro · pending"));
    for (language, said) in [
        ("en", "The account jiro of du was never connected."),
        ("ja", "du のアカウント jiro は一度も接続済みになっていません。"),
    ] {
        let run = site.run(&format!("account primary du jiro --lang {language}"));
        assert!(run.exit == 2 && run.stderr.contains(said), "{}", run.all());
        assert!(run.stderr.contains("conn connect du --account jiro"), "{}", run.stderr);
    }
    let run = site.run("request du /api/me --account jiro");
    assert!(run.exit == 5 && run.stderr.contains("conn connect du --account jiro"), "{}", run.all());
    site.must("account primary du taro");
    assert!(site.must("account list du").stdout.contains("taro · connected · primary"));
}

#[test]
fn one_account_can_be_paused_and_is_not_removed_with_all_others() {
    let site = team();
    assert!(site.must("disable du --account taro").stderr.contains("du (taro): disabled"));
    assert_eq!(site.run("request du /api/me --account taro").exit, 5);
    site.must("request du /api/me");
    site.must("enable du --account taro");
    site.must("request du /api/me --account taro");
    for (language, said) in [("en", "removes du with all its accounts"), ("ja", "すべてのアカウントごと削除")]
    {
        let run = site.run(&format!("remove du --yes --account taro --lang {language}"));
        assert!(run.exit == 2 && run.stderr.contains(said), "{}", run.all());
        assert!(run.stderr.contains("conn account remove du taro"), "{}", run.stderr);
    }
    site.must("request du /api/me");
    site.must("remove du --yes");
}

#[test]
fn a_part_that_is_named_is_not_taken_for_the_whole_connection() {
    let mut site = Site::with(Credentials::generate());
    site.add_crm();
    for (words, en, ja) in [
        (
            "remove crm --yes --environment sandbox",
            "conn remove removes crm with all its environments, and one is named: sandbox.",
            "すべての環境ごと削除しますが、環境 sandbox が指定されています。",
        ),
        (
            "remove crm --yes --account x",
            "so it has no accounts.",
            "接続全体を削除します。--account を外して",
        ),
        (
            "account primary crm x",
            "Connections with kind = \"user\" have accounts.",
            "アカウントを指定できません",
        ),
        (
            "account remove crm x --yes",
            "crm holds one authorisation for everyone",
            "使えるのは kind = \"user\"",
        ),
    ] {
        for (language, said) in [("en", en), ("ja", ja)] {
            let run = site.run(&format!("{words} --lang {language}"));
            assert!(run.exit == 2 && run.stderr.contains(said), "{words}: {}", run.all());
            assert!(!run.stderr.contains("conn reconnect"), "{words}: {}", run.all());
        }
    }
    site.set("CONN_ENVIRONMENT", "sandbox");
    assert_eq!(site.run("remove crm --yes").exit, 2);
    site.set("CONN_ENVIRONMENT", "");
    site.must("test crm");
    site.must("remove crm --yes");
}

#[test]
fn a_test_tells_whose_account_it_was() {
    let site = team();
    let said = |line: &str| site.run(line).stdout;
    assert!(said("test du --account taro").contains("\n  account     taro\n"));
    assert!(said("test du --lang ja").contains("\n  アカウント  hanako\n"));
    assert!(said("test du --format plain").contains("Account: hanako\n"));
    for (further, account) in [("", "hanako"), ("--account taro", "taro")] {
        let shown: serde_json::Value =
            serde_json::from_str(&said(&format!("test du {further} --format json"))).unwrap();
        assert_eq!(shown["connections"][0]["connection"]["account"], account, "{shown}");
    }
    site.add_crm();
    assert!(said("test --all").contains("one account of each: du (hanako)"), "{}", said("test --all"));
    assert!(said("test --all --lang ja").contains("テストしたアカウント（各 1 つ）: du（hanako）"));
    let shown: serde_json::Value = serde_json::from_str(&said("test crm --format json")).unwrap();
    assert!(shown["connections"][0]["connection"]["account"].is_null(), "{shown}");
}

#[test]
fn machines_and_the_history_are_told_whose_account_it_was() {
    let site = team();
    let said = |line: &str| site.run(line).stdout;
    site.must("test du");
    let junit = said("test du --account taro --format junit");
    assert!(junit.contains("<property name=\"account\" value=\"taro\"/>"), "{junit}");
    let github = said("test du --account taro --format github");
    assert!(github.contains(" du (taro)::"), "{github}");
    let metrics = said("test du --account taro --format openmetrics");
    assert!(
        metrics.lines().any(|line| line.starts_with("conn_up{") && line.contains("account=\"taro\"")),
        "{metrics}"
    );
    let history = said("history du");
    for words in ["ACCOUNT", "hanako", "taro"] {
        assert!(history.contains(words), "{words}: {history}");
    }
    assert!(said("history du --lang ja").contains("アカウント"));
    let taro = said("history du --account taro");
    assert!(taro.contains("taro") && !taro.contains("hanako"), "{taro}");
    assert!(said("history du --environment sandbox").starts_with("No result yet."));
    assert!(said("history du --environment production").contains("hanako"));
    assert!(
        said("history du --format plain").contains(" times, hanako\n"),
        "{}",
        said("history du --format plain")
    );
    let shown: serde_json::Value = serde_json::from_str(&said("history du --format json")).unwrap();
    let whose = |account: &str| {
        let rows = shown["results"].as_array().unwrap().iter();
        rows.filter(|row| row["account"] == account).filter_map(|row| row["count"].as_u64()).sum::<u64>()
    };
    // Added and tested once; reconnected and tested three times.
    assert_eq!((whose("hanako"), whose("taro")), (2, 4), "{shown}");
    // Where nobody has an account of their own, nothing is said of any.
    site.add_crm();
    site.must("test crm");
    assert!(!said("history crm").contains("ACCOUNT"));
    for (format, words) in [("junit", "account\""), ("openmetrics", "account=")] {
        let said = said(&format!("test crm --format {format}"));
        assert!(said.contains("crm") && !said.contains(words), "{format}: {said}");
    }
    // A call of GitHub's is made where something is wrong only.
    let mut site = site;
    site.set("KEY", "of-nobody");
    let github = site.run("test crm --format github").stdout;
    assert!(github.contains(" crm::") && !github.contains(" crm ("), "{github}");
}

#[test]
fn how_another_account_fared_is_not_counted_among_the_changes_of_this_one() {
    let site = team();
    let ledger = Database::new(&site.path("home/state/state.db"));
    let seen = Timestamp::now();
    for verdict in ["unreachable", "ok", "unreachable"] {
        let row = HistoryRow {
            link_name: "du".into(),
            environment: "production".into(),
            account: Some("taro".into()),
            verb: "test".into(),
            verdict: verdict.into(),
            code: None,
            detail: None,
            first_seen: seen,
            last_seen: seen,
            count: 1,
        };
        ledger.append(&row).unwrap();
    }
    // The judgement itself says nothing of changes on a server of this machine; what is handed to it does.
    let changes = |account: &str| {
        let _ = site.run(&format!("diagnose du --account {account} --save {account}.json"));
        let facts = std::fs::read_to_string(site.path("work").join(format!("{account}.json"))).unwrap();
        let facts: serde_json::Value = serde_json::from_str(&facts).unwrap();
        let stretches = facts["history"]["stretches"].as_array().unwrap();
        stretches.iter().map(|one| one["reached"].as_bool().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(changes("hanako"), [true]);
    assert_eq!(changes("taro"), [false, true, false, true]);
}

#[test]
fn after_the_states_are_lost_the_store_still_knows_an_account() {
    let site = team();
    let states = crate::support::site::files(&site.path("home"));
    for file in states.iter().filter(|path| path.to_string_lossy().contains(".db")) {
        std::fs::remove_file(file).unwrap();
    }
    assert_eq!(site.must("account list du").stdout, "");
    assert_eq!(site.run("test du --account jiro").exit, 2);
    assert_eq!(site.run("test du --account taro").exit, 1);
    assert!(site.must("account list du").stdout.contains("taro · connected"));
}

/// A connection on which people consent for themselves; nobody has yet.
const CONSENTED: &str = "[connectors.op]\nbase = 'https://op.test'\ntest.request = 'GET /me'\n\
                         [connectors.op.auth.code]\nkind = 'oauth2'\nclient_auth = 'none'\n\
                         authorize = 'https://op.test/a'\ntoken = 'https://op.test/t'\n\
                         redirect = { path = '/callback' }\n\
                         params.client_id = { label = 'Client ID', secret = false }\n\
                         [connections.app]\nconnector = 'op'\nkind = 'user'\nvars.client_id = 'x'\n\
                         secrets.access_token = 'vault'\n";

#[test]
fn a_question_for_an_account_takes_its_answer_whichever_verb_asked_and_every_step_names_the_account() {
    let mut site = Site::with(Credentials::generate());
    site.set("CONN_VAULT_PASSPHRASE", "correct-horse-battery");
    std::fs::write(site.path("work/op.toml"), CONSENTED).unwrap();
    for verb in ["connect", "reconnect"] {
        let asked = site.run(&format!("{verb} app --account taro --config op.toml"));
        let question: serde_json::Value = serde_json::from_str(&asked.stdout).unwrap();
        assert_eq!((asked.exit, question["kind"].as_str()), (2, Some("consent")), "{}", asked.all());
        let empty = site.run("connect app --account taro --resume - --config op.toml");
        assert!(empty.exit == 2 && empty.stderr.contains("of app is empty"), "{verb}: {}", empty.all());
        assert!(empty.stderr.contains("conn connect app --account taro --resume VALUE"), "{}", empty.stderr);
        let foreign = site.run("connect app --account taro --resume code#of-another --config op.toml");
        assert!(foreign.stdout.contains("CONN-OAUTH-STATE"), "{verb}: {}", foreign.all());
        assert!(foreign.stdout.contains("conn connect app --account taro\n"), "{}", foreign.stdout);
    }
    assert_eq!(site.must("account list app --config op.toml").stdout, "");
}

#[test]
fn a_connection_without_accounts_says_how_one_is_added() {
    let site = team();
    std::fs::write(site.path("work/op.toml"), CONSENTED).unwrap();
    for (language, command) in
        [("en", "conn connect app --account LABEL"), ("ja", "conn connect app --account アカウント名")]
    {
        let run = site.must(&format!("account list app --config op.toml --lang {language}"));
        assert!(run.stderr.contains(command), "{}", run.stderr);
        let run = site.run(&format!("test app --account taro --config op.toml --lang {language}"));
        assert!(run.exit == 2 && run.stderr.contains("conn connect app --account taro"), "{}", run.all());
    }
}
