//! Every mistake of every layer at once: syntax, shape, meaning.

use std::path::Path;

use serde_json::Value as Json;
use toml::de::{DeTable, DeValue};

use super::layer::{Definitions, Layer, LayerKind};
use super::leaves::{self, Known};
use super::mistake::{Mistake, Page};
use super::schema;
use super::shape::Walk;
use super::sheet::Family;
use super::{needs, shown, syntax, uses};
use crate::base::{LinkName, Phrase, Text, name};

/// The most connectors that one file may hold.
const MOST_CONNECTORS: usize = 1000;

/// Every mistake of every layer, in the order of the files.
pub(super) fn mistakes(definitions: &Definitions) -> Vec<Mistake> {
    let schema = schema::cached();
    let mut all: Vec<Mistake> =
        definitions.layers().flat_map(|layer| layer_mistakes(definitions, layer, schema)).collect();
    all.extend(definitions.collisions().unwrap_or_default());
    all.extend(uses::shared(definitions));
    all.sort_by(|a, b| (&a.path, a.line, a.column, a.code).cmp(&(&b.path, b.line, b.column, b.code)));
    all.dedup();
    all
}

fn layer_mistakes(definitions: &Definitions, layer: &Layer, schema: &Json) -> Vec<Mistake> {
    let root = match syntax::parse(&layer.path, &layer.text) {
        Ok(root) => root,
        Err(error) => return error.mistakes,
    };
    let page = Page { path: &layer.path, text: &layer.text };
    let unmet = needs::mistakes(page, &root);
    if !unmet.is_empty() {
        return unmet;
    }
    let walk = Walk::over(page, schema, &root);
    let mut mistakes = walk.mistakes;
    mistakes.extend(names(page, &root));
    for family in [Family::Connectors, Family::Connections] {
        for (id, table) in tables(&root, family) {
            let known = (family == Family::Connectors).then(|| Known::of(definitions, id)).flatten();
            let own = walk.leaves.iter().filter(|leaf| {
                leaf.keys.first().is_some_and(|key| key == family.key())
                    && leaf.keys.get(1).is_some_and(|key| key == id)
            });
            mistakes.extend(own.flat_map(|leaf| leaves::mistakes(page, leaf, known.as_ref())));
            if family == Family::Connections {
                mistakes.extend(uses::mistakes(definitions, layer, page, id, table));
            }
        }
    }
    if mistakes.is_empty() {
        mistakes.extend(unread(definitions, &root));
        mistakes.extend(nowhere(definitions, page, &root));
    }
    mistakes
}

/// The connectors of a file that name no address and inherit none. One that others extend need not have one.
fn nowhere(definitions: &Definitions, page: Page<'_>, root: &DeTable<'_>) -> Vec<Mistake> {
    let extends = |table: &DeTable<'_>, id: &str| {
        table.get("extends").is_some_and(|parent| parent.get_ref().as_str() == Some(id))
    };
    let found = tables(root, Family::Connectors).filter_map(|(id, _)| {
        let found = definitions.connector(id).ok().flatten().filter(|found| found.path == page.path)?;
        let connector = &found.value;
        let methods = || connector.auth.values();
        let has_base = connector.base.is_some()
            || !connector.auth.is_empty() && methods().all(|method| method.base.is_some());
        let is_parent =
            tables(root, Family::Connectors).any(|(other, table)| other != id && extends(table, id));
        (!has_base && !is_parent).then(|| {
            let message = NOWHERE.fill(&[("id", &shown::name(id))]);
            let (path, line, hint) = (page.path.to_owned(), found.line, Some(NOWHERE_HINT.phrase()));
            Mistake { path, line, column: 1, code: "CONN-CFG-SCHEMA", message, hint }
        })
    });
    found.collect()
}

/// Every mistake of a connector that is a file of its own, as in the built-in catalogue.
#[must_use]
pub fn check_connector(definitions: &Definitions, path: &Path, id: &str, text: &str) -> Vec<Mistake> {
    let schema = schema::cached();
    let root = match syntax::parse(path, text) {
        Ok(root) => root,
        Err(error) => return error.mistakes,
    };
    let page = Page { path, text };
    let walk = Walk::over_connector(page, schema, id, &root);
    let known = Known::of(definitions, id);
    let mut mistakes = walk.mistakes;
    mistakes.extend(walk.leaves.iter().flat_map(|leaf| leaves::mistakes(page, leaf, known.as_ref())));
    if mistakes.is_empty() {
        mistakes.extend(definitions.connector(id).err().into_iter().flat_map(|error| error.mistakes));
    }
    mistakes
}

/// What the types refuse though nothing above explains it.
fn unread(definitions: &Definitions, root: &DeTable<'_>) -> Vec<Mistake> {
    let connectors = tables(root, Family::Connectors).filter_map(|(id, _)| definitions.connector(id).err());
    let connections =
        tables(root, Family::Connections).filter_map(|(name, _)| definitions.connection(name).err());
    connectors.chain(connections).flat_map(|error| error.mistakes).collect()
}

pub(super) fn tables<'d>(
    root: &'d DeTable<'d>,
    family: Family,
) -> impl Iterator<Item = (&'d str, &'d DeTable<'d>)> {
    let family = root.get(family.key()).and_then(|value| value.get_ref().as_table());
    family.into_iter().flat_map(|table| table.iter()).filter_map(|(key, value)| match value.get_ref() {
        DeValue::Table(table) => Some((key.get_ref().as_ref(), table)),
        _ => None,
    })
}

fn names(page: Page<'_>, root: &DeTable<'_>) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for family in [Family::Connectors, Family::Connections] {
        let Some(table) = root.get(family.key()).and_then(|value| value.get_ref().as_table()) else {
            continue;
        };
        for (key, _) in table {
            let name = key.get_ref().as_ref();
            if name.parse::<LinkName>().is_err() {
                let message = BAD_NAME.fill(&[("family", family.key()), ("name", &shown::name(name))]);
                mistakes.push(page.mistake(
                    key.span().start,
                    "CONN-CFG-SCHEMA",
                    message,
                    Some(name_hint(name)),
                ));
            }
        }
        if family == Family::Connectors && table.len() > MOST_CONNECTORS {
            mistakes.push(page.mistake(0, "CONN-CFG-SCHEMA", TOO_MANY.phrase(), None));
        }
    }
    mistakes
}

fn name_hint(wrong: &str) -> Phrase {
    let slug = name::slug(wrong);
    if shown::name(wrong) == "…" && shown::name(&slug) == "…" || slug == "connection" || slug.len() < 2 {
        return NAME_RULE.phrase();
    }
    match shown::name(&slug).as_str() {
        "…" => NAME_RULE.phrase(),
        slug => Text::new("try {slug}", "{slug} のように書いてください").fill(&[("slug", slug)]),
    }
}

/// Whose mistakes make a layer unusable for a project file: `command:` and friends.
pub(super) const fn is_foreign(kind: LayerKind) -> bool {
    matches!(kind, LayerKind::Project)
}

const BAD_NAME: Text = Text::new(
    "{family}.{name}: names hold lower-case letters, digits, - and _, and begin with a letter or digit",
    "{family}.{name}: 名前に使えるのは小文字の英字、数字、- と _ で、先頭は英字か数字です",
);
const NAME_RULE: Text = Text::new(
    "use 1 to 64 of these characters, for example acme-main",
    "acme-main のように64文字以内で書いてください",
);
const TOO_MANY: Text =
    Text::new("the file holds more than 1,000 connectors", "ファイル内のコネクターが1,000件を超えています");
const NOWHERE: Text = Text::new(
    "connectors.{id} has no base, the address of the service",
    "connectors.{id} にサービスのアドレス（base）がありません",
);
const NOWHERE_HINT: Text = Text::new(
    "add a line such as base = \"https://api.acme.com/v1\"",
    "base = \"https://api.acme.com/v1\" のような行を追加してください",
);
