//! The table of connectors, and finding one in it. Built-in entries are shown without parsing them.

use clap::Args;
use serde_json::{Value, json};

use super::{SCHEMA, is_machine, page, print_json};
use crate::base::{Language, Phrase, Text, safe_text, suggest};
use crate::catalog;
use crate::commands::Context;
use crate::commands::help::say;
use crate::config::{Definitions, LayerKind};
use crate::model::{AuthKind, AuthMethod, Connector};
use crate::operation::Failure;
use crate::output::Page;
use crate::output::table::Table;

/// The arguments of `conn connectors list`.
#[derive(Debug, Args)]
pub struct ListArguments {
    /// Only one category.
    #[arg(long, value_name = "CATEGORY", help = say("Only this category, for example crm", "この分類だけを表示します（例: crm）"))]
    category: Option<String>,
}

/// The arguments of `conn connectors search`.
#[derive(Debug, Args)]
pub struct SearchArguments {
    /// The words.
    #[arg(required = true, value_name = "WORDS", help = say("Part of a name, ID or category", "名前・ID・分類の一部"))]
    words: Vec<String>,
}

/// One line of the table.
pub(super) struct Row {
    id: String,
    name: Phrase,
    category: String,
    kinds: Vec<&'static str>,
    origin: LayerKind,
}

impl Row {
    fn built_in(service: &'static catalog::Service) -> Self {
        Self {
            id: service.id.to_owned(),
            name: Phrase { en: service.name_en.to_owned(), ja: service.name_ja.to_owned() },
            category: service.category.to_owned(),
            kinds: service.kinds.to_vec(),
            origin: LayerKind::BuiltIn,
        }
    }

    fn defined(id: &str, connector: &Connector, origin: LayerKind) -> Self {
        let mut kinds: Vec<&str> =
            connector.auth.values().map(|AuthMethod { kind, .. }| kind.code()).collect();
        kinds.dedup();
        Self {
            id: id.to_owned(),
            name: connector.display_name(id),
            category: connector.category.clone().unwrap_or_default(),
            kinds,
            origin,
        }
    }

    fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "name": { "en": self.name.en, "ja": self.name.ja },
            "category": self.category,
            "auth": self.kinds,
            "origin": self.origin.code(),
        })
    }

    fn fits(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        [&self.id, &self.name.en, &self.name.ja, &self.category, &catalog::category_words(&self.category).ja]
            .iter()
            .any(|field| field.to_lowercase().contains(&word))
    }
}

/// The connectors of the user's and the project's files.
fn own(definitions: &Definitions) -> Result<Vec<Row>, Failure> {
    let ids = Definitions::new(definitions.layers().cloned().collect()).connector_ids()?;
    let mut rows = Vec::new();
    for id in ids {
        if let Some(found) = definitions.connector(&id)? {
            rows.push(Row::defined(&id, &found.value, found.kind));
        }
    }
    Ok(rows)
}

/// Built-in rows that no file replaces, then the others, sorted by id.
fn together(built_in: impl Iterator<Item = Row>, own: Vec<Row>) -> Vec<Row> {
    let mut rows: Vec<Row> = built_in.filter(|row| own.iter().all(|mine| mine.id != row.id)).collect();
    rows.extend(own);
    rows
}

/// Runs `conn connectors list`.
pub fn list(arguments: &ListArguments, context: &Context<'_>) -> Result<(), Failure> {
    let own = own(&context.world.definitions()?)?;
    let mut rows = together(catalog::all().iter().map(Row::built_in), own);
    rows.sort_by(|one, other| one.id.cmp(&other.id));
    if let Some(category) = &arguments.category {
        let known: Vec<String> = rows.iter().map(|row| row.category.clone()).collect();
        rows.retain(|row| row.category.eq_ignore_ascii_case(category));
        if rows.is_empty() {
            return Err(no_category(category, &known));
        }
    }
    print(&rows, context);
    Ok(())
}

/// Runs `conn connectors search`.
pub fn search(arguments: &SearchArguments, context: &Context<'_>) -> Result<(), Failure> {
    const NONE: Text = Text::new("No connector fits {words}.", "「{words}」に合うコネクターはありません。");
    const HINT: Text = Text::new(
        "conn connectors list shows all; conn connectors new makes one for any HTTP service.",
        "一覧は conn connectors list、新しく作成するには conn connectors new をお使いください。",
    );
    let words = arguments.words.join(" ");
    let mut own = own(&context.world.definitions()?)?;
    own.retain(|row| words.split_whitespace().all(|word| row.fits(word)));
    let rows = together(catalog::search(&words).into_iter().map(Row::built_in), own);
    if rows.is_empty() {
        let words = safe_text::line(&words, 60);
        return Err(Failure::usage(NONE.fill(&[("words", &words)]), Some(HINT.into())));
    }
    print(&rows, context);
    Ok(())
}

fn no_category(category: &str, known: &[String]) -> Failure {
    const WRONG: Text =
        Text::new("There is no category {category}.", "「{category}」という分類はありません。");
    const NEAREST: Text = Text::new("Did you mean {nearest}?", "「{nearest}」のことですか。");
    const ALL: Text = Text::new("There are: {all}.", "分類の一覧: {all}");
    let hint = match suggest::nearest(category, known.iter().map(String::as_str)) {
        Some(nearest) => NEAREST.fill(&[("nearest", nearest)]),
        None => ALL.fill(&[("all", &catalog::categories().join(", "))]),
    };
    Failure::usage(WRONG.fill(&[("category", &safe_text::line(category, 40))]), Some(hint))
}

fn print(rows: &[Row], context: &Context<'_>) {
    const HEAD: [Text; 5] = [
        Text::new("ID", "ID"),
        Text::new("Name", "名前"),
        Text::new("Category", "分類"),
        Text::new("Auth", "認証"),
        Text::new("Origin", "定義元"),
    ];
    if is_machine(context) {
        let rows: Vec<Value> = rows.iter().map(Row::to_json).collect();
        return print_json(context, json!({ "schema": SCHEMA, "connectors": rows }));
    }
    let page = page(context);
    let mut table = Table::new(&HEAD.map(|head| page.say(head)));
    for row in rows {
        let kinds: Vec<&str> = row.kinds.iter().map(|kind| kind_words(kind, context)).collect();
        table.row(vec![
            row.id.as_str().into(),
            safe_text::line(row.name.get(page.language), 60).into(),
            category_cell(&row.category, &page).into(),
            kinds.join(", ").into(),
            page.say(row.origin.text()).into(),
        ]);
    }
    context.print(&table.render(&page));
}

/// A category in words, with the word that `--category` takes where it is another.
fn category_cell(category: &str, page: &Page) -> String {
    let words = catalog::category_words(category);
    let words = words.get(page.language);
    if page.language == Language::En || words.eq_ignore_ascii_case(category) {
        return safe_text::line(category, 40);
    }
    format!("{words} ({category})")
}

/// An auth kind in words.
pub(super) fn kind_words(code: &'static str, context: &Context<'_>) -> &'static str {
    AuthKind::ALL
        .into_iter()
        .find(|kind| kind.code() == code)
        .map_or(code, |kind| kind.text().get(context.language()))
}
