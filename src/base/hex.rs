//! Bytes as hexadecimal digits.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Two digits for each byte, in lower case.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves.map(|half| char::from(DIGITS[usize::from(half)])).collect()
}

#[cfg(test)]
mod tests {
    use super::hex;

    #[test]
    fn every_byte_is_two_digits_that_lead_back_to_it() {
        assert_eq!(hex(&[]), "");
        assert_eq!(hex(&[0x00, 0x09, 0x0a, 0x10, 0xaf, 0xff]), "00090a10afff");
        for byte in 0..=u8::MAX {
            let digits = hex(&[byte]);
            assert_eq!(digits.len(), 2, "{byte}");
            assert_eq!(u8::from_str_radix(&digits, 16), Ok(byte));
        }
    }
}
