//! Bytes of a text looked at eight at a time: a file of a thousand connections is looked through at every
//! start.

/// A word of which every byte is the same.
const fn all(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The highest bit of each byte of a word that is this byte; the first byte is the lowest.
const fn same(word: [u8; 8], byte: u8) -> u64 {
    let other = u64::from_le_bytes(word) ^ all(byte);
    !(((other & all(0x7f)) + all(0x7f)) | other) & all(0x80)
}

/// The place of the first byte whose highest bit a test sets.
fn first(bytes: &[u8], test: impl Fn([u8; 8]) -> u64) -> Option<usize> {
    let place = |marks: u64| marks.trailing_zeros() as usize / 8;
    let (words, rest) = bytes.as_chunks();
    for (index, word) in words.iter().enumerate() {
        let marks = test(*word);
        if marks != 0 {
            return Some(index * 8 + place(marks));
        }
    }
    let Some(last) = bytes.last_chunk() else {
        // Less than a word is filled up with blanks.
        let short = rest.iter().rev().fold(all(b' '), |word, byte| (word << 8) | u64::from(*byte));
        return Some(place(test(short.to_le_bytes()))).filter(|place| *place < rest.len());
    };
    let marks = if rest.is_empty() { 0 } else { test(*last) };
    (marks != 0).then(|| bytes.len() - 8 + place(marks))
}

/// Where one of these bytes first stands.
#[must_use]
pub fn find<const N: usize>(bytes: &[u8], wanted: [u8; N]) -> Option<usize> {
    first(bytes, |word| wanted.iter().fold(0, |marks, byte| marks | same(word, *byte)))
}

/// Whether every byte is printable ASCII.
#[must_use]
pub fn are_printable(bytes: &[u8]) -> bool {
    let unprintable = |word| {
        let word = u64::from_le_bytes(word);
        // The highest bit marks a byte below the blank, above the tilde, or outside of ASCII; what else a
        // carry marks stands behind such a byte.
        (word.wrapping_sub(all(b' ')) | word.wrapping_add(all(0x7f - b'~')) | word) & all(0x80)
    };
    first(bytes, unprintable).is_none()
}

/// Takes every place of a byte, in order.
pub fn each(bytes: &[u8], byte: u8, mut take: impl FnMut(usize)) {
    let (words, rest) = bytes.as_chunks();
    for (index, word) in words.iter().enumerate() {
        let mut found = same(*word, byte);
        while found != 0 {
            take(index * 8 + found.trailing_zeros() as usize / 8);
            found &= found - 1;
        }
    }
    let found = rest.iter().enumerate().filter(|(_, other)| **other == byte);
    found.for_each(|(place, _)| take(words.len() * 8 + place));
}

#[cfg(test)]
mod tests {
    use super::{are_printable, each, find};

    #[test]
    fn eight_bytes_at_once_are_what_one_at_a_time_are() {
        for length in 0..20 {
            for place in 0..length {
                for byte in 0..=u8::MAX {
                    let mut bytes = vec![b'-'; length];
                    bytes[place] = byte;
                    let printable = (b' '..=b'~').contains(&byte);
                    assert_eq!(are_printable(&bytes), printable, "{bytes:?}");
                    for wanted in [byte, b'-', byte ^ 1, byte ^ 0x80, byte.wrapping_sub(1)] {
                        let places = || (0..length).filter(|place| bytes[*place] == wanted);
                        assert_eq!(find(&bytes, [wanted]), places().next(), "{wanted} in {bytes:?}");
                        let mut found = Vec::new();
                        each(&bytes, wanted, |place| found.push(place));
                        assert_eq!(found, places().collect::<Vec<_>>(), "{wanted} in {bytes:?}");
                    }
                }
            }
        }
    }
}
