//! Words for a shell, in commands that people copy: for the shell of this system, or for the POSIX shell of scripts.

/// A word as the shell of this system reads it back; quoted only where it would be split or expanded.
#[must_use]
pub fn word(text: &str) -> String {
    if cfg!(windows) { windows_word(text) } else { script_word(text) }
}

/// A text between quotes, which the shell of this system takes as it stands.
#[must_use]
pub fn quoted(text: &str) -> String {
    if cfg!(windows) { windows_quoted(text) } else { script_quoted(text) }
}

/// A word as a POSIX shell reads it back; quoted only where it would be split or expanded.
#[must_use]
pub fn script_word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_=./:@,+%…".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { script_quoted(text) }
}

/// A text between single quotes, which a POSIX shell takes as it stands.
#[must_use]
pub fn script_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Neither PowerShell nor the command prompt makes anything of these, wherever they stand in a word.
fn windows_word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || r"-_=./:\+…".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { windows_quoted(text) }
}

/// Between double quotes, which both shells know, where neither expands anything in them; else as PowerShell takes it
/// as it stands.
fn windows_quoted(text: &str) -> String {
    if text.contains(['"', '$', '`', '%']) || text.ends_with('\\') {
        return format!("'{}'", text.replace('\'', "''"));
    }
    format!("\"{text}\"")
}

#[cfg(test)]
mod tests {
    use super::{script_word, windows_word};

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
            assert_eq!(script_word(text), expected);
        }
    }

    #[test]
    fn both_shells_of_windows_read_a_word_back_where_one_spelling_can_do() {
        let cases = [
            (r"file:C:\keys\crm.txt", r"file:C:\keys\crm.txt"),
            ("user=Hanako Sato", "\"user=Hanako Sato\""),
            ("hanako@example.test", "\"hanako@example.test\""),
            ("user=O'Hara", "\"user=O'Hara\""),
            ("price=$5 'net'", "'price=$5 ''net'''"),
            ("", "\"\""),
        ];
        for (text, expected) in cases {
            assert_eq!(windows_word(text), expected);
        }
    }
}
