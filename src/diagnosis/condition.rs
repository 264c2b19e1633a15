//! Whether a [`Predicate`] holds for an answer.

use std::cell::OnceCell;

use serde_json::Value;

use super::fact::{AnswerFact, Answered, Facts};
use super::view::View;
use crate::base::pointer;
use crate::model::predicate::ValueMatch;
use crate::model::{Connector, Predicate};

/// An answer with its body read once.
pub struct Sample<'a> {
    /// The answer.
    pub answer: &'a Answered,
    /// The body as JSON, if it is.
    pub json: Option<&'a Value>,
    /// Whether it came from the token endpoint.
    pub token_endpoint: bool,
    /// The run in which it came; a predicate that asks for more than the answer holds only within one.
    within: Option<Run<'a>>,
}

/// The run in which an answer came.
struct Run<'a> {
    connector: &'a Connector,
    facts: &'a Facts,
    fact: &'a AnswerFact,
    view: OnceCell<View>,
}

impl<'a> Sample<'a> {
    /// Reads the body of an answer to an API call.
    #[must_use]
    pub fn new(answer: &'a Answered) -> Self {
        Self { answer, json: answer.body.json(), token_endpoint: false, within: None }
    }

    /// The same with everything else that was observed.
    #[must_use]
    pub fn within(
        connector: &'a Connector,
        answer: &'a Answered,
        facts: &'a Facts,
        fact: &'a AnswerFact,
    ) -> Self {
        let run = Run { connector, facts, fact, view: OnceCell::new() };
        Self { within: Some(run), ..Self::new(answer) }
    }

    /// The same, as an answer of the token endpoint.
    #[must_use]
    pub fn of_token_endpoint(self) -> Self {
        Self { token_endpoint: true, ..self }
    }

    fn view(&self) -> Option<&View> {
        let run = self.within.as_ref()?;
        Some(run.view.get_or_init(|| View::of(run.connector, run.facts)))
    }
}

/// Whether a predicate holds. An empty one holds always.
#[must_use]
pub fn holds(predicate: &Predicate, sample: &Sample<'_>) -> bool {
    let answer = sample.answer;
    predicate.status.as_ref().is_none_or(|status| status.matches(answer.status))
        && predicate.header.iter().all(|(name, want)| header_holds(answer.header(name), want))
        && predicate.json.iter().all(|(path, want)| json_holds(sample.json, path, want))
        && predicate.xml.iter().all(|(path, want)| text_holds(xml(&answer.body, path).as_deref(), want))
        && predicate.form.iter().all(|(key, want)| text_holds(form(&answer.body, key).as_deref(), want))
        && predicate.body.as_deref().is_none_or(|pattern| regex_holds(pattern, inspected(&answer.body)))
        && predicate.token_endpoint.is_none_or(|wanted| wanted == sample.token_endpoint)
        && run_holds(predicate, sample)
        && predicate.all.iter().all(|part| holds(part, sample))
        && (predicate.any.is_empty() || predicate.any.iter().any(|part| holds(part, sample)))
        && predicate.not.as_deref().is_none_or(|part| !holds(part, sample))
}

/// What a predicate asks of the run, beside the answer.
fn run_holds(predicate: &Predicate, sample: &Sample<'_>) -> bool {
    let known = |name: &str| sample.view().and_then(|view| view.get(name));
    let fact = sample.within.as_ref().map(|run| run.fact);
    let matches = |pattern: &Option<String>, text: Option<&str>| {
        pattern.as_deref().is_none_or(|pattern| text.is_some_and(|text| regex_holds(pattern, text)))
    };
    predicate.fact.iter().all(|(name, want)| text_holds(known(name), want))
        && predicate.history.iter().all(|(name, want)| text_holds(known(&format!("history.{name}")), want))
        && matches(&predicate.url_final, fact.map(|fact| fact.url.as_str()))
        && matches(&predicate.redirected_to, sample.answer.header("location"))
        && predicate.stage.as_deref().is_none_or(|stage| stage == "http")
}

/// The part of a body that rules look at.
fn inspected(body: &str) -> &str {
    const MOST: usize = 64 * 1024;
    let end = (0..=MOST.min(body.len())).rev().find(|end| body.is_char_boundary(*end)).unwrap_or(0);
    &body[..end]
}

/// How many conditions a predicate has; the more, the more specific a rule.
#[must_use]
pub fn weight(predicate: &Predicate) -> usize {
    let own = usize::from(predicate.status.is_some())
        + usize::from(predicate.body.is_some())
        + usize::from(predicate.token_endpoint.is_some())
        + usize::from(predicate.url_final.is_some())
        + usize::from(predicate.redirected_to.is_some())
        + predicate.fact.len()
        + predicate.history.len()
        + predicate.header.len()
        + 2 * (predicate.json.len() + predicate.xml.len() + predicate.form.len());
    let parts: usize = predicate.all.iter().map(weight).sum();
    own + parts
        + predicate.any.iter().map(weight).max().unwrap_or(0)
        + predicate.not.as_deref().map_or(0, weight)
}

fn header_holds(value: Option<&str>, want: &ValueMatch) -> bool {
    match &want.0 {
        Value::Bool(present) => value.is_some() == *present,
        _ => text_holds(value, want),
    }
}

fn text_holds(value: Option<&str>, want: &ValueMatch) -> bool {
    each(want).any(|wanted| match (value, wanted) {
        (None, Value::String(word)) => word == "absent",
        (Some(text), Value::String(word)) => word_holds(text, word),
        (Some(text), Value::Number(number)) => text.trim() == number.to_string(),
        (Some(text), Value::Bool(flag)) => text.trim() == flag.to_string(),
        _ => false,
    })
}

/// A word of a definition against a text: `exists`, `~regex`, `<10`, `<=10`, `>10`, `>=10`, `=literal`, else equality.
fn word_holds(text: &str, word: &str) -> bool {
    let compare = |limit: &str, fits: fn(f64, f64) -> bool| {
        let limit = limit.trim().parse::<f64>().ok();
        limit.map(|limit| text.trim().parse::<f64>().is_ok_and(|value| fits(value, limit)))
    };
    let numeric = match word.split_at_checked(1) {
        Some(("<", rest)) => match rest.strip_prefix('=') {
            Some(limit) => compare(limit, |value, limit| value <= limit),
            None => compare(rest, |value, limit| value < limit),
        },
        Some((">", rest)) => match rest.strip_prefix('=') {
            Some(limit) => compare(limit, |value, limit| value >= limit),
            None => compare(rest, |value, limit| value > limit),
        },
        _ => None,
    };
    match (word, word.split_at_checked(1)) {
        _ if numeric.is_some() => numeric == Some(true),
        ("exists", _) => true,
        ("absent", _) => false,
        (_, Some(("~", pattern))) => regex_holds(pattern, text),
        (_, Some(("=", literal))) => text == literal,
        _ => text == word,
    }
}

fn json_holds(root: Option<&Value>, path: &str, want: &ValueMatch) -> bool {
    let found = root.map(|root| pointer::find(root, path)).unwrap_or_default();
    each(want).any(|wanted| {
        if wanted == "absent" {
            return root.is_some() && found.is_empty();
        }
        found.iter().any(|value| value_holds(value, wanted))
    })
}

fn value_holds(value: &Value, wanted: &Value) -> bool {
    let Value::String(word) = wanted else {
        return same_scalar(value, wanted);
    };
    match (word.as_str(), value) {
        ("exists", _)
        | ("string", Value::String(_))
        | ("number", Value::Number(_))
        | ("boolean", Value::Bool(_))
        | ("array", Value::Array(_))
        | ("object", Value::Object(_))
        | ("null", Value::Null) => true,
        ("integer", Value::Number(number)) => number.is_i64() || number.is_u64(),
        ("string" | "number" | "boolean" | "array" | "object" | "null" | "integer", _) => false,
        (word, Value::String(text)) => word_holds(text, word),
        (word, Value::Number(number)) => word_holds(&number.to_string(), word),
        _ => false,
    }
}

fn same_scalar(value: &Value, wanted: &Value) -> bool {
    value == wanted || value.as_f64().zip(wanted.as_f64()).is_some_and(|(a, b)| (a - b).abs() < f64::EPSILON)
}

fn each(want: &ValueMatch) -> impl Iterator<Item = &Value> {
    match &want.0 {
        Value::Array(list) => list.iter(),
        one => std::slice::from_ref(one).iter(),
    }
}

fn regex_holds(pattern: &str, text: &str) -> bool {
    regex_lite::Regex::new(pattern).is_ok_and(|regex| regex.is_match(text))
}

/// The text of the first element at a path of names, namespaces ignored: `/Error/Code`.
fn xml(body: &str, path: &str) -> Option<String> {
    let mut rest = body;
    let mut names = path.split('/').filter(|name| !name.is_empty()).peekable();
    while let Some(name) = names.next() {
        let (inside, closing) = element(rest, name)?;
        rest = inside;
        if names.peek().is_none() {
            let end = rest.find(closing).unwrap_or(rest.len());
            return Some(rest[..end].trim().to_owned());
        }
    }
    None
}

/// What follows the start tag of the first element of a name, and the text that closes it.
fn element<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'static str)> {
    let mut from = 0;
    while let Some(at) = text[from..].find(name).map(|at| at + from) {
        let before = text[..at].rfind('<').map(|open| &text[open + 1..at]);
        let after = &text[at + name.len()..];
        let opens = before
            .is_some_and(|prefix| prefix.is_empty() || (prefix.ends_with(':') && !prefix.contains('/')));
        if opens && after.starts_with(['>', ' ', '/', '\t', '\n']) {
            return after.find('>').map(|close| (&after[close + 1..], "</"));
        }
        from = at + name.len();
    }
    None
}

fn form(body: &str, key: &str) -> Option<String> {
    url::form_urlencoded::parse(body.trim().as_bytes())
        .find(|(name, _)| name.eq_ignore_ascii_case(key))
        .map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::{Sample, holds};
    use crate::diagnosis::Answered;
    use crate::model::Predicate;

    #[test]
    fn predicates_are_and_of_their_keys_and_or_of_their_lists() {
        let answer = Answered {
            status: 401,
            version: "HTTP/1.1".into(),
            headers: vec![("x-left".into(), "3".into())],
            body: r#"{"code":"A","n":7,"list":[1],"errors":[{"t":"x"},{"t":"y"}]}"#.into(),
            length: 0,
            truncated: false,
            peer: None,
        };
        let cases = [
            ("status = 401\njson = { '/code' = 'A' }", true),
            ("status = 403\njson = { '/code' = 'A' }", false),
            ("json = { '/code' = ['B', 'A'] }", true),
            ("json = { '/list' = 'array', '/n' = 'integer' }", true),
            ("json = { '/n' = 7 }", true),
            ("json = { '/n' = '>6' }", true),
            ("json = { '/errors/*/t' = 'y' }", true),
            ("json = { '/missing' = 'absent' }", true),
            ("json = { '/code' = '~^[A-C]$' }", true),
            ("header = { x-left = '<10' }", true),
            ("header = { x-left = true, x-right = false }", true),
            ("not = { status = 401 }", false),
            ("any = [{ status = 500 }, { body = 'code' }]", true),
            ("", true),
        ];
        for (text, expected) in cases {
            let predicate: Predicate = toml::from_str(text).unwrap();
            assert_eq!(holds(&predicate, &Sample::new(&answer)), expected, "{text}");
        }
    }

    #[test]
    fn xml_and_form_bodies_are_read_too() {
        let mut answer = Answered {
            status: 200,
            version: String::new(),
            headers: vec![],
            body: "<?xml version='1.0'?><Balance_Resp><ErrNo>2</ErrNo><s:ErrDesc a='b'>Bad key</s:ErrDesc></Balance_Resp>".into(),
            length: 0,
            truncated: false,
            peer: None,
        };
        let xml: Predicate =
            toml::from_str("xml = { '/Balance_Resp/ErrNo' = 2, '/Balance_Resp/ErrDesc' = '~key' }").unwrap();
        assert!(holds(&xml, &Sample::new(&answer)));
        answer.body = "RESULT=1&RESPMSG=User%20authentication%20failed".into();
        let form: Predicate = toml::from_str("form = { RESULT = 1 }").unwrap();
        assert!(holds(&form, &Sample::new(&answer)));
    }
}
