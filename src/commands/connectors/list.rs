//! The table of connectors, and finding one in it. Built-in entries are shown without parsing them.

use clap::Args;
use serde_json::{Value, json};

use super::filter::Filter;
use super::{SCHEMA, is_machine, page, print_json};
use crate::base::{Language, Phrase, Text, safe_text};
use crate::catalog;
use crate::commands::Context;
use crate::commands::help::say;
use crate::config::{Definitions, LayerKind};
use crate::model::{AuthKind, AuthMethod, Confidence, Connector};
use crate::operation::Failure;
use crate::output::Page;
use crate::output::table::Table;

/// The arguments of `conn connectors list`.
#[derive(Debug, Args)]
pub struct ListArguments {
    #[command(flatten)]
    filter: Filter,
}

/// The arguments of `conn connectors search`.
#[derive(Debug, Args)]
pub struct SearchArguments {
    /// The words.
    #[arg(required = true, value_name = "WORDS", help = say("Part of a name or ID, or what the service is for, for example payroll", "名前・ID の一部、または用途（例: 給与、請求書）"))]
    words: Vec<String>,
    #[command(flatten)]
    filter: Filter,
}

/// One line of the table.
pub(super) struct Row {
    id: String,
    name: Phrase,
    pub(super) category: String,
    pub(super) country: String,
    pub(super) kinds: Vec<&'static str>,
    confidence: Option<Confidence>,
    retired: bool,
    origin: LayerKind,
}

impl Row {
    fn built_in(service: &'static catalog::Service) -> Self {
        Self {
            id: service.id.to_owned(),
            name: Phrase { en: service.name_en.to_owned(), ja: service.name_ja.to_owned() },
            category: service.category.to_owned(),
            country: service.country.to_owned(),
            kinds: service.kinds().collect(),
            confidence: Confidence::ALL.into_iter().find(|one| one.code() == service.confidence),
            retired: service.retired,
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
            country: connector.country.clone().unwrap_or_default(),
            kinds,
            confidence: connector.confidence,
            retired: connector.retired.is_some(),
            origin,
        }
    }

    fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "name": { "en": self.name.en, "ja": self.name.ja },
            "category": self.category,
            "country": (!self.country.is_empty()).then_some(&self.country),
            "auth": self.kinds,
            "confidence": self.confidence.map(Confidence::code),
            "retired": self.retired,
            "origin": self.origin.code(),
        })
    }

    fn fits(&self, word: &str) -> bool {
        let lower = word.to_lowercase();
        let named = [&self.id, &self.name.en, &self.name.ja, &self.category]
            .iter()
            .any(|field| field.to_lowercase().contains(&lower));
        named || catalog::is_for(&self.category, word)
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
    const COUNT: Text = Text::new(
        "{count} connectors; narrow them with --category, --auth or --country, or find one with conn connectors search.",
        "{count} 件のコネクターがあります。--category、--auth、--country で絞り込むか、conn connectors search で検索できます。",
    );
    let own = own(&context.world.definitions()?)?;
    let mut rows = together(catalog::all().iter().map(Row::built_in), own);
    rows.sort_by(|one, other| one.id.cmp(&other.id));
    let rows = arguments.filter.narrow(rows)?;
    print(&rows, context);
    if !arguments.filter.is_set() && !is_machine(context) {
        context.remark(&COUNT.fill(&[("count", &rows.len().to_string())]));
    }
    Ok(())
}

/// Runs `conn connectors search`.
pub fn search(arguments: &SearchArguments, context: &Context<'_>) -> Result<(), Failure> {
    const NONE: Text = Text::new("No connector fits {words}.", "「{words}」に合うコネクターはありません。");
    const NEAR: Text = Text::new(
        "No connector fits {words}; this is the nearest spelling.",
        "「{words}」に合うコネクターはありません。つづりの近いものを表示します。",
    );
    const HINT: Text = Text::new(
        "conn connectors list shows all; conn connectors new makes one for any HTTP service.",
        "一覧は conn connectors list、新しく作成するには conn connectors new をお使いください。",
    );
    let words = arguments.words.join(" ");
    let shown = safe_text::line(&words, 60);
    let mut own = own(&context.world.definitions()?)?;
    own.retain(|row| words.split_whitespace().all(|word| row.fits(word)));
    let rows = together(catalog::search(&words).into_iter().map(Row::built_in), own);
    if !rows.is_empty() {
        print(&arguments.filter.narrow(rows)?, context);
        return Ok(());
    }
    let near: Vec<Row> = catalog::near(&words).into_iter().map(Row::built_in).collect();
    if near.is_empty() {
        return Err(Failure::usage(NONE.fill(&[("words", &shown)]), Some(HINT.into())));
    }
    context.remark(&NEAR.fill(&[("words", &shown)]));
    print(&arguments.filter.narrow(near)?, context);
    Ok(())
}

fn print(rows: &[Row], context: &Context<'_>) {
    const STAR: Text = Text::new("* rests on a single source", "* 情報源が1つだけの定義です");
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
            origin_cell(row, &page).into(),
        ]);
    }
    context.print(&table.render(&page));
    if rows.iter().any(rests_on_one) {
        context.remark(&STAR.into());
    }
}

/// Whose definition it is, whether the service is gone, and a mark where one source only says so.
fn origin_cell(row: &Row, page: &Page) -> String {
    const RETIRED: Text = Text::new("retired", "提供終了");
    let origin = page.say(if row.retired { RETIRED } else { row.origin.text() });
    if rests_on_one(row) { format!("{origin} *") } else { origin.to_owned() }
}

fn rests_on_one(row: &Row) -> bool {
    row.confidence == Some(Confidence::SingleSource)
}

/// A category in words, with the word that `--category` takes where it is another.
pub(super) fn category_cell(category: &str, page: &Page) -> String {
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
