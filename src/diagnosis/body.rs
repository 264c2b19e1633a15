//! What a body really is, whatever its header says.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::fact::Answered;
use super::shape::Shape;
use crate::base::{Text, safe_text};

/// The text of a body. As JSON it is read once, whoever asks, and so is how it is built.
#[derive(Default)]
pub struct Body {
    text: String,
    json: OnceLock<Option<Value>>,
    shape: OnceLock<Option<Shape>>,
}

impl Body {
    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Option<&Value> {
        let read = || serde_json::from_str(self.text.trim_start_matches('\u{feff}')).ok();
        self.json.get_or_init(read).as_ref()
    }

    /// How the body is built, where it is JSON that holds some structure.
    #[must_use]
    pub fn shape(&self) -> Option<&Shape> {
        self.shape.get_or_init(|| Shape::of(self.json()?)).as_ref()
    }
}

impl<T: Into<String>> From<T> for Body {
    fn from(text: T) -> Self {
        Self { text: text.into(), json: OnceLock::new(), shape: OnceLock::new() }
    }
}

impl Deref for Body {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl Clone for Body {
    fn clone(&self) -> Self {
        self.text.as_str().into()
    }
}

impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Body {}

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, formatter)
    }
}

impl fmt::Display for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(String::deserialize(deserializer)?.into())
    }
}

/// What a body really is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// No byte.
    Empty,
    /// Well-formed JSON.
    Json,
    /// Begins as JSON and is not well-formed; the byte at which reading stopped.
    BrokenJson(usize),
    /// A web page, with its title.
    Html(Option<String>),
    /// XML.
    Xml,
    /// Something else.
    Other,
}

impl BodyKind {
    /// Looks at a body.
    #[must_use]
    pub fn of(answer: &Answered) -> Self {
        let body = answer.body.trim_start_matches('\u{feff}').trim_start();
        if body.is_empty() {
            return Self::Empty;
        }
        if body.starts_with('<') {
            return if is_html(body) { Self::Html(title(body)) } else { Self::Xml };
        }
        if answer.body.json().is_some() {
            return Self::Json;
        }
        match serde_json::from_str::<serde::de::IgnoredAny>(body) {
            Ok(_) => Self::Json,
            Err(error) if body.starts_with(['{', '[']) => Self::BrokenJson(offset(body, &error)),
            Err(_) => Self::Other,
        }
    }

    /// The word for evidence.
    #[must_use]
    pub const fn word(&self) -> Text {
        match self {
            Self::Empty => Text::new("no body", "本文なし"),
            Self::Json => Text::new("JSON", "JSON"),
            Self::BrokenJson(_) => Text::new("JSON (incomplete or broken)", "不完全または壊れた JSON"),
            Self::Html(_) => Text::new("HTML", "HTML"),
            Self::Xml => Text::new("XML", "XML"),
            Self::Other => Text::new("text", "テキスト"),
        }
    }
}

fn is_html(body: &str) -> bool {
    let end = body.char_indices().nth(200).map_or(body.len(), |(end, _)| end);
    let start = body[..end].to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| start.starts_with(tag))
        || (start.starts_with("<!--") && start.contains("<html"))
}

fn title(body: &str) -> Option<String> {
    let lower = body.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let begin = open + lower[open..].find('>')? + 1;
    let end = begin + lower[begin..].find("</title")?;
    let title = safe_text::line(body.get(begin..end)?, 80);
    (!title.is_empty()).then_some(title)
}

fn offset(body: &str, error: &serde_json::Error) -> usize {
    let lines = body.split_inclusive('\n').take(error.line().saturating_sub(1));
    lines.map(str::len).sum::<usize>() + error.column()
}

#[cfg(test)]
mod tests {
    use super::BodyKind;
    use crate::diagnosis::Answered;

    fn answer(body: &str) -> Answered {
        Answered {
            status: 200,
            version: "HTTP/1.1".into(),
            headers: vec![],
            body: body.into(),
            length: body.len(),
            truncated: false,
            peer: None,
        }
    }

    #[test]
    fn a_body_is_recognised_by_its_content() {
        let cases = [
            ("", BodyKind::Empty),
            ("  \r\n", BodyKind::Empty),
            ("\u{feff}{\"a\":1}", BodyKind::Json),
            ("[]", BodyKind::Json),
            ("{\"a\":", BodyKind::BrokenJson(5)),
            ("<!DOCTYPE html><title>Log in</title>", BodyKind::Html(Some("Log in".into()))),
            ("<html><body>x", BodyKind::Html(None)),
            ("<?xml version='1.0'?><a/>", BodyKind::Xml),
            ("RESULT=1&RESPMSG=x", BodyKind::Other),
        ];
        for (body, expected) in cases {
            assert_eq!(BodyKind::of(&answer(body)), expected, "{body}");
        }
    }
}
