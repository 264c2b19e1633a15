//! The services that conn knows out of the box: one file each in `services/`, named `ID.toml`.
//!
//! The build script lists them into a table with what a listing shows, so that listing and searching parse
//! nothing, and a connection parses the one entry that it uses. To add a service, add its file.

mod fold;
pub mod score;
mod search;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

pub use search::{near, search};

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
    pub kinds: &'static [&'static str],
    /// Folded spellings by which it is found, one a line.
    spellings: &'static str,
    /// The definition: the content of `[connectors.ID]`, without what it inherits from those that it extends.
    pub text: &'static str,
}

static SERVICES: &[Service] = include!(concat!(env!("OUT_DIR"), "/catalog.rs"));

impl Service {
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
    SERVICES
}

/// The service with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Service> {
    SERVICES.binary_search_by_key(&id, |service| service.id).ok().map(|place| &SERVICES[place])
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

/// The definition of the service with this id, unparsed: what the lowest layer of `config` asks for.
#[must_use]
pub fn text(id: &str) -> Option<&'static str> {
    find(id).map(|service| service.text)
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
    SERVICES.iter().map(|service| service.id).collect()
}
