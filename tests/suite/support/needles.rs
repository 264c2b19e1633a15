//! What a search for a leaked secret looks for.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// The shortest part of a secret whose appearance counts as a leak.
const SLICE: usize = 10;

/// Every slice of a secret, and the whole in each encoding. It is text without characters that encodings change.
pub fn needles(core: &str) -> Vec<String> {
    let mut needles: Vec<String> =
        (0..=core.len() - SLICE).map(|from| core[from..from + SLICE].to_owned()).collect();
    let mut hex = String::new();
    for byte in core.bytes() {
        let _ = write!(hex, "{byte:02x}");
    }
    needles.push(hex.to_uppercase());
    needles.push(hex);
    for lead in 0..3 {
        // The ends of the text depend on what stands beside the secret; the middle does not.
        let text = format!("{}{core}", "x".repeat(lead));
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let encoded = engine.encode(&text);
            needles.push(encoded[4..encoded.len() - 4].to_owned());
        }
    }
    needles.push(core.chars().rev().collect());
    needles
}
