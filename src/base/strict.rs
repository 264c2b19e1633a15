//! The search for secrets in what is handed to other people: whole or in part, forwards or backwards, in every
//! encoding that [`redact`] knows. Slower than [`redact::scrub`], and meant for a few files.

use std::collections::HashSet;

use aho_corasick::AhoCorasick;

use super::redact::{self, MASK};

/// A part of a secret of this many bytes counts as the secret.
const PART: usize = 12;

/// Lines that stand around every key and certificate and say nothing.
const ARMOUR: [&str; 6] = [
    "-----BEGIN CERTIFICATE-----",
    "-----END CERTIFICATE-----",
    "-----BEGIN PRIVATE KEY-----",
    "-----END PRIVATE KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----",
    "-----END RSA PRIVATE KEY-----",
];

/// Keys of a JSON document under which the secret itself stands.
const INSIDE: [&str; 6] = ["key", "secret", "token", "password", "passphrase", "assertion"];

/// What must not be found.
pub struct Strict {
    parts: HashSet<[u8; PART]>,
    short: Option<AhoCorasick>,
}

impl Strict {
    /// A search for every secret that this process has seen.
    #[must_use]
    pub fn now() -> Self {
        Self::of(&redact::known())
    }

    /// A search for these secrets.
    #[must_use]
    pub fn of(secrets: &[String]) -> Self {
        let (mut parts, mut short) = (HashSet::new(), Vec::new());
        for secret in secrets.iter().flat_map(|secret| cores(secret)) {
            for form in redact::encodings(&secret) {
                let backwards: String = form.chars().rev().collect();
                for form in [form, backwards] {
                    if form.len() < PART {
                        short.push(form);
                    } else {
                        let all = form.as_bytes().windows(PART).filter(|part| says_something(part));
                        parts.extend(all.filter_map(|part| <[u8; PART]>::try_from(part).ok()));
                    }
                }
            }
        }
        let short = (!short.is_empty()).then(|| AhoCorasick::new(short).ok()).flatten();
        Self { parts, short }
    }

    /// Where secrets stand, as spans that neither touch nor overlap.
    fn spans(&self, bytes: &[u8]) -> Vec<(usize, usize)> {
        let mut spans: Vec<(usize, usize)> = Vec::new();
        if !self.parts.is_empty() {
            let found = bytes.windows(PART).enumerate().filter(|(_, part)| {
                <[u8; PART]>::try_from(*part).is_ok_and(|part| self.parts.contains(&part))
            });
            spans.extend(found.map(|(at, _)| (at, at + PART)));
        }
        if let Some(short) = &self.short {
            spans.extend(short.find_overlapping_iter(bytes).map(|found| (found.start(), found.end())));
        }
        spans.sort_unstable();
        spans.dedup_by(|next, before| {
            let joined = next.0 <= before.1;
            if joined {
                before.1 = before.1.max(next.1);
            }
            joined
        });
        spans
    }

    /// Whether a secret, or a part of one, stands in these bytes.
    #[must_use]
    pub fn finds(&self, bytes: &[u8]) -> bool {
        !self.spans(bytes).is_empty()
    }

    /// The text with every secret, and every part of one, masked.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut end = 0;
        for (mut start, mut stop) in self.spans(text.as_bytes()) {
            while !text.is_char_boundary(start) {
                start -= 1;
            }
            while !text.is_char_boundary(stop) {
                stop += 1;
            }
            masked.push_str(&text[end..start.max(end)]);
            masked.push_str(MASK);
            end = stop;
        }
        masked + &text[end..]
    }
}

/// What of a remembered value is secret: of a document, the values that its keys call so. What a store keeps of a
/// credential is a document whose values are remembered one by one.
fn cores(secret: &str) -> Vec<String> {
    let document = secret.trim_start().starts_with('{').then(|| serde_json::from_str(secret).ok()).flatten();
    let Some(serde_json::Value::Object(fields)) = document else { return vec![secret.to_owned()] };
    // `token_uri` and `private_key_id` only speak of a secret.
    let tells = |key: &str| ["_uri", "_url", "_id", "_type"].iter().any(|end| key.ends_with(end));
    let holds = |key: &str| INSIDE.iter().any(|word| key.contains(word)) && !tells(key);
    let named = fields.iter().filter(|(key, _)| holds(&key.to_lowercase()));
    named.filter_map(|(_, value)| value.as_str().map(str::to_owned)).collect()
}

/// Armour, and runs of one or two characters, stand in anything.
fn says_something(part: &[u8]) -> bool {
    let different: HashSet<&u8> = part.iter().collect();
    let is_armour = |line: &str| line.as_bytes().windows(PART).any(|window| window == part);
    different.len() > 2 && !ARMOUR.iter().any(|line| is_armour(line))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::Strict;
    use crate::base::redact::encodings;

    const SECRET: &str = "s3cr3t/+marker=42&%\"秘密";

    #[test]
    fn every_form_of_a_secret_is_found_and_masked_whole_in_part_and_backwards() {
        let strict = Strict::of(&[SECRET.to_owned()]);
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("user:{SECRET}"));
        let mut forms = encodings(SECRET);
        forms.extend([basic, "/+marker=42&".to_owned()]);
        let backwards: Vec<String> = forms.iter().map(|form| form.chars().rev().collect()).collect();
        for form in forms.into_iter().chain(backwards) {
            let text = format!("前 {form} 後");
            assert!(strict.finds(text.as_bytes()), "{form}");
            let masked = strict.mask(&text);
            assert!(!strict.finds(masked.as_bytes()), "{masked}");
            assert!(masked.starts_with("前 ") && masked.ends_with(" 後"), "{masked}");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        let item = r#"{"v":1,"values":{"api_key":"k"},"hosts":["api.example.test"],"stored":"2026-11-21T00:00:00Z"}"#;
        let key = "-----BEGIN PRIVATE KEY-----\nMIIBVAIBADANBgkqhkiG9w0B\n-----END PRIVATE KEY-----\n";
        let account = format!(
            r#"{{"token_uri":"https://oauth2.example.test/token","private_key":{}}}"#,
            serde_json::to_string(key).unwrap()
        );
        let strict = Strict::of(&[item.to_owned(), account, "AAAAAAAAAAAAAAAA".to_owned()]);
        for text in [
            "api.example.test",
            "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----",
            "AAAAAAAAAAAAAAAA",
            "2026-11-21T00:00:00Z",
        ] {
            assert_eq!(strict.mask(text), text);
        }
        assert!(strict.finds(b"MIIBVAIBADANBgkqhkiG9w0B"));
    }
}
