//! Asking the control experiments: which comes next is decided in `diagnosis`; here they are posed, within their
//! guards. A credential goes nowhere but where the connection itself would send it.

use std::time::Duration;

use super::World;
use super::check::Loaded;
use super::conclude;
use super::exchange::Caller;
use super::prepare::Prepared;
use super::secrets::Secrets;
use crate::base::{Secret, Template, hex, redact};
use crate::diagnosis::experiment::{self, Experiment, Guards, MOST, Question, Skipped};
use crate::diagnosis::judge::TEST;
use crate::diagnosis::{AnswerFact, Facts};
use crate::model::{AuthKind, RequestLine, TestRequest};
use crate::port::ControlRecord;

/// Between two repetitions of a call that broke.
const PAUSE: Duration = Duration::from_secs(1);
/// A made-up key is sent at most once in this many hours.
const HOURS: i64 = 24;
/// The longest answer to a made-up key that is remembered, in bytes.
const KEPT: usize = 8 * 1024;
/// The most sibling hosts that are asked.
const SIBLINGS: usize = 4;

/// Asks what is worth asking, until nothing is, or the requests are used up.
pub async fn ask(world: &dyn World, loaded: &Loaded, facts: &mut Facts) {
    let siblings: Vec<String> = siblings(&loaded.prepared).into_iter().map(|sibling| sibling.label).collect();
    loop {
        let left = MOST.saturating_sub(conclude::requests(facts));
        let guards = Guards { left, no_made_up_key: no_made_up_key(world, loaded) };
        let connector = &loaded.prepared.connector;
        let Some(mut next) = experiment::next(connector, facts, &siblings, guards) else { break };
        if next.skipped.is_none() {
            match Box::pin(pose(world, loaded, &next.question)).await {
                Ok(fact) => next.fact = Some(fact),
                Err(reason) => next.skipped = Some(reason),
            }
        }
        facts.experiments.push(next);
    }
    facts.beside = loaded.prepared.beside.count();
}

/// What came back when a made-up key was sent within the last day: it is not sent again.
pub fn recall(loaded: &Loaded, facts: &mut Facts) {
    let Some(record) = &loaded.control else { return };
    let fact = record.answer.as_ref().and_then(|text| serde_json::from_str(text).ok());
    let is_recent = facts.at.duration_since(record.asked).as_hours() < HOURS;
    if let (Some(fact), true) = (fact, is_recent) {
        let remembered = Some(record.asked);
        let question = Question::MadeUpKey;
        facts.experiments.push(Experiment { question, fact: Some(fact), skipped: None, remembered });
    }
}

/// Why a made-up key may not be sent.
fn no_made_up_key(world: &dyn World, loaded: &Loaded) -> Option<Skipped> {
    let prepared = &loaded.prepared;
    if prepared.connector.lockout.unwrap_or(true) {
        return Some(Skipped::Lockout);
    }
    let last = world.ledger().control(&prepared.item()).ok().flatten();
    let now = world.clock().now();
    let recent = last.is_some_and(|last| now.duration_since(last.asked).as_hours() < HOURS);
    recent.then_some(Skipped::AskedToday)
}

async fn pose(world: &dyn World, loaded: &Loaded, question: &Question) -> Result<AnswerFact, Skipped> {
    let prepared = &loaded.prepared;
    let test = prepared.connector.tested();
    let caller = Caller { world, prepared, secrets: &loaded.secrets };
    Ok(match question {
        Question::SecondCall => caller.call(TEST, test).await,
        Question::Repeat(_) => {
            tokio::time::sleep(PAUSE).await;
            caller.call(TEST, test).await
        }
        Question::OlderProtocol => {
            let older = Prepared { older_protocol: true, ..prepared.clone() };
            Caller { world, prepared: &older, secrets: &loaded.secrets }.call(TEST, test).await
        }
        Question::Right(id) => {
            let row = prepared.connector.permissions.iter().find(|row| row.id == *id);
            let request = row.map(crate::model::Permission::as_test);
            caller.call(id, request.as_ref().unwrap_or(test)).await
        }
        Question::UnknownPath => caller.call("unknown-path", &elsewhere(test, &unlikely(world))).await,
        Question::Root => caller.call("root", &elsewhere(test, "")).await,
        Question::NoCredential => bare(world, prepared, loaded, test).await,
        Question::Sibling(label) => {
            let found = siblings(prepared).into_iter().find(|sibling| sibling.label == *label);
            bare(world, &found.map_or_else(|| prepared.clone(), |found| found.prepared), loaded, test).await
        }
        Question::OtherPlace(method) => {
            let other = prepared.by_method(method).ok_or(Skipped::NothingToVary)?;
            Caller { world, prepared: &other, secrets: &loaded.secrets }.call(TEST, test).await
        }
        Question::MadeUpKey => {
            let secrets = made_up(world, loaded).ok_or(Skipped::NothingToVary)?;
            send_made_up(world, prepared, &secrets, test).await?
        }
    })
}

/// Sends a made-up key. That it is sent is noted before, so that a run that is cut off counts too.
async fn send_made_up(
    world: &dyn World,
    prepared: &Prepared,
    secrets: &Secrets,
    test: &TestRequest,
) -> Result<AnswerFact, Skipped> {
    let mut record = ControlRecord { asked: world.clock().now(), answer: None };
    let item = prepared.item();
    world.ledger().note_control(&item, &record).map_err(|_| Skipped::NoMemory)?;
    let fact = Caller { world, prepared, secrets }.call(TEST, test).await;
    // Only a refusal is kept: what else came could hold people's records.
    let is_small = fact.answer.as_ref().is_some_and(|a| a.status >= 400 && a.body.len() <= KEPT);
    if is_small {
        record.answer = serde_json::to_string(&fact).ok();
        // Where that cannot be written, a later run does without.
        let _ = world.ledger().note_control(&item, &record);
    }
    Ok(fact)
}

/// The same request without any secret value at hand.
async fn bare(world: &dyn World, prepared: &Prepared, loaded: &Loaded, test: &TestRequest) -> AnswerFact {
    let mut secrets = loaded.secrets.duplicate();
    let names: Vec<String> = secrets.iter().map(|(name, _)| name.to_owned()).collect();
    for name in names.iter().filter(|name| prepared.is_secret(name)) {
        secrets.remove(name);
    }
    Caller { world, prepared, secrets: &secrets }.call_bare(TEST, test).await
}

/// The test request at another address of the same API.
fn elsewhere(test: &TestRequest, last: &str) -> TestRequest {
    let mut request = test.clone();
    if let RequestLine::Call { target, .. } = &test.request {
        let path = target.source().split(['?', '#']).next().unwrap_or_default();
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        // Only within the base: an absolute target is left for the base as well.
        let parent = if parent.starts_with('/') && !last.is_empty() { parent } else { "" };
        if let Ok(target) = format!("{parent}/{last}").parse::<Template>() {
            request.request = RequestLine::Call { method: "GET".to_owned(), target };
        }
    }
    request.query.clear();
    request.form.clear();
    (request.json, request.body) = (None, None);
    request
}

/// A path segment that no API has.
fn unlikely(world: &dyn World) -> String {
    let mut bytes = [0_u8; 4];
    world.entropy().fill(&mut bytes);
    format!("conn-{}", hex(&bytes))
}

/// The secrets with made-up keys of the same shape; none where nothing can be made up.
fn made_up(world: &dyn World, loaded: &Loaded) -> Option<Secrets> {
    let method = &loaded.prepared.method;
    if !matches!(method.kind, AuthKind::ApiKey | AuthKind::Bearer | AuthKind::Basic) {
        return None;
    }
    let mut secrets = loaded.secrets.duplicate();
    let mut changed = false;
    for (name, _) in method.params.iter().filter(|(_, param)| param.secret) {
        let Some(value) = loaded.secrets.get(name).filter(|value| !value.expose().is_empty()) else {
            continue;
        };
        let mut bytes = vec![0_u8; value.expose().len()];
        world.entropy().fill(&mut bytes);
        let made = alike(value.expose(), &bytes);
        // What the service echoes of it must not tell the two answers apart, nor stand in any log.
        redact::remember(&made);
        secrets.insert(name.as_str(), Secret::new(made));
        changed = true;
    }
    changed.then_some(secrets)
}

/// A value of the same shape: the longest run of letters and digits is drawn anew, each by one of its own class, so
/// that prefixes and suffixes (`sk_live_…`, `…-us21`) stay.
fn alike(value: &str, chance: &[u8]) -> String {
    let runs = value.split(|c: char| !c.is_ascii_alphanumeric());
    let Some(longest) = runs.max_by_key(|run| run.len()) else { return value.to_owned() };
    let start = value.find(longest).unwrap_or_default();
    let range = start..start + longest.len();
    let is_hex = longest.chars().all(|c| c.is_ascii_hexdigit());
    let draw = |(place, c): (usize, char)| {
        let byte = chance.get(place).copied().unwrap_or_default();
        match c {
            _ if !range.contains(&place) => c,
            '0'..='9' => char::from(b'0' + byte % 10),
            'a'..='f' if is_hex => char::from(b'a' + byte % 6),
            'A'..='F' if is_hex => char::from(b'A' + byte % 6),
            'a'..='z' => char::from(b'a' + byte % 26),
            'A'..='Z' => char::from(b'A' + byte % 26),
            other => other,
        }
    };
    value.char_indices().map(draw).collect()
}

/// The same connection at another host of the same service.
struct Sibling {
    label: String,
    prepared: Prepared,
}

/// The hosts that the connector itself lists beside ours: other values of a choice in its address, and its other
/// environments.
fn siblings(prepared: &Prepared) -> Vec<Sibling> {
    let none = Secrets::default();
    let host =
        |prepared: &Prepared| prepared.base(&none).ok().and_then(|url| url.host_str().map(str::to_owned));
    let Some(ours) = host(prepared) else { return Vec::new() };
    let choices = prepared.connector.vars.iter().flat_map(|(name, variable)| {
        variable.choices.iter().map(move |choice| {
            let mut other = prepared.clone();
            other.connection.vars.insert(name.clone(), choice.clone());
            Sibling { label: format!("{name} = {choice}"), prepared: other }
        })
    });
    let environments =
        prepared.connector.environments.iter().filter(|(name, _)| **name != prepared.environment);
    let environments = environments.filter_map(|(name, environment)| {
        let mut other = prepared.clone();
        std::sync::Arc::make_mut(&mut other.connector).base = Some(environment.base.clone()?);
        Some(Sibling { label: name.clone(), prepared: other })
    });
    let mut seen = vec![ours];
    let elsewhere = choices.chain(environments).filter(|sibling| {
        let theirs = host(&sibling.prepared);
        let fresh = theirs.as_ref().is_some_and(|theirs| !seen.contains(theirs));
        seen.extend(theirs.filter(|_| fresh));
        fresh
    });
    elsewhere.take(SIBLINGS).collect()
}

#[cfg(test)]
mod tests {
    use super::{alike, elsewhere};
    use crate::model::TestRequest;

    #[test]
    fn a_made_up_key_has_the_shape_of_the_real_one_and_another_value() {
        let chance: Vec<u8> = (7..80).map(|n| n * 3 % 251).collect();
        for (value, pattern) in [
            ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "^sk_live_[0-9a-zA-Z]{24}$"),
            ("0123456789abcdef0123456789abcdef-us21", "^[0-9a-f]{32}-us21$"),
            ("9b2d0f6e-3c1a-4f5b-8d7e-123456789abc", "^9b2d0f6e-3c1a-4f5b-8d7e-[0-9a-f]{12}$"),
            ("pa$$word", "^pa\\$\\$[a-z]{4}$"),
        ] {
            let made = alike(value, &chance);
            assert!(regex_lite::Regex::new(pattern).unwrap().is_match(&made), "{value} {made}");
            assert_ne!(made, value);
        }
        assert_eq!(alike("ＡＢ", &chance), "ＡＢ");
    }

    #[test]
    fn another_address_keeps_to_the_base() {
        let target = |line: &str, last: &str| {
            let test: TestRequest = toml::from_str(&format!("request = '{line}'\nquery.a = 'b'")).unwrap();
            let other = elsewhere(&test, last);
            assert!(other.query.is_empty());
            serde_json::to_value(&other.request).unwrap().as_str().unwrap().to_owned()
        };
        assert_eq!(target("GET /crm/me?x=1", "conn-1"), "GET /crm/conn-1");
        assert_eq!(target("POST /me", "conn-1"), "GET /conn-1");
        assert_eq!(target("GET /crm/me", ""), "GET /");
    }
}
