//! The services that conn knows out of the box: one file each in `services/`, named `ID.toml`.
//!
//! The build script packs them, with one line each of what a listing shows, so that listing and searching parse
//! nothing, and a connection parses the one entry that it uses. To add a service, add its file.

mod fold;
mod named;
mod purpose;
pub mod score;
mod search;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

pub use named::{naming, sample};
pub use search::{is_for, near, search};

use crate::base::{Phrase, Text};

/// A built-in service, as far as it is known without parsing its definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// The connector's id, which is the file's name.
    pub id: &'static str,
    /// The display name in English.
    pub name_en: &'static str,
    /// The display name in Japanese.
    pub name_ja: &'static str,
    /// The category.
    pub category: &'static str,
    /// Where it is at home, as a two-letter code; empty where that does not matter.
    pub country: &'static str,
    /// How well the facts are attested, as a definition says it; empty where people worked through them.
    pub confidence: &'static str,
    /// Whether the service is gone.
    pub retired: bool,
    /// The auth kinds, the default method's first.
    kinds: &'static str,
    /// The codes of the causes that its rules and samples name, sorted.
    codes: &'static str,
    /// Folded spellings by which it is found.
    spellings: &'static str,
}

/// One line per service, sorted by id.
static INDEX: &str = include_str!(concat!(env!("OUT_DIR"), "/catalog.index"));

/// The definitions, in the same order.
static TEXTS: &str = include_str!(concat!(env!("OUT_DIR"), "/catalog.texts"));

/// Where each line and each definition begins, and where the last ones end.
#[expect(clippy::unreadable_literal, reason = "the build script writes the numbers and nobody reads them")]
static PLACES: &[(usize, usize)] = &include!(concat!(env!("OUT_DIR"), "/catalog.rs"));

static SERVICES: LazyLock<Vec<Service>> = LazyLock::new(|| INDEX.lines().map(Service::read).collect());

impl Service {
    fn read(line: &'static str) -> Self {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default();
        Self {
            id: next(),
            name_en: next(),
            name_ja: next(),
            category: next(),
            country: next(),
            confidence: next(),
            retired: !next().is_empty(),
            kinds: next(),
            codes: next(),
            spellings: next(),
        }
    }

    /// The auth kinds, the default method's first.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.kinds.split_whitespace()
    }

    /// The codes of the causes that its rules and samples name, sorted.
    pub fn codes(&self) -> impl Iterator<Item = &'static str> {
        self.codes.split_whitespace()
    }

    /// The folded spellings of its id, names and aliases.
    fn spellings(&self) -> impl Iterator<Item = &'static str> {
        self.spellings.split('\u{1f}')
    }

    /// The display name in one language.
    #[must_use]
    pub const fn name(&self, language: crate::base::Language) -> &'static str {
        match language {
            crate::base::Language::En => self.name_en,
            crate::base::Language::Ja => self.name_ja,
        }
    }
}

/// Every built-in service, sorted by id.
#[must_use]
pub fn all() -> &'static [Service] {
    &SERVICES
}

/// The service with this id. Reads no other.
#[must_use]
pub fn find(id: &str) -> Option<Service> {
    let place = place(id)?;
    let end = PLACES.get(place + 1)?.0;
    INDEX.get(PLACES[place].0..end).map(|line| Service::read(line.trim_end_matches('\n')))
}

/// Which of the services this is.
fn place(id: &str) -> Option<usize> {
    let (_, services) = PLACES.split_last()?;
    let id_at =
        |start: usize| INDEX.get(start..).and_then(|line| line.split('\t').next()).unwrap_or_default();
    services.binary_search_by(|(start, _)| id_at(*start).cmp(id)).ok()
}

/// The categories there are, sorted.
#[must_use]
pub fn categories() -> &'static [&'static str] {
    static CATEGORIES: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let mut categories: Vec<&str> = SERVICES.iter().map(|service| service.category).collect();
        categories.sort_unstable();
        categories.dedup();
        categories
    });
    &CATEGORIES
}

/// The words of a category for people; a category of one's own is its own word.
#[must_use]
pub fn category_words(category: &str) -> Phrase {
    const WORDS: [(&str, Text); 32] = [
        ("accounting", Text::new("accounting", "会計")),
        ("ai", Text::new("AI", "AI")),
        ("analytics", Text::new("analytics", "分析")),
        ("automation", Text::new("automation", "自動化")),
        ("cms", Text::new("content", "コンテンツ管理")),
        ("crm", Text::new("CRM", "CRM")),
        ("demo", Text::new("demo", "デモ")),
        ("design", Text::new("design", "デザイン")),
        ("dev-tools", Text::new("developer tools", "開発ツール")),
        ("e-commerce", Text::new("e-commerce", "ネットショップ")),
        ("email", Text::new("e-mail", "メール配信")),
        ("erp", Text::new("ERP", "ERP（基幹業務）")),
        ("finance", Text::new("finance", "金融・支出管理")),
        ("health", Text::new("health", "健康")),
        ("hr", Text::new("HR", "人事・採用")),
        ("identity", Text::new("identity", "ID・認証")),
        ("infrastructure", Text::new("infrastructure", "インフラ")),
        ("legal", Text::new("contracts and law", "契約・法務")),
        ("maps", Text::new("maps", "地図")),
        ("marketing", Text::new("marketing", "マーケティング")),
        ("messaging", Text::new("messaging", "チャット・メッセージ")),
        ("monitoring", Text::new("monitoring", "監視")),
        ("payment", Text::new("payment", "決済")),
        ("productivity", Text::new("productivity", "業務効率化")),
        ("search", Text::new("search", "検索")),
        ("security", Text::new("security", "セキュリティ")),
        ("sms", Text::new("SMS", "SMS")),
        ("social", Text::new("social media", "SNS")),
        ("storage", Text::new("storage", "ストレージ")),
        ("support", Text::new("support", "サポート")),
        ("video", Text::new("video", "動画")),
        ("weather", Text::new("weather", "天気")),
    ];
    let known = WORDS.iter().find(|(code, _)| *code == category);
    known.map_or_else(|| Phrase::same(category), |(_, words)| words.phrase())
}

/// The definition of the service with this id, unparsed: what the lowest layer of `config` asks for. Without what it
/// inherits from those that it extends.
#[must_use]
pub fn text(id: &str) -> Option<&'static str> {
    let place = place(id)?;
    TEXTS.get(PLACES[place].1..PLACES.get(place + 1)?.1)
}

/// The countries there are, sorted.
#[must_use]
pub fn countries() -> Vec<&'static str> {
    let mut countries: Vec<&str> = SERVICES.iter().map(|service| service.country).collect();
    countries.sort_unstable();
    countries.dedup();
    countries.retain(|country| !country.is_empty());
    countries
}

/// Every id, sorted.
#[must_use]
pub fn ids() -> Vec<&'static str> {
    INDEX.lines().filter_map(|line| line.split('\t').next()).collect()
}
