//! Finding a service by words: its id, names, other spellings and category, and the nearest spelling of one.

use super::fold::{fold, squeeze};
use super::{SERVICES, Service, category_words};
use crate::base::suggest::nearest;

/// What a service that is gone loses against one that is there.
const RETIRED: u32 = 100;

/// The services that fit every word, best first: an id or name that is the word, one that begins with it,
/// one that holds it, one in that category. Case, width and kana do not matter.
#[must_use]
pub fn search(words: &str) -> Vec<&'static Service> {
    let words: Vec<Word> = fold(words).split_whitespace().map(Word::new).collect();
    let mut found: Vec<(u32, &Service)> = SERVICES
        .iter()
        .filter_map(|service| {
            let ranks = words.iter().map(|word| word.rank(service)).collect::<Option<Vec<u32>>>()?;
            Some((ranks.iter().sum::<u32>() + if service.retired { RETIRED } else { 0 }, service))
        })
        .collect();
    found.sort_by_key(|(rank, service)| (*rank, service.id));
    found.into_iter().map(|(_, service)| service).collect()
}

/// The services of which a spelling is nearest to one of the words, for a slip of the pen.
#[must_use]
pub fn near(words: &str) -> Vec<&'static Service> {
    let words: Vec<String> = fold(words).split_whitespace().map(squeeze).collect();
    let meant: Vec<&str> = words
        .iter()
        .filter(|word| word.chars().count() > 2)
        .filter_map(|word| nearest(word, SERVICES.iter().flat_map(Service::spellings)))
        .collect();
    let is_meant = |service: &&Service| service.spellings().any(|spelling| meant.contains(&spelling));
    SERVICES.iter().filter(is_meant).collect()
}

/// A word that is looked for, and the categories that it names.
struct Word {
    typed: String,
    squeezed: String,
    categories: Vec<&'static str>,
}

impl Word {
    fn new(word: &str) -> Self {
        let names = |category: &&str| {
            let words = category_words(category);
            let spelled = [(*category).to_owned(), fold(&words.en), fold(&words.ja)];
            let parts =
                |name: &String| name.split(|c: char| !c.is_alphanumeric()).any(|part| part.starts_with(word));
            spelled.iter().any(|name| name.starts_with(word) || parts(name))
        };
        let categories = super::categories().iter().copied().filter(names).collect();
        Self { typed: word.to_owned(), squeezed: squeeze(word), categories }
    }

    /// How well the word fits; the smaller the better.
    fn rank(&self, service: &Service) -> Option<u32> {
        let (word, squeezed) = (self.typed.as_str(), self.squeezed.as_str());
        if squeezed.is_empty() {
            return None;
        }
        let by_name = service.spellings().filter_map(|name| {
            if name == word || name == squeezed {
                Some(0)
            } else if name.starts_with(word) || name.starts_with(squeezed) {
                Some(1)
            } else if name.split([' ', '-', '(', '（', '.']).any(|part| part.starts_with(word)) {
                Some(2)
            } else {
                name.contains(word).then_some(3)
            }
        });
        by_name.min().or_else(|| self.categories.contains(&service.category).then_some(4))
    }
}
