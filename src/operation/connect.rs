//! Authorising a connection: a person consents where the kind needs it, and the connection is proven. Naming it is
//! the consent to the hosts to which its definition leads now.

use std::time::Instant;

use super::check::{self, Depth};
use super::consent::{Outcome, Wanted};
use super::keep::Seen;
use super::prepare::find;
use super::secrets;
use super::tokens::authorize::Wish;
use super::tokens::waiting::{self, Question};
use super::{Failure, World, account, conclude, consent, keep};
use crate::base::Text;
use crate::diagnosis::Report;
use crate::model::State;
use crate::model::connection::ConnectionKind;

/// What connecting came to.
#[derive(Debug)]
pub enum Connected {
    /// The connection was looked at.
    Seen(Report),
    /// A person has to consent first, and nobody can be asked here.
    Waits(Question),
}

/// Proves a connection and marks it connected.
///
/// # Errors
/// When it does not exist, the person refuses a new host, or a store fails.
pub async fn connect(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
    wish: &Wish,
) -> Result<Connected, Failure> {
    let mut prepared = find(world, link_name, environment)?;
    account::name(world, &mut prepared)?;
    if consent::is_needed(&prepared) {
        // Whose authorisation it becomes is known once somebody has consented.
        prepared.account = None;
    } else {
        account::welcome(world, &mut prepared)?;
    }
    let started = Instant::now();
    let mut loaded = check::load(world, prepared)?;
    let asked = loaded.problems.iter().any(|problem| problem.code == "CONN-CFG-HOST-CHANGED");
    let allowed = asked && allows(world, &loaded)?;
    if allowed {
        loaded.problems.retain(|problem| problem.code != "CONN-CFG-HOST-CHANGED");
        loaded = check::with(loaded.prepared, loaded.secrets, loaded.problems, loaded.record);
    }
    if consent::is_needed(&loaded.prepared) {
        return Box::pin(consented(world, loaded, wish)).await;
    }
    let facts = check::observe(world, &mut loaded, Depth::Test).await;
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    let mut entry = conclude::entry(&loaded.prepared.connector, loaded.prepared.connection.kind, &facts, ms);
    if conclude::is_usable(&entry) {
        loaded.record.hosts = loaded.prepared.hosts(&loaded.secrets);
        // An admin at the terminal is who a system connection waits for; a paused one stays paused.
        if entry.state != State::Disabled {
            entry.state = State::Connected;
        }
        // Only a new host is written: what another process stored meanwhile must not be undone.
        if allowed {
            let prepared = &loaded.prepared;
            let _held = keep::alone(world, &prepared.item()).await?;
            keep::keep(world, &loaded.prepared, &loaded.secrets, true)?;
        }
    }
    conclude::remember(world, &loaded, &facts, &entry, "connect")?;
    Ok(Connected::Seen(Report::of("connect", facts.at, ms, vec![entry])))
}

/// Has a person consent, or says what to ask one.
async fn consented(world: &dyn World, mut loaded: check::Loaded, wish: &Wish) -> Result<Connected, Failure> {
    let (seen, verb) = (&Seen::default(), "connect");
    let asking = Wanted { old: &loaded.prepared, seen, wish, verb, other_account: false, changed: false };
    if let Some(question) = consent::question(world, &loaded, &asking).await? {
        return Ok(Connected::Waits(question));
    }
    if wish.answer.is_none() && !may_replace(world, &loaded)? {
        return Err(kept(&loaded));
    }
    let old = loaded.prepared.clone();
    let seen = Seen::now(world, &old);
    let other_account = waiting::takes_another(world, &old, wish);
    let changed = wish.answer.is_some() && waiting::take_changes(world, &mut loaded);
    let wanted = Wanted { old: &old, seen: &seen, wish, verb: "connect", other_account, changed };
    Ok(match Box::pin(consent::consent(world, loaded, &wanted)).await? {
        Outcome::Done(consented) => Connected::Seen(consented.report),
        Outcome::Waits(question) => Connected::Waits(*question),
    })
}

/// Whether a person wants another authorisation in the place of the one that everybody uses. Where nobody can be asked,
/// the command itself is the wish: nothing is lost, for the new one is proven first and the old one is kept.
fn may_replace(world: &dyn World, loaded: &check::Loaded) -> Result<bool, Failure> {
    const ASK: Text = Text::new(
        "{name} holds one authorisation for everyone, and it has one{account}. Replace it?",
        "{name} は全員で 1 つの認証情報を使う接続で、すでに認証済みです{account}。置き換えますか。",
    );
    const WHOSE: Text = Text::new(" ({account})", "（{account}）");
    let prepared = &loaded.prepared;
    let has_one = loaded.record.state == State::Connected && loaded.secrets.grant().is_some();
    if prepared.connection.kind == ConnectionKind::User || !has_one || !world.person().is_present() {
        return Ok(true);
    }
    let language = world.settings().language;
    let account = loaded.record.account.as_deref().map(|account| crate::base::safe_text::line(account, 80));
    let account = account.map(|account| WHOSE.fill(&[("account", &account)])).unwrap_or_default();
    let values = [("name", prepared.link_name.as_str()), ("account", account.get(language))];
    Ok(world.person().confirm(ASK.fill(&values).get(language), false)?)
}

/// The authorisation that stays.
fn kept(loaded: &check::Loaded) -> Failure {
    const KEPT: Text =
        Text::new("{name} keeps the authorisation that it has.", "{name} の認証情報は変更していません。");
    const SECOND: Text = Text::new(
        "A second one needs a connection of its own (conn add), or a connection with kind = \"user\", which holds one \
         per person.",
        "別の認証情報を併用するには、接続をもう 1 つ作成する（conn add）か、利用者ごとに認証する kind = \"user\" の接続を\
         使ってください。",
    );
    Failure::usage(KEPT.fill(&[("name", &loaded.prepared.link_name)]), Some(SECOND.into()))
}

/// Asks whether the credential may travel to a host for which it was not stored.
fn allows(world: &dyn World, loaded: &check::Loaded) -> Result<bool, Failure> {
    const ASK: Text = Text::new(
        "The credential was stored for {before}. May it travel to {after}?",
        "この認証情報の送信先は {before} として登録されています。{after} への送信を許可しますか。",
    );
    const FIRST: Text = Text::new(
        "{place} wants to send the credential to {after}. Allow it?",
        "{place} の定義では、認証情報を {after} へ送信します。許可しますか。",
    );
    if !world.person().is_present() {
        return Ok(false);
    }
    let prepared = &loaded.prepared;
    let item = prepared.item();
    let mut before = loaded.record.hosts.clone();
    for source in keep::stores(prepared) {
        if let Some(store) = secrets::store(world, &source)
            && let Some(credential) = secrets::read(store, &item)?
        {
            before.extend(credential.hosts);
        }
    }
    before.sort();
    before.dedup();
    let after = prepared.hosts(&loaded.secrets).join(", ");
    let question = if before.is_empty() { FIRST } else { ASK };
    let values = [("before", before.join(", ")), ("after", after), ("place", prepared.origin())];
    let question = question.fill(&values.each_ref().map(|(name, value)| (*name, value.as_str())));
    Ok(world.person().confirm(question.get(world.settings().language), false)?)
}
