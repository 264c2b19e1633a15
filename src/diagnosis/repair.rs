//! What conn itself can do about a finding. Pure: the same finding and facts give the same repair.
//!
//! A repair never switches verification off, never widens what was consented to, never makes a new key at the
//! service, and never writes a secret into a file.

use serde::{Deserialize, Serialize};

use super::address::{self, Place};
use super::definition::{DefinitionFact, VariableFact};
use super::fact::{Certificate, Facts, StageDetail};
use super::finding::Finding;
use crate::base::{Phrase, Text, safe_text};
use crate::cause::Fix;

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

/// The repair of a finding, where conn has one.
#[must_use]
pub fn of(finding: &Finding, facts: &Facts) -> Option<Repair> {
    match finding.cause.code.strip_prefix("CONN-")? {
        "CFG-HOST-FORM" | "CFG-VALUE-FORM" => host_form(facts),
        "CFG-HOST-INSECURE" | "HTTP-CLEARTEXT" => encrypted(facts),
        "HTTP-REDIRECT-HTTPS" | "HTTP-REDIRECT-HOST" => redirected(finding, facts),
        "AUTH-DC" => data_centre(finding, facts),
        "SEC-WHITESPACE" => clean(finding, facts),
        "OAUTH-ACCESS-EXPIRED" => renewed(facts),
        "BODY-TYPE" | "API-ACCEPT" => accept(facts),
        "TLS-INTERCEPTED" | "TLS-UNKNOWN-CA" | "TLS-SELF-SIGNED" => trust(facts),
        _ => None,
    }
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

/// The data centre to which the token belongs, where the service or an experiment named it.
fn data_centre(finding: &Finding, facts: &Facts) -> Option<Repair> {
    let definition = definition(facts)?;
    if let Some(to) = &definition.elsewhere {
        return set_variable(facts, &to.variable, &to.from, to.to.clone(), Fix::NeedsConsent);
    }
    let named = ["data_centre", "expected", "wanted"].into_iter().filter_map(|key| finding.values.get(key));
    let named: Vec<&str> = named.map(|value| value.en.as_str()).collect();
    let host = finding.values.get("new_host").map(|value| value.en.as_str());
    let mut hosts = definition.token_hosts.iter().map(String::as_str).chain(host);
    let chosen = definition.variables.iter().find_map(|(name, variable)| {
        let mut others = variable.choices.iter().filter(|choice| **choice != variable.value);
        let base = |choice: &str| definition.base.replace(&format!("{{{name}}}"), choice);
        let fits = |choice: &&String| {
            named.contains(&choice.as_str())
                || hosts
                    .any(|host| url::Url::parse(&base(choice)).is_ok_and(|url| url.host_str() == Some(host)))
        };
        others.find(fits).map(|choice| (name, variable, choice.clone()))
    });
    if let Some((name, variable, to)) = chosen {
        return set_variable(facts, name, &variable.value, to, Fix::NeedsConsent);
    }
    let (name, place, variable) = deciding(facts)?;
    let to = address::canonical(host?, &place, false)?;
    set_variable(facts, name, &variable.value, to, Fix::NeedsConsent)
}

/// A stored value without what was pasted along with it.
fn clean(finding: &Finding, facts: &Facts) -> Option<Repair> {
    const CLEAN: Text = Text::new(
        "take {characters} off the stored value of {label}; the value before stays for conn reconnect --rollback",
        "保存されている「{label}」の値から{characters}を取り除きます（元の値は conn reconnect --rollback で戻せます）",
    );
    let parameter = finding.values.get("parameter")?.en.clone();
    let source = facts.connection.sources.get(&parameter)?;
    if source != "keyring" && source != "vault" {
        return None;
    }
    let mut dirt: Vec<&crate::diagnosis::Problem> = facts.problems.iter().collect();
    dirt.retain(|problem| {
        problem.code == finding.cause.code && problem.values.get("parameter") == Some(&parameter)
    });
    // Full-width characters may be meant; whoever typed them knows.
    let doubtful =
        dirt.iter().any(|problem| problem.values.get("dirt").is_none_or(|dirt| dirt == "full_width"));
    let general = || Phrase::from(Text::new("what does not belong to it", "不要な文字"));
    let characters = finding.values.get("characters").cloned().unwrap_or_else(general);
    let label = finding.values.get("label").cloned().unwrap_or_else(|| Phrase::same(parameter.as_str()));
    let plan = CLEAN.fill_phrases(&[("characters", characters), ("label", label)]);
    let applicability = if doubtful { Fix::NeedsConsent } else { Fix::Safe };
    Some(Repair { action: Action::CleanSecret { parameter }, applicability, plan })
}

fn renewed(facts: &Facts) -> Option<Repair> {
    const RENEW: Text = Text::new(
        "read the tokens again from where they are kept, and have new ones issued with the stored refresh token",
        "保存先からトークンを読み直し、保存済みの更新トークンで新しいトークンを取得します",
    );
    let grant = facts.grant.as_ref().filter(|grant| grant.renewable)?;
    let spent = grant.renewed && facts.answers.iter().any(|fact| fact.answer.is_some());
    (!spent).then(|| Repair { action: Action::Renew, applicability: Fix::Safe, plan: RENEW.into() })
}

/// The format that conn can read, asked for by the header that now asks for another one.
fn accept(facts: &Facts) -> Option<Repair> {
    const SET: Text = Text::new(
        "let the connector {connector} ask for application/json (header Accept, now {from})",
        "コネクター {connector} の Accept ヘッダーを application/json にします（現在: {from}）",
    );
    const JSON: &str = "application/json";
    let definition = definition(facts).filter(|definition| definition.own_connector)?;
    // The header of the request wins over the connector's.
    let header = definition.headers.iter().rev().find(|header| header.name.eq_ignore_ascii_case("accept"))?;
    if header.value == JSON {
        return None;
    }
    let plan = SET.fill(&[("connector", &facts.connection.connector), ("from", &header.value)]);
    let action = Action::SetHeader {
        of_test: header.of_test,
        name: header.name.clone(),
        from: Some(header.value.clone()),
        to: JSON.to_owned(),
    };
    Some(Repair { action, applicability: Fix::NeedsConsent, plan })
}

/// The authority that signed the certificate, where the other side sent it along. Whether it is the company's own
/// only a person can tell, by its fingerprint.
fn trust(facts: &Facts) -> Option<Repair> {
    const TRUST: Text = Text::new(
        "trust {subject} for {link} alone; its SHA-256 is {sha256}. Agree only if your administrator named this \
         fingerprint: whoever holds this authority's key can read everything that {link} sends",
        "{link} の通信に限り {subject} を信頼します（SHA-256: {sha256}）。管理者から知らされた指紋と一致する\
         場合だけ同意してください。この認証局の鍵を持つ者は {link} の通信をすべて読み取れます",
    );
    if definition(facts)?.has_ca_file {
        return None;
    }
    let chain = facts.stages.iter().find_map(|stage| match &stage.detail {
        StageDetail::Tls { chain, fault: Some(_), .. } => Some(chain),
        _ => None,
    })?;
    let authority = authority(chain)?;
    let (pem, sha256) = (authority.pem.clone()?, authority.sha256.clone()?);
    let subject = safe_text::line(&authority.subject, 120);
    let plan =
        TRUST.fill(&[("subject", &subject), ("link", &facts.connection.link_name), ("sha256", &sha256)]);
    Some(Repair { action: Action::Trust { subject, sha256, pem }, applicability: Fix::NeedsConsent, plan })
}

/// The certificate that would have to be trusted: the topmost that was sent, unless that is only the server's own,
/// issued by somebody who was not sent along.
fn authority(chain: &[Certificate]) -> Option<&Certificate> {
    let top = chain.last()?;
    (chain.len() > 1 || top.subject == top.issuer).then_some(top)
}

#[cfg(test)]
mod tests {
    use super::{Action, of};
    use crate::cause::{self, Fix};
    use crate::diagnosis::definition::{DefinitionFact, VariableFact};
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
        let choices = choices.iter().map(|choice| (*choice).to_owned()).collect();
        let variable = VariableFact { value: value.to_owned(), choices, example: None };
        DefinitionFact {
            base: base.to_owned(),
            base_is_plain: true,
            own_connector: true,
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
