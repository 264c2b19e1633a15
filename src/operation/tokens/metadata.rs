//! What an authorization server publishes about itself, asked where the definition names its issuer and leaves an
//! address open. What was read is kept beside the tokens, so that a renewal need not ask again.

use jiff::SignedDuration;

use super::{Talk, Trouble};
use crate::base::Timestamp;
use crate::flow::{Metadata, published};
use crate::model::grant::Published;
use crate::model::refusal::Spent;
use crate::operation::World;
use crate::operation::prepare::Prepared;
use crate::operation::secrets::Secrets;

/// How long what was read is believed, in hours. Servers change their addresses rarely and announce it.
const HOURS: i64 = 24;

/// The published metadata for token requests; `None` where the definition needs none.
///
/// # Errors
/// Why it could not be read.
pub async fn published(
    world: &dyn World,
    prepared: &Prepared,
    secrets: &Secrets,
) -> Result<Option<Metadata>, Trouble> {
    for_address(world, prepared, secrets, "token").await
}

/// The published metadata, where the definition leaves an address open.
///
/// # Errors
/// Why it could not be read.
pub async fn for_address(
    world: &dyn World,
    prepared: &Prepared,
    secrets: &Secrets,
    address: &str,
) -> Result<Option<Metadata>, Trouble> {
    let is_open = prepared.method.addresses().iter().all(|(name, _)| *name != address);
    if prepared.method.issuer.is_none() || !is_open {
        return Ok(None);
    }
    if let Some(kept) = known(world, prepared, secrets) {
        return Ok(Some(kept));
    }
    let talk = Talk { world, prepared, secrets, metadata: None, scopes: &[], spent: Spent::Nothing };
    talk.discover().await.map(Some)
}

/// What was read before, where that is not long ago and of the same issuer.
fn known(world: &dyn World, prepared: &Prepared, secrets: &Secrets) -> Option<Metadata> {
    let kept = secrets.grant()?.published.as_ref()?;
    let age = world.clock().now().duration_since(kept.read);
    if age < SignedDuration::ZERO || age > SignedDuration::from_hours(HOURS) {
        return None;
    }
    let issuer = prepared.method.issuer.as_ref()?.expand(|name| prepared.value(name, secrets)).ok()?;
    published::taken_up(&issuer, &kept.document)
}

/// Keeps what was read with the tokens that came by it.
pub fn keep(secrets: &mut Secrets, metadata: Option<&Metadata>, now: Timestamp) {
    let (Some(metadata), Some(mut grant)) = (metadata, secrets.grant().cloned()) else { return };
    let document = published::put_away(metadata);
    if grant.published.as_ref().is_none_or(|kept| kept.document != document) {
        grant.published = Some(Published { read: now, document });
        secrets.set_grant(Some(grant));
    }
}

/// Forgets what was read before: an address of it answers no more.
pub fn forget(secrets: &mut Secrets) -> bool {
    let Some(mut grant) = secrets.grant().filter(|grant| grant.published.is_some()).cloned() else {
        return false;
    };
    grant.published = None;
    secrets.set_grant(Some(grant));
    true
}

/// Whether the service lets a person sign in by a code on another device.
#[must_use]
pub fn offers_device(prepared: &Prepared, published: Option<&Metadata>) -> bool {
    prepared.method.device.is_some()
        || published.is_some_and(|metadata| metadata.addresses.contains_key("device"))
}
