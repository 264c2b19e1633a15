//! The built-in connectors as a Markdown table, for the documentation.

use crate::base::{Language, Phrase};
use crate::catalog::{self, Service};
use crate::config::{BuiltIn, Definitions};
use crate::model::{AuthKind, Confidence, Connector, RequestLine};
use crate::operation::Failure;

const HEAD: &str = "\
# The services that conn knows

Written by `conn generate catalog`. The score says how much a definition tells, out of 100; `conn connectors show ID`
names what it lacks. Sources: *checked* was worked through with sample answers, *several* sources agree, *one* source
says it. A service without a harmless call is only reached, so its credential stays unverified.

`conn generate catalog` がこの表を出力します。点数は定義の充実度（100点満点）で、足りない項目は `conn connectors show ID` で
確認できます。Sources は checked が応答の見本まで確認済み、several が複数の情報源で一致、one が情報源1つです。
";

/// The whole table.
///
/// # Errors
/// When a built-in definition cannot be read.
pub fn markdown() -> Result<String, Failure> {
    let built_in = BuiltIn { find: catalog::text, ids: catalog::ids };
    let definitions = Definitions::new(Vec::new()).with_built_in(built_in);
    let mut lines = vec![HEAD.to_owned(), counts()];
    for category in catalog::categories() {
        let words = catalog::category_words(category);
        lines.push(format!("## {}\n", title(category, &words)));
        lines.push("| ID | Service | Auth | Test | Sources | Score |\n|---|---|---|---|---|---:|".to_owned());
        for service in catalog::all().iter().filter(|service| service.category == *category) {
            if let Some(found) = definitions.connector(service.id)? {
                lines.push(row(service, &found.value));
            }
        }
        lines.push(String::new());
    }
    Ok(lines.join("\n").trim_end().to_owned() + "\n")
}

fn title(category: &str, words: &Phrase) -> String {
    if words.en == words.ja { category.to_owned() } else { format!("{category} · {}", words.ja) }
}

/// How many there are of each confidence.
fn counts() -> String {
    let of = |confidence: &str| catalog::all().iter().filter(|one| one.confidence == confidence).count();
    let retired = catalog::all().iter().filter(|one| one.retired).count();
    format!(
        "{} services: {} checked, {} from several sources, {} from one source; {retired} of them retired.\n",
        catalog::all().len(),
        of(""),
        of(Confidence::Agreed.code()),
        of(Confidence::SingleSource.code()),
    )
}

fn row(service: &Service, connector: &Connector) -> String {
    let (en, ja) = (service.name(Language::En), service.name(Language::Ja));
    let mut name = if en == ja { en.to_owned() } else { format!("{en} · {ja}") };
    if let Some(docs) = &connector.docs {
        name = format!("[{}]({})", name.replace('|', "/"), docs.en);
    }
    if service.retired {
        name.push_str(" (retired)");
    }
    let kinds: Vec<&str> = AuthKind::ALL
        .into_iter()
        .filter(|kind| service.kinds().any(|one| one == kind.code()))
        .map(|kind| kind.text().en)
        .collect();
    let test = match connector.test.as_ref().map(|test| &test.request) {
        Some(RequestLine::Call { .. }) => "call",
        Some(RequestLine::Reach) => "reach",
        None => "family",
    };
    let sources = match connector.confidence {
        None => "checked",
        Some(Confidence::Agreed) => "several",
        Some(Confidence::SingleSource) => "one",
    };
    let score = catalog::score::score(connector);
    format!("| `{}` | {name} | {} | {test} | {sources} | {score} |", service.id, kinds.join(", "))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_in_the_documentation_is_up_to_date() {
        let made = super::markdown().unwrap();
        let kept = include_str!("../../../examples/catalogue.md");
        assert!(made == kept, "write it anew: conn generate catalog > examples/catalogue.md");
    }
}
