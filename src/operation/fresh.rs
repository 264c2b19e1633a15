//! The new values of a connection that is given a credential: what is not given and not missing stays as it is.

use super::ask::{Answer, Answers};
use super::check::Loaded;
use super::prepare::Prepared;
use super::reconnect::ReconnectRequest;
use super::secrets::{self, Secrets};
use super::{Failure, World, consent, hygiene};
use crate::base::Text;
use crate::diagnosis::Problem;
use crate::model::Parameter;
use crate::model::connection::SecretSource;
use crate::model::grant::{ACCESS_TOKEN, is_of_client};

/// The connection with its new values. What is not given anew, and what is left empty, stays as it is.
pub(super) fn fresh(
    world: &dyn World,
    mut prepared: Prepared,
    request: ReconnectRequest,
) -> Result<(Prepared, Secrets, Vec<Problem>), Failure> {
    let (old, problems) = secrets::load(world, &prepared);
    let strange = problems.into_iter().filter(|problem| problem.code == "CONN-CFG-HOST-CHANGED").collect();
    let named = !request.secrets.is_empty() || !request.values.is_empty();
    let doubted = !named && world.person().is_present() && (request.doubted || is_open(&prepared));
    let mut answers = Answers {
        values: request.values,
        secrets: request.secrets,
        input: request.input,
        may_stay: world.person().is_present(),
        ..Answers::of(world, &prepared)
    };
    let vars = prepared.connection.vars.clone();
    while let Some((name, variable)) = answers.turn() {
        let value = if answers.values.contains_key(&name) {
            answers.variable(&name, &variable)?
        } else if doubted {
            answers.corrected(&name, &variable, prepared.connection.vars.get(&name))?
        } else {
            None
        };
        if let Some(value) = value {
            prepared.connection.vars.insert(name, value);
        }
    }
    let named = named || prepared.connection.vars != vars;
    let mut given = false;
    let mut secrets = Secrets::default();
    let place = secrets::token_store(&prepared).filter(|_| consent::is_needed(&prepared));
    for (key, parameter) in &prepared.method.params.clone() {
        let asked =
            answers.secrets.contains_key(key) || (!named && secrets::source(&prepared, key).is_stored());
        if !parameter.secret {
            plain(&mut answers, &mut prepared, key, parameter)?;
            continue;
        }
        let answer = if asked { answers.secret(key, parameter)? } else { None };
        match answer {
            Some(Answer::Value(value)) => {
                given = true;
                store(&mut prepared, key, request.store.as_ref());
                secrets.insert(key.clone(), value);
            }
            Some(Answer::Reference(source)) => {
                prepared.connection.secrets.insert(key.clone(), source);
            }
            None => {
                if let Some(value) = old.get(key) {
                    secrets.insert(key.clone(), value.duplicate());
                }
            }
        }
    }
    stay(&mut prepared, place);
    // A name that is mistyped is also missing; that it is unknown tells more.
    answers.none_left(&prepared)?;
    answers.complete()?;
    nothing_given(&prepared, named || given)?;
    Ok((prepared, secrets, strange))
}

/// A value that others kept goes where it was told to, else where the other values are.
fn store(prepared: &mut Prepared, key: &str, told: Option<&SecretSource>) {
    if secrets::source(prepared, key).is_stored() {
        return;
    }
    let sources = &mut prepared.connection.secrets;
    let beside = || sources.values().any(|source| *source == SecretSource::Vault);
    if told.map_or_else(beside, |told| *told == SecretSource::Vault) {
        sources.insert(key.to_owned(), SecretSource::Vault);
    } else {
        sources.shift_remove(key);
    }
}

/// Tokens stay where they are, wherever the values of the app come from now.
fn stay(prepared: &mut Prepared, place: Option<SecretSource>) {
    if let Some(place) = place.filter(|place| secrets::token_store(prepared).as_ref() != Some(place)) {
        prepared.connection.secrets.insert(ACCESS_TOKEN.to_owned(), place);
    }
}

/// A value that is not secret: given anew, or asked for where there is none yet.
fn plain(
    answers: &mut Answers<'_>,
    prepared: &mut Prepared,
    key: &str,
    parameter: &Parameter,
) -> Result<(), Failure> {
    let value = match answers.values.remove(key) {
        Some(value) => Some(value.trim().to_owned()),
        None if lacks(prepared, key, parameter) => answers.plain(key, parameter)?,
        None => None,
    };
    prepared.connection.vars.extend(value.map(|value| (key.to_owned(), value)));
    Ok(())
}

/// Whether a value that is not secret has yet to be given: none stands in the definition, and conn gets none by itself.
pub(super) fn lacks(prepared: &Prepared, key: &str, parameter: &Parameter) -> bool {
    let registered =
        (is_of_client(key) && prepared.registers()) || prepared.connection.secrets.contains_key(key);
    let none = Secrets::default();
    !parameter.secret && !parameter.optional && !registered && prepared.value(key, &none).is_none()
}

/// Whether a person has yet to give a value to a connection.
#[must_use]
pub fn is_unfinished(loaded: &Loaded) -> bool {
    let prepared = &loaded.prepared;
    let own = |key: &str| prepared.registers() && is_of_client(key);
    let missing = loaded.problems.iter().filter(|problem| problem.code == "CONN-SEC-MISSING");
    let mut keys = missing.filter_map(|problem| problem.values.get("parameter"));
    keys.any(|key| !own(key))
        || prepared.method.params.iter().any(|(key, parameter)| lacks(prepared, key, parameter))
}

/// Whether a variable has no value, or none that can be right.
fn is_open(prepared: &Prepared) -> bool {
    const OPEN: [&str; 3] = ["CONN-CFG-VALUE-FORM", "CONN-CFG-PLACEHOLDER", "CONN-CFG-HOST-FORM"];
    let none = Secrets::default();
    let lacks = prepared.connector.vars.iter().any(|(name, variable)| {
        let asked = variable.label.is_some() && variable.from.is_none() && !variable.optional;
        asked && prepared.value(name, &none).is_none()
    });
    lacks || hygiene::lint(prepared).iter().any(|problem| OPEN.contains(&problem.code.as_str()))
}

/// Refuses to go on without a value. One that equals what is stored is a value, too: the service may accept it again.
fn nothing_given(prepared: &Prepared, given: bool) -> Result<(), Failure> {
    const NONE: Text = Text::new(
        "No value was given for {name}; the credential stays as it is.",
        "{name} の値が入力されていません。認証情報は変更していません。",
    );
    const STORED: Text =
        Text::new("To test the stored one: conn test {name}", "保存済みの値を確認するには: conn test {name}");
    const ELSEWHERE: Text = Text::new(
        "Its secrets come from {sources}: change them there, then run conn test {name}; or give --secret NAME=SOURCE.",
        "秘密の値の取得元は {sources} です。取得元の値を更新して conn test {name} を実行するか、--secret 名前=取得元 を指定してください。",
    );
    let sources: Vec<SecretSource> =
        prepared.method.secret_keys().map(|key| secrets::source(prepared, key)).collect();
    if given || sources.is_empty() {
        return Ok(());
    }
    let hint = if sources.iter().any(SecretSource::is_stored) { STORED } else { ELSEWHERE };
    let sources = sources.iter().map(SecretSource::shown).collect::<Vec<_>>().join(", ");
    let values = [("name", prepared.link_name.as_str()), ("sources", &sources)];
    Err(Failure::usage(NONE.fill(&values), Some(hint.fill(&values))))
}
