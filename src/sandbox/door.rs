//! Who may come in: reads the credential from where it was sent and says whose it is.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::digest::{Account, Algorithm, REALM, Refusal};
use super::reply::Answer;
use super::request::{Received, Route};
use super::state::{State, open};

/// The kinds of authentication, as `/only/KIND/` names them.
pub const KINDS: &[&str] =
    &["header", "query", "form", "json", "path", "basic", "bearer", "digest-md5", "digest-sha256", "none"];

/// What the holder of a credential may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Rights {
    pub(super) accounts: bool,
}

const ALL: Rights = Rights { accounts: true };

/// Lets a request in, or answers why not.
pub(super) fn enter(state: &State, request: &Received, route: &Route<'_>) -> Result<Rights, Answer> {
    match route.only {
        Some("none") => Ok(ALL),
        Some(kind) if !KINDS.contains(&kind) => {
            Err(Answer::error(404, "path_unknown", "There is no such kind of authentication."))
        }
        Some("digest-md5") => digest(state, request, Algorithm::Md5),
        Some("digest-sha256") => digest(state, request, Algorithm::Sha256),
        Some("basic") => basic(state, request).unwrap_or_else(|| Err(missing())).map_err(ask_for_basic),
        Some("bearer") => bearer(state, request).unwrap_or_else(|| Err(missing())).map_err(ask_for_bearer),
        only => key(request, route, only)
            .map(|key| judge(state, &key))
            .or_else(|| if only.is_none() { authorization(state, request) } else { None })
            .unwrap_or_else(|| Err(if only.is_none() { ask_for_any(state) } else { missing() })),
    }
}

fn authorization(state: &State, request: &Received) -> Option<Result<Rights, Answer>> {
    let scheme = request.header("authorization")?.split(' ').next()?.to_ascii_lowercase();
    match scheme.as_str() {
        "basic" => basic(state, request),
        "bearer" => bearer(state, request),
        "digest" => {
            let sha = request.header("authorization")?.contains("SHA-256");
            Some(digest(state, request, if sha { Algorithm::Sha256 } else { Algorithm::Md5 }))
        }
        _ => None,
    }
}

/// The key, from the one place allowed or from any.
fn key(request: &Received, route: &Route<'_>, only: Option<&str>) -> Option<String> {
    let allowed = |kind: &str| only.is_none_or(|only| only == kind);
    let places: [(&str, &dyn Fn() -> Option<String>); 5] = [
        ("header", &|| request.header("x-api-key").map(str::to_owned)),
        ("query", &|| request.query_value("api_key")),
        ("form", &|| request.form_value("api_key")),
        ("json", &|| request.json_value("api_key")),
        ("path", &|| route.key.as_deref().map(str::to_owned)),
    ];
    places.iter().filter(|(kind, _)| allowed(kind)).find_map(|(_, find)| find())
}

fn judge(state: &State, key: &str) -> Result<Rights, Answer> {
    let known = &state.credentials;
    if state.is_withdrawn(key) {
        return Err(Answer::error(401, "key_revoked", "This API key was revoked by an administrator."));
    }
    if state.has_every_right(key) {
        return Ok(ALL);
    }
    if key == known.limited_key {
        return Ok(Rights { accounts: false });
    }
    Err(if key == known.expired_key {
        Answer::error(401, "key_expired", "This API key expired on 2026-01-31.")
    } else if key == known.disabled_key {
        Answer::error(403, "user_disabled", "The user of this API key is disabled.")
    } else if key == known.plan_key {
        Answer::error(402, "plan_lacks_api", "The plan of this organisation does not include the API.")
    } else if key == known.throttled_key {
        Answer::error(429, "rate_limited", "The request limit of this key is used up.")
            .with("retry-after", "30")
    } else {
        Answer::error(401, "key_unknown", "This API key is not known.")
    })
}

fn basic(state: &State, request: &Received) -> Option<Result<Rights, Answer>> {
    let encoded = strip_scheme(request.header("authorization")?, "basic")?;
    let pair = STANDARD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok())?;
    let (user, password) = pair.split_once(':')?;
    let known = &state.credentials;
    Some(if user == known.user {
        if password == known.password { Ok(ALL) } else { Err(wrong_password()) }
    } else if user.contains('@') {
        Err(wrong_password())
    } else {
        judge(state, user)
    })
}

fn bearer(state: &State, request: &Received) -> Option<Result<Rights, Answer>> {
    Some(judge(state, strip_scheme(request.header("authorization")?, "bearer")?))
}

fn digest(state: &State, request: &Received, algorithm: Algorithm) -> Result<Rights, Answer> {
    let mut nonces = open(&state.nonces);
    let account = Account { user: &state.credentials.user, password: &state.credentials.password };
    let sent = request.header("authorization").and_then(|value| strip_scheme(value, "digest"));
    let checked = sent.map(|sent| nonces.check(algorithm, sent, &request.method, &request.target(), account));
    let (answer, again) = match checked {
        Some(Ok(())) => return Ok(ALL),
        None => (missing(), false),
        Some(Err(Refusal::Stale)) => {
            (Answer::error(401, "nonce_stale", "Answer the new challenge with the same password."), true)
        }
        Some(Err(Refusal::Wrong)) => (wrong_password(), false),
        Some(Err(Refusal::Malformed(field))) => {
            let message = format!("The Digest field {field} is missing or does not fit this request.");
            (Answer::error(401, "digest_malformed", &message), false)
        }
    };
    Err(answer.with("www-authenticate", nonces.challenge(algorithm, again)))
}

fn strip_scheme<'a>(value: &'a str, scheme: &str) -> Option<&'a str> {
    let (sent, rest) = value.split_once(' ')?;
    sent.eq_ignore_ascii_case(scheme).then_some(rest.trim())
}

fn missing() -> Answer {
    Answer::error(401, "key_missing", "There is no credential where this service looks for one.")
}

fn wrong_password() -> Answer {
    Answer::error(401, "password_wrong", "User or password is wrong.")
}

/// Names every kind that has a challenge, so that a Digest client can answer without a path of its own.
fn ask_for_any(state: &State) -> Answer {
    let challenge = open(&state.nonces).challenge(Algorithm::Sha256, false);
    ask_for_bearer(ask_for_basic(missing())).with("www-authenticate", challenge)
}

fn ask_for_basic(answer: Answer) -> Answer {
    if answer.status != 401 {
        return answer;
    }
    answer.with("www-authenticate", format!("Basic realm=\"{REALM}\", charset=\"UTF-8\""))
}

fn ask_for_bearer(answer: Answer) -> Answer {
    if answer.status != 401 {
        return answer;
    }
    answer.with("www-authenticate", format!("Bearer realm=\"{REALM}\", error=\"invalid_token\""))
}
