//! The ladder of a report: each layer with how far it came, ground up.

use super::fact::{DnsFault, Facts, Stage, StageDetail, StageFact, StageStatus};
use super::finding::{Confidence, Finding};
use super::introspection::Introspection;
use super::judge::{Judgement, TEST};
use super::report::{AccessStatus, StageLine};
use super::stage::{ProxyLook, ProxyNote};
use crate::base::{Phrase, Text, safe_text};
use crate::cause::Severity;
use crate::model::{AuthKind, Verdict};

/// The ladder that the facts and their judgement make.
#[must_use]
pub fn ladder(facts: &Facts, judgement: &Judgement) -> Vec<StageLine> {
    let root = judgement.findings.iter().find(|finding| finding.severity == Severity::Error);
    // A cause may be told by a layer above the one that broke first.
    let broken =
        facts.stages.iter().filter(|fact| fact.status == StageStatus::Failed).map(|fact| fact.stage).min();
    let failed = root.map(stage_of).map(|stage| broken.map_or(stage, |broken| broken.min(stage)));
    let mut lines: Vec<StageLine> =
        Stage::ALL.into_iter().map(|stage| line(stage, facts, judgement, failed)).collect();
    // What lies above the first broken layer was not reached, whatever else is known.
    if let Some(failed) = failed.filter(|stage| *stage != Stage::Access) {
        for line in lines.iter_mut().filter(|line| line.stage > failed) {
            line.status = StageStatus::NotReached;
            line.words = Phrase::default();
            line.ms = None;
        }
    }
    lines
}

/// The layer to which a finding belongs, by the area of its code.
#[must_use]
pub fn stage_of(finding: &Finding) -> Stage {
    let code = finding.cause.code.strip_prefix("CONN-").unwrap_or(finding.cause.code);
    match code.split('-').next().unwrap_or_default() {
        // The service itself answered, and did not look there.
        "CFG" if code == "CFG-PARAM-PLACEMENT" => Stage::Auth,
        "CFG" => Stage::Config,
        "SEC" => Stage::Secrets,
        "DNS" => Stage::Dns,
        "NET" if matches!(code, "NET-READ-TIMEOUT" | "NET-STALLED") => Stage::Http,
        "NET" => Stage::Connect,
        "PXY" if code == "PXY-REWRITES" => Stage::Http,
        "PXY" => Stage::Proxy,
        "TLS" | "CLK" => Stage::Tls,
        "AUTH" | "OAUTH" => Stage::Auth,
        // Only who is known is told what it may not do.
        "PERM" => Stage::Access,
        "RATE" => Stage::Quota,
        _ => Stage::Http,
    }
}

fn line(stage: Stage, facts: &Facts, judgement: &Judgement, failed: Option<Stage>) -> StageLine {
    if let Some(fact) = facts.stages.iter().find(|fact| fact.stage == stage) {
        return StageLine {
            stage,
            status: probed(fact, judgement, failed),
            ms: fact.ms,
            words: words(fact),
            detail: Some(&fact.detail)
                .filter(|detail| **detail != StageDetail::Nothing)
                .cloned()
                .map(Box::new),
        };
    }
    let (status, words) = match stage {
        _ if failed == Some(stage) => (StageStatus::Failed, said(stage, facts, judgement)),
        Stage::Config | Stage::Secrets => (own(stage, judgement), said(stage, facts, judgement)),
        Stage::Tls if facts.connection.base.starts_with("http://") => {
            (StageStatus::Absent, Phrase::default())
        }
        Stage::Dns | Stage::Connect | Stage::Tls => (below(facts), Phrase::default()),
        Stage::Proxy => (
            if below(facts) == StageStatus::Ok { StageStatus::Absent } else { StageStatus::NotReached },
            Phrase::default(),
        ),
        Stage::Http => (below(facts), said(stage, facts, judgement)),
        Stage::Auth => (auth(facts, judgement, failed), said(stage, facts, judgement)),
        Stage::Access => (access(judgement), said(stage, facts, judgement)),
        Stage::Quota => {
            let known = judgement.quota.is_some();
            (if known { StageStatus::Ok } else { StageStatus::Absent }, said(stage, facts, judgement))
        }
    };
    let ms = facts
        .answers
        .iter()
        .find(|fact| fact.request == TEST)
        .filter(|_| stage == Stage::Http)
        .map(|fact| fact.ms);
    StageLine { stage, status, ms, words, detail: None }
}

/// A layer that was looked at: whatever it showed by itself, the root cause may lie there, or a warning.
fn probed(fact: &StageFact, judgement: &Judgement, failed: Option<Stage>) -> StageStatus {
    let warned = || judgement.findings.iter().any(|finding| stage_of(finding) == fact.stage);
    match fact.status {
        StageStatus::Ok | StageStatus::Absent if failed == Some(fact.stage) => StageStatus::Failed,
        StageStatus::Ok if failed.is_none() && warned() => StageStatus::Warning,
        status => status,
    }
}

/// A layer that needs no traffic: in order unless a finding of it warns.
fn own(stage: Stage, judgement: &Judgement) -> StageStatus {
    let warned = judgement.findings.iter().any(|finding| stage_of(finding) == stage);
    if warned { StageStatus::Warning } else { StageStatus::Ok }
}

/// The layers below an answer: in order where there is one.
fn below(facts: &Facts) -> StageStatus {
    let answered = facts.answers.iter().any(|fact| fact.answer.is_some());
    if answered { StageStatus::Ok } else { StageStatus::NotReached }
}

fn auth(facts: &Facts, judgement: &Judgement, failed: Option<Stage>) -> StageStatus {
    if facts.connection.kind == AuthKind::None {
        return StageStatus::Absent;
    }
    let unverified =
        judgement.findings.iter().any(|finding| finding.cause.code.starts_with("CONN-API-UNVERIFIED"));
    // Who is told to wait was turned away before anybody looked at the credential; and a refusal
    // without a reason may be one of the credential.
    let open = |finding: &Finding| {
        let doubted = finding.cause.code == "CONN-PERM-UNKNOWN" && finding.confidence < Confidence::Certain;
        finding.severity == Severity::Error && (doubted || finding.cause.verdict == Verdict::Throttled)
    };
    let unseen = !judgement.works && judgement.findings.iter().any(open);
    match below(facts) {
        _ if unverified => StageStatus::Unverified,
        StageStatus::Ok if unseen => StageStatus::Unverified,
        StageStatus::Ok if failed.is_none_or(|stage| stage > Stage::Auth) => StageStatus::Ok,
        _ => StageStatus::NotReached,
    }
}

fn access(judgement: &Judgement) -> StageStatus {
    let has = |status| judgement.access.iter().any(|row| row.status == status);
    match () {
        () if judgement.access.is_empty() => StageStatus::Absent,
        () if has(AccessStatus::Denied) => StageStatus::Failed,
        () if has(AccessStatus::NotReached) => StageStatus::NotReached,
        () if has(AccessStatus::Unknown) => StageStatus::Unverified,
        () => StageStatus::Ok,
    }
}

/// What a layer showed, where no probe said it.
fn said(stage: Stage, facts: &Facts, judgement: &Judgement) -> Phrase {
    const VALUES: Text = Text::new("{count} values present", "{count} 件の値があります");
    const ONE: Text = Text::new("1 value present", "1 件の値があります");
    const OVER: Text = Text::new("{status} over {version}", "{status}（{version}）");
    const SOME: Text = Text::new("{granted} of {all}", "{all} 件中 {granted} 件");
    const LEFT: Text = Text::new("{remaining} of {limit} left", "残り {remaining} / {limit}");
    match stage {
        Stage::Config => Phrase::same(facts.connection.origin.clone()),
        Stage::Secrets => {
            let count = facts.connection.fingerprints.len();
            match count {
                // Nobody counts them where nothing can be compared with what was there before.
                0 => Phrase::default(),
                1 => ONE.into(),
                _ => VALUES.fill(&[("count", &count.to_string())]),
            }
        }
        Stage::Http => {
            let answer =
                facts.answers.iter().find(|fact| fact.request == TEST).and_then(|fact| fact.answer.as_ref());
            answer
                .map(|a| OVER.fill(&[("status", &a.status.to_string()), ("version", &a.version)]))
                .unwrap_or_default()
        }
        Stage::Auth => {
            let account = judgement.identity.as_ref().and_then(|identity| identity.account.clone());
            let said = facts.grant.as_ref().and_then(|grant| grant.introspection.as_ref());
            match (account, said.map(Introspection::words)) {
                (Some(account), Some(said)) => {
                    Phrase { en: format!("{account}, {}", said.en), ja: format!("{account}、{}", said.ja) }
                }
                (account, said) => said.unwrap_or_else(|| Phrase::same(account.unwrap_or_default())),
            }
        }
        Stage::Access if judgement.access.iter().any(|row| row.status != AccessStatus::NotReached) => {
            let granted = judgement.access.iter().filter(|row| row.status == AccessStatus::Granted).count();
            SOME.fill(&[("granted", &granted.to_string()), ("all", &judgement.access.len().to_string())])
        }
        Stage::Quota => {
            let quota = judgement.quota.as_ref();
            let number = |value: Option<u64>| value.map_or_else(|| "?".to_owned(), |value| value.to_string());
            quota
                .map(|q| LEFT.fill(&[("remaining", &number(q.remaining)), ("limit", &number(q.limit))]))
                .unwrap_or_default()
        }
        _ => Phrase::default(),
    }
}

/// What a probed layer showed.
fn words(fact: &StageFact) -> Phrase {
    match &fact.detail {
        StageDetail::Dns { host, addresses, .. } if !addresses.is_empty() => {
            let list = addresses.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
            Phrase::same(if *host == list { list } else { format!("{host} → {list}") })
        }
        StageDetail::Dns { host, fault: Some(fault), .. } => unresolved(host, fault),
        StageDetail::Connect { attempts, .. } => {
            let good = attempts.iter().find(|attempt| attempt.fault.is_none()).or(attempts.first());
            Phrase::same(good.map(|attempt| attempt.address.clone()).unwrap_or_default())
        }
        StageDetail::Proxy { proxy, look, .. } => via(proxy, look.as_ref()),
        StageDetail::Tls { version, chain, .. } => tls(version.as_deref(), chain.first()),
        StageDetail::Http { summary, .. } => Phrase::same(summary.clone()),
        _ => Phrase::default(),
    }
}

/// A name without an address, in the words of name servers.
fn unresolved(host: &str, fault: &DnsFault) -> Phrase {
    const SILENT: Text = Text::new("no answer", "応答なし");
    let said = match fault {
        DnsFault::NoSuchName => "NXDOMAIN".into(),
        DnsFault::ServerFailure => "SERVFAIL".into(),
        DnsFault::Refused => "REFUSED".into(),
        DnsFault::NoAddress => "NODATA".into(),
        DnsFault::Timeout => SILENT.phrase(),
        DnsFault::NoServer | DnsFault::Other(_) => return Phrase::default(),
    };
    let whole = |word: &str| format!("{host} → {word}");
    Phrase { en: whole(&said.en), ja: whole(&said.ja) }
}

/// The proxy, or the exception that keeps it away.
fn via(proxy: &str, look: Option<&ProxyLook>) -> Phrase {
    const KEPT: Text =
        Text::new("not used: {variable} has {entry}", "使用しません（{variable} の {entry} に該当）");
    let notes = look.map(|look| look.variables.as_slice()).unwrap_or_default();
    let exception = notes.iter().find_map(|note| match note {
        ProxyNote::Excepted { variable, entry, .. } => Some((variable, entry)),
        _ => None,
    });
    match exception {
        Some((variable, entry)) => {
            KEPT.fill(&[("variable", variable), ("entry", &safe_text::line(entry, 40))])
        }
        None => Phrase::same(proxy.to_owned()),
    }
}

fn tls(version: Option<&str>, leaf: Option<&super::fact::Certificate>) -> Phrase {
    const UNTIL: Text =
        Text::new("{version}, {issuer}, until {date}", "{version}、{issuer}、有効期限 {date}");
    let Some(version) = version.or(leaf.map(|_| "TLS")) else { return Phrase::default() };
    match leaf {
        Some(leaf) => {
            let date = leaf.not_after.strftime("%Y-%m-%d").to_string();
            UNTIL.fill(&[
                ("version", version),
                ("issuer", &safe_text::line(&leaf.issuer, 40)),
                ("date", &date),
            ])
        }
        None => Phrase::same(version),
    }
}

#[cfg(test)]
mod tests {
    use super::{Stage, StageStatus, ladder};
    use crate::diagnosis::{fixture, judge};
    use crate::model::{Connector, Fixture};

    /// How the credential and its rights come out of an answer to the test request.
    fn seen(status: u16, further: &str) -> (StageStatus, StageStatus) {
        let connector: Connector = toml::from_str(
            r#"
            base = "https://acme.test"
            test = { request = "GET /me" }
            auth.key = { kind = "api_key", header.X-Key = "{key}", params.key.label = "Key" }
            permissions = [{ id = "deals", label = "Deals", request = "GET /deals" }]
            rules = [
                { id = "a/credit", when = { status = 429, json = { "/code" = "credit" } }, cause = "CONN-RATE-CREDIT" },
                { id = "a/app", when = { json = { "/code" = "app" } }, cause = "CONN-PERM-APP" },
            ]
            "#,
        )
        .unwrap();
        let sample: Fixture =
            toml::from_str(&format!("name = 'x'\nstatus = {status}\nexpect = 'ok'\n{further}")).unwrap();
        let facts = fixture::facts("acme", &connector, &sample);
        let lines = ladder(&facts, &judge::judge(&connector, &facts));
        let status = |stage| lines.iter().find(|line| line.stage == stage).unwrap().status;
        (status(Stage::Auth), status(Stage::Access))
    }

    #[test]
    fn a_credential_is_fine_only_where_the_answer_shows_that_it_was_looked_at() {
        use StageStatus::{Failed, NotReached, Ok, Unverified};
        for (status, further, expected) in [
            (200, "body = '{}'", (Ok, NotReached)),
            (401, "body = '{}'", (Failed, NotReached)),
            (402, "body = '{}'", (Ok, Failed)),
            (403, "body = '{}'", (Unverified, Failed)),
            (403, r#"body = '{"code":"app"}'"#, (Ok, Failed)),
            (429, "body = ''", (Unverified, NotReached)),
            (429, "headers = { retry-after = '17' }", (Unverified, NotReached)),
            (429, r#"body = '{"code":"credit"}'"#, (Ok, NotReached)),
            (503, "body = '{}'", (NotReached, NotReached)),
        ] {
            assert_eq!(seen(status, further), expected, "{status} {further}");
        }
    }
}
