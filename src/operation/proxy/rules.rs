//! Who may come through, and with what. Everything on this machine can knock at the port: programs of other users,
//! and any page in a browser whose name server points its name here. So a call must carry the proxy's own token and
//! name the port's own address, letter for letter; and its path may not climb out of what was allowed.

use std::borrow::Cow;

use http::header::{AUTHORIZATION, CONTENT_LENGTH, HOST, HeaderName, ORIGIN, UPGRADE};
use http::uri::PathAndQuery;
use subtle::ConstantTimeEq as _;

use crate::base::{Secret, Text};
use crate::port::Head;
use crate::port::gateway::LONGEST_BODY;

/// What may come through.
#[derive(Debug)]
pub struct Rules {
    /// The address at which the port was opened, as `Host` must say it.
    pub host: String,
    /// What every call must carry.
    pub token: Secret,
    /// The methods that may come through; all where none is named.
    pub methods: Vec<String>,
    /// The paths below which calls may go; all where none is named.
    pub paths: Vec<String>,
}

/// Why a call was turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turned {
    /// It is no call for a path, or asks for another protocol.
    Form,
    /// It names another host.
    Host,
    /// A page in a browser made it.
    Page,
    /// It does not carry the token.
    Token,
    /// Its method is not allowed.
    Method,
    /// Its path is not allowed.
    Path,
    /// There is more of it than can be taken.
    Size,
    /// Its head is longer than services take.
    Head,
}

/// The longest head that is passed on, in bytes.
const LONGEST_HEAD: usize = 32 * 1024;

impl Turned {
    /// The status and the sentence; `{host}` is the port's own address.
    #[must_use]
    pub const fn words(self) -> (u16, Text) {
        match self {
            Self::Form => (
                400,
                Text::new(
                    "Only calls for a path are passed on.",
                    "パスを指定したリクエストだけを中継します。",
                ),
            ),
            Self::Host => (
                421,
                Text::new(
                    "This call is for another host. Send it to http://{host}, with the header Host: {host}.",
                    "別のホスト宛てのリクエストです。http://{host} に、Host: {host} を付けて送ってください。",
                ),
            ),
            Self::Page => (
                403,
                Text::new(
                    "Calls of pages in a browser are not passed on.",
                    "ブラウザーのページからのリクエストは中継しません。",
                ),
            ),
            Self::Token => (
                401,
                Text::new(
                    "Send the token that conn proxy printed: Authorization: Bearer …",
                    "conn proxy が出力したトークンを Authorization: Bearer … で送ってください。",
                ),
            ),
            Self::Method => (405, Text::new("This method is not passed on.", "このメソッドは中継しません。")),
            Self::Path => (403, Text::new("This path is not passed on.", "このパスは中継しません。")),
            Self::Head => (
                431,
                Text::new("The headers of this call are too long.", "リクエストのヘッダーが長すぎます。"),
            ),
            Self::Size => (
                413,
                Text::new(
                    "This call is too large, or no HTTP.",
                    "リクエストが大きすぎるか、HTTP ではありません。",
                ),
            ),
        }
    }
}

impl Rules {
    /// Lets a call in, or says why not.
    ///
    /// # Errors
    /// Why not.
    pub fn judge(&self, head: &Head) -> Result<(), Turned> {
        let headers = head.headers.iter().map(|(name, value)| name.as_str().len() + value.len());
        let target = head.uri.path_and_query().map_or("", PathAndQuery::as_str);
        if headers.sum::<usize>() + target.len() > LONGEST_HEAD {
            return Err(Turned::Head);
        }
        let mut hosts = all(head, HOST);
        if hosts.next() != Some(self.host.as_str()) || hosts.next().is_some() {
            return Err(Turned::Host);
        }
        let declared = all(head, CONTENT_LENGTH).next().map_or(Ok(0), str::parse::<usize>);
        if declared.map_or(true, |length| length > LONGEST_BODY) {
            return Err(Turned::Size);
        }
        let elsewhere = head.uri.scheme().is_some() || head.uri.authority().is_some();
        if elsewhere || !target.starts_with('/') || head.headers.contains_key(UPGRADE) {
            return Err(Turned::Form);
        }
        let site = head.headers.get_all("sec-fetch-site").iter().any(|site| site != "none");
        if site || head.headers.contains_key(ORIGIN) {
            return Err(Turned::Page);
        }
        if !self.carries_token(head) {
            return Err(Turned::Token);
        }
        // TRACE would send the credential back to whoever asked.
        let never = ["TRACE", "TRACK", "CONNECT"].contains(&head.method.as_str());
        if never
            || !(self.methods.is_empty() || self.methods.iter().any(|method| head.method == method.as_str()))
        {
            return Err(Turned::Method);
        }
        let path = head.uri.path();
        let below = |prefix: &String| {
            let rest = path.strip_prefix(prefix.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if climbs(path) || !(self.paths.is_empty() || self.paths.iter().any(below)) {
            return Err(Turned::Path);
        }
        Ok(())
    }

    fn carries_token(&self, head: &Head) -> bool {
        let mut sent = all(head, AUTHORIZATION);
        let (first, second) = (sent.next(), sent.next());
        let token = first
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let right = token
            .is_some_and(|(_, token)| token.trim().as_bytes().ct_eq(self.token.expose().as_bytes()).into());
        right && second.is_none()
    }
}

/// Every value of a header.
fn all(head: &Head, name: HeaderName) -> impl Iterator<Item = &str> {
    head.headers.get_all(name).into_iter().map(|value| value.to_str().unwrap_or_default())
}

/// Whether a path could lead above itself for any reader of it: one that decodes once more than another, takes a
/// backslash for a slash, or drops what follows a semicolon.
fn climbs(path: &str) -> bool {
    if path.starts_with("//") {
        return true;
    }
    let mut text = Cow::Borrowed(path);
    // Most paths hold nothing that could be read in two ways.
    if path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_~:@,=".contains(&byte)) {
        return false;
    }
    // Four layers are more than anybody writes in earnest.
    for _ in 0..4 {
        let mut segments =
            text.split(['/', '\\']).map(|segment| segment.split(';').next().unwrap_or_default());
        if segments.any(|segment| matches!(segment.trim(), "." | "..")) || text.chars().any(char::is_control)
        {
            return true;
        }
        let decoded = match percent_encoding::percent_decode_str(&text).decode_utf8_lossy() {
            Cow::Borrowed(_) => return false,
            Cow::Owned(decoded) => decoded,
        };
        text = Cow::Owned(decoded);
    }
    true
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::{Rules, Turned};
    use crate::base::Secret;
    use crate::port::Head;

    const TOKEN: &str = "the-token-of-this-proxy";

    fn rules(methods: &[&str], paths: &[&str]) -> Rules {
        let words = |list: &[&str]| list.iter().map(|&word| word.to_owned()).collect();
        Rules {
            host: "127.0.0.1:4000".into(),
            token: Secret::new(TOKEN.into()),
            methods: words(methods),
            paths: words(paths),
        }
    }

    fn head(method: &str, target: &str, headers: &[(&str, &str)]) -> Head {
        let call = Request::builder().method(method).uri(target);
        let call = headers.iter().fold(call, |call, (name, value)| call.header(*name, *value));
        call.body(()).unwrap().into_parts().0
    }

    fn own(method: &str, target: &str) -> Head {
        let bearer = format!("Bearer {TOKEN}");
        head(method, target, &[("host", "127.0.0.1:4000"), ("authorization", &bearer)])
    }

    #[test]
    fn only_the_own_address_and_the_own_token_come_through() {
        let bearer = format!("Bearer {TOKEN}");
        let address = ("host", "127.0.0.1:4000");
        let sent = ("authorization", bearer.as_str());
        for (headers, expected) in [
            (vec![address, sent], Ok(())),
            (vec![sent], Err(Turned::Host)),
            (vec![("host", "localhost:4000"), sent], Err(Turned::Host)),
            (vec![("host", "127.0.0.1"), sent], Err(Turned::Host)),
            (vec![("host", "127.0.0.1:4000.evil.example"), sent], Err(Turned::Host)),
            (vec![address, address, sent], Err(Turned::Host)),
            (vec![address], Err(Turned::Token)),
            (vec![address, ("authorization", TOKEN)], Err(Turned::Token)),
            (vec![address, ("authorization", "Bearer the-token-of-this-prox")], Err(Turned::Token)),
            (vec![address, ("authorization", "Bearer ")], Err(Turned::Token)),
            (vec![address, sent, sent], Err(Turned::Token)),
            (vec![address, sent, ("origin", "http://127.0.0.1:4000")], Err(Turned::Page)),
            (vec![address, sent, ("origin", "null")], Err(Turned::Page)),
            (vec![address, sent, ("sec-fetch-site", "cross-site")], Err(Turned::Page)),
            (vec![address, sent, ("upgrade", "websocket")], Err(Turned::Form)),
        ] {
            assert_eq!(rules(&[], &[]).judge(&head("GET", "/", &headers)), expected, "{headers:?}");
        }
    }

    #[test]
    fn a_target_that_is_no_path_and_a_method_that_echoes_do_not_come_through() {
        for (method, target, expected) in [
            ("GET", "http://127.0.0.1:4000/", Err(Turned::Form)),
            ("GET", "https://evil.example/", Err(Turned::Form)),
            ("OPTIONS", "*", Err(Turned::Form)),
            ("CONNECT", "evil.example:443", Err(Turned::Form)),
            ("TRACE", "/", Err(Turned::Method)),
            ("DELETE", "/", Ok(())),
        ] {
            assert_eq!(rules(&[], &[]).judge(&own(method, target)), expected, "{method} {target}");
        }
        assert_eq!(rules(&["GET"], &[]).judge(&own("DELETE", "/")), Err(Turned::Method));
        assert_eq!(rules(&["GET"], &[]).judge(&own("GET", "/")), Ok(()));
    }

    #[test]
    fn no_path_climbs_out_of_what_is_allowed() {
        let rules = rules(&[], &["/v1/contacts", "/v2/"]);
        for path in ["/v1/contacts", "/v1/contacts/1?x=/../y", "/v2/a%2Fb", "/v2", "/v2/...", "/v2/a;b=1"] {
            assert_eq!(rules.judge(&own("GET", path)), Ok(()), "{path}");
        }
        for path in [
            "/",
            "/v1",
            "/v1/contacts2",
            "/V1/contacts",
            "/v1/contacts/../admin",
            "/v1/contacts/..",
            "/v1/contacts/%2e%2e/admin",
            "/v1/contacts/.%2E/admin",
            "/v1/contacts/%252e%252e/admin",
            "/v1/contacts/..%2fadmin",
            "/v1/contacts/..\\admin",
            "/v1/contacts/..%5cadmin",
            "/v1/contacts/..;/admin",
            "/v1/contacts/%2e%2e%3b/admin",
            "/v1/contacts/%00",
            "//v1/contacts",
            "/v1/contacts/%25252525252e",
        ] {
            assert_eq!(rules.judge(&own("GET", path)), Err(Turned::Path), "{path}");
        }
    }
}
