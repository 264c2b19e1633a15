//! OAuth 1 with a person (RFC 5849, section 2): temporary credentials, consent, token credentials. A service of
//! before 2009 (“1.0” without “a”) neither confirms the callback nor sends a verifier; its definition says so by
//! renaming `oauth_verifier` to nothing.

use std::mem;

use indexmap::IndexMap;
use zeroize::Zeroizing;

use super::consent_address::{self, Parameters};
use super::{
    Consent, Conversation, Exchange, Input, Obtained, Step, Stop, Terms, callback, decline, fields,
    token_answer,
};
use crate::base::{Body, Request, Response, Secret, Template, Text};
use crate::scheme::key::PrivateKey;
use crate::scheme::oauth1::{self, Credentials, Settings};
use crate::scheme::{Moment, SignError};

/// Where a service shows a code instead of coming back.
pub const OUT_OF_BAND: &str = "oob";

/// One consent by OAuth 1.
pub struct OAuth1 {
    redirect_uri: String,
    stage: Stage,
}

enum Stage {
    New,
    Asked,
    Consenting(Temporary),
    Exchanging,
    Over,
}

/// Temporary credentials. The token travels through the browser, the secret never does.
struct Temporary {
    token: String,
    secret: Secret,
}

/// What it takes to go on with a consent that was put away.
#[derive(Debug)]
pub struct PutAway {
    /// The address at which the browser ends, as it was sent.
    pub redirect_uri: String,
    /// The temporary token; it stands in the address that the person opens.
    pub token: String,
    /// Its secret.
    pub secret: Secret,
}

impl OAuth1 {
    /// The consent as plain values; `None` unless it waits for its person.
    #[must_use]
    pub fn put_away(&self) -> Option<PutAway> {
        let Stage::Consenting(temporary) = &self.stage else { return None };
        Some(PutAway {
            redirect_uri: self.redirect_uri.clone(),
            token: temporary.token.clone(),
            secret: temporary.secret.duplicate(),
        })
    }

    /// The consent as it was put away: its next input is the callback.
    #[must_use]
    pub fn taken_up(away: PutAway) -> Self {
        let PutAway { redirect_uri, token, secret } = away;
        Self { redirect_uri, stage: Stage::Consenting(Temporary { token, secret }) }
    }

    /// A consent that comes back to this address, where the definition names no other callback.
    #[must_use]
    pub fn new(redirect_uri: &str) -> Self {
        Self { redirect_uri: redirect_uri.to_owned(), stage: Stage::New }
    }

    fn callback<'s>(&'s self, terms: &'s Terms<'_>) -> &'s str {
        terms.method.callback.as_deref().filter(|callback| !callback.is_empty()).unwrap_or(&self.redirect_uri)
    }

    fn begin(&mut self, terms: &Terms<'_>, moment: &Moment) -> Result<Step, Stop> {
        let extra = terms.method.extra.as_ref().map(|extra| &extra.request);
        let callback = self.callback(terms);
        let own = [(terms.name("oauth_callback"), callback)];
        let request = request(terms, "request", extra, &own, None, moment)?;
        self.stage = Stage::Asked;
        Ok(Step::Send { exchange: Exchange::TemporaryCredentials, request: Box::new(request) })
    }

    fn asked(&mut self, terms: &Terms<'_>, response: &Response) -> Result<Step, Stop> {
        let temporary = temporary(terms, response)?;
        let mut parameters = Parameters::default();
        parameters.set("oauth_token", &*temporary.token);
        // What older services want in the consent address: oauth_callback = "{redirect_uri}".
        let redirect = IndexMap::from([("redirect_uri".to_owned(), self.redirect_uri.clone())]);
        terms.with(&redirect, |terms| parameters.extend(terms))?;
        let address = consent_address::with(terms, terms.address("authorize")?, &parameters);
        let mark = Some((String::new(), temporary.token.clone()));
        self.stage = Stage::Consenting(temporary);
        Ok(Step::Consent(Box::new(Consent { address, mark })))
    }

    fn returned(
        &mut self,
        terms: &Terms<'_>,
        temporary: Temporary,
        parameters: &[(String, String)],
        moment: &Moment,
    ) -> Result<Step, Stop> {
        let by_hand = self.callback(terms) == OUT_OF_BAND;
        let verifier = match verifier(terms, &temporary, parameters, by_hand) {
            Ok(verifier) => verifier,
            Err(stop) => {
                if stop.code == "CONN-OAUTH-STATE" {
                    self.stage = Stage::Consenting(temporary);
                }
                return Err(stop);
            }
        };
        let extra = terms.method.extra.as_ref().map(|extra| &extra.access);
        let own = [(terms.name("oauth_verifier"), verifier.as_str())];
        let request = request(terms, "access", extra, &own, Some(&temporary), moment)?;
        self.stage = Stage::Exchanging;
        Ok(Step::Send { exchange: Exchange::Token, request: Box::new(request) })
    }
}

impl Conversation for OAuth1 {
    fn advance(&mut self, terms: &Terms<'_>, input: Input<'_>, moment: &Moment) -> Result<Step, Stop> {
        match (mem::replace(&mut self.stage, Stage::Over), input) {
            (Stage::New, Input::Start) => self.begin(terms, moment),
            (Stage::Asked, Input::Answer(response)) => self.asked(terms, response),
            (Stage::Asked, Input::Lost) => Err(decline::lost()),
            (Stage::Consenting(temporary), Input::Callback(parameters)) => {
                self.returned(terms, temporary, parameters, moment)
            }
            (Stage::Exchanging, Input::Answer(response)) => {
                obtained(terms, response, moment).map(|obtained| Step::Done(Box::new(obtained)))
            }
            (Stage::Exchanging, Input::Lost) => Err(decline::spent()),
            (stage @ (Stage::Exchanging | Stage::Over), Input::Callback(_)) => {
                self.stage = stage;
                Err(Stop::new("CONN-OAUTH-STATE"))
            }
            _ => Err(decline::out_of_turn()),
        }
    }
}

/// Whether the service sends a verifier, and with that confirms the callback.
fn has_verifier(terms: &Terms<'_>) -> bool {
    !terms.name("oauth_verifier").is_empty()
}

/// A signed request. Further parameters of the definition travel in the body, our own (`oauth_…`) where the
/// definition puts those.
fn request(
    terms: &Terms<'_>,
    name: &'static str,
    extra: Option<&IndexMap<String, Template>>,
    own: &[(&str, &str)],
    temporary: Option<&Temporary>,
    moment: &Moment,
) -> Result<Request, Stop> {
    let mut request = Request::new("POST", terms.address(name)?);
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    for (name, template) in extra.into_iter().flatten() {
        body.append_pair(name, &terms.expand(template)?);
    }
    let body = body.finish();
    if !body.is_empty() {
        let bytes = Zeroizing::new(body.into_bytes());
        request.body = Some(Body { content_type: "application/x-www-form-urlencoded".into(), bytes });
    }
    let own: Vec<_> = own.iter().copied().filter(|(name, _)| !name.is_empty()).collect();
    sign(&mut request, terms, &own, temporary, moment)?;
    request.credentialed = true;
    Ok(request)
}

/// Signs with the temporary credentials, or with none: nothing of an older consent may sign a new one.
fn sign(
    request: &mut Request,
    terms: &Terms<'_>,
    own: &[(&str, &str)],
    temporary: Option<&Temporary>,
    moment: &Moment,
) -> Result<(), Stop> {
    let settings = Settings::of(terms.method, terms.values).map_err(unsigned)?;
    let private_key = if settings.signature.is_rsa() {
        let key = terms.required("private_key")?;
        let read = PrivateKey::read(&key, terms.value("passphrase").as_deref());
        Some(read.map_err(|error| unsigned(error.into()))?)
    } else {
        None
    };
    let credentials = Credentials {
        consumer_key: &terms.required("client_id")?,
        consumer_secret: &terms.value("client_secret").unwrap_or_default(),
        token: temporary.map_or("", |temporary| &temporary.token),
        token_secret: temporary.map_or("", |temporary| temporary.secret.expose()),
        private_key: private_key.as_ref(),
    };
    oauth1::sign_request(request, &credentials, own, &settings, moment).map_err(unsigned)
}

fn unsigned(error: SignError) -> Stop {
    match error {
        SignError::Unresolved(name) => Stop::new("CONN-CFG-VARIABLE-MISSING").value("variable", &name.0),
        SignError::Key(_) => Stop::new("CONN-SEC-SHAPE").value("parameter", "private_key"),
        SignError::Insecure => Stop::new("CONN-CFG-HOST-INSECURE"),
        _ => Stop::new("CONN-CFG-DEFINITION"),
    }
}

/// Reads the answer to the request for temporary credentials.
fn temporary(terms: &Terms<'_>, response: &Response) -> Result<Temporary, Stop> {
    const UNCONFIRMED: Text = Text::new(
        "The service does not confirm the callback address.",
        "外部サービスがコールバックアドレスを確認していません。",
    );
    let answer = fields::read(response).filter(|_| (200..300).contains(&response.status));
    let answer = answer.ok_or_else(|| refused(response, "CONN-OAUTH-CLIENT-INVALID"))?;
    let token = fields::text(&answer, "oauth_token");
    let token = token.ok_or_else(|| decline::unusable(response, "oauth_token"))?.to_owned();
    let secret = Secret::new(fields::text(&answer, "oauth_token_secret").unwrap_or_default().to_owned());
    let confirmed = fields::text(&answer, "oauth_callback_confirmed") == Some("true")
        || answer.get("oauth_callback_confirmed").and_then(serde_json::Value::as_bool) == Some(true);
    if has_verifier(terms) && !confirmed {
        let stop = Stop::answered("CONN-OAUTH-STATE");
        return Err(stop.because(UNCONFIRMED, &[]));
    }
    Ok(Temporary { token, secret })
}

/// The verifier of a callback that answers this consent; an empty text where none is sent.
fn verifier(
    terms: &Terms<'_>,
    temporary: &Temporary,
    parameters: &[(String, String)],
    by_hand: bool,
) -> Result<String, Stop> {
    callback::refuse_repeated(parameters)?;
    let find = |standard: &str| callback::value(parameters, callback::name(terms, standard));
    let denied = find("denied");
    // Where a person copies the code from the service's page, no token comes back with it.
    let named = denied.or_else(|| find("oauth_token")).or(by_hand.then_some(&temporary.token));
    if !named.is_some_and(|named| callback::is_same(named, &temporary.token)) {
        return Err(Stop::new("CONN-OAUTH-STATE"));
    }
    if denied.is_some() {
        return Err(Stop::new("CONN-OAUTH-CONSENT-DENIED"));
    }
    if let Some(problem) = find("oauth_problem") {
        return Err(decline::stop(problem, ""));
    }
    let verifier = find("oauth_verifier").filter(|verifier| !verifier.is_empty());
    match verifier {
        Some(verifier) => Ok(verifier.to_owned()),
        None if has_verifier(terms) => Err(callback::without_code()),
        None => Ok(String::new()),
    }
}

fn obtained(terms: &Terms<'_>, response: &Response, moment: &Moment) -> Result<Obtained, Stop> {
    if !(200..300).contains(&response.status) {
        return Err(refused(response, "CONN-OAUTH-CODE-EXPIRED"));
    }
    let obtained = token_answer::read(terms, response, moment)?;
    if obtained.token_secret.is_none() {
        return Err(fields::lacking("oauth_token_secret"));
    }
    Ok(obtained)
}

/// An answer that is no success. Most services say no more than 401; `unnamed` is what it then means.
fn refused(response: &Response, unnamed: &'static str) -> Stop {
    match decline::problem(response) {
        None if matches!(response.status, 400 | 401 | 403) => Stop::answered(unnamed),
        None => decline::unusable(response, "oauth_token"),
        Some(stop) => stop,
    }
}

#[cfg(test)]
mod tests;
