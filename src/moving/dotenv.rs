//! `.env` files: one `NAME=VALUE` a line, as shells and dotenv libraries read them.

use super::found::{Found, Left, Raw, Value};
use super::{Malformed, Source};
use crate::base::Text;

/// Reads a file.
///
/// # Errors
/// The first line that is no assignment, or whose quote never ends.
pub fn read(source: &Source<'_>) -> Result<Found, Malformed> {
    let mut found = Found::default();
    for line in lines(source.text)? {
        let place = format!("{}:{}", source.name, line.number);
        match expand(&line, &found.values) {
            Some(value) => {
                // The last assignment of a name counts, as in a shell.
                found.values.retain(|older| older.name != line.name);
                found.values.push(Value { name: line.name, place, value });
            }
            None => found.left.push(Left { what: line.name, place, reason: REFERS.into() }),
        }
    }
    Ok(found)
}

const REFERS: Text = Text::new(
    "its value refers to a variable that stands in no line above it; write the value itself",
    "値が参照している変数が、これより上の行にありません。値そのものを書いてください",
);
const NO_ASSIGNMENT: Text =
    Text::new("this line is not NAME=VALUE", "この行は「名前=値」の形式ではありません");
const OPEN_QUOTE: Text =
    Text::new("a quote begins here and never ends", "ここで始まる引用符が閉じられていません");

/// One assignment.
struct Line {
    number: usize,
    name: String,
    value: Raw,
    /// Whether variables in it are filled in: not within single quotes.
    expands: bool,
}

/// The assignments of a text.
fn lines(text: &str) -> Result<Vec<Line>, Malformed> {
    let mut all = Vec::new();
    let mut rest = text.lines().enumerate();
    while let Some((index, line)) = rest.next() {
        let number = index + 1;
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (name, value) = line.split_once('=').ok_or_else(|| Malformed::line(number, NO_ASSIGNMENT))?;
        let name = name.trim();
        if !is_name(name) {
            return Err(Malformed::line(number, NO_ASSIGNMENT));
        }
        let value = value.trim();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
        let value = match quote {
            None => value.split(" #").next().unwrap_or_default().trim().to_owned(),
            Some(quote) => {
                let mut whole = value[1..].to_owned();
                while closing(&whole, quote).is_none() {
                    let (_, next) = rest.next().ok_or_else(|| Malformed::line(number, OPEN_QUOTE))?;
                    whole.push('\n');
                    whole.push_str(next);
                }
                let end = closing(&whole, quote).unwrap_or(whole.len());
                if quote == '"' { unescape(&whole[..end]) } else { whole[..end].to_owned() }
            }
        };
        let expands = quote != Some('\'');
        all.push(Line { number, name: name.to_owned(), value: Raw::new(value), expands });
    }
    Ok(all)
}

/// Whether a word can be the name of a variable.
fn is_name(word: &str) -> bool {
    !word.is_empty()
        && !word.starts_with(|c: char| c.is_ascii_digit())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

/// Where a quoted value ends.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (index, c) in text.char_indices() {
        match c {
            '\\' if quote == '"' && !escaped => escaped = true,
            c if c == quote && !escaped => return Some(index),
            _ => escaped = false,
        }
    }
    None
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match (c, if c == '\\' { characters.next() } else { None }) {
            ('\\', Some('n')) => plain.push('\n'),
            ('\\', Some('t')) => plain.push('\t'),
            ('\\', Some('r')) => plain.push('\r'),
            ('\\', Some(other @ ('"' | '\\' | '$' | '`'))) => plain.push(other),
            ('\\', Some(other)) => plain.extend(['\\', other]),
            (c, _) => plain.push(c),
        }
    }
    plain
}

/// The value with `${NAME}` filled in from the lines above it; `None` where one is not there. A `$` that names
/// nothing is a character like any other: passwords hold it.
fn expand(line: &Line, above: &[Value]) -> Option<Raw> {
    if !line.expands || !line.value.expose().contains("${") {
        return Some(line.value.clone());
    }
    let mut text = String::new();
    let mut rest = line.value.expose();
    while let Some((before, after)) = rest.split_once("${") {
        let (inner, behind) = after.split_once('}')?;
        let (name, default) = inner.split_once(":-").map_or((inner, None), |(name, or)| (name, Some(or)));
        let known = above.iter().find(|value| value.name == name).map(|value| value.value.expose());
        text.push_str(before);
        text.push_str(known.or(default)?);
        rest = behind;
    }
    text.push_str(rest);
    Some(Raw::new(text))
}

#[cfg(test)]
mod tests {
    use super::super::Source;
    use super::read;

    fn value(text: &str) -> Option<String> {
        let found = read(&Source { name: ".env", text }).unwrap();
        found.values.last().map(|value| format!("{}={}", value.name, value.value.expose()))
    }

    #[test]
    fn lines_are_read_as_shells_and_dotenv_libraries_read_them() {
        for (text, expected) in [
            ("KEY=value", Some("KEY=value")),
            ("export KEY=value # note", Some("KEY=value")),
            ("KEY=\"a # b\" # note", Some("KEY=a # b")),
            ("KEY='a $HOME ${B}'", Some("KEY=a $HOME ${B}")),
            ("KEY=a#b", Some("KEY=a#b")),
            ("KEY = spaced ", Some("KEY=spaced")),
            ("KEY=\"a\\nb\\\"c\"", Some("KEY=a\nb\"c")),
            ("KEY=\"one\ntwo\"\n", Some("KEY=one\ntwo")),
            ("# only a comment\n\n", None),
            ("A=1\nKEY=x${A}y${B:-z}", Some("KEY=x1yz")),
            ("KEY=1\nKEY=2", Some("KEY=2")),
            ("KEY=pa$$word", Some("KEY=pa$$word")),
            ("\u{feff}KEY=value\r\n", Some("KEY=value")),
            ("KEY=", Some("KEY=")),
        ] {
            assert_eq!(value(text).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_that_is_no_assignment_is_named_and_a_reference_to_nothing_is_listed() {
        for (text, line) in
            [("KEY=1\nhunter2 hunter2", 2), ("9KEY=1", 1), ("A=1\nB=\"open\nC=2", 2), ("=x", 1)]
        {
            let wrong = read(&Source { name: ".env", text }).unwrap_err();
            assert_eq!(wrong.line, Some(line), "{text:?}");
            assert!(!format!("{wrong:?}").contains("hunter2"));
        }
        let found = read(&Source { name: ".env", text: "KEY=${NOWHERE}" }).unwrap();
        assert_eq!((found.values.len(), found.left[0].what.as_str()), (0, "KEY"));
    }
}
