//! Tokens that end, at oidc-provider. It runs beside the servers of the laboratory; what conn asks of it goes to
//! `https://api.test`, which passes every request on.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use super::expect::Expect;
use super::lab::Lab;
use super::vendor::{Heard, answer as vendor_answer};
use crate::support::browser::Browser;
use crate::support::oidc::{Oidc, packages};
use crate::support::scripted::{Script, Scripted, answer};

/// The connection `crm`, to which a person consented; `None` where the server is missing.
fn consented(lab: &mut Lab, further: &str) -> Option<Oidc> {
    consented_at(lab, further, "", |_| None)
}

/// The same with rules of the connector, and a service that may answer by itself.
fn consented_at(
    lab: &mut Lab,
    further: &str,
    rules: &str,
    says: impl Fn(&Heard) -> Option<Vec<u8>> + Send + Sync + 'static,
) -> Option<Oidc> {
    let oidc = Oidc::start(&[])?;
    let browser = Browser::willing()?;
    oidc.control("life?seconds=120");
    let port = oidc.port;
    lab.vendor(move |heard| says(heard).unwrap_or_else(|| passed_on(port, heard)));
    let ends = Scripted::start(Script::says(answer("200 OK", "", b"done")));
    lab.set("CONN_VAULT_PASSPHRASE", "correct horse");
    lab.define(&format!(
        "[connectors.op]\nname = \"OP\"\nbase = \"https://api.test\"\n\
         test = {{ request = \"GET /api/me\", identity.account = \"/sub\" }}\n\
         [connectors.op.auth.code]\nkind = \"oauth2\"\nclient_auth = \"none\"\n\
         authorize = \"{issuer}/auth\"\ntoken = \"https://api.test/token\"\n{further}\n\
         redirect = {{ path = \"/callback\", port = {callback} }}\n\
         scopes = [\"openid\", \"offline_access\", \"read\"]\nextra.authorize.prompt = \"consent\"\n\
         params.client_id = {{ label = \"Client ID\", secret = false }}\n\
         {rules}\n[connections.crm]\nconnector = \"op\"\nvars.client_id = \"conn-native\"\n\
         secrets.access_token = \"vault\"\n",
        issuer = oidc.url(),
        callback = ends.address.port(),
    ));
    let question = lab.run(&["connect", "crm"]);
    assert_eq!(question.code, 2, "{question:#?}");
    assert!(browser.open(question.json()["address"].as_str().unwrap()), "{:#?}", browser.pages());
    let callback = ends.url("http", ends.heard()[0].split(' ').nth(1).unwrap());
    let run = lab.run(&["connect", "crm", "--resume", callback.as_str(), "--format", "json"]);
    assert_eq!(run.code, 0, "{run:#?}");
    oidc.control("reset");
    Some(oidc)
}

/// What oidc-provider answers to a request.
fn passed_on(port: u16, heard: &Heard) -> Vec<u8> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    let mut request = format!("{} {} HTTP/1.1\r\n", heard.method, heard.path);
    for (name, value) in heard.headers.iter().filter(|(name, _)| !["connection", "host"].contains(&&**name)) {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("host: 127.0.0.1:{port}\r\nconnection: close\r\n\r\n{}", heard.body));
    stream.write_all(request.as_bytes()).unwrap();
    let mut said = vec![];
    stream.read_to_end(&mut said).unwrap();
    said
}

/// The clock of conn, so many seconds ahead of the service's; less than what is called a wrong clock.
fn ahead(lab: &mut Lab, seconds: i64) {
    let now = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
    lab.set("CONN_NOW", &now.to_string());
}

case!(o35_a_token_that_ended_is_renewed_and_a_diagnosis_says_so, after packages, |lab| {
    let Some(oidc) = consented(lab, "refresh_lifetime = \"60d\"") else { return };
    ahead(lab, 240);
    let before = lab.heard().len();
    let run = lab.run(&["diagnose", "crm", "--format", "json"]);
    assert_eq!(run.outcome(), "ok CONN-OAUTH-ACCESS-EXPIRED 0", "{run:#?}");
    let heard = lab.heard().len() - before;
    assert!(
        heard > 1 && run.connection()["requests_used"] == heard,
        "the request for tokens counts: {run:#?}"
    );
    let finding = run.connection()["findings"][0].clone();
    assert_eq!((&finding["severity"], &finding["verdict"]), (&"info".into(), &"ok".into()), "{finding}");
    assert_eq!(oidc.count("refresh_token"), 1, "exactly one request for tokens");
    assert_eq!(lab.run(&["test", "crm", "--format", "json"]).outcome(), "ok - 0", "it is told once");
    // The one after that ends in its turn.
    ahead(lab, 280);
    oidc.control("life?seconds=10");
    oidc.control("expire");
    assert_eq!(lab.run(&["test", "crm", "--format", "json"]).outcome(), "ok - 0");
    ahead(lab, 295);
    let screen = lab.run(&["diagnose", "crm", "--lang", "ja"]);
    assert!(screen.code == 0 && screen.out.contains("対処は不要です"), "{screen:#?}");
    assert!(!screen.out.contains("conn reconnect"), "{screen:#?}");
});

case!(o36_a_refresh_token_that_was_withdrawn_before_its_time, after packages, |lab| {
    let Some(oidc) = consented(lab, "refresh_lifetime = \"60d\"") else { return };
    ahead(lab, 240);
    oidc.control("revoke-all");
    let vault = |lab: &Lab| lab.home().files().into_iter().find(|(path, _)| path.ends_with("vault.json"));
    let before = vault(lab);
    let expect = Expect::root("OAUTH-REFRESH-REVOKED").exit(4).never(&["OAUTH-REFRESH-EXPIRED", "NET-"]);
    let run = lab.expect(&expect);
    assert!(run.out.contains("conn reconnect crm"), "{run:#?}");
    assert_eq!(run.connection()["requests_used"], 1, "what was refused counts once: {run:#?}");
    assert!(before.is_some() && vault(lab) == before, "what is stored stays until a new consent works");
});

case!(s0_3_an_authorisation_that_nobody_used_for_too_long, after packages, |lab| {
    let Some(oidc) = consented(lab, "refresh_idle = \"180s\"") else { return };
    ahead(lab, 240);
    oidc.control("revoke-all");
    let expect = Expect::root("OAUTH-REFRESH-EXPIRED").exit(4).never(&["OAUTH-REFRESH-REVOKED", "NET-"]);
    let run = lab.expect(&expect);
    assert!(run.out.contains("holds until"), "{run:#?}");
});

/// What a service says of every access token until it gave another one, and what it says for good.
const ENDED: u8 = 1;
const NEVER: u8 = 2;

case!(a_token_that_the_service_calls_ended_in_words_of_its_own_is_renewed_by_a_repair, after packages, |lab| {
    let manner = Arc::new(AtomicU8::new(0));
    let state = Arc::clone(&manner);
    let says = move |heard: &Heard| {
        if heard.body.contains("grant_type=refresh_token") {
            let _ = state.compare_exchange(ENDED, 0, Ordering::SeqCst, Ordering::SeqCst);
        }
        let refuses = heard.path == "/api/me" && state.load(Ordering::SeqCst) > 0;
        refuses.then(|| {
            vendor_answer(
                "403 Forbidden",
                "Content-Type: application/json\r\n",
                r#"{"error":"token_expired"}"#,
            )
        })
    };
    let rules = "[[connectors.op.rules]]\nid = \"op/ended\"\ncause = \"CONN-OAUTH-ACCESS-EXPIRED\"\n\
                 when = { status = 403, json = { \"/error\" = \"token_expired\" } }";
    let Some(oidc) = consented_at(lab, "", rules, says) else { return };
    // Where renewal does not help, it says so; the new tokens stay, for the old ones may be spent.
    manner.store(NEVER, Ordering::SeqCst);
    let run = lab.run(&["diagnose", "crm", "--fix"]);
    let said = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(run.code == 4 && said.contains("CONN-OAUTH-ACCESS-EXPIRED: this repair was tried"), "{run:#?}");
    assert!(said.contains("did not help") && said.contains("the stored tokens are the newest"), "{run:#?}");
    assert_eq!(oidc.count("refresh_token"), 1);
    manner.store(ENDED, Ordering::SeqCst);
    let found = lab.run(&["diagnose", "crm"]);
    assert!(found.code == 4 && found.out.contains("conn diagnose crm --fix"), "{found:#?}");
    assert_eq!(oidc.count("refresh_token"), 1, "a look renews nothing");
    let run = lab.run(&["diagnose", "crm", "--fix", "--format", "json"]);
    assert_eq!(run.outcome(), "ok - 0", "{run:#?}");
    assert_eq!(run.endings(), ["CONN-OAUTH-ACCESS-EXPIRED kept"]);
    assert_eq!(oidc.count("refresh_token"), 2, "exactly one request for tokens");
    assert_eq!(lab.run(&["test", "crm", "--format", "json"]).outcome(), "ok - 0", "what came was stored");
    assert_eq!(oidc.count("refresh_token"), 2);
});
