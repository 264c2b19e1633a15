//! Diagnosing one connection: the path first, then the credential, then the rights; or saved facts again.

use std::time::Instant;

use super::check::{self, Depth, Loaded};
use super::exchange::Caller;
use super::prepare::prepare;
use super::{Failure, World, conclude, control, test};
use crate::base::{Header, Phrase, Text, redact};
use crate::cause::Cause;
use crate::diagnosis::ladder::stage_of;
use crate::diagnosis::report::ShownRequest;
use crate::diagnosis::{Entry, Facts, Report, Stage, judge};
use crate::model::connection::ConnectionKind;
use crate::model::{Connector, State, Verdict};

/// How one connection is to be diagnosed.
#[derive(Clone, Debug)]
pub struct Wish {
    /// How deep to look.
    pub depth: Depth,
    /// Whether control experiments may be made.
    pub controls: bool,
    /// Why was this cause not named?
    pub why_not: Option<&'static Cause>,
    /// Only as far as this layer.
    pub stage: Option<Stage>,
    /// Whether the test request is to be shown as it travels.
    pub show_request: bool,
}

impl Default for Wish {
    fn default() -> Self {
        Self { depth: Depth::Diagnose, controls: true, why_not: None, stage: None, show_request: false }
    }
}

/// Diagnoses one connection.
///
/// # Errors
/// When it does not exist or the ledger fails.
pub async fn diagnose(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
    wish: &Wish,
) -> Result<(Report, Facts), Failure> {
    let started_at = world.clock().now();
    let started = Instant::now();
    let mut loaded = check::load(world, prepare(world, link_name, environment)?)?;
    let facts = observe(world, &mut loaded, wish).await;
    let mut entry = if wish.depth == Depth::Offline || wish.stage.is_some() {
        // What was not looked at whole is not remembered.
        let ms = started.elapsed().as_secs_f64() * 1000.0;
        let kind = loaded.prepared.connection.kind;
        let entry = conclude::entry(&loaded.prepared.connector, kind, &facts, ms);
        unverified(entry, loaded.record.state)
    } else {
        let (entry, run) = test::finish(&loaded, &facts, "diagnose", started);
        let unremembered = test::remember(world, &[run])?;
        if let Some(failure) = &unremembered {
            test::tell_unremembered(world, failure);
        }
        entry
    };
    account(&mut entry, &loaded.prepared.connector, &facts, wish);
    if wish.show_request {
        entry.account.request = shown(world, &loaded);
    }
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    Ok((Report::of("diagnose", started_at, ms, vec![entry]), facts))
}

/// Looks, and asks what the look left open.
async fn observe(world: &dyn World, loaded: &mut Loaded, wish: &Wish) -> Facts {
    let below = wish.stage.filter(|stage| *stage <= Stage::Tls);
    if below.is_some() {
        return check::path_alone(world, loaded).await;
    }
    let mut facts = check::observe(world, loaded, wish.depth).await;
    if facts.answers.is_empty() || wish.stage.is_some_and(|stage| stage == Stage::Http) {
        return facts;
    }
    control::recall(loaded, &mut facts);
    if wish.controls {
        control::ask(world, loaded, &mut facts).await;
    }
    facts
}

/// Leaves what lies above a layer out: nobody asked for it.
fn only(entry: &mut Entry, stage: Stage) {
    entry.account.stage = Some(stage);
    entry.stages.retain(|line| line.stage <= stage);
    entry.findings.retain(|finding| stage_of(finding) <= stage);
    entry.verdict = judge::verdict(&entry.findings);
    if entry.verdict.is_healthy() && stage < Stage::Auth {
        entry.verdict = Verdict::Unverified;
    }
    entry.access.retain(|_| stage >= Stage::Access);
    entry.quota = entry.quota.take().filter(|_| stage >= Stage::Quota);
    entry.account.candidates.retain(|_| !entry.findings.is_empty());
}

/// What somebody asked to be accounted for.
fn account(entry: &mut Entry, connector: &Connector, facts: &Facts, wish: &Wish) {
    entry.account.diagnosed = true;
    if let Some(stage) = wish.stage {
        only(entry, stage);
    }
    if let Some(cause) = wish.why_not {
        let root = entry.root().map(|root| root.cause.code);
        entry.account.why_not = judge::why_not(connector, facts, cause, root);
    }
}

/// The test request as it travels, without its secrets.
fn shown(world: &dyn World, loaded: &Loaded) -> Option<ShownRequest> {
    let caller = Caller { world, prepared: &loaded.prepared, secrets: &loaded.secrets };
    let test = loaded.prepared.connector.tested();
    let request = caller.build(test).ok()?;
    let header = |header: &Header| {
        let value = if header.secret { redact::MASK.to_owned() } else { header.value.to_string() };
        (header.name.clone(), redact::scrub(&value).into_owned())
    };
    Some(ShownRequest {
        method: request.method.clone(),
        url: redact::scrub(&request.shown_url).into_owned(),
        headers: request.headers.iter().map(header).collect(),
        body: request.body.as_ref().map(|body| (body.content_type.clone(), body.bytes.len())),
    })
}

/// What was not tried is neither healthy nor broken.
fn unverified(entry: Entry, state: State) -> Entry {
    let verdict = if entry.verdict.is_healthy() { Verdict::Unverified } else { entry.verdict };
    Entry { verdict, state, ..entry }
}

/// Judges saved facts again, with the connector as it is defined here.
///
/// # Errors
/// When the text holds no facts, or the connector is not known here.
pub fn replay(world: &dyn World, text: &str, wish: &Wish) -> Result<Report, Failure> {
    const UNREADABLE: Text = Text::new(
        "The file holds no facts that conn saved.",
        "ファイルに conn が保存した観測データがありません。",
    );
    const HINT: Text = Text::new(
        "Make it with: conn diagnose NAME --save FILE",
        "conn diagnose リンク名 --save ファイル で作成してください。",
    );
    let read = || Failure::usage(Phrase::from(UNREADABLE), Some(Phrase::from(HINT)));
    let facts: Facts = serde_json::from_str(text).map_err(|_| read())?;
    if facts.schema != crate::diagnosis::fact::SCHEMA {
        return Err(read());
    }
    let id = facts.connection.connector.clone();
    let Some(connector) = world.definitions()?.connector(&id)? else {
        return Err(Failure::cause("CONN-CFG-CONNECTOR-UNKNOWN", &[("connector", &id)]));
    };
    let mut entry = conclude::entry(&connector.value, ConnectionKind::default(), &facts, 0.0);
    account(&mut entry, &connector.value, &facts, wish);
    Ok(Report::of("diagnose", facts.at, 0.0, vec![entry]))
}
