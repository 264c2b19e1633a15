//! What is not TOML at all, in our words. The parser's own display quotes the line and is never used.

use std::path::Path;

use serde::Deserialize as _;
use toml::de::{DeTable, DeValue, ValueDeserializer};
use toml::{Spanned, Table};

use super::mistake::{ConfigError, Mistake, Page};
use super::{place, refusals};
use crate::base::Text;
use crate::base::typed::narrow;

/// The most syntax mistakes reported for one text; the rest are echoes of the first.
const MOST: usize = 10;

/// Reads a text as TOML.
pub(super) fn parse<'t>(path: &Path, text: &'t str) -> Result<DeTable<'t>, ConfigError> {
    let (root, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(root.into_inner());
    }
    let mut mistakes: Vec<Mistake> = errors.iter().map(|error| mistake(path, text, error)).collect();
    let twice: Vec<Mistake> = errors.iter().filter_map(|error| taken(path, text, error)).collect();
    if !twice.is_empty() {
        // What stands in the second table only echoes that there are two.
        mistakes = twice;
    }
    mistakes.sort_by_key(|mistake| (mistake.line, mistake.column));
    mistakes.dedup_by_key(|mistake| mistake.line);
    mistakes.truncate(MOST);
    Err(ConfigError { mistakes })
}

/// Reads a text as TOML values, without places.
pub(super) fn read(path: &Path, text: &str) -> Result<Table, ConfigError> {
    let root = parse(path, text)?;
    let value = Spanned::new(0..text.len(), DeValue::Table(root));
    Table::deserialize(ValueDeserializer::from(value)).map_err(|error| mistake(path, text, &error).into())
}

fn mistake(path: &Path, text: &str, error: &toml::de::Error) -> Mistake {
    let offset = error.span().map_or(text.len(), |span| span.start);
    let page = Page { path, text };
    if let Some((offset, wide, meant)) = wide(text, offset) {
        let space = wide == '\u{3000}';
        let message = if space { WIDE_SPACE.phrase() } else { WIDE.fill(&[("wide", &wide.to_string())]) };
        let hint = if space { NARROW_SPACE.phrase() } else { NARROW.fill(&[("meant", &meant.to_string())]) };
        return page.mistake(offset, "CONN-CFG-SYNTAX", message, Some(hint));
    }
    let (message, hint) = words(error.message());
    page.mistake(offset, "CONN-CFG-SYNTAX", message.phrase(), hint.map(Text::phrase))
}

/// The first character of a Japanese keyboard on the line of a mistake, outside of texts and comments, with its place
/// and the one that was meant.
fn wide(text: &str, offset: usize) -> Option<(usize, char, char)> {
    let start = text.get(..offset)?.rfind('\n').map_or(0, |end| end + 1);
    let mut quote = None;
    for (place, c) in text[start..].lines().next()?.char_indices() {
        let meant = match c {
            '“' | '”' => '"',
            '‘' | '’' => '\'',
            other => narrow(other),
        };
        match quote {
            Some(open) => quote = Some(open).filter(|open| *open != c),
            None if c == '#' => return None,
            None if meant != c => return Some((start + place, c, meant)),
            None => quote = Some(c).filter(|c| matches!(c, '"' | '\'')),
        }
    }
    None
}

const WIDE: Text = Text::new("the character {wide} has no meaning here", "全角の {wide} が使われています");
const NARROW: Text = Text::new("write {meant} instead", "半角の {meant} に直してください");
const WIDE_SPACE: Text =
    Text::new("a full-width space (U+3000) stands here", "全角の空白（U+3000）が使われています");
const NARROW_SPACE: Text = Text::new("write a plain space instead", "半角の空白に直してください");

/// Two tables of connections with the same link name.
fn taken(path: &Path, text: &str, error: &toml::de::Error) -> Option<Mistake> {
    let line = place::of(text, error.span()?.start).line;
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let header = *lines.get(line - 1)?;
    let name = header.strip_prefix("[connections.")?.split(']').next()?;
    let first = lines.iter().position(|other| *other == header)? + 1;
    let is_second = error.message().starts_with("duplicate key") && first < line;
    is_second.then(|| refusals::twice(name.trim_matches(['"', '\'']), path, first, path, line))
}

/// Our words for the parser's: its sentences are fixed texts, of which the beginnings are known.
fn words(description: &str) -> (Text, Option<Text>) {
    let known = KNOWN.iter().find(|(beginning, _, _)| description.starts_with(beginning));
    known.map_or((NOT_TOML, None), |(_, message, hint)| (*message, *hint))
}

const NOT_TOML: Text = Text::new("this is not valid TOML", "TOMLとして読み取れません");

const KNOWN: &[(&str, Text, Option<Text>)] = &[
    (
        "duplicate key",
        Text::new(
            "this key or table stands here for the second time",
            "同じキーまたはテーブルが2回書かれています",
        ),
        Some(Text::new("remove one of the two", "どちらか一方を削除してください")),
    ),
    (
        "string values must be quoted",
        Text::new("a text needs quotes", "文字列は引用符で囲む必要があります"),
        Some(Text::new(r#"write it as key = "value""#, r#"key = "value" のように書いてください"#)),
    ),
    (
        "invalid basic string",
        Text::new(
            "a text in quotes is not closed, or holds a character it may not",
            "文字列が閉じられていないか、使えない文字が含まれています",
        ),
        Some(Text::new(
            r"close it with the same quote; in double quotes a \ is written \\",
            r"同じ引用符で閉じてください。二重引用符の中では \ を \\ と書きます",
        )),
    ),
    (
        "unclosed array table",
        Text::new("a table header is not closed", "テーブルの見出しが閉じられていません"),
        Some(Text::new("close it with ]]", "]] で閉じてください")),
    ),
    (
        "unclosed table",
        Text::new("a table header is not closed", "テーブルの見出しが閉じられていません"),
        Some(Text::new("close it with ]", "] で閉じてください")),
    ),
    (
        "unclosed array",
        Text::new("a list is not closed", "リストが閉じられていません"),
        Some(Text::new("close it with ]", "] で閉じてください")),
    ),
    (
        "unclosed inline table",
        Text::new("a table in braces is not closed", "波かっこのテーブルが閉じられていません"),
        Some(Text::new("close it with }", "} で閉じてください")),
    ),
    ("missing comma", Text::new("a comma is missing", "カンマが抜けています"), None),
    ("extra comma", Text::new("there is a comma too many", "カンマが余分にあります"), None),
    (
        "key with no value",
        Text::new("a key has no value", "キーに値がありません"),
        Some(Text::new(r#"write key = "value""#, r#"key = "value" の形で書いてください"#)),
    ),
    (
        "missing value",
        Text::new("a key has no value", "キーに値がありません"),
        Some(Text::new(r#"write key = "value""#, r#"key = "value" の形で書いてください"#)),
    ),
    (
        "invalid unquoted key",
        Text::new("this is not a key", "キーとして使えない文字があります"),
        Some(Text::new(
            "keys hold letters, digits, - and _; others need quotes",
            "キーに使えるのは英数字と - _ です。それ以外は引用符で囲んでください",
        )),
    ),
    (
        "unexpected key or value",
        Text::new("something stands after the end of the value", "値の後に余分な文字があります"),
        Some(Text::new("one key and value per line", "1行に1つのキーと値を書いてください")),
    ),
    ("unexpected content", Text::new("something stands where nothing may", "ここには何も書けません"), None),
    (
        "cannot recurse further",
        Text::new("tables and lists are nested too deeply", "テーブルやリストの入れ子が深すぎます"),
        None,
    ),
    (
        "recursion limit",
        Text::new("tables and lists are nested too deeply", "テーブルやリストの入れ子が深すぎます"),
        None,
    ),
];

/// Whether a text is TOML at all.
///
/// # Errors
/// With every syntax mistake that was found.
pub fn check_syntax(path: &Path, text: &str) -> Result<(), ConfigError> {
    parse(path, text).map(|_| ())
}
