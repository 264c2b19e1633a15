//! Choosing what to add: service, auth method, kind and link name.

use super::{Failure, World};
use crate::base::{LinkName, Text, name, suggest};
use crate::config::{Definitions, LISTED, Located};
use crate::model::connection::{ConnectionKind, PRODUCTION};
use crate::model::{Connection, Connector};
use crate::port::person::Choice;

/// The service: named, or chosen from a list.
///
/// # Errors
/// When it is not known or retired, or nobody can be asked.
pub(super) fn connector(
    world: &dyn World,
    definitions: &Definitions,
    wish: Option<&str>,
) -> Result<(String, Connector), Failure> {
    let id = match wish {
        Some(id) => id.to_owned(),
        None => pick_connector(world, definitions)?,
    };
    let Some(connector) = definitions.connector(&id)? else {
        const NEAREST: Text = Text::new("did you mean {nearest}?", "「{nearest}」のことですか。");
        let ids = definitions.connector_ids()?;
        let shown = crate::base::safe_text::line(&id, 64);
        let failure = Failure::cause("CONN-CFG-CONNECTOR-UNKNOWN", &[("connector", &shown)]);
        return Err(match suggest::nearest(&id, ids.iter().map(String::as_str)) {
            Some(nearest) => failure.because(NEAREST.fill(&[("nearest", nearest)])),
            None => failure,
        });
    };
    if let Some(retired) = &connector.value.retired {
        let follows = connector.value.replaced_by.clone().unwrap_or_default();
        let values = [("connector", id.as_str()), ("service", &id), ("replacement", &follows)];
        return Err(Failure::cause("CONN-VEND-DISCONTINUED", &values).because(retired.clone()));
    }
    Ok((id, connector.value))
}

fn pick_connector(world: &dyn World, definitions: &Definitions) -> Result<String, Failure> {
    const WHICH: Text = Text::new("Which service?", "どのサービスに接続しますか。");
    const SEARCH: Text = Text::new(
        "type a name or what it is for; conn connectors new defines another",
        "名前や用途（給与など）を入力して検索できます。一覧にない場合は conn connectors new で定義します",
    );
    let language = world.settings().language;
    let person = world.person();
    if !person.is_present() {
        const MISSING: Text = Text::new(
            "Which service? Name it with --connector ID.",
            "--connector でサービスを指定してください。",
        );
        return Err(Failure::usage(MISSING.into(), Some(LISTED.into())));
    }
    let mut choices = Vec::new();
    for id in definitions.connector_ids()? {
        let name = crate::catalog::find(&id).map(|service| match language {
            crate::base::Language::En => service.name_en.to_owned(),
            crate::base::Language::Ja => service.name_ja.to_owned(),
        });
        let own = || Some(definitions.connector(&id).ok()??.value.display_name(&id).get(language).to_owned());
        let name = name.or_else(own).filter(|name| *name != id);
        let shown = name.map_or_else(|| id.clone(), |name| format!("{name} ({id})"));
        choices.push(Choice { value: id, shown });
    }
    let find = |typed: &str| find(typed, &choices);
    Ok(person.search(WHICH.get(language), &choices, Some(SEARCH.get(language)), &find)?)
}

/// The services that a person means who types this: those of their own files by what is shown, then the built-in ones
/// by every name, and by what they are for.
fn find(typed: &str, choices: &[Choice]) -> Vec<String> {
    let lower = typed.trim().to_lowercase();
    if lower.is_empty() {
        return Vec::new();
    }
    let is_own = |choice: &&Choice| crate::catalog::find(&choice.value).is_none();
    let own = choices.iter().filter(is_own).filter(|choice| choice.shown.to_lowercase().contains(&lower));
    let built_in = crate::catalog::search(&lower).into_iter().map(|service| service.id.to_owned());
    own.map(|choice| choice.value.clone()).chain(built_in).collect()
}

/// The auth method: named, chosen where there are several, else the first.
///
/// # Errors
/// When there is none of that name.
pub(super) fn method(
    world: &dyn World,
    id: &str,
    connector: &Connector,
    wish: Option<&str>,
) -> Result<String, Failure> {
    const WHICH: Text = Text::new("How do you authenticate?", "認証の種類を選んでください。");
    const UNKNOWN: Text = Text::new(
        "{connector} has no auth method {name}.",
        "{connector} に {name} という認証の種類はありません。",
    );
    const KNOWN: Text = Text::new("It has: {names}", "使える認証の種類: {names}");
    let language = world.settings().language;
    if let Some(wish) = wish {
        if connector.auth.contains_key(wish) {
            return Ok(wish.to_owned());
        }
        let names = connector.auth.keys().cloned().collect::<Vec<_>>().join(", ");
        let wish = crate::base::safe_text::line(wish, 40);
        let message = UNKNOWN.fill(&[("connector", id), ("name", &wish)]);
        return Err(Failure::usage(message, Some(KNOWN.fill(&[("names", &names)]))));
    }
    if connector.auth.len() > 1 && world.person().is_present() {
        let choice = |name: &String, method: &crate::model::AuthMethod| {
            let label =
                method.label.as_ref().map_or(method.kind.text().get(language), |label| label.get(language));
            Choice { value: name.clone(), shown: format!("{label} ({name})") }
        };
        let choices: Vec<Choice> = connector.auth.iter().map(|(name, method)| choice(name, method)).collect();
        return Ok(world.person().choose(WHICH.get(language), &choices, None)?);
    }
    connector
        .auth
        .keys()
        .next()
        .cloned()
        .ok_or_else(|| Failure::cause("CONN-CFG-SCHEMA", &[("key", "auth"), ("connector", id)]))
}

/// The kind, where the service allows it.
///
/// # Errors
/// When it does not.
pub(super) fn allowed_kind(
    id: &str,
    connector: &Connector,
    wish: Option<ConnectionKind>,
) -> Result<ConnectionKind, Failure> {
    let kind = wish.or(connector.allowed_kinds.first().copied()).unwrap_or_default();
    if !connector.allowed_kinds.is_empty() && !connector.allowed_kinds.contains(&kind) {
        let allowed = connector.allowed_kinds.iter().map(|kind| kind.code()).collect::<Vec<_>>().join(", ");
        let values = [("connector", id), ("service", id), ("kind", kind.code()), ("allowed", &allowed)];
        return Err(Failure::cause("CONN-CFG-KIND", &values));
    }
    Ok(kind)
}

/// Payment services allow one connection in each environment.
pub(super) fn room(
    definitions: &Definitions,
    id: &str,
    connector: &Connector,
    environment: Option<&str>,
) -> Result<(), Failure> {
    let Some(most) = connector.max_connections else { return Ok(()) };
    let environment = environment.unwrap_or(PRODUCTION);
    let like =
        |other: &Located<Connection>| other.value.connector == id && other.value.environment() == environment;
    let taken: Vec<String> = definitions.connections()?.into_iter().filter(like).map(|c| c.name).collect();
    if taken.len() < most as usize {
        return Ok(());
    }
    let names = taken.join(", ");
    let values = [("connector", id), ("service", id), ("name", names.as_str()), ("other", &names)];
    Err(Failure::cause("CONN-CFG-SINGLE", &values))
}

/// The link name: named, asked, or made from the service's id. Words that are no link name but were typed at the
/// question become the display name, and the link name is asked again.
///
/// # Errors
/// When it is no name, or taken.
pub(super) fn link_name(
    world: &dyn World,
    definitions: &Definitions,
    id: &str,
    wish: Option<&str>,
) -> Result<(LinkName, Option<String>), Failure> {
    let taken = definitions.link_names()?;
    let free = || {
        let base = name::slug(id);
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        std::iter::once(base.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(base)
    };
    match wish {
        Some(wish) => named(wish, &taken).map(|name| (name, None)),
        None if world.person().is_present() => ask_name(world, &free(), &taken),
        None => named(&free(), &taken).map(|name| (name, None)),
    }
}

fn ask_name(world: &dyn World, free: &str, taken: &[String]) -> Result<(LinkName, Option<String>), Failure> {
    const ASK: Text = Text::new("Link name", "リンク名");
    const HELP: Text = Text::new(
        "the unique handle of this connection in commands: lower-case letters, digits, - and _",
        "コマンドで使う、重複しない名前です（英小文字、数字、-、_）",
    );
    const SHOWN: Text = Text::new(
        "{name} becomes the display name. A link name holds lower-case letters, digits, - and _.",
        "「{name}」は表示名にします。リンク名は英小文字、数字、-、_ で入力してください。",
    );
    let language = world.settings().language;
    let mut display = None;
    loop {
        let typed = world.person().text(ASK.get(language), Some(free), Some(HELP.get(language)))?;
        let typed = typed.trim();
        match named(typed, taken) {
            Ok(name) => return Ok((name, display)),
            Err(_) if !typed.is_empty() && typed.parse::<LinkName>().is_err() => {
                let name = crate::base::safe_text::line(typed, 80);
                world.person().say(SHOWN.fill(&[("name", &name)]).get(language));
                display = Some(name);
            }
            Err(failure) => world.person().say(&failure.message(language)),
        }
    }
}

fn named(text: &str, taken: &[String]) -> Result<LinkName, Failure> {
    const TAKEN: Text = Text::new("There is a connection {name} already.", "接続 {name} はすでにあります。");
    const WAYS: Text = Text::new(
        "conn reconnect {name} gives it a new credential; conn remove {name} removes it",
        "新しい認証情報は conn reconnect {name}、削除は conn remove {name} です",
    );
    let name: LinkName = text.trim().parse().map_err(|_| bad_name(text))?;
    if taken.iter().any(|other| other == name.as_str()) {
        let values = [("name", name.as_str())];
        return Err(Failure::usage(TAKEN.fill(&values), Some(WAYS.fill(&values))));
    }
    Ok(name)
}

/// A link name that cannot be one, with one that can.
#[must_use]
pub fn bad_name(text: &str) -> Failure {
    const WRONG: Text = Text::new(
        "A link name holds lower-case letters, digits, - and _, at most 64.",
        "リンク名には英小文字、数字、-、_ を 64 文字まで使えます。",
    );
    const TRY: Text = Text::new("for example {name}", "例: {name}");
    Failure::usage(WRONG.into(), Some(TRY.fill(&[("name", &name::slug(text))])))
}

/// Whether enough other connections to the same service and environment stand before this one.
#[must_use]
pub fn beyond(definitions: &Definitions, located: &Located<Connection>, most: u32) -> bool {
    let Ok(all) = definitions.connections() else { return false };
    let like = |other: &&Located<Connection>| {
        other.value.connector == located.value.connector
            && other.value.environment() == located.value.environment()
    };
    let place = all.iter().filter(like).position(|other| other.name == located.name);
    place.is_some_and(|place| place >= most as usize)
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::port::person::Choice;

    #[test]
    fn a_service_is_picked_by_every_name_and_by_what_it_is_for_and_one_of_ones_own_by_what_is_shown() {
        let own = Choice { value: "payday".to_owned(), shown: "Payroll of ours (payday)".to_owned() };
        for (typed, first) in [
            ("スラック", Some("slack")),
            ("給与", Some("smarthr")),
            ("payroll", Some("payday")),
            ("zzzzq", None),
            (" ", None),
        ] {
            let found = find(typed, std::slice::from_ref(&own));
            assert_eq!(found.first().map(String::as_str), first, "{typed}: {found:?}");
        }
    }
}
