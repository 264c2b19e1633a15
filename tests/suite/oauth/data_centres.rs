//! A token of one data centre and the host of another: what the token answer names is told, and the token travels
//! there only once somebody agreed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::says;
use super::token_endpoint::{SHOP, Shop};
use crate::support::vendor::{Vendor, json};

/// A service with a host per data centre, which the token answer names in a way of its own.
fn definition(there: &Vendor) -> String {
    let there = there.url().replace("127.0.0.1", "localhost");
    let data_centres = format!(
        "vars.url.label = \"Address\"\n\
         vars.dc = {{ choices = [\"com\", \"jp\"], default = \"com\" }}\n\
         vars.desk = {{ map = {{ by = \"dc\", values = {{ jp = \"{there}\" }}, else = \"{{url}}\" }} }}\n\
         vars.api = {{ from = \"token:/api_domain\", choices = [\"https://api.acme.com\", \"https://api.acme.jp\"], \
         map = {{ by = \"dc\", else = \"https://api.acme.{{dc}}\" }} }}"
    );
    SHOP.replace("base = \"{url}/api\"", "base = \"{desk}/api\"")
        .replace("vars.url.label = \"Address\"", &data_centres)
}

#[test]
fn the_data_centre_that_the_token_answer_names_is_told_and_the_token_goes_there_only_with_consent() {
    let there = Vendor::start(|asked, _| match asked.header("authorization") {
        Some(_) => json("200 OK", r#"{"id":"ops"}"#),
        None => json("401 Unauthorized", r#"{"code":"no_token"}"#),
    });
    let moved = Arc::new(AtomicBool::new(false));
    let has_moved = Arc::clone(&moved);
    let shop = Shop::defined(&definition(&there), move |asked, before| match asked.path.as_str() {
        "/token" => json(
            "200 OK",
            &format!(
                r#"{{"access_token":"access-{before}","refresh_token":"r","api_domain":"https://api.acme.jp"}}"#
            ),
        ),
        _ if has_moved.load(Ordering::SeqCst) => json("401 Unauthorized", r#"{"code":"INVALID_OAUTH"}"#),
        _ => json("200 OK", r#"{"id":"ops"}"#),
    });
    says(&shop.consent("crm", "code=c1&realmId=7", &[]), 0, &["whoami ops"]);
    moved.store(true, Ordering::SeqCst);

    let told = shop.home.run(&["diagnose", "crm", "--format", "json"]);
    assert_eq!(told.outcome(), "misaddressed CONN-AUTH-DC 5", "{told:#?}");
    let finding = &told.connection()["findings"][0];
    assert!(finding["evidence"].to_string().contains("https://api.acme.jp"), "{finding}");
    assert_eq!(finding["confidence"], "certain", "{finding}");
    assert_eq!(finding["repair"]["applicability"], "needs-consent", "{finding}");
    let unanswered = shop.home.run(&["diagnose", "crm", "--fix", "--format", "json"]);
    assert_eq!(unanswered.outcome(), "misaddressed CONN-AUTH-DC 5", "{unanswered:#?}");
    let with_token = || there.heard().iter().filter(|asked| asked.header("authorization").is_some()).count();
    assert_eq!(with_token(), 0, "nobody agreed");

    let fixed = shop.home.run(&["diagnose", "crm", "--fix", "--yes", "--format", "json"]);
    assert_eq!(fixed.code, 0, "{fixed:#?}");
    assert_eq!(fixed.connection()["fixes"][0]["ending"], "kept", "{fixed:#?}");
    assert!(with_token() > 0);
    let text = std::fs::read_to_string(shop.home.definitions()).unwrap();
    assert!(text.contains("dc = \"jp\""), "{text}");
    assert_eq!(shop.home.test("crm", &[]).code, 0);
}
