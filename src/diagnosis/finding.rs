//! A judged explanation: the cause, how sure we are, and what speaks for it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::dirt::Dirt;
use super::repair::Repair;
use crate::base::{Language, Phrase, Text, Timestamp};
use crate::cause::{self, Cause, Severity, Step};
use crate::model::{Strength, Verdict};

/// The value that holds what a reconnect is told beside the name, where the value to correct is no secret.
pub const SETTING: &str = "setting";

/// A judged explanation.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The catalogue entry.
    pub cause: &'static Cause,
    /// How bad it is here; a cause that does not stop the connection is lowered to a warning.
    pub severity: Severity,
    /// Whether it is the root or follows from it.
    pub role: Role,
    /// How sure we are.
    pub confidence: Confidence,
    /// Values for the sentences of the cause.
    pub values: BTreeMap<String, Phrase>,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
    /// One more sentence, from a connector's rule.
    pub note: Option<Phrase>,
    /// What the vendor said.
    pub vendor: VendorWords,
    /// When trying again can help.
    pub retry_at: Option<Timestamp>,
    /// Where to read on.
    pub docs: Vec<String>,
    /// What conn itself can do about it.
    pub repair: Option<Repair>,
    /// Whether it is over: conn has done in this run what there was to do.
    pub over: bool,
}

impl Finding {
    /// A root finding without evidence yet.
    #[must_use]
    pub fn new(cause: &'static Cause, confidence: Confidence) -> Self {
        Self {
            cause,
            severity: cause.severity,
            role: Role::Root,
            confidence,
            values: BTreeMap::new(),
            evidence: Vec::new(),
            note: None,
            vendor: VendorWords::default(),
            retry_at: None,
            docs: Vec::new(),
            repair: None,
            over: false,
        }
    }

    /// The same finding as a warning: true, and not in the way.
    #[must_use]
    pub fn lowered(mut self) -> Self {
        if self.severity == Severity::Error {
            self.severity = Severity::Warning;
        }
        self
    }

    /// The outcome it gives a run.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self.severity {
            Severity::Error => self.cause.verdict,
            Severity::Warning if self.cause.verdict == Verdict::Unverified => Verdict::Unverified,
            Severity::Warning => Verdict::Warning,
            Severity::Info => Verdict::Ok,
        }
    }

    /// Adds a value for the sentences.
    #[must_use]
    pub fn value(mut self, name: &str, value: impl Into<Phrase>) -> Self {
        self.values.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a piece of evidence.
    #[must_use]
    pub fn because(mut self, strength: Strength, sentence: impl Into<Phrase>) -> Self {
        self.evidence.push(Evidence { strength, sentence: sentence.into() });
        self
    }

    /// A sentence of the cause with this finding's values; a value nobody supplied is said in general words.
    #[must_use]
    pub fn say(&self, text: Text, language: Language) -> String {
        fill(text.get(language), &self.values, language)
    }

    /// The title in one language.
    #[must_use]
    pub fn title(&self, language: Language) -> String {
        self.say(self.heading(), language)
    }

    /// What the cause says in one sentence, as it fits here.
    #[must_use]
    pub fn heading(&self) -> Text {
        if self.is_unknown_here() {
            cause::known_host::HEADING
        } else if self.cause.code == "CONN-CFG-ENVIRONMENT-UNKNOWN" && !self.values.contains_key("name") {
            cause::configuration::connection::ENVIRONMENT_UNKNOWN_TO_ALL
        } else {
            self.cause.title
        }
    }

    /// The steps of the cause, as they fit here.
    pub fn steps(&self) -> impl Iterator<Item = &'static Step> {
        let steps = match self.cause.code {
            _ if self.is_unknown_here() => cause::known_host::STEPS,
            _ if self.dirt().is_some_and(Dirt::is_inside) => cause::secret::value::INSIDE,
            "CONN-AUTH-REJECTED" if self.values.contains_key(ISSUED) => {
                cause::authentication::key::TOKEN_STEPS
            }
            _ => self.cause.steps,
        };
        let without_device = self.values.contains_key(WITHOUT_DEVICE);
        let needs_device =
            |step: &Step| step.command.is_some_and(|command| command.ends_with("--flow device"));
        steps.iter().filter(move |step| !(without_device && needs_device(step)))
    }

    /// What does not belong to a value, where that is the matter.
    #[must_use]
    pub fn dirt(&self) -> Option<Dirt> {
        self.values.get("dirt").and_then(|code| Dirt::find(&code.en))
    }

    /// Whether this machine's name server denies a host that conn itself brought along: then nothing is misspelt.
    #[must_use]
    pub fn is_unknown_here(&self) -> bool {
        self.cause.code == "CONN-DNS-NXDOMAIN" && self.values.contains_key(FIXED)
    }
}

/// The value that stands where a service is known to offer no sign-in by a code on another device.
pub const WITHOUT_DEVICE: &str = "without_device";

/// The value that holds a host which the built-in definition fixes, where that host could not be reached.
pub const FIXED: &str = "fixed_host";

/// The value of a finding about a token that the service issued.
pub const ISSUED: &str = "issued_token";

/// Fills `{name}` from a map. What nobody supplied is said in general words: a sentence never holds a gap.
#[must_use]
pub fn fill(sentence: &str, values: &BTreeMap<String, Phrase>, language: Language) -> String {
    fill_by(sentence, |name| match values.get(name) {
        Some(value) if !value.get(language).is_empty() => value.get(language).to_owned(),
        _ => general(name).get(language).to_owned(),
    })
}

/// A command line filled from a map. What nobody supplied stands in capitals, as in a usage line.
#[must_use]
pub fn fill_command(command: &str, values: &BTreeMap<String, Phrase>) -> String {
    fill_by(command, |name| match (values.get(name), name) {
        (Some(value), _) => value.en.clone(),
        (None, "name") => "LINK_NAME".to_owned(),
        (None, other) => other.to_uppercase(),
    })
}

/// Fills `{name}` by a function.
pub fn fill_by(sentence: &str, mut value: impl FnMut(&str) -> String) -> String {
    let mut filled = String::with_capacity(sentence.len() + 16);
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        filled.push_str(&value(name));
        rest = tail;
    }
    filled.push_str(rest);
    filled
}

/// What stands in a sentence for a value that nobody supplied. None of it may stand among the values: a command would
/// take it for an argument.
fn general(name: &str) -> Text {
    match name {
        "name" => Text::new("the connection", "この接続"),
        "service" => Text::new("the service", "サービス"),
        "connector" => Text::new("this connector", "このコネクター"),
        "host" => Text::new("the service's host", "サービスのホスト"),
        "label" => Text::new("the credential", "認証情報"),
        "field" | "variable" => Text::new("a setting", "設定項目"),
        "console" => Text::new("its own settings page", "サービスの管理画面"),
        "file" | "place" => Text::new("the file", "該当ファイル"),
        "proxy" => Text::new("on the way", "（経路上）"),
        "date" => Text::new("a later time", "後日"),
        "skew" => Text::new("some minutes", "数分以上"),
        "command" => Text::new("of the connection", "（接続の定義を参照）"),
        "interval" => Text::new("as the service's documentation says", "サービスのドキュメントを参照"),
        "location" | "address" => Text::new("another address", "別のアドレス"),
        "resources" => Text::new("some resources", "一部のデータ"),
        "scope" => Text::new("that the call needs", "（この操作に必要なもの）"),
        "scopes" => Text::new("those that the calls need", "（実際の操作に必要なもの）"),
        "port" => Text::new("443", "443"),
        "title" => Text::new("none", "なし"),
        "reason" => Text::new("no reason given", "理由の記載なし"),
        _ => Text::new("not known", "不明"),
    }
}

/// Root, or a consequence of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The one cause.
    Root,
    /// Beside it, or explained by it.
    Secondary,
}

/// How sure we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Nothing fits.
    Unknown,
    /// One of several.
    Possible,
    /// The best explanation by far.
    Likely,
    /// Proved.
    Certain,
}

impl Confidence {
    /// The word for people.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::Unknown => Text::new("unknown", "原因不明"),
            Self::Possible => Text::new("possible", "可能性あり"),
            Self::Likely => Text::new("likely", "可能性が高い"),
            Self::Certain => Text::new("certain", "確定"),
        }
    }
}

/// What speaks for or against a cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// How much it says.
    pub strength: Strength,
    /// What was seen.
    pub sentence: Phrase,
}

/// What the vendor said: foreign text, made harmless and cut, always quoted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorWords {
    /// Its error code.
    pub code: Option<String>,
    /// Its message.
    pub message: Option<String>,
    /// The id that its support asks for.
    pub request_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use crate::base::Language;
    use crate::diagnosis::{fixture, judge};
    use crate::model::Connector;

    #[test]
    fn the_way_out_of_a_refusal_names_the_credential_as_it_is() {
        let key = r#"{ kind = "api_key", header.X-Key = "{key}", params.key.label = "API key" }"#;
        let password = r#"{ kind = "basic", user = "{user}", password = "{password}", params.user = { label = "User", secret = false }, params.password.label = "Password" }"#;
        let token =
            r#"{ kind = "oauth2", authorize = "https://acme.test/a", token = "https://acme.test/t" }"#;
        let mut seen = Vec::new();
        for method in [key, password, token] {
            let connector =
                format!("base = 'https://acme.test'\ntest.request = 'GET /me'\nauth.main = {method}");
            let connector: Connector = toml::from_str(&connector).unwrap();
            let sample = toml::from_str(
                "name = 'x'\nstatus = 401\nexpect = 'ok'\nbody = '{\"why\":\"the credential has expired\"}'",
            );
            let judged = judge::judge(&connector, &fixture::facts("acme", &connector, &sample.unwrap()));
            let root = &judged.findings[0];
            let steps: Vec<String> = root.steps().map(|step| root.say(step.text, Language::En)).collect();
            let expiry = judged.candidates.iter().find(|other| other.cause.code == "CONN-AUTH-KEY-EXPIRED");
            seen.push(format!("{} {} {}", root.cause.code, steps.join(" "), expiry.unwrap().is_supported()));
        }
        assert!(seen.iter().all(|one| one.starts_with("CONN-AUTH-REJECTED")), "{seen:#?}");
        assert!(seen[0].contains("valid (API key),") && seen[0].ends_with("true"), "{seen:#?}");
        assert!(seen[1].contains("valid (Password),") && !seen[1].contains("key"), "{seen:#?}");
        assert!(seen[2].contains("new token") && !seen[2].contains("key"), "{seen:#?}");
        assert!(seen[2].ends_with("false"), "{seen:#?}");
    }
}
