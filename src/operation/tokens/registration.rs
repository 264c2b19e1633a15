//! A client of conn's own, where a service lets programs register themselves (RFC 7591): made once, before the first
//! consent, kept beside the tokens and used again, withdrawn when the connection is removed (RFC 7592).

use super::{Talk, Trouble, register};
use crate::base::{Phrase, Secret, Text, Timestamp};
use crate::flow::registration::{self, Registered};
use crate::flow::{Exchange, Metadata};
use crate::model::Credential;
use crate::model::grant::{
    CLIENT_ID, CLIENT_SECRET, CLIENT_SECRET_ENDS, REGISTRATION_ADDRESS, REGISTRATION_TOKEN, is_of_client,
};
use crate::model::refusal::Spent;
use crate::operation::check::Loaded;
use crate::operation::prepare::Prepared;
use crate::operation::secrets::{self, Secrets};
use crate::operation::{Failure, World, keep};

/// Sees to it that there is a client: the one that was given or registered before, else a new one. It is kept at once,
/// so that a consent that fails does not leave it behind unused.
///
/// # Errors
/// Why there is none.
pub async fn ensure(
    world: &dyn World,
    prepared: &Prepared,
    values: &mut Secrets,
    published: Option<&Metadata>,
) -> Result<(), Trouble> {
    if !prepared.registers() || is_there(values, world.clock().now()) {
        return Ok(());
    }
    let registered = obtain(world, prepared, values, published).await?;
    forget(values);
    for (key, value) in entries(registered) {
        values.insert(key, value);
    }
    store(world, prepared, values).await?;
    tell(world, prepared, values);
    Ok(())
}

/// Whether a client is there whose secret has not ended.
fn is_there(values: &Secrets, now: Timestamp) -> bool {
    let ends = values.get(CLIENT_SECRET_ENDS).and_then(|ends| ends.expose().parse::<Timestamp>().ok());
    values.get(CLIENT_ID).is_some() && ends.is_none_or(|ends| ends > now)
}

/// Takes a registered client out of the values in hand.
pub fn forget(values: &mut Secrets) {
    let keys: Vec<String> =
        values.iter().map(|(key, _)| key.to_owned()).filter(|key| is_of_client(key)).collect();
    for key in &keys {
        values.remove(key);
    }
}

fn entries(registered: Registered) -> impl Iterator<Item = (&'static str, Secret)> {
    let ends = registered.secret_expires.map(|ends| Secret::new(ends.to_string()));
    [
        (CLIENT_ID, Some(Secret::new(registered.client_id))),
        (CLIENT_SECRET, registered.client_secret),
        (CLIENT_SECRET_ENDS, ends),
        (REGISTRATION_TOKEN, registered.registration_access_token),
        (REGISTRATION_ADDRESS, registered.client_address.map(Secret::new)),
    ]
    .into_iter()
    .filter_map(|(key, value)| Some((key, value?)))
}

async fn obtain(
    world: &dyn World,
    prepared: &Prepared,
    values: &Secrets,
    metadata: Option<&Metadata>,
) -> Result<Registered, Trouble> {
    const NO_ADDRESS: Text = Text::new(
        "{service} publishes no address where programs register themselves; register an app there and give its client ID: --set client_id=…",
        "{service} は、プログラムが自分で登録するためのアドレスを公開していません。アプリを登録し、--set client_id=… で Client ID を指定してください",
    );
    let scopes = super::renew::scopes(prepared);
    let talk = Talk { world, prepared, secrets: values, metadata, scopes: &scopes, spent: Spent::Nothing };
    let lookup = |name: &str| prepared.value(name, values);
    let terms = talk.terms(&lookup);
    if terms.address_if_any("register").map_err(|stop| talk.stopped(stop, None))?.is_none() {
        let service = prepared.connector.display_name(&prepared.connection.connector);
        let values = [("variable", CLIENT_ID), ("label", "Client ID"), ("key", CLIENT_ID)];
        let mut problem = prepared.problem("CONN-CFG-VARIABLE-MISSING", &values);
        problem.evidence.push(NO_ADDRESS.fill_phrases(&[("service", service)]));
        return Err(problem.into());
    }
    let redirect = register::redirect(prepared);
    let request =
        registration::request(&terms, redirect.as_deref()).map_err(|stop| talk.stopped(stop, None))?;
    let (response, fact) = talk.ask(Exchange::Registration, &request).await?;
    let Some(response) = response else { return Err(Trouble::Fact(Box::new(fact))) };
    registration::read(&response).map_err(|stop| talk.stopped(stop, None))
}

/// Writes the client beside what the item of all accounts holds. The generation stays: the credential is the same.
async fn store(world: &dyn World, prepared: &Prepared, values: &Secrets) -> Result<(), Trouble> {
    let item = prepared.shared_item();
    let source = secrets::token_store(prepared);
    let Some(store) = source.and_then(|source| secrets::store(world, &source)) else { return Ok(()) };
    let _held = keep::alone(world, &item).await?;
    let before = secrets::read(store, &item).map_err(Failure::from)?;
    let mut credential = before.unwrap_or_else(|| Credential {
        values: indexmap::IndexMap::default(),
        hosts: prepared.hosts(values),
        generation: 0,
        stored: world.clock().now(),
        grant: None,
    });
    credential.values.retain(|key, _| !is_of_client(key));
    let client = values.iter().filter(|(key, _)| is_of_client(key));
    credential.values.extend(client.map(|(key, value)| (key.to_owned(), value.duplicate())));
    store.put(&item, &credential.to_item()).map_err(Failure::from)?;
    Ok(())
}

fn tell(world: &dyn World, prepared: &Prepared, values: &Secrets) {
    const DONE: Text = Text::new(
        "conn has registered itself as a client of {service}: client ID {id}. It is kept and used again.",
        "{service} に conn をクライアントとして登録しました（クライアントID: {id}）。保存して次回以降も使います。",
    );
    let settings = world.settings();
    if settings.quiet {
        return;
    }
    let service = prepared.connector.display_name(&prepared.connection.connector);
    let id = values.get(CLIENT_ID).map(Secret::expose).unwrap_or_default();
    let id = Phrase::same(crate::base::safe_text::line(id, 120));
    world.person().say(DONE.fill_phrases(&[("service", service), ("id", id)]).get(settings.language));
}

/// Has the service forget a client that conn registered; why it did not, where it did not.
pub async fn withdraw(world: &dyn World, loaded: &Loaded) -> Option<Phrase> {
    const LEFT: Text = Text::new(
        "the client {id} stays registered: {service} did not withdraw it",
        "クライアント {id} の登録は残っています（{service} が削除に応じませんでした）",
    );
    let (prepared, secrets) = (&loaded.prepared, &loaded.secrets);
    let id = secrets.get(CLIENT_ID).filter(|_| prepared.registers())?;
    let id = Phrase::same(crate::base::safe_text::line(id.expose(), 120));
    let service = prepared.connector.display_name(&prepared.connection.connector);
    let gone = async {
        let (address, token) = (secrets.get(REGISTRATION_ADDRESS)?, secrets.get(REGISTRATION_TOKEN)?);
        let request = registration::withdrawal(address, token)?;
        let metadata = None;
        let talk = Talk { world, prepared, secrets, metadata, scopes: &[], spent: Spent::Nothing };
        let (response, _) = talk.ask(Exchange::Registration, &request).await.ok()?;
        // 401: it is gone already (RFC 7592, section 2.3).
        response.filter(|response| matches!(response.status, 200..=299 | 401 | 404))
    };
    match gone.await {
        Some(_) => None,
        None => Some(LEFT.fill_phrases(&[("id", id), ("service", service)])),
    }
}
