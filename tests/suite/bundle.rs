//! `conn diagnose --bundle`: a failure handed to somebody else, whole enough to be judged again and without anything
//! that is nobody's business.

use std::io::Read as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use conn::base::redact::encodings;

use crate::support::certificate::Authority;
use crate::support::cli::Home;
use crate::support::needles::needles;
use crate::support::scripted::{Script, Scripted, answer};

/// Letters that occur nowhere else, between characters that encodings change.
const CORE: &str = "q7Zk2Lw9Xv4Tn8Rb3Jm6";
const PROXY_CORE: &str = "h5Gd1Fs0Pa9Uy7Ie2Wo4";

fn secret() -> String {
    format!("mk/+&%\"{CORE}")
}

fn definitions(address: &str) -> String {
    format!(
        r#"[connectors.acme]
name = {{ en = "Acme", ja = "アクメ" }}
base = "{{address}}"
vars.address = {{ label = {{ en = "Address", ja = "アドレス" }} }}
vars.note = {{ label = {{ en = "Note", ja = "メモ" }}, optional = true }}
answer = {{ shape = {{ header = {{ x-acme-request-id = true }} }}, request_id = "header:x-acme-request-id" }}
test = {{ request = "GET /me?page=1", ok = {{ json = {{ "/id" = "exists" }} }}, identity = {{ account = "/owner" }} }}
rules = [{{ id = "acme/frozen", when = {{ status = 403, json = {{ "/fault/nr" = "F7" }} }}, cause = "CONN-AUTH-KEY-EXPIRED" }}]
[connectors.acme.auth.key]
kind = "api_key"
header.x-api-key = "{{api_key}}"
params.api_key = {{ label = {{ en = "API key", ja = "APIキー" }} }}

[connections.crm]
connector = "acme"
vars.address = "{address}"
vars.note = "somebody's own words"
secrets.api_key = "env:KEY"

[connections.other]
connector = "acme"
vars.address = "https://another-customer.test"
secrets.api_key = "env:KEY"
"#
    )
}

/// A service that says the key back in every form, and people's names.
fn careless() -> Vec<u8> {
    let secret = secret();
    let mut forms = encodings(&secret);
    forms.push(STANDARD.encode(format!("aiko:{secret}")));
    forms.push(URL_SAFE_NO_PAD.encode(format!("ab{secret}")));
    forms.push(secret.chars().rev().collect());
    forms.push(format!("…{}…", &CORE[3..17]));
    let told: Vec<String> = forms.iter().map(|form| form.replace(['"', '\r', '\n'], "_")).collect();
    let body = serde_json::json!({
        "fault": { "nr": "F7" },
        "error": { "message": format!("key {secret} of aiko@example.test is frozen"), "detail": forms.join(" ") },
        "owner": "Aiko Sato",
        "records": [{ "phone": "+81-3-1234-5678" }],
    });
    let headers = format!(
        "Content-Type: application/json\r\nX-Acme-Request-Id: rq-42\r\nX-Echo: {}\r\nWarning: 299 {}\r\nSet-Cookie: sid={}\r\n",
        told.join(" "),
        told.join(" "),
        told[0]
    );
    answer("403 Forbidden", &headers, body.to_string().as_bytes())
}

fn unpacked(path: &Path) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let name = String::from_utf8_lossy(file.name_raw()).into_owned();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        parts.push((name, text));
    }
    parts
}

fn part<'a>(parts: &'a [(String, String)], name: &str) -> &'a str {
    &parts.iter().find(|(part, _)| part == name).unwrap_or_else(|| panic!("{name}: {parts:#?}")).1
}

#[test]
fn a_bundle_holds_no_secret_in_any_form_and_is_judged_alike_in_another_home() {
    let server = Scripted::start(Script::says(careless()));
    let home = Home::with(&definitions(&format!("http://{}", server.address)))
        .knowing("KEY", &secret())
        .knowing("NO_PROXY", "127.0.0.1")
        .knowing("HTTPS_PROXY", &format!("http://user:{PROXY_CORE}@proxy.test:3128"));
    let run = home.run(&["diagnose", "crm", "--bundle", "crm.zip", "--format", "json"]);
    assert_eq!(run.outcome(), "rejected CONN-AUTH-KEY-EXPIRED 4", "{run:#?}");
    let file = home.definitions().ancestors().nth(3).unwrap().join("work/crm.zip");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let parts = unpacked(&file);
    for (name, text) in &parts {
        for needle in needles(CORE).iter().chain(&needles(PROXY_CORE)) {
            assert!(!text.contains(needle.as_str()), "{name} holds {needle}\n{text}");
        }
        for personal in ["Aiko Sato", "aiko@example.test", "1234-5678", "another-customer", "somebody's own"]
        {
            assert!(!text.contains(personal), "{name} holds {personal}\n{text}");
        }
        let folder = home.definitions().ancestors().nth(3).unwrap().display().to_string();
        assert!(!text.contains(&folder), "{name} names the home folder\n{text}");
    }
    let manifest: serde_json::Value = serde_json::from_str(part(&parts, "manifest.json")).unwrap();
    assert_eq!(manifest["schema"], "conn.bundle/1");
    assert_eq!(manifest["judged_as_before"], true, "{manifest}");
    assert_eq!(manifest["files"].as_array().unwrap().len(), parts.len() - 1);
    assert!(part(&parts, "report.txt").contains("CONN-AUTH-KEY-EXPIRED"));
    assert!(part(&parts, "report.ja.txt").contains("対処"));
    assert!(
        part(&parts, "connection.toml").contains("<set: 27 chars, fp "),
        "{}",
        part(&parts, "connection.toml")
    );
    assert!(part(&parts, "requests.txt").contains("rq-42"), "the vendor's request id stays");
    assert!(part(&parts, "machine.json").contains("proxy.test:3128"));

    let other = Home::with("");
    let text = file.to_str().unwrap();
    let again = other.run(&["diagnose", "--from", text, "--format", "json"]);
    assert_eq!(again.outcome(), "rejected CONN-AUTH-KEY-EXPIRED 4");
    for language in ["en", "ja"] {
        let screen = other.run(&["diagnose", "--from", text, "--lang", language]);
        assert!(screen.out.contains("CONN-AUTH-KEY-EXPIRED (5005)"), "{screen:#?}");
    }
}

#[test]
fn a_preview_shows_everything_and_writes_nothing() {
    let server = Scripted::start(Script::says(careless()));
    let home = Home::with(&definitions(&format!("http://{}", server.address))).knowing("KEY", &secret());
    let before = home.all_files().len();
    let run = home.run(&["diagnose", "crm", "--bundle", "--preview"]);
    for name in
        ["manifest.json", "report.txt", "report.ja.txt", "facts.jsonl", "timeline.txt", "connection.toml"]
    {
        assert!(run.out.contains(&format!("===== {name} =====")), "{run:#?}");
    }
    let written: Vec<_> = home.all_files().into_iter().filter(|(path, _)| path.ends_with("zip")).collect();
    assert!(written.is_empty() && before > 0, "{written:?}");
    for needle in needles(CORE) {
        assert!(!run.out.contains(&needle), "{needle}");
    }
}

#[test]
fn the_certificates_of_a_refused_handshake_come_along() {
    let server =
        Scripted::start(Script::says(b"").over(Authority::root("Acme", "Acme Root CA").good().server()));
    let trusted = Authority::root("conn tests", "Other Root");
    let home = Home::with(&definitions(&format!("https://{}", server.address)))
        .knowing("KEY", &secret())
        .knowing("SSL_CERT_FILE", trusted.file().to_str().unwrap());
    let run = home.run(&["diagnose", "crm", "--bundle"]);
    assert_eq!(run.code, 6, "{run:#?}");
    let (file, _) =
        home.all_files().into_iter().find(|(path, _)| path.extension().is_some_and(|e| e == "zip")).unwrap();
    let parts = unpacked(&file);
    assert!(part(&parts, "chain.pem").contains("-----BEGIN CERTIFICATE-----"));
    assert!(
        part(&parts, "timeline.txt").contains("stage tls      failed"),
        "{}",
        part(&parts, "timeline.txt")
    );
    let again = Home::with("").run(&["diagnose", "--from", file.to_str().unwrap(), "--format", "json"]);
    assert_eq!(again.outcome(), "unreachable CONN-TLS-UNKNOWN-CA 6");
}

#[test]
fn an_error_page_on_which_the_verdict_hangs_comes_along_as_text() {
    let page = b"<html><title>400</title>The plain HTTP request was sent to HTTPS port</html>";
    let server =
        Scripted::start(Script::says(answer("400 Bad Request", "Content-Type: text/html\r\n", page)));
    let home = Home::with(&definitions(&format!("http://{}", server.address))).knowing("KEY", &secret());
    let run = home.run(&["diagnose", "crm", "--bundle", "x.zip", "--format", "json"]);
    let outcome = run.outcome();
    assert!(outcome.contains("CONN-HTTP-CLEARTEXT"), "{outcome}");
    let (file, _) = home.all_files().into_iter().find(|(path, _)| path.ends_with("x.zip")).unwrap();
    let again = Home::with("").run(&["diagnose", "--from", file.to_str().unwrap(), "--format", "json"]);
    assert_eq!(again.outcome(), outcome);
}

#[test]
fn somebody_called_like_a_word_of_the_format_is_left_out_and_the_format_stays() {
    for (index, name) in
        ["conn", "auth", "admin", "true", "1", "\"", "hanako", "佐藤"].into_iter().enumerate()
    {
        let said = if name.chars().count() < 3 { "-".to_owned() } else { format!("key of {name} is frozen") };
        let body =
            serde_json::json!({ "fault": { "nr": "F7" }, "error": { "message": said }, "owner": name });
        let json = "Content-Type: application/json\r\n";
        let server =
            Scripted::start(Script::says(answer("403 Forbidden", json, body.to_string().as_bytes())));
        let link_name = if index == 0 { "conn".to_owned() } else { format!("c{index}-hanako") };
        let definitions = definitions(&format!("http://{}", server.address))
            .replace("connections.crm]", &format!("connections.{link_name}]\nkind = \"admin\""));
        let home = Home::with(&definitions).knowing("KEY", &secret());
        for language in ["en", "ja"] {
            let file = format!("{language}.zip");
            let run = home.run(&["diagnose", &link_name, "--bundle", &file, "--lang", language]);
            assert!(run.code == 4 && run.out.contains("CONN-AUTH-KEY-EXPIRED"), "{name}: {run:#?}");
            let file = home.definitions().ancestors().nth(3).unwrap().join("work").join(file);
            let parts = unpacked(&file);
            let facts: serde_json::Value = serde_json::from_str(part(&parts, "facts.jsonl")).unwrap();
            assert_eq!(facts["connection"]["link_name"], link_name.as_str(), "{name}");
            let told: serde_json::Value =
                serde_json::from_str(facts["answers"][0]["answer"]["body"].as_str().unwrap()).unwrap();
            assert_eq!(told["owner"], "<account>", "{name}");
            if said != "-" {
                assert_eq!(told["error"]["message"], "key of <account> is frozen", "{name}");
            }
            let connection = part(&parts, "connection.toml");
            assert!(
                connection.contains("kind = \"admin\"") && connection.contains(&link_name),
                "{connection}"
            );
            let other = Home::with("");
            let again = other.run(&["diagnose", "--from", file.to_str().unwrap(), "--format", "json"]);
            assert_eq!(again.outcome(), "rejected CONN-AUTH-KEY-EXPIRED 4", "{name}: {again:#?}");
            assert_eq!(again.connection()["connection"]["link_name"], link_name.as_str());
            assert!(!again.out.contains("佐藤") && !again.out.contains("key of hanako"), "{again:#?}");
        }
    }
}
