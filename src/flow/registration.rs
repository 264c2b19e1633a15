//! Registering conn as a client where a service lets programs do that themselves (RFC 7591).

use serde_json::json;
use zeroize::Zeroizing;

use url::Url;

use super::{Stop, Terms, decline, fields, terms};
use crate::base::{Body, Header, Request, Response, Secret, Timestamp};
use crate::model::oauth::ClientAuth;

/// What a service gave to a new client. Kept with the connection.
#[derive(Debug)]
pub struct Registered {
    /// The client's id.
    pub client_id: String,
    /// Its secret, where the service insists on one although none was asked for.
    pub client_secret: Option<Secret>,
    /// When the secret ends; `None` where it does not, or is not said to.
    pub secret_expires: Option<Timestamp>,
    /// Where the registration may be changed or withdrawn (RFC 7592).
    pub client_address: Option<String>,
    /// With what the registration may be changed or withdrawn later (RFC 7592).
    pub registration_access_token: Option<Secret>,
}

/// The request for a registration: a client that redirects to this machine, or to nowhere where it has no browser.
/// It proves itself as the definition says; a public one where that says nothing.
///
/// # Errors
/// When there is no address for it, or it cannot carry secrets.
pub fn request(terms: &Terms<'_>, redirect_uri: Option<&str>) -> Result<Request, Stop> {
    const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
    let browser = redirect_uri.map(|_| "authorization_code");
    let device = terms.address_if_any("device")?.map(|_| DEVICE);
    let grants: Vec<&str> = browser.into_iter().chain(device).chain(["refresh_token"]).collect();
    let proof = match terms.method.client_auth {
        Some(ClientAuth::Basic) => "client_secret_basic",
        Some(ClientAuth::Post) => "client_secret_post",
        Some(ClientAuth::SecretJwt) => "client_secret_jwt",
        _ => "none",
    };
    let mut wanted = json!({
        "client_name": "conn",
        "application_type": "native",
        "redirect_uris": redirect_uri.into_iter().collect::<Vec<_>>(),
        "grant_types": grants,
        "response_types": redirect_uri.map(|_| "code").into_iter().collect::<Vec<_>>(),
        "token_endpoint_auth_method": proof,
    });
    if !terms.scopes.is_empty() {
        // Here a blank stands between scopes whatever the service wants elsewhere (section 2).
        wanted["scope"] = terms.scopes.join(" ").into();
    }
    let mut request = Request::new("POST", terms.address("register")?);
    request.set_header(Header::plain("accept", "application/json"));
    request.body = Some(Body {
        content_type: "application/json".into(),
        bytes: Zeroizing::new(wanted.to_string().into_bytes()),
    });
    Ok(request)
}

/// Reads the answer to a registration.
///
/// # Errors
/// When the service declines, or gives no id.
pub fn read(response: &Response) -> Result<Registered, Stop> {
    let declines = !(200..300).contains(&response.status);
    let fields = fields::read(response).filter(|fields| !declines && !fields.contains_key("error"));
    let fields = fields.ok_or_else(|| decline::unusable(response, "client_id"))?;
    let secret = |name: &str| fields::text(&fields, name).map(|text| Secret::new(text.to_owned()));
    // 0 means: never (section 3.2.1).
    let expires = fields::seconds(&fields, "client_secret_expires_at").filter(|seconds| *seconds > 0);
    Ok(Registered {
        client_id: fields::required(&fields, "client_id")?.to_owned(),
        client_secret: secret("client_secret"),
        secret_expires: expires.and_then(|seconds| Timestamp::from_second(i64::try_from(seconds).ok()?).ok()),
        client_address: fields::text(&fields, "registration_client_uri").map(str::to_owned),
        registration_access_token: secret("registration_access_token"),
    })
}

/// The request that withdraws a registration; `None` where its address is none that secrets may travel to.
#[must_use]
pub fn withdrawal(address: &Secret, token: &Secret) -> Option<Request> {
    let address = terms::secure(Url::parse(address.expose()).ok()?).ok()?;
    let mut request = Request::new("DELETE", address);
    let value = Zeroizing::new(format!("Bearer {}", token.expose()));
    request.set_header(Header::secret("authorization", value));
    request.credentialed = true;
    Some(request)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{read, request, withdrawal};
    use crate::base::Secret;
    use crate::flow::fixture::{answer, json as answer_json, world};

    fn wanted(definition: &str, scopes: &[&str]) -> Value {
        let mut world = world(&format!("register = 'https://as.test/register'\n{definition}"));
        world.scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let redirect = (!definition.contains("device_code")).then_some("http://127.0.0.1/callback");
        let request = world.with(|terms| request(terms, redirect)).unwrap();
        assert_eq!((request.method.as_str(), request.url.as_str()), ("POST", "https://as.test/register"));
        assert!(!request.credentialed);
        serde_json::from_slice(&request.body.unwrap().bytes).unwrap()
    }

    #[test]
    fn conn_asks_to_be_a_public_native_client() {
        let mut expected = json!({
            "client_name": "conn",
            "application_type": "native",
            "redirect_uris": ["http://127.0.0.1/callback"],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
        });
        assert_eq!(wanted("", &[]), expected);
        expected["scope"] = "a b".into();
        assert_eq!(wanted("scope_separator = ','", &["a", "b"]), expected);
        let device = wanted("grant = 'device_code'\ndevice = 'https://as.test/device'", &[]);
        assert_eq!(
            device["grant_types"],
            json!(["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"])
        );
        assert_eq!((&device["redirect_uris"], &device["response_types"]), (&json!([]), &json!([])));
        let both = wanted("device = 'https://as.test/device'\nclient_auth = 'post'", &[]);
        assert_eq!(both["grant_types"].as_array().unwrap().len(), 3);
        assert_eq!(both["token_endpoint_auth_method"], "client_secret_post");
    }

    #[test]
    fn a_registration_keeps_what_the_service_gave() {
        let body = r#"{"client_id":"c","client_secret":"registered-secret","client_secret_expires_at":1795305600,
            "registration_access_token":"rat-1234","registration_client_uri":"https://as.test/reg/c"}"#;
        let registered = read(&answer_json(201, body)).unwrap();
        assert_eq!(registered.client_id, "c");
        assert_eq!(registered.client_secret.unwrap().expose(), "registered-secret");
        let token = registered.registration_access_token.unwrap();
        assert_eq!(token.expose(), "rat-1234");
        let withdraw = |address: &str| withdrawal(&Secret::new(address.to_owned()), &token);
        let request = withdraw(&registered.client_address.unwrap()).unwrap();
        assert_eq!(
            (request.method.as_str(), request.header("authorization")),
            ("DELETE", Some("Bearer rat-1234"))
        );
        assert!(withdraw("http://as.test/reg/c").is_none() && withdraw("reg").is_none());
        assert_eq!(registered.secret_expires.unwrap().as_second(), 1_795_305_600);
        let public = read(&answer_json(200, r#"{"client_id":"c","client_secret_expires_at":0}"#)).unwrap();
        assert!(public.client_secret.is_none() && public.secret_expires.is_none());
    }

    #[test]
    fn a_declined_registration_says_why() {
        for (response, code) in [
            (answer_json(400, r#"{"error":"invalid_redirect_uri"}"#), "CONN-OAUTH-REDIRECT-URI"),
            (answer_json(200, r#"{"error":"invalid_scope"}"#), "CONN-OAUTH-SCOPE-INVALID"),
            (answer_json(201, "{}"), "CONN-BODY-SCHEMA"),
            (answer_json(403, r#"{"client_id":"c"}"#), "CONN-PERM-UNKNOWN"),
            (answer(502, "text/html", "<html>"), "CONN-OAUTH-SERVER"),
        ] {
            assert_eq!(read(&response).unwrap_err().code, code, "{response:?}");
        }
    }
}
