//! What an import would do.

use std::iter;

use super::place::Placing;
use super::{own, services, shelf::Shelf, values};
use crate::base::{ConnectorId, LinkName, Phrase, Secret, Text};
use crate::model::Connection;
use crate::model::connection::SecretSource;
use crate::moving::bundle::Bundle;
use crate::moving::{self, Format, Left, Source};
use crate::operation::secrets::Secrets;
use crate::operation::{Failure, World};

/// What to import.
#[derive(Default)]
pub struct Request {
    /// Each file's name with its text.
    pub files: Vec<(String, String)>,
    /// The format; recognised where nothing is said.
    pub format: Option<Format>,
    /// A bundle that was opened: its file's name and what it holds.
    pub bundle: Option<(String, Bundle)>,
    /// Where conn keeps the values; the keyring, or what a definition says, where nothing is said.
    pub store: Option<SecretSource>,
    /// Whether what is there already is replaced.
    pub replace: bool,
}

/// What an import would do.
#[derive(Debug, Default)]
pub struct Plan {
    /// The files with what they are.
    pub files: Vec<(String, Format)>,
    /// The connectors that it makes.
    pub connectors: Vec<NewConnector>,
    /// The connections that it makes.
    pub connections: Vec<NewConnection>,
    /// What has no place in conn, and why.
    pub left: Vec<Left>,
}

impl Plan {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let idle = |change: Change| !change.writes();
        self.connectors.iter().all(|one| idle(one.change))
            && self.connections.iter().all(|one| idle(one.change))
    }

    /// The files in which secret values stand that it stores. Where a value is written in another way than it is sent,
    /// nobody can say in which of them: then all of them are meant.
    #[must_use]
    pub fn in_the_clear(&self, files: &[(String, String)]) -> Vec<String> {
        let written = self.connections.iter().filter(|one| one.change.writes());
        let values: Vec<&Secret> = written
            .flat_map(|one| iter::once(&one.secrets).chain(one.further.iter().map(|one| &one.values)))
            .flat_map(|secrets| secrets.iter().map(|(_, value)| value))
            .collect();
        let holds = |value: &Secret| files.iter().any(|(_, text)| text.contains(value.expose()));
        let hidden = values.iter().any(|value| !holds(value));
        let named = |text: &str| hidden || values.iter().any(|value| text.contains(value.expose()));
        files.iter().filter(|(_, text)| named(text)).map(|(name, _)| name.clone()).collect()
    }

    /// How many secret values it stores.
    #[must_use]
    pub fn secrets(&self) -> usize {
        let written = self.connections.iter().filter(|one| one.change.writes());
        let count = |one: &NewConnection| {
            one.secrets.iter().count()
                + one.further.iter().map(|one| one.values.iter().count()).sum::<usize>()
        };
        written.map(count).sum()
    }
}

/// What becomes of one connector or connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    New,
    /// It is there already, with the same content.
    Same,
    /// It is there already but lacks values, as after an import that was interrupted.
    Completed,
    /// It is there already with another content, and is replaced because that was asked for.
    Replaced,
    /// It is there already with another content, and stays as it is.
    Kept,
}

impl Change {
    /// Whether anything is written.
    #[must_use]
    pub const fn writes(self) -> bool {
        matches!(self, Self::New | Self::Completed | Self::Replaced)
    }

    /// The word in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Same => "same",
            Self::Completed => "completed",
            Self::Replaced => "replaced",
            Self::Kept => "kept",
        }
    }

    /// The words for people.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::New => Text::new("new", "新規"),
            Self::Same => Text::new("there already, the same", "登録済み（同じ内容）"),
            Self::Completed => Text::new("there already, completed", "登録済み（不足分を補います）"),
            Self::Replaced => Text::new("there already, replaced", "登録済み（置き換えます）"),
            Self::Kept => Text::new(
                "there already with other content, left as it is; --replace replaces it",
                "登録済みで内容が異なるため、そのまま残します（置き換えるには --replace）",
            ),
        }
    }
}

/// A connector that an import makes.
#[derive(Debug)]
pub struct NewConnector {
    /// Its id.
    pub id: ConnectorId,
    /// Its display name.
    pub name: String,
    /// Its base address.
    pub base: String,
    /// Where it was found.
    pub place: String,
    /// Its definition as TOML.
    pub fragment: String,
    /// What becomes of it.
    pub change: Change,
}

/// A connection that an import makes.
#[derive(Debug)]
pub struct NewConnection {
    /// Its link name.
    pub link_name: LinkName,
    /// The name of its service.
    pub service: Phrase,
    /// Where it was found.
    pub place: String,
    /// The connection as it will stand in the file.
    pub connection: Connection,
    /// The auth method's name.
    pub method: String,
    /// Its secret values.
    pub secrets: Secrets,
    /// Its values in other environments and of its accounts.
    pub further: Vec<Further>,
    /// What has still to be given: parameters and variables.
    pub missing: Vec<String>,
    /// The hosts to which its secrets may travel.
    pub hosts: Vec<String>,
    /// Whether a person's consent authorises it.
    pub consents: bool,
    /// What becomes of it.
    pub change: Change,
}

/// Secret values of a connection in one environment, or of one account.
#[derive(Debug)]
pub struct Further {
    /// The environment.
    pub environment: String,
    /// The account.
    pub account: Option<String>,
    /// The values.
    pub values: Secrets,
}

/// Plans an import; nothing is changed.
///
/// # Errors
/// When a file is of no known format, or is not what its format says.
pub fn plan(world: &dyn World, request: &Request) -> Result<Plan, Failure> {
    let mut sources = Vec::new();
    for (name, text) in &request.files {
        let source = Source { name, text };
        let format = request.format.or_else(|| Format::recognise(&source));
        sources.push((source, format.ok_or_else(|| unknown(name))?));
    }
    let found = moving::read(&sources).map_err(|wrong| damaged(&wrong.0, &wrong.1))?;
    let definitions = world.definitions()?;
    let shelf = Shelf::new(&definitions);
    let mut plan = Plan { left: found.left, ..Plan::default() };
    plan.files = sources.iter().map(|(source, format)| (source.name.to_owned(), *format)).collect();
    plan.files.extend(request.bundle.iter().map(|(file, _)| (file.clone(), Format::Conn)));
    let mut placing = Placing { world, shelf: &shelf, request, plan: &mut plan };
    services::place(&mut placing, found.services)?;
    values::place(&mut placing, found.values)?;
    for (source, _) in sources.iter().filter(|(_, format)| *format == Format::Conn) {
        own::place(&mut placing, source.name, source.text, &[])?;
    }
    if let Some((file, bundle)) = &request.bundle {
        own::place(&mut placing, file, &bundle.definitions, &bundle.credentials)?;
    }
    Ok(plan)
}

fn unknown(file: &str) -> Failure {
    const UNKNOWN: Text =
        Text::new("{file} is of no format that conn recognises.", "{file} の形式を判別できません。");
    const NAME: Text = Text::new(
        "name the format before the file: {formats}",
        "ファイルの前に形式を指定してください: {formats}",
    );
    let formats = Format::ALL.map(Format::code).join(", ");
    Failure::usage(UNKNOWN.fill(&[("file", file)]), Some(NAME.fill(&[("formats", &formats)])))
}

fn damaged(file: &str, malformed: &moving::Malformed) -> Failure {
    const WHERE: Text = Text::new("{place}: {reason}.", "{place}: {reason}。");
    const AGAIN: Text = Text::new(
        "Nothing was imported. Correct that place or export the file again; where it is of another format, name the \
         format before the file: {formats}",
        "何も取り込んでいません。該当箇所を直すか、ファイルを書き出し直してください。別の形式のファイルであれば、\
         ファイルの前に形式を指定してください: {formats}",
    );
    let place = Phrase::same(malformed.place(file));
    let message = WHERE.fill_phrases(&[("place", place), ("reason", malformed.reason.clone())]);
    Failure::usage(message, Some(AGAIN.fill(&[("formats", &Format::ALL.map(Format::code).join(", "))])))
}
