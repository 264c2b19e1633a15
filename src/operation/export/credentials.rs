//! The credentials of an export: what a person gave travels, what conn obtained only as far as that is safe.

use std::collections::BTreeSet;

use crate::base::Text;
use crate::model::grant::{REFRESH_TOKEN, is_obtained, is_of_client};
use crate::model::{Credential, Obtaining, State};
use crate::moving::Left;
use crate::moving::bundle::Item;
use crate::operation::prepare::{self, Prepared};
use crate::operation::{Failure, World, keep, secrets, switch};
use crate::port::ItemKey;

/// What becomes of tokens that a person's consent gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tokens {
    /// They stay here; whoever imports has a person consent anew.
    #[default]
    Leave,
    /// They travel where they do not rotate.
    Copy,
    /// They travel, and this machine stops using the connection.
    Move,
}

/// The credentials that travel.
#[derive(Default)]
pub struct Given {
    /// Each credential.
    pub items: Vec<Item>,
    /// The connections that this machine stopped using, by environment.
    pub moved: Vec<(String, String)>,
    /// What stays on this machine, and why.
    pub left: Vec<Left>,
}

const STAYS: Text = Text::new(
    "its tokens stay here: two machines that renew one authorisation end each other's. Have a person consent on the \
     other machine (conn connect {name}), or hand the authorisation over with --tokens move",
    "トークンは書き出していません。2 台の端末が同じ認可を更新すると、互いのトークンを無効にします。取り込み先で \
     conn connect {name} を実行して認可を得るか、--tokens move で認可ごと移してください",
);
const ROTATES: Text = Text::new(
    "its refresh token may change with each renewal, so a copy would end one of the two. Have a person consent on the \
     other machine (conn connect {name}), or hand the authorisation over with --tokens move",
    "更新のたびに更新トークンが変わる可能性があり、複製すると一方が無効になります。取り込み先で conn connect {name} \
     を実行して認可を得るか、--tokens move で認可ごと移してください",
);
const ELSEWHERE: Text = Text::new(
    "its {key} is read from {source} on this machine; set that where the connection is imported",
    "{key} はこの端末の {source} から取得しています。取り込み先でも設定してください",
);

/// Reads the credentials of connections. With [`Tokens::Move`] each connection that holds tokens is disabled first, so
/// that nothing here renews them any more; [`give_back`] undoes that where the bundle is not written.
///
/// # Errors
/// When a store fails; connections that were disabled for it are enabled again.
pub async fn take_out(world: &dyn World, names: &[String], tokens: Tokens) -> Result<Given, Failure> {
    let mut given = Given::default();
    for name in names {
        if let Err(failure) = one(world, name, tokens, &mut given).await {
            give_back(world, &given);
            return Err(failure);
        }
    }
    Ok(given)
}

/// Enables what was disabled for an export that did not come about. What fails is told by the connection's state.
pub fn give_back(world: &dyn World, given: &Given) {
    for (name, environment) in &given.moved {
        if let Err(failure) = switch::enable(world, name, Some(environment), true) {
            tracing::warn!(%name, reason = failure.message(crate::base::Language::En), "it stays disabled");
        }
    }
}

async fn one(world: &dyn World, name: &str, tokens: Tokens, given: &mut Given) -> Result<(), Failure> {
    let prepared = prepare::find(world, name, None)?;
    for key in prepared.method.secret_keys() {
        let source = secrets::source(&prepared, key);
        if !source.is_stored() {
            let reason = ELSEWHERE.fill(&[("key", key), ("source", &source.shown())]);
            given.left.push(Left { what: name.to_owned(), place: prepared.origin(), reason });
        }
    }
    let mut reasons = BTreeSet::new();
    let mut places = switch::places(world, name, Some(&prepared))?;
    // The account that arrives first becomes the primary one there, as it is here.
    let mut primary = world.ledger().accounts(name)?;
    primary.retain(|account| account.is_primary);
    places.sort_by_key(|(_, item)| {
        !primary
            .iter()
            .any(|one| item.account.as_ref() == Some(&one.label) && item.environment == one.environment)
    });
    for (source, item) in places {
        let Some(store) = secrets::store(world, &source) else { continue };
        let _held = keep::alone(world, &item).await?;
        let Some(credential) = secrets::read(store, &item)? else { continue };
        let travels = travels(&prepared, &credential, tokens);
        if travels == Travel::Moves && disable(world, &item)? {
            given.moved.push((name.to_owned(), item.environment.clone()));
        }
        if let Travel::Stays(reason) = travels {
            reasons.insert(reason.en);
        }
        if let Some(credential) = reduced(&prepared, credential, travels) {
            let account = item.account.clone();
            given.items.push(Item::new(name, &item.environment, account, &credential.to_item()));
        }
    }
    for text in [STAYS, ROTATES].into_iter().filter(|text| reasons.contains(text.en)) {
        given.left.push(Left {
            what: name.to_owned(),
            place: prepared.origin(),
            reason: text.fill(&[("name", name)]),
        });
    }
    Ok(())
}

/// What becomes of the tokens of one credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Travel {
    /// There are none, or they come again by themselves.
    None,
    Stays(Text),
    Copied,
    Moves,
}

fn travels(prepared: &Prepared, credential: &Credential, tokens: Tokens) -> Travel {
    let obtained = credential.values.keys().any(|key| is_token(prepared, key));
    if !obtained || prepared.method.obtaining() != Obtaining::ByConsent {
        return Travel::None;
    }
    decide(tokens, credential.values.contains_key(REFRESH_TOKEN), prepared.method.refresh_single_use)
}

/// What becomes of tokens: a copy only where the definition says that renewals do not spend the refresh token, or
/// where there is none.
const fn decide(tokens: Tokens, renews: bool, single_use: Option<bool>) -> Travel {
    match (tokens, renews, single_use) {
        (Tokens::Leave, ..) => Travel::Stays(STAYS),
        (Tokens::Copy, true, None | Some(true)) => Travel::Stays(ROTATES),
        (Tokens::Copy, ..) => Travel::Copied,
        (Tokens::Move, ..) => Travel::Moves,
    }
}

/// Whether a value is one that conn obtained by itself.
fn is_token(prepared: &Prepared, key: &str) -> bool {
    is_obtained(key) && !prepared.method.params.contains_key(key)
}

/// The credential with what travels; nothing where that is nothing.
fn reduced(prepared: &Prepared, mut credential: Credential, travels: Travel) -> Option<Credential> {
    if !matches!(travels, Travel::Copied | Travel::Moves) {
        // A client that conn registered for this machine belongs to the tokens that were given to it.
        let own = |key: &str| prepared.registers() && is_of_client(key);
        credential.values.retain(|key, _| !is_token(prepared, key) && !own(key));
        credential.grant = None;
    }
    if credential.values.is_empty() { None } else { Some(credential) }
}

/// Stops using an authorisation here; `false` where that was so already.
fn disable(world: &dyn World, item: &ItemKey) -> Result<bool, Failure> {
    if world.ledger().state(item)?.state == State::Disabled {
        return Ok(false);
    }
    switch::enable(world, &item.link_name, Some(&item.environment), false)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::{ROTATES, STAYS, Tokens, Travel, decide};

    #[test]
    fn tokens_stay_unless_asked_and_are_copied_only_where_they_do_not_rotate() {
        for (tokens, renews, single_use, expected) in [
            (Tokens::Leave, true, Some(false), Travel::Stays(STAYS)),
            (Tokens::Leave, false, None, Travel::Stays(STAYS)),
            (Tokens::Copy, true, Some(true), Travel::Stays(ROTATES)),
            (Tokens::Copy, true, None, Travel::Stays(ROTATES)),
            (Tokens::Copy, true, Some(false), Travel::Copied),
            (Tokens::Copy, false, None, Travel::Copied),
            (Tokens::Move, true, Some(true), Travel::Moves),
            (Tokens::Move, true, None, Travel::Moves),
        ] {
            assert_eq!(decide(tokens, renews, single_use), expected, "{tokens:?} {renews} {single_use:?}");
        }
    }
}
