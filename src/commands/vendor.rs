//! What the built-in services know of a cause: who names it, what it looks like, and what a code of theirs means.

use serde_json::Value;

use super::Context;
use crate::base::{Language, Phrase, Text, safe_text};
use crate::catalog;
use crate::cause::{self, Cause};
use crate::model::{Connector, Fixture, Rule};
use crate::operation::Failure;
use crate::output::explanation::{self, Beside};

/// The services that name a cause, and an answer by which one of them does.
pub(super) fn beside(cause: &Cause) -> Beside {
    let services = catalog::naming(cause.code);
    let example = services.iter().find_map(|id| Some(example(id, &catalog::sample(id, cause.code)?)));
    Beside { services, example, rule: None }
}

fn example(id: &str, fixture: &Fixture) -> String {
    let body = safe_text::line(&fixture.body, 160);
    format!("{id}: {} {body}", fixture.status).trim_end().to_owned()
}

fn definition(context: &Context, id: &str) -> Option<Connector> {
    Some(context.world.definitions().ok()?.connector(id).ok()??.value)
}

/// What a service's own code stands for.
pub(super) struct Meaning {
    /// The cause.
    pub(super) cause: &'static Cause,
    /// The rule that says so; none where only a sample does.
    rule: Option<Rule>,
    /// An answer of the service that holds the code, in one line.
    example: Option<String>,
}

impl Meaning {
    /// The same, for people.
    pub(super) fn beside(&self) -> Beside {
        let told = Beside { rule: self.rule.clone(), ..beside(self.cause) };
        Beside { example: self.example.clone().or(told.example), ..told }
    }

    /// The cause as JSON, with the rule.
    pub(super) fn object(&self, language: Language) -> Value {
        let mut object = explanation::object(self.cause, language);
        object["rule"] = explanation::rule(self.rule.as_ref(), language);
        object
    }
}

/// The cause that stands for a service's own code, `SERVICE:CODE`; `None` where nothing of that form was asked.
pub(super) fn look_up(context: &Context, asked: &str) -> Option<Result<Meaning, Failure>> {
    let (id, code) = asked.split_once(':')?;
    let Some(connector) = definition(context, id) else {
        return Some(Err(unknown(asked, id)));
    };
    let says = |value: Option<Value>| value.is_some_and(|value| holds(&value, code));
    let told = |fixture: &&Fixture| {
        let headers = fixture.headers.values().any(|value| value == code);
        fixture.expect != "ok" && (headers || says(serde_json::from_str(&fixture.body).ok()))
    };
    let is_handle = |rule: &Rule| rule.id.split_once('/').is_some_and(|(_, slug)| slug == code);
    let rules = || connector.rules.iter();
    let by_code = rules().find(|rule| says(serde_json::to_value(&rule.when).ok()));
    let rule = by_code.or_else(|| rules().find(|rule| is_handle(rule)));
    let sample = connector.fixtures.iter().find(told);
    let named = rule.map(|rule| &rule.cause).or_else(|| sample.map(|sample| &sample.expect));
    let meaning = named.and_then(|named| cause::find(named)).map(|cause| Meaning {
        cause,
        rule: rule.cloned(),
        example: sample.filter(|sample| sample.expect == cause.code).map(|sample| example(id, sample)),
    });
    Some(meaning.ok_or_else(|| unknown(asked, id)))
}

/// Whether a value, or one within it, is this code.
fn holds(value: &Value, code: &str) -> bool {
    match value {
        Value::String(text) => text == code,
        Value::Number(number) => number.to_string() == code,
        Value::Array(list) => list.iter().any(|one| holds(one, code)),
        Value::Object(fields) => fields.values().any(|one| holds(one, code)),
        _ => false,
    }
}

fn unknown(asked: &str, id: &str) -> Failure {
    const WRONG: Text = Text::new(
        "conn has no rule and no sample for {asked}.",
        "{asked} に対応する規則や見本はありません。",
    );
    const HINT: Text = Text::new(
        "To judge a whole answer: conn diagnose {id} --status STATUS --body FILE",
        "応答全体を判断するには: conn diagnose {id} --status ステータス --body ファイル",
    );
    let (asked, id) = (safe_text::line(asked, 60), safe_text::line(id, 60));
    Failure::usage(WRONG.fill(&[("asked", &asked)]), None::<Phrase>.or(Some(HINT.fill(&[("id", &id)]))))
}
