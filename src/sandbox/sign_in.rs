//! Where tokens for a played service come from: `/services/ID/sign-in/METHOD/…` has every address of the
//! conversation, so that no client ID, secret or code goes to the real one. It asks nobody and refuses nothing.

use serde_json::json;

use super::reply::Answer;
use super::request::{Received, after};
use crate::base::{hex, unhex};

/// How tokens come about at a played service.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The auth method.
    pub method: String,
    /// The answer of the token endpoint.
    pub token: String,
    /// What the service calls the redirect address, the state, and in the callback the code and the state.
    pub names: [String; 4],
    /// Further values of the callback.
    pub told: Vec<(String, String)>,
}

/// Begins a request address that holds what was pushed (RFC 9126).
const PUSHED: &str = "urn:played:";

/// The answer of one of the addresses; none where the path is none of them.
pub(super) fn answer(known: &[SignIn], path: &str, request: &Received) -> Option<Answer> {
    let (method, endpoint) = after(path, "/sign-in/")?;
    let sign_in = known.iter().find(|one| one.method == method)?;
    let here = || {
        let (before, _) = request.path.split_once("/sign-in/").unwrap_or_default();
        format!("http://{}{before}/sign-in/{method}", request.header("host").unwrap_or_default())
    };
    let mut answer = match endpoint {
        "/authorize" => authorize(sign_in, request),
        "/token" | "/refresh" => Answer::of(200, "application/json", sign_in.token.clone()),
        "/par" => {
            let pushed = hex(&request.body);
            Answer::json(201, &json!({ "request_uri": format!("{PUSHED}{pushed}"), "expires_in": 60 }))
        }
        "/device" => Answer::json(
            200,
            &json!({
                "device_code": "played-device-code", "user_code": "PLAY-0000", "interval": 1, "expires_in": 600,
                "verification_uri": format!("{}/verify", here()),
            }),
        ),
        "/verify" => Answer::html(200, "Played", "<p>Nothing has to be typed here.</p>"),
        "/revoke" => Answer::json(200, &json!({})),
        "/introspect" => Answer::json(200, &json!({ "active": true })),
        "/register" => Answer::json(
            201,
            &json!({ "client_id": "played-client", "client_secret": "played-client-secret" }),
        ),
        "/issuer/.well-known/openid-configuration" => Answer::json(
            200,
            &json!({
                "issuer": format!("{}/issuer", here()),
                "authorization_endpoint": format!("{}/authorize", here()),
                "token_endpoint": format!("{}/token", here()),
                "device_authorization_endpoint": format!("{}/device", here()),
                "registration_endpoint": format!("{}/register", here()),
                "revocation_endpoint": format!("{}/revoke", here()),
            }),
        ),
        _ => return None,
    };
    answer.vendor = false;
    Some(answer)
}

/// A person who consents at once: back to where the request came from, with a code.
fn authorize(sign_in: &SignIn, request: &Received) -> Answer {
    let [redirect, state, code, state_there] = &sign_in.names;
    let pushed = request
        .query_value("request_uri")
        .and_then(|uri| String::from_utf8(unhex(uri.strip_prefix(PUSHED)?)?).ok());
    let asked = pushed.unwrap_or_else(|| request.query.clone());
    let asked: Vec<(String, String)> = url::form_urlencoded::parse(asked.as_bytes()).into_owned().collect();
    let find = |name: &str| asked.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let back = find(redirect).and_then(|back| url::Url::parse(back).ok());
    let Some(mut back) = back else {
        return Answer::error(400, "no_redirect", "The request names no address to come back to.");
    };
    {
        let mut query = back.query_pairs_mut();
        query.append_pair(code, "played-code");
        if let Some(value) = find(state) {
            query.append_pair(state_there, value);
        }
        query.extend_pairs(&sign_in.told);
    }
    Answer::empty(302).with("location", back.as_str())
}
