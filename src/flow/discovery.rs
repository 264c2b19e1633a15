//! Asking an authorization server what it publishes about itself: RFC 8414 and OpenID Connect Discovery, which
//! differ in where the document stands.

use serde_json::{Map, Value};
use url::Url;

use super::{Input, Metadata, Stop, decline, fields, issuer, terms};
use crate::base::{Header, Request, Response, Text, safe_text};

/// The longest document that is read, in bytes. The largest known ones have about ten thousand.
const MOST_BYTES: usize = 256 * 1024;

/// What has to happen next.
#[derive(Debug)]
pub enum Next {
    /// Send this request, without following redirects, and bring its answer.
    Send(Box<Request>),
    /// The document is there.
    Found(Box<Metadata>),
}

/// One search for the metadata of an issuer.
#[derive(Debug)]
pub struct Discovery {
    issuer: String,
    places: Vec<Url>,
    asked: usize,
}

impl Discovery {
    /// A search for the metadata of this issuer.
    ///
    /// # Errors
    /// When the issuer is no https address, or holds a query or a fragment (RFC 8414, section 2).
    pub fn of(issuer: &str) -> Result<Self, Stop> {
        let form = || Stop::new("CONN-CFG-HOST-FORM").value("value", issuer).value("host", issuer);
        let address = Url::parse(issuer).map_err(|_| form())?;
        if address.query().is_some() || address.fragment().is_some() {
            return Err(form());
        }
        Ok(Self { issuer: issuer.to_owned(), places: places(&terms::secure(address)?), asked: 0 })
    }

    /// Takes in what happened. The next place is asked where a document is not to be found.
    ///
    /// # Errors
    /// When no place holds a document, or one that must not be believed.
    pub fn advance(&mut self, input: &Input<'_>) -> Result<Next, Stop> {
        match input {
            Input::Answer(response) if (200..300).contains(&response.status) => {
                if let Some(document) = document(response)? {
                    return read(&self.issuer, &document).map(|metadata| Next::Found(Box::new(metadata)));
                }
            }
            // A server in trouble is not asked elsewhere: what stands there could be another's.
            Input::Answer(response) if response.status >= 500 || response.status == 429 => {
                return Err(decline::unusable(response, "issuer"));
            }
            Input::Lost => return Err(decline::lost()),
            _ => {}
        }
        let place = self.places.get(self.asked).ok_or_else(|| nowhere(&self.issuer))?;
        self.asked += 1;
        let mut request = Request::new("GET", place.clone());
        request.set_header(Header::plain("accept", "application/json"));
        Ok(Next::Send(Box::new(request)))
    }
}

/// Where the document may stand: before the path (RFC 8414, section 3), behind it (OpenID Connect Discovery,
/// section 4).
fn places(issuer: &Url) -> Vec<Url> {
    let path = issuer.path().trim_end_matches('/');
    let before = format!("/.well-known/oauth-authorization-server{path}");
    let behind = format!("{path}/.well-known/openid-configuration");
    [before, behind]
        .into_iter()
        .map(|path| {
            let mut place = issuer.clone();
            place.set_path(&path);
            place
        })
        .collect()
}

/// The document in an answer; `None` where a page says in its own way that there is nothing.
fn document(response: &Response) -> Result<Option<Map<String, Value>>, Stop> {
    if response.truncated || response.body.len() > MOST_BYTES {
        return Err(Stop::answered("CONN-BODY-TOO-LARGE").value("limit", &MOST_BYTES.to_string()));
    }
    Ok(fields::read(response).filter(|fields| fields.contains_key("issuer")))
}

/// Reads a document.
///
/// # Errors
/// When it names another issuer, or an address to which credentials must not travel.
pub(super) fn read(asked: &str, document: &Map<String, Value>) -> Result<Metadata, Stop> {
    const OTHER: Text = Text::new(
        "The document names another issuer: {named}, not {asked}",
        "メタデータの発行者が異なります: {asked} ではなく {named}",
    );
    let named = fields::required(document, "issuer")?;
    if !issuer::may_publish(asked, named) {
        let shown = [("named", &*safe_text::line(named, 120)), ("asked", asked)];
        return Err(Stop::answered("CONN-OAUTH-STATE").because(OTHER, &shown));
    }
    let texts = |name: &str| {
        let list = document.get(name).and_then(Value::as_array)?;
        Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>())
    };
    let is_true = |name: &str| document.get(name).and_then(Value::as_bool).unwrap_or_default();
    let none = Map::new();
    let aliases = document.get("mtls_endpoint_aliases").and_then(Value::as_object).unwrap_or(&none);
    Ok(Metadata {
        issuer: named.to_owned(),
        addresses: addresses(asked, document)?,
        mtls_addresses: addresses(asked, aliases)?,
        promises_issuer: is_true("authorization_response_iss_parameter_supported"),
        pkce_methods: texts("code_challenge_methods_supported"),
        dpop_algorithms: texts("dpop_signing_alg_values_supported").unwrap_or_default(),
        requires_pushed: is_true("require_pushed_authorization_requests"),
    })
}

/// Our name of an address, and that of the document.
pub(super) const NAMES: [(&str, &str); 7] = [
    ("authorize", "authorization_endpoint"),
    ("token", "token_endpoint"),
    ("device", "device_authorization_endpoint"),
    ("par", "pushed_authorization_request_endpoint"),
    ("revoke", "revocation_endpoint"),
    ("introspect", "introspection_endpoint"),
    ("register", "registration_endpoint"),
];

/// The addresses of a document. Some servers write them without scheme and host: they are the issuer's.
fn addresses(
    issuer: &str,
    document: &Map<String, Value>,
) -> Result<indexmap::IndexMap<&'static str, Url>, Stop> {
    let base = Url::parse(&format!("{}/", issuer.trim_end_matches('/'))).ok();
    let mut addresses = indexmap::IndexMap::new();
    for (name, field) in NAMES {
        let Some(written) = fields::text(document, field) else { continue };
        let address = Url::options().base_url(base.as_ref()).parse(written);
        let address = address.map_err(|_| fields::lacking(field))?;
        addresses.insert(name, terms::secure(address)?);
    }
    Ok(addresses)
}

fn nowhere(issuer: &str) -> Stop {
    const NOWHERE: Text = Text::new(
        "The issuer publishes no metadata at the two usual places.",
        "発行者のメタデータが、通常の 2 か所のどちらにもありません。",
    );
    Stop::answered("CONN-API-PATH").value("issuer", issuer).because(NOWHERE, &[])
}

#[cfg(test)]
mod tests {
    use super::{Discovery, Next};
    use crate::base::Response;
    use crate::flow::fixture::{answer, json};
    use crate::flow::{Input, Metadata};

    /// Asks until the end with these answers; the addresses that were asked, and what came of it.
    fn search(issuer: &str, answers: &[Response]) -> (Vec<String>, Result<Metadata, &'static str>) {
        let mut asked = Vec::new();
        let mut answers = answers.iter();
        let mut discovery = match Discovery::of(issuer) {
            Ok(discovery) => discovery,
            Err(stop) => return (asked, Err(stop.code)),
        };
        let mut input = Input::Start;
        loop {
            match discovery.advance(&input) {
                Ok(Next::Send(request)) => asked.push(request.url.to_string()),
                Ok(Next::Found(metadata)) => return (asked, Ok(*metadata)),
                Err(stop) => return (asked, Err(stop.code)),
            }
            input = answers.next().map_or(Input::Lost, Input::Answer);
        }
    }

    fn published(issuer: &str, rest: &str) -> Response {
        json(200, &format!(r#"{{"issuer":"{issuer}"{rest}}}"#))
    }

    #[test]
    fn the_document_is_looked_for_before_and_behind_the_path() {
        let gone = || json(404, "{}");
        for (issuer, places) in [
            (
                "https://as.test",
                [
                    "https://as.test/.well-known/oauth-authorization-server",
                    "https://as.test/.well-known/openid-configuration",
                ],
            ),
            (
                "https://as.test/t/1/",
                [
                    "https://as.test/.well-known/oauth-authorization-server/t/1",
                    "https://as.test/t/1/.well-known/openid-configuration",
                ],
            ),
        ] {
            let (asked, found) = search(issuer, &[gone(), gone()]);
            assert_eq!((asked, found), (places.map(str::to_owned).to_vec(), Err("CONN-API-PATH")));
            let (asked, found) = search(issuer, &[gone(), published(issuer, "")]);
            assert_eq!((asked.len(), found.unwrap().issuer.as_str()), (2, issuer));
        }
    }

    #[test]
    fn only_the_document_of_this_issuer_is_believed() {
        let shared = "https://login.microsoftonline.com";
        for (issuer, answers, expected) in [
            ("https://as.test", vec![published("https://as.test", "")], Ok(1)),
            ("https://as.test", vec![published("https://as.test/", "")], Err("CONN-OAUTH-STATE")),
            ("https://as.test/", vec![published("https://as.test", "")], Err("CONN-OAUTH-STATE")),
            ("https://as.test", vec![published("https://evil.test", "")], Err("CONN-OAUTH-STATE")),
            (
                &format!("{shared}/common/v2.0"),
                vec![json(404, ""), published(&format!("{shared}/{{tenantid}}/v2.0"), "")],
                Ok(2),
            ),
            (
                &format!("{shared}/contoso/v2.0"),
                vec![published(&format!("{shared}/{{tenantid}}/v2.0"), "")],
                Err("CONN-OAUTH-STATE"),
            ),
            (
                "https://as.test",
                vec![answer(200, "text/html", "<html>"), published("https://as.test", "")],
                Ok(2),
            ),
            ("https://as.test", vec![answer(503, "text/html", "")], Err("CONN-OAUTH-SERVER")),
            ("https://as.test", vec![], Err("CONN-NET-READ-TIMEOUT")),
            ("http://as.test", vec![], Err("CONN-CFG-HOST-INSECURE")),
            ("https://user@as.test", vec![], Err("CONN-CFG-HOST-FORM")),
            ("https://as.test?x=1", vec![], Err("CONN-CFG-HOST-FORM")),
            ("as.test", vec![], Err("CONN-CFG-HOST-FORM")),
        ] {
            let (asked, found) = search(issuer, &answers);
            assert_eq!(found.map(|_| asked.len()), expected, "{issuer} {answers:?}");
        }
        let huge = published("https://as.test", &format!(r#","x":"{}""#, "y".repeat(300_000)));
        assert_eq!(search("https://as.test", &[huge]).1, Err("CONN-BODY-TOO-LARGE"));
    }

    #[test]
    fn addresses_are_resolved_and_must_be_https() {
        let issuer = "https://as.test/t";
        for (field, written, name, expected) in [
            ("token_endpoint", "https://tokens.test/x", "token", Ok("https://tokens.test/x")),
            ("token_endpoint", "/oauth/token", "token", Ok("https://as.test/oauth/token")),
            ("token_endpoint", "token", "token", Ok("https://as.test/t/token")),
            ("device_authorization_endpoint", "/d", "device", Ok("https://as.test/d")),
            ("pushed_authorization_request_endpoint", "/p", "par", Ok("https://as.test/p")),
            ("token_endpoint", "http://as.test/token", "token", Err("CONN-CFG-HOST-INSECURE")),
            ("authorization_endpoint", "javascript:alert(1)", "authorize", Err("CONN-CFG-HOST-INSECURE")),
            ("token_endpoint", "https://u:p@as.test/", "token", Err("CONN-CFG-HOST-FORM")),
            ("token_endpoint", "https://", "token", Err("CONN-BODY-SCHEMA")),
        ] {
            let (_, found) = search(issuer, &[published(issuer, &format!(r#","{field}":"{written}""#))]);
            let found = found.map(|metadata| metadata.addresses[name].to_string());
            assert_eq!(found, expected.map(str::to_owned), "{field} {written}");
        }
    }

    #[test]
    fn what_a_server_promises_is_read() {
        let rest = r#","authorization_response_iss_parameter_supported":true,
            "code_challenge_methods_supported":["plain","S256"],
            "dpop_signing_alg_values_supported":["ES256"],
            "require_pushed_authorization_requests":true,
            "token_endpoint":"https://as.test/token",
            "mtls_endpoint_aliases":{"token_endpoint":"https://mtls.as.test/token"}"#;
        let metadata = search("https://as.test", &[published("https://as.test", rest)]).1.unwrap();
        assert!(metadata.promises_issuer && metadata.requires_pushed);
        assert_eq!(metadata.pkce_methods.unwrap(), ["plain", "S256"]);
        assert_eq!(metadata.dpop_algorithms, ["ES256"]);
        assert_eq!(metadata.mtls_addresses["token"].as_str(), "https://mtls.as.test/token");
        let bare = search("https://as.test", &[published("https://as.test", "")]).1.unwrap();
        assert_eq!(bare.pkce_methods, None);
        assert!(!bare.promises_issuer && !bare.requires_pushed);
    }
}
