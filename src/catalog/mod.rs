//! The services that conn knows out of the box: one file each in `services/`, named `ID.toml`.
//!
//! The build script lists them into a table with what a listing shows, so that listing and searching parse
//! nothing, and a connection parses the one entry that it uses. To add a service, add its file.

mod search;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

pub use search::search;

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
    /// The auth kinds, the default method's first.
    pub kinds: &'static [&'static str],
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

/// The definition of the service with this id, unparsed: what the lowest layer of `config` asks for.
#[must_use]
pub fn text(id: &str) -> Option<&'static str> {
    find(id).map(|service| service.text)
}

/// Every id, sorted.
#[must_use]
pub fn ids() -> Vec<&'static str> {
    SERVICES.iter().map(|service| service.id).collect()
}
