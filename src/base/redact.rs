//! Masks known secrets by value, in every encoding in which a server, a log or an error could echo them.
//!
//! Types keep secrets out of sentences; this is the second net, under every writer of ours. It must never
//! be the only one.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::{Arc, PoisonError, RwLock};

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands in the place of a secret.
pub const MASK: &str = "***";

/// Values shorter than this are not masked: they would blank ordinary words and guard nothing.
const SHORTEST: usize = 6;

static KNOWN: RwLock<Known> = RwLock::new(Known { forms: Vec::new(), matcher: None });

struct Known {
    forms: Vec<String>,
    matcher: Option<Arc<AhoCorasick>>,
}

/// Enters a secret into the process-wide list.
pub fn remember(secret: &str) {
    if secret.len() < SHORTEST {
        return;
    }
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if known.forms.iter().any(|form| form == secret) {
        return;
    }
    known.forms.extend(encodings(secret));
    known.matcher = None;
}

/// The text with every secret of this process masked.
#[must_use]
pub fn scrub(text: &str) -> Cow<'_, str> {
    match matcher() {
        Some(matcher) if matcher.is_match(text) => {
            let mut scrubbed = String::with_capacity(text.len());
            matcher.replace_all_with(text, &mut scrubbed, |_, _, out| {
                out.push_str(MASK);
                true
            });
            Cow::Owned(scrubbed)
        }
        _ => Cow::Borrowed(text),
    }
}

fn matcher() -> Option<Arc<AhoCorasick>> {
    {
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
        if known.forms.is_empty() || known.matcher.is_some() {
            return known.matcher.clone();
        }
    }
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if known.matcher.is_none() {
        let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&known.forms);
        known.matcher = built.ok().map(Arc::new);
    }
    known.matcher.clone()
}

/// The forms in which a secret can turn up: raw, percent-encoded (both cases of hex), form-encoded,
/// JSON-escaped, hexadecimal, and base64 at each of the three byte offsets, as inside `user:secret`.
#[must_use]
pub fn encodings(secret: &str) -> Vec<String> {
    let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let json = serde_json::to_string(secret).unwrap_or_default();
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let mut hex = String::with_capacity(secret.len() * 2);
    for byte in secret.bytes() {
        let _ = write!(hex, "{byte:02x}");
    }
    let mut forms = vec![
        secret.to_owned(),
        lower_hex(&percent),
        utf8_percent_encode(secret, super::template::UNRESERVED).to_string(),
        json.trim_matches('"').replace('/', "\\/"),
        percent,
        form,
        json.trim_matches('"').to_owned(),
        hex.to_uppercase(),
        hex,
        STANDARD.encode(secret),
        URL_SAFE.encode(secret),
    ];
    forms.extend(base64_inside(secret));
    forms.retain(|form| form.len() >= SHORTEST);
    forms.sort();
    forms.dedup();
    forms
}

/// A percent-encoded text with the digits of its escapes in lower case, as some servers write them.
fn lower_hex(encoded: &str) -> String {
    let mut left = 0;
    let lower = encoded.chars().map(|c| {
        left = if c == '%' {
            2
        } else if left > 0 {
            left - 1
        } else {
            return c;
        };
        if c == '%' { c } else { c.to_ascii_lowercase() }
    });
    lower.collect()
}

/// The part of the base64 of `…secret…` that depends on the secret alone, for each alignment.
fn base64_inside(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    let mut forms = Vec::new();
    for offset in 0..3_usize {
        let lead = (3 - offset) % 3;
        let whole = bytes.len().saturating_sub(lead) / 3 * 3;
        if whole >= SHORTEST {
            let inner = &bytes[lead..lead + whole];
            forms.push(STANDARD_NO_PAD.encode(inner));
            forms.push(URL_SAFE_NO_PAD.encode(inner));
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::{encodings, remember, scrub};

    #[test]
    fn a_known_secret_is_masked_in_every_usual_encoding() {
        let secret = "s3cr3t/+marker=42";
        remember(secret);
        for user in ["", "a", "ab", "abc"] {
            let basic = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{secret}"));
            let shown = scrub(&basic).into_owned();
            assert_ne!(shown, basic, "user {user:?}");
        }
        for form in encodings(secret) {
            let line = format!("before {form} after");
            let shown = scrub(&line).into_owned();
            assert!(!shown.contains(&form), "{form}");
            assert!(shown.starts_with("before ") && shown.ends_with(" after"));
        }
    }

    #[test]
    fn ordinary_text_is_left_as_it_is() {
        assert_eq!(scrub("nothing to hide"), "nothing to hide");
    }
}
