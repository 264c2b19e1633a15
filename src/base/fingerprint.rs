//! A short mark by which a person tells two secrets apart, without seeing any part of them.

use ring::{digest, hmac};

use super::hex;

/// The first four hex digits of the value's HMAC-SHA-256 under the machine's own key. Marks of two machines
/// cannot be compared, and none can be guessed back.
#[must_use]
pub fn fingerprint(key: &[u8; 32], value: &str) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), value.as_bytes());
    hex(&tag.as_ref()[..2])
}

/// The SHA-256 of some bytes in hexadecimal digits. Of a secret nobody is shown it: that is what [`fingerprint`] is for.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

#[cfg(test)]
mod tests {
    use super::{fingerprint, sha256};

    #[test]
    fn a_fingerprint_depends_on_value_and_machine_and_is_four_hex_digits() {
        let (here, there) = ([1; 32], [2; 32]);
        assert_eq!(fingerprint(&here, "key"), fingerprint(&here, "key"));
        assert_ne!(fingerprint(&here, "key"), fingerprint(&here, "key2"));
        assert_ne!(fingerprint(&here, "key"), fingerprint(&there, "key"));
        let mark = fingerprint(&here, "key");
        assert!(mark.len() == 4 && mark.chars().all(|c| c.is_ascii_hexdigit()), "{mark}");
    }

    #[test]
    fn a_digest_is_that_of_fips_180() {
        let digits = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), digits);
    }

    #[test]
    fn the_digits_are_those_of_rfc_4231() {
        // Test case 6 of the RFC uses a longer key; HMAC pads shorter ones with zeros, as in its case 2.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        assert_eq!(fingerprint(&key, "what do ya want for nothing?"), "5bdc");
    }
}
