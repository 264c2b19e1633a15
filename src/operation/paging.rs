//! How a list of a service goes on: what was asked for, completed by what the definition declares. Pure.

use crate::model;

/// How a list goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paging {
    /// The JSON pointer of the items; found by itself where nothing is said.
    pub items: Option<String>,
    /// How the next page is found; as the definition says, else by the `Link` header, where nothing is said.
    pub next: Option<Next>,
    /// Where the service says whether there is a further page.
    pub more: Option<String>,
    /// The most pages that are read.
    pub most: u32,
}

impl Paging {
    /// What was asked for, completed by what the definition of the service says. Whoever says how the next page is
    /// found says all of it.
    #[must_use]
    pub fn or(self, declared: Option<&model::Paging>) -> Self {
        let Some(declared) = declared.filter(|_| self.next.is_none()) else { return self };
        Self {
            items: self.items.or_else(|| declared.items.clone()),
            next: Next::declared(declared),
            more: declared.more.clone(),
            most: self.most,
        }
    }
}

/// How the next page is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// By the `Link` header (RFC 8288).
    Link,
    /// By an address at the first of these JSON pointers that holds one.
    Address(Vec<String>),
    /// By a cursor at the first of these JSON pointers, that the query parameter of this name takes.
    Cursor(Vec<String>, String),
    /// By what stands at this JSON pointer of the last item, that the query parameter of this name takes.
    Last(String, String),
    /// By this query parameter, which counts pages, until one is empty.
    Page(String),
    /// By this query parameter, which counts items, until a page is empty.
    Offset(String),
}

impl Next {
    /// The way that a definition declares.
    #[must_use]
    pub fn declared(paging: &model::Paging) -> Option<Self> {
        let pointers = || paging.next.iter().cloned().collect::<Vec<_>>();
        match (&paging.last, &paging.cursor, &paging.page, &paging.offset) {
            (Some(last), Some(cursor), ..) => Some(Self::Last(last.clone(), cursor.clone())),
            (_, _, Some(page), _) => Some(Self::Page(page.clone())),
            (_, _, _, Some(offset)) => Some(Self::Offset(offset.clone())),
            _ if paging.next.is_empty() => None,
            _ if paging.next.iter().any(|way| way == "link") => Some(Self::Link),
            (_, Some(cursor), ..) => Some(Self::Cursor(pointers(), cursor.clone())),
            _ => Some(Self::Address(pointers())),
        }
    }
}
