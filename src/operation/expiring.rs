//! What of all connections ends soon: from what their last successes showed. Asks no service and no secret store.

use std::collections::BTreeMap;

use super::list::{Filter, Known, Row};
use super::{Failure, World};
use crate::base::{Phrase, Timestamp};
use crate::diagnosis::expiry::Expiring;
use crate::model::connection::ConnectionKind;
use crate::port::ItemKey;

/// One thing that ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// The connection.
    pub link_name: String,
    /// The account, where the connection has several.
    pub account: Option<String>,
    /// The service.
    pub service: Phrase,
    /// The environment.
    pub environment: String,
    /// What ends.
    pub what: Expiring,
    /// When.
    pub at: Timestamp,
}

/// What ends, and of which connections nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forecast {
    /// Everything that ends within the time, soonest first; what has ended already comes before it.
    pub ends: Vec<End>,
    /// The connections that never worked: nobody knows what of them ends.
    pub unknown: Vec<String>,
    /// Those that do not know the environment.
    pub strangers: Vec<String>,
}

/// What ends until a moment, of the connections that pass the filter.
///
/// # Errors
/// When a definition or the ledger cannot be read.
pub fn forecast(world: &dyn World, filter: &Filter, until: Timestamp) -> Result<Forecast, Failure> {
    let known = Known::read(world)?;
    let listed = known.list(filter)?;
    let strangers = listed.strangers.iter().map(|name| (*name).to_owned()).collect();
    let mut forecast = Forecast { strangers, ..Forecast::default() };
    for row in listed.rows {
        let mut seen = false;
        for item in items(world, &row)? {
            if let Some(good) = world.ledger().last_good(&item)? {
                seen = true;
                forecast.ends.extend(ends(&row, &item, &good.ends, until));
            }
        }
        if !seen {
            forecast.unknown.push(row.connection.link_name.to_owned());
        }
    }
    forecast.ends.sort_by(|a, b| (a.at, &a.link_name, a.what).cmp(&(b.at, &b.link_name, b.what)));
    Ok(forecast)
}

/// The authorisations of a connection.
fn items(world: &dyn World, row: &Row<'_>) -> Result<Vec<ItemKey>, Failure> {
    let connection = &row.connection;
    let environment = if connection.same_authorization { &connection.environment } else { &row.environment };
    let one = ItemKey::current(connection.link_name, environment);
    if connection.kind != ConnectionKind::User {
        return Ok(vec![one]);
    }
    let accounts = world.ledger().accounts(connection.link_name)?;
    let own = accounts.into_iter().filter(|account| account.environment == **environment);
    Ok(own.map(|account| ItemKey { account: Some(account.label), ..one.clone() }).collect())
}

fn ends<'r>(
    row: &'r Row<'_>,
    item: &'r ItemKey,
    seen: &'r BTreeMap<Expiring, Timestamp>,
    until: Timestamp,
) -> impl Iterator<Item = End> + 'r {
    seen.iter().filter(move |(_, at)| **at <= until).map(|(what, at)| End {
        link_name: item.link_name.clone(),
        account: item.account.clone(),
        service: (*row.service).clone(),
        environment: row.environment.to_string(),
        what: *what,
        at: *at,
    })
}
