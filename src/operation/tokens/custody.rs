//! Putting tokens into a connection's secrets, and into the store.

use zeroize::Zeroizing;

use crate::base::Secret;
use crate::base::Timestamp;
use crate::flow::Obtained;
use crate::model::grant::{ACCESS_TOKEN, DPOP_KEY, ID_TOKEN, REFRESH_TOKEN, TOKEN_SECRET, is_obtained};
use crate::model::{Credential, Grant};
use crate::operation::check::Loaded;
use crate::operation::keep;
use crate::operation::prepare::Prepared;
use crate::operation::secrets::{self, Secrets};
use crate::operation::{Failure, World};
use crate::scheme::dpop::ProofKey;

/// Makes the key that proves possession of the tokens to come (RFC 9449), where the definition wants proofs and
/// there is none yet. It stays for as long as tokens are bound to it.
pub fn make_key(world: &dyn World, prepared: &Prepared, secrets: &mut Secrets) {
    if prepared.method.dpop == Some(true) && secrets.get(DPOP_KEY).is_none() {
        let mut chance = Zeroizing::new([0; 32]);
        world.entropy().fill(chance.as_mut_slice());
        let key = ProofKey::generate(&chance).to_text();
        secrets.insert(DPOP_KEY, Secret::new(key.to_string()));
    }
}

/// Takes tokens in. What did not come anew stays: services that rotate no refresh token send none (RFC 6749,
/// section 6).
pub fn take_in(secrets: &mut Secrets, obtained: Obtained, now: Timestamp, consented: bool, asked: &[String]) {
    let old = secrets.grant().cloned();
    secrets.insert(ACCESS_TOKEN, obtained.access_token);
    let further = [
        (REFRESH_TOKEN, obtained.refresh_token),
        (ID_TOKEN, obtained.id_token),
        (TOKEN_SECRET, obtained.token_secret),
    ];
    for (key, value) in further {
        match value {
            Some(value) => secrets.insert(key, value),
            // A new consent starts anew: an old refresh token belongs to the old one.
            None if consented => secrets.remove(key),
            None => {}
        }
    }
    let old = old.filter(|_| !consented);
    let mut kept = old.as_ref().map(|old| old.kept.clone()).unwrap_or_default();
    kept.extend(obtained.kept);
    let asked = match &old {
        Some(old) if !old.asked.is_empty() => old.asked.clone(),
        _ => asked.to_vec(),
    };
    secrets.set_grant(Some(Grant {
        obtained: now,
        consented: old.as_ref().map_or(now, |old| old.consented),
        expires: obtained.expires,
        refresh_expires: obtained.refresh_expires.or(old.as_ref().and_then(|old| old.refresh_expires)),
        asked,
        scopes: obtained.scopes.or_else(|| old.as_ref().and_then(|old| old.scopes.clone())),
        token_type: obtained.token_type,
        kept,
        published: old.and_then(|old| old.published),
    }));
}

/// What the store holds of a connection whose tokens conn keeps.
///
/// # Errors
/// When the store fails.
pub fn stored(world: &dyn World, prepared: &Prepared) -> Result<Option<Credential>, Failure> {
    let Some(store) = secrets::token_store(prepared).and_then(|source| secrets::store(world, &source)) else {
        return Ok(None);
    };
    Ok(secrets::read(store, &prepared.item())?)
}

/// Writes the variables that an answer filled beside the stored tokens. Where that fails they are asked again.
pub async fn keep_filled(world: &dyn World, loaded: &Loaded) {
    let (prepared, item) = (&loaded.prepared, loaded.prepared.item());
    let kept = loaded.secrets.grant().map(|grant| grant.kept.clone()).unwrap_or_default();
    let store = secrets::token_store(prepared).and_then(|source| secrets::store(world, &source));
    let (Some(store), Ok(_held)) = (store, keep::alone(world, &item).await) else { return };
    let Ok(Some(mut credential)) = secrets::read(store, &item) else { return };
    if let Some(grant) = credential.grant.as_mut() {
        grant.kept.extend(kept);
        if let Err(error) = store.put(&item, &credential.to_item()) {
            tracing::warn!(store = store.name(), %error, "a filled variable was not kept");
        }
    }
}

/// Takes over what another process stored.
pub fn adopt(secrets: &mut Secrets, credential: &Credential) {
    let obtained: Vec<String> =
        secrets.iter().map(|(key, _)| key.to_owned()).filter(|key| is_obtained(key)).collect();
    for key in &obtained {
        secrets.remove(key);
    }
    for (key, value) in &credential.values {
        secrets.insert(key.clone(), value.duplicate());
    }
    secrets.set_grant(credential.grant.clone());
}

/// Writes renewed tokens beside what the item holds already. Only under the credential's lock.
///
/// # Errors
/// When the store fails; it then holds what it held.
pub fn write(
    world: &dyn World,
    prepared: &Prepared,
    values: &Secrets,
    before: Option<Credential>,
) -> Result<(), Failure> {
    let Some(store) = secrets::token_store(prepared).and_then(|source| secrets::store(world, &source)) else {
        return Ok(());
    };
    let (given, hosts, generation) = match before {
        Some(before) => (before.values, before.hosts, before.generation),
        None => (indexmap::IndexMap::default(), prepared.hosts(values), 0),
    };
    let mut kept: indexmap::IndexMap<String, Secret> =
        given.into_iter().filter(|(key, _)| !is_obtained(key)).collect();
    kept.extend(
        values
            .iter()
            .filter(|(key, _)| is_obtained(key))
            .map(|(key, value)| (key.to_owned(), value.duplicate())),
    );
    let credential = Credential {
        values: kept,
        hosts,
        generation: generation + 1,
        stored: world.clock().now(),
        grant: values.grant().cloned(),
    };
    store.put(&prepared.item(), &credential.to_item())?;
    Ok(())
}
