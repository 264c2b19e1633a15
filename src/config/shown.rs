//! What may be said of a file: names, if they look like names.

use crate::base::safe_text;

/// Beginnings of well-known tokens, for recognising a secret that stands in the wrong place.
const BEGINNINGS: &[&str] = &[
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "rk_test_",
    "pk_live_",
    "whsec_",
    "rzp_live_",
    "rzp_test_",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "gldt-",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "xapp-",
    "SG.",
    "AKIA",
    "ASIA",
    "AIza",
    "ya29.",
    "EAAC",
    "shpat_",
    "shpss_",
    "sq0atp-",
    "sq0csp-",
    "EAAA",
    "key-",
    "SK",
    "AC",
    "eyJ",
    "ntn_",
    "secret_",
    "pat-",
    "lin_api_",
    "dop_v1_",
    "npm_",
    "pypi-",
    "hf_",
    "sk-",
    "r8_",
    "-----BEGIN",
];

/// Whether a text looks like a secret: it begins like a known token and goes on long enough.
pub(super) fn is_token(text: &str) -> bool {
    let text = text.trim();
    let text = ["Bearer ", "bearer ", "Basic ", "Token token=", "Token "]
        .iter()
        .find_map(|lead| text.strip_prefix(lead))
        .unwrap_or(text);
    if text.contains(['{', '<', ' ']) && !text.starts_with("-----BEGIN") {
        return false;
    }
    BEGINNINGS.iter().any(|beginning| {
        text.strip_prefix(beginning).is_some_and(|rest| {
            let enough = if beginning.len() < 4 { 28 } else { 12 };
            let digit = rest.bytes().any(|byte| byte.is_ascii_digit());
            // `secret_key_required` is a word of a vendor, not a key.
            let mixed = beginning.len() > 4 && rest.bytes().any(|byte| byte.is_ascii_uppercase());
            rest.len() >= enough && (digit || mixed)
        })
    })
}

/// Whether a text is the number of an account or a thing at Twilio: `AC` and 32 digits of base 16. It is no secret,
/// but names somebody, so it is not repeated either.
pub(super) fn is_account(text: &str) -> bool {
    let digits = text.trim().strip_prefix("AC");
    digits.is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Whether a text could be a key that nobody wrote as a word: long, with letters and digits mixed.
fn is_random(text: &str) -> bool {
    text.split(['-', '_', '.']).any(|part| {
        let switches = part
            .as_bytes()
            .windows(2)
            .filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit())
            .count();
        part.len() >= 12 && switches >= 3 || part.len() > 24
    })
}

/// A name as it may be shown: harmless for a terminal, cut, and `…` where it could be a secret.
pub(super) fn name(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_word = !name.is_empty() && name.len() <= 64 && name.chars().all(plain);
    if is_word && !is_token(name) && !is_random(name) { safe_text::line(name, 64) } else { "…".to_owned() }
}

/// A path of keys as it may be shown.
pub(super) fn path(keys: &[String]) -> String {
    keys.iter().map(|key| name(key)).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::{is_token, name};

    #[test]
    fn tokens_are_recognised_and_words_are_not() {
        let tokens = [
            format!("sk_{}_51H8abcDEFghiJKL", "live"),
            format!("gh{}_0123456789abcdefghijABCDEFGHIJ012345", "p"),
            format!("Bearer xox{}-1234567890-abcdef", "b"),
            format!("SG{}abcdefghijklmnopqrstuv.0123456789", "."),
        ];
        for token in tokens {
            assert!(is_token(&token), "{token}");
            assert_eq!(name(&token), "…");
        }
        for word in ["sk_live_{key}", "AC {sid}", "keyring", "secret_key", "SKU-list", "Accounts", "pat-name"]
        {
            assert!(!is_token(word), "{word}");
        }
    }

    #[test]
    fn a_name_is_shown_only_if_it_looks_like_one() {
        for shown in ["freshsales-main", "api_key", "X-Api-Key", "zoho2", "v8", "customer_id_1"] {
            assert_eq!(name(shown), shown);
        }
        for hidden in
            ["a b", "", "a\u{1b}[0m", "9f8a7b6c5d4e3f2a1b", "hunter2!", "Zm9vYmFyYmF6cXV4cXV1eGZvb2Jhcg"]
        {
            assert_eq!(name(hidden), "…", "{hidden}");
        }
    }
}
