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
    // “Invalid or missing” says nothing of which of the two it is.
    let either = speaks(&EITHER) && speaks(&WRONG);
    SUBJECTS.iter().map(|(name, marks)| (*name, speaks(marks) && !(either && *name == MISSING))).collect()
}

/// What joins two possibilities.
const EITHER: [&str; 3] = [" or ", "または", "もしくは"];
/// What says of a credential that it is there and wrong.
const WRONG: [&str; 6] = ["invalid", "incorrect", "wrong", "無効", "不正", "誤"];
/// The subject of a credential that is not there.
const MISSING: &str = "says.missing";

/// Subject → the words that give it away.
const SUBJECTS: [(&str, &[&str]); 8] = [
    (
        MISSING,
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

#[cfg(test)]
mod tests {
    use super::{MISSING, says};
    use crate::diagnosis::{Answered, VendorWords};

    #[test]
    fn a_credential_is_called_missing_only_where_it_is_not_called_wrong_in_the_same_breath() {
        let answer = Answered {
            status: 401,
            version: "HTTP/1.1".into(),
            headers: Vec::new(),
            body: "{}".into(),
            length: 2,
            truncated: false,
            peer: None,
        };
        for (message, missing) in [
            ("Missing Authorization header.", true),
            ("No API key: it must be provided in a header or in the query.", true),
            ("invalid authentication credentials or a missing Authorization header.", false),
            ("Missing or invalid token", false),
            ("APIキーが指定されていません", true),
            ("APIキーが無効か、または指定されていません", false),
        ] {
            let said = VendorWords { message: Some(message.to_owned()), ..VendorWords::default() };
            assert!(says(&said, &answer).contains(&(MISSING, missing)), "{message}");
        }
    }
}
