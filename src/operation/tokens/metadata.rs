//! What an authorization server publishes about itself, asked where the definition names its issuer and leaves an
//! address open.

use super::{Talk, Trouble};
use crate::flow::Metadata;
use crate::model::refusal::Spent;
use crate::operation::World;
use crate::operation::prepare::Prepared;
use crate::operation::secrets::Secrets;

/// The published metadata; `None` where the definition needs none.
///
/// # Errors
/// Why it could not be read.
pub async fn published(
    world: &dyn World,
    prepared: &Prepared,
    secrets: &Secrets,
) -> Result<Option<Metadata>, Trouble> {
    if prepared.method.issuer.is_none() || prepared.method.token.is_some() {
        return Ok(None);
    }
    let talk = Talk { world, prepared, secrets, metadata: None, scopes: &[], spent: Spent::Nothing };
    talk.discover().await.map(Some)
}
