//! Finding a service by words: its id, names and category, and the nearest spelling of one.

use super::{SERVICES, Service};
use crate::base::suggest::nearest;

/// The services that fit every word, best first: an id or name that is the word, one that begins with it,
/// one that holds it, one in that category. Where nothing fits, those with the nearest spelling.
#[must_use]
pub fn search(words: &str) -> Vec<&'static Service> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let mut found: Vec<(u32, &Service)> = SERVICES
        .iter()
        .filter_map(|service| {
            let ranks = words.iter().map(|word| rank(service, word)).collect::<Option<Vec<u32>>>()?;
            Some((ranks.iter().sum(), service))
        })
        .collect();
    found.sort_by_key(|(rank, service)| (*rank, service.id));
    if found.is_empty() {
        return near(&words);
    }
    found.into_iter().map(|(_, service)| service).collect()
}

/// How well a word fits; the smaller the better.
fn rank(service: &Service, word: &str) -> Option<u32> {
    let names = [service.id.to_owned(), service.name_en.to_lowercase(), service.name_ja.to_lowercase()];
    let parts = |name: &str| name.split([' ', '-', '(', '（', '.']).any(|part| part.starts_with(word));
    if names.iter().any(|name| name == word) {
        Some(0)
    } else if names.iter().any(|name| name.starts_with(word)) {
        Some(1)
    } else if names.iter().any(|name| parts(name)) {
        Some(2)
    } else if names.iter().any(|name| name.contains(word)) {
        Some(3)
    } else if service.category.starts_with(word) {
        Some(4)
    } else {
        None
    }
}

/// The services whose id, name or category is spelt nearly like one of the words.
fn near(words: &[String]) -> Vec<&'static Service> {
    SERVICES
        .iter()
        .filter(|service| {
            let name = service.name_en.to_lowercase();
            let spellings =
                || [service.id, name.as_str(), service.category].into_iter().chain(service.id.split('-'));
            words.iter().any(|word| word.len() > 2 && nearest(word, spellings()).is_some())
        })
        .collect()
}
