//! From facts to an entry of the report, and to what is remembered.

use super::check::Loaded;
use super::{Failure, World, beside, keep};
use crate::base::{Language, Timestamp};
use crate::cause::Severity;
use crate::diagnosis::experiment::Controls;
use crate::diagnosis::fact::Facts;
use crate::diagnosis::judge::{self, Judgement};
use crate::diagnosis::ladder::ladder;
use crate::diagnosis::last_good::LastGood;
use crate::diagnosis::report::{Access, AccessStatus, Account, Entry};
use crate::diagnosis::{Confidence, Finding, change, notice, repair, share};
use crate::model::connection::{ConnectionKind, SecretSource};
use crate::model::{Connector, State, Verdict};
use crate::port::{HistoryRow, RunRecord, StateRecord};

/// Judges facts into an entry. Remembers nothing.
#[must_use]
pub fn entry(connector: &Connector, kind: ConnectionKind, facts: &Facts, ms: f64) -> Entry {
    compared(connector, kind, facts, &LastGood::of(facts), ms)
}

/// The same where what stands in this run is known already.
#[must_use]
pub fn compared(
    connector: &Connector,
    kind: ConnectionKind,
    facts: &Facts,
    now: &LastGood,
    ms: f64,
) -> Entry {
    let judgement = judge::judge(connector, facts);
    let verdict = judge::verdict(&judgement.findings);
    let stages = ladder(facts, &judgement);
    let Judgement { mut findings, identity, access, quota, candidates, .. } = judgement;
    for finding in &mut findings {
        finding.repair = if finding.over { None } else { repair::of(finding, facts) };
    }
    let changes = change::changes(facts, now, identity.as_ref());
    // Of what nothing speaks for or against, nothing is told.
    let candidates = candidates.into_iter().filter(|c| c.is_root || !c.lines.is_empty()).collect();
    let account = Account { candidates, controls: Controls::of(facts), ..Account::default() };
    let outcome = weighed(standing(verdict, &access), &findings);
    Entry {
        subject: facts.connection.clone(),
        verdict,
        state: next_state(facts.connection.state, outcome, kind),
        stages,
        findings,
        identity,
        access,
        quota,
        changes,
        checks: Vec::new(),
        fixes: Vec::new(),
        account,
        last_ok: facts.history.last_ok,
        requests: requests(facts),
        attempts: 1,
        ms,
    }
}

/// The verdict on the credential itself: where the test request succeeded and a further right is missing, the
/// credential is proven all the same.
#[must_use]
pub fn standing(verdict: Verdict, access: &[Access]) -> Verdict {
    let looked_at = |row: &Access| matches!(row.status, AccessStatus::Granted | AccessStatus::Denied);
    match verdict {
        Verdict::Forbidden if access.iter().any(looked_at) => Verdict::Warning,
        other => other,
    }
}

/// What a verdict may do to the state: a refusal of which we are not at least likely sure (a guess, or a rule
/// on wording) is shown to people and shuts nothing.
fn weighed(verdict: Verdict, findings: &[Finding]) -> Verdict {
    let sure = |finding: &Finding| {
        finding.verdict() == Verdict::Rejected && finding.confidence >= Confidence::Likely
    };
    if verdict == Verdict::Rejected && !findings.iter().any(sure) { Verdict::Unverified } else { verdict }
}

/// Whether the service answers and offers nothing that could prove a credential; an answer that is not known
/// to be the service's is an error and no such case.
#[must_use]
pub fn unprovable(entry: &Entry) -> bool {
    entry.verdict == Verdict::Unverified
        && entry.findings.iter().all(|finding| finding.severity != Severity::Error)
}

/// Whether a person who names a connection may let it carry traffic: it works, or nothing could prove that it does
/// and nothing speaks against it. The verdict stays what it is.
#[must_use]
pub fn is_usable(entry: &Entry) -> bool {
    entry.verdict.is_healthy() || unprovable(entry)
}

/// The requests that left this machine.
#[must_use]
pub fn requests(facts: &Facts) -> u32 {
    let sent = facts.calls().filter(|fact| beside::is_sent(fact));
    let count: usize = sent.map(|fact| 1 + fact.redirects.len()).sum();
    u32::try_from(count).unwrap_or(u32::MAX).saturating_add(facts.beside)
}

/// The lasting state after a run. Only a verdict on the credential shuts a connection; a success opens it,
/// unless a person switched it off or an admin has to authorise it first.
#[must_use]
pub const fn next_state(state: State, verdict: Verdict, kind: ConnectionKind) -> State {
    match (state, verdict) {
        (State::Disabled, _) => State::Disabled,
        (State::Connected | State::NeedsReconnect, Verdict::Rejected) => State::NeedsReconnect,
        (State::Pending, Verdict::Ok | Verdict::Warning) if matches!(kind, ConnectionKind::System) => {
            State::Pending
        }
        (_, Verdict::Ok | Verdict::Warning) => State::Connected,
        (state, _) => state,
    }
}

/// Remembers an entry: the state, and a row of history.
///
/// # Errors
/// When the ledger cannot be written.
pub fn remember(
    world: &dyn World,
    loaded: &Loaded,
    facts: &Facts,
    entry: &Entry,
    verb: &str,
) -> Result<(), Failure> {
    Ok(world.ledger().remember(&[left(loaded, facts, entry, LastGood::of(facts), verb)])?)
}

/// What an entry leaves; `now` is what stands in its run.
#[must_use]
pub fn left(loaded: &Loaded, facts: &Facts, entry: &Entry, now: LastGood, verb: &str) -> RunRecord {
    let subject = &entry.subject;
    let mut state = record(&loaded.record, facts, entry);
    state.counter = share::counter(&loaded.prepared.connector, facts).or(state.counter);
    state.stores.extend(keep::stores(&loaded.prepared).iter().map(SecretSource::shown));
    let healthy = standing(entry.verdict, &entry.access).is_healthy();
    let root = entry.root();
    RunRecord {
        of: loaded.prepared.item(),
        before: loaded.record.state,
        state,
        good: if healthy { good(loaded, now, facts.at) } else { None },
        notices: notice::notices(facts),
        row: HistoryRow {
            link_name: subject.link_name.clone(),
            environment: subject.environment.clone(),
            account: subject.account.clone(),
            verb: verb.to_owned(),
            verdict: entry.verdict.code().to_owned(),
            code: root.map(|finding| finding.cause.code.to_owned()),
            detail: root.map(|finding| crate::base::redact::scrub(&finding.title(Language::En)).into_owned()),
            first_seen: facts.at,
            last_seen: facts.at,
            count: 1,
        },
    }
}

/// Notes how a single call left the counter. Where that cannot be written, nothing is lost but a comparison.
pub fn note_counter(world: &dyn World, loaded: &Loaded, facts: &Facts) {
    if let Some(counter) = share::counter(&loaded.prepared.connector, facts)
        && let Err(error) = world.ledger().set_counter(&loaded.prepared.item(), &counter)
    {
        tracing::debug!(%error, "the counter is not noted");
    }
}

/// What stood at a success, where it is not what is kept already.
fn good(loaded: &Loaded, now: LastGood, at: Timestamp) -> Option<LastGood> {
    let kept = match &loaded.good {
        Some(known) => known.after(now, at),
        None => now,
    };
    (loaded.good.as_deref() != Some(&kept)).then_some(kept)
}

fn record(before: &StateRecord, facts: &Facts, entry: &Entry) -> StateRecord {
    let changed = before.state != entry.state;
    let mut record = StateRecord {
        state: entry.state,
        since: if changed { Some(facts.at) } else { before.since },
        last_verdict: Some(entry.verdict.code().to_owned()),
        last_code: entry.root().map(|finding| finding.cause.code.to_owned()),
        last_run: Some(facts.at),
        ..before.clone()
    };
    // A missing right does not take back that the credential was proven.
    if standing(entry.verdict, &entry.access).is_healthy() {
        succeeded(&mut record, facts.at, entry);
    }
    record
}

fn succeeded(record: &mut StateRecord, at: Timestamp, entry: &Entry) {
    record.last_ok = Some(at);
    record.fingerprints.clone_from(&entry.subject.fingerprints);
    if let Some(identity) = &entry.identity {
        // The identity pinned at connect stays until a person reconnects.
        record.account = record.account.take().or_else(|| identity.account.clone());
        record.organisation = record.organisation.take().or_else(|| identity.organisation.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::{next_state, standing, weighed};
    use crate::diagnosis::report::{Access, AccessStatus};
    use crate::diagnosis::{Confidence, Finding};
    use crate::model::State::{Connected, Disabled, NeedsReconnect, Pending};
    use crate::model::Verdict::{
        Forbidden, Ok, ProviderDown, Rejected, Throttled, Unreachable, Unverified, Warning,
    };
    use crate::model::connection::ConnectionKind::{Admin, System};

    #[test]
    fn a_missing_right_does_not_take_back_what_the_test_request_proved() {
        let row =
            |status| Access { id: "orders".into(), label: "Orders".into(), status, http_status: Some(403) };
        for (verdict, status, expected) in [
            (Forbidden, AccessStatus::Denied, Warning),
            (Forbidden, AccessStatus::NotReached, Forbidden),
            (Rejected, AccessStatus::NotReached, Rejected),
        ] {
            assert_eq!(standing(verdict, &[row(status)]), expected, "{verdict:?} {status:?}");
        }
        assert_eq!(standing(Forbidden, &[]), Forbidden);
    }

    #[test]
    fn a_refusal_that_is_only_a_guess_shuts_nothing() {
        for (confidence, expected) in [
            (Confidence::Certain, Rejected),
            (Confidence::Likely, Rejected),
            (Confidence::Possible, Unverified),
            (Confidence::Unknown, Unverified),
        ] {
            let finding = Finding::new(crate::cause::get("CONN-AUTH-REJECTED"), confidence);
            assert_eq!(weighed(Rejected, &[finding]), expected, "{confidence:?}");
        }
        assert_eq!(weighed(Throttled, &[]), Throttled);
    }

    #[test]
    fn only_a_verdict_on_the_credential_shuts_a_connection() {
        let cases = [
            (Connected, Rejected, Admin, NeedsReconnect),
            (Connected, Unreachable, Admin, Connected),
            (Connected, Throttled, Admin, Connected),
            (Connected, ProviderDown, Admin, Connected),
            (Connected, Forbidden, Admin, Connected),
            (Connected, Unverified, Admin, Connected),
            (NeedsReconnect, Ok, Admin, Connected),
            (NeedsReconnect, Unreachable, Admin, NeedsReconnect),
            (Pending, Rejected, Admin, Pending),
            (Pending, Ok, Admin, Connected),
            (Pending, Ok, System, Pending),
            (Pending, Unverified, Admin, Pending),
            (Connected, Warning, Admin, Connected),
            (Disabled, Ok, Admin, Disabled),
            (Disabled, Rejected, Admin, Disabled),
        ];
        for (state, verdict, kind, expected) in cases {
            assert_eq!(next_state(state, verdict, kind), expected, "{state:?} {verdict:?} {kind:?}");
        }
    }
}
