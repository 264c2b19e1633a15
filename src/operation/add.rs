//! Adding a connection: choose, ask, test, save — in that order, so that nothing untested is kept unasked.

use std::collections::BTreeMap;
use std::time::Instant;

use super::ask::{Answer, Answers, Given};
use super::check::{self, Depth, Loaded};
use super::prepare::{Prepared, assemble};
use super::secrets::Secrets;
use super::{Failure, World, conclude, hygiene, keep};
use crate::base::{LinkName, Phrase, Secret, Text, name, suggest};
use crate::config::{Definitions, LayerKind, Located};
use crate::diagnosis::Report;
use crate::model::connection::{ConnectionKind, SecretSource};
use crate::model::{Connection, Connector, State, Verdict};
use crate::port::StateRecord;
use crate::port::person::Choice;

/// What to add.
#[derive(Debug, Default)]
pub struct AddRequest {
    /// The link name; made from the connector's id where nothing is said.
    pub link_name: Option<String>,
    /// The connector; asked where nothing is said.
    pub connector: Option<String>,
    /// The auth method; asked where there are several.
    pub method: Option<String>,
    /// The display name.
    pub name: Option<String>,
    /// Who authorises it.
    pub kind: Option<ConnectionKind>,
    /// The environment.
    pub environment: Option<String>,
    /// Values of variables.
    pub values: BTreeMap<String, String>,
    /// Sources of secrets.
    pub secrets: BTreeMap<String, Given>,
    /// What standard input held.
    pub input: Option<Secret>,
    /// Where conn keeps the values.
    pub store: SecretSource,
    /// Labels.
    pub tags: Vec<String>,
    /// Who to ask.
    pub owner: Option<String>,
    /// Whether to save without testing.
    pub untested: bool,
}

/// What became of it.
#[derive(Debug)]
pub struct Added {
    /// What the test found; `None` where none was wanted.
    pub report: Option<Report>,
    /// Whether it was saved.
    pub saved: bool,
    /// The link name.
    pub link_name: String,
    /// The state in which it was saved.
    pub state: State,
    /// The file in which it stands.
    pub file: String,
}

/// Adds a connection.
///
/// # Errors
/// When something is missing or does not fit; nothing is kept then.
pub async fn add(world: &dyn World, request: AddRequest) -> Result<Added, Failure> {
    let definitions = world.definitions()?;
    let (id, connector) = choose_connector(world, &definitions, request.connector.as_deref())?;
    let method_name = choose_method(world, &id, &connector, request.method.as_deref())?;
    let kind = allowed_kind(&id, &connector, request.kind)?;
    let link_name = link_name(world, &definitions, &id, request.link_name.as_deref())?;
    room(&definitions, &id, &connector)?;
    let connection = Connection {
        connector: id,
        name: request.name.clone().map(Phrase::from),
        method: (connector.auth.len() > 1).then_some(method_name),
        kind,
        environment: request.environment.clone(),
        tags: request.tags.clone(),
        owner: request.owner.clone(),
        ..Connection::default()
    };
    let file = world.own_definitions().path().display().to_string();
    let located = Located {
        value: connection,
        name: link_name.to_string(),
        kind: LayerKind::User,
        path: world.own_definitions().path().to_owned(),
        line: 0,
    };
    let mut prepared = assemble(&definitions, located, request.environment.as_deref())?;
    if !prepared.method.is_supported() {
        let kind = prepared.method.kind.text().en;
        return Err(Failure::cause(
            "CONN-CFG-KIND-UNSUPPORTED",
            &[("name", link_name.as_str()), ("kind", kind)],
        ));
    }
    let store = request.store.clone();
    let untested = request.untested;
    let secrets = fill(world, &mut prepared, request, &store)?;
    let (report, state, saved) = prove(world, &prepared, &secrets, untested).await?;
    if saved {
        save(world, &link_name, &prepared, &secrets)?;
        remember(world, &prepared, report.as_ref(), state)?;
    }
    Ok(Added {
        report: report.map(|(report, _)| report),
        saved,
        link_name: link_name.to_string(),
        state,
        file,
    })
}

/// Asks for everything that the connector wants to know.
fn fill(
    world: &dyn World,
    prepared: &mut Prepared,
    request: AddRequest,
    store: &SecretSource,
) -> Result<Secrets, Failure> {
    let mut answers = Answers {
        world,
        values: request.values,
        secrets: request.secrets,
        input: request.input,
        missing: Vec::new(),
    };
    for (name, variable) in &prepared.connector.vars.clone() {
        if let Some(value) = answers.variable(name, variable)? {
            prepared.connection.vars.insert(name.clone(), value);
        }
    }
    let mut secrets = Secrets::default();
    for (key, parameter) in &prepared.method.params.clone() {
        if !parameter.secret {
            if let Some(value) = answers.plain(key, parameter)? {
                prepared.connection.vars.insert(key.clone(), value);
            }
            continue;
        }
        match answers.secret(key, parameter)? {
            Some(Answer::Value(value)) => {
                if *store != SecretSource::Keyring {
                    prepared.connection.secrets.insert(key.clone(), store.clone());
                }
                secrets.insert(key.clone(), value);
            }
            Some(Answer::Reference(source)) => {
                prepared.connection.secrets.insert(key.clone(), source);
            }
            None => {}
        }
    }
    answers.complete()?;
    left_over(prepared, &answers)?;
    Ok(secrets)
}

/// Answers to questions that this connector does not ask.
fn left_over(prepared: &Prepared, answers: &Answers<'_>) -> Result<(), Failure> {
    const UNKNOWN: Text =
        Text::new("{connector} asks for no {name}.", "{connector} に {name} という項目はありません。");
    const KNOWN: Text = Text::new("It asks for: {names}", "指定できる項目: {names}");
    let given = answers.values.keys().chain(answers.secrets.keys()).next();
    let Some(name) = given else { return Ok(()) };
    let vars = prepared.connector.vars.keys();
    let names: Vec<&str> = vars.chain(prepared.method.params.keys()).map(String::as_str).collect();
    let near = suggest::nearest(name, names.iter().copied());
    let list = near.map_or_else(|| names.join(", "), str::to_owned);
    let message = UNKNOWN.fill(&[("connector", &prepared.connection.connector), ("name", name)]);
    Err(Failure::usage(message, Some(KNOWN.fill(&[("names", &list)]))))
}

/// Tests before saving. What the service refuses is saved only when a person says so.
async fn prove(
    world: &dyn World,
    prepared: &Prepared,
    given: &Secrets,
    untested: bool,
) -> Result<(Option<(Report, Tested)>, State, bool), Failure> {
    if untested {
        return Ok((None, State::Pending, true));
    }
    let started_at = world.clock().now();
    let started = Instant::now();
    let loaded = with_references(world, prepared, given);
    let facts = check::observe(world, &loaded, Depth::Test).await;
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    let entry = conclude::entry(&prepared.connector, prepared.connection.kind, &facts, ms);
    let (verdict, state) = (entry.verdict, entry.state);
    let report = Report { verb: "add", started_at, ms, entries: vec![entry], strict: false };
    let saved = match verdict {
        // The credential itself was not refused, or could not be judged for reasons that pass.
        Verdict::Ok | Verdict::Warning | Verdict::Forbidden | Verdict::Throttled | Verdict::Unverified => {
            true
        }
        _ => false,
    };
    Ok((Some((report, Tested { loaded, facts })), state, saved))
}

/// A connection as it was tested.
struct Tested {
    loaded: Loaded,
    facts: crate::diagnosis::Facts,
}

/// The values that were given, and those that references give, as they would be loaded after saving.
fn with_references(world: &dyn World, prepared: &Prepared, given: &Secrets) -> Loaded {
    let mut secrets = Secrets::default();
    let mut problems = super::prepare::lint(prepared);
    for key in prepared.method.secret_keys() {
        let source = super::secrets::source(prepared, key);
        if let Some(value) = given.get(key) {
            secrets.insert(key, value.duplicate());
        } else if !source.is_stored() {
            match world.references().read(&source) {
                Ok(value) => secrets.insert(key, value),
                Err(error) => {
                    let shown = source.shown();
                    let variable = shown.trim_start_matches("env:").to_owned();
                    let mut problem =
                        prepared.problem(error.cause(), &[("source", &shown), ("variable", &variable)]);
                    problem.evidence.push(Phrase::same(error.to_string()));
                    problems.push(problem);
                }
            }
        }
    }
    for (key, value) in secrets.iter() {
        problems.extend(hygiene::check(prepared, key, value));
    }
    check::with(prepared.clone(), secrets, problems, StateRecord::default())
}

/// Secrets first, then the definition: a kill between the two leaves an item that the next try replaces, and
/// never a connection without its credential.
fn save(
    world: &dyn World,
    link_name: &LinkName,
    prepared: &Prepared,
    secrets: &Secrets,
) -> Result<(), Failure> {
    keep::keep(world, prepared, secrets, false)?;
    world.own_definitions().put_connection(link_name, &prepared.connection)?;
    Ok(())
}

fn remember(
    world: &dyn World,
    prepared: &Prepared,
    tested: Option<&(Report, Tested)>,
    state: State,
) -> Result<(), Failure> {
    if let Some((report, seen)) = tested {
        return conclude::remember(world, &seen.loaded, &seen.facts, &report.entries[0], "add");
    }
    let record = StateRecord { state, since: Some(world.clock().now()), ..StateRecord::default() };
    world.ledger().set_state(&prepared.link_name, &prepared.environment, &record)?;
    Ok(())
}

fn choose_connector(
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
        "type to search; conn connectors new defines another",
        "入力して検索できます。一覧にない場合は conn connectors new で定義します",
    );
    let language = world.settings().language;
    let person = world.person();
    if !person.is_present() {
        const MISSING: Text = Text::new(
            "Which service? Name it with --connector ID.",
            "--connector でサービスを指定してください。",
        );
        const LIST: Text =
            Text::new("conn connectors list shows them", "一覧は conn connectors list で確認できます");
        return Err(Failure::usage(MISSING.into(), Some(LIST.into())));
    }
    let mut choices = Vec::new();
    for id in definitions.connector_ids()? {
        let name = crate::catalog::find(&id).map(|service| match language {
            crate::base::Language::En => service.name_en.to_owned(),
            crate::base::Language::Ja => service.name_ja.to_owned(),
        });
        let shown = name.map_or_else(|| id.clone(), |name| format!("{name} ({id})"));
        choices.push(Choice { value: id, shown });
    }
    Ok(person.choose(WHICH.get(language), &choices, Some(SEARCH.get(language)))?)
}

fn choose_method(
    world: &dyn World,
    id: &str,
    connector: &Connector,
    wish: Option<&str>,
) -> Result<String, Failure> {
    const WHICH: Text = Text::new("How do you authenticate?", "認証の種類を選んでください。");
    const UNKNOWN: Text = Text::new(
        "{connector} has no auth method {name}.",
        "{connector} に {name} という認証方法はありません。",
    );
    const KNOWN: Text = Text::new("It has: {names}", "使える認証方法: {names}");
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
    let supported: Vec<_> = connector.auth.iter().filter(|(_, method)| method.is_supported()).collect();
    if supported.len() > 1 && world.person().is_present() {
        let choice = |name: &String, method: &crate::model::AuthMethod| {
            let label =
                method.label.as_ref().map_or(method.kind.text().get(language), |label| label.get(language));
            Choice { value: name.clone(), shown: format!("{label} ({name})") }
        };
        let choices: Vec<Choice> = supported.iter().map(|(name, method)| choice(name, method)).collect();
        return Ok(world.person().choose(WHICH.get(language), &choices, None)?);
    }
    let first =
        supported.first().map(|(name, _)| (*name).clone()).or_else(|| connector.auth.keys().next().cloned());
    first.ok_or_else(|| Failure::cause("CONN-CFG-SCHEMA", &[("key", "auth"), ("connector", id)]))
}

fn allowed_kind(
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

/// Payment services allow one connection.
fn room(definitions: &Definitions, id: &str, connector: &Connector) -> Result<(), Failure> {
    let Some(most) = connector.max_connections else { return Ok(()) };
    let taken: Vec<String> =
        definitions.connections()?.into_iter().filter(|c| c.value.connector == id).map(|c| c.name).collect();
    if taken.len() < most as usize {
        return Ok(());
    }
    let names = taken.join(", ");
    let values = [("connector", id), ("service", id), ("name", names.as_str()), ("other", &names)];
    Err(Failure::cause("CONN-CFG-SINGLE", &values))
}

fn link_name(
    world: &dyn World,
    definitions: &Definitions,
    id: &str,
    wish: Option<&str>,
) -> Result<LinkName, Failure> {
    const ASK: Text = Text::new("Link name", "リンク名");
    const HELP: Text =
        Text::new("the unique handle of this connection in commands", "コマンドで使う、重複しない名前です");
    let taken = definitions.link_names()?;
    let free = || {
        let base = name::slug(id);
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        std::iter::once(base.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(base)
    };
    let language = world.settings().language;
    let text = match wish {
        Some(wish) => wish.to_owned(),
        None if world.person().is_present() => {
            world.person().text(ASK.get(language), Some(&free()), Some(HELP.get(language)))?
        }
        None => free(),
    };
    let name: LinkName = text.trim().parse().map_err(|_| bad_name(&text))?;
    if taken.iter().any(|other| other == name.as_str()) {
        const TAKEN: Text =
            Text::new("There is a connection {name} already.", "接続 {name} はすでにあります。");
        const WAYS: Text = Text::new(
            "conn reconnect {name} gives it a new credential; conn remove {name} removes it",
            "新しい認証情報は conn reconnect {name}、削除は conn remove {name} です",
        );
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
