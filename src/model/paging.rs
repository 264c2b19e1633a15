//! How the lists of a service go on from page to page.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::OneOrMany;
use crate::base::Phrase;

/// How the lists of a service go on from page to page: `next`, `last`, `page` or `offset`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Paging {
    /// Where the vendor says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Option<Phrase>,
    /// Where the items stand: a JSON pointer; found by itself where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<String>,
    /// Where the next page is named: `link` for the `Link` header (RFC 8288), else JSON pointers of its address or,
    /// with `cursor`, of its cursor; the first that is there counts.
    #[serde(skip_serializing_if = "OneOrMany::is_empty")]
    pub next: OneOrMany<String>,
    /// In place of `next`: where in the last item of a page the value stands that `cursor` takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// The query parameter that takes the cursor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// In place of `next`: the query parameter that counts pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// In place of `next`: the query parameter that counts items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<String>,
    /// Where the service says whether there is a further page: a JSON pointer. `false` ends the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more: Option<String>,
}

impl Paging {
    /// Whether it says exactly one way to the next page, and all that this way needs.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let named = !self.next.is_empty();
        let ways = [named, self.last.is_some(), self.page.is_some(), self.offset.is_some()];
        let link = self.next.iter().any(|way| way == "link");
        let pointers = self.next.iter().chain(&self.items).chain(&self.last).chain(&self.more);
        let cursor = self.cursor.is_some();
        ways.iter().filter(|way| **way).count() == 1
            && (!link || self.next.iter().count() == 1)
            && (!cursor || self.last.is_some() || named && !link)
            && (cursor || self.last.is_none())
            && pointers.filter(|pointer| *pointer != "link").all(|pointer| pointer.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::Paging;

    #[test]
    fn one_way_with_all_that_it_needs_is_whole() {
        let cases = [
            ("next = 'link'", true),
            ("next = ['/a', '/b']\nmore = '/more'", true),
            ("next = '/a'\ncursor = 'after'", true),
            ("last = '/id'\ncursor = 'after'", true),
            ("page = 'page'\nitems = '/data'", true),
            ("offset = 'offset'", true),
            ("", false),
            ("items = '/data'", false),
            ("next = 'link'\npage = 'page'", false),
            ("next = ['link', '/a']", false),
            ("next = 'link'\ncursor = 'after'", false),
            ("last = '/id'", false),
            ("page = 'page'\ncursor = 'after'", false),
            ("next = 'a'", false),
            ("page = 'page'\nmore = 'more'", false),
        ];
        for (text, whole) in cases {
            assert_eq!(toml::from_str::<Paging>(text).unwrap().is_whole(), whole, "{text}");
        }
    }
}
