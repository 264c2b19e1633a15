//! Going back to the credential before the last reconnect, once it is proven.

use super::keep::{self, STORES, Seen};
use super::prepare::{Prepared, prepare};
use super::reconnect::{Proof, Reconnected, conclude_with, own_sources, prove};
use super::secrets;
use super::{Failure, World};
use crate::base::Text;
use crate::model::Credential;
use crate::model::connection::SecretSource;
use crate::port::StateRecord;

/// Puts the credential before the last reconnect back, with the place where it was kept.
///
/// # Errors
/// When there is none, it is refused, or a store fails.
pub async fn rollback(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
) -> Result<Reconnected, Failure> {
    let old = prepare(world, link_name, environment)?;
    let record = world.ledger().state(&old.item())?;
    let seen = Seen::now(world, &old);
    let mut prepared = old.clone();
    let mut values = secrets::shared(world, &old)?;
    let mut hosts = Vec::new();
    for (source, credential) in earlier(world, &old, &record)? {
        hosts.extend(credential.hosts);
        if credential.grant.is_some() {
            values.set_grant(credential.grant);
        }
        for (key, value) in credential.values {
            place(&mut prepared, &key, &source);
            values.insert(key, value);
        }
    }
    own_sources(&old, &prepared)?;
    let strange = secrets::strange_host(&prepared, &values, &hosts).into_iter().collect();
    // A renewal spends the earlier refresh token: what comes is stored in its place before anything is tested, so
    // that a service that does not answer costs nothing.
    prepared.earlier = true;
    let (mut loaded, facts, entry) = Box::pin(prove(world, prepared, values, strange, record.clone())).await;
    loaded.prepared.earlier = false;
    let swapped = entry.verdict.is_healthy();
    let proof = Proof { before: None, loaded, facts, entry, swapped };
    Box::pin(conclude_with(world, &old, &record, &seen, proof)).await
}

/// Says in the definition where a value is kept.
fn place(prepared: &mut Prepared, key: &str, source: &SecretSource) {
    if secrets::keeper(prepared, key).as_ref() == Some(source) {
        return;
    }
    prepared.connection.secrets.shift_remove(key);
    if *source != SecretSource::default() {
        prepared.connection.secrets.insert(key.to_owned(), source.clone());
    }
}

/// The previous credential of each store that the connection uses or ever used, oldest first.
fn earlier(
    world: &dyn World,
    prepared: &Prepared,
    record: &StateRecord,
) -> Result<Vec<(SecretSource, Credential)>, Failure> {
    const NONE: Text = Text::new(
        "There is no earlier credential of {name} to go back to.",
        "{name} には戻せる以前の認証情報がありません。",
    );
    let item = prepared.item().before();
    let used = keep::stores(prepared);
    let mut found = Vec::new();
    for source in STORES {
        let asked = used.contains(&source) || record.stores.contains(&source.shown());
        let Some(store) = secrets::store(world, &source).filter(|_| asked) else { continue };
        if let Some(credential) = secrets::read(store, &item)? {
            found.push((source, credential));
        }
    }
    found.sort_by_key(|(_, credential)| credential.stored);
    if found.is_empty() {
        return Err(Failure::usage(NONE.fill(&[("name", &prepared.link_name)]), None));
    }
    Ok(found)
}
