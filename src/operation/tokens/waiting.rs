//! A consent where nobody can be asked: it becomes a question for whoever drives conn, waits in the secret store, and
//! goes on when the answer is brought.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use url::Url;
use zeroize::Zeroizing;

use super::authorize::{self, Way, Wish};
use super::changes::Changes;
use super::choice;
use super::converse::{Happened, Pause};
use super::{Talk, Trouble, custody, metadata, register, registration, renew};
use crate::base::{Secret, Text, Timestamp};
use crate::flow::authorize::{AuthorizationCode, PutAway};
use crate::flow::device::{self, Device};
use crate::flow::oauth1::{self, OAuth1, OUT_OF_BAND};
use crate::flow::{self, Conversation, UserCode};
use crate::model::grant::DPOP_KEY;
use crate::model::refusal::Spent;
use crate::model::{AuthKind, Obtaining};
use crate::operation::check::Loaded;
use crate::operation::consent::Wanted;
use crate::operation::prepare::Prepared;
use crate::operation::secrets::{self, Secrets};
use crate::operation::variables::Choice;
use crate::operation::{Failure, World};
use crate::port::{ItemKey, SecretStore};

/// How long an answer is awaited, in minutes.
const MINUTES: i64 = 15;

/// What a person has to do before conn can go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The connection.
    pub link_name: String,
    /// Its environment.
    pub environment: String,
    /// What to do.
    pub asked: Asked,
    /// Until when the answer is awaited.
    pub expires: Timestamp,
}

/// What a person is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// To consent at an address, and to bring the address at which the browser ends.
    Consent {
        /// The address.
        address: Url,
        /// Where the browser ends.
        redirect_uri: String,
    },
    /// To type a code elsewhere.
    Device(Box<UserCode>),
    /// To choose among what the service names.
    Choice(Choice),
}

/// What is kept between question and answer.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) expires: Timestamp,
    pub(super) scopes: Vec<String>,
    /// Whether a different account or organisation is expected.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) other_account: bool,
    /// New values of the app that the answer is to prove.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) changes: Option<Changes>,
    /// The key that proves possession of the tokens to come, where the definition wants proofs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<Zeroized>,
    #[serde(flatten)]
    pub(super) what: What,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum What {
    Consent {
        redirect_uri: String,
        state: Option<String>,
        nonce: Option<String>,
        verifier: Option<Zeroized>,
    },
    #[serde(rename = "oauth1")]
    OAuth1 {
        redirect_uri: String,
        token: String,
        secret: Zeroized,
    },
    Device {
        code: Zeroized,
        interval: u64,
    },
    /// The tokens are there, as an item of the store; only a variable is open.
    Choice {
        tokens: Zeroized,
        choice: Choice,
    },
}

/// A text that is wiped when it is dropped.
#[derive(Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub(super) struct Zeroized(Zeroizing<String>);

impl From<String> for Zeroized {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<Zeroized> for String {
    fn from(text: Zeroized) -> Self {
        text.0.to_string()
    }
}

impl Clone for Zeroized {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl Zeroized {
    pub(super) fn of(secret: &Secret) -> Self {
        Self(Zeroizing::new(secret.expose().to_owned()))
    }

    pub(super) fn secret(&self) -> Secret {
        Secret::new(self.0.to_string())
    }
}

/// Whether a consent that is wanted this way becomes a question here.
#[must_use]
pub fn is_wanted(world: &dyn World, prepared: &Prepared, wish: &Wish) -> bool {
    let leaves_open = matches!(wish.way, None | Some(Way::Paste));
    !world.person().is_present() && leaves_open && prepared.method.obtaining() == Obtaining::ByConsent
}

/// Whether whoever asked the question that waits expects a different account or organisation.
#[must_use]
pub fn takes_another(world: &dyn World, prepared: &Prepared, wish: &Wish) -> bool {
    let kept = || place(world, prepared).and_then(|(store, item)| read(store, &item)).ok().flatten();
    wish.answer.is_some() && kept().is_some_and(|kept| kept.other_account)
}

/// Lets a connection have the new values for which the question that waits was asked; whether there are any.
pub fn take_changes(world: &dyn World, loaded: &mut Loaded) -> bool {
    let kept = place(world, &loaded.prepared).and_then(|(store, item)| read(store, &item)).ok().flatten();
    let kept = kept.filter(|kept| kept.expires > world.clock().now());
    let Some(changes) = kept.and_then(|kept| kept.changes) else { return false };
    changes.apply(loaded);
    true
}

/// Begins a consent and puts it away: what a person has to do.
///
/// # Errors
/// When the service does not let it begin, or the store fails.
pub async fn ask(
    world: &dyn World,
    prepared: &Prepared,
    given: &Secrets,
    wanted: &Wanted<'_>,
) -> Result<Question, Trouble> {
    let wish = wanted.wish;
    let mut given = given.duplicate();
    custody::make_key(world, prepared, &mut given);
    let published = metadata::published(world, prepared, &given).await?;
    registration::ensure(world, prepared, &mut given, published.as_ref()).await?;
    let given = &given;
    let scopes = if wish.scopes.is_empty() { renew::scopes(prepared) } else { wish.scopes.clone() };
    let device = wish.way.is_none() && authorize::is_by_device(prepared, published.as_ref());
    let spent = if device { Spent::Device } else { Spent::Code };
    let talk = Talk { world, prepared, secrets: given, metadata: published.as_ref(), scopes: &scopes, spent };
    let latest = latest(world);
    let (asked, what, expires) = if device {
        let mut conversation = Device::new();
        match (talk.proceed(&mut conversation, Happened::Start).await?, conversation.put_away()) {
            (Pause::Code(code), Some(away)) => {
                let what = What::Device { code: Zeroized::of(&away.code), interval: away.interval };
                (Asked::Device(code), what, away.deadline)
            }
            _ => return Err(prepared.problem("CONN-SELF-BUG", &[]).into()),
        }
    } else {
        let (asked, what) = by_browser(&talk).await?;
        (asked, what, latest)
    };
    let key = given.get(DPOP_KEY).map(Zeroized::of);
    let changes = wanted.changed.then(|| Changes::of(prepared, given));
    let kept = Kept { expires, scopes, other_account: wanted.other_account, changes, key, what };
    put(world, prepared, &kept, asked)
}

/// Begins a consent in a browser: what the person opens, and what is put away.
async fn by_browser(talk: &Talk<'_>) -> Result<(Asked, What), Trouble> {
    let prepared = talk.prepared;
    let bug = || Trouble::from(prepared.problem("CONN-SELF-BUG", &[]));
    let redirect = register::redirect(prepared).unwrap_or_else(|| OUT_OF_BAND.to_owned());
    let asked = |paused, redirect_uri: &str| match paused {
        Pause::Consent(consent) => {
            Ok(Asked::Consent { address: consent.address, redirect_uri: redirect_uri.to_owned() })
        }
        _ => Err(bug()),
    };
    if prepared.method.kind == AuthKind::OAuth1 {
        let mut conversation = OAuth1::new(&redirect);
        let paused = talk.proceed(&mut conversation, Happened::Start).await?;
        let oauth1::PutAway { redirect_uri, token, secret } = conversation.put_away().ok_or_else(bug)?;
        let asked = asked(paused, &redirect_uri)?;
        return Ok((asked, What::OAuth1 { redirect_uri, token, secret: Zeroized::of(&secret) }));
    }
    let mut conversation = AuthorizationCode::new(&redirect);
    let paused = talk.proceed(&mut conversation, Happened::Start).await?;
    let PutAway { redirect_uri, state, nonce, verifier } = conversation.put_away().ok_or_else(bug)?;
    let verifier = verifier.as_ref().map(Zeroized::of);
    let asked = asked(paused, &redirect_uri)?;
    Ok((asked, What::Consent { redirect_uri, state, nonce, verifier }))
}

/// Puts a question away until its answer is brought.
pub(super) fn put(
    world: &dyn World,
    prepared: &Prepared,
    kept: &Kept,
    asked: Asked,
) -> Result<Question, Trouble> {
    let text = serde_json::to_string(kept).unwrap_or_default();
    let (store, item) = place(world, prepared)?;
    store.put(&item, &Secret::new(text)).map_err(Failure::from)?;
    let (link_name, environment) = (prepared.link_name.clone(), prepared.environment.clone());
    Ok(Question { link_name, environment, asked, expires: kept.expires })
}

/// Until when an answer to a question of now is awaited.
pub(super) fn latest(world: &dyn World) -> Timestamp {
    let now = world.clock().now();
    now.checked_add(SignedDuration::from_mins(MINUTES)).unwrap_or(Timestamp::MAX)
}

/// Goes on with a consent that was put away: the connection's secrets with the new tokens among them. `answer` is the
/// address at which the browser ended, or what a person copied from it; a device needs none.
///
/// # Errors
/// When nothing waits, the answer is to another question, or why there are no tokens.
pub async fn resume(
    world: &dyn World,
    prepared: &Prepared,
    given: &Secrets,
    answer: &Secret,
) -> Result<Secrets, Trouble> {
    let (store, item) = place(world, prepared)?;
    let kept = read(store, &item)?;
    let Some(kept) = kept.filter(|kept| kept.expires > world.clock().now()) else {
        store.delete(&item).map_err(Failure::from)?;
        return Err(nothing(prepared).into());
    };
    if answer.expose().trim().is_empty() && !matches!(kept.what, What::Device { .. }) {
        return Err(empty(prepared).into());
    }
    if let What::Choice { tokens, choice } = &kept.what {
        let chosen = choice::take_up(prepared, given, &tokens.secret(), choice, answer)?;
        store.delete(&item).map_err(Failure::from)?;
        return Ok(chosen);
    }
    let mut given = given.duplicate();
    if let Some(key) = &kept.key {
        given.insert(DPOP_KEY, key.secret());
    }
    let given = &given;
    let published = metadata::published(world, prepared, given).await?;
    let Some((mut conversation, spent)) = taken_up(&kept) else {
        return Err(prepared.problem("CONN-SELF-BUG", &[]).into());
    };
    let scopes = &kept.scopes;
    let talk = Talk { world, prepared, secrets: given, metadata: published.as_ref(), scopes, spent };
    let first = if spent == Spent::Device {
        Happened::Waited
    } else {
        let values = |name: &str| prepared.value(name, given);
        Happened::Callback(flow::callback::pasted(&talk.terms(&values), answer.expose()))
    };
    let paused = talk.proceed(conversation.as_mut(), first).await;
    if let Ok(Pause::Foreign(stop)) = paused {
        // An answer to another question leaves ours open.
        return Err(talk.stopped(*stop, None));
    }
    store.delete(&item).map_err(Failure::from)?;
    let Pause::Done(obtained) = paused? else {
        return Err(prepared.problem("CONN-SELF-BUG", &[]).into());
    };
    let mut secrets = given.duplicate();
    custody::take_in(&mut secrets, *obtained, world.clock().now(), true, scopes);
    metadata::keep(&mut secrets, published.as_ref(), world.clock().now());
    Ok(secrets)
}

/// The conversation that was put away, and what its token request spends.
fn taken_up(kept: &Kept) -> Option<(Box<dyn Conversation>, Spent)> {
    Some(match &kept.what {
        What::Device { code, interval } => {
            let away = device::PutAway { code: code.secret(), interval: *interval, deadline: kept.expires };
            (Box::new(Device::taken_up(away)), Spent::Device)
        }
        What::Consent { redirect_uri, state, nonce, verifier } => {
            let away = PutAway {
                redirect_uri: redirect_uri.clone(),
                state: state.clone(),
                nonce: nonce.clone(),
                verifier: verifier.as_ref().map(Zeroized::secret),
            };
            (Box::new(AuthorizationCode::taken_up(away)), Spent::Code)
        }
        What::OAuth1 { redirect_uri, token, secret } => {
            let away = oauth1::PutAway {
                redirect_uri: redirect_uri.clone(),
                token: token.clone(),
                secret: secret.secret(),
            };
            (Box::new(OAuth1::taken_up(away)), Spent::Code)
        }
        What::Choice { .. } => return None,
    })
}

/// Where a consent of a connection waits: beside its tokens, whoever began it. Whose authorisation it becomes is known
/// once somebody has consented, so the answer finds it without an account.
fn place<'w>(world: &'w dyn World, prepared: &Prepared) -> Result<(&'w dyn SecretStore, ItemKey), Trouble> {
    let source = secrets::token_store(prepared).unwrap_or_default();
    let store = secrets::store(world, &source);
    let store = store.ok_or_else(|| prepared.problem("CONN-SELF-BUG", &[]))?;
    Ok((store, prepared.shared_item().waiting()))
}

fn read(store: &dyn SecretStore, item: &ItemKey) -> Result<Option<Kept>, Trouble> {
    let found = store.get(item).map_err(Failure::from)?;
    Ok(found.and_then(|text| serde_json::from_str(text.expose()).ok()))
}

fn nothing(prepared: &Prepared) -> Failure {
    const NOTHING: Text = Text::new(
        "No sign-in of {name} waits for an answer, or its time is over ({minutes} minutes).",
        "{name} には応答を待っているサインインがないか、有効期間（{minutes} 分）を過ぎています。",
    );
    const AGAIN: Text = Text::new("Begin a new one: {command}", "{command} でやり直してください");
    let (minutes, command) = (MINUTES.to_string(), prepared.command("connect"));
    let values = [("name", prepared.link_name.as_str()), ("minutes", &minutes), ("command", &command)];
    Failure::usage(NOTHING.fill(&values), Some(AGAIN.fill(&values)))
}

/// An answer without a word in it. The question stays open.
fn empty(prepared: &Prepared) -> Failure {
    const EMPTY: Text =
        Text::new("The answer to the sign-in of {name} is empty.", "{name} のサインインへの応答が空です。");
    const BRING: Text = Text::new(
        "{command} --resume VALUE brings it: the address at which the browser ended, or CODE#STATE",
        "{command} --resume VALUE で、ブラウザーの最後のアドレスまたは CODE#STATE を渡してください",
    );
    let command = prepared.command("connect");
    let values = [("name", prepared.link_name.as_str()), ("command", &command)];
    Failure::usage(EMPTY.fill(&values), Some(BRING.fill(&values)))
}
