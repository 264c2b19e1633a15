//! All facts of a run as one flat list of names and words, so that rules are data: `d2.same = true`.
//!
//! A name that is not there is not known. Every name that a rule uses has words for people in [`super::label`].

use std::collections::BTreeMap;

use url::Url;

use super::body::BodyKind;
use super::condition::Sample;
use super::experiment::{Question, answer};
use super::fact::{AnswerFact, Facts, Fault, HttpFault, StageStatus};
use super::judge::TEST;
use super::likeness::same;
use super::provenance::Provenance;
use super::{placement, rate, words};
use crate::base::time;
use crate::model::{AuthKind, Connector};

/// The facts of a run by name.
#[derive(Clone, Debug, Default)]
pub struct View(BTreeMap<String, String>);

impl View {
    /// Reads the facts.
    #[must_use]
    pub fn of(connector: &Connector, facts: &Facts) -> Self {
        let mut view = Self::default();
        view.connection(connector, facts);
        view.past(facts);
        view.stages(facts);
        view.test(connector, facts);
        view.experiments(connector, facts);
        view.counters(connector, facts);
        view
    }

    /// The word of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Whether a name has this word.
    #[must_use]
    pub fn is(&self, name: &str, word: &str) -> bool {
        self.get(name) == Some(word)
    }

    /// All names with their words.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, word)| (name.as_str(), word.as_str()))
    }

    fn set(&mut self, name: &str, word: impl Into<String>) {
        self.0.insert(name.to_owned(), word.into());
    }

    fn flag(&mut self, name: &str, word: bool) {
        self.set(name, word.to_string());
    }

    fn connection(&mut self, connector: &Connector, facts: &Facts) {
        let subject = &facts.connection;
        self.set("auth.kind", subject.kind.code());
        let given = matches!(
            subject.kind,
            AuthKind::ApiKey | AuthKind::Bearer | AuthKind::Basic | AuthKind::Digest | AuthKind::Hmac
        );
        self.flag("auth.given", given);
        self.flag("auth.password", matches!(subject.kind, AuthKind::Basic | AuthKind::Digest));
        let method = connector.method(Some(&subject.method)).and_then(|(_, method)| method.base.as_ref());
        let base =
            method.or(connector.base.as_ref()).map(|base| base.source().to_owned()).unwrap_or_default();
        let host = base.split_once("://").map_or(base.as_str(), |(_, rest)| rest);
        let host = host.split('/').next().unwrap_or_default();
        self.flag("host.asked", host.contains('{'));
        // A name of the customer's own below a domain of the service: `{subdomain}.zendesk.com`.
        self.flag(
            "host.tenant",
            host.contains('{') && host.rsplit('}').next().is_some_and(|rest| rest.contains('.')),
        );
        self.set("host", subject.host.as_str());
        if let Some(elsewhere) = facts.definition.as_ref().and_then(|own| own.elsewhere.as_ref()) {
            self.flag("token.elsewhere", true);
            self.set("token.named", crate::base::safe_text::line(&elsewhere.named, 120));
            self.set("token.choice", elsewhere.to.as_str());
            self.set("token.host", elsewhere.host.as_str());
        }
        if let Some(lacking) = facts.grant.as_ref().map(|grant| grant.lacking().join(" ")) {
            self.flag("grant.lacks", !lacking.is_empty());
            self.set("grant.lacking", crate::base::safe_text::line(&lacking, 120));
        }
    }

    fn past(&mut self, facts: &Facts) {
        let past = &facts.history;
        self.flag("history.worked", past.last_ok.is_some());
        let Some(when) = past.last_ok else { return };
        self.set("history.when", time::iso(when));
        // A key that worked at another address says nothing about this one.
        let same_address = past.last_good.as_ref().is_none_or(|good| good.base == facts.connection.base);
        if !past.fingerprints.is_empty() && same_address {
            self.flag("history.same_value", past.fingerprints == facts.connection.fingerprints);
        }
    }

    fn stages(&mut self, facts: &Facts) {
        for stage in &facts.stages {
            let word = match stage.status {
                StageStatus::Ok => "ok",
                StageStatus::Warning => "warning",
                StageStatus::Failed => "failed",
                StageStatus::NotReached => "not_reached",
                StageStatus::Absent => "absent",
                StageStatus::Unverified => "unverified",
            };
            self.set(&format!("stage.{}", stage.stage.code()), word);
        }
    }

    fn test(&mut self, connector: &Connector, facts: &Facts) {
        let Some(fact) = facts.answers.iter().find(|fact| fact.request == TEST) else { return };
        if let Some(Fault::Http(fault)) = &fact.fault {
            self.set("http.fault", fault_word(fault));
        }
        self.flag("http.redirected", !fact.redirects.is_empty());
        let Some(answer) = &fact.answer else { return };
        let sample = Sample::new(answer);
        self.set("http.status", answer.status.to_string());
        self.set("http.shape", provenance_word(&Provenance::of(connector, &sample)));
        self.set("http.body", body_word(&BodyKind::of(answer)));
        let said = words::vendor_words(connector, &sample);
        if let Some(code) = &said.code {
            self.set("vendor.code", code.as_str());
        }
        for (name, spoken) in words::says(&said, answer) {
            self.flag(name, spoken);
        }
    }

    fn experiments(&mut self, connector: &Connector, facts: &Facts) {
        let test = facts.answers.iter().find(|fact| fact.request == TEST);
        for (question, name) in [
            (Question::NoCredential, "d1"),
            (Question::MadeUpKey, "d2"),
            (Question::UnknownPath, "d14"),
            (Question::Root, "d14.root"),
        ] {
            let Some(answered) = answer(facts, &question).and_then(|fact| fact.answer.as_ref()) else {
                continue;
            };
            self.set(&format!("{name}.status"), answered.status.to_string());
            if let Some(ours) = test.and_then(|fact| fact.answer.as_ref()) {
                self.flag(&format!("{name}.same"), same(connector, ours, answered));
            }
        }
        self.rights(facts);
        self.siblings(connector, facts);
        self.places(connector, facts);
        self.repeats(facts);
    }

    fn rights(&mut self, facts: &Facts) {
        let found = facts.experiments.iter().find_map(|experiment| match &experiment.question {
            Question::Right(id) => Some((id, experiment.fact.as_ref()?.answer.as_ref()?)),
            _ => None,
        });
        if let Some((id, answer)) = found {
            self.flag("d3.granted", (200..300).contains(&answer.status));
            self.set("d3.right", id.as_str());
            self.set("d3.status", answer.status.to_string());
        }
    }

    /// A host that answers as the service does, where ours says that it knows nothing.
    fn siblings(&mut self, connector: &Connector, facts: &Facts) {
        let knows = |fact: &AnswerFact| {
            let Some(answer) = &fact.answer else { return false };
            let provenance = Provenance::of(connector, &Sample::new(answer));
            matches!(provenance, Provenance::Proven | Provenance::Plausible)
                && matches!(answer.status, 200..300 | 401 | 403)
        };
        let asked = facts.experiments.iter().filter_map(|experiment| match &experiment.question {
            Question::Sibling(label) => Some((label, experiment.fact.as_ref()?)),
            _ => None,
        });
        let asked: Vec<_> = asked.collect();
        if asked.is_empty() {
            return;
        }
        let host = |fact: &AnswerFact| Url::parse(&fact.url).ok()?.host_str().map(str::to_owned);
        let found = asked.iter().filter(|(_, fact)| knows(fact));
        let found: Vec<(&str, String)> =
            found.map(|(label, fact)| (label.as_str(), host(fact).unwrap_or_default())).collect();
        self.flag("d4.known_elsewhere", !found.is_empty());
        // Where several know it, none of them is singled out.
        if !found.is_empty() {
            let (labels, hosts): (Vec<&str>, Vec<&str>) =
                found.iter().map(|(label, host)| (*label, host.as_str())).unzip();
            self.set("d4.label", labels.join(", "));
            self.set("d4.host", hosts.join(", "));
        }
    }

    /// Where the credential stands, where the service wants it, and whether it took it at another place.
    fn places(&mut self, connector: &Connector, facts: &Facts) {
        let ours = facts.connection.method.as_str();
        self.flag("place.others", !placement::others(connector, ours).is_empty());
        let Some((_, method)) = connector.method(Some(ours)) else { return };
        self.set("place.ours", placement::places(method).join(", "));
        let test = facts.answers.iter().find(|fact| fact.request == TEST);
        if let Some(answered) = test.and_then(|fact| fact.answer.as_ref()) {
            let asked_for = placement::asked_for(method, answered);
            self.flag("says.place", asked_for.is_some());
            self.set("place.wanted", asked_for.unwrap_or_default());
        }
        let request = connector.tested();
        let tried: Vec<(&str, bool)> = facts
            .experiments
            .iter()
            .filter_map(|experiment| match &experiment.question {
                Question::OtherPlace(name) => {
                    let fact = experiment.fact.as_ref()?;
                    let taken = fact.answer.is_some()
                        && super::answer::judge(connector, request, facts, fact).is_ok();
                    Some((name.as_str(), taken))
                }
                _ => None,
            })
            .collect();
        if tried.is_empty() {
            return;
        }
        let taken = tried.iter().find(|(_, taken)| *taken).map(|(name, _)| *name);
        self.flag("d16.accepted", taken.is_some());
        if let Some((name, other)) = taken.and_then(|name| connector.method(Some(name))) {
            self.set("d16.method", name);
            self.set("d16.place", placement::places(other).join(", "));
        }
    }

    fn repeats(&mut self, facts: &Facts) {
        let tried: Vec<&AnswerFact> = facts
            .experiments
            .iter()
            .filter(|experiment| matches!(experiment.question, Question::Repeat(_)))
            .filter_map(|experiment| experiment.fact.as_ref())
            .collect();
        if tried.is_empty() {
            return;
        }
        let answered = tried.iter().filter(|fact| fact.answer.is_some()).count();
        self.set("d12.tried", (tried.len() + 1).to_string());
        self.set("d12.failed", (tried.len() + 1 - answered).to_string());
        self.flag("d12.answered", answered > 0);
    }

    /// How many answers of this run show a counter of calls.
    fn counters(&mut self, connector: &Connector, facts: &Facts) {
        let answers = facts.calls().filter_map(|fact| fact.answer.as_ref());
        let quotas = answers.filter_map(|answer| rate::quota(connector, answer, facts.at));
        self.set("quota.answers", quotas.filter(|quota| quota.remaining.is_some()).count().to_string());
    }
}

const fn fault_word(fault: &HttpFault) -> &'static str {
    match fault {
        HttpFault::NoAnswer => "no_answer",
        HttpFault::Stalled => "stalled",
        HttpFault::Empty => "empty",
        HttpFault::NotHttp(_) => "not_http",
        HttpFault::Truncated => "truncated",
        HttpFault::BadEncoding => "bad_encoding",
        HttpFault::HeadTooLarge => "head_too_large",
        HttpFault::Http2(_) => "http2",
        HttpFault::Reset => "reset",
        HttpFault::Other(_) => "other",
    }
}

const fn provenance_word(provenance: &Provenance) -> &'static str {
    match provenance {
        Provenance::Proven => "proven",
        Provenance::Plausible => "plausible",
        Provenance::Unproven => "unproven",
        Provenance::Page(_) => "page",
        Provenance::Foreign { .. } => "foreign",
    }
}

const fn body_word(kind: &BodyKind) -> &'static str {
    match kind {
        BodyKind::Empty => "empty",
        BodyKind::Json => "json",
        BodyKind::BrokenJson(_) => "broken_json",
        BodyKind::Html(_) => "html",
        BodyKind::Xml => "xml",
        BodyKind::Other => "other",
    }
}
