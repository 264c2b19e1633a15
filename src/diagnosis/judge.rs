//! The judge: facts → findings. Pure and total.

use super::answer;
use super::fact::{AnswerFact, Facts, Fault, Problem, Subject};
use super::finding::{Confidence, Evidence, FIXED, Finding, ISSUED, Role, SETTING};
use super::ranking::{self, Candidate, Weighed};
use super::report::{Access, AccessStatus, Identity, Quota};
use super::view::View;
use super::{address, correlation, flap, grant, guidance, path, protocol, rate, share, success, token};
use crate::base::{Language, Phrase, is_loopback, pointer, shell};
use crate::cause::{self, Cause, Severity};
use crate::model::{AuthKind, Connector, RequestLine, Strength, TestRequest, Verdict};

/// What the judge makes of the facts.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// Root first.
    pub findings: Vec<Finding>,
    /// Who the service says we are.
    pub identity: Option<Identity>,
    /// The rows of the permission matrix.
    pub access: Vec<Access>,
    /// The calls that are left.
    pub quota: Option<Quota>,
    /// What was weighed.
    pub candidates: Vec<Candidate>,
    /// Whether the test request itself succeeded.
    pub works: bool,
}

/// The name of the test request among the facts.
pub const TEST: &str = "test";

/// Judges everything that was observed about one connection.
#[must_use]
pub fn judge(connector: &Connector, facts: &Facts) -> Judgement {
    let mut judgement = Judgement::default();
    let local: Vec<Finding> =
        facts.problems.iter().map(|problem| from_problem(problem, connector, &facts.connection)).collect();
    let local: Vec<Finding> = local.into_iter().map(|own| path::yielding(own, &facts.stages)).collect();
    let blocked = local.iter().any(|finding| finding.severity == Severity::Error);
    let test = facts.answers.iter().find(|fact| fact.request == TEST);
    let travelled = if blocked { None } else { judge_travel(connector, facts, test) };
    let travelled =
        travelled.map(|finding| correlation::weigh(share::weigh(finding, connector, facts), facts));
    // Where nothing went wrong there is nothing to weigh.
    let weighed = travelled.map(|verdict| {
        let claims = test.map(|fact| answer::claims(connector, facts, fact)).unwrap_or_default();
        ranking::weigh(verdict, &View::of(connector, facts), &claims)
    });
    let Weighed { root: travelled, candidates } = weighed.unwrap_or_default();
    judgement.candidates = candidates;
    let works = travelled.is_none() && !blocked && test.is_some_and(|fact| fact.answer.is_some());
    judgement.works = works;
    judgement.findings.extend(local);
    judgement.findings.extend(travelled);
    judgement.quota = quota(connector, facts);
    judgement.identity = test.filter(|_| works).and_then(|fact| identity(connector, fact));
    judgement.access = access(connector, facts, works);
    if works {
        let throttled = success::throttled(connector, facts);
        judgement.findings.extend(throttled.map(|finding| share::weigh(finding, connector, facts)));
        judgement.findings.extend(success::after_success(connector, facts, &judgement));
        judgement.findings.extend(path::remarks(&facts.stages, facts.at));
    }
    judgement.findings.extend(success::skew(facts));
    let reached = test.map(|fact| fact.answer.is_some());
    // A server of this machine that comes and goes is no matter of the network.
    if !is_loopback(&facts.connection.host) {
        judgement.findings.extend(flap::remark(&facts.history.stretches, reached, facts.at));
    }
    for finding in &mut judgement.findings {
        name(finding, connector, &facts.connection);
        fixed(finding, facts);
        moved(finding, facts);
        guidance::add(finding, connector);
    }
    grant::ask_again(connector, facts, &mut judgement.findings);
    rank(&mut judgement.findings);
    judgement.findings.shrink_to_fit();
    judgement
}

/// Why a cause was not named; `root` is the code of the one that was.
#[must_use]
pub fn why_not(
    connector: &Connector,
    facts: &Facts,
    cause: &'static Cause,
    root: Option<&str>,
) -> Option<ranking::WhyNot> {
    let view = View::of(connector, facts);
    let test = facts.answers.iter().find(|fact| fact.request == TEST);
    let claims = test.map(|fact| answer::claims(connector, facts, fact)).unwrap_or_default();
    ranking::why_not(connector, &view, &claims, cause.code, root)
}

/// The outcome that the findings give a run.
#[must_use]
pub fn verdict(findings: &[Finding]) -> Verdict {
    let error = findings.iter().find(|finding| finding.severity == Severity::Error);
    let warning = || findings.iter().find(|finding| finding.severity == Severity::Warning);
    let unproven = || findings.iter().find(|finding| finding.verdict() == Verdict::Unverified);
    error.or_else(unproven).or_else(warning).map_or(Verdict::Ok, Finding::verdict)
}

/// A problem as a finding, with everything that its sentences name.
#[must_use]
pub fn from_problem(problem: &Problem, connector: &Connector, subject: &Subject) -> Finding {
    let mut finding = Finding::new(cause::get(&problem.code), Confidence::Certain);
    let values = problem.values.iter().map(|(name, value)| (name.clone(), Phrase::same(value.clone())));
    finding.values.extend(values);
    let method = connector.method(Some(&subject.method)).map(|(_, method)| method);
    let named = method.zip(problem.values.get("parameter"));
    if let Some(param) = named.and_then(|(method, key)| method.params.get(key)) {
        finding.values.insert("label".to_owned(), param.label.clone());
    }
    let variable = problem.values.get("variable").and_then(|key| connector.vars.get(key));
    if let Some(label) = variable.and_then(|variable| variable.label.clone()) {
        finding.values.insert("label".to_owned(), label);
    }
    if let Some(dirt) = finding.dirt() {
        finding.values.insert("characters".to_owned(), dirt.text().into());
    }
    let evidence = problem.evidence.iter().cloned();
    finding.evidence.extend(evidence.map(|sentence| Evidence { strength: Strength::Proves, sentence }));
    name(&mut finding, connector, subject);
    if problem.lowered { finding.lowered() } else { finding }
}

/// The path, then the answer to the test request.
fn judge_travel(connector: &Connector, facts: &Facts, test: Option<&AnswerFact>) -> Option<Finding> {
    let subject = &facts.connection;
    let exchange = facts.answers.iter().find_map(|fact| Some((fact, token::spent(fact)?)));
    if let Some((fact, spent)) = exchange {
        return Some(token::judge(connector, facts, fact, spent));
    }
    let ours = test.and_then(|fact| fact.fault.as_ref()).is_some_and(Fault::is_of_our_certificate);
    if let Some(finding) = path::broken(&facts.stages, subject).filter(|_| !ours) {
        return Some(finding);
    }
    let fact = test?;
    if let Some(fault) = &fact.fault {
        return Some(protocol::weigh(path::fault_after(fault, subject, fact.ms), facts));
    }
    let request = connector.tested();
    if request.request == RequestLine::Reach {
        return Some(Finding::new(cause::get("CONN-API-UNVERIFIED"), Confidence::Certain));
    }
    let finding =
        answer::judge(connector, request, facts, fact).err().map(|finding| of_the_whole(*finding))?;
    let issued = matches!(subject.kind, AuthKind::OAuth1 | AuthKind::OAuth2 | AuthKind::Session);
    Some(if issued { finding.value(ISSUED, subject.kind.text()) } else { finding })
}

/// Where the test request itself is refused nothing was read, so it is no matter of some of the data.
fn of_the_whole(mut finding: Finding) -> Finding {
    if finding.cause.code == "CONN-PERM-RESOURCE" {
        finding.cause = cause::get("CONN-PERM-ROLE");
    }
    finding
}

/// Notes where a host that could not be reached is one that conn brought along: nobody typed it.
fn fixed(finding: &mut Finding, facts: &Facts) {
    let Some(definition) = &facts.definition else { return };
    let host = &facts.connection.host;
    let is_ours = !definition.own_connector && address::is_fixed(&definition.base);
    let is_it = finding.values.get("host").is_none_or(|named| named.en == *host);
    if finding.cause.verdict == Verdict::Unreachable && is_ours && is_it {
        finding.values.insert(FIXED.to_owned(), host.as_str().into());
    }
}

/// Notes the new value of the variable that decides the host, where a service sends on to another one.
fn moved(finding: &mut Finding, facts: &Facts) {
    if finding.cause.code != "CONN-HTTP-REDIRECT-HOST" {
        return;
    }
    let Some((name, place)) = facts.definition.as_ref().and_then(|fact| address::deciding(&fact.base)) else {
        return;
    };
    let location = finding.values.get("location").map(|location| location.en.as_str()).unwrap_or_default();
    if let Some(value) = address::canonical(location, &place, false) {
        let setting = format!("--set {}", shell::word(&format!("{name}={value}")));
        finding.values.insert(SETTING.to_owned(), setting.into());
    }
}

/// Gives a finding the names that its sentences use.
pub fn name(finding: &mut Finding, connector: &Connector, subject: &Subject) {
    let labels = connector.method(Some(&subject.method)).map(|(_, method)| {
        let list = |language| {
            let secret = method.params.values().filter(|param| param.secret);
            secret.map(|param| param.label.get(language)).collect::<Vec<_>>().join(" / ")
        };
        Phrase { en: list(Language::En), ja: list(Language::Ja) }
    });
    let port = url::Url::parse(&subject.base).ok().and_then(|url| url.port_or_known_default());
    let values: [(&str, Option<Phrase>); 15] = [
        (OPTIONS, Some(subject.options.join(" ").into())),
        ("port", port.map(|port| port.to_string().into())),
        ("name", Some(subject.link_name.as_str().into())),
        ("service", Some(subject.service.clone())),
        ("connector", Some(subject.connector.as_str().into())),
        ("host", Some(subject.host.as_str().into())),
        ("base", Some(subject.base.as_str().into())),
        ("environment", Some(subject.environment.as_str().into())),
        ("kind", Some(subject.kind.text().into())),
        ("origin", Some(subject.origin.as_str().into())),
        ("redirect", subject.redirect.as_deref().map(Into::into)),
        ("console", connector.console.clone()),
        ("docs", connector.docs.clone()),
        ("status_page", connector.status_page.clone()),
        ("label", labels),
    ];
    for (key, value) in values {
        if let Some(value) = value.filter(|value| !value.en.is_empty()) {
            finding.values.entry(key.to_owned()).or_insert(value);
        }
    }
}

/// The value that holds what a command needs beside the link name to mean the same credential.
pub const OPTIONS: &str = "options";

/// Who the service says we are.
fn identity(connector: &Connector, fact: &AnswerFact) -> Option<Identity> {
    let declared = connector.test.as_ref()?.identity.as_ref()?;
    let root = fact.answer.as_ref()?.body.json()?;
    let read = |pointer: &Option<String>| {
        let text = pointer.as_deref().and_then(|pointer| pointer::text(root, pointer));
        text.map(|text| crate::base::safe_text::line(&text, 80))
    };
    let identity = Identity { account: read(&declared.account), organisation: read(&declared.organisation) };
    (identity != Identity::default()).then_some(identity)
}

fn quota(connector: &Connector, facts: &Facts) -> Option<Quota> {
    let answers = facts.answers.iter().rev().filter_map(|fact| fact.answer.as_ref());
    answers.into_iter().find_map(|answer| rate::quota(connector, answer, facts.at))
}

/// The permission matrix.
fn access(connector: &Connector, facts: &Facts, works: bool) -> Vec<Access> {
    connector
        .permissions
        .iter()
        .map(|permission| {
            let fact = facts.answers.iter().find(|fact| fact.request == permission.id);
            let http_status = fact.and_then(|fact| fact.answer.as_ref()).map(|answer| answer.status);
            let status = match fact {
                Some(fact) if works => permission_status(connector, &permission.as_test(), facts, fact),
                _ => AccessStatus::NotReached,
            };
            Access { id: permission.id.clone(), label: permission.label.clone(), status, http_status }
        })
        .collect()
}

fn permission_status(
    connector: &Connector,
    request: &TestRequest,
    facts: &Facts,
    fact: &AnswerFact,
) -> AccessStatus {
    if fact.fault.is_some() {
        return AccessStatus::Unknown;
    }
    match answer::judge(connector, request, facts, fact) {
        Ok(()) => AccessStatus::Granted,
        Err(finding) => match finding.cause.verdict {
            Verdict::Forbidden | Verdict::Rejected => AccessStatus::Denied,
            // Services that hide what one may not see answer 404.
            Verdict::Misaddressed if fact.answer.as_ref().is_some_and(|answer| answer.status == 404) => {
                AccessStatus::Denied
            }
            _ => AccessStatus::Unknown,
        },
    }
}

/// Errors before warnings before remarks, surer before less sure; the first is the root.
pub fn rank(findings: &mut Vec<Finding>) {
    let order = |severity| match severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Info => 2,
    };
    findings.sort_by_key(|finding| (order(finding.severity), std::cmp::Reverse(finding.confidence)));
    let mut seen = std::collections::BTreeSet::new();
    findings.retain(|finding| {
        seen.insert(finding.cause.code)
            || finding.cause.code.starts_with("CONN-CFG")
            || finding.cause.code.starts_with("CONN-SEC")
    });
    for (place, finding) in findings.iter_mut().enumerate() {
        finding.role = if place == 0 { Role::Root } else { Role::Secondary };
    }
}
