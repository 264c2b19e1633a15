//! Limits: reached, and used up by somebody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::expect::Expect;
use super::vendor::{self, Heard, answer};

const OWN: &str = "Content-Type: application/json\r\nx-acme-request-id: req-9\r\n";

case!(o38_too_many_calls_in_a_moment, |lab| {
    lab.vendor(|_: &Heard| {
        answer(
            "429 Too Many Requests",
            &format!("{OWN}Retry-After: 17\r\n"),
            r#"{"acme":true,"error":"slow down"}"#,
        )
    });
    let run = lab.expect(&Expect::root("RATE-BURST").exit(3).never(&["VEND-", "AUTH-"]));
    let connection = run.connection();
    let at: jiff::Timestamp = connection["findings"][0]["retry"]["at"].as_str().unwrap().parse().unwrap();
    let began: jiff::Timestamp = run.json()["started_at"].as_str().unwrap().parse().unwrap();
    assert!((15..=25).contains(&at.duration_since(began).as_secs()), "{run:#?}");
    assert_eq!(connection["requests_used"], 1);
});

/// The baseline service with a counter that falls by five at each call.
fn counted(left: &Arc<AtomicU32>, heard: &Heard) -> Vec<u8> {
    let left = left.fetch_sub(5, Ordering::SeqCst);
    let plain = String::from_utf8(vendor::acme(heard)).unwrap();
    let counter = format!("x-ratelimit-limit: 1000\r\nx-ratelimit-remaining: {left}\r\n");
    plain.replacen("\r\n", &format!("\r\n{counter}"), 1).into_bytes()
}

case!(o39_somebody_else_uses_up_the_calls, |lab| {
    let left = Arc::new(AtomicU32::new(900));
    lab.vendor(move |heard: &Heard| counted(&left, heard));
    let run = lab.expect(&Expect::root("RATE-SHARED").exit(0).never(&["RATE-BURST"]));
    let connection = run.connection();
    assert_eq!(connection["verdict"], "warning", "{run:#?}");
    assert_eq!(connection["findings"][0]["severity"], "warning");
});

case!(o39_somebody_else_used_up_the_calls, |lab| {
    let left = Arc::new(AtomicU32::new(900));
    lab.vendor(move |heard: &Heard| match heard.path.as_str() {
        "/deals" => answer(
            "429 Too Many Requests",
            &format!("{OWN}Retry-After: 30\r\n"),
            r#"{"acme":true,"error":"slow down"}"#,
        ),
        _ => counted(&left, heard),
    });
    let run = lab.expect(&Expect::root("RATE-SHARED").exit(3).never(&["RATE-BURST"]));
    assert!(run.connection()["findings"][0]["retry"]["at"].is_string(), "{run:#?}");
});
