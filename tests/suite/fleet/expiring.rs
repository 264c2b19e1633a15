//! `conn list --expiring`: what ends soon is told before it ends, without asking anybody.

use base64::Engine as _;

use crate::support::certificate::Authority;
use crate::support::cli::Home;
use crate::support::scripted::{Script, Scripted, answer};

/// A token that names its own end, as services hand them out. Its signature is of no matter here.
fn token(ends: &str) -> String {
    let part = |text: String| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    let ends: jiff::Timestamp = ends.parse().unwrap();
    let claims = format!("{{\"exp\":{}}}", ends.as_second());
    format!("{}.{}.c2ln", part("{\"alg\":\"HS256\"}".into()), part(claims))
}

/// One that says nothing of ends, one that names the end of its key, and one whose certificate ends.
fn services(root: &Authority) -> [Scripted; 3] {
    let says = |headers: &str| {
        Script::says(answer("200 OK", &format!("Content-Type: application/json\r\n{headers}"), b"{}"))
    };
    let named = "GitHub-Authentication-Token-Expiration: 2026-11-25 00:00:00 UTC\r\n";
    let identity = root.issue(|params| params.not_after = rcgen::date_time_ymd(2090, 1, 1));
    [says(""), says(named), says("").over(identity.server())].map(Scripted::start)
}

fn definitions(plain: &Scripted, named: &Scripted, shielded: &Scripted) -> String {
    let mut definitions = String::from(
        "[connectors.acme]\nbase = '{address}'\nvars.address = { label = 'Address' }\ntest.request = 'GET /me'\n\
         [connectors.acme.auth.key]\nkind = 'api_key'\nheader.x-api-key = '{api_key}'\nparams.api_key = { label = 'Key' }\n",
    );
    let (open, shut) =
        (format!("http://{}", plain.address), format!("https://localhost:{}", shielded.address.port()));
    let other = format!("http://{}", named.address);
    for (name, address, key, tag) in [
        ("late", &open, "LATE", "a"),
        ("soon", &open, "SOON", "a"),
        ("named", &other, "PLAIN", "b"),
        ("fresh", &open, "PLAIN", "b"),
        ("shielded", &shut, "PLAIN", "c"),
    ] {
        definitions.push_str(&format!(
            "[connections.{name}]\nconnector = 'acme'\nvars.address = '{address}'\nsecrets.api_key = 'env:{key}'\ntags = ['{tag}']\n"
        ));
    }
    definitions
}

fn listed(home: &Home, line: &str) -> (i32, Vec<String>) {
    let run = home.run(&[&["list", "--format", "json"], &line.split(' ').collect::<Vec<_>>()[..]].concat());
    let rows = run.json()["ends"].as_array().unwrap().clone();
    let text = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap_or("-").to_owned();
    let row = |row| {
        format!(
            "{} {} {} {}",
            text(row, "link_name"),
            text(row, "what"),
            row["days_left"],
            text(row, "command")
        )
    };
    (run.code, rows.iter().map(row).collect())
}

#[test]
fn keys_and_certificates_that_end_soon_are_listed_soonest_first_and_count_where_asked() {
    let root = Authority::root("conn tests", "Test Root");
    let [plain, named, shielded] = services(&root);
    let definitions = definitions(&plain, &named, &shielded);
    let mut home = Home::with(&definitions)
        .knowing("LATE", &token("2026-12-20T00:00:00Z"))
        .knowing("SOON", &token("2026-11-24T00:00:00Z"))
        .knowing("PLAIN", "key-0123456789")
        .knowing("CONN_CACERT", root.file().to_str().unwrap())
        .knowing("CONN_NOW", "2026-11-22T00:00:00Z");
    let before = home.run(&["list", "--expiring", "7d"]);
    assert!(before.code == 0 && before.err.contains("fresh, late, named, shielded, soon"), "{before:#?}");
    let tested = home.run(&["test", "late", "soon", "named", "shielded"]);
    assert_eq!(tested.code, 0, "{tested:#?}");
    let heard = plain.heard().len();
    let soon = "soon key 2 conn reconnect soon".to_owned();
    let named = "named key 3 conn reconnect named".to_owned();
    let late = "late key 28 conn reconnect late".to_owned();
    assert_eq!(listed(&home, "--expiring 7d"), (0, vec![soon.clone(), named.clone()]));
    assert_eq!(listed(&home, "--expiring 7d --strict"), (7, vec![soon.clone(), named.clone()]));
    assert_eq!(listed(&home, "--expiring 1d --strict"), (0, vec![]));
    assert_eq!(listed(&home, "--expiring 60d --tag a"), (0, vec![soon, late]));
    let certificate = "shielded certificate 23051 -".to_owned();
    assert_eq!(listed(&home, "--expiring 36500d --tag c --strict"), (7, vec![certificate]));
    home.set("CONN_NOW", "2026-11-26T00:00:00Z");
    let passed = "soon key -2 conn reconnect soon".to_owned();
    assert_eq!(listed(&home, "--expiring 1h"), (0, vec![passed, named.replace('3', "-1")]));
    assert_eq!(plain.heard().len(), heard, "nobody is asked");
    for (language, words) in
        [("en", ["DAYS LEFT", "never worked (fresh)"]), ("ja", ["残り日数", "不明です（fresh）"])]
    {
        let run = home.run(&["list", "--expiring", "7d", "--lang", language]);
        let all = run.out + &run.err;
        assert!(words.iter().all(|word| all.contains(word)), "{all}");
        let plain = home.run(&["list", "--expiring", "7d", "--format", "plain", "--lang", language]).out;
        assert!(plain.contains("conn reconnect soon"), "{plain}");
    }
    let metrics = home.run(&["list", "--expiring", "7d", "--format", "openmetrics"]).out;
    assert!(metrics.contains("conn_expires_timestamp_seconds{connection=\"soon\""), "{metrics}");
    for wrong in ["7", "soon", "0d", "-1d"] {
        let run = home.run(&["list", &format!("--expiring={wrong}")]);
        assert!(run.code == 2 && run.err.contains("write 7d"), "{run:#?}");
    }
}
