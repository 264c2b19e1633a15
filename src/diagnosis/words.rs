//! What the vendor said: its code, its message, the id for its support, and what the wording speaks of.

use super::condition::Sample;
use super::fact::Answered;
use super::finding::VendorWords;
use crate::base::{pointer, safe_text};
use crate::model::Connector;
use crate::model::answer::OneOrMany;

/// What the vendor said, by the connector's pointers, else by the usual keys.
#[must_use]
pub fn vendor_words(connector: &Connector, sample: &Sample<'_>) -> VendorWords {
    let declared = connector.answer.clone().unwrap_or_default();
    let usual_codes = ["/error/code", "/code", "/errorCode", "/errors/0/code", "/error_code", "/error"];
    let usual_messages = [
        "/error/message",
        "/message",
        "/error_description",
        "/errors/0/message",
        "/errors/0/detail",
        "/detail",
        "/description",
        "/error/description",
        "/errors/0",
        "/error",
    ];
    let usual_ids =
        ["header:x-request-id", "header:request-id", "header:x-correlation-id", "/request_id", "/requestId"];
    VendorWords {
        code: look(&declared.code, &usual_codes, sample, 60),
        message: look(&declared.message, &usual_messages, sample, safe_text::MESSAGE_LIMIT),
        request_id: look(&declared.request_id, &usual_ids, sample, 80),
    }
}

fn look(declared: &OneOrMany<String>, usual: &[&str], sample: &Sample<'_>, limit: usize) -> Option<String> {
    let places = declared.iter().map(String::as_str).chain(usual.iter().copied());
    let mut words = places.filter_map(|place| match place.strip_prefix("header:") {
        Some(name) => sample.answer.header(name).map(str::to_owned),
        None => sample.json.and_then(|root| pointer::text(root, place)),
    });
    // Some services fill the place of a message with a dash.
    let tells = |words: &String| words.chars().any(char::is_alphanumeric);
    words.find(tells).map(|words| safe_text::line(&words, limit))
}

/// What the wording of an answer speaks of. Vendors translate and reword, so this is never more than a hint.
#[must_use]
pub fn says(said: &VendorWords, answer: &Answered) -> Vec<(&'static str, bool)> {
    let message = said.message.as_deref().unwrap_or_default();
    let code = said.code.as_deref().unwrap_or_default();
    let rest = if message.is_empty() { answer.body.chars().take(600).collect() } else { String::new() };
    let text = format!("{code} {message} {rest}").to_lowercase().replace('_', " ");
    let speaks = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    SUBJECTS.iter().map(|(name, marks)| (*name, speaks(marks))).collect()
}

/// Subject → the words that give it away.
const SUBJECTS: [(&str, &[&str]); 8] = [
    (
        "says.missing",
        &[
            "missing",
            "not provided",
            "no api key",
            "no authorization",
            "no token",
            "authentication required",
            "not authenticated",
            "must provide",
            "must be provided",
            "is required",
            "が必要です",
            "指定されていません",
        ],
    ),
    (
        "says.disabled",
        &[
            "inactive",
            "deactivated",
            "disabled",
            "suspended",
            "not active",
            "account inactive",
            "無効なユーザー",
            "停止",
        ],
    ),
    ("says.expired", &["expired", "期限切れ", "有効期限"]),
    ("says.locked", &["locked", "too many attempts", "captcha", "too many failed", "ロック"]),
    (
        "says.address",
        &["ip address", "whitelist", "allowlist", "allow-list", "not allowed from", "ipアドレス"],
    ),
    ("says.plan", &["your plan", "upgrade", "subscription", "edition", "plan limit", "プラン"]),
    (
        "says.api_off",
        &[
            "api access is disabled",
            "api has not been used",
            "api is not enabled",
            "api access disabled",
            "api disabled",
            "apiが有効",
        ],
    ),
    (
        "says.tenant",
        &[
            "no such account",
            "account not found",
            "unknown account",
            "no such site",
            "site not found",
            "unknown tenant",
            "help center closed",
            "subdomain",
        ],
    ),
];
