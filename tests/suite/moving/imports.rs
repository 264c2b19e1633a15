//! Each format: what becomes a connector or a connection, and what is listed with its reason.

use super::{home, write};
use crate::support::cli::{Home, Run};
use crate::support::site::Site;
use conn::sandbox::Credentials;

/// An import into the vault, as JSON.
fn import(home: &Home, files: &[&str]) -> serde_json::Value {
    let run = home.run(&[&["import", "--yes", "--store", "vault", "--format", "json"], files].concat());
    assert_eq!(run.code, 0, "{run:?}");
    run.json()
}

/// `link_name connector method change: secrets | missing`, one a line.
fn connections(value: &serde_json::Value) -> Vec<String> {
    let words = |list: &serde_json::Value| {
        let all = list.as_array().unwrap().iter().map(|one| one.as_str().unwrap());
        all.collect::<Vec<_>>().join(",")
    };
    let all = value["connections"].as_array().unwrap().iter();
    all.map(|one| {
        let text = |key: &str| one[key].as_str().unwrap().to_owned();
        format!(
            "{} {} {}: {} | {}",
            text("link_name"),
            text("connector"),
            text("change"),
            words(&one["secrets"]),
            words(&one["missing"])
        )
    })
    .collect()
}

fn names(value: &serde_json::Value, list: &str, key: &str) -> Vec<String> {
    value[list].as_array().unwrap().iter().map(|one| one[key].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_format_is_recognised_by_its_content_and_finds_its_place() {
    let cases: [(&[&str], &str, &[&str], &[&str], &[&str]); 11] = [
        (
            &["shop.env"],
            "dotenv",
            &[],
            &[
                "stripe stripe new: secret_key | ",
                "openai openai new: api_key | ",
                "twilio twilio new: auth_token | ",
            ],
            &["NODE_ENV", "PORT", "DATABASE_URL", "ACME_API_KEY", "NOTION_TOKEN"],
        ),
        (
            &["acme.postman_collection.json", "acme.postman_environment.json"],
            "postman",
            &["acme-orders"],
            &["acme-orders acme-orders new: x_api_key | ", "github github new: token | "],
            &["auth hawk"],
        ),
        (&["ledger.openapi.json"], "openapi", &["ledger"], &[], &["certificate"]),
        (&["old.swagger.yaml"], "openapi", &["old-desk"], &[], &[]),
        (&["notes.insomnia.yaml"], "insomnia", &["notes"], &["notes notes new: token | "], &[]),
        (&["tasks.insomnia.json"], "insomnia", &["tasks"], &["tasks tasks new: password | "], &[]),
        (&["desk"], "bruno", &["desk"], &["desk desk new: token | "], &[]),
        (&["providers.yaml"], "nango", &["parcel"], &[], &["strange"]),
        (&["rclone.conf"], "rclone", &[], &["files dropbox new: client_secret | "], &["files", "disk"]),
        (&["hosts.yml"], "gh", &[], &["github-hanako github new: token | "], &[]),
        (
            &["newman-inherited-entities.postman_collection.json"],
            "postman",
            // The password of that file is the word itself, which is masked wherever it stands.
            &["inherited-entities", "inherited-entities-2"],
            &[
                "inherited-entities inherited-entities new: *** | ",
                "inherited-entities-2 inherited-entities-2 new: *** | ",
            ],
            &[],
        ),
    ];
    for (files, format, connectors, expected, left) in cases {
        let home = home("hunter2hunter2hunter2hunter2");
        let value = import(&home, files);
        assert!(names(&value, "files", "format").iter().all(|one| one == format), "{files:?}: {value:#}");
        assert_eq!(names(&value, "connectors", "id"), connectors, "{files:?}: {value:#}");
        assert_eq!(connections(&value), expected, "{files:?}: {value:#}");
        let what = names(&value, "left", "what");
        let known = left.iter().all(|one| what.iter().any(|what| what == one));
        assert!(known && what.len() >= left.len(), "{files:?}: {:#}", value["left"]);
        let lint = home.run(&["lint"]);
        // An account's number that its connector declares as open looks like a secret to lint.
        let wrong =
            lint.out.lines().filter(|line| line.contains("[CONN-") && !line.contains("vars.account_sid"));
        assert_eq!(wrong.count(), 0, "what {files:?} wrote is valid: {lint:?}");
    }
}

#[test]
fn a_public_document_becomes_a_connector_that_lint_accepts() {
    let home = home("");
    let value = import(&home, &["swagger-petstore.openapi.yaml"]);
    assert_eq!(names(&value, "connectors", "base"), ["https://petstore3.swagger.io/api/v3"]);
    assert_eq!(
        names(&value, "left", "what"),
        ["petstore_auth"],
        "the implicit flow alone is no way for a program"
    );
    let text = std::fs::read_to_string(home.definitions()).unwrap();
    assert!(text.contains("header.api_key = \"{api_key}\""), "{text}");
    assert_eq!(home.run(&["lint"]).code, 0, "{:?}", home.run(&["lint"]));
}

#[test]
fn the_parts_of_an_openapi_document_become_the_parts_of_a_connector() {
    let home = home("");
    import(&home, &["ledger.openapi.json"]);
    let text = std::fs::read_to_string(home.definitions()).unwrap();
    for line in [
        "base = \"https://{region}.ledger.example/api\"",
        "choices = [\"eu\", \"jp\"]",
        "header.X-Ledger-Key = \"{x_ledger_key}\"",
        "header.X-Ledger-App = \"{x_ledger_app}\"",
        "kind = \"basic\"",
        "grant = \"client_credentials\"",
        "token = \"https://id.ledger.example/token\"",
        "request = \"GET /me\"",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn an_import_is_repeated_without_harm_and_never_replaces_unasked() {
    let home = home("hunter2hunter2hunter2hunter2");
    let files = ["acme.postman_collection.json", "acme.postman_environment.json", "shop.env"];
    import(&home, &files);
    let before = std::fs::read(home.definitions()).unwrap();
    let again = import(&home, &files);
    assert!(
        again["written"] == false && names(&again, "connections", "change").iter().all(|one| one == "same")
    );
    let other = std::fs::read_to_string(home.folder().join("work/shop.env")).unwrap();
    write(&home, "other.env", other.replace("sk_test_", "sk_test_other"));
    let kept = import(&home, &["other.env"]);
    assert_eq!(names(&kept, "connections", "change"), ["kept", "same", "same"], "{kept:#}");
    assert_eq!(std::fs::read(home.definitions()).unwrap(), before);
    let replaced = import(&home, &["--replace", "other.env"]);
    assert_eq!(names(&replaced, "connections", "change"), ["replaced", "same", "same"]);
    assert_eq!(names(&import(&home, &["other.env"]), "connections", "change"), ["same"; 3]);
}

#[test]
fn an_import_that_was_interrupted_between_secret_and_definition_is_completed() {
    let home = home("hunter2hunter2hunter2hunter2");
    // The definition stands, the secret does not: as after a kill, or a store that was emptied.
    std::fs::write(
        home.definitions(),
        "[connections.stripe]\nconnector = \"stripe\" # ours\nsecrets.secret_key = \"vault\"\n",
    )
    .unwrap();
    let value = import(&home, &["shop.env"]);
    assert_eq!(names(&value, "connections", "change"), ["completed", "new", "new"], "{value:#}");
    assert!(std::fs::read_to_string(home.definitions()).unwrap().contains("# ours"));
    assert_eq!(names(&import(&home, &["shop.env"]), "connections", "change"), ["same"; 3]);
}

fn says(run: &Run, sentences: &[&str]) {
    let said = format!("{}{}", run.out, run.err).split_whitespace().collect::<Vec<_>>().join(" ");
    for sentence in sentences {
        assert!(said.contains(sentence), "{sentence:?} in\n{}\n{}", run.out, run.err);
    }
}

#[test]
fn a_plan_is_shown_before_anything_is_written_in_both_languages() {
    let home = home("hunter2hunter2hunter2hunter2");
    let run = home.run(&["import", "shop.env", "--dry-run"]);
    assert_eq!(run.code, 0);
    says(
        &run,
        &[
            "shop.env (.env file)",
            "+ stripe Stripe · sent to api.stripe.com · secret_key to the keyring · shop.env:4",
            "NODE_ENV (shop.env:2), PORT (shop.env:3): a setting, no credential",
        ],
    );
    let run = home.run(&["import", "shop.env", "--dry-run", "--lang", "ja"]);
    says(&run, &["shop.env（.env ファイル）", "送信先 api.stripe.com", "認証情報ではない設定値です"]);
    // Nobody is there to agree.
    let run = home.run(&["import", "shop.env"]);
    assert_eq!(run.code, 2);
    says(&run, &["Nothing was imported: nobody can be asked here.", "--yes"]);
    says(&home.run(&["import", "shop.env", "--lang", "ja"]), &["何も取り込んでいません"]);
    assert_eq!(std::fs::read_to_string(home.definitions()).unwrap(), "", "nothing was written");
    let run = home.run(&["import", "shop.env", "--yes", "--store", "vault"]);
    says(
        &run,
        &[
            "Imported into",
            "Next: conn test stripe openai twilio",
            "These secrets still stand in the clear in",
        ],
    );
    says(&home.run(&["list"]), &["stripe", "pending"]);
}

#[test]
fn a_file_of_no_known_format_and_a_format_without_a_file_name_the_way_out() {
    let home = home("");
    write(&home, "letter.txt", "Dear Hanako,\nthe meeting is at ten.\n");
    for (words, sentence) in [
        (&["import", "letter.txt"][..], "letter.txt is of no format that conn recognises."),
        (&["import", "postman"], "conn import postman FILE"),
        (&["import", "nowhere.json"], "nowhere.json"),
        (&["import", "postman", "shop.env"], "this is not valid JSON"),
    ] {
        let run = home.run(words);
        assert_eq!(run.code, 2, "{run:?}");
        says(&run, &[sentence]);
    }
}

#[test]
fn a_collection_of_brunos_bears_the_name_that_it_says_and_only_the_file_with_the_secret_is_named() {
    let home = home("hunter2hunter2hunter2hunter2");
    write(&home, "desk/bruno.json", "{\"version\":\"1\",\"name\":\"Help Desk\",\"type\":\"collection\"}");
    let run = home.run(&["import", "desk", "--yes", "--store", "vault"]);
    assert_eq!(run.code, 0, "{run:?}");
    says(&run, &["+ help-desk Help Desk", "connectors help-desk · connections help-desk"]);
    let told = run.err.lines().find(|line| line.contains("still stand")).unwrap();
    assert!(told.contains("in desk/environments/") && !told.contains("bruno.json"), "{told}");
    let run = home.run(&["import", "desk", "--yes", "--store", "vault", "--replace", "--lang", "ja"]);
    assert_eq!(run.code, 0, "{run:?}");
    write(&home, "desk/bruno.json", "{\"name\":");
    let run = home.run(&["import", "desk", "--dry-run"]);
    assert_eq!(run.code, 2, "{run:?}");
    says(&run, &["desk/bruno.json:1:", "the JSON ends too early"]);
}

#[test]
fn remotes_of_rclone_become_the_services_that_they_are_whatever_client_they_name() {
    let home = home("hunter2hunter2hunter2hunter2");
    let own = "client_id = app-1\nclient_secret = hunter2hunter2hunter2hunter2\n";
    let remotes =
        [("dropbox", ""), ("drive", own), ("onedrive", own), ("box", own), ("pcloud", own), ("putio", "")];
    let text = remotes
        .iter()
        .fold(String::new(), |text, (kind, client)| text + &format!("[my-{kind}]\ntype = {kind}\n{client}"));
    write(&home, "remotes.conf", text);
    let value = import(&home, &["remotes.conf"]);
    assert_eq!(
        connections(&value),
        [
            "my-dropbox dropbox new:  | client_id",
            "my-drive google-drive new: client_secret | ",
            "my-onedrive one-drive new: client_secret | ",
            "my-box box new: client_secret | ",
        ],
        "{value:#}"
    );
    assert_eq!(names(&value, "left", "what"), ["my-dropbox", "my-pcloud", "my-putio"], "{value:#}");
    assert_eq!(
        names(&value, "left", "reason")[0].split(';').next().unwrap(),
        "its client is rclone's own, which only rclone may use"
    );
    let next = value["next"].as_array().unwrap();
    assert!(next.contains(&"conn reconnect my-dropbox".into()), "{next:?}");
    assert!(next.contains(&"conn connect my-box".into()), "{next:?}");
}

#[test]
fn a_client_secret_that_no_file_holds_is_missing_and_no_line_of_the_plan_is_too_wide() {
    let home = home("").knowing("COLUMNS", "60");
    let auth = r#"{"type":"oauth2","oauth2":[
        {"key":"authUrl","value":"https://id.long-enough.test/auth"},
        {"key":"accessTokenUrl","value":"https://id.long-enough.test/token"},
        {"key":"clientId","value":"client-1"},{"key":"clientSecret","value":"{{oauthSecret}}"}]}"#;
    let collection = |auth: &str| {
        format!(
            r#"{{"info":{{"name":"Orders of a shop with a long name","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}},
            "auth":{auth},"item":[{{"request":{{"method":"GET","url":"https://api.long-enough.test/v1/me"}}}}]}}"#
        )
    };
    write(&home, "open.json", collection(auth));
    write(&home, "public.json", collection(&auth.replace("{{oauthSecret}}", "")));
    let plan = |file: &str| home.run(&["import", file, "--dry-run", "--format", "json"]).json();
    let name = "orders-of-a-shop-with-a-long-name";
    assert_eq!(connections(&plan("open.json")), [format!("{name} {name} new:  | client_secret")]);
    // Without a place for it the client is a public one.
    assert_eq!(connections(&plan("public.json")), [format!("{name} {name} new:  | ")]);
    for language in ["en", "ja"] {
        let run = home.run(&["import", "open.json", "--dry-run", "--lang", language]);
        let widest = run.out.lines().map(conn::base::safe_text::width).max();
        assert!(widest.is_some_and(|width| width <= 60), "{widest:?}: {}", run.out);
    }
}

const HOSTS: &str = "ghe.corp.test:\n  user: octo\n  oauth_token: ghp_0123456789abcdef0123456789abcdef0123\n";

#[test]
fn without_a_keyring_the_way_out_is_the_same_import_into_the_vault() {
    let site = Site::with(Credentials::generate());
    std::fs::write(site.path("work/hosts.yml"), HOSTS).unwrap();
    for language in ["en", "ja"] {
        let run = site.run(&format!("import gh hosts.yml --yes --replace --lang {language}"));
        assert!(run.exit == 5 && run.all().contains("CONN-SEC-STORE-ABSENT"), "{}", run.all());
        assert!(run.all().contains("$ conn import gh hosts.yml --replace --store vault"), "{}", run.all());
        assert!(!run.all().contains("conn reconnect"), "{}", run.all());
    }
}

#[test]
fn a_login_of_another_service_does_not_contend_for_a_link_name() {
    let site = Site::with(Credentials::generate());
    let file = site.definition_file();
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let there = "[connections.github-octo]\nconnector = 'github'\nsecrets.token = 'env:KEY'\n";
    std::fs::write(file, there).unwrap();
    std::fs::write(site.path("work/hosts.yml"), HOSTS).unwrap();
    let run = site.must("import gh hosts.yml --dry-run");
    assert!(run.stdout.contains("github-octo-2"), "{}", run.all());
    assert!(!run.stdout.contains("--replace"), "{}", run.all());
}
