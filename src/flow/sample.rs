//! A definition's sample answers of token endpoints, read as the flow of its method would read them.

use super::{Stop, Terms, token_answer};
use crate::base::{Response, Timestamp};
use crate::model::{Connector, Fixture, Obtaining};
use crate::scheme::Moment;

/// Reads the answer of a token endpoint; `None` where the sample is none, or no method obtains tokens.
#[must_use]
pub fn read(connector: &Connector, fixture: &Fixture) -> Option<Result<(), Stop>> {
    let spent = fixture.exchange?;
    let method = match &fixture.method {
        Some(name) => connector.auth.get(name)?,
        None => connector.auth.values().find(|method| method.obtaining() != Obtaining::Given)?,
    };
    let terms = Terms { method, variables: &connector.vars, values: &|_| None, metadata: None, scopes: &[] };
    let response = Response {
        status: fixture.status,
        headers: fixture.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        body: fixture.body.clone().into_bytes(),
        ..Response::default()
    };
    let moment = Moment::new(Timestamp::UNIX_EPOCH, |_| {});
    Some(token_answer::read_spent(spent, &terms, &response, &moment).map(drop))
}

/// The code of what stops a sample that should give tokens; `None` where nothing does.
#[must_use]
pub fn obstacle(connector: &Connector, fixture: &Fixture) -> Option<&'static str> {
    read(connector, fixture)?.err().map(|stop| stop.code)
}
