//! Why a consent cannot go on: a service declines with an error word, in a callback (RFC 6749, section 4.1.2.1)
//! or in an answer, or no answer comes.

use super::{Stop, fields, refusal};
use crate::base::{Response, Text, safe_text};
use crate::model;
use crate::model::refusal::Spent;

const SAID: Text =
    Text::new("The service says: {error} {description}", "外部サービスの応答: {error} {description}");

/// The stop for an error word and its description. Both are shown, cut and made printable.
#[must_use]
pub fn stop(error: &str, description: &str) -> Stop {
    let said =
        [("error", &*safe_text::line(error, 60)), ("description", &*safe_text::line(description, 300))];
    let code = own(error, description).unwrap_or_else(|| known(error, description));
    Stop::new(code).because(SAID, &said)
}

/// The stop for an answer to a request that spends nothing, and that cannot be gone on with.
#[must_use]
pub fn unusable(response: &Response, field: &str) -> Stop {
    refusal::of(Spent::Nothing, response).unwrap_or_else(|| fields::lacking(field))
}

/// The stop for an answer of OAuth 1 that names a problem; `None` where it names none.
#[must_use]
pub fn problem(response: &Response) -> Option<Stop> {
    let fields = fields::read(response)?;
    let problem = fields::text(&fields, "oauth_problem")?;
    Some(Stop { answered: true, ..stop(problem, "") })
}

/// A request was sent and no answer came, and nothing was used up by it.
#[must_use]
pub fn lost() -> Stop {
    Stop::new("CONN-NET-READ-TIMEOUT")
}

/// A code works once. Whether this one did is unknown, so it is not sent again (RFC 6819, section 4.4.1).
#[must_use]
pub fn spent() -> Stop {
    const LOST: Text = Text::new(
        "The code was sent, but no answer came. It may be used up: start again.",
        "認可コードを送信しましたが、応答がありませんでした。使用済みの可能性があるため、最初からやり直してください。",
    );
    Stop::new("CONN-OAUTH-CODE-EXPIRED").because(LOST, &[])
}

/// The driver said something that cannot follow from the last step.
#[must_use]
pub const fn out_of_turn() -> Stop {
    Stop::new("CONN-SELF-BUG")
}

/// What the words mean at a token endpoint, which is what they mean here.
fn known(error: &str, description: &str) -> &'static str {
    let words = serde_json::json!({ "error": error, "error_description": description }).to_string();
    model::refusal::read(Spent::Code, 400, &[], &words).map_or("CONN-API-BAD-REQUEST", |refusal| refusal.code)
}

/// What only callbacks and OAuth 1 say.
fn own(error: &str, description: &str) -> Option<&'static str> {
    let error = error.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| error.contains(word));
    let by_admin = error.contains("admin") || description.to_ascii_lowercase().contains("admin");
    Some(match error.as_str() {
        "timestamp_refused" | "nonce_used" => "CONN-CLK-OAUTH1",
        "consumer_key_unknown" | "consumer_key_rejected" | "consumer_key_refused" => {
            "CONN-OAUTH-CLIENT-INVALID"
        }
        "signature_invalid" => "CONN-AUTH-SIGNATURE",
        "token_expired" | "token_used" | "token_rejected" | "verifier_invalid" => "CONN-OAUTH-CODE-EXPIRED",
        _ if by_admin && has(&["denied", "admin"]) => "CONN-OAUTH-CONSENT-ADMIN",
        _ if has(&["denied", "cancel", "declined", "refused"]) => "CONN-OAUTH-CONSENT-DENIED",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{problem, stop, unusable};
    use crate::flow::fixture::{answer as response, json};

    #[test]
    fn an_error_word_names_its_cause() {
        for (error, description, code) in [
            ("access_denied", "", "CONN-OAUTH-CONSENT-DENIED"),
            ("access_denied", "The resource owner denied the request", "CONN-OAUTH-CONSENT-DENIED"),
            ("access_denied", "Needs the approval of an administrator", "CONN-OAUTH-CONSENT-ADMIN"),
            ("admin_policy_enforced", "", "CONN-OAUTH-CONSENT-ADMIN"),
            ("user_cancelled_login", "", "CONN-OAUTH-CONSENT-DENIED"),
            ("invalid_scope", "", "CONN-OAUTH-SCOPE-INVALID"),
            ("unauthorized_client", "", "CONN-OAUTH-GRANT"),
            ("unsupported_response_type", "", "CONN-OAUTH-GRANT"),
            ("invalid_request", "code_challenge is required", "CONN-OAUTH-PKCE"),
            ("invalid_request", "redirect_uri is not registered", "CONN-OAUTH-REDIRECT-URI"),
            ("invalid_request", "", "CONN-API-BAD-REQUEST"),
            ("server_error", "", "CONN-OAUTH-SERVER"),
            ("timestamp_refused", "", "CONN-CLK-OAUTH1"),
            ("verifier_invalid", "", "CONN-OAUTH-CODE-EXPIRED"),
            ("user_refused", "", "CONN-OAUTH-CONSENT-DENIED"),
            ("something_of_their_own", "", "CONN-API-BAD-REQUEST"),
        ] {
            assert_eq!(stop(error, description).code, code, "{error} {description}");
        }
    }

    #[test]
    fn what_the_service_says_is_shown_on_one_printable_line() {
        let stop = stop("odd\u{1b}[31m", &format!("two\nlines {}", "x".repeat(900)));
        let said = &stop.evidence[0].en;
        assert!(said.starts_with("The service says: odd\\u{1b}[31m two lines xxx"), "{said}");
        assert!(said.len() < 420);
    }

    #[test]
    fn an_answer_that_cannot_be_used_names_its_cause() {
        for (response, code) in [
            (json(400, r#"{"error":"invalid_scope"}"#), "CONN-OAUTH-SCOPE-INVALID"),
            (json(200, r#"{"error":"unauthorized_client"}"#), "CONN-OAUTH-GRANT"),
            (response(502, "text/html", "<html>"), "CONN-OAUTH-SERVER"),
            (response(429, "text/plain", ""), "CONN-OAUTH-THROTTLED"),
            (json(200, "{}"), "CONN-BODY-SCHEMA"),
        ] {
            let stop = unusable(&response, "token");
            assert_eq!((stop.code, stop.answered), (code, true), "{response:?}");
        }
        let named = problem(&response(401, "text/plain", "oauth_problem=timestamp_refused")).unwrap();
        assert_eq!((named.code, named.answered), ("CONN-CLK-OAUTH1", true));
        assert_eq!(problem(&response(401, "text/plain", "Failed to validate")), None);
    }
}
