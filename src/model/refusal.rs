//! What an authorization server says when it refuses (RFC 6749, section 5.2), in the words of RFCs and vendors.
//!
//! Used where tokens are asked for and where a saved answer is judged: it takes only status, headers and text.
//! A web page is nobody's verdict: no credential is called bad because of one.

use serde_json::Value;

pub use super::spent::Spent;
use crate::base::{pointer, safe_text};

/// A refusal, its words printable and cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The cause's code.
    pub code: &'static str,
    /// The error word of the answer, lower case, as far as it has one.
    pub word: Option<String>,
    /// What the answer says for people.
    pub description: Option<String>,
    /// Whether a word, and not the status alone, led to the cause.
    pub named: bool,
}

/// Reads an answer to a request that spent something; `None` where it is no refusal.
///
/// `body` should be scrubbed of known secrets already; what is kept of it is cut and printable.
#[must_use]
pub fn read(spent: Spent, status: u16, headers: &[(String, String)], body: &str) -> Option<Refusal> {
    let body = body.trim_start_matches('\u{feff}').trim();
    let success = (200..300).contains(&status);
    if body.starts_with('<') {
        let code = if status >= 500 { "CONN-OAUTH-SERVER" } else { "CONN-BODY-HTML" };
        return (!success).then_some(Refusal { code, word: None, description: None, named: false });
    }
    let said = Said::read(body, headers);
    if success && !said.fails {
        return None;
    }
    let named = said.meaning(spent);
    let code = named.unwrap_or_else(|| by_status(spent, status));
    Some(Refusal {
        code,
        word: said.word.map(|word| safe_text::line(&word, 60)),
        description: said.description.map(|text| safe_text::line(&text, safe_text::MESSAGE_LIMIT)),
        named: named.is_some(),
    })
}

/// Whether an answer asks for a proof of possession with a nonce (RFC 9449, section 8).
#[must_use]
pub fn wants_nonce(headers: &[(String, String)], body: &str) -> bool {
    Said::read(body, headers).word.is_some_and(|word| word == "use_dpop_nonce")
}

/// The words of an answer.
#[derive(Default)]
struct Said {
    word: Option<String>,
    description: Option<String>,
    /// Whether the body calls itself a failure, whatever the status.
    fails: bool,
    /// Zoho says in one field that it failed and in no other why, translated.
    failure_status: bool,
}

impl Said {
    fn read(body: &str, headers: &[(String, String)]) -> Self {
        let json = serde_json::from_str::<Value>(body).ok().or_else(|| form(body));
        let mut said = json.map(|root| Self::of(&root)).unwrap_or_default();
        if said.word.is_none() {
            said.word = headers.iter().find(|(name, _)| name == "www-authenticate").and_then(|(_, value)| {
                let (_, rest) = value.split_once("error=\"")?;
                rest.split_once('"').map(|(word, _)| word.to_ascii_lowercase())
            });
        }
        said
    }

    fn of(root: &Value) -> Self {
        const WORDS: [&str; 15] = [
            "/error",
            "/error/type",
            "/error/status",
            "/error/code",
            "/errors/0/errorType",
            "/errors/0/code",
            "/errors/0",
            "/errorCode",
            "/error_code",
            "/errcode",
            "/errorType",
            "/data/error_code",
            "/code",
            "/fault/faultstring",
            "/status",
        ];
        const SENTENCES: [&str; 12] = [
            "/error_description",
            "/errorDescription",
            "/error/message",
            "/errors/0/message",
            "/errors/0/detail",
            "/errmsg",
            "/error_message",
            "/errorMessage",
            "/message",
            "/description",
            "/data/description",
            "/detail",
        ];
        let first = |places: &[&str]| {
            let mut texts = places.iter().filter_map(|place| pointer::text(root, place));
            texts.find(|text| !matches!(text.trim(), "" | "0" | "true" | "false"))
        };
        let status = pointer::text(root, "/status").unwrap_or_default().to_ascii_lowercase();
        let failure_status = matches!(status.as_str(), "failure" | "failed" | "fail" | "error");
        Self {
            word: first(&WORDS).map(|word| plain(&word)),
            description: first(&SENTENCES),
            fails: failure_status || fails(root),
            failure_status,
        }
    }

    /// The cause that the words name, if any.
    fn meaning(&self, spent: Spent) -> Option<&'static str> {
        let sentence = self.description.as_deref().unwrap_or_default().to_lowercase();
        let word = self.word.as_deref().unwrap_or_default();
        if let Some(code) = microsoft(&sentence, spent) {
            return Some(code);
        }
        // Zoho: too many requests. Both words are translated, the status is not.
        if self.failure_status && (word == "access_denied" || !word.is_ascii()) {
            return Some("CONN-OAUTH-THROTTLED");
        }
        client(word)
            .or_else(|| grant(word, &sentence, spent))
            .or_else(|| moment(word, spent))
            .or_else(|| rest(word, &sentence, spent))
    }
}

/// An error word without the differences in writing: `Invalid Client` → `invalid_client`.
fn plain(word: &str) -> String {
    word.trim().to_lowercase().replace([' ', '-'], "_")
}

/// A form-encoded answer as an object; `None` where the text is none.
fn form(body: &str) -> Option<Value> {
    if !body.contains('=') || body.contains(['\n', '{', '<']) {
        return None;
    }
    let pairs = url::form_urlencoded::parse(body.as_bytes());
    Some(Value::Object(pairs.map(|(name, value)| (name.into_owned(), value.into_owned().into())).collect()))
}

/// The usual ways of saying “no” with a 200.
fn fails(root: &Value) -> bool {
    let field = |name: &str| root.get(name);
    let is_false = |name: &str| field(name).and_then(Value::as_bool) == Some(false);
    let full = |value: Option<&Value>| match value {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !matches!(text.as_str(), "" | "0" | "false"),
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::Array(list)) => !list.is_empty(),
        Some(_) => true,
    };
    let counted = ["errcode", "error_code", "errorCode"];
    is_false("ok")
        || is_false("success")
        || full(field("error"))
        || full(field("errors"))
        || counted.iter().any(|name| full(field(name)))
        || full(root.pointer("/data/error_code"))
}

/// What is wrong with the client itself.
fn client(word: &str) -> Option<&'static str> {
    Some(match word {
        "invalid_client"
        | "invalid_client_id"
        | "invalid_client_secret"
        | "bad_client_id"
        | "bad_client_secret"
        | "incorrect_client_credentials"
        | "client_authentication_failed"
        | "disabled_client"
        | "deleted_client" => "CONN-OAUTH-CLIENT-INVALID",
        "unauthorized_client"
        | "unsupported_grant_type"
        | "invalid_grant_type"
        | "unsupported_response_type"
        | "device_flow_disabled"
        | "grant_type_not_allowed" => "CONN-OAUTH-GRANT",
        "invalid_scope" | "invalid_scopes" | "insufficient_scope" => "CONN-OAUTH-SCOPE-INVALID",
        "redirect_uri_mismatch" | "invalid_redirect_uri" | "bad_redirect_uri" => "CONN-OAUTH-REDIRECT-URI",
        "invalid_target" => "CONN-OAUTH-AUDIENCE",
        "unsupported_token_type" => "CONN-OAUTH-TOKEN-TYPE",
        "invalid_dpop_proof" | "use_dpop_nonce" => "CONN-AUTH-SIGNATURE",
        _ => return None,
    })
}

/// What is wrong with that which was spent.
fn grant(word: &str, sentence: &str, spent: Spent) -> Option<&'static str> {
    let known = matches!(
        word,
        "invalid_grant"
            | "invalid_code"
            | "bad_verification_code"
            | "bad_auth_code"
            | "code_already_used"
            | "expired_token"
            | "token_expired"
            | "token_revoked"
            | "invalid_token"
            | "invalid_refresh_token"
            | "bad_refresh_token"
            | "invalid_assertion"
            | "incorrect_device_code"
            | "invalid_credentials"
            | "invalid_login"
    );
    known.then(|| match spent {
        Spent::Code if about_proof_key(sentence) => "CONN-OAUTH-PKCE",
        Spent::Code if sentence.contains("redirect_uri") => "CONN-OAUTH-REDIRECT-URI",
        Spent::Code => "CONN-OAUTH-CODE-EXPIRED",
        Spent::Device => "CONN-OAUTH-DEVICE-EXPIRED",
        Spent::Refresh => "CONN-OAUTH-REFRESH-REVOKED",
        Spent::Assertion if about_time(sentence) => "CONN-CLK-JWT",
        Spent::Assertion if sentence.contains("signature") => "CONN-AUTH-SIGNATURE",
        Spent::Client => "CONN-OAUTH-CLIENT-INVALID",
        Spent::Assertion | Spent::Subject | Spent::Password | Spent::Nothing => "CONN-AUTH-REJECTED",
    })
}

/// Not yet, not now, not so often.
fn moment(word: &str, spent: Spent) -> Option<&'static str> {
    Some(match word {
        "authorization_pending" => "CONN-OAUTH-DEVICE-PENDING",
        "slow_down" if spent == Spent::Device => "CONN-OAUTH-DEVICE-PENDING",
        "slow_down" | "ratelimited" | "rate_limited" | "rate_limit_exceeded" | "too_many_requests" => {
            "CONN-OAUTH-THROTTLED"
        }
        "temporarily_unavailable"
        | "server_error"
        | "internal_error"
        | "internal_server_error"
        | "internal_failure"
        | "fatal_error"
        | "service_unavailable" => "CONN-OAUTH-SERVER",
        _ => return None,
    })
}

/// Consent, and the words whose meaning hangs on the sentence beside them.
fn rest(word: &str, sentence: &str, spent: Spent) -> Option<&'static str> {
    let person = matches!(spent, Spent::Code | Spent::Device);
    Some(match word {
        "authorization_declined" => "CONN-OAUTH-CONSENT-DENIED",
        "access_denied" if person => "CONN-OAUTH-CONSENT-DENIED",
        // Only a person can do what is asked, and a refresh has none.
        "access_denied"
        | "interaction_required"
        | "login_required"
        | "consent_required"
        | "account_selection_required"
            if spent == Spent::Refresh =>
        {
            "CONN-OAUTH-REFRESH-REVOKED"
        }
        "access_denied" => "CONN-OAUTH-GRANT",
        "consent_required" | "interaction_required" | "admin_policy_enforced" => "CONN-OAUTH-CONSENT-ADMIN",
        "invalid_request" if spent == Spent::Code && about_proof_key(sentence) => "CONN-OAUTH-PKCE",
        "invalid_request" if spent == Spent::Code && sentence.contains("redirect_uri") => {
            "CONN-OAUTH-REDIRECT-URI"
        }
        // Some servers answer so to a wrong password.
        "invalid_request"
            if spent == Spent::Password
                && (sentence.contains("password") || sentence.contains("username")) =>
        {
            "CONN-AUTH-REJECTED"
        }
        "invalid_request" => "CONN-API-BAD-REQUEST",
        _ => return None,
    })
}

fn about_proof_key(sentence: &str) -> bool {
    ["code_verifier", "code verifier", "code_challenge", "code challenge", "pkce"]
        .iter()
        .any(|words| sentence.contains(words))
}

fn about_time(sentence: &str) -> bool {
    let words = ["iat", "exp", "nbf", "expired", "timeframe", "future"];
    sentence.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
}

/// Microsoft's own numbers, which stand in the sentence and say more than the word.
fn microsoft(sentence: &str, spent: Spent) -> Option<&'static str> {
    let digits: String =
        sentence.split_once("aadsts")?.1.chars().take_while(char::is_ascii_digit).take(12).collect();
    Some(match digits.as_str() {
        "7000222" => "CONN-OAUTH-CLIENT-SECRET-EXPIRED",
        "7000215" | "7000218" | "700016" | "700025" => "CONN-OAUTH-CLIENT-INVALID",
        "65001" | "90094" | "90095" => "CONN-OAUTH-CONSENT-ADMIN",
        "65004" => "CONN-OAUTH-CONSENT-DENIED",
        "50011" => "CONN-OAUTH-REDIRECT-URI",
        "70011" => "CONN-OAUTH-SCOPE-INVALID",
        "700082" => "CONN-OAUTH-REFRESH-EXPIRED",
        "50057" => "CONN-AUTH-USER-DISABLED",
        "50173" | "70043" | "50076" | "50078" | "50079" if spent == Spent::Refresh => {
            "CONN-OAUTH-REFRESH-REVOKED"
        }
        _ => return None,
    })
}

/// What the status alone says.
fn by_status(spent: Spent, status: u16) -> &'static str {
    match status {
        300..=399 => "CONN-HTTP-REDIRECT-HOST",
        401 if matches!(spent, Spent::Password | Spent::Nothing) => "CONN-AUTH-REJECTED",
        401 => "CONN-OAUTH-CLIENT-INVALID",
        403 => "CONN-PERM-UNKNOWN",
        404 => "CONN-API-PATH",
        405 => "CONN-API-METHOD",
        406 | 415 => "CONN-API-MEDIA-TYPE",
        429 => "CONN-OAUTH-THROTTLED",
        500.. => "CONN-OAUTH-SERVER",
        ..=299 => "CONN-BODY-ERROR-IN-200",
        _ => "CONN-API-BAD-REQUEST",
    }
}

#[cfg(test)]
mod tests {
    use super::{Spent, read, wants_nonce};

    fn code(spent: Spent, status: u16, body: &str) -> Option<&'static str> {
        let refusal = read(spent, status, &[], body)?;
        assert!(crate::cause::find(refusal.code).is_some(), "{} is no cause", refusal.code);
        Some(refusal.code)
    }

    #[test]
    fn a_word_means_what_was_spent() {
        use Spent::{Assertion, Client, Code, Device, Nothing, Password, Refresh, Subject};
        for (word, spent, cause) in [
            ("invalid_grant", Code, "OAUTH-CODE-EXPIRED"),
            ("invalid_grant", Refresh, "OAUTH-REFRESH-REVOKED"),
            ("invalid_grant", Device, "OAUTH-DEVICE-EXPIRED"),
            ("invalid_grant", Assertion, "AUTH-REJECTED"),
            ("invalid_grant", Subject, "AUTH-REJECTED"),
            ("invalid_grant", Password, "AUTH-REJECTED"),
            ("invalid_grant", Client, "OAUTH-CLIENT-INVALID"),
            ("invalid_code", Code, "OAUTH-CODE-EXPIRED"),
            ("invalid_code", Refresh, "OAUTH-REFRESH-REVOKED"),
            ("expired_token", Device, "OAUTH-DEVICE-EXPIRED"),
            ("expired_token", Refresh, "OAUTH-REFRESH-REVOKED"),
            ("invalid_client", Refresh, "OAUTH-CLIENT-INVALID"),
            ("invalid_client_secret", Code, "OAUTH-CLIENT-INVALID"),
            ("incorrect_client_credentials", Code, "OAUTH-CLIENT-INVALID"),
            ("unauthorized_client", Client, "OAUTH-GRANT"),
            ("unsupported_grant_type", Password, "OAUTH-GRANT"),
            ("invalid_scope", Client, "OAUTH-SCOPE-INVALID"),
            ("redirect_uri_mismatch", Code, "OAUTH-REDIRECT-URI"),
            ("access_denied", Code, "OAUTH-CONSENT-DENIED"),
            ("access_denied", Device, "OAUTH-CONSENT-DENIED"),
            ("access_denied", Client, "OAUTH-GRANT"),
            ("authorization_pending", Device, "OAUTH-DEVICE-PENDING"),
            ("slow_down", Device, "OAUTH-DEVICE-PENDING"),
            ("slow_down", Refresh, "OAUTH-THROTTLED"),
            ("consent_required", Assertion, "OAUTH-CONSENT-ADMIN"),
            ("interaction_required", Refresh, "OAUTH-REFRESH-REVOKED"),
            ("temporarily_unavailable", Refresh, "OAUTH-SERVER"),
            ("server_error", Code, "OAUTH-SERVER"),
            ("invalid_target", Subject, "OAUTH-AUDIENCE"),
            ("invalid_dpop_proof", Client, "AUTH-SIGNATURE"),
            ("invalid_request", Client, "API-BAD-REQUEST"),
            ("unsupported_token_type", Nothing, "OAUTH-TOKEN-TYPE"),
            ("something_new", Refresh, "API-BAD-REQUEST"),
        ] {
            let body = format!(r#"{{"error":"{word}"}}"#);
            assert_eq!(code(spent, 400, &body), Some(&*format!("CONN-{cause}")), "{word} {spent:?}");
        }
    }

    #[test]
    fn the_same_word_is_found_in_every_writing() {
        for body in [
            r#"{"error":"invalid_grant"}"#,
            r#"{"error":"invalid_grant","error_description":"","error_uri":null}"#,
            "\u{feff}{\"error\":\"Invalid Grant\"}\r\n",
            "error=invalid_grant&error_description=x",
            r#"{"errors":[{"errorType":"invalid_grant","message":"x"}],"success":false}"#,
            r#"{"error":{"type":"invalid_grant","message":"x"}}"#,
            r#"{"ok":false,"error":"invalid_refresh_token"}"#,
            r#"{"errorCode":"invalid_grant"}"#,
        ] {
            for status in [200, 400, 401] {
                assert_eq!(
                    code(Spent::Refresh, status, body),
                    Some("CONN-OAUTH-REFRESH-REVOKED"),
                    "{status} {body}"
                );
            }
        }
    }

    #[test]
    fn a_sentence_can_say_more_than_its_word() {
        use Spent::{Assertion, Code, Password, Refresh};
        for (spent, word, sentence, cause) in [
            (Code, "invalid_grant", "PKCE verification failed", "OAUTH-PKCE"),
            (Code, "invalid_request", "code_verifier required", "OAUTH-PKCE"),
            (Code, "invalid_grant", "redirect_uri does not match", "OAUTH-REDIRECT-URI"),
            (Assertion, "invalid_grant", "Invalid JWT: check your iat and exp values", "CLK-JWT"),
            (Assertion, "invalid_grant", "Invalid JWT Signature.", "AUTH-SIGNATURE"),
            (Password, "invalid_request", "Invalid \"username\" or password", "AUTH-REJECTED"),
            (Refresh, "invalid_client", "AADSTS7000222: keys are expired.", "OAUTH-CLIENT-SECRET-EXPIRED"),
            (Refresh, "invalid_grant", "AADSTS700082: inactive for 90 days", "OAUTH-REFRESH-EXPIRED"),
            (Code, "invalid_grant", "AADSTS65001: not consented", "OAUTH-CONSENT-ADMIN"),
            (Refresh, "invalid_grant", "expired access/refresh token", "OAUTH-REFRESH-REVOKED"),
        ] {
            let body = serde_json::json!({ "error": word, "error_description": sentence }).to_string();
            assert_eq!(code(spent, 400, &body), Some(&*format!("CONN-{cause}")), "{sentence}");
        }
    }

    #[test]
    fn without_words_the_status_speaks_and_a_page_judges_no_credential() {
        for (status, body, cause) in [
            (401, "", Some("OAUTH-CLIENT-INVALID")),
            (403, "{}", Some("PERM-UNKNOWN")),
            (404, "not here", Some("API-PATH")),
            (429, "", Some("OAUTH-THROTTLED")),
            (502, "<html>Bad gateway", Some("OAUTH-SERVER")),
            (500, "{}", Some("OAUTH-SERVER")),
            (401, "<!doctype html><title>Log in</title>", Some("BODY-HTML")),
            (403, "<html>blocked", Some("BODY-HTML")),
            (307, "", Some("HTTP-REDIRECT-HOST")),
            (200, "", None),
            (200, "<html>", None),
            (200, r#"{"access_token":"t","error":null,"errors":[],"errcode":0}"#, None),
            (200, r#"{"status":0,"body":{"access_token":"t"}}"#, None),
            (200, r#"{"status":"success","token":"t"}"#, None),
            (200, r#"{"errcode":40029,"errmsg":"invalid code"}"#, Some("BODY-ERROR-IN-200")),
            (200, r#"{"error":"Access Denied","status":"failure"}"#, Some("OAUTH-THROTTLED")),
            (400, r#"{"error":"拒绝访问","status":"failure"}"#, Some("OAUTH-THROTTLED")),
        ] {
            let expected = cause.map(|cause| format!("CONN-{cause}"));
            assert_eq!(code(Spent::Refresh, status, body), expected.as_deref(), "{status} {body}");
        }
    }

    #[test]
    fn words_are_cut_and_printable() {
        let long = format!(r#"{{"error":"x\u001b[31m","error_description":"{}"}}"#, "y".repeat(900));
        let refusal = read(Spent::Code, 400, &[], &long).unwrap();
        assert!(!refusal.named);
        assert!(!refusal.word.unwrap().contains('\u{1b}'));
        assert!(refusal.description.unwrap().chars().count() <= 301);
    }

    #[test]
    fn a_nonce_is_asked_for_in_the_body_or_in_the_challenge() {
        assert!(wants_nonce(&[], r#"{"error":"use_dpop_nonce"}"#));
        let challenge = ("www-authenticate".to_owned(), r#"DPoP error="use_dpop_nonce""#.to_owned());
        assert!(wants_nonce(&[challenge], ""));
        assert!(!wants_nonce(&[], r#"{"error":"invalid_grant"}"#));
    }
}
