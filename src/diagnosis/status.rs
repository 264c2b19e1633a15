//! What a status code means where no rule of the connector says better.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::body::BodyKind;
use super::condition::Sample;
use super::fact::{Answered, Facts};
use super::finding::{Confidence, Finding};
use super::{grant, rate};
use crate::base::{Text, pointer, safe_text};
use crate::cause;
use crate::model::{AuthKind, Connector, Strength};

/// What judging an answer may look at.
pub struct Circumstances<'a> {
    /// The definition.
    pub connector: &'a Connector,
    /// Everything that was observed.
    pub facts: &'a Facts,
    /// The answer.
    pub sample: &'a Sample<'a>,
    /// What its body is.
    pub kind: &'a BodyKind,
}

fn certain(code: &str) -> Finding {
    Finding::new(cause::get(code), Confidence::Certain)
}

fn likely(code: &str) -> Finding {
    Finding::new(cause::get(code), Confidence::Likely)
}

/// The finding for a status that is no success; `None` for 2xx and for redirects, which are judged apart.
#[must_use]
pub fn judge(seen: &Circumstances<'_>) -> Option<Finding> {
    let answer = seen.sample.answer;
    let finding = match answer.status {
        200..=399 => return None,
        401 => unauthorised(seen),
        402 => payment(answer),
        403 => forbidden(seen),
        404 => missing(seen),
        405 => method(answer),
        429 => throttled(seen),
        400 | 422 => bad_request(seen),
        503 | 529 => unavailable(seen),
        status => plain(status),
    };
    const STATUS: Text = Text::new("the answer is HTTP {status}", "応答は HTTP {status} です");
    let number = answer.status.to_string();
    Some(
        finding
            .value("status", number.clone())
            .because(Strength::Strong, STATUS.fill(&[("status", &number)])),
    )
}

/// 405: the answer has to name the methods that are taken (RFC 9110, section 15.5.6).
fn method(answer: &Answered) -> Finding {
    const TAKEN: Text = Text::new("it takes these methods here: {allow}", "ここで使えるメソッド: {allow}");
    let finding = certain("CONN-API-METHOD");
    match answer.header("allow").map(|value| safe_text::line(value, 80)).filter(|value| !value.is_empty()) {
        Some(allow) => finding.because(Strength::Strong, TAKEN.fill(&[("allow", &allow)])),
        None => finding,
    }
}

/// Statuses that say all there is to say.
fn plain(status: u16) -> Finding {
    let code = match status {
        501 => "CONN-API-METHOD",
        406 => "CONN-API-ACCEPT",
        407 => "CONN-PXY-AUTH",
        408 => "CONN-API-REQUEST-TIMEOUT",
        409 | 412 => "CONN-API-CONFLICT",
        410 => "CONN-API-GONE",
        413 | 414 => "CONN-API-TOO-LARGE",
        415 => "CONN-API-MEDIA-TYPE",
        421 => "CONN-API-MISDIRECTED",
        423 => "CONN-AUTH-LOCKED",
        426 => "CONN-API-UPGRADE",
        431 => "CONN-HTTP-HEADER-SIZE",
        451 => "CONN-API-LEGAL",
        502 | 504 => "CONN-VEND-GATEWAY",
        509 => "CONN-RATE-UNKNOWN",
        500..=599 => "CONN-VEND-ERROR",
        100..=199 => "CONN-HTTP-NOT-HTTP",
        _ => "CONN-API-BAD-REQUEST",
    };
    certain(code)
}

/// 401: the service does not accept who we are. Finer only where history or the challenge says so.
fn unauthorised(seen: &Circumstances<'_>) -> Finding {
    let subject = &seen.facts.connection;
    let sent = seen.facts.answers.iter().any(|fact| fact.credentialed);
    if subject.kind == AuthKind::None || (subject.kind == AuthKind::Digest && !sent) {
        return certain("CONN-AUTH-NOT-SENT");
    }
    if let Some(finding) = other_scheme(seen) {
        return finding;
    }
    if let Some(finding) = grant::unauthorised(seen.facts, seen.sample.answer) {
        return finding;
    }
    if let Some(end) = seen.facts.ends.values().find(|end| **end <= seen.facts.at) {
        const SAYS: Text = Text::new(
            "the value itself says that it ended at {when}",
            "値そのものに記録された期限 {when} を過ぎています",
        );
        let when = crate::base::time::iso(*end);
        return certain("CONN-AUTH-KEY-EXPIRED")
            .value("date", end.strftime("%Y-%m-%d").to_string())
            .because(Strength::Proves, SAYS.fill(&[("when", &when)]));
    }
    certain("CONN-AUTH-REJECTED")
}

/// A challenge that names another scheme than the one we speak.
fn other_scheme(seen: &Circumstances<'_>) -> Option<Finding> {
    let ours = match seen.facts.connection.kind {
        AuthKind::Basic => "basic",
        AuthKind::Digest => "digest",
        AuthKind::Bearer => "bearer",
        _ => return None,
    };
    let answer = seen.sample.answer;
    let challenges: Vec<&str> = answer
        .headers
        .iter()
        .filter(|(name, _)| name == "www-authenticate")
        .map(|(_, value)| value.as_str())
        .collect();
    let speaks_ours = challenges.iter().any(|challenge| challenge.to_ascii_lowercase().contains(ours));
    let theirs = challenges.first()?.split([' ', ',']).next().unwrap_or_default();
    let known = ["basic", "digest", "bearer", "negotiate", "ntlm", "hmac"];
    if speaks_ours || !known.contains(&theirs.to_ascii_lowercase().as_str()) {
        return None;
    }
    const ASKS: Text = Text::new(
        "the service asks for {theirs}; conn sent {ours}",
        "サービスは {theirs} を求めていますが、送信したのは {ours} です",
    );
    let values = [("theirs", theirs), ("ours", ours)];
    Some(
        likely("CONN-AUTH-KIND")
            .value("scheme", theirs)
            .value("expected", theirs)
            .because(Strength::Strong, ASKS.fill(&values)),
    )
}

fn payment(answer: &Answered) -> Finding {
    let body = answer.body.to_ascii_lowercase();
    let balance = ["balance", "credit", "insufficient funds"].iter().any(|word| body.contains(word));
    if balance { likely("CONN-RATE-CREDIT") } else { likely("CONN-PERM-PLAN") }
}

/// 403: the credential is known; a right, a limit or a door is in the way.
fn forbidden(seen: &Circumstances<'_>) -> Finding {
    let answer = seen.sample.answer;
    let spent =
        rate::quota(seen.connector, answer, seen.facts.at).is_some_and(|quota| quota.remaining == Some(0));
    if spent || answer.header("retry-after").is_some() {
        return throttled(seen);
    }
    let challenge = answer.header("www-authenticate").unwrap_or_default();
    if challenge.contains("insufficient_scope") {
        let scope =
            challenge.split("scope=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let finding = certain("CONN-PERM-SCOPE");
        let named = Some(safe_text::line(scope, 120)).filter(|scope| !scope.is_empty());
        return named.into_iter().fold(finding, |finding, scope| finding.value("scope", scope));
    }
    likely("CONN-PERM-UNKNOWN")
}

/// 404 on a request that the definition declares: the address is wrong, or the service hides what we may
/// not see.
fn missing(seen: &Circumstances<'_>) -> Finding {
    match seen.kind {
        BodyKind::Json | BodyKind::Xml => likely("CONN-API-PATH"),
        _ => certain("CONN-API-PATH"),
    }
}

/// Too many calls: which window, and when it opens again.
fn throttled(seen: &Circumstances<'_>) -> Finding {
    let (answer, now) = (seen.sample.answer, seen.facts.at);
    let stated = rate::retry_after(answer, now);
    let quota = rate::quota(seen.connector, answer, now);
    let lock = seen.connector.limits.as_ref().and_then(|limits| limits.lock.as_deref()).and_then(rate::span);
    let locked = lock.and_then(|lock| now.checked_add(lock).ok());
    let at = stated.or_else(|| quota.and_then(|quota| quota.resets_at)).or(locked);
    let code = match at.map(|at| at.duration_since(now)) {
        None => "CONN-RATE-UNKNOWN",
        Some(wait) if wait <= SignedDuration::from_secs(120) => "CONN-RATE-BURST",
        Some(wait) if wait <= SignedDuration::from_mins(70) => "CONN-RATE-HOURLY",
        Some(_) => "CONN-RATE-DAILY",
    };
    with_retry(certain(code), at, now)
}

/// Adds the moment to try again, and the wait in seconds.
pub(super) fn with_retry(mut finding: Finding, at: Option<Timestamp>, now: Timestamp) -> Finding {
    if let Some(at) = at {
        let seconds = at.duration_since(now).as_secs().max(0);
        finding = finding.value("seconds", seconds.to_string()).value("time", crate::base::time::iso(at));
        finding.retry_at = Some(at);
    }
    finding
}

/// 503: planned work where the answer says so, else overload.
fn unavailable(seen: &Circumstances<'_>) -> Finding {
    let (answer, now) = (seen.sample.answer, seen.facts.at);
    let at = rate::retry_after(answer, now);
    let body = answer.body.to_ascii_lowercase();
    let planned = ["maintenance", "メンテナンス", "scheduled"].iter().any(|word| body.contains(word));
    let code = if planned { "CONN-VEND-MAINTENANCE" } else { "CONN-VEND-OVERLOAD" };
    with_retry(if planned { certain(code) } else { likely(code) }, at, now)
}

/// 400 and 422: the fields that the service complains about, where it names them.
fn bad_request(seen: &Circumstances<'_>) -> Finding {
    let fields = seen.sample.json.map(fields).unwrap_or_default();
    if fields.is_empty() && seen.sample.answer.status == 400 {
        return likely("CONN-API-BAD-REQUEST");
    }
    certain("CONN-API-VALIDATION").value("fields", safe_text::line(&fields.join(", "), 120))
}

fn fields(root: &serde_json::Value) -> Vec<String> {
    let pointers = [
        "/errors/*/field",
        "/error/errors/*/field",
        "/errors/*/path",
        "/errors/*/param",
        "/errors/*/parameter",
        "/errors/*/source/pointer",
        "/errors/*/source/parameter",
        "/invalid-params/*/name",
        "/details/*/field",
        "/fields/*/name",
        "/error/fields/*",
        "/error/fields/*/field",
        "/error/details/*/field",
        "/error/details/*/fieldViolations/*/field",
        "/error/param",
    ];
    let mut found: BTreeSet<String> = BTreeSet::new();
    for pointer in pointers {
        for value in pointer::find(root, pointer) {
            if let Some(name) = value.as_str() {
                found.insert(name.to_owned());
            }
        }
    }
    if found.is_empty()
        && let Some(map) = root.get("errors").and_then(serde_json::Value::as_object)
    {
        found.extend(map.keys().cloned());
    }
    found.into_iter().collect()
}
