//! Bytes as hexadecimal digits.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Two digits for each byte, in lower case.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves.map(|half| char::from(DIGITS[usize::from(half)])).collect()
}

/// The bytes that digits of either case stand for; `None` where they are no pairs of such.
#[must_use]
pub fn unhex(digits: &str) -> Option<Vec<u8>> {
    let digit = |letter: u8| char::from(letter).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pair = |two: &[u8]| Some(digit(*two.first()?)? << 4 | digit(*two.get(1)?)?);
    digits.as_bytes().chunks(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::{hex, unhex};

    #[test]
    fn every_byte_is_two_digits_that_lead_back_to_it() {
        assert_eq!(hex(&[]), "");
        assert_eq!(hex(&[0x00, 0x09, 0x0a, 0x10, 0xaf, 0xff]), "00090a10afff");
        for byte in 0..=u8::MAX {
            let digits = hex(&[byte]);
            assert_eq!(digits.len(), 2, "{byte}");
            assert_eq!(u8::from_str_radix(&digits, 16), Ok(byte));
            assert_eq!(unhex(&digits), Some(vec![byte]));
        }
        assert_eq!(unhex("00fF"), Some(vec![0, 255]));
        for no_pairs in ["0", "0g", "+1", "あ", "00 1"] {
            assert_eq!(unhex(no_pairs), None, "{no_pairs}");
        }
    }
}
