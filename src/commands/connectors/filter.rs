//! Which connectors a listing shows: of one category, one way to authenticate, one country.

use clap::Args;

use super::list::Row;
use crate::base::{Text, safe_text, suggest};
use crate::commands::help::say;
use crate::model::AuthKind;
use crate::operation::Failure;

/// What narrows a listing.
#[derive(Debug, Args)]
pub(super) struct Filter {
    /// Only one category.
    #[arg(long, value_name = "CATEGORY", help = say("Only this category, for example crm", "この分類だけを表示します（例: crm）"))]
    category: Option<String>,
    /// Only one kind of authentication.
    #[arg(long, value_name = "KIND", help = say("Only this kind of authentication, for example oauth2", "この認証の種類だけを表示します（例: oauth2）"))]
    auth: Option<String>,
    /// Only one country.
    #[arg(long, value_name = "CODE", help = say("Only services of this country, for example jp", "この国のサービスだけを表示します（例: jp）"))]
    country: Option<String>,
}

impl Filter {
    /// Whether anything is narrowed.
    pub(super) const fn is_set(&self) -> bool {
        self.category.is_some() || self.auth.is_some() || self.country.is_some()
    }

    /// The rows that are left.
    pub(super) fn narrow(&self, mut rows: Vec<Row>) -> Result<Vec<Row>, Failure> {
        if let Some(category) = &self.category {
            let known: Vec<String> = rows.iter().map(|row| row.category.clone()).collect();
            rows.retain(|row| row.category.eq_ignore_ascii_case(category));
            left(&rows, CATEGORY, category, known)?;
        }
        if let Some(kind) = &self.auth {
            let kind = kind.replace('-', "_");
            let known: Vec<String> = AuthKind::ALL.iter().map(|kind| kind.code().to_owned()).collect();
            rows.retain(|row| row.kinds.iter().any(|one| one.eq_ignore_ascii_case(&kind)));
            left(&rows, AUTH, &kind, known)?;
        }
        if let Some(country) = &self.country {
            let known: Vec<String> = rows.iter().map(|row| row.country.clone()).collect();
            rows.retain(|row| row.country.eq_ignore_ascii_case(country));
            left(&rows, COUNTRY, country, known)?;
        }
        Ok(rows)
    }
}

const CATEGORY: Text = Text::new("There is no category {word}.", "「{word}」という分類はありません。");
const AUTH: Text =
    Text::new("None of them authenticates with {word}.", "認証の種類が「{word}」のものはありません。");
const COUNTRY: Text =
    Text::new("None of them is of country {word}.", "国コードが「{word}」のものはありません。");

/// The failure when nothing is left: what was asked for, and what there is.
fn left(rows: &[Row], wrong: Text, word: &str, mut known: Vec<String>) -> Result<(), Failure> {
    const NEAREST: Text = Text::new("Did you mean {nearest}?", "「{nearest}」のことですか。");
    const ALL: Text = Text::new("There are: {all}.", "使える語: {all}");
    if !rows.is_empty() {
        return Ok(());
    }
    known.sort_unstable();
    known.dedup();
    known.retain(|one| !one.is_empty());
    let nearest = suggest::nearest(word, known.iter().map(String::as_str)).filter(|nearest| *nearest != word);
    let hint = match nearest {
        Some(nearest) => NEAREST.fill(&[("nearest", nearest)]),
        None => ALL.fill(&[("all", &known.join(", "))]),
    };
    Err(Failure::usage(wrong.fill(&[("word", &safe_text::line(word, 40))]), Some(hint)))
}
