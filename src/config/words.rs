//! The sentences about a document's shape. They hold names of the format and of the file, never values.

use super::shown;
use crate::base::{Phrase, Text};

/// How many right words a hint lists.
const MOST: usize = 12;

fn place(keys: &[String]) -> String {
    if keys.is_empty() { "connectors.toml".to_owned() } else { shown::path(keys) }
}

pub(super) fn unknown_key(key: &str, keys: &[String]) -> Phrase {
    Text::new("{place} has no key {key}", "{place} に {key} というキーはありません")
        .fill(&[("place", &place(keys)), ("key", &shown::name(key))])
}

pub(super) fn known_keys<'w>(nearest: Option<&str>, known: impl Iterator<Item = &'w str>) -> Phrase {
    let known: Vec<&str> = known.collect();
    choices(nearest, &known)
}

pub(super) fn choices(nearest: Option<&str>, right: &[&str]) -> Phrase {
    let right: Vec<&str> = right.iter().copied().filter(|word| shown::name(word) != "…").collect();
    if let Some(nearest) = nearest.filter(|nearest| right.contains(nearest)) {
        return Text::new("did you mean {nearest}?", "{nearest} のことですか。")
            .fill(&[("nearest", nearest)]);
    }
    let more = right.len() > MOST;
    let list = |comma: &str| {
        let mut list = right.iter().take(MOST).copied().collect::<Vec<_>>().join(comma);
        if more {
            list.push_str(comma);
            list.push('…');
        }
        list
    };
    if right.is_empty() {
        return Text::new("nothing may stand here", "ここには何も書けません").phrase();
    }
    let text = Text::new("there are: {list}", "使えるもの: {list}");
    Phrase { en: text.fill(&[("list", &list(", "))]).en, ja: text.fill(&[("list", &list("、"))]).ja }
}

pub(super) fn missing_key(key: &str, keys: &[String]) -> Phrase {
    Text::new("{place} needs the key {key}", "{place} にはキー {key} が必要です")
        .fill(&[("place", &place(keys)), ("key", key)])
}

pub(super) fn wrong_word(keys: &[String]) -> Phrase {
    Text::new("{place} holds a word that it may not", "{place} に使えない語が書かれています")
        .fill(&[("place", &place(keys))])
}

pub(super) fn wrong_form(keys: &[String]) -> Phrase {
    Text::new("the text of {place} does not have the right form", "{place} の文字列の形式が正しくありません")
        .fill(&[("place", &place(keys))])
}

pub(super) fn form_hint(form: &str) -> Option<Phrase> {
    let hint = match form {
        "RequestLine" => Text::new(
            r#"write "GET /path", or "reach" where no harmless call exists"#,
            r#""GET /path" の形で書きます。害のない呼び出しがない場合は "reach" と書きます"#,
        ),
        "StatusMatch" => Text::new(
            r#"write a number, a list of numbers or a class such as "4xx""#,
            r#"数値、数値のリスト、または "4xx" のように書きます"#,
        ),
        _ => return None,
    };
    Some(hint.phrase())
}

pub(super) fn out_of_range(keys: &[String]) -> Phrase {
    Text::new("the number of {place} is too small or too large", "{place} の数値が範囲外です")
        .fill(&[("place", &place(keys))])
}

pub(super) fn range(minimum: Option<f64>, maximum: Option<f64>) -> Option<Phrase> {
    let (Some(minimum), Some(maximum)) = (minimum, maximum) else { return None };
    let range = Text::new("between {minimum} and {maximum}", "{minimum} から {maximum} までです");
    Some(range.fill(&[("minimum", &minimum.to_string()), ("maximum", &maximum.to_string())]))
}

pub(super) fn wrong_type(keys: &[String], expected: &[&str], given: &str) -> Phrase {
    let mut names: Vec<Text> = Vec::new();
    for word in expected {
        let name = type_name(word);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let en = names.iter().map(|name| name.en).collect::<Vec<_>>().join(" or ");
    let ja = names.iter().map(|name| name.ja).collect::<Vec<_>>().join("または");
    let text = Text::new(
        "{place} must be {expected}, but is {given}",
        "{place} は{expected}で書きますが、{given}になっています",
    );
    let given = type_name(given);
    let place = place(keys);
    Phrase {
        en: text.fill(&[("place", &place), ("expected", &en), ("given", given.en)]).en,
        ja: text.fill(&[("place", &place), ("expected", &ja), ("given", given.ja)]).ja,
    }
}

const fn type_name(word: &str) -> Text {
    match word.as_bytes() {
        b"string" => Text::new("a text in quotes", "引用符で囲んだ文字列"),
        b"integer" => Text::new("a whole number", "整数"),
        b"number" => Text::new("a number", "数値"),
        b"boolean" => Text::new("true or false", "true/false"),
        b"datetime" => Text::new("a date", "日付"),
        b"array" => Text::new("a list", "リスト"),
        _ => Text::new("a table", "テーブル"),
    }
}
