//! After a refused `conn add`: what is to blame, asked again, and the command line that adds it again. What was given
//! to a refused `conn reconnect` is written in the same words.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::add::AddRequest;
use super::ask::{Answer, Answers};
use super::given::Given;
use super::prepare::Prepared;
use super::secrets::Secrets;
use super::{Failure, World};
use crate::base::{Template, Text, shell};
use crate::cause::Fix;
use crate::config::Format;
use crate::diagnosis::finding::SETTING;
use crate::diagnosis::repair::Action;
use crate::diagnosis::{Entry, Repair};
use crate::model::connection::{ConnectionKind, SecretSource};
use crate::model::{Variable, Verdict};
use crate::port::person::Choice;

/// What a person wants after a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Correct it and test again.
    Correct,
    /// Save it as it is, pending.
    Save,
    /// Stop; nothing is kept.
    Stop,
}

/// Asks what to do about a refusal; where nobody can be asked, nothing is kept.
///
/// # Errors
/// When the terminal fails.
pub fn offer(world: &dyn World, prepared: &Prepared, entry: &Entry) -> Result<Wish, Failure> {
    const WHAT: Text = Text::new("It was not proven. What now?", "確認できませんでした。どうしますか。");
    const CORRECT: Text =
        Text::new("Correct what is to blame and test again", "該当する値を直して、もう一度テストする");
    const AGAIN: Text = Text::new("Test again", "もう一度テストする");
    const SAVE: Text = Text::new("Save anyway, as pending", "このまま保存する（状態は未接続）");
    const STOP: Text = Text::new("Stop; save nothing", "中止する（保存しない）");
    let settings = world.settings();
    let shown = matches!(settings.format, Format::Human | Format::Plain);
    if !shown || !world.person().is_present() {
        return Ok(Wish::Stop);
    }
    // Where nothing that was typed is to blame, there is nothing to ask for.
    let nothing = blame(entry) == Blame::Address && in_address(prepared).is_empty();
    let correct = if nothing { AGAIN } else { CORRECT };
    let ways = [("correct", correct, Wish::Correct), ("save", SAVE, Wish::Save), ("stop", STOP, Wish::Stop)];
    let choices = ways.map(|(value, text, _)| Choice {
        value: value.to_owned(),
        shown: text.get(settings.language).to_owned(),
    });
    let answer = world.person().choose(WHAT.get(settings.language), &choices, None)?;
    Ok(ways.iter().find(|(value, ..)| *value == answer).map_or(Wish::Stop, |(.., wish)| *wish))
}

/// Which answers a refusal puts in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Blame {
    /// The credential.
    Credential,
    /// The variables that make up the address.
    Address,
    /// The variables.
    Variables,
    /// Either.
    Both,
}

fn blame(entry: &Entry) -> Blame {
    let code = entry.root().map(|finding| finding.cause.code).unwrap_or_default();
    match entry.verdict {
        Verdict::Rejected => Blame::Credential,
        Verdict::Unreachable => Blame::Address,
        Verdict::Misaddressed => Blame::Variables,
        _ if code.starts_with("CONN-SEC-") => Blame::Credential,
        _ if code.starts_with("CONN-CFG-") => Blame::Variables,
        _ => Blame::Both,
    }
}

fn is_asked(variable: &Variable) -> bool {
    variable.from.is_none() && (variable.map.is_none() || variable.label.is_some())
}

/// The variables on which the base URL hangs, straight or through others, as far as a person is asked for them.
fn in_address(prepared: &Prepared) -> BTreeSet<String> {
    let base = prepared.method.base.as_ref().or(prepared.connector.base.as_ref());
    base.map(|base| behind(base, &prepared.connector.vars)).unwrap_or_default()
}

fn behind(base: &Template, variables: &IndexMap<String, Variable>) -> BTreeSet<String> {
    let mut open: Vec<String> = base.names().map(str::to_owned).collect();
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        let Some(variable) = variables.get(&name) else { continue };
        if !found.insert(name) {
            continue;
        }
        let maps = variable.map.iter();
        let templates = maps.clone().flat_map(|map| map.values.values().chain(&map.otherwise));
        let names = templates.chain(&variable.default).flat_map(Template::names).map(str::to_owned);
        open.extend(names.chain(maps.map(|map| map.by.clone())));
    }
    found.retain(|name| variables.get(name).is_some_and(is_asked));
    found
}

/// Asks again for what is to blame, and for nothing that was right.
///
/// # Errors
/// When the person cancelled.
pub fn correct(
    world: &dyn World,
    prepared: &mut Prepared,
    secrets: &mut Secrets,
    entry: &Entry,
    store: &SecretSource,
) -> Result<(), Failure> {
    let blame = blame(entry);
    let of_address = (blame == Blame::Address).then(|| in_address(prepared));
    let has_variables = prepared.connector.vars.values().any(is_asked);
    let mut answers = Answers { may_stay: true, ..Answers::of(world, prepared) };
    if blame != Blame::Credential {
        for (name, variable) in &prepared.connector.vars.clone() {
            if of_address.as_ref().is_some_and(|names| !names.contains(name)) {
                continue;
            }
            let mut variable = variable.clone();
            // What was typed before is offered again: often only a letter is wrong.
            if let Some(before) = prepared.connection.vars.get(name) {
                variable.default = before.parse().ok();
            }
            if let Some(value) = answers.variable(name, &variable)? {
                prepared.connection.vars.insert(name.clone(), value);
            }
        }
    }
    if blame == Blame::Address || (blame == Blame::Variables && has_variables) {
        return Ok(());
    }
    for (key, parameter) in &prepared.method.params.clone() {
        if !parameter.secret {
            if let Some(value) = answers.plain(key, parameter)? {
                prepared.connection.vars.insert(key.clone(), value);
            }
            continue;
        }
        if let Some(Answer::Value(value)) = answers.secret(key, parameter)? {
            prepared.connection.secrets.shift_remove(key);
            if *store != SecretSource::Keyring {
                prepared.connection.secrets.insert(key.clone(), store.clone());
            }
            secrets.insert(key.clone(), value);
        }
    }
    Ok(())
}

/// Where a secret is taken from, as `--secret` says it.
#[must_use]
pub fn secret(key: &str, given: &Given) -> String {
    let source = match given {
        Given::Prompt => return format!("--secret {}", shell::word(key)),
        Given::Input => "-".to_owned(),
        Given::File(path) => format!("file:{}", path.display()),
        // Its arguments may hold what nobody should read off a screen.
        Given::Reference(SecretSource::Command(_)) => "command:…".to_owned(),
        Given::Reference(source) => source.to_string(),
    };
    format!("--secret {}", shell::word(&format!("{key}={source}")))
}

/// A value that is not secret, as `--set` says it. What is certainly wrong stands as it was meant, where conn can
/// tell, else as `NAME=…`.
#[must_use]
pub fn set(name: &str, value: &str, prepared: &Prepared, entry: Option<&Entry>) -> String {
    let root = entry.and_then(Entry::root);
    let setting = root.and_then(|finding| finding.values.get(SETTING));
    if let Some(setting) = setting.filter(|setting| setting.en.starts_with(&format!("--set {name}="))) {
        return setting.en.clone();
    }
    let wrong = root.is_some_and(|finding| finding.cause.code.starts_with("CONN-CFG-"))
        && prepared.connector.vars.contains_key(name);
    let value = match root.and_then(|finding| finding.repair.as_ref()) {
        Some(Repair {
            action: Action::SetVariable { name: of, to, .. }, applicability: Fix::Safe, ..
        }) if of == name => to,
        _ if wrong => "…",
        _ => value,
    };
    format!("--set {}", shell::word(&format!("{name}={value}")))
}

/// The arguments of the command line that are known before anything was asked.
pub fn arguments(request: &AddRequest) -> Vec<String> {
    // What is asked for is asked for again.
    let named = request.secrets.iter().filter(|(_, given)| **given != Given::Prompt);
    let mut words: Vec<String> = named.map(|(key, given)| secret(key, given)).collect();
    if request.store == SecretSource::Vault {
        words.push("--store vault".to_owned());
    }
    words
}

/// The command line that adds a connection again, with everything that was right; `rest` are its further
/// arguments.
#[must_use]
pub fn again(prepared: &Prepared, entry: Option<&Entry>, rest: &[String]) -> String {
    let connection = &prepared.connection;
    let mut words = vec![format!("conn add {}", prepared.link_name)];
    words.push(format!("--connector {}", connection.connector));
    words.extend(connection.method.as_ref().map(|method| format!("--method {method}")));
    words.extend(connection.environment.as_ref().map(|name| format!("--environment {}", shell::word(name))));
    if connection.kind != ConnectionKind::default() {
        words.push(format!("--kind {}", connection.kind.code()));
    }
    words.extend(prepared.account.as_ref().map(|label| format!("--account {}", shell::word(label))));
    words.extend(connection.vars.iter().map(|(name, value)| set(name, value, prepared, entry)));
    // A variable that is not there is not there the next time either: the value is asked for.
    let mut findings = entry.into_iter().flat_map(|entry| &entry.findings);
    let unset = findings.find(|finding| finding.cause.code == "CONN-SEC-ENV-MISSING");
    let variable = unset.and_then(|finding| finding.values.get("variable"));
    let missing = variable.map(|variable| format!("=env:{}", variable.en));
    let given = rest.iter().filter(|word| missing.as_ref().is_none_or(|missing| !word.ends_with(missing)));
    words.extend(given.cloned());
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{behind, secret};
    use crate::model::Connector;
    use crate::operation::given::given;

    #[test]
    fn only_what_the_address_hangs_on_is_asked_again_where_nothing_answers() {
        for (definition, expected) in [
            ("base = 'https://api.test'\n[vars.org]\nlabel = 'Organisation'", vec![]),
            (
                "base = 'https://{tenant}.crm.test/v1'\n[vars.tenant]\nlabel = 'Tenant'\n[vars.org]\nlabel = 'X'",
                vec!["tenant"],
            ),
            (
                "base = '{api}'\n[vars.dc]\nlabel = 'Data centre'\n[vars.api]\nfrom = 'token:/api'\n\
                 map = { by = 'dc', else = 'https://api.{dc}' }",
                vec!["dc"],
            ),
        ] {
            let connector: Connector = toml::from_str(definition).unwrap();
            let found = behind(connector.base.as_ref().unwrap(), &connector.vars);
            assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected, "{definition}");
        }
    }

    #[test]
    fn a_source_is_written_as_it_was_given_but_for_what_a_program_is_told() {
        for (said, written) in [
            ("api_key", "--secret api_key"),
            ("api_key=", "--secret api_key"),
            ("api_key=-", "--secret api_key=-"),
            ("api_key=env:KEY", "--secret api_key=env:KEY"),
            ("api_key=file:my key", "--secret 'api_key=file:my key'"),
            ("api_key=command:op read hunter2", "--secret api_key=command:…"),
        ] {
            let (key, given) = given(said).unwrap();
            assert_eq!(secret(&key, &given), written);
        }
    }
}
