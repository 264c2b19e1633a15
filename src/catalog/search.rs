//! Finding a service by words: its id, names, other spellings and what it is for, and the nearest spelling of one.

use super::fold::{fold, squeeze};
use super::purpose::{self, Meant, Nearness};
use super::{SERVICES, Service, category_words};
use crate::base::suggest::nearest;

/// What a service that is gone loses against one that is there.
const RETIRED: u32 = 100;

/// The services that fit every word, best first: an id or name that is the word, one that begins with it,
/// one that holds it, one that is for it. Among equals, Japanese words name Japanese services first, and what more
/// sources agree on stands before what one says. Case, width and kana do not matter.
#[must_use]
pub fn search(words: &str) -> Vec<&'static Service> {
    let typed = fold(words);
    let words: Vec<&str> = typed.split_whitespace().collect();
    let found = fitting(&words, Nearness::Begins);
    let telling: Vec<&str> = words.into_iter().filter(|word| purpose::tells(word)).collect();
    if found.is_empty() && !telling.is_empty() { fitting(&telling, Nearness::Holds) } else { found }
}

fn fitting(words: &[&str], nearness: Nearness) -> Vec<&'static Service> {
    let japanese = words.iter().any(|word| !word.is_ascii());
    let words: Vec<Word> = words.iter().map(|word| Word::new(word, nearness)).collect();
    let mut found: Vec<(u32, bool, u8, &Service)> = SERVICES
        .iter()
        .filter_map(|service| {
            let ranks = words.iter().map(|word| word.rank(service)).collect::<Option<Vec<u32>>>()?;
            let rank = ranks.iter().sum::<u32>() + if service.retired { RETIRED } else { 0 };
            Some((rank, japanese && service.country != "jp", doubt(service), service))
        })
        .collect();
    found.sort_by_key(|(rank, abroad, doubt, service)| (*rank, *abroad, *doubt, service.id));
    found.into_iter().map(|(.., service)| service).collect()
}

fn doubt(service: &Service) -> u8 {
    match service.confidence {
        "" => 0,
        "agreed" => 1,
        _ => 2,
    }
}

/// Whether services of a category, be it one's own, are for a word.
#[must_use]
pub fn is_for(category: &str, word: &str) -> bool {
    let typed = fold(word);
    is_named(category, &typed) || Meant::by(&typed, Nearness::Begins).category(category)
}

/// Whether a folded word begins a part of a category's name.
fn is_named(category: &str, typed: &str) -> bool {
    let words = category_words(category);
    [category, &fold(&words.en), &fold(&words.ja)].iter().any(|name| {
        name.starts_with(typed)
            || name.split(|c: char| !c.is_alphanumeric()).any(|part| part.starts_with(typed))
    })
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

/// A word that is looked for, and what is for it.
struct Word {
    typed: String,
    squeezed: String,
    named: Vec<&'static str>,
    meant: Meant,
}

impl Word {
    fn new(word: &str, nearness: Nearness) -> Self {
        let named = super::categories().iter().copied().filter(|category| is_named(category, word)).collect();
        Self { typed: word.to_owned(), squeezed: squeeze(word), named, meant: Meant::by(word, nearness) }
    }

    /// How well the word fits; the smaller the better.
    fn rank(&self, service: &Service) -> Option<u32> {
        let (word, squeezed) = (self.typed.as_str(), self.squeezed.as_str());
        if squeezed.is_empty() {
            return None;
        }
        // Two letters stand in many names by chance; two characters of Japanese are a word.
        let tells = word.len() > 2;
        let by_name = service.spellings().filter_map(|name| {
            if name == word || name == squeezed {
                Some(0)
            } else if name.starts_with(word) || name.starts_with(squeezed) {
                Some(1)
            } else if name.split([' ', '-', '(', '（', '.']).any(|part| part.starts_with(word)) {
                Some(2)
            } else {
                (tells && name.contains(word)).then_some(3)
            }
        });
        let is_for = || self.named.contains(&service.category) || self.meant.service(service);
        by_name.min().or_else(|| is_for().then_some(4))
    }
}

#[cfg(test)]
mod tests {
    use super::search;
    use crate::catalog::find;

    #[test]
    fn a_service_is_found_by_what_it_is_for() {
        let ids = |words: &str| search(words).iter().map(|service| service.id).collect::<Vec<_>>();
        for (words, id) in [
            ("人事労務", "smarthr"),
            ("人事", "kaonavi"),
            ("給与", "smarthr"),
            ("給与計算ソフト", "moneyforward"),
            ("勤怠", "king-of-time"),
            ("勤怠 管理", "king-of-time"),
            ("クラウド会計", "moneyforward"),
            ("請求書", "board"),
            ("経費精算", "freee"),
            ("決済", "stripe"),
            ("クレジットカード", "stripe"),
            ("チャット", "slack"),
            ("グループウェア", "garoon"),
            ("電子契約", "pandadoc"),
            ("顧客管理", "salesforce"),
            ("名刺", "sansan"),
            ("在庫", "next-engine"),
            ("問い合わせ", "zendesk"),
            ("メール", "sendgrid"),
            ("ﾌｧｲﾙ共有", "google-drive"),
            ("ｽﾄﾚｰｼﾞ", "google-cloud-storage"),
            ("カレンダー", "google-calendar"),
            ("プロジェクト管理", "jira"),
            ("表計算", "google-sheet"),
            ("ワークフロー", "kintone"),
            ("payroll", "gusto"),
            ("payroll software", "gusto"),
            ("HR", "smarthr"),
            ("human resources", "smarthr"),
            ("accounting", "xero"),
            ("invoicing", "quickbooks"),
            ("helpdesk", "freshdesk"),
            ("CRM", "hubspot"),
            ("mail", "sendgrid"),
            ("storage", "dropbox"),
            ("e-signature", "cloudsign"),
            ("project", "trello"),
        ] {
            let found = ids(words);
            assert!(found.contains(&id), "{words}: {found:?}");
        }
        let by_chance = |id: &&str| find(id).unwrap().category != "hr" && !id.starts_with("hr");
        assert!(!ids("HR").iter().any(by_chance), "{:?}", ids("HR"));
        // Who asks in Japanese sees those of Japan first.
        let country = |id: &&str| find(id).unwrap().country;
        assert!(ids("給与").iter().take(5).map(country).all(|country| country == "jp"), "{:?}", ids("給与"));
        // Of those that fit alike, one that was worked through comes before one that a single source describes.
        for (words, first) in [("人事労務", "smarthr"), ("決済", "paypal"), ("チャット", "chatwork")]
        {
            assert_eq!(ids(words)[0], first, "{words}: {:?}", ids(words));
        }
        // What tells nothing finds nothing, and a name is not drowned by those that are for the same.
        for (words, found) in [("ツール 管理", 0), ("zzzz 会計", 0), ("freee会計", 1)] {
            assert_eq!(ids(words).len(), found, "{words}: {:?}", ids(words));
        }
    }
}
