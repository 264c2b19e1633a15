//! Builds the requests of authorization servers: tokens, revocation, introspection and their like.
//!
//! Names, form and further parameters come from the definition. Credentials go into headers and body; into the
//! address only where the definition says so, and then people see a mask in their place.

use indexmap::IndexMap;
use url::Url;
use zeroize::Zeroizing;

use super::{Stop, Terms, client};
use crate::base::redact::MASK;
use crate::base::{Body, Header, Request, Template};
use crate::model::oauth::{TokenBody, TokenMethod};
use crate::scheme::Moment;

/// One parameter.
struct Field {
    name: String,
    value: Zeroizing<String>,
    secret: bool,
}

/// The parameters of a request, in order, by their standard names. Each name stands once.
#[derive(Default)]
pub struct Fields(Vec<Field>);

impl Fields {
    /// The parameters of a grant.
    #[must_use]
    pub fn grant(kind: &str) -> Self {
        Self::default().plain("grant_type", kind)
    }

    /// Adds a parameter that anybody may read.
    #[must_use]
    pub fn plain(mut self, name: &str, value: &str) -> Self {
        self.set(name, value, false);
        self
    }

    /// Adds a parameter that nobody may see.
    #[must_use]
    pub fn secret(mut self, name: &str, value: &str) -> Self {
        self.set(name, value, true);
        self
    }

    /// Adds the scopes that are asked for; an empty parameter would mean another thing to some services.
    #[must_use]
    pub fn scope(self, terms: &Terms<'_>) -> Self {
        match terms.scope() {
            Some(scope) => self.plain("scope", &scope),
            None => self,
        }
    }

    /// Sets a parameter, replacing one of the same name.
    pub fn set(&mut self, name: &str, value: &str, secret: bool) {
        let value = Zeroizing::new(value.to_owned());
        match self.0.iter_mut().find(|field| field.name == name) {
            Some(field) => (field.value, field.secret) = (value, secret),
            None => self.0.push(Field { name: name.to_owned(), value, secret }),
        }
    }

    /// The names that the service uses, then what the definition adds: it replaces a parameter of the same
    /// name, and an empty text takes it away.
    fn finish(
        mut self,
        terms: &Terms<'_>,
        extra: Option<&IndexMap<String, Template>>,
    ) -> Result<Vec<Field>, Stop> {
        for field in &mut self.0 {
            let name = terms.name(&field.name).to_owned();
            field.name = name;
        }
        for (name, template) in extra.into_iter().flatten() {
            let value = Zeroizing::new(terms.expand(template)?);
            if value.is_empty() {
                self.0.retain(|field| field.name != *name);
            } else {
                let secret = template.names().any(|key| !terms.variables.contains_key(key));
                self.set(name, &value, secret);
            }
        }
        Ok(self.0)
    }
}

/// A request with the proof of the client.
///
/// # Errors
/// When a value is missing or a proof cannot be made.
pub fn build(
    terms: &Terms<'_>,
    address: &Url,
    mut fields: Fields,
    extra: Option<&IndexMap<String, Template>>,
    moment: &Moment,
) -> Result<Request, Stop> {
    // Only a request with a grant is one for tokens; revocation and the like stay as they are.
    let is_for_tokens = fields.0.iter().any(|field| field.name == "grant_type");
    let by_get = is_for_tokens && terms.method.token_method == Some(TokenMethod::Get);
    let proof = client::prove(terms, address, &mut fields, moment)?;
    let fields = fields.finish(terms, extra)?;
    let mut request = Request::new(if by_get { "GET" } else { "POST" }, address.clone());
    // GitHub answers with a form unless it is asked for JSON.
    request.set_header(Header::plain("Accept", "application/json"));
    if let Some(proof) = proof {
        request.set_header(proof);
    }
    match terms.method.body.unwrap_or(TokenBody::Form) {
        _ if by_get => query(&mut request, &fields),
        TokenBody::Form => request.body = Some(form(&fields)),
        TokenBody::Json => request.body = Some(json(&fields)),
        TokenBody::Query => query(&mut request, &fields),
    }
    request.credentialed = true;
    Ok(request)
}

/// A request to the token endpoint, with what the definition adds to it.
///
/// # Errors
/// When there is no such address, a value is missing or a proof cannot be made.
pub fn for_token(terms: &Terms<'_>, fields: Fields, moment: &Moment) -> Result<Request, Stop> {
    let extra = terms.method.extra.as_ref().map(|extra| &extra.token);
    build(terms, &terms.address("token")?, fields, extra, moment)
}

fn form(fields: &[Field]) -> Body {
    let mut text = Zeroizing::new(String::with_capacity(512));
    for field in fields {
        if !text.is_empty() {
            text.push('&');
        }
        text.extend(url::form_urlencoded::byte_serialize(field.name.as_bytes()));
        text.push('=');
        text.extend(url::form_urlencoded::byte_serialize(field.value.as_bytes()));
    }
    Body {
        content_type: "application/x-www-form-urlencoded".to_owned(),
        bytes: Zeroizing::new(text.as_bytes().to_vec()),
    }
}

fn json(fields: &[Field]) -> Body {
    let object: IndexMap<&str, &str> =
        fields.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect();
    let bytes = Zeroizing::new(serde_json::to_vec(&object).unwrap_or_default());
    Body { content_type: "application/json".to_owned(), bytes }
}

fn query(request: &mut Request, fields: &[Field]) {
    let mut shown = request.url.clone();
    for field in fields {
        request.url.query_pairs_mut().append_pair(&field.name, &field.value);
        let value = if field.secret { MASK } else { field.value.as_str() };
        shown.query_pairs_mut().append_pair(&field.name, value);
    }
    request.shown_url = shown.to_string();
}

#[cfg(test)]
mod tests {
    use super::{Fields, build};
    use crate::base::Request;
    use crate::flow::{Stop, Terms};
    use crate::model::AuthMethod;
    use crate::scheme::Moment;

    fn request(definition: &str) -> Result<Request, Stop> {
        let text = format!("kind = 'oauth2'\ntoken = 'https://a.test/token?v=1'\n{definition}");
        let method: AuthMethod = toml::from_str(&text).unwrap();
        let variables = toml::from_str("dc = {}").unwrap();
        let values = |key: &str| match key {
            "client_id" => Some("id-1".into()),
            "refresh_token" => Some("r&1=".into()),
            "dc" => Some("jp".into()),
            "account" => Some("a-1".into()),
            _ => None,
        };
        let scopes = ["a".to_owned(), "b".to_owned()];
        let terms = Terms {
            method: &method,
            variables: &variables,
            values: &values,
            metadata: None,
            scopes: &scopes,
        };
        let fields = Fields::grant("refresh_token").secret("refresh_token", "r&1=").scope(&terms);
        let extra = method.extra.as_ref().map(|extra| &extra.refresh);
        let moment = Moment::new("2026-11-21T11:00:00Z".parse().unwrap(), |_| {});
        build(&terms, &terms.address("token")?, fields, extra, &moment)
    }

    fn body(request: &Request) -> String {
        request.body.as_ref().map(|body| String::from_utf8(body.bytes.to_vec()).unwrap()).unwrap_or_default()
    }

    #[test]
    fn a_request_is_written_as_the_definition_says() {
        for (definition, expected) in [
            ("", "grant_type=refresh_token&refresh_token=r%261%3D&scope=a+b&client_id=id-1"),
            (
                "scope_separator = ','",
                "grant_type=refresh_token&refresh_token=r%261%3D&scope=a%2Cb&client_id=id-1",
            ),
            (
                "rename = { client_id = 'app_id', grant_type = 'type' }\nscope_param = 'scopes'",
                "type=refresh_token&refresh_token=r%261%3D&scopes=a+b&app_id=id-1",
            ),
            (
                "extra.refresh = { scope = '', region = '{dc}', grant_type = 'ig' }",
                "grant_type=ig&refresh_token=r%261%3D&client_id=id-1&region=jp",
            ),
            (
                "body = 'json'",
                r#"{"grant_type":"refresh_token","refresh_token":"r&1=","scope":"a b","client_id":"id-1"}"#,
            ),
            ("body = 'query'", ""),
        ] {
            let request = request(definition).unwrap();
            assert_eq!(body(&request), expected, "{definition}");
            assert_eq!(request.header("accept"), Some("application/json"));
            assert!(request.credentialed && request.method == "POST");
        }
    }

    #[test]
    fn a_service_that_knows_only_get_has_the_parameters_in_its_address_and_nobody_sees_them() {
        let request = request("token_method = 'get'\nbody = 'json'").unwrap();
        assert_eq!((request.method.as_str(), body(&request).as_str()), ("GET", ""));
        assert!(request.url.as_str().contains("grant_type=refresh_token&refresh_token=r%261%3D"));
        assert!(request.shown_url.contains("refresh_token=***") && !request.shown_url.contains("r%26"));
    }

    #[test]
    fn secrets_in_the_address_are_masked_for_people() {
        let request =
            request("body = 'query'\nextra.refresh = { account = '{account}', dc = '{dc}' }").unwrap();
        assert!(request.url.as_str().contains("refresh_token=r%261%3D"));
        assert!(request.url.as_str().starts_with("https://a.test/token?v=1&grant_type=refresh_token"));
        assert!(!request.shown_url.contains("r%261") && !request.shown_url.contains("a-1"));
        assert!(request.shown_url.contains("refresh_token=***") && request.shown_url.contains("account=***"));
        assert!(request.shown_url.ends_with("dc=jp"));
        assert!(!format!("{request:?}").contains("r%261"));
    }

    #[test]
    fn a_value_that_is_missing_stops_before_anything_is_sent() {
        let stop = request("extra.refresh = { x = '{nobody}' }").unwrap_err();
        assert_eq!(stop.code, "CONN-CFG-VARIABLE-MISSING");
        assert!(!stop.answered);
    }
}
