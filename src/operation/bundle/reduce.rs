//! Facts as they may be handed on: headers by an allow-list, addresses without the values of their queries, bodies
//! as shapes. What the connector's own rules look at stays, so that the facts are judged as before.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::scrub::Scrub;
use crate::base::{Phrase, pointer};
use crate::diagnosis::body::BodyKind;
use crate::diagnosis::definition::DefinitionFact;
use crate::diagnosis::fact::{Certificate, StageDetail, Subject};
use crate::diagnosis::{AnswerFact, Answered, Facts};
use crate::model::Connector;

/// Headers that tell about the way and the limits, and nothing of the data.
const HEADERS: &[&str] = &[
    "age",
    "allow",
    "alt-svc",
    "cache-control",
    "cf-mitigated",
    "cf-ray",
    "connection",
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "date",
    "deprecation",
    "location",
    "proxy-authenticate",
    "proxy-status",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "server",
    "sunset",
    "transfer-encoding",
    "vary",
    "via",
    "warning",
    "www-authenticate",
    "x-cache",
    "x-powered-by",
    "x-squid-error",
];

/// Parts of names that mean limits and request ids.
const MARKS: [&str; 6] = ["ratelimit", "rate-limit", "request-id", "requestid", "correlation-id", "trace-id"];

/// Keys under which services put their errors.
const WORDS: [&str; 15] = [
    "code",
    "detail",
    "error",
    "error_code",
    "error_description",
    "errorcode",
    "errors",
    "fault",
    "message",
    "reason",
    "request_id",
    "requestid",
    "status",
    "title",
    "type",
];

/// Values of problems that say where something stands here.
const OURS: [&str; 8] = ["name", "connector", "environment", "place", "file", "line", "key", "parameter"];

/// The most characters of a body that stays as text.
const KEPT: usize = 4096;

/// How much of a body stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bodies {
    /// Keys and types.
    Shape,
    /// What is no JSON stays as text, because the verdict hangs on it.
    Words,
    /// All of it, because the person asked for that.
    Whole,
}

impl Bodies {
    /// The word in the manifest.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shape => "shape",
            Self::Words => "shape, and error pages as text",
            Self::Whole => "text",
        }
    }
}

/// The facts as they may be handed on.
#[must_use]
pub fn reduced(facts: &Facts, connector: &Connector, bodies: Bodies, scrub: &Scrub) -> Facts {
    let declared = Declared::of(connector);
    let cut = Cut { declared: &declared, bodies, scrub };
    let mut reduced = facts.clone();
    let asked = reduced.experiments.iter_mut().filter_map(|experiment| experiment.fact.as_mut());
    for fact in reduced.answers.iter_mut().chain(asked) {
        reduce(fact, &cut);
    }
    unnamed(&mut reduced, scrub);
    if let Some(definition) = &mut reduced.definition {
        let DefinitionFact { base, variables, .. } = definition;
        for (name, variable) in variables {
            if variable.choices.is_empty() && !base.contains(&format!("{{{name}")) {
                "<left out>".clone_into(&mut variable.value);
            }
        }
    }
    reduced
}

/// Takes the names out of what is no answer. Words of ours stay: link name, environment, codes.
fn unnamed(facts: &mut Facts, scrub: &Scrub) {
    let Subject { base, host, account, options, .. } = &mut facts.connection;
    if let Some(label) = account {
        // Whatever a person calls it, it stands for a person.
        "<account>".clone_into(label);
        let named = options.iter_mut().filter(|option| option.starts_with("--account "));
        named.for_each(|option| "--account LABEL".clone_into(option));
    }
    let before = facts.history.last_good.as_mut().map(|good| &mut Arc::make_mut(good).base);
    for address in [base, host].into_iter().chain(before) {
        *address = scrub.words(address);
    }
    for name in [&mut facts.history.account, &mut facts.history.organisation].into_iter().flatten() {
        *name = scrub.words(name);
    }
    for problem in &mut facts.problems {
        let values = problem.values.iter_mut().filter(|(key, _)| !OURS.contains(&key.as_str()));
        values.for_each(|(_, value)| *value = scrub.words(value));
        for Phrase { en, ja } in &mut problem.evidence {
            (*en, *ja) = (scrub.words(en), scrub.words(ja));
        }
    }
}

/// The names that the service gave in its answers.
#[must_use]
pub fn names(facts: &Facts, connector: &Connector) -> Vec<String> {
    let places = identity(connector);
    let answers = facts.answers.iter().filter_map(|fact| fact.answer.as_ref()?.body.json());
    let found = answers.flat_map(|root| {
        let read = |place: &&String| pointer::text(root, place);
        places.iter().filter_map(read).collect::<Vec<_>>()
    });
    found.collect()
}

/// Where an answer says who we are.
fn identity(connector: &Connector) -> Vec<&String> {
    let identity = connector.test.iter().filter_map(|test| test.identity.as_ref());
    identity.flat_map(|identity| [&identity.account, &identity.organisation]).flatten().collect()
}

/// Takes the certificates out: their base64 looks like anything, and they are public.
pub fn take_certificates(facts: &mut Facts) -> Vec<Option<String>> {
    certificates(facts).map(|certificate| certificate.pem.take()).collect()
}

/// Puts the certificates back in their order.
pub fn put_certificates(facts: &mut Facts, taken: &[Option<String>], scrub: impl Fn(&str) -> String) {
    for (certificate, pem) in certificates(facts).zip(taken) {
        certificate.pem = pem.as_deref().map(&scrub);
    }
}

fn certificates(facts: &mut Facts) -> impl Iterator<Item = &mut Certificate> {
    let chains = facts.stages.iter_mut().filter_map(|stage| match &mut stage.detail {
        StageDetail::Tls { chain, .. } => Some(chain),
        _ => None,
    });
    chains.flatten()
}

/// What a connector names: pointers into bodies, and words that may be headers.
struct Declared {
    pointers: BTreeSet<String>,
    /// Those that lead to a name.
    names: BTreeSet<String>,
    text: String,
}

impl Declared {
    fn of(connector: &Connector) -> Self {
        let value = serde_json::to_value(connector).unwrap_or_default();
        let mut pointers = BTreeSet::new();
        for part in ["rules", "answer", "limits"].iter().filter_map(|part| value.get(part)) {
            collect(part, &mut pointers);
        }
        let asked = value.get("permissions").and_then(Value::as_array).into_iter().flatten();
        for request in value.get("test").into_iter().chain(asked) {
            for part in ["ok", "identity"].iter().filter_map(|part| request.get(part)) {
                collect(part, &mut pointers);
            }
        }
        let names = identity(connector).into_iter().cloned().collect();
        Self { pointers, names, text: value.to_string().to_ascii_lowercase() }
    }

    fn names_header(&self, name: &str) -> bool {
        [format!("\"{name}\""), format!("header:{name}\"")].iter().any(|word| self.text.contains(word))
    }
}

fn collect(value: &Value, pointers: &mut BTreeSet<String>) {
    let mut note = |text: &str| {
        let pointer = text.split_once(":/").map_or(text, |(_, rest)| &text[text.len() - rest.len() - 1..]);
        if pointer.starts_with('/') && !pointer.starts_with("//") {
            pointers.insert(pointer.to_owned());
        }
    };
    match value {
        Value::String(text) => note(text),
        Value::Array(list) => list.iter().for_each(|one| collect(one, pointers)),
        Value::Object(fields) => {
            fields.keys().for_each(|key| note(key));
            fields.values().for_each(|one| collect(one, pointers));
        }
        _ => {}
    }
}

/// How answers are cut.
struct Cut<'a> {
    declared: &'a Declared,
    bodies: Bodies,
    /// Scrubs the words of a body one by one: a mask over the encoded whole could break it, and somebody may be
    /// called like one of its keys.
    scrub: &'a Scrub,
}

fn reduce(fact: &mut AnswerFact, cut: &Cut<'_>) {
    fact.url = cut.scrub.words(&without_values(&fact.url));
    for hop in &mut fact.redirects {
        hop.to = cut.scrub.words(&without_values(&hop.to));
    }
    let Some(answer) = &mut fact.answer else { return };
    for (name, value) in &mut answer.headers {
        let known = HEADERS.contains(&name.as_str()) || MARKS.iter().any(|mark| name.contains(mark));
        if name == "location" {
            *value = without_values(value);
        } else if !(known || cut.declared.names_header(name)) || name.contains("cookie") {
            *value = format!("<left out: {} chars>", value.chars().count());
        }
        *value = cut.scrub.words(value);
    }
    answer.body = body(answer, cut).into();
}

/// An address whose query keeps its names only.
fn without_values(url: &str) -> String {
    let Some((before, query)) = url.split_once('?') else { return url.to_owned() };
    let names = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) => format!("{name}=***"),
        None => "***".to_owned(),
    });
    format!("{before}?{}", names.collect::<Vec<_>>().join("&"))
}

fn shortened(text: &str) -> String {
    text.chars().take(KEPT).collect()
}

fn body(answer: &Answered, cut: &Cut<'_>) -> String {
    if let Some(json) = answer.body.json() {
        return shape(json, "", cut, answer.status >= 400).to_string();
    }
    if answer.body.trim().is_empty() {
        return String::new();
    }
    if cut.bodies != Bodies::Shape {
        return cut.scrub.words(&shortened(&answer.body));
    }
    match BodyKind::of(answer) {
        BodyKind::Html(Some(title)) => {
            let title = cut.scrub.words(&title.replace(['<', '>'], " "));
            format!("<html><head><title>{title}</title></head><body>…</body></html>")
        }
        BodyKind::Html(None) => "<html><body>…</body></html>".to_owned(),
        BodyKind::Xml => "<?xml version=\"1.0\"?><left-out/>".to_owned(),
        BodyKind::BrokenJson(_) => "{\"left out\":".to_owned(),
        _ => format!("<left out: {} chars>", answer.body.chars().count()),
    }
}

/// The same keys and types; of lists the first two.
fn shape(value: &Value, at: &str, cut: &Cut<'_>, is_error: bool) -> Value {
    let key = at.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let is_word = WORDS.contains(&key.as_str()) || (key.parse::<usize>().is_ok() && at.contains("error"));
    let whole = cut.bodies == Bodies::Whole;
    let stays = whole || cut.declared.pointers.contains(at) || (is_error && is_word);
    match value {
        Value::String(text) if stays => {
            // A word of the service's own may be the name of somebody: only where names stand it is one.
            let is_name = cut.declared.names.contains(at);
            let words = |text: &str| {
                if is_name || cut.scrub.person(text).is_none() {
                    cut.scrub.words(text)
                } else {
                    cut.scrub.text(text)
                }
            };
            Value::String(words(&text.chars().take(400).collect::<String>()))
        }
        Value::String(_) => Value::String("string".to_owned()),
        Value::Number(number)
            if cut.declared.names.contains(at) && cut.scrub.person(&number.to_string()).is_some() =>
        {
            0.into()
        }
        Value::Number(number) if stays => Value::Number(number.clone()),
        Value::Number(_) => 0.into(),
        Value::Array(list) => {
            let first = list.iter().take(if whole { 20 } else { 2 }).enumerate();
            first.map(|(index, one)| shape(one, &format!("{at}/{index}"), cut, is_error)).collect()
        }
        Value::Object(fields) => {
            let one = |(key, value): (&String, &Value)| {
                let place = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                (cut.scrub.text(key), shape(value, &place, cut, is_error))
            };
            Value::Object(fields.iter().map(one).collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Bodies, Cut, Declared, body, without_values};
    use crate::base::{Process, Terminal, Variables};
    use crate::diagnosis::Answered;
    use crate::model::Connector;
    use crate::operation::bundle::scrub::Scrub;

    fn answered(status: u16, kind: &str, body: &str) -> Answered {
        Answered {
            status,
            version: "HTTP/1.1".into(),
            headers: vec![("content-type".into(), kind.into())],
            body: body.into(),
            length: body.len(),
            truncated: false,
            peer: None,
        }
    }

    #[test]
    fn records_become_shapes_and_errors_keep_their_words() {
        let connector: Connector = toml::from_str("answer.code = '/fault/nr'").unwrap();
        let declared = Declared::of(&connector);
        let process = Process {
            arguments: Vec::new(),
            variables: Variables::default(),
            folder: "/".into(),
            terminal: Terminal::default(),
            system_locale: None,
        };
        let scrub = Scrub::new(&process, &[]);
        let cut = Cut { declared: &declared, bodies: Bodies::Shape, scrub: &scrub };
        let json = "application/json";
        for (status, kind, text, expected) in [
            (
                200,
                json,
                r#"{"id":42,"people":[{"name":"Aiko"},{"name":"Ken"},{"name":"Yui"}],"ok":true,"code":"x"}"#,
                r#"{"id":0,"people":[{"name":"string"},{"name":"string"}],"ok":true,"code":"string"}"#,
            ),
            (
                403,
                json,
                r#"{"error":{"code":7,"message":"no right"},"fault":{"nr":"F1"},"owner":"Aiko"}"#,
                r#"{"error":{"code":7,"message":"no right"},"fault":{"nr":"F1"},"owner":"string"}"#,
            ),
            (
                502,
                "text/html",
                "<html><title>Oops</title>Aiko</html>",
                "<html><head><title>Oops</title></head><body>…</body></html>",
            ),
            (200, "text/plain", "Aiko", "<left out: 4 chars>"),
        ] {
            assert_eq!(body(&answered(status, kind, text), &cut), expected);
        }
        assert_eq!(without_values("https://a.test/x?key=1&page"), "https://a.test/x?key=***&***");
    }
}
