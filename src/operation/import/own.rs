//! What `conn export` wrote: definitions as they stand, and the credentials of a bundle. A file from elsewhere is
//! somebody else's input: it may not carry commands, and a credential only goes to the hosts for which it was stored.

use super::compare;
use super::place::{Placing, missing};
use super::plan::{Change, Further, NewConnection, NewConnector};
use crate::base::{LinkName, Text};
use crate::catalog;
use crate::config::{BuiltIn, ConfigError, Definitions, Layer, LayerKind, Located};
use crate::model::connection::SecretSource;
use crate::model::{Connection, Credential, Obtaining};
use crate::moving::bundle::Item;
use crate::moving::own::{Family, cut, names};
use crate::operation::prepare::{self, Prepared};
use crate::operation::secrets::Secrets;
use crate::operation::{Failure, choose};

const BUILT_IN: BuiltIn = BuiltIn { find: catalog::text, ids: catalog::ids };

const KEPT: Text = Text::new(
    "its connector {id} is defined otherwise here and stays so; --replace replaces it",
    "コネクター {id} の定義がこの端末と異なるため、取り込みません（置き換えるには --replace）",
);
const OTHER_HOST: Text = Text::new(
    "its credential was stored for {allowed}, but the definition here leads to {host}",
    "認証情報の登録時の送信先は {allowed} ですが、この端末の定義では {host} に送信されます",
);
const DAMAGED: Text = Text::new("its credential is none that this conn can read", "認証情報を読み取れません");

/// Plans everything that a file of definitions holds, with the credentials that came with it.
///
/// # Errors
/// When the file has mistakes.
pub fn place(placing: &mut Placing<'_>, file: &str, text: &str, items: &[Item]) -> Result<(), Failure> {
    let layer = Layer { kind: LayerKind::Project, path: file.into(), text: text.to_owned() };
    let mut layers: Vec<Layer> = placing.shelf.definitions.layers().cloned().collect();
    layers.push(layer.clone());
    let joined = Definitions::new(layers).with_built_in(BUILT_IN);
    let mut mistakes = joined.mistakes();
    // A name that is taken is a matter of the plan.
    mistakes.retain(|mistake| mistake.path == layer.path && mistake.code != "CONN-CFG-LINKNAME-DUP");
    let alone = Definitions::new(vec![layer]).with_built_in(BUILT_IN);
    let open = open_values(&joined, &alone, text);
    mistakes.retain(|mistake| {
        let looks = mistake.code == "CONN-SEC-EXPOSED";
        !looks || !open.iter().any(|place| mistake.message.en.starts_with(place))
    });
    ConfigError::check(mistakes)?;
    for id in names(text, Family::Connectors) {
        connector(placing, &joined, file, text, &id)?;
    }
    for name in names(text, Family::Connections) {
        if let Some(located) = alone.connection(&name)? {
            connection(placing, &joined, file, located, items)?;
        }
    }
    Ok(())
}

/// Where values stand that their connector declares as open: an account's number may look like a secret.
fn open_values(joined: &Definitions, alone: &Definitions, text: &str) -> Vec<String> {
    let mut places = Vec::new();
    for name in names(text, Family::Connections) {
        let Ok(Some(located)) = alone.connection(&name) else { continue };
        let Ok(Some(connector)) = joined.connector(&located.value.connector) else { continue };
        let method = connector.value.method(located.value.method.as_deref()).map(|(_, method)| method);
        let open =
            |key: &str| method.is_some_and(|method| method.params.get(key).is_some_and(|one| !one.secret));
        let declared =
            located.value.vars.keys().filter(|key| connector.value.vars.contains_key(*key) || open(key));
        places.extend(declared.map(|key| format!("connections.{name}.vars.{key} ")));
    }
    places
}

fn connector(
    placing: &mut Placing<'_>,
    joined: &Definitions,
    file: &str,
    text: &str,
    id: &str,
) -> Result<(), Failure> {
    let (Some(located), Ok(valid)) = (joined.connector(id)?, id.parse()) else { return Ok(()) };
    let usual = if placing.request.replace { Change::Replaced } else { Change::Kept };
    let change = compare::definition(placing, id, &located.value)?.unwrap_or(usual);
    let base = located.value.base.as_ref().map(|base| base.source().to_owned()).unwrap_or_default();
    placing.plan.connectors.push(NewConnector {
        id: valid,
        name: located.value.display_name(id).en,
        base,
        place: file.to_owned(),
        fragment: cut(text, Family::Connectors, id).unwrap_or_default(),
        change,
    });
    Ok(())
}

fn connection(
    placing: &mut Placing<'_>,
    joined: &Definitions,
    file: &str,
    located: Located<Connection>,
    items: &[Item],
) -> Result<(), Failure> {
    let place = format!("{file}:{}", located.line);
    let id = located.value.connector.clone();
    let kept = |one: &&NewConnector| one.id.as_str() == id && one.change == Change::Kept;
    if placing.plan.connectors.iter().find(kept).is_some() {
        placing.leave(&located.name, &place, KEPT.fill(&[("id", &id)]));
        return Ok(());
    }
    let mut located = located;
    if let Some(store) = &placing.request.store {
        settle(&mut located.value, store);
    }
    let prepared = prepare::assemble(joined, located.clone(), None)?;
    let Ok(link_name) = located.name.parse::<LinkName>() else { return Ok(()) };
    let mut given = Vec::new();
    for item in items.iter().filter(|item| item.link_name == located.name) {
        match credential(joined, &located, item)? {
            Ok(further) => given.push(further),
            Err(reason) => {
                placing.leave(&located.name, &place, reason);
                return Ok(());
            }
        }
    }
    let main = given.iter().position(|one| one.account.is_none() && one.environment == prepared.environment);
    let secrets = main.map(|index| given.remove(index).values).unwrap_or_default();
    let mut open = missing(&prepared.connector, &prepared.method, &located.value, &secrets);
    let elsewhere = |key: &String| located.value.secrets.get(key).is_some_and(|source| !source.is_stored());
    open.retain(|key| !elsewhere(key) && !given.iter().any(|one| one.values.get(key).is_some()));
    let has_tokens = secrets.grant().is_some() || given.iter().any(|one| one.values.grant().is_some());
    let mut planned = NewConnection {
        link_name,
        service: prepared.connector.display_name(&id),
        place,
        consents: prepared.method.obtaining() == Obtaining::ByConsent && !has_tokens,
        method: prepared.method_name.clone(),
        hosts: prepared.hosts(&secrets),
        connection: located.value,
        secrets,
        further: given,
        missing: open,
        change: Change::New,
    };
    planned.change = compare::change(placing, &planned)?;
    if planned.change == Change::New
        && let Err(failure) = choose::room(
            placing.shelf.definitions,
            &id,
            &prepared.connector,
            planned.connection.environment.as_deref(),
        )
    {
        let reason = super::place::both(|language| failure.message(language));
        placing.leave(planned.link_name.as_str(), &planned.place, reason);
        return Ok(());
    }
    placing.plan.connections.push(planned);
    Ok(())
}

/// Puts what conn keeps into the store that was asked for.
fn settle(connection: &mut Connection, store: &SecretSource) {
    for source in connection.secrets.values_mut().filter(|source| source.is_stored()) {
        *source = store.clone();
    }
}

/// A credential of a bundle, if its hosts are still those for which it was stored; else why it is not taken.
fn credential(
    joined: &Definitions,
    located: &Located<Connection>,
    item: &Item,
) -> Result<Result<Further, crate::base::Phrase>, Failure> {
    let Ok(credential) = Credential::from_item(&item.credential()) else { return Ok(Err(DAMAGED.into())) };
    let mut prepared = prepare::assemble(joined, located.clone(), Some(&item.environment))?;
    prepared.account.clone_from(&item.account);
    let allowed = credential.hosts.clone();
    let mut values = Secrets::default();
    values.set_grant(credential.grant);
    for (key, value) in credential.values {
        values.insert(key, value);
    }
    if let Some(host) = strange(&prepared, &values, &allowed) {
        let allowed = allowed.join(", ");
        return Ok(Err(OTHER_HOST.fill(&[("allowed", &allowed), ("host", &host)])));
    }
    let (environment, account) = (item.environment.clone(), item.account.clone());
    Ok(Ok(Further { environment, account, values }))
}

fn strange(prepared: &Prepared, values: &Secrets, allowed: &[String]) -> Option<String> {
    prepared.hosts(values).into_iter().find(|host| !allowed.contains(host))
}
