//! Which requests are heard: a pure decision over the head of a request.

use hyper::header::{CONTENT_TYPE, HOST};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};

use crate::port::doorway::DoorwayWish;

/// The longest target of a request, in bytes.
const LONGEST_TARGET: usize = 16 * 1024;

/// What an open door goes by.
pub(super) struct Rules {
    /// What may stand in `Host`.
    authorities: Vec<String>,
    /// Where callbacks come to.
    path: String,
    /// Where the browser waits for the end.
    pub(super) clean_path: String,
    form_post: bool,
}

/// What a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// A callback with its parameters in the query.
    Query,
    /// A callback with its parameters in the body.
    Form,
    /// The browser that came back waits for the end.
    Clean,
    /// A method that is not answered here; these are.
    Method(&'static str),
    /// Nothing that is waited for.
    Refused(StatusCode),
}

impl Rules {
    pub(super) fn new(name: &str, port: u16, wish: &DoorwayWish) -> Self {
        let mut authorities = vec![format!("{name}:{port}")];
        // A browser leaves the usual port out.
        if port == if wish.https { 443 } else { 80 } {
            authorities.push(name.to_owned());
        }
        let clean_path = format!("{}/done", wish.path.trim_end_matches('/'));
        Self { authorities, path: wish.path.clone(), clean_path, form_post: wish.form_post }
    }

    /// What a request is. The host comes first: under another name (DNS rebinding) nothing is told, not even
    /// which paths there are.
    pub(super) fn sort(&self, head: &Parts) -> Sort {
        if head.uri.path_and_query().is_some_and(|target| target.as_str().len() > LONGEST_TARGET) {
            return Sort::Refused(StatusCode::URI_TOO_LONG);
        }
        if !self.is_for_us(head) {
            return Sort::Refused(StatusCode::BAD_REQUEST);
        }
        let allowed = match head.uri.path() {
            path if path == self.clean_path => "GET",
            path if path == self.path && self.form_post => "GET, POST",
            path if path == self.path => "GET",
            _ => return Sort::Refused(StatusCode::NOT_FOUND),
        };
        match head.method {
            Method::GET if head.uri.path() == self.clean_path => Sort::Clean,
            Method::GET => Sort::Query,
            Method::POST if allowed != "GET" && is_form(head) => Sort::Form,
            Method::POST if allowed != "GET" => Sort::Refused(StatusCode::UNSUPPORTED_MEDIA_TYPE),
            _ => Sort::Method(allowed),
        }
    }

    fn is_for_us(&self, head: &Parts) -> bool {
        let known = |given: &str| self.authorities.iter().any(|own| own.eq_ignore_ascii_case(given));
        let mut hosts = head.headers.get_all(HOST).iter();
        let first = hosts.next().and_then(|host| host.to_str().ok());
        first.is_some_and(known)
            && hosts.next().is_none()
            && head.uri.authority().is_none_or(|authority| known(authority.as_str()))
    }
}

fn is_form(head: &Parts) -> bool {
    let kind = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

#[cfg(test)]
mod tests {
    use hyper::{Request, StatusCode};

    use super::{Rules, Sort};
    use crate::port::doorway::{DoorwayHost, DoorwayWish};

    fn rules(port: u16, form_post: bool) -> Rules {
        let wish = DoorwayWish {
            host: DoorwayHost::Address,
            port: None,
            path: "/callback".to_owned(),
            https: false,
            form_post,
        };
        Rules::new("127.0.0.1", port, &wish)
    }

    fn sort(rules: &Rules, method: &str, target: &str, host: &str) -> Sort {
        let request = Request::builder().method(method).uri(target).header("host", host);
        let kind = "Application/X-WWW-Form-Urlencoded; charset=utf-8";
        rules.sort(&request.header("content-type", kind).body(()).unwrap().into_parts().0)
    }

    #[test]
    fn a_request_is_heard_by_host_path_and_method() {
        const HOST: &str = "127.0.0.1:4000";
        let long = format!("/callback?state={}", "x".repeat(16 * 1024));
        let refused = |status: u16| Sort::Refused(StatusCode::from_u16(status).unwrap());
        let cases = [
            ("GET", "/callback?code=1", HOST, Sort::Query),
            ("GET", "http://127.0.0.1:4000/callback?code=1", HOST, Sort::Query),
            ("GET", "http://evil.test/callback?code=1", HOST, refused(400)),
            ("GET", "/callback/done", HOST, Sort::Clean),
            ("GET", "/callback/", HOST, refused(404)),
            ("GET", "/favicon.ico", HOST, refused(404)),
            ("GET", "/", HOST, refused(404)),
            ("POST", "/callback?code=1", HOST, Sort::Method("GET")),
            ("HEAD", "/callback", HOST, Sort::Method("GET")),
            ("OPTIONS", "/callback", HOST, Sort::Method("GET")),
            ("DELETE", "/callback/done", HOST, Sort::Method("GET")),
            ("GET", &long, HOST, refused(414)),
            ("GET", "/callback", "127.0.0.1", refused(400)),
            ("GET", "/callback", "127.0.0.1:4001", refused(400)),
            ("GET", "/callback", "localhost:4000", refused(400)),
            ("GET", "/callback", "evil.test", refused(400)),
            ("GET", "/callback", "", refused(400)),
        ];
        for (method, target, host, expected) in cases {
            let shown = &target[..target.len().min(60)];
            assert_eq!(sort(&rules(4000, false), method, target, host), expected, "{method} {shown} {host}");
        }
        assert_eq!(sort(&rules(80, false), "GET", "/callback", "127.0.0.1"), Sort::Query);
        assert_eq!(sort(&rules(4000, true), "POST", "/callback", HOST), Sort::Form);
        assert_eq!(sort(&rules(4000, true), "PUT", "/callback", HOST), Sort::Method("GET, POST"));
        assert_eq!(sort(&rules(4000, true), "POST", "/callback/done", HOST), Sort::Method("GET"));
    }
}
