//! JSON and YAML as one tree, and why a text is neither. What is said of a text names places, never its content.

use serde_json::Value;

use crate::base::{Phrase, Text};

/// Why a file cannot be read as its format. Holds no value of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The line, from 1, where one is known.
    pub line: Option<u64>,
    /// The column, from 1.
    pub column: Option<u64>,
    /// Where in the tree, as a JSON pointer.
    pub pointer: Option<String>,
    /// What is wrong.
    pub reason: Phrase,
}

impl Malformed {
    /// A mistake on a line.
    #[must_use]
    pub fn line(line: usize, reason: Text) -> Self {
        Self { line: Some(line as u64), column: None, pointer: None, reason: reason.into() }
    }

    /// A mistake at a place of the tree.
    pub fn at(pointer: impl Into<String>, reason: Text) -> Self {
        Self { line: None, column: None, pointer: Some(pointer.into()), reason: reason.into() }
    }

    /// The place below a file: `FILE:LINE:COLUMN`, `FILE#/pointer`.
    #[must_use]
    pub fn place(&self, file: &str) -> String {
        let number = |number: Option<u64>| number.map(|number| format!(":{number}")).unwrap_or_default();
        let pointer = self.pointer.as_ref().map(|pointer| format!("#{pointer}")).unwrap_or_default();
        format!("{file}{}{}{pointer}", number(self.line), number(self.column))
    }
}

/// The longest text that is read as a tree, in bytes; more is no export of connections.
pub const LONGEST: usize = 16 * 1024 * 1024;

/// A tree from JSON or, where a text is none, from YAML.
///
/// # Errors
/// The place of the first mistake.
pub fn tree(text: &str) -> Result<Value, Malformed> {
    if is_json(text) { json(text) } else { yaml(text) }
}

/// Whether a text looks like JSON: YAML never begins like this by habit, and JSON's mistakes are told better.
#[must_use]
pub fn is_json(text: &str) -> bool {
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    // A section of INI and TOML begins with a bracket and a word.
    let list = text.strip_prefix('[').map(str::trim_start);
    text.starts_with('{') || list.is_some_and(|inner| inner.starts_with(['{', '[', '"', ']']))
}

/// A tree from JSON.
///
/// # Errors
/// The place of the first mistake.
pub fn json(text: &str) -> Result<Value, Malformed> {
    const CUT: Text = Text::new(
        "the JSON ends too early; the file was cut off",
        "JSON が途中で終わっています。ファイルが途中で切れています",
    );
    const WRONG: Text = Text::new("this is not valid JSON", "JSON として読み取れません");
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| Malformed {
        line: Some(error.line() as u64),
        column: Some(error.column() as u64),
        pointer: None,
        reason: if error.is_eof() { CUT } else { WRONG }.into(),
    })
}

/// A tree from YAML. Aliases are followed within a budget, so that a few lines cannot become a flood.
///
/// # Errors
/// The place of the first mistake.
pub fn yaml(text: &str) -> Result<Value, Malformed> {
    const WRONG: Text = Text::new("this is not valid YAML", "YAML として読み取れません");
    serde_saphyr::from_str::<Value>(text.trim_start_matches('\u{feff}')).map_err(|error| {
        let place = error.location();
        Malformed {
            line: place.map(|place| place.line()),
            column: place.map(|place| place.column()),
            pointer: None,
            reason: WRONG.into(),
        }
    })
}

/// The text at a key of a tree.
#[must_use]
pub fn text<'t>(tree: &'t Value, key: &str) -> Option<&'t str> {
    tree.get(key).and_then(Value::as_str)
}

/// The list at a key of a tree; empty where there is none.
#[must_use]
pub fn list<'t>(tree: &'t Value, key: &str) -> &'t [Value] {
    tree.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::tree;

    #[test]
    fn a_mistake_is_told_by_its_place_and_never_by_the_text_around_it() {
        for (text, line) in [
            ("{\n  \"token\": \"hunter2-hunter2\",\n", Some(3)),
            ("{\n  \"token\": hunter2-hunter2\n}", Some(2)),
            ("token: hunter2-hunter2\n  more: [1", Some(2)),
            ("a: &a [1,1,1,1,1,1,1,1,1]\nb: \"hunter2-hunter2", Some(2)),
        ] {
            let wrong = tree(text).unwrap_err();
            assert!(!format!("{wrong:?}").contains("hunter2"), "{wrong:?}");
            assert_eq!(wrong.line, line, "{text}: {wrong:?}");
        }
    }

    #[test]
    fn a_few_lines_that_would_become_a_flood_are_refused() {
        let mut text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for depth in 1..12 {
            let one = format!("*a{}", depth - 1);
            text.push_str(&format!("a{depth}: &a{depth} [{}]\n", vec![one; 10].join(",")));
        }
        assert!(tree(&text).is_err());
    }
}
