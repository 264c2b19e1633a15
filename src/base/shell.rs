//! Words for a POSIX shell, in commands that people copy.

/// A word as a shell reads it back; quoted only where it would be split or expanded.
#[must_use]
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_=./:@,+%…".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { quoted(text) }
}

/// A text between single quotes, which a shell takes as it stands.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn a_word_is_quoted_where_a_shell_would_split_it() {
        let cases = [
            ("address=http://127.0.0.1:8765", "address=http://127.0.0.1:8765"),
            ("user=Hanako Sato", "'user=Hanako Sato'"),
            ("user=O'Hara", r"'user=O'\''Hara'"),
            ("api_key=env:KEY", "api_key=env:KEY"),
            ("", "''"),
        ];
        for (text, expected) in cases {
            assert_eq!(word(text), expected);
        }
    }
}
