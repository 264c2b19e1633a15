//! What is taken out of every file of a bundle: known secrets in every form, what looks like one, and what names
//! a person or this machine.

use std::sync::OnceLock;

use regex_lite::Regex;

use crate::base::Process;
use crate::base::redact::{self, MASK};
use crate::base::strict::Strict;

/// The version of these rules, which a bundle states.
pub const VERSION: u32 = 1;

/// What secrets look like, whoever issued them, with what stays of the match.
const SHAPES: &[(&str, &str)] = &[
    (r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----", MASK),
    (r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(\.[A-Za-z0-9_-]*)?", MASK),
    (r"\b[spr]k_(live|test)_[A-Za-z0-9]{8,}", MASK),
    (r"\bgh[pousr]_[A-Za-z0-9]{16,}|\bgithub_pat_\w{16,}|\bglpat-[\w-]{16,}", MASK),
    (r"\bxox[abeprs]-[\w-]{10,}|\bxapp-[\w-]{10,}", MASK),
    (r"\bSG\.[\w-]{16,}\.[\w-]{16,}|\bAKIA[0-9A-Z]{16}\b|\bAIza[\w-]{30,}", MASK),
    (r"\bshp(at|ca|pa|ss)_[0-9a-fA-F]{16,}|\brzp_(live|test)_\w{8,}|\bsk-[\w-]{20,}", MASK),
    (r"\bpat-[a-z0-9]+-[0-9a-f-]{20,}|\bya29\.[\w-]{20,}|\b1//[\w-]{20,}", MASK),
    (r"(?i)\b(bearer|basic|negotiate|ntlm)(\s+)[A-Za-z0-9+/=._~-]{16,}", "$1$2***"),
    (r#"://[^/\s:@"'\\]+:[^/\s@"'\\]+@"#, "://***@"),
    (
        r#"(?i)([?&;][\w.-]*(?:key|token|secret|password|passwd|pwd|sig|signature|session|assertion|verifier|code|state))=[^&\s"'<>#\\]+"#,
        "$1=***",
    ),
];

/// What names a person or this machine.
const PERSONAL: &[(&str, &str)] = &[
    (r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}", "<email>"),
    (r#"/(home|Users)/[^/\s"'\\]+"#, "~"),
    (r#"(?i)[A-Z]:\\{1,2}Users\\{1,2}[^\\\s"']+"#, "~"),
];

fn built(patterns: &'static [(&'static str, &'static str)]) -> Vec<(Regex, &'static str)> {
    let build = |(pattern, with): &(&str, &'static str)| {
        (Regex::new(pattern).expect("the pattern is written here"), *with)
    };
    patterns.iter().map(build).collect()
}

fn shapes() -> &'static [(Regex, &'static str)] {
    static BUILT: OnceLock<Vec<(Regex, &'static str)>> = OnceLock::new();
    BUILT.get_or_init(|| built(SHAPES))
}

fn personal() -> &'static [(Regex, &'static str)] {
    static BUILT: OnceLock<Vec<(Regex, &'static str)>> = OnceLock::new();
    BUILT.get_or_init(|| built(PERSONAL))
}

/// Takes out what must not leave this machine.
pub struct Scrub {
    strict: Strict,
    /// Folders of this machine, with what stands for each.
    folders: Vec<(String, String)>,
    /// Names that the service gave, with what stands for each; longest first.
    people: Vec<(String, String)>,
}

impl Scrub {
    /// A scrub for this run; `people` are names that the service gave, with what stands for each.
    #[must_use]
    pub fn new(process: &Process, people: &[(String, String)]) -> Self {
        let variables = &process.variables;
        for name in
            ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "CONN_PROXY"]
        {
            let url = variables.get(name).and_then(|value| url::Url::parse(value).ok());
            if let Some(url) = url {
                redact::remember(url.username());
                redact::remember(url.password().unwrap_or_default());
            }
        }
        let mut people = people.to_vec();
        let mut folders = Vec::new();
        for (variable, word) in [("CONN_HOME", "$CONN_HOME"), ("HOME", "~"), ("USERPROFILE", "~")] {
            let folder = variables.get(variable).map(|folder| folder.trim_end_matches(['/', '\\']));
            let Some(folder) = folder.filter(|folder| folder.len() > 3) else { continue };
            // JSON doubles the backslashes of Windows.
            let doubled = folder.replace('\\', r"\\");
            folders.extend([folder.to_owned(), doubled].map(|folder| (folder, word.to_owned())));
        }
        for list in [&mut people, &mut folders] {
            list.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        }
        Self { strict: Strict::now(), folders, people }
    }

    /// What stands for a value that is one of the names, whole.
    #[must_use]
    pub fn person(&self, value: &str) -> Option<&str> {
        self.people.iter().find(|(name, _)| name == value).map(|(_, word)| word.as_str())
    }

    /// A sentence or a value of the service's: beside what [`Scrub::text`] takes out, the names, where they stand as
    /// whole words. Never for a file of ours: somebody may be called like one of its words.
    #[must_use]
    pub fn words(&self, text: &str) -> String {
        if let Some(word) = self.person(text) {
            return word.to_owned();
        }
        // In a sentence, one or two letters are more often something else.
        let long = self.people.iter().filter(|(name, _)| name.chars().count() >= 3);
        self.text(&long.fold(text.to_owned(), |text, (name, word)| replaced(&text, name, word)))
    }

    /// The text without what must not leave: secrets, and what names this machine or looks like an address of a person.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        let mut text = self.strict.mask(&redact::scrub(text));
        for (folder, word) in &self.folders {
            text = text.replace(folder.as_str(), word);
        }
        for (pattern, with) in shapes().iter().chain(personal()) {
            text = pattern.replace_all(&text, *with).into_owned();
        }
        text
    }

    /// Public certificates: known secrets only, for their base64 may look like anything.
    #[must_use]
    pub fn certificates(&self, text: &str) -> String {
        self.strict.mask(text)
    }

    /// Whether these bytes still hold a secret.
    #[must_use]
    pub fn finds(&self, bytes: &[u8]) -> bool {
        self.strict.finds(bytes)
            || redact::scrub(&String::from_utf8_lossy(bytes)) != String::from_utf8_lossy(bytes)
    }
}

/// The text with a name replaced wherever it is no part of a longer word. Japanese puts no blank between words.
fn replaced(text: &str, name: &str, word: &str) -> String {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let joined =
        |one: Option<char>, other: Option<char>| one.is_some_and(is_letter) && other.is_some_and(is_letter);
    let (mut made, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(name) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        let last = before.chars().next_back().or_else(|| made.chars().next_back());
        let inside =
            joined(last, name.chars().next()) || joined(name.chars().next_back(), after.chars().next());
        made.push_str(before);
        made.push_str(if inside { name } else { word });
        rest = after;
    }
    made + rest
}

#[cfg(test)]
mod tests {
    use super::{Scrub, personal, replaced, shapes};
    use crate::base::{Process, Terminal};

    fn scrubbed(text: &str) -> String {
        let rules = shapes().iter().chain(personal());
        rules.fold(text.to_owned(), |text, (pattern, with)| pattern.replace_all(&text, *with).into_owned())
    }

    #[test]
    fn the_folder_of_a_person_is_taken_out_of_plain_text_and_of_json() {
        let variables =
            [("USERPROFILE".to_owned(), r"D:\people\Hanako Sato".to_owned())].into_iter().collect();
        let process = Process {
            arguments: vec![],
            variables,
            folder: std::path::PathBuf::new(),
            terminal: Terminal::default(),
            system_locale: None,
        };
        let scrub = Scrub::new(&process, &[]);
        assert_eq!(scrub.text(r"D:\people\Hanako Sato\conn.toml"), r"~\conn.toml");
        assert_eq!(scrub.text(r#""D:\\people\\Hanako Sato\\conn.toml""#), r#""~\\conn.toml""#);
    }

    #[test]
    fn a_name_is_replaced_as_a_whole_word_only() {
        for (text, name, expected) in [
            ("conn of connection.conn", "conn", "<x> of connection.<x>"),
            ("reconn conn_a conn1", "conn", "reconn conn_a conn1"),
            ("佐藤さんのキー", "佐藤", "<x>さんのキー"),
            ("aiko@example.test", "aiko", "<x>@example.test"),
            ("conn", "conn", "<x>"),
        ] {
            assert_eq!(replaced(text, name, "<x>"), expected);
        }
    }

    #[test]
    fn what_looks_like_a_secret_or_a_person_is_taken_out_and_the_rest_stays() {
        for (text, expected) in [
            ("https://u:pw@proxy.test:3128", "https://***@proxy.test:3128"),
            ("/x?apiKey=abc123&page=2", "/x?apiKey=***&page=2"),
            ("Authorization: Bearer abcdefghijklmnop1", "Authorization: Bearer ***"),
            ("basic authentication is asked for", "basic authentication is asked for"),
            ("eyJhbGciOiJIUzI1.eyJzdWIi.c2ln", "***"),
            ("ghp_0123456789abcdefABCD end", "*** end"),
            ("aiko.sato@example.co.jp says", "<email> says"),
            ("/home/aiko/conn/x.toml", "~/conn/x.toml"),
            (r"C:\Users\aiko\conn", r"~\conn"),
            ("-----BEGIN PRIVATE KEY-----\\nMII\\n-----END PRIVATE KEY-----", "***"),
            ("CONN-AUTH-KEY-ROTATED (5004)", "CONN-AUTH-KEY-ROTATED (5004)"),
        ] {
            assert_eq!(scrubbed(text), expected, "{text}");
        }
    }
}
