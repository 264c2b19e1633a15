//! What an authorization server means when it declines with an error word: in a callback (RFC 6749, section
//! 4.1.2.1), at the device (RFC 8628, section 3.5), the pushed (RFC 9126) and the registration (RFC 7591) endpoint.

use super::{Stop, fields};
use crate::base::{Response, Text, safe_text};

const SAID: Text =
    Text::new("The service says: {error} {description}", "外部サービスの応答: {error} {description}");

/// The stop for an error word and its description. Both are shown, cut and made printable.
#[must_use]
pub fn stop(error: &str, description: &str) -> Stop {
    let said =
        [("error", &*safe_text::line(error, 60)), ("description", &*safe_text::line(description, 300))];
    Stop::new(cause(error, description)).because(SAID, &said)
}

/// The stop for an answer that declines; `None` where it names no error.
#[must_use]
pub fn answer(response: &Response) -> Option<Stop> {
    let fields = fields::read(response)?;
    let error = fields::text(&fields, "error").or_else(|| fields::text(&fields, "oauth_problem"))?;
    let description = fields::text(&fields, "error_description").unwrap_or_default();
    Some(Stop { answered: true, ..stop(error, description) })
}

/// The stop for an answer that cannot be gone on with, whether or not it names an error.
#[must_use]
pub fn unusable(response: &Response, field: &str) -> Stop {
    answer(response).unwrap_or_else(|| match response.status {
        429 => Stop::answered("CONN-OAUTH-THROTTLED"),
        500.. => Stop::answered("CONN-OAUTH-SERVER"),
        _ => fields::lacking(field),
    })
}

/// A request was sent and no answer came, and nothing was used up by it.
#[must_use]
pub fn lost() -> Stop {
    Stop::new("CONN-NET-READ-TIMEOUT")
}

fn cause(error: &str, description: &str) -> &'static str {
    let error = error.to_ascii_lowercase();
    let described = description.to_ascii_lowercase();
    let names = |word: &str| error.contains(word) || described.contains(word);
    let denied = ["denied", "cancel", "declined", "refused"].iter().any(|word| error.contains(word));
    match error.as_str() {
        "access_denied" | "permission_denied" if names("admin") => "CONN-OAUTH-CONSENT-ADMIN",
        _ if error.contains("admin") => "CONN-OAUTH-CONSENT-ADMIN",
        "timestamp_refused" | "nonce_used" => "CONN-CLK-OAUTH1",
        "consumer_key_refused" => "CONN-OAUTH-CLIENT-INVALID",
        _ if denied => "CONN-OAUTH-CONSENT-DENIED",
        "invalid_scope" => "CONN-OAUTH-SCOPE-INVALID",
        "invalid_target" => "CONN-OAUTH-AUDIENCE",
        "unauthorized_client" | "unsupported_response_type" | "unsupported_grant_type" => "CONN-OAUTH-GRANT",
        "invalid_client" | "consumer_key_unknown" | "consumer_key_rejected" => "CONN-OAUTH-CLIENT-INVALID",
        "redirect_uri_mismatch" | "invalid_redirect_uri" => "CONN-OAUTH-REDIRECT-URI",
        "expired_token" => "CONN-OAUTH-DEVICE-EXPIRED",
        "slow_down" => "CONN-OAUTH-THROTTLED",
        "server_error" | "temporarily_unavailable" => "CONN-OAUTH-SERVER",
        "signature_invalid" => "CONN-AUTH-SIGNATURE",
        "token_expired" | "token_used" | "verifier_invalid" => "CONN-OAUTH-CODE-EXPIRED",
        "invalid_request" if names("code_challenge") || names("pkce") => "CONN-OAUTH-PKCE",
        "invalid_request" if names("redirect_uri") => "CONN-OAUTH-REDIRECT-URI",
        _ => "CONN-VEND-ERROR",
    }
}

#[cfg(test)]
mod tests {
    use super::{answer, stop, unusable};
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
            ("invalid_request", "", "CONN-VEND-ERROR"),
            ("server_error", "", "CONN-OAUTH-SERVER"),
            ("expired_token", "", "CONN-OAUTH-DEVICE-EXPIRED"),
            ("timestamp_refused", "", "CONN-CLK-OAUTH1"),
            ("something_of_their_own", "", "CONN-VEND-ERROR"),
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
    fn an_answer_declines_whatever_its_status_and_form() {
        for (response, code) in [
            (json(400, r#"{"error":"invalid_scope"}"#), "CONN-OAUTH-SCOPE-INVALID"),
            (json(200, r#"{"error":"access_denied"}"#), "CONN-OAUTH-CONSENT-DENIED"),
            (response(401, "text/plain", "oauth_problem=timestamp_refused"), "CONN-CLK-OAUTH1"),
            (response(502, "text/html", "<html>"), "CONN-OAUTH-SERVER"),
            (response(429, "text/html", "<html>"), "CONN-OAUTH-THROTTLED"),
            (response(403, "text/html", "<html>"), "CONN-BODY-SCHEMA"),
            (json(200, "{}"), "CONN-BODY-SCHEMA"),
        ] {
            let stop = unusable(&response, "token");
            assert_eq!((stop.code, stop.answered), (code, true), "{response:?}");
        }
        assert_eq!(answer(&json(200, r#"{"access_token":"t"}"#)), None);
    }
}
