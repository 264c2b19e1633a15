//! A real answer as a sample of its connector: scrubbed, cut to what the judgement needs, and judged again to be sure.

use indexmap::IndexMap;

use super::bundle::{self, Bodies};
use super::check::{self, Depth};
use super::prepare::prepare;
use super::{Failure, World, conclude};
use crate::base::{Phrase, Text};
use crate::diagnosis::judge::TEST;
use crate::diagnosis::{AnswerFact, Facts, fixture};
use crate::model::{Connector, Fixture};

/// A sample, ready to be put into a file.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The connector.
    pub connector: String,
    /// The sample.
    pub fixture: Fixture,
    /// The same as TOML.
    pub text: String,
}

/// Tests a connection and makes a sample of the first answer that is no success, else of the test's answer.
///
/// # Errors
/// When the connection does not exist, there was no answer, or the sample would not be judged as the answer was.
pub async fn record(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
    name: Option<String>,
) -> Result<Recorded, Failure> {
    let mut loaded = check::load(world, prepare(world, link_name, environment)?)?;
    let facts = check::observe(world, &mut loaded, Depth::Test).await;
    let (id, connector) = (loaded.prepared.connection.connector.clone(), &loaded.prepared.connector);
    let entry = conclude::entry(connector, loaded.prepared.connection.kind, &facts, 0.0);
    let answered: Vec<&AnswerFact> = facts.answers.iter().filter(|fact| fact.answer.is_some()).collect();
    let judged =
        |fact: &AnswerFact| fixture::judge(&id, connector, &sample(fact, String::new(), String::new()));
    let chosen = answered.iter().find(|fact| judged(fact) != fixture::OK).or_else(|| answered.first());
    let Some(chosen) = chosen else {
        let seen = entry.root().map_or("-", |finding| finding.cause.code);
        return Err(nothing(link_name, seen));
    };
    let expect = judged(chosen);
    let name = name.unwrap_or_else(|| format!("{} {}", chosen.request, expect.to_ascii_lowercase()));
    for bodies in [Bodies::Shape, Bodies::Words] {
        let reduced = bundle::handed_on_of(world, &facts, connector, bodies, Some(&entry))?;
        let Some(fact) = answer_of(&reduced, &chosen.request) else { continue };
        let made = sample(fact, name.clone(), expect.clone());
        if fixture::judge(&id, connector, &made) == expect {
            let text = written(&id, &made);
            return Ok(Recorded { connector: id, fixture: made, text });
        }
    }
    Err(unlike(link_name, &expect))
}

fn answer_of<'f>(facts: &'f Facts, request: &str) -> Option<&'f AnswerFact> {
    facts.answers.iter().find(|fact| fact.request == request && fact.answer.is_some())
}

fn sample(fact: &AnswerFact, name: String, expect: String) -> Fixture {
    let answer = fact.answer.as_ref();
    let headers = answer.into_iter().flat_map(|answer| &answer.headers);
    let told = |(key, value): &&(String, String)| {
        !value.starts_with("<left out")
            && !matches!(key.as_str(), "content-length" | "connection" | "date" | "set-cookie")
    };
    let headers: IndexMap<String, String> = headers.filter(told).cloned().collect();
    Fixture {
        name,
        status: answer.map_or(0, |answer| answer.status),
        headers,
        body: answer.map(|answer| answer.body.to_string()).unwrap_or_default(),
        request: (fact.request != TEST).then(|| fact.request.clone()),
        exchange: None,
        method: None,
        expect,
        forbid: Vec::new(),
    }
}

/// The sample as it stands in a file of definitions.
fn written(id: &str, fixture: &Fixture) -> String {
    let connector = Connector { fixtures: vec![fixture.clone()], ..Connector::default() };
    let table = toml::Table::try_from(connector).unwrap_or_default();
    let id = if id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
        id.to_owned()
    } else {
        toml::Value::String(id.to_owned()).to_string()
    };
    let fixtures: toml::Table = table.into_iter().filter(|(key, _)| key == "fixtures").collect();
    toml::to_string(&fixtures)
        .unwrap_or_default()
        .replace("[[fixtures]]", &format!("[[connectors.{id}.fixtures]]"))
        .replace("[fixtures.headers]", &format!("[connectors.{id}.fixtures.headers]"))
}

fn nothing(link_name: &str, code: &str) -> Failure {
    const NONE: Text = Text::new(
        "There is no answer of {name} to record ({code}).",
        "接続 {name} には記録できる応答がありません（{code}）。",
    );
    const HINT: Text = Text::new("See why: conn diagnose {name}", "理由を確認するには: conn diagnose {name}");
    let values = [("name", link_name), ("code", code)];
    Failure::usage(NONE.fill(&values), Some(HINT.fill(&values)))
}

fn unlike(link_name: &str, code: &str) -> Failure {
    const UNLIKE: Text = Text::new(
        "Without what must not be written down, the answer of {name} is no longer judged as {code}.",
        "記録してはならない内容を除くと、接続 {name} の応答は {code} と判断できなくなります。",
    );
    Failure::usage(UNLIKE.fill(&[("name", link_name), ("code", code)]), None::<Phrase>)
}
