//! Sample answers, judged: a definition's own tests, for `conn lint` and for ours.

use std::collections::BTreeMap;

use super::fact::{self, AnswerFact, Answered, Facts, Past, Subject};
use super::judge::{self, TEST};
use super::{Finding, answer};
use crate::base::Timestamp;
use crate::model::{AuthKind, Connector, Fixture, RequestLine, State, refusal};

/// What a sample answer is judged to when nothing is wrong.
pub const OK: &str = "ok";

/// A sample answer that is not judged as its definition says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The sample.
    pub name: String,
    /// What its definition says: a code, or `ok`.
    pub expected: String,
    /// What the judge says.
    pub found: String,
}

/// The code of the cause to which a sample is judged, or `ok`.
#[must_use]
pub fn judge(id: &str, connector: &Connector, fixture: &Fixture) -> String {
    if let Some(spent) = fixture.exchange {
        let facts = facts(id, connector, fixture);
        if let Some(finding) = answer::at_token_endpoint(connector, &facts, &facts.answers[0]) {
            return finding.cause.code.to_owned();
        }
        let headers: Vec<(String, String)> = headers(fixture).collect();
        let refusal = refusal::read(spent, fixture.status, &headers, &fixture.body);
        return refusal.map_or(OK, |refusal| refusal.code).to_owned();
    }
    let finding = match &fixture.request {
        None => judge_test(id, connector, fixture),
        Some(row) => connector.permissions.iter().find(|permission| permission.id == *row).and_then(|row| {
            let facts = facts(id, connector, fixture);
            answer::judge(connector, &row.as_test(), &facts, &facts.answers[0]).err().map(|finding| *finding)
        }),
    };
    finding.map_or_else(|| OK.to_owned(), |finding| finding.cause.code.to_owned())
}

/// The same for an answer to a request of a person's own.
#[cfg(test)]
pub(super) fn judge_own(id: &str, connector: &Connector, fixture: &Fixture) -> String {
    let facts = facts(id, connector, fixture);
    let judged = answer::judge_own(connector, &facts, &facts.answers[0]);
    judged.map_or_else(|finding| finding.cause.code.to_owned(), |()| OK.to_owned())
}

fn judge_test(id: &str, connector: &Connector, fixture: &Fixture) -> Option<Finding> {
    let request = connector.tested();
    let facts = facts(id, connector, fixture);
    if request.request == RequestLine::Reach {
        return judge::judge(connector, &facts).findings.into_iter().next();
    }
    answer::judge(connector, request, &facts, &facts.answers[0]).err().map(|finding| *finding)
}

/// The samples that are not judged as the definition says.
#[must_use]
pub fn mismatches(id: &str, connector: &Connector) -> Vec<Mismatch> {
    let wrong = |fixture: &Fixture| {
        let found = judge(id, connector, fixture);
        let fits = found == fixture.expect && !fixture.forbid.contains(&found);
        (!fits).then(|| Mismatch { name: fixture.name.clone(), expected: fixture.expect.clone(), found })
    };
    connector.fixtures.iter().filter_map(wrong).collect()
}

fn headers(fixture: &Fixture) -> impl Iterator<Item = (String, String)> {
    fixture.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
}

/// The facts of a run in which the sample was the only answer.
#[must_use]
pub fn facts(id: &str, connector: &Connector, fixture: &Fixture) -> Facts {
    let (method, kind) =
        connector.method(None).map_or(("", AuthKind::None), |(name, method)| (name, method.kind));
    let answered = Answered {
        status: fixture.status,
        version: "HTTP/1.1".to_owned(),
        headers: headers(fixture).collect(),
        body: fixture.body.as_str().into(),
        length: fixture.body.len(),
        truncated: false,
        peer: None,
    };
    let answer = AnswerFact {
        request: fixture.request.clone().unwrap_or_else(|| TEST.to_owned()),
        method: "GET".to_owned(),
        url: "https://service.invalid/".to_owned(),
        credentialed: true,
        ms: 0.0,
        redirects: Vec::new(),
        answer: Some(answered),
        fault: None,
    };
    Facts {
        schema: fact::SCHEMA.to_owned(),
        at: Timestamp::UNIX_EPOCH,
        connection: Subject {
            link_name: id.to_owned(),
            connector: id.to_owned(),
            service: connector.display_name(id),
            method: method.to_owned(),
            kind,
            environment: crate::model::connection::PRODUCTION.to_owned(),
            base: "https://service.invalid".to_owned(),
            host: "service.invalid".to_owned(),
            origin: String::new(),
            state: State::Connected,
            fingerprints: BTreeMap::new(),
            sources: BTreeMap::new(),
            redirect: None,
            options: Vec::new(),
            account: None,
        },
        problems: Vec::new(),
        stages: Vec::new(),
        answers: vec![answer],
        history: Past::default(),
        grant: None,
        setting: None,
        ends: BTreeMap::new(),
        aged: None,
        definition: None,
        experiments: Vec::new(),
        beside: 0,
    }
}
