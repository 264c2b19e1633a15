//! The layers of definitions: built-in < user < project < `--config`.
//!
//! A connection stands in exactly one layer, so that no other file can take its name and with it its secret.
//! A connector of a later layer replaces one of the same id whole, or extends it.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::merge::merge;
use super::mistake::{ConfigError, Mistake};
use super::refusals::{circle, no_parent, project_command, twice, unfit};
use super::shared::Shared;
use super::sheet::{Family, Section, Sheet};
use super::{check, needs, syntax};
use crate::base::Text;
use crate::model::{AuthMethod, Connector, SecretSource};

/// Where a definition comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LayerKind {
    /// Brought along by conn.
    BuiltIn,
    /// The user's own file.
    User,
    /// A file found in or above the working folder: somebody else's input.
    Project,
    /// The file named by `--config`.
    Explicit,
}

impl LayerKind {
    /// The word in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BuiltIn => "built-in",
            Self::User => "user",
            Self::Project => "project",
            Self::Explicit => "explicit",
        }
    }

    /// The words for people.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::BuiltIn => Text::new("built in", "組み込み"),
            Self::User => Text::new("your own file", "ユーザーのファイル"),
            Self::Project => Text::new("project file", "プロジェクトのファイル"),
            Self::Explicit => Text::new("--config file", "--config のファイル"),
        }
    }
}

/// One file of definitions.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Whose it is.
    pub kind: LayerKind,
    /// Its path, for people.
    pub path: PathBuf,
    /// Its content.
    pub text: String,
}

/// A value with the place where it is defined.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its handle: link name or connector id.
    pub name: String,
    /// Whose file it stands in.
    pub kind: LayerKind,
    /// The file.
    pub path: PathBuf,
    /// The line on which it begins, from 1.
    pub line: usize,
}

/// The connectors that conn brings along, as functions so that nothing is read that nobody asks for.
#[derive(Clone, Copy)]
pub struct BuiltIn {
    /// The text of one connector: the content of `[connectors.ID]`, at its top level.
    pub find: fn(&str) -> Option<&'static str>,
    /// Every id.
    pub ids: fn() -> Vec<&'static str>,
}

impl BuiltIn {
    /// No connector at all.
    pub const NONE: Self = Self { find: |_| None, ids: Vec::new };
}

/// All layers together.
pub struct Definitions {
    pub(super) sheets: Vec<Sheet>,
    built_in: BuiltIn,
    pub(super) shared: Shared,
}

impl Definitions {
    /// The layers, in any order; a later kind wins over an earlier one.
    #[must_use]
    pub fn new(layers: Vec<Layer>) -> Self {
        let mut sheets: Vec<Sheet> = layers.into_iter().map(Sheet::new).collect();
        sheets.sort_by_key(|sheet| sheet.layer.kind);
        Self { sheets, built_in: BuiltIn::NONE, shared: Shared::default() }
    }

    /// The same layers over these built-in connectors.
    #[must_use]
    pub fn with_built_in(mut self, built_in: BuiltIn) -> Self {
        self.built_in = built_in;
        self
    }

    /// The connector of this id, with what it inherits.
    ///
    /// # Errors
    /// When a file or table it is made of has a mistake, or `extends` leads nowhere or in a circle.
    pub fn connector(&self, id: &str) -> Result<Option<Located<Connector>>, ConfigError> {
        let Some(found) = self.find(id, self.sheets.len())? else { return Ok(None) };
        let place = Located {
            value: (),
            name: id.to_owned(),
            kind: found.kind,
            path: found.path.clone(),
            line: found.section.line,
        };
        let mut trail = Trail::default();
        let table = self.resolve(id, found, &mut trail)?;
        if let Some(unmet) = needs::unmet(&table, &place.path, id, place.line) {
            return Err(unmet.into());
        }
        let mut connector: Connector = typed(table).map_err(|()| unfit(&place.path, id, place.line))?;
        connector.auth.values_mut().for_each(AuthMethod::complete);
        for rule in &mut connector.rules {
            rule.own = trail.own_rules.contains(&rule.id);
        }
        Ok(Some(Located {
            value: connector,
            name: place.name,
            kind: place.kind,
            path: place.path,
            line: place.line,
        }))
    }

    /// The connector of this id that conn brings along, whatever a file says.
    #[must_use]
    pub fn brought_along(&self, id: &str) -> Option<Connector> {
        Self::new(Vec::new()).with_built_in(self.built_in).connector(id).ok()?.map(|found| found.value)
    }

    /// Whether a file defines a connector of this id, over a built-in one or not.
    ///
    /// # Errors
    /// When a file is not TOML.
    pub fn defines(&self, id: &str) -> Result<bool, ConfigError> {
        for sheet in &self.sheets {
            if sheet.names(Family::Connectors)?.iter().any(|(name, _)| *name == id) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The ids of every connector, sorted.
    ///
    /// # Errors
    /// When a file is not TOML.
    pub fn connector_ids(&self) -> Result<Vec<String>, ConfigError> {
        let mut ids: Vec<String> = (self.built_in.ids)().into_iter().map(str::to_owned).collect();
        for sheet in &self.sheets {
            ids.extend(sheet.names(Family::Connectors)?.into_iter().map(|(id, _)| id.to_owned()));
        }
        ids.sort();
        ids.dedup();
        Ok(ids)
    }

    /// The link name of every connection once, in the order of the layers and their files.
    ///
    /// # Errors
    /// When a file is not TOML.
    pub fn link_names(&self) -> Result<Vec<String>, ConfigError> {
        let mut names = Vec::new();
        let mut seen = HashSet::new();
        for sheet in &self.sheets {
            for (name, _) in sheet.names(Family::Connections)? {
                if seen.insert(name) {
                    names.push(name.to_owned());
                }
            }
        }
        Ok(names)
    }

    /// Every mistake of every layer at once, in the order of the files.
    #[must_use]
    pub fn mistakes(&self) -> Vec<Mistake> {
        check::mistakes(self)
    }

    /// What works in the layers but will trouble somebody later, in the order of the files.
    #[must_use]
    pub fn advice(&self) -> Vec<super::lint::Advice> {
        super::lint::advice(self)
    }

    /// The layers that were read.
    pub fn layers(&self) -> impl Iterator<Item = &Layer> {
        self.sheets.iter().map(|sheet| &sheet.layer)
    }

    /// The link names that two files hold; only who names one of them is stopped.
    ///
    /// # Errors
    /// When a file is not TOML.
    pub fn collisions(&self) -> Result<Vec<Mistake>, ConfigError> {
        let mut seen: HashMap<&str, (&Path, usize)> = HashMap::new();
        let mut mistakes = Vec::new();
        // One file cannot hold a name twice.
        if self.sheets.len() < 2 {
            return Ok(mistakes);
        }
        for sheet in &self.sheets {
            for (name, line) in sheet.names(Family::Connections)? {
                let path = sheet.layer.path.as_path();
                if let Some((first_path, first_line)) = seen.get(name) {
                    mistakes.push(twice(name, first_path, *first_line, path, line));
                } else {
                    seen.insert(name, (path, line));
                }
            }
        }
        Ok(mistakes)
    }

    /// The uppermost connector of this id below the layer `below`.
    fn find(&self, id: &str, below: usize) -> Result<Option<Found>, ConfigError> {
        for (level, sheet) in self.sheets.iter().enumerate().take(below).rev() {
            if let Some(section) = sheet.section(Family::Connectors, id)? {
                let Layer { kind, path, .. } = &sheet.layer;
                return Ok(Some(Found { level, kind: *kind, path: path.clone(), section }));
            }
        }
        let Some(text) = (self.built_in.find)(id) else { return Ok(None) };
        let path = PathBuf::from(format!("built-in/{id}.toml"));
        let section = Section { table: syntax::read(&path, text)?, line: 1 };
        Ok(Some(Found { level: 0, kind: LayerKind::BuiltIn, path, section }))
    }

    /// The connector's table over those that it extends.
    fn resolve(&self, id: &str, found: Found, trail: &mut Trail) -> Result<Table, ConfigError> {
        let Found { level, kind, path, section: Section { table, line } } = found;
        if kind != LayerKind::BuiltIn {
            let rules = table.get("rules").and_then(Value::as_array).into_iter().flatten();
            let ids = rules.filter_map(|rule| rule.get("id")?.as_str().map(str::to_owned));
            trail.own_rules.extend(ids);
        }
        let Some(parent) = table.get("extends").and_then(|parent| parent.as_str()) else { return Ok(table) };
        let parent = parent.to_owned();
        trail.seen.push((id.to_owned(), kind));
        let below = if parent == id { level } else { self.sheets.len() };
        let above = self.find(&parent, below)?.ok_or_else(|| no_parent(&path, id, &parent, line))?;
        if trail.seen.contains(&(parent.clone(), above.kind)) {
            return Err(circle(&path, id, line).into());
        }
        let base = self.resolve(&parent, above, trail)?;
        Ok(merge(base, table))
    }
}

/// The connectors that one is made of, as they are come upon.
#[derive(Default)]
struct Trail {
    seen: Vec<(String, LayerKind)>,
    /// The ids of the rules that stand in files.
    own_rules: HashSet<String>,
}

/// A connector's own table, before it inherits anything.
struct Found {
    level: usize,
    kind: LayerKind,
    path: PathBuf,
    section: Section,
}

/// A project file takes no secret from a command.
pub(super) fn check_sources<'s>(
    layer: &Layer,
    name: &str,
    line: usize,
    mut sources: impl Iterator<Item = &'s SecretSource>,
) -> Result<(), ConfigError> {
    let is_command = |source| matches!(source, &SecretSource::Command(_));
    if layer.kind == LayerKind::Project && sources.any(is_command) {
        return Err(project_command(&layer.path, name, line).into());
    }
    Ok(())
}

/// Reads a table as a type. The error is dropped: its words may hold a value of the file.
pub(super) fn typed<T: DeserializeOwned>(table: Table) -> Result<T, ()> {
    table.try_into().map_err(|_| ())
}

#[cfg(test)]
mod tests {
    use super::{BuiltIn, Definitions, Layer, LayerKind};

    fn layer(kind: LayerKind, text: &str) -> Layer {
        Layer { kind, path: format!("{}.toml", kind.code()).into(), text: text.to_owned() }
    }

    fn find(id: &str) -> Option<&'static str> {
        match id {
            "zoho" => Some("base = 'https://www.zohoapis.{dc}'\nauth.oauth2 = { kind = 'oauth2' }"),
            "loop" => Some("extends = 'loop'"),
            _ => None,
        }
    }

    const BUILT_IN: BuiltIn = BuiltIn { find, ids: || vec!["zoho", "loop"] };

    #[test]
    fn a_rule_is_the_persons_own_only_where_it_stands_in_a_file() {
        fn find(id: &str) -> Option<&'static str> {
            (id == "acme").then_some(
                "base = 'https://acme.test'\nrules = [{ id = 'acme/one', when = { status = 401 }, cause = 'X' }, \
                 { id = 'acme/two', when = { status = 403 }, cause = 'X' }]",
            )
        }
        let user = layer(
            LayerKind::User,
            "[connectors.mine]\nextends = 'acme'\n[[connectors.mine.rules]]\nid = 'acme/two'\nwhen.status = 403\n\
             cause = 'Y'\n[connectors.further]\nextends = 'mine'\nbase = 'https://further.test'\n",
        );
        let built_in = BuiltIn { find, ids: || vec!["acme"] };
        let definitions = Definitions::new(vec![user]).with_built_in(built_in);
        for (id, expected) in [("acme", vec![]), ("mine", vec!["acme/two"]), ("further", vec!["acme/two"])] {
            let rules = definitions.connector(id).unwrap().unwrap().value.rules;
            let own: Vec<&str> = rules.iter().filter(|rule| rule.own).map(|rule| rule.id.as_str()).collect();
            assert_eq!((own, rules.len()), (expected, 2), "{id}");
        }
    }

    #[test]
    fn a_connection_knows_where_it_stands() {
        let user = layer(LayerKind::User, "# mine\n\n[connections.main]\nconnector = 'zoho'\n");
        let definitions = Definitions::new(vec![user]).with_built_in(BUILT_IN);
        let found = definitions.connection("main").unwrap().unwrap();
        assert_eq!((found.line, found.kind), (3, LayerKind::User));
        assert_eq!(found.value.connector, "zoho");
        assert!(definitions.connection("other").unwrap().is_none());
        assert_eq!(definitions.connector_ids().unwrap(), ["loop", "zoho"]);
    }

    #[test]
    fn a_project_file_cannot_take_a_users_link_name_nor_run_commands() {
        let user = layer(LayerKind::User, "[connections.main]\nconnector = 'zoho'\n");
        let project = layer(
            LayerKind::Project,
            "\n[connections.main]\nconnector = 'evil'\n[connections.other]\nconnector = 'x'\nsecrets.k = 'command:id'\n",
        );
        let definitions = Definitions::new(vec![project, user]);
        let error = definitions.connection("main").unwrap_err();
        assert_eq!(error.code(), "CONN-CFG-LINKNAME-DUP");
        assert_eq!(error.mistakes[0].place(), "project.toml:2:1");
        assert!(error.mistakes[0].message.en.contains("user.toml:1"));
        assert_eq!(definitions.link_names().unwrap(), ["main", "other"]);
        assert_eq!(definitions.collisions().unwrap().len(), 1);
        assert_eq!(definitions.connection("other").unwrap_err().code(), "CONN-CFG-PROJECT-SECRET");
    }

    #[test]
    fn a_connector_extends_another_or_its_own_lower_layer() {
        let user = layer(
            LayerKind::User,
            "[connectors.zoho]\nextends = 'zoho'\nname = 'Z'\n[connectors.crm]\nextends = 'zoho'\nauth.oauth2.scopes = ['a']\n",
        );
        let definitions = Definitions::new(vec![user]).with_built_in(BUILT_IN);
        let own = definitions.connector("zoho").unwrap().unwrap();
        assert_eq!((own.value.name.unwrap().en.as_str(), own.kind), ("Z", LayerKind::User));
        let crm = definitions.connector("crm").unwrap().unwrap().value;
        assert_eq!(crm.auth["oauth2"].scopes.len(), 1);
        assert_eq!(crm.base.unwrap().source(), "https://www.zohoapis.{dc}");
    }

    #[test]
    fn circles_and_missing_parents_are_mistakes() {
        let text =
            "[connectors.a]\nextends = 'b'\n[connectors.b]\nextends = 'a'\n[connectors.c]\nextends = 'no'\n";
        let definitions = Definitions::new(vec![layer(LayerKind::User, text)]).with_built_in(BUILT_IN);
        for id in ["a", "b", "c", "loop"] {
            assert!(definitions.connector(id).is_err(), "{id}");
        }
    }
}
