//! HTTP Digest (RFC 7616): the proof is an answer to the service's challenge, so the first request goes
//! without one.

use digest_auth::{AuthContext, HttpMethod, WwwAuthenticateHeader};
use zeroize::Zeroizing;

use super::api_key::place;
use super::{Moment, Scheme, SignError, Values, basic};
use crate::base::{Header, Request, Response};
use crate::model::AuthMethod;

/// Waits to be challenged.
pub struct Digest;

impl Scheme for Digest {
    fn sign(
        &self,
        request: &mut Request,
        method: &AuthMethod,
        values: &Values<'_>,
        _: &Moment,
    ) -> Result<(), SignError> {
        place(request, method, values)?;
        basic::pair(method, values).map(|_| ())
    }
}

/// Answers the strongest challenge of a 401 that we know; `false` where there is none.
///
/// # Errors
/// When a value is missing.
pub fn answer(
    request: &mut Request,
    method: &AuthMethod,
    values: &Values<'_>,
    response: &Response,
    client_nonce: &str,
) -> Result<bool, SignError> {
    let Some(mut challenge) = strongest(response) else { return Ok(false) };
    let (user, password) = basic::pair(method, values)?;
    let target = match request.url.query() {
        Some(query) => format!("{}?{query}", request.url.path()),
        None => request.url.path().to_owned(),
    };
    let body = request.body.as_ref().map(|body| body.bytes.to_vec());
    let verb = HttpMethod::from(request.method.clone());
    let mut context = AuthContext::new_with_method(user.as_str(), password.as_str(), target, body, verb);
    context.set_custom_cnonce(client_nonce.to_owned());
    let Ok(proof) = challenge.respond(&context) else { return Ok(false) };
    request.set_header(Header::secret("Authorization", Zeroizing::new(proof.to_header_string())));
    Ok(true)
}

/// The most bytes of a challenge that are read.
const LONGEST_CHALLENGE: usize = 4096;

/// The strongest Digest challenge of an answer. Several may share one header line; the library reads one at
/// a time, so they are split here.
fn strongest(response: &Response) -> Option<WwwAuthenticateHeader> {
    let lines = response.headers.iter().filter(|(name, _)| name == "www-authenticate");
    // No honest challenge is longer; a hostile one must not cost more. The library counts characters as bytes
    // and would panic beyond ASCII.
    let lines = lines.filter(|(_, value)| value.len() <= LONGEST_CHALLENGE && value.is_ascii());
    let challenges = lines.flat_map(|(_, value)| split(value));
    let readable = challenges.filter_map(|challenge| digest_auth::parse(&challenge).ok());
    readable.max_by_key(|challenge| match challenge.algorithm.algo {
        digest_auth::AlgorithmType::MD5 => 0,
        digest_auth::AlgorithmType::SHA2_256 => 1,
        digest_auth::AlgorithmType::SHA2_512_256 => 2,
    })
}

/// The Digest challenges of one header line, each beginning with its scheme.
fn split(line: &str) -> Vec<String> {
    let mut starts = Vec::new();
    let mut quoted = false;
    let bytes = line.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' if at == 0 || bytes[at - 1] != b'\\' => quoted = !quoted,
            _ if !quoted && begins_scheme(line, at) => starts.push(at),
            _ => {}
        }
    }
    let ends = starts.iter().skip(1).copied().chain([line.len()]);
    let parts = starts.iter().zip(ends).map(|(start, end)| line[*start..end].trim_end_matches([',', ' ']));
    parts.filter(|part| part.to_ascii_lowercase().starts_with("digest ")).map(str::to_owned).collect()
}

/// Whether a scheme name (`Digest `, `Basic `) begins at this byte: a token followed by a space and a token.
fn begins_scheme(line: &str, at: usize) -> bool {
    if !line.is_char_boundary(at) || !line.as_bytes()[at].is_ascii_alphabetic() {
        return false;
    }
    let before = line[..at].trim_end_matches([' ', '\t']);
    if !(before.is_empty() || before.ends_with(',')) {
        return false;
    }
    let word: String = line[at..].chars().take_while(char::is_ascii_alphanumeric).collect();
    !word.is_empty()
        && line[at + word.len()..].starts_with(' ')
        && !line[at + word.len()..].trim_start().starts_with('=')
}

#[cfg(test)]
mod tests {
    use super::{Response, split, strongest};

    #[test]
    fn several_challenges_in_one_line_are_told_apart_and_the_strongest_wins() {
        let line = r#"Digest realm="a, b", nonce="n1", algorithm=MD5, qop="auth", Basic realm="x", Digest realm="c", nonce="n2", algorithm=SHA-256, qop="auth""#;
        assert_eq!(split(line).len(), 2);
        let response =
            Response { headers: vec![("www-authenticate".into(), line.into())], ..Response::default() };
        assert_eq!(strongest(&response).unwrap().nonce, "n2");
        for hostile in ["Digest realm=é, ", "\u{fffd}\u{fffd}, Digest", ",,, ,Digest é=é", "Digest"] {
            let headers = vec![("www-authenticate".into(), hostile.into())];
            assert!(strongest(&Response { headers, ..Response::default() }).is_none(), "{hostile}");
        }
    }
}
