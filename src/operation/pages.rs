//! Reading all pages of a list: what an answer holds, where the next page is, and when to stop. Pure.

use std::collections::BTreeSet;

use serde_json::Value;
use url::Url;

use super::Failure;
use crate::base::{Response, Text, link, pointer, raw_json, safe_text};

/// How a list goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paging {
    /// The JSON pointer of the items; found by itself where nothing is said.
    pub items: Option<String>,
    /// How the next page is found.
    pub next: Next,
    /// The most pages that are read.
    pub most: u32,
}

/// How the next page is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Next {
    /// By the `Link` header (RFC 8288).
    #[default]
    Link,
    /// By an address at this JSON pointer.
    Address(String),
    /// By a cursor at this JSON pointer, that the query parameter of this name takes.
    Cursor(String, String),
    /// By this query parameter, which counts pages, until one is empty.
    Page(String),
    /// By this query parameter, which counts items, until a page is empty.
    Offset(String),
}

/// The pages that were read.
#[derive(Debug)]
pub struct Pages {
    paging: Paging,
    /// How many.
    pub count: u32,
    /// The items on them.
    pub items: usize,
    seen: BTreeSet<String>,
    first: Option<Url>,
}

/// One page.
#[derive(Debug)]
pub struct Page {
    /// What stands on it, each item as it was written.
    pub items: Vec<String>,
    /// Where the next one is; none where it is the last.
    pub next: Option<Url>,
}

impl Pages {
    /// No page yet.
    #[must_use]
    pub fn new(paging: Paging) -> Self {
        Self { paging, count: 0, items: 0, seen: BTreeSet::new(), first: None }
    }

    /// Whether no further page may be read.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.count >= self.paging.most
    }

    /// Reads the answer to a request for a page at this address. `secret` are the query parameters that signing adds.
    ///
    /// # Errors
    /// When it holds no list, or leads in a circle.
    pub fn read(&mut self, at: &Url, response: &Response, secret: &[&str]) -> Result<Page, Failure> {
        const CIRCLE: Text = Text::new(
            "The service leads in a circle: page {page} is followed by one that was read already.",
            "ページが循環しています: {page} ページ目の次として、取得済みのページが示されました。",
        );
        self.count += 1;
        self.seen.insert(at.to_string());
        self.first.get_or_insert_with(|| at.clone());
        let text = std::str::from_utf8(&response.body).map_err(|_| self.no_list(&[]))?;
        let body: Value = serde_json::from_str(text).map_err(|_| self.no_list(&[]))?;
        let items = self.list(&body, text)?;
        self.items += items.len();
        let next = self.next(at, response, &body, items.is_empty())?.map(|next| without(&next, secret));
        if next.as_ref().is_some_and(|next| self.seen.contains(next.as_str())) {
            return Err(Failure::usage(CIRCLE.fill(&[("page", &self.count.to_string())]), None));
        }
        Ok(Page { items, next })
    }

    /// The items of a page: at the pointer, else the body itself, else its only array.
    fn list(&self, body: &Value, text: &str) -> Result<Vec<String>, Failure> {
        let own = |pointer: &str| {
            let list = raw_json::at(text, pointer).and_then(raw_json::elements);
            list.ok_or_else(|| self.no_list(&[]))
        };
        if let Some(pointer) = &self.paging.items {
            let left_out = body.pointer(pointer).is_none_or(Value::is_null);
            // A last page may leave the list out.
            return if left_out && self.count > 1 { Ok(Vec::new()) } else { own(pointer) };
        }
        let Some(fields) = body.as_object() else { return own("") };
        let lists: Vec<&str> =
            fields.iter().filter(|(_, value)| value.is_array()).map(|(name, _)| name.as_str()).collect();
        match lists.as_slice() {
            [name] => own(&format!("/{}", name.replace('~', "~0").replace('/', "~1"))),
            several => Err(self.no_list(several)),
        }
    }

    fn no_list(&self, several: &[&str]) -> Failure {
        const NONE: Text =
            Text::new("Page {page} holds no JSON list.", "{page} ページ目に JSON の配列が見つかりません。");
        const SEVERAL: Text = Text::new(
            "Page {page} holds several lists: {names}.",
            "{page} ページ目に配列が複数あります: {names}",
        );
        const SAY: Text = Text::new(
            "Say which with a JSON pointer: --items /data",
            "どの配列かを JSON ポインターで指定してください: --items /data",
        );
        let names = several.iter().take(8).map(|name| format!("/{}", safe_text::line(name, 40)));
        let names = names.collect::<Vec<_>>().join(", ");
        let text = if several.is_empty() { NONE } else { SEVERAL };
        let values = [("page", &*self.count.max(1).to_string()), ("names", &*names)];
        Failure::usage(text.fill(&values), Some(SAY.into()))
    }

    fn next(&self, at: &Url, response: &Response, body: &Value, empty: bool) -> Result<Option<Url>, Failure> {
        match &self.paging.next {
            Next::Link => {
                let mut headers =
                    response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("link"));
                let found = headers.find_map(|(_, value)| link::target(value, "next"));
                found.map(|target| joined(at, &target)).transpose()
            }
            Next::Address(pointer) => {
                pointer::text(body, pointer).map(|target| joined(at, &target)).transpose()
            }
            Next::Cursor(pointer, name) => {
                // `false` and the like say that there is no further page.
                let cursor = pointer::text(body, pointer).filter(|cursor| cursor != "false");
                Ok(cursor.map(|cursor| with(at, name, &cursor)))
            }
            Next::Page(_) | Next::Offset(_) if empty => Ok(None),
            Next::Page(name) => {
                let page = number(at, name).unwrap_or(1) + 1;
                Ok(Some(with(at, name, &page.to_string())))
            }
            Next::Offset(name) => Ok(Some(with(at, name, &self.offset(name).to_string()))),
        }
    }

    /// Where the next page begins: counted from where the first one did.
    fn offset(&self, name: &str) -> u64 {
        let begun = self.first.as_ref().and_then(|first| number(first, name)).unwrap_or(0);
        begun + self.items as u64
    }
}

/// The address that a service names, without a log-in or a fragment in it.
fn joined(at: &Url, target: &str) -> Result<Url, Failure> {
    const ADDRESS: Text = Text::new(
        "What the service names as the next page is no address: {target}",
        "サービスが示した次のページは、アドレスとして解釈できません: {target}",
    );
    let refused = || Failure::usage(ADDRESS.fill(&[("target", &safe_text::line(target, 120))]), None);
    let mut next = at.join(target).map_err(|_| refused())?;
    next.set_fragment(None);
    // An address of http has a place for both.
    next.set_username("").and_then(|()| next.set_password(None)).map_err(|()| refused())?;
    Ok(next)
}

/// The same address without these query parameters: a service that repeats the whole request repeats a key in it.
fn without(at: &Url, names: &[&str]) -> Url {
    if !at.query_pairs().any(|(key, _)| names.contains(&&*key)) {
        return at.clone();
    }
    kept(at, |key| !names.contains(&key))
}

fn kept(at: &Url, keep: impl Fn(&str) -> bool) -> Url {
    let pairs: Vec<(String, String)> = at
        .query_pairs()
        .filter(|(key, _)| keep(key))
        .map(|(key, value)| (key.into(), value.into()))
        .collect();
    let mut next = at.clone();
    next.set_query(None);
    if !pairs.is_empty() {
        next.query_pairs_mut().extend_pairs(pairs);
    }
    next
}

fn number(at: &Url, name: &str) -> Option<u64> {
    at.query_pairs().find(|(key, _)| key == name)?.1.parse().ok()
}

/// The same address with another value of one query parameter.
fn with(at: &Url, name: &str, value: &str) -> Url {
    let mut next = kept(at, |key| key != name);
    next.query_pairs_mut().append_pair(name, value);
    next
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{Next, Pages, Paging};
    use crate::base::{Language, Response};

    /// What is said of these pages, read one after the other.
    fn walk(items: Option<&str>, next: Next, from: &str, answers: &[(&str, &str)]) -> Vec<String> {
        let paging = Paging { items: items.map(str::to_owned), next, most: 10 };
        let mut pages = Pages::new(paging);
        let mut at: Url = from.parse().unwrap();
        let mut said = Vec::new();
        for (link, body) in answers {
            let headers =
                if link.is_empty() { vec![] } else { vec![("link".to_owned(), (*link).to_owned())] };
            let response = Response {
                status: 200,
                headers,
                body: body.as_bytes().to_vec(),
                truncated: false,
                version: "HTTP/1.1".into(),
                peer: None,
            };
            match pages.read(&at, &response, &["key"]) {
                Ok(page) => {
                    let next = page.next.as_ref().map_or("-", |next| next.as_str());
                    said.push(format!("{} {next}", page.items.len()));
                    let Some(next) = page.next else { break };
                    at = next;
                }
                Err(failure) => {
                    said.push(failure.message(Language::En));
                    break;
                }
            }
        }
        said
    }

    const BASE: &str = "https://api.test/v1/list?limit=2";

    #[test]
    fn each_way_to_the_next_page_is_followed_to_the_last() {
        let link = "<https://x:y@api.test/v1/list?key=k&page=2#top>; rel=\"next\"";
        assert_eq!(
            walk(None, Next::Link, BASE, &[(link, "[1,2]"), ("", "[3]")]),
            ["2 https://api.test/v1/list?page=2", "1 -"]
        );
        let address = Next::Address("/next".into());
        let answers = [("", r#"{"data":[1],"next":"/v1/more?x=1"}"#), ("", r#"{"data":[2],"next":null}"#)];
        assert_eq!(walk(None, address, BASE, &answers), ["1 https://api.test/v1/more?x=1", "1 -"]);
        let cursor = Next::Cursor("/paging/after".into(), "after".into());
        let answers = [("", r#"{"results":[1],"paging":{"after":"a&b"}}"#), ("", r#"{"results":[]}"#)];
        let told = walk(Some("/results"), cursor, BASE, &answers);
        assert_eq!(told, ["1 https://api.test/v1/list?limit=2&after=a%26b", "0 -"]);
        let answers = [("", "[1,2]"), ("", "[3]"), ("", "[]")];
        assert_eq!(
            walk(None, Next::Page("page".into()), BASE, &answers),
            ["2 https://api.test/v1/list?limit=2&page=2", "1 https://api.test/v1/list?limit=2&page=3", "0 -"]
        );
        assert_eq!(
            walk(None, Next::Offset("skip".into()), BASE, &answers),
            ["2 https://api.test/v1/list?limit=2&skip=2", "1 https://api.test/v1/list?limit=2&skip=3", "0 -"]
        );
        let later = "https://api.test/v1/list?skip=10";
        assert_eq!(
            walk(None, Next::Offset("skip".into()), later, &answers[..2]),
            ["2 https://api.test/v1/list?skip=12", "1 https://api.test/v1/list?skip=13"]
        );
    }

    #[test]
    fn what_is_no_list_and_what_leads_in_a_circle_is_refused() {
        let own = format!("<{BASE}>; rel=next");
        let circle = walk(None, Next::Link, BASE, &[(&own, "[1]")]);
        assert!(circle[0].contains("circle"), "{circle:?}");
        for (body, said) in [
            (r#"{"a":[1],"b":[2]}"#, "several lists: /a, /b"),
            (r#"{"a":1}"#, "Page 1 holds no JSON list"),
            ("7", "Page 1 holds no JSON list"),
            ("<html>", "Page 1 holds no JSON list"),
        ] {
            let told = walk(None, Next::Link, BASE, &[("", body)]);
            assert!(told[0].contains(said), "{told:?}");
        }
        let lost = walk(Some("/rows"), Next::Link, BASE, &[("", r#"{"a":[1]}"#)]);
        assert!(lost[0].contains("no JSON list"), "{lost:?}");
        let broken =
            walk(None, Next::Address("/next".into()), BASE, &[("", r#"{"a":[1],"next":"http://["}"#)]);
        assert!(broken[0].contains("no address"), "{broken:?}");
    }
}
