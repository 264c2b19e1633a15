//! What conn itself can do about a finding. Pure: the same finding and facts give the same repair.
//!
//! A repair never switches verification off, never widens what was consented to, never makes a new key at the
//! service, and never writes a secret into a file.

mod credential;
mod data_centre;
mod speech;
mod trust;

use serde::{Deserialize, Serialize};

use super::address::{self, Place};
use super::definition::{DefinitionFact, VariableFact};
use super::fact::Facts;
use super::finding::Finding;
use crate::base::{Phrase, Text, safe_text};
use crate::cause::Fix;
use crate::model::connection::HttpVersion;

/// One change that may put things right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// What changes.
    pub action: Action,
    /// Whether a person has to agree first.
    pub applicability: Fix,
    /// What is going to be done, in words.
    pub plan: Phrase,
}

/// What a repair changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A variable of the connection.
    SetVariable {
        /// Its name.
        name: String,
        /// Its value now.
        from: String,
        /// Its value then.
        to: String,
    },
    /// The base URL that a person's own connector states.
    SetBase {
        /// Its value now.
        from: String,
        /// Its value then.
        to: String,
    },
    /// A header of a person's own connector.
    SetHeader {
        /// Whether the test request sets it; else the connector does.
        of_test: bool,
        /// Its name.
        name: String,
        /// Its value now; nothing where there is none yet.
        from: Option<String>,
        /// Its value then.
        to: String,
    },
    /// The method by which the connection proves itself: the same values at another place of the request.
    SetMethod {
        /// Its name now.
        from: String,
        /// Its name then.
        to: String,
    },
    /// The newest version of HTTP that the connection speaks.
    SetHttpVersion {
        /// The version.
        to: HttpVersion,
    },
    /// A stored value without what does not belong to it.
    CleanSecret {
        /// The parameter.
        parameter: String,
    },
    /// Tokens read again from the store, else new ones.
    Renew,
    /// A certificate authority that this one connection trusts besides.
    Trust {
        /// Its name.
        subject: String,
        /// The SHA-256 of its certificate.
        sha256: String,
        /// The certificate.
        pem: String,
    },
}

impl Repair {
    /// Whether it makes a credential travel to another host than before.
    #[must_use]
    pub const fn moves_credential(&self) -> bool {
        matches!(
            (&self.action, self.applicability),
            (Action::SetVariable { .. } | Action::SetBase { .. }, Fix::NeedsConsent)
        )
    }

    /// Whether it replaces a credential.
    #[must_use]
    pub const fn changes_credential(&self) -> bool {
        matches!(self.action, Action::CleanSecret { .. } | Action::Renew)
    }

    /// Whether a person has to compare a fingerprint: `--yes` alone is not enough.
    #[must_use]
    pub const fn fingerprint(&self) -> Option<&String> {
        match &self.action {
            Action::Trust { sha256, .. } => Some(sha256),
            _ => None,
        }
    }
}

/// The repair of a finding, where conn has one: the first that is worth a try.
#[must_use]
pub fn of(finding: &Finding, facts: &Facts) -> Option<Repair> {
    all(finding, facts).into_iter().next()
}

/// The repairs of a finding, in the order in which they are worth a try. There are several only where each of them may
/// be right and only a trial can tell.
#[must_use]
pub fn all(finding: &Finding, facts: &Facts) -> Vec<Repair> {
    let code = finding.cause.code.strip_prefix("CONN-").unwrap_or_default();
    let one = match code {
        "CFG-HOST-FORM" | "CFG-VALUE-FORM" => host_form(facts),
        "CFG-HOST-INSECURE" | "HTTP-CLEARTEXT" => encrypted(facts),
        "CFG-PARAM-PLACEMENT" => speech::placed(finding, facts),
        "HTTP-REDIRECT-HTTPS" | "HTTP-REDIRECT-HOST" => redirected(finding, facts),
        "HTTP-H2" => speech::older_protocol(facts),
        "SEC-WHITESPACE" => credential::clean(finding, facts),
        "OAUTH-ACCESS-EXPIRED" => credential::renewed(facts),
        "BODY-TYPE" | "API-ACCEPT" => speech::accept(facts),
        "TLS-INTERCEPTED" | "TLS-UNKNOWN-CA" | "TLS-SELF-SIGNED" => trust::trust(facts),
        "AUTH-DC" => return data_centre::named(finding, facts),
        "AUTH-REJECTED" | "AUTH-KEY-UNKNOWN" => return data_centre::tried(facts),
        _ => None,
    };
    one.into_iter().collect()
}

fn definition(facts: &Facts) -> Option<&DefinitionFact> {
    facts.definition.as_ref()
}

/// The variable that decides the host, with its value.
fn deciding(facts: &Facts) -> Option<(&str, Place, &VariableFact)> {
    let definition = definition(facts)?;
    let (name, place) = address::deciding(&definition.base)?;
    Some((name, place, definition.variables.get(name)?))
}

fn set_variable(facts: &Facts, name: &str, from: &str, to: String, applicability: Fix) -> Option<Repair> {
    const SET: Text = Text::new(
        "write {to} instead of {from} into vars.{name} of {link}, in {place}",
        "{place} の {link} の vars.{name} を {from} から {to} に書き換えます",
    );
    if from == to {
        return None;
    }
    let shared = definition(facts)?.shared;
    let applicability = if shared { Fix::NeedsConsent } else { applicability };
    let shown = |value: &str| format!("“{}”", safe_text::line(value, 80));
    let plan = SET.fill(&[
        ("to", &shown(&to)),
        ("from", &shown(from)),
        ("name", name),
        ("link", &facts.connection.link_name),
        ("place", &facts.connection.origin),
    ]);
    let action = Action::SetVariable { name: name.to_owned(), from: from.to_owned(), to };
    Some(Repair { action, applicability, plan })
}

/// The host as it was meant: the same host, so nobody needs to agree.
fn host_form(facts: &Facts) -> Option<Repair> {
    let (name, place, variable) = deciding(facts)?;
    let has_path = |example: &String| example.trim_end_matches('/').matches('/').count() > 2;
    let keep_path = variable.example.as_ref().is_some_and(has_path);
    let to = address::canonical(&variable.value, &place, keep_path)?;
    set_variable(facts, name, &variable.value, to, Fix::Safe)
}

/// The same address with https.
fn encrypted(facts: &Facts) -> Option<Repair> {
    const SET: Text = Text::new(
        "write {to} instead of {from} as the base of the connector {connector}",
        "コネクター {connector} の base を {from} から {to} に書き換えます",
    );
    let secure = |text: &str| text.trim().strip_prefix("http://").map(|rest| format!("https://{rest}"));
    if let Some((name, Place::Whole, variable)) = deciding(facts) {
        return set_variable(facts, name, &variable.value, secure(&variable.value)?, Fix::Safe);
    }
    let changeable = |definition: &&DefinitionFact| definition.own_connector && definition.base_is_plain;
    let definition = definition(facts).filter(changeable)?;
    let (from, to) = (definition.base.clone(), secure(&definition.base)?);
    let values = [("to", &*to), ("from", &*from), ("connector", &*facts.connection.connector)];
    let plan = SET.fill(&values);
    let applicability = if definition.shared { Fix::NeedsConsent } else { Fix::Safe };
    Some(Repair { action: Action::SetBase { from, to }, applicability, plan })
}

/// The host to which the service says it has moved for good; that with https it is the same one needs no consent.
fn redirected(finding: &Finding, facts: &Facts) -> Option<Repair> {
    let for_good = facts
        .answers
        .iter()
        .any(|fact| fact.answer.as_ref().is_some_and(|answer| matches!(answer.status, 301 | 308)));
    let target = &finding.values.get("location")?.en;
    if !for_good || !target.starts_with("https://") {
        return None;
    }
    let (name, place, variable) = deciding(facts)?;
    let to = address::canonical(target, &place, false)?;
    let same =
        variable.value.trim().trim_end_matches('/').strip_prefix("http://") == to.strip_prefix("https://");
    set_variable(facts, name, &variable.value, to, if same { Fix::Safe } else { Fix::NeedsConsent })
}

#[cfg(test)]
mod tests {
    use super::{Action, of};
    use crate::cause::{self, Fix};
    use crate::diagnosis::definition::{DefinitionFact, ElsewhereFact, VariableFact};
    use crate::diagnosis::fact::SCHEMA;
    use crate::diagnosis::{Confidence, Facts, Finding};

    fn facts(definition: DefinitionFact) -> Facts {
        let mut facts: Facts = serde_json::from_value(serde_json::json!({
            "schema": SCHEMA,
            "at": "2026-11-21T00:00:00Z",
            "connection": {
                "link_name": "crm", "connector": "acme", "service": "Acme", "method": "key",
                "kind": "api_key", "environment": "production", "base": "", "host": "",
                "origin": "connectors.toml:3", "state": "connected", "fingerprints": {}, "sources": {}
            },
            "problems": [], "stages": [], "answers": [],
            "history": { "last_ok": null, "fingerprints": {}, "account": null, "organisation": null }
        }))
        .unwrap();
        facts.definition = Some(definition);
        facts
    }

    fn definition(base: &str, name: &str, value: &str, choices: &[&str]) -> DefinitionFact {
        let sibling = |choice: &&str| {
            let host = base.replace(&format!("{{{name}}}"), choice).replace("https://", "");
            let (variable, from, to) = (name.to_owned(), value.to_owned(), (*choice).to_owned());
            ElsewhereFact { variable, from, to, host, named: String::new() }
        };
        let siblings = choices.iter().filter(|choice| **choice != value).map(sibling).collect();
        let choices = choices.iter().map(|choice| (*choice).to_owned()).collect();
        let variable = VariableFact { value: value.to_owned(), choices, example: None };
        DefinitionFact {
            base: base.to_owned(),
            base_is_plain: true,
            own_connector: true,
            siblings,
            variables: [(name.to_owned(), variable)].into_iter().collect(),
            ..DefinitionFact::default()
        }
    }

    fn finding(code: &str) -> Finding {
        Finding::new(cause::get(code), Confidence::Certain)
    }

    #[test]
    fn the_host_that_was_meant_needs_no_consent_unless_others_share_the_file() {
        for (shared, applicability) in [(false, Fix::Safe), (true, Fix::NeedsConsent)] {
            let typed = definition("{host}", "host", "acme.example-vendor.test/crm/ ", &[]);
            let repair =
                of(&finding("CONN-CFG-HOST-FORM"), &facts(DefinitionFact { shared, ..typed })).unwrap();
            assert_eq!(repair.applicability, applicability);
            let Action::SetVariable { to, .. } = repair.action else { panic!() };
            assert_eq!(to, "https://acme.example-vendor.test");
        }
        let hidden = definition("{host}", "host", "user:word@acme.test", &[]);
        assert_eq!(of(&finding("CONN-CFG-HOST-FORM"), &facts(hidden)), None);
    }

    #[test]
    fn the_data_centre_that_the_token_named_is_offered_and_never_taken_unasked() {
        let mut chosen = definition("https://www.api.{dc}", "dc", "com", &["com", "jp", "eu"]);
        assert_eq!(of(&finding("CONN-AUTH-DC"), &facts(chosen.clone())), None, "nobody named one");
        chosen.token_hosts = vec!["www.api.jp".into()];
        let repair = of(&finding("CONN-AUTH-DC"), &facts(chosen.clone())).unwrap();
        assert!(repair.applicability == Fix::NeedsConsent && repair.moves_credential());
        assert!(matches!(&repair.action, Action::SetVariable { to, .. } if to == "jp"));
        chosen.token_hosts.clear();
        let repair = of(&finding("CONN-AUTH-DC").value("data_centre", "eu"), &facts(chosen)).unwrap();
        assert!(matches!(&repair.action, Action::SetVariable { to, .. } if to == "eu"));
    }

    #[test]
    fn an_address_in_the_clear_becomes_an_encrypted_one() {
        let typed = definition("{address}", "address", "http://acme.test:8443/x", &[]);
        let repair = of(&finding("CONN-HTTP-CLEARTEXT"), &facts(typed)).unwrap();
        assert!(matches!(&repair.action, Action::SetVariable { to, .. } if to == "https://acme.test:8443/x"));
        let written = definition("http://acme.test", "other", "", &[]);
        let repair = of(&finding("CONN-CFG-HOST-INSECURE"), &facts(written.clone())).unwrap();
        assert!(matches!(&repair.action, Action::SetBase { to, .. } if to == "https://acme.test"));
        let built_in = DefinitionFact { own_connector: false, ..written };
        assert_eq!(of(&finding("CONN-CFG-HOST-INSECURE"), &facts(built_in)), None);
    }

    #[test]
    fn what_only_a_person_can_do_has_no_repair() {
        for cause in cause::all() {
            let repair = of(&finding(cause.code), &facts(DefinitionFact::default()));
            assert!(repair.is_none(), "{}", cause.code);
        }
    }
}
