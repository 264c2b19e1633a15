//! Reading all pages of a list: what an answer holds, where the next page is, and when to stop. Pure.

use std::collections::BTreeSet;

use serde_json::Value;
use url::Url;

use super::Failure;
use super::paging::{Next, Paging};
use crate::base::{Response, Text, link, pointer, raw_json, safe_text};

/// The pages that were read.
#[derive(Debug)]
pub struct Pages {
    paging: Paging,
    /// What stood on the page before.
    before: Vec<String>,
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
        let before = Vec::new();
        Self { paging, before, count: 0, items: 0, seen: BTreeSet::new(), first: None }
    }

    /// Whether nothing says how the service pages, and no answer did.
    #[must_use]
    pub fn is_guessed(&self) -> bool {
        self.paging.next.is_none() && self.count == 1
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
        self.refuse_the_same(&items)?;
        self.items += items.len();
        let over =
            self.paging.more.as_deref().is_some_and(|more| body.pointer(more) == Some(&Value::Bool(false)));
        let next = if over { None } else { self.next(at, response, &body, &items)? };
        let next = next.map(|next| without(&next, secret));
        if next.as_ref().is_some_and(|next| self.seen.contains(next.as_str())) {
            return Err(Failure::usage(CIRCLE.fill(&[("page", &self.count.to_string())]), None));
        }
        self.before.clone_from(&items);
        Ok(Page { items, next })
    }

    /// A service that does not know the parameter gives the same page for ever.
    fn refuse_the_same(&self, items: &[String]) -> Result<(), Failure> {
        const SAME: Text = Text::new(
            "Page {page} holds the same items as the one before: the service does not heed {parameter} here.",
            "{page} ページ目の内容が前のページと同じです。この API は {parameter} に対応していません。",
        );
        const WAY: Text = Text::new(
            "Look up how this list pages and say so (--next, --page, --offset), or leave --all-pages out.",
            "この一覧のページ送りの方法を確認して --next、--page、--offset で指定するか、--all-pages を外してください。",
        );
        let (Some(Next::Page(name) | Next::Offset(name)), false) = (&self.paging.next, items.is_empty())
        else {
            return Ok(());
        };
        if items != self.before {
            return Ok(());
        }
        let values = [("page", &*self.count.to_string()), ("parameter", name.as_str())];
        Err(Failure::usage(SAME.fill(&values), Some(WAY.into())))
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

    fn next(
        &self,
        at: &Url,
        response: &Response,
        body: &Value,
        items: &[String],
    ) -> Result<Option<Url>, Failure> {
        let first = |pointers: &[String]| pointers.iter().find_map(|pointer| pointer::text(body, pointer));
        match &self.paging.next {
            None | Some(Next::Link) => {
                let mut headers =
                    response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("link"));
                let found = headers.find_map(|(_, value)| link::target(value, "next"));
                found.map(|target| joined(at, &target)).transpose()
            }
            Some(Next::Address(pointers)) => match first(pointers) {
                Some(target) if !target.contains(['/', '?', '.']) => Err(self.no_address(pointers, &target)),
                target => target.map(|target| joined(at, &target)).transpose(),
            },
            Some(Next::Cursor(pointers, name)) => {
                // `false` and the like say that there is no further page.
                let cursor = first(pointers).filter(|cursor| cursor != "false");
                Ok(cursor.map(|cursor| with(at, name, &cursor)))
            }
            Some(_) if items.is_empty() => Ok(None),
            Some(Next::Last(pointer, name)) => {
                let last = items.last().and_then(|item| serde_json::from_str(item).ok());
                let last = last.and_then(|item: Value| pointer::text(&item, pointer));
                Ok(last.map(|last| with(at, name, &last)))
            }
            Some(Next::Page(name)) => {
                let page = number(at, name).unwrap_or(1) + 1;
                Ok(Some(with(at, name, &page.to_string())))
            }
            Some(Next::Offset(name)) => Ok(Some(with(at, name, &self.offset(name).to_string()))),
        }
    }

    /// What stands there is a number or a cursor: as a path it would lead to a page that does not exist.
    fn no_address(&self, pointers: &[String], target: &str) -> Failure {
        const ADDRESS: Text = Text::new(
            "{pointer} of page {page} holds {target}, which is no address.",
            "{page} ページ目の {pointer} の値 {target} は、アドレスではありません。",
        );
        const PARAMETER: Text = Text::new(
            "Name the query parameter that takes it: --cursor NAME",
            "この値を渡すクエリーパラメーターを --cursor 名前 で指定してください。",
        );
        let values = [
            ("pointer", &*pointers.join(", ")),
            ("page", &*self.count.to_string()),
            ("target", &*safe_text::line(target, 60)),
        ];
        Failure::usage(ADDRESS.fill(&values), Some(PARAMETER.into()))
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

    use super::Pages;
    use crate::base::{Language, Response};
    use crate::operation::paging::{Next, Paging};

    /// What is said of these pages, read one after the other.
    fn walk(items: Option<&str>, next: Next, from: &str, answers: &[(&str, &str)]) -> Vec<String> {
        let paging = Paging { items: items.map(str::to_owned), next: Some(next), more: None, most: 10 };
        said(Pages::new(paging), from, answers)
    }

    /// The same, as a definition declares it.
    fn declared(toml: &str, from: &str, answers: &[(&str, &str)]) -> Vec<String> {
        let declared: crate::model::Paging = toml::from_str(toml).unwrap();
        let asked = Paging { most: 10, ..Paging::default() };
        said(Pages::new(asked.or(Some(&declared))), from, answers)
    }

    fn said(mut pages: Pages, from: &str, answers: &[(&str, &str)]) -> Vec<String> {
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
        let address = Next::Address(vec!["/next".into()]);
        let answers = [("", r#"{"data":[1],"next":"/v1/more?x=1"}"#), ("", r#"{"data":[2],"next":null}"#)];
        assert_eq!(walk(None, address, BASE, &answers), ["1 https://api.test/v1/more?x=1", "1 -"]);
        let cursor = Next::Cursor(vec!["/paging/after".into()], "after".into());
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
    fn what_a_definition_declares_is_followed_and_ends_where_the_service_says_so() {
        let more = |id: u32, more: bool| format!(r#"{{"data":[{{"id":"x{id}"}}],"has_more":{more}}}"#);
        let stripe = "last = '/id'\ncursor = 'starting_after'\nmore = '/has_more'";
        assert_eq!(
            declared(stripe, BASE, &[("", &more(1, true)), ("", &more(2, false))]),
            ["1 https://api.test/v1/list?limit=2&starting_after=x1", "1 -"]
        );
        let either = "next = ['/links/next', '/next_page']\nmore = '/meta/has_more'";
        let cursor = r#"{"tickets":[1],"meta":{"has_more":true},"links":{"next":"/c?after=1"}}"#;
        let end = r#"{"tickets":[2],"meta":{"has_more":false},"links":{"next":"/c?after=2"}}"#;
        assert_eq!(
            declared(either, BASE, &[("", cursor), ("", end)]),
            ["1 https://api.test/c?after=1", "1 -"]
        );
        let old = r#"{"tickets":[1],"next_page":"https://api.test/v1/list?page=2"}"#;
        let answers = [("", old), ("", r#"{"tickets":[2],"next_page":null}"#)];
        assert_eq!(declared(either, BASE, &answers), ["1 https://api.test/v1/list?page=2", "1 -"]);
        assert_eq!(declared("next = 'link'", BASE, &[("", "[1]")]), ["1 -"]);
    }

    #[test]
    fn a_service_that_does_not_heed_the_parameter_is_found_out() {
        let told = walk(None, Next::Offset("skip".into()), BASE, &[("", "[1,2]"), ("", "[1,2]")]);
        assert!(told[1].contains("does not heed skip"), "{told:?}");
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
            walk(None, Next::Address(vec!["/next".into()]), BASE, &[("", r#"{"a":[1],"next":"http://["}"#)]);
        assert!(broken[0].contains("no address"), "{broken:?}");
        for next in ["2", r#""dXNlcjoy""#] {
            let body = format!(r#"{{"a":[1],"next":{next}}}"#);
            let number = walk(None, Next::Address(vec!["/next".into()]), BASE, &[("", &body)]);
            assert!(number[0].contains("/next of page 1 holds"), "{number:?}");
        }
    }
}
