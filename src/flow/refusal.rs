//! A refused answer as the end of a conversation.
//!
//! What the service wrote stays out of the [`Stop`]: an answer may echo what was sent. The driver lets the
//! scrubbed answer be judged, and that shows the service's words.

use super::Stop;
use crate::base::{Response, Text};
use crate::model::refusal::{self, Spent};

/// The refusal in an answer; `None` where it is none.
#[must_use]
pub fn of(spent: Spent, response: &Response) -> Option<Stop> {
    const NAMED: Text = Text::new(
        "the authorization server answers HTTP {status} and names the error",
        "認可サーバーが HTTP {status} とエラー名を返しました",
    );
    const STATUS: Text = Text::new(
        "the authorization server answers HTTP {status}",
        "認可サーバーの応答は HTTP {status} です",
    );
    let refusal = refusal::read(spent, response.status, &response.headers, &response.text())?;
    let sentence = if refusal.named { NAMED } else { STATUS };
    let status = response.status.to_string();
    Some(Stop::answered(refusal.code).value("status", &status).because(sentence, &[("status", &status)]))
}

/// The nonce with which a proof of possession has to be made again (RFC 9449, section 8), where the answer
/// asks for one.
#[must_use]
pub fn nonce(response: &Response) -> Option<String> {
    let wanted = refusal::wants_nonce(&response.headers, &response.text());
    offered_nonce(response).filter(|_| wanted)
}

/// The nonce that an answer gives for the next proofs, whether it asks for one or not (RFC 9449, section 8.2).
#[must_use]
pub fn offered_nonce(response: &Response) -> Option<String> {
    let nonce = response.header("dpop-nonce")?;
    // What goes into a header of ours is a header's alphabet, and short.
    let fine = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\');
    (!nonce.is_empty() && nonce.len() <= 512 && nonce.chars().all(fine)).then(|| nonce.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{nonce, of};
    use crate::base::Response;
    use crate::model::refusal::Spent;

    fn answer(status: u16, body: &str, headers: &[(&str, &str)]) -> Response {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Response { status, headers, body: body.as_bytes().to_vec(), ..Response::default() }
    }

    #[test]
    fn a_refusal_ends_the_conversation_without_the_words_of_the_answer() {
        let echo = r#"{"error":"invalid_grant","error_description":"bad code SplxlOBeZQQYbYS6WxSbIA"}"#;
        let stop = of(Spent::Code, &answer(400, echo, &[])).unwrap();
        assert_eq!(stop.code, "CONN-OAUTH-CODE-EXPIRED");
        assert!(stop.answered);
        assert!(!format!("{stop:?}").contains("SplxlOBe"));
        assert_eq!(of(Spent::Code, &answer(200, r#"{"access_token":"t"}"#, &[])), None);
    }

    #[test]
    fn a_nonce_is_taken_only_where_it_is_asked_for_and_fits_a_header() {
        let asks = r#"{"error":"use_dpop_nonce"}"#;
        for (body, header, taken) in [
            (asks, "n-1", Some("n-1")),
            (asks, "", None),
            (asks, "a b", None),
            (asks, "a\"b", None),
            (r#"{"error":"invalid_grant"}"#, "n-1", None),
        ] {
            let response = answer(400, body, &[("dpop-nonce", header)]);
            assert_eq!(nonce(&response).as_deref(), taken, "{body} {header}");
        }
        assert_eq!(nonce(&answer(400, asks, &[])), None);
    }
}
