//! What the built-in services know of a cause: who names it, what it looks like, and what a code of theirs means.

use serde_json::Value;

use super::Context;
use crate::base::{Phrase, Text, safe_text};
use crate::catalog;
use crate::cause::{self, Cause};
use crate::model::Connector;
use crate::operation::Failure;
use crate::output::explanation::Beside;

/// The services that name a cause, and an answer by which one of them does.
pub(super) fn beside(context: &Context, cause: &Cause) -> Beside {
    let named = catalog::all().iter().filter(|service| service.codes().any(|code| code == cause.code));
    let services: Vec<&'static str> = named.map(|service| service.id).collect();
    let example = services.iter().take(4).find_map(|id| example(&definition(context, id)?, id, cause));
    Beside { services, example }
}

fn definition(context: &Context, id: &str) -> Option<Connector> {
    Some(context.world.definitions().ok()?.connector(id).ok()??.value)
}

fn example(connector: &Connector, id: &str, cause: &Cause) -> Option<String> {
    let fixture = connector.fixtures.iter().find(|fixture| fixture.expect == cause.code)?;
    let body = safe_text::line(&fixture.body, 160);
    Some(format!("{id}: {} {body}", fixture.status).trim_end().to_owned())
}

/// The cause that stands for a service's own code, `SERVICE:CODE`; `None` where nothing of that form was asked.
pub(super) fn look_up(context: &Context, asked: &str) -> Option<Result<&'static Cause, Failure>> {
    let (id, code) = asked.split_once(':')?;
    let Some(connector) = definition(context, id) else {
        return Some(Err(unknown(asked, id)));
    };
    let says = |value: Option<Value>| value.is_some_and(|value| holds(&value, code));
    let by_rule = connector.rules.iter().find(|rule| says(serde_json::to_value(&rule.when).ok()));
    let by_sample = || {
        let told = |body: &str| says(serde_json::from_str(body).ok());
        let fixture =
            connector.fixtures.iter().find(|fixture| fixture.expect != "ok" && told(&fixture.body))?;
        Some(fixture.expect.as_str())
    };
    let found = by_rule.map(|rule| rule.cause.as_str()).or_else(by_sample).and_then(cause::find);
    Some(found.ok_or_else(|| unknown(asked, id)))
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
