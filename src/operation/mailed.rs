//! An answer that somebody mailed, judged without any connection: what does it mean, and what is to be done?

use super::prepare::find;
use super::{Failure, World, conclude};
use crate::base::{Phrase, Text, suggest};
use crate::catalog;
use crate::diagnosis::{Report, fixture};
use crate::model::connection::ConnectionKind;
use crate::model::{Connector, Fixture};

/// An answer as it was mailed.
#[derive(Clone, Debug, Default)]
pub struct Mailed {
    /// The status code.
    pub status: u16,
    /// The headers, `Name: value`.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// Judges an answer by the definition of a service, named by its connector or by a connection. Nothing is sent and
/// nothing is remembered.
///
/// # Errors
/// When neither a connector nor a connection has this name.
pub fn judge(
    world: &dyn World,
    named: &str,
    environment: Option<&str>,
    mailed: &Mailed,
) -> Result<Report, Failure> {
    let Service { id, connector, is_connection } = definition(world, named, environment)?;
    let sample = Fixture {
        name: named.to_owned(),
        status: mailed.status,
        headers: mailed.headers.iter().cloned().collect(),
        body: mailed.body.clone(),
        request: None,
        exchange: None,
        method: None,
        expect: fixture::OK.to_owned(),
        forbid: Vec::new(),
    };
    let mut facts = fixture::facts(&id, &connector, &sample);
    facts.at = world.clock().now();
    named.clone_into(&mut facts.connection.link_name);
    // Where the answer came from was not said.
    facts.connection.base = connector.base.as_ref().map(|base| base.source().to_owned()).unwrap_or_default();
    facts.connection.host.clear();
    let mut entry = conclude::entry(&connector, ConnectionKind::default(), &facts, 0.0);
    if !is_connection {
        // No step works for a connection that does not exist: it stands for whichever one is meant.
        for finding in &mut entry.findings {
            finding.values.insert("name".to_owned(), Phrase::from("LINK_NAME"));
        }
    }
    // Only the answer is known; of the layers below it nothing is.
    entry.stages.clear();
    entry.requests = 0;
    Ok(Report::of("answer", facts.at, 0.0, vec![entry]))
}

/// The service that is taken to have answered.
struct Service {
    id: String,
    connector: Connector,
    /// Whether a connection was named, and not the service itself.
    is_connection: bool,
}

fn definition(world: &dyn World, named: &str, environment: Option<&str>) -> Result<Service, Failure> {
    let definitions = world.definitions()?;
    if definitions.connection(named)?.is_some() {
        let prepared = find(world, named, environment)?;
        let (id, connector) = (prepared.connection.connector, prepared.connector.as_ref().clone());
        return Ok(Service { id, connector, is_connection: true });
    }
    let Some(located) = definitions.connector(named)? else { return Err(unknown(named)) };
    Ok(Service { id: named.to_owned(), connector: located.value, is_connection: false })
}

fn unknown(named: &str) -> Failure {
    const WRONG: Text = Text::new(
        "There is neither a connection nor a connector named {name}.",
        "{name} という接続もコネクターもありません。",
    );
    const NEAREST: Text = Text::new("Did you mean {nearest}?", "{nearest} のことですか。");
    const SEARCH: Text = Text::new(
        "Find the service with: conn connectors search WORDS",
        "サービスは conn connectors search 検索語 で探せます。",
    );
    let shown = crate::base::safe_text::line(named, 60);
    let near = suggest::nearest(named, catalog::ids());
    let hint = near.map_or(Phrase::from(SEARCH), |nearest| NEAREST.fill(&[("nearest", nearest)]));
    Failure::usage(WRONG.fill(&[("name", &shown)]), Some(hint))
}
