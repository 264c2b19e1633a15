//! Masks known secrets by value, in every encoding in which a server, a log or an error could echo them.
//!
//! Types keep secrets out of sentences; this is the second net, under every writer of ours. It must never
//! be the only one.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands in the place of a secret.
pub const MASK: &str = "***";

/// Values shorter than this are not masked: they would blank ordinary words and guard nothing.
const SHORTEST: usize = 6;

static KNOWN: RwLock<Known> = RwLock::new(Known::new());

/// The known forms, in groups that were built into matchers of their own. A new secret makes a small group, and
/// groups of like size are joined: so a run that learns its secrets one by one, masking in between, builds each
/// form into a matcher only a few times.
struct Known {
    raw: BTreeSet<String>,
    all: BTreeSet<String>,
    fresh: Vec<String>,
    groups: Vec<(Vec<String>, Arc<AhoCorasick>)>,
}

impl Known {
    const fn new() -> Self {
        Self { raw: BTreeSet::new(), all: BTreeSet::new(), fresh: Vec::new(), groups: Vec::new() }
    }

    fn remember(&mut self, secret: &str) {
        if secret.len() < SHORTEST || self.all.contains(secret) {
            return;
        }
        self.raw.insert(secret.to_owned());
        for form in encodings(secret) {
            if self.all.insert(form.clone()) {
                self.fresh.push(form);
            }
        }
    }

    /// Builds what is new into a matcher; nothing happens where nothing is new.
    fn settle(&mut self) {
        let mut forms = std::mem::take(&mut self.fresh);
        if forms.is_empty() {
            return;
        }
        while self.groups.last().is_some_and(|(group, _)| group.len() <= forms.len()) {
            forms.extend(self.groups.pop().into_iter().flat_map(|(group, _)| group));
        }
        // A full table of states costs the square of its length for a value that repeats itself.
        let built = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::Standard)
            .build(&forms);
        match built {
            Ok(matcher) => self.groups.push((forms, Arc::new(matcher))),
            Err(_) => self.fresh = forms,
        }
    }

    fn matchers(&self) -> Vec<Arc<AhoCorasick>> {
        self.groups.iter().map(|(_, matcher)| Arc::clone(matcher)).collect()
    }
}

/// Enters a secret into the process-wide list.
pub fn remember(secret: &str) {
    KNOWN.write().unwrap_or_else(PoisonError::into_inner).remember(secret);
}

/// The text with every secret of this process masked.
#[must_use]
pub fn scrub(text: &str) -> Cow<'_, str> {
    mask(text, &matchers())
}

/// Every secret of this process, for a search that is stricter than [`scrub`].
#[must_use]
pub(super) fn known() -> Vec<String> {
    KNOWN.read().unwrap_or_else(PoisonError::into_inner).raw.iter().cloned().collect()
}

fn matchers() -> Vec<Arc<AhoCorasick>> {
    {
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
        if known.fresh.is_empty() {
            return known.matchers();
        }
    }
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    known.settle();
    known.matchers()
}

/// Masks what any of the matchers finds; finds that overlap become one mask.
fn mask<'a>(text: &'a str, matchers: &[Arc<AhoCorasick>]) -> Cow<'a, str> {
    let found = matchers.iter().flat_map(|matcher| matcher.find_overlapping_iter(text));
    let mut spans: Vec<(usize, usize)> = found.map(|found| (found.start(), found.end())).collect();
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    spans.sort_unstable();
    let mut masked = String::with_capacity(text.len());
    let mut end = 0;
    for (start, stop) in spans {
        if start >= end {
            masked.push_str(&text[end..start]);
            masked.push_str(MASK);
        }
        end = end.max(stop);
    }
    masked.push_str(&text[end..]);
    Cow::Owned(masked)
}

/// The forms in which a secret can turn up: raw, percent-encoded (both cases of hex), form-encoded,
/// JSON-escaped, hexadecimal, and base64 at each of the three byte offsets, as inside `user:secret`.
#[must_use]
pub fn encodings(secret: &str) -> Vec<String> {
    let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let json = serde_json::to_string(secret).unwrap_or_default();
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let hex = super::hex(secret.as_bytes());
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

    use super::{Known, encodings, mask, remember, scrub};

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
    fn secrets_that_come_one_by_one_share_few_matchers_and_overlapping_ones_leave_no_rest() {
        let mut known = Known::new();
        for number in 0..300 {
            known.remember(&format!("secret-number-{number:03}"));
            known.settle();
        }
        assert!(known.groups.len() <= 12, "{}", known.groups.len());
        known.remember("before secret-number-007 after");
        known.remember("number-007 after all");
        known.settle();
        let text = "x before secret-number-007 after all, secret-number-299.";
        assert_eq!(mask(text, &known.matchers()), "x ***, ***.");
        let settled = known.groups.len();
        known.remember("secret-number-299");
        known.settle();
        assert_eq!((known.groups.len(), known.fresh.len()), (settled, 0));
    }

    #[test]
    fn a_long_token_of_one_letter_is_one_mask_whatever_stands_around_it() {
        let mut known = Known::new();
        known.remember(&"a".repeat(9000));
        known.settle();
        assert_eq!(mask(&format!("x{} b", "a".repeat(9001)), &known.matchers()), "x*** b");
        assert_eq!(mask(&"61".repeat(9000), &known.matchers()), "***");
    }

    #[test]
    fn ordinary_text_is_left_as_it_is() {
        assert_eq!(scrub("nothing to hide"), "nothing to hide");
    }
}
