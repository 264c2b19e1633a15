//! Authorising a connection by a person's consent: obtained, proven by the test request, and stored only then;
//! whoever consented is pinned, and the browser hears how it ended.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Instant;

use super::check::{self, Depth, Loaded};
use super::keep::Seen;
use super::prepare::Prepared;
use super::tokens::authorize::{self, Authorised, Wish};
use super::tokens::waiting::{self, Question};
use super::tokens::{self, Trouble, choice, custody, registration};
use super::variables::{self, Candidate, Choice, Filled};
use super::{Failure, World, account, conclude, keep, reconnect, secrets};
use crate::base::Text;
use crate::diagnosis::{Entry, Facts, Report};
use crate::model::connection::{ConnectionKind, SecretSource};
use crate::model::grant::is_obtained;
use crate::model::{State, Verdict};
use crate::port::{StateRecord, person};

/// What a consent came to.
pub enum Outcome {
    /// There are tokens, or there are none and the report says why.
    Done(Box<Consented>),
    /// A person has to do something first, and nobody can be asked here.
    Waits(Box<Question>),
}

/// What a consent led to.
pub struct Consented {
    /// What the new tokens showed.
    pub report: Report,
    /// The connection with its new tokens.
    pub loaded: Loaded,
    /// What was observed.
    pub facts: Facts,
    /// Whether the tokens were stored.
    pub kept: bool,
    /// Why the new state could not be written, where they were stored all the same.
    pub unremembered: Option<Failure>,
}

/// What a consent is for.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// The connection as it stands.
    pub old: &'a Prepared,
    /// What the stores held when it began.
    pub seen: &'a Seen,
    /// How a person consents.
    pub wish: &'a Wish,
    /// The verb.
    pub verb: &'static str,
    /// Whether a different account or organisation is expected.
    pub other_account: bool,
    /// Whether values of the app are new as well.
    pub changed: bool,
}

/// Has a person consent, or says what to ask one where nobody can be asked here.
///
/// # Errors
/// As [`consent`].
pub async fn begin(world: &dyn World, loaded: Loaded, wanted: &Wanted<'_>) -> Result<Outcome, Failure> {
    match question(world, &loaded, wanted).await? {
        Some(question) => Ok(Outcome::Waits(Box::new(question))),
        None => Box::pin(consent(world, loaded, wanted)).await,
    }
}

/// Has a person consent, proves what came, and stores it.
///
/// # Errors
/// When the person cancelled, or a store fails. What was stored before then stays.
pub async fn consent(world: &dyn World, loaded: Loaded, wanted: &Wanted<'_>) -> Result<Outcome, Failure> {
    let started = Instant::now();
    let Loaded { prepared, secrets, mut problems, record, .. } = loaded;
    if !problems.iter().any(check::is_error) {
        problems.extend(secrets::placeless(world, &prepared));
    }
    if problems.iter().any(check::is_error) {
        let loaded = check::with(prepared, secrets, problems, record);
        return done(Box::pin(finish(world, loaded, None, started, wanted)).await);
    }
    match authorize::authorize(world, &prepared, &secrets, wanted.wish).await {
        Ok(Authorised { secrets, waiting }) => {
            // What is remembered of the tokens before says nothing about the new ones.
            let history = StateRecord { fingerprints: BTreeMap::default(), ..record };
            let mut loaded = check::with(prepared, secrets, problems, history);
            if let Some(choice) = Box::pin(choose(world, &mut loaded, wanted)).await? {
                let question = choice::ask(world, &loaded, choice, wanted.changed)?;
                authorize::close(world, waiting, false).await;
                return Ok(Outcome::Waits(Box::new(question)));
            }
            let consented = Box::pin(finish(world, loaded, None, started, wanted)).await;
            let success = consented.as_ref().is_ok_and(|consented| consented.kept);
            authorize::close(world, waiting, success).await;
            done(consented)
        }
        Err(Trouble::Failure(failure)) => Err(*failure),
        Err(Trouble::Problem(problem)) => {
            problems.push(*problem);
            let loaded = check::with(prepared, secrets, problems, record);
            done(Box::pin(finish(world, loaded, None, started, wanted)).await)
        }
        Err(Trouble::Fact(fact)) => {
            let loaded = check::with(prepared, secrets, problems, record);
            done(Box::pin(finish(world, loaded, Some(Trouble::Fact(fact)), started, wanted)).await)
        }
    }
}

fn done(consented: Result<Consented, Failure>) -> Result<Outcome, Failure> {
    consented.map(|consented| Outcome::Done(Box::new(consented)))
}

/// Lets a person choose among what the service names for variables that are still open. What was chosen at an
/// earlier consent stays while the service still names it. The choice, where nobody can be asked.
async fn choose(
    world: &dyn World,
    loaded: &mut Loaded,
    wanted: &Wanted<'_>,
) -> Result<Option<Choice>, Failure> {
    let before = custody::stored(world, wanted.old).ok().flatten().and_then(|before| before.grant);
    while let Filled::Several(choice) = variables::fill(world, loaded).await {
        let kept = before.as_ref().and_then(|before| before.kept.get(&choice.variable));
        let kept = kept.filter(|kept| choice.candidates.iter().any(|one| one.value == **kept));
        let value = match kept {
            Some(kept) => kept.clone(),
            None if !world.person().is_present() => return Ok(Some(choice)),
            None => {
                let shown = |one: &Candidate| match &one.shown {
                    Some(shown) => format!("{shown} ({})", one.value),
                    None => one.value.clone(),
                };
                let choices = choice.candidates.iter();
                let choices =
                    choices.map(|one| person::Choice { value: one.value.clone(), shown: shown(one) });
                let choices: Vec<_> = choices.collect();
                world.person().choose(choice.label.get(world.settings().language), &choices, None)?
            }
        };
        variables::take(&mut loaded.secrets, &choice.variable, &value);
    }
    Ok(None)
}

async fn finish(
    world: &dyn World,
    mut loaded: Loaded,
    trouble: Option<Trouble>,
    started: Instant,
    wanted: &Wanted<'_>,
) -> Result<Consented, Failure> {
    let came = trouble.is_none() && !loaded.problems.iter().any(check::is_error);
    let facts = match trouble {
        Some(trouble) => check::with_trouble(world, &loaded, trouble).await,
        None => check::observe(world, &mut loaded, Depth::Test).await,
    };
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    let mut entry = conclude::entry(&loaded.prepared.connector, loaded.prepared.connection.kind, &facts, ms);
    let kind = loaded.prepared.connection.kind;
    let (mut old, mut seen) = (Cow::Borrowed(wanted.old), None);
    if came && kind == ConnectionKind::User && loaded.prepared.account.is_none() {
        // Only now is it known whose authorisation this is.
        let label = world.settings().account.clone().unwrap_or_else(|| account::label(&entry));
        loaded.prepared.account = Some(label.clone());
        entry.subject.account = Some(label.clone());
        old.to_mut().account = Some(label);
        let record = world.ledger().state(&loaded.prepared.item())?;
        if record.state == State::Disabled {
            entry.state = State::Disabled;
        }
        loaded.record = StateRecord { fingerprints: BTreeMap::default(), ..record };
        seen = Some(Seen::now(world, &old));
    }
    let (old, seen) = (&*old, seen.as_ref().unwrap_or(wanted.seen));
    let before = if came { custody::stored(world, &loaded.prepared)? } else { None };
    let had = before.as_ref().is_some_and(|before| before.grant.is_some());
    let kept = came && may_keep(world, &loaded, &entry, had, wanted.other_account)?;
    let mut unremembered = None;
    if kept {
        let mut stores = loaded.record.stores.clone();
        stores.extend(keep::stores(old).iter().map(SecretSource::shown));
        keep::swap(world, old, &loaded.prepared, &loaded.secrets, seen, &stores).await?;
        loaded.record.hosts = loaded.prepared.hosts(&loaded.secrets);
        loaded.record.stores = stores;
        if had {
            loaded.record.account = None;
            loaded.record.organisation = None;
        }
        if conclude::is_usable(&entry) && entry.state != State::Disabled {
            entry.state = State::Connected;
        }
        unremembered = conclude::remember(world, &loaded, &facts, &entry, wanted.verb).err();
    } else if had {
        reconnect::refuse_other(&mut entry);
    } else if kind != ConnectionKind::User {
        conclude::remember(world, &loaded, &facts, &entry, wanted.verb)?;
    }
    let report = Report::of(wanted.verb, facts.at, ms, vec![entry]);
    Ok(Consented { report, loaded, facts, kept, unremembered })
}

/// Whether new tokens may take the place of what is stored: proven, of a service where nothing can be proven, or
/// where there is nothing to lose; and of the same account, unless a person agrees to another.
fn may_keep(
    world: &dyn World,
    loaded: &Loaded,
    entry: &Entry,
    had: bool,
    other_account: bool,
) -> Result<bool, Failure> {
    let standing = conclude::standing(entry.verdict, &entry.access);
    let proven = standing.is_healthy() || conclude::unprovable(entry);
    let refused = matches!(standing, Verdict::Rejected | Verdict::Misaddressed);
    if !proven && (had || refused) {
        return Ok(false);
    }
    let same = entry.findings.iter().all(|finding| finding.cause.code != "CONN-OAUTH-ORG");
    Ok(same || other_account || reconnect::agrees(world, loaded, entry)?)
}

/// Gives a connection new tokens with the least effort: by its refresh token, else by a new consent.
///
/// # Errors
/// As [`consent`].
pub async fn again(world: &dyn World, mut loaded: Loaded, wanted: &Wanted<'_>) -> Result<Outcome, Failure> {
    let changed = wanted.changed;
    const NO: Text = Text::new(
        "The tokens could not be renewed without you ({title}), so a new consent is needed.",
        "トークンを自動で更新できなかったため（{title}）、同意をやり直します。",
    );
    // Other scopes need a person, whatever could be renewed.
    let same = wanted.wish.scopes.is_empty();
    if !changed && same && tokens::can_renew(&loaded) && !loaded.problems.iter().any(check::is_error) {
        let started = Instant::now();
        let facts = match tokens::renew(world, &mut loaded).await {
            Ok(()) => check::observe(world, &mut loaded, Depth::Test).await,
            Err(Trouble::Failure(failure)) => return Err(*failure),
            Err(trouble) => check::with_trouble(world, &loaded, trouble).await,
        };
        let ms = started.elapsed().as_secs_f64() * 1000.0;
        let kind = loaded.prepared.connection.kind;
        let entry = conclude::entry(&loaded.prepared.connector, kind, &facts, ms);
        if entry.verdict != Verdict::Rejected {
            let kept = entry.verdict.is_healthy();
            conclude::remember(world, &loaded, &facts, &entry, "reconnect")?;
            let report = Report::of("reconnect", facts.at, ms, vec![entry]);
            return done(Ok(Consented { report, loaded, facts, kept, unremembered: None }));
        }
        if entry.root().is_some_and(|finding| finding.cause.code == "CONN-OAUTH-CLIENT-INVALID")
            && loaded.prepared.registers()
        {
            // The service has forgotten the client that conn registered: another takes its place.
            registration::forget(&mut loaded.secrets);
        }
        let language = world.settings().language;
        let title = entry.root().map(|finding| finding.title(language)).unwrap_or_default();
        world.person().say(&NO.get(language).replace("{title}", title.trim_end_matches(['.', '。'])));
    }
    let blocked = loaded.problems.iter().any(check::is_error);
    if changed && !blocked && waiting::is_wanted(world, &loaded.prepared, wanted.wish) {
        // Nobody can be asked here: what can be proven without a person is.
        if let Some(consented) = Box::pin(renewed(world, &loaded, wanted)).await? {
            return done(Ok(consented));
        }
    }
    if let Some(question) = question(world, &loaded, wanted).await? {
        return Ok(Outcome::Waits(Box::new(question)));
    }
    // Our own renewal may have been stored since; what counts is that nobody else stores while a person consents.
    let seen = (!changed).then(|| Seen::now(world, wanted.old));
    let seen = seen.as_ref().unwrap_or(wanted.seen);
    Box::pin(consent(world, loaded, &Wanted { seen, ..*wanted })).await
}

/// What a person has to do elsewhere, where nobody can be asked here.
///
/// # Errors
/// When the service does not let it begin, or the store fails.
pub async fn question(
    world: &dyn World,
    loaded: &Loaded,
    wanted: &Wanted<'_>,
) -> Result<Option<Question>, Failure> {
    let blocked = loaded.problems.iter().any(check::is_error);
    if blocked || wanted.wish.answer.is_some() || !waiting::is_wanted(world, &loaded.prepared, wanted.wish) {
        return Ok(None);
    }
    match waiting::ask(world, &loaded.prepared, &loaded.secrets, wanted).await {
        Ok(question) => Ok(Some(question)),
        Err(trouble) => Err(check::failure_of(world, loaded, trouble).await),
    }
}

/// New values of an app, proven by a renewal with them: the service takes the old refresh token from the app in its new
/// shape. Nothing where that cannot be, or where only a person can help.
async fn renewed(
    world: &dyn World,
    given: &Loaded,
    wanted: &Wanted<'_>,
) -> Result<Option<Consented>, Failure> {
    let Loaded { prepared, problems, record, .. } = given;
    let place = secrets::token_store(prepared);
    let elsewhere = place.is_none() || place != secrets::token_store(wanted.old);
    // A refresh token goes to no address but the one for which it was stored.
    if elsewhere || prepared.connection.vars != wanted.old.connection.vars || !wanted.wish.scopes.is_empty() {
        return Ok(None);
    }
    let Some(stored) = custody::stored(world, wanted.old)? else { return Ok(None) };
    let mut values = given.secrets.duplicate();
    for (key, value) in stored.values.iter().filter(|(key, _)| is_obtained(key)) {
        values.insert(key.clone(), value.duplicate());
    }
    values.set_grant(stored.grant.clone());
    let started = Instant::now();
    let mut loaded = check::with(prepared.clone(), values, problems.clone(), record.clone());
    loaded.stored = true;
    if !tokens::can_renew(&loaded) {
        return Ok(None);
    }
    match tokens::renew(world, &mut loaded).await {
        Ok(()) => {
            let seen = Seen::now(world, wanted.old);
            let wanted = Wanted { seen: &seen, ..*wanted };
            finish(world, loaded, None, started, &wanted).await.map(Some)
        }
        Err(Trouble::Failure(failure)) => Err(*failure),
        Err(trouble) => {
            let facts = check::with_trouble(world, &loaded, trouble).await;
            let ms = started.elapsed().as_secs_f64() * 1000.0;
            let kind = loaded.prepared.connection.kind;
            let entry = conclude::entry(&loaded.prepared.connector, kind, &facts, ms);
            let client =
                entry.root().is_some_and(|finding| finding.cause.code == "CONN-OAUTH-CLIENT-INVALID");
            if entry.verdict == Verdict::Rejected && !client {
                return Ok(None);
            }
            let report = Report::of(wanted.verb, facts.at, ms, vec![entry]);
            Ok(Some(Consented { report, loaded, facts, kept: false, unremembered: None }))
        }
    }
}

/// The prepared connection of a consent, for the words around it.
#[must_use]
pub fn is_needed(prepared: &Prepared) -> bool {
    prepared.method.obtaining() == crate::model::Obtaining::ByConsent
}
