//! What a native client owes (RFC 8252, RFC 9700) beyond the consent itself: a callback of its own per connection,
//! no key on a path in the clear, no page before this one, no secret on board, an eye on the clock, an end to waiting.

use super::{DEFINITION, MACHINE_SECRET, Scene, says};
use crate::support::browser::Browser;
use crate::support::certificate::Authority;
use crate::support::cli::Home;
use crate::support::http;
use crate::support::scripted::{Script, Scripted, answer};

#[test]
fn the_callback_path_holds_the_link_name_where_the_definition_fixes_none() {
    let definition = DEFINITION.replace("redirect.path = \"/callback\"\n", "");
    let Some(scene) = Scene::with(&definition, &[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    let registration = serde_json::json!({
        "application_type": "native",
        "redirect_uris": ["http://127.0.0.1/callback/one"],
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
    });
    let client = http::post_json(scene.oidc.port, "/reg", &registration).text("client_id");
    for name in ["one", "two"] {
        says(&scene.alone(&scene.line(name, "native", &client, &[])), 0, &["state: pending"]);
        let run = scene.home.run(&["connect", name]);
        // The answer of one connection's service never lands at another connection's door.
        let own = format!("http://127.0.0.1/callback/{name}");
        assert_eq!((run.code, run.json()["redirect_uri"].as_str()), (2, Some(own.as_str())), "{run:#?}");
    }
    says(&scene.browse(&["connect", "one", "--flow", "browser"], &browser), 0, &["whoami ops"]);
    let landed = browser.pages().iter().any(|page| page.address.contains("/callback/one?"));
    assert!(landed, "{:#?}", browser.pages());
}

/// A service over TLS, with an API and a token endpoint.
fn service(secure: &str) -> String {
    format!(
        r#"
[connectors.service]
name = "Service"
base = "{secure}"
test.request = "GET /me"

[connectors.service.auth.key]
kind = "api_key"
params.api_key = "Key"
query.key = "{{api_key}}"

[connectors.service.auth.machine]
kind = "oauth2"
grant = "client_credentials"
token = "{secure}/token"
client_auth = "basic"

[connections.keyed]
connector = "service"
method = "key"
secrets.api_key = "env:WEB"

[connections.machine]
connector = "service"
method = "machine"
vars.client_id = "conn-machine"
secrets.client_secret = "env:MACHINE"
"#
    )
}

#[test]
fn a_service_over_tls_that_points_to_http_gets_nothing_sent_there() {
    let authority = Authority::root("conn tests", "Test Root");
    let plain = Scripted::start(Script::says(answer("200 OK", "", b"{}")));
    let there = format!("Location: http://127.0.0.1:{}/me\r\n", plain.address.port());
    for status in ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let script = Script::says(answer(status, &there, b"")).over(authority.good().server());
        let secure = Scripted::start(script);
        let home = Home::with(&service(&format!("https://127.0.0.1:{}", secure.address.port())))
            .knowing("CONN_CACERT", authority.file().to_str().unwrap())
            .knowing("WEB", "a-key-of-a-service-0123")
            .knowing("MACHINE", MACHINE_SECRET);
        for line in [
            ["test", "keyed"],
            ["diagnose", "keyed"],
            ["connect", "keyed"],
            ["test", "machine"],
            ["connect", "machine"],
        ] {
            let run = home.run(&line);
            assert_ne!(run.code, 0, "{status} {line:?}: {run:#?}");
        }
        assert!(secure.heard().len() >= 5, "the service itself was asked: {:#?}", secure.heard());
        assert_eq!(plain.connections(), 0, "{status}");
    }
}

#[test]
fn no_request_says_where_the_one_before_went() {
    let here = Scripted::start(Script::says(answer("302 Found", "Location: /me?again\r\n", b"")));
    let home = Home::with(&service(&format!("http://{}", here.address)))
        .knowing("WEB", "a-key-of-a-service-0123")
        .knowing("MACHINE", MACHINE_SECRET);
    for line in [["test", "keyed"], ["diagnose", "keyed"], ["test", "machine"]] {
        home.run(&line);
    }
    let heard = here.heard();
    assert!(
        heard.iter().any(|head| head.starts_with("GET /me?again")),
        "a redirect was followed: {heard:#?}"
    );
    for head in heard {
        assert!(!head.to_ascii_lowercase().contains("\r\nreferer:"), "{head}");
    }
}

/// The strings of a definition, each with the keys that lead to it.
fn strings<'v>(value: &'v toml::Value, path: &str, found: &mut Vec<(String, &'v str)>) {
    match value {
        toml::Value::String(text) => found.push((path.to_owned(), text)),
        toml::Value::Table(table) => {
            table.iter().for_each(|(key, below)| strings(below, &format!("{path}.{key}"), found));
        }
        toml::Value::Array(array) => array.iter().for_each(|below| strings(below, path, found)),
        _ => {}
    }
}

#[test]
fn no_definition_on_board_holds_a_client_or_its_secret_and_the_format_has_no_place_for_one() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/catalog/services");
    let mut looked = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let definition: toml::Value = toml::from_str(&text).unwrap();
        let Some(auth) = definition.get("auth") else { continue };
        let mut found = vec![];
        strings(auth, "auth", &mut found);
        for (key, value) in found {
            // What a person reads, and the names that things have.
            let words = ["label", "hint", "steps", "placeholder", "pattern"];
            if key.split('.').any(|part| words.contains(&part)) {
                continue;
            }
            looked += 1;
            let about = key.rsplit('.').next().unwrap().to_ascii_lowercase();
            let client = ["secret", "password", "client_id", "client_key", "consumer"];
            if client.iter().any(|word| about.contains(word)) {
                // What fills an empty place (`password = "X"`, Toggl's `api_token`) is nobody's secret.
                let fixed = value.len() < 2 || value == "api_token";
                let given = fixed || value.contains('{') || key.contains(".rename.");
                assert!(given, "{}: {key} = {value:?} is a client's own", path.display());
            }
        }
    }
    assert!(looked > 200, "{looked}");
    let home = Home::with(&DEFINITION.replace(
        "grant = \"client_credentials\"\n",
        "grant = \"client_credentials\"\nparams.client_secret = { label = \"S\", value = \"on-board\" }\n",
    ));
    let run = home.run(&["lint"]);
    assert_ne!(run.code, 0, "{run:#?}");
    assert!(!format!("{}{}", run.out, run.err).contains("on-board"), "{run:#?}");
}

#[cfg(target_os = "linux")]
mod clock {
    use super::{Browser, Scene, says};
    use crate::support::cli::finish;
    use crate::support::faketime;

    #[test]
    fn a_clock_that_differs_from_the_services_is_told_with_the_amount_and_harms_no_connection() {
        let Some(scene) = Scene::start(&[]) else { return };
        let line = scene.line("crm", "machine", "conn-machine", &["--secret", "client_secret=env:MACHINE"]);
        says(&scene.alone(&line), 0, &["state: connected"]);
        for (when, language, amount) in
            [("+20m", "en", "off by 20 minutes, ahead"), ("-20m", "ja", "20 分の遅れ"), ("+1m", "en", "")]
        {
            let arguments = ["test", "crm", "--lang", language];
            let Some(command) = faketime::command(&scene.home, when, &arguments) else { return };
            let run = finish(command, b"");
            assert_eq!(run.code, 0, "{run:#?}");
            assert_eq!(run.out.contains("CONN-CLK-SKEW"), !amount.is_empty(), "{when}: {run:#?}");
            says(&run, 0, &[amount]);
        }
    }

    #[test]
    fn nobody_is_waited_for_longer_than_five_minutes_and_the_next_step_is_named() {
        let Some(scene) = Scene::start(&[]) else { return };
        let Some(browser) = Browser::willing() else { return };
        says(&scene.alone(&scene.line("crm", "native", "conn-native", &[])), 0, &["state: pending"]);
        let arguments = ["connect", "crm", "--flow", "browser"];
        let Some(mut command) = faketime::command(&scene.home, "+0 x100", &arguments) else { return };
        // A browser that opens and whose person then does something else.
        command.env("BROWSER", "true");
        let run = finish(command, b"");
        says(&run, 4, &["CONN-OAUTH-CALLBACK", "within 5 minutes", "conn connect crm"]);
        let port = run.err.split_once("127.0.0.1%3A").unwrap().1.split('%').next().unwrap().to_owned();
        assert!(std::net::TcpStream::connect(format!("127.0.0.1:{port}")).is_err(), "the door is closed");
        says(&scene.browse(&arguments, &browser), 0, &["whoami ops"]);
    }
}
