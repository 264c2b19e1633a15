//! Diagnosing one connection: the path first, then the credential, then the rights; or saved facts again.

use std::time::Instant;

use super::check::{self, Depth};
use super::prepare::prepare;
use super::{Failure, World, conclude, test};
use crate::base::{Phrase, Text};
use crate::diagnosis::{Entry, Facts, Report};
use crate::model::connection::ConnectionKind;
use crate::model::{State, Verdict};

/// Diagnoses one connection.
///
/// # Errors
/// When it does not exist or the ledger fails.
pub async fn diagnose(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
    depth: Depth,
) -> Result<(Report, Facts), Failure> {
    let started_at = world.clock().now();
    let started = Instant::now();
    let mut loaded = check::load(world, prepare(world, link_name, environment)?)?;
    let facts = check::observe(world, &mut loaded, depth).await;
    let entry = if depth == Depth::Offline {
        // Without traffic nothing is learned that should be remembered.
        let ms = started.elapsed().as_secs_f64() * 1000.0;
        let kind = loaded.prepared.connection.kind;
        let entry = conclude::entry(&loaded.prepared.connector, kind, &facts, ms);
        unverified(entry, loaded.record.state)
    } else {
        let (entry, unremembered) = test::finish(world, &loaded, &facts, "diagnose", started)?;
        if let Some(failure) = &unremembered {
            test::tell_unremembered(world, failure);
        }
        entry
    };
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    Ok((Report { verb: "diagnose", started_at, ms, entries: vec![entry], strict: false }, facts))
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
pub fn replay(world: &dyn World, text: &str) -> Result<Report, Failure> {
    const UNREADABLE: Text = Text::new(
        "The file holds no facts that conn saved.",
        "ファイルに conn が保存した観測データがありません。",
    );
    const HINT: Text = Text::new(
        "Make it with: conn diagnose NAME --save FILE",
        "conn diagnose 接続名 --save ファイル で作成してください。",
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
    let entry = conclude::entry(&connector.value, ConnectionKind::default(), &facts, 0.0);
    Ok(Report { verb: "diagnose", started_at: facts.at, ms: 0.0, entries: vec![entry], strict: false })
}
