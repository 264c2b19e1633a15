//! Using a connection: one request through THE authenticated path. Only `connected` may carry traffic.

use std::collections::BTreeMap;

use url::Url;
use zeroize::Zeroizing;

use super::check::{self, Loaded};
use super::exchange::{Caller, answered};
use super::pages::Pages;
use super::paging::Paging;
use super::prepare::{Prepared, prepare};
use super::secrets::Secrets;
use super::{Failure, World, conclude, history, repeat, system, tokens, usage};
use crate::base::redact::MASK;
use crate::base::{Body, Header, Phrase, Request, Response, Secret, Text, authority, safe_text, same_origin};
use crate::cause;
use crate::diagnosis::{AnswerFact, Confidence, Fault, Finding, answer, path};
use crate::model::grant::ACCESS_TOKEN;
use crate::model::{Obtaining, State, Verdict};
use crate::port::{Route, StateRecord};
use crate::scheme::api_key::{self, Carrier};

/// A request of the user's.
#[derive(Clone, Debug, Default)]
pub struct UserRequest {
    /// The connection.
    pub link_name: String,
    /// The environment; the connection's own where nothing is said.
    pub environment: Option<String>,
    /// The method.
    pub method: String,
    /// The path below the base.
    pub path: String,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Query parameters.
    pub query: Vec<(String, String)>,
    /// The body with its media type.
    pub body: Option<(String, Vec<u8>)>,
    /// How often it is tried again where that is safe.
    pub retries: u32,
    /// The whole address in place of path and query, where a service named it. It must be of the same origin.
    pub at: Option<Url>,
}

/// The most bytes of an answer that are read: it is held in memory.
pub const LONGEST_ANSWER: usize = 64 * 1024 * 1024;

/// An answer as it came, and what it means.
#[derive(Debug)]
pub struct Reply {
    /// The answer, byte for byte.
    pub response: Response,
    /// What is wrong, judged as by `conn test`; `None` where nothing is.
    pub finding: Option<Box<Finding>>,
}

/// Sends a request of the user's and returns the answer as it came, judged. Nothing is remembered: one call of
/// a person's own proves neither that a connection works nor that it does not.
///
/// # Errors
/// When the connection is not `connected`, leads elsewhere, or there is no answer.
pub async fn request(world: &dyn World, wanted: &UserRequest) -> Result<Reply, Failure> {
    let mut ready = Box::pin(ready(world, wanted)).await?;
    patiently(world, &mut ready, wanted).await
}

/// Reads all pages of a list, and hands out what stands on each as it comes.
///
/// # Errors
/// As [`request`]; when a page is refused, holds no list, leads elsewhere or in a circle; and at the end, when there
/// are more pages than may be read.
pub async fn all_pages(
    world: &dyn World,
    wanted: &UserRequest,
    paging: Paging,
    mut each: impl FnMut(Vec<String>) -> Result<(), Failure>,
) -> Result<(Pages, Option<Box<Finding>>, u16), Failure> {
    let mut ready = Box::pin(ready(world, wanted)).await?;
    let caller = Caller { world, prepared: &ready.loaded.prepared, secrets: &ready.loaded.secrets };
    let mut at = build(&caller, wanted)?.url;
    let mut pages = Pages::new(paging.or(ready.loaded.prepared.connector.paging.as_ref()));
    loop {
        let wanted = UserRequest { at: Some(at.clone()), ..wanted.clone() };
        let Reply { response, finding } = patiently(world, &mut ready, &wanted).await?;
        if response.truncated {
            return Err(Failure::cause("CONN-BODY-TOO-LARGE", &[("limit", &LONGEST_ANSWER.to_string())]));
        }
        if finding.as_ref().is_some_and(|finding| finding.severity == cause::Severity::Error) {
            return Ok((pages, finding, response.status));
        }
        let signed: Vec<&str> = ready.loaded.prepared.method.query.keys().map(String::as_str).collect();
        let page = pages.read(&at, &response, &signed)?;
        each(page.items)?;
        match page.next {
            None => return Ok((pages, finding, response.status)),
            Some(_) if pages.is_full() => return Err(more_pages(&pages)),
            Some(next) => at = next,
        }
    }
}

fn more_pages(pages: &Pages) -> Failure {
    const MORE: Text = Text::new(
        "There are more than {count} pages; the rest was not read.",
        "{count} ページを超えています。残りは取得していません。",
    );
    const RAISE: Text = Text::new("Allow more with --max-pages.", "--max-pages で上限を増やしてください。");
    Failure::usage(MORE.fill(&[("count", &pages.count.to_string())]), Some(RAISE.into()))
}

/// A connection that may be used now.
struct Ready {
    loaded: Loaded,
    state: State,
    renewed: bool,
}

async fn ready(world: &dyn World, wanted: &UserRequest) -> Result<Ready, Failure> {
    let prepared = prepare(world, &wanted.link_name, wanted.environment.as_deref())?;
    let record = world.ledger().state(&prepared.item())?;
    let state = record.state;
    gate(&prepared, &record)?;
    usage::note(world, &prepared, &record);
    let mut loaded = check::known(world, prepared, record);
    if let Some(failure) = check::blocked(&loaded) {
        return Err(failure);
    }
    if let Some(problem) = check::base_proxy_problem(world, &loaded) {
        return Err(check::failure(&loaded.prepared, &problem));
    }
    let renewed = match tokens::ready(world, &mut loaded).await {
        Ok(renewed) => renewed,
        Err(trouble) => return Err(check::failure_of(world, &loaded, trouble).await),
    };
    Ok(Ready { loaded, state, renewed })
}

/// Sends it, and again as often as was asked for where that is safe.
async fn patiently(world: &dyn World, ready: &mut Ready, wanted: &UserRequest) -> Result<Reply, Failure> {
    let mut tried = 0;
    loop {
        let reply = attempt(world, &mut ready.loaded, wanted, ready.state, ready.renewed).await;
        let Some(pause) = repeat::pause(world, wanted, &reply, tried) else { return reply };
        tried += 1;
        repeat::tell(world, pause);
        tokio::time::sleep(pause).await;
    }
}

/// Sends it, and once more with a renewed token where the service refuses the old one: a refused request was not
/// acted upon.
async fn attempt(
    world: &dyn World,
    loaded: &mut Loaded,
    wanted: &UserRequest,
    state: State,
    renewed: bool,
) -> Result<Reply, Failure> {
    let (mut request, mut response) = send(world, loaded, wanted, state).await?;
    if response.status == 401 && !renewed && tokens::can_renew(loaded) {
        match tokens::renew(world, loaded).await {
            Ok(()) => (request, response) = send(world, loaded, wanted, state).await?,
            Err(trouble) => return Err(check::failure_of(world, loaded, trouble).await),
        }
    }
    let finding = judged(world, loaded, &request, &response);
    Ok(Reply { response, finding })
}

/// The request as it would be sent now, signed; nothing is sent and nothing is renewed. Any state will do.
///
/// # Errors
/// When the request cannot be made.
pub fn draft(world: &dyn World, wanted: &UserRequest) -> Result<Request, Failure> {
    let mut loaded = check::load(world, prepare(world, &wanted.link_name, wanted.environment.as_deref())?)?;
    if let Some(failure) = check::blocked(&loaded) {
        return Err(failure);
    }
    // A token that is obtained at each use is not there yet; it would be masked anyhow.
    if loaded.prepared.method.obtaining() != Obtaining::Given && loaded.secrets.get(ACCESS_TOKEN).is_none() {
        loaded.secrets.insert(ACCESS_TOKEN, Secret::new(MASK.to_owned()));
        tokens::custody::make_key(world, &loaded.prepared, &mut loaded.secrets);
    }
    let caller = Caller { world, prepared: &loaded.prepared, secrets: &loaded.secrets };
    let mut request = build(&caller, wanted)?;
    let name = wanted.link_name.as_str();
    caller.sign(&mut request).map_err(|fault| match fault {
        Fault::Local(code) => Failure::cause(&code, &[("name", name)]),
        _ => Failure::cause("CONN-SEC-MISSING", &[("name", name)]),
    })?;
    Ok(request)
}

async fn send(
    world: &dyn World,
    loaded: &Loaded,
    wanted: &UserRequest,
    state: State,
) -> Result<(Request, Response), Failure> {
    let caller = Caller { world, prepared: &loaded.prepared, secrets: &loaded.secrets };
    let fingerprints = super::secrets::fingerprints(world, &loaded.prepared, &loaded.secrets);
    let subject = loaded.prepared.subject(&loaded.secrets, state, fingerprints);
    let failed = |fault: Fault| {
        let mut finding = path::fault(&fault, &subject);
        crate::diagnosis::judge::name(&mut finding, &loaded.prepared.connector, &subject);
        Failure::from(finding)
    };
    let mut request = build(&caller, wanted)?;
    caller.sign(&mut request).map_err(failed)?;
    let route = Route { body_cap: LONGEST_ANSWER, ..caller.route().map_err(failed)? };
    let response = caller.send(&mut request, &route).await.map_err(failed)?;
    tracing::info!(method = %request.method, url = %request.shown_url, status = response.status, "answered");
    Ok((request, response))
}

/// What an answer means, by the judge of `conn test`.
fn judged(
    world: &dyn World,
    loaded: &Loaded,
    request: &Request,
    response: &Response,
) -> Option<Box<Finding>> {
    let mut facts = check::blank(world, loaded);
    facts.answers.push(AnswerFact {
        request: "request".to_owned(),
        method: request.method.clone(),
        url: request.shown_url.clone(),
        credentialed: request.credentialed,
        ms: 0.0,
        redirects: Vec::new(),
        answer: Some(answered(response)),
        fault: None,
    });
    history::look_beside(world, &loaded.prepared, &mut facts);
    conclude::note_counter(world, loaded, &facts);
    answer::judge_own(&loaded.prepared.connector, &facts, &facts.answers[0]).err()
}

/// Lets traffic through only where the connection is proven.
///
/// # Errors
/// Names the state and the way out of it.
pub fn gate(prepared: &Prepared, record: &StateRecord) -> Result<(), Failure> {
    let state = record.state;
    if prepared.lacks_primary {
        return Err(Failure::cause("CONN-CFG-PRIMARY-MISSING", &[("name", &prepared.link_name)]));
    }
    let link_name = prepared.link_name.as_str();
    const IS: Text = Text::new("the state of {name} is: {state}", "{name} の状態は「{state}」です");
    let code = match state {
        State::Connected => return Ok(()),
        State::Pending => "CONN-CFG-NOT-AUTHORISED",
        State::Disabled => "CONN-CFG-DISABLED",
        State::NeedsReconnect => record.last_code.as_deref().unwrap_or("CONN-AUTH-REJECTED"),
    };
    // What the last run named is said again, where it is about the credential.
    let known = cause::find(code)
        .filter(|cause| state != State::NeedsReconnect || cause.verdict == Verdict::Rejected);
    let cause = known.unwrap_or_else(|| cause::get("CONN-AUTH-REJECTED"));
    let words = state.text();
    let say = |text: &str, state: &str| text.replace("{name}", link_name).replace("{state}", state);
    let sentence = Phrase { en: say(IS.en, words.en), ja: say(IS.ja, words.ja) };
    let mut finding = Finding::new(cause, Confidence::Certain);
    let subject = prepared.subject(&Secrets::default(), state, BTreeMap::default());
    crate::diagnosis::judge::name(&mut finding, &prepared.connector, &subject);
    let failure = Failure::from(finding).because(sentence);
    Err(if system::awaits(prepared, record) {
        failure.instead(system::authorising(prepared))
    } else {
        failure
    })
}

/// The address of a path below the base of a connection.
///
/// # Errors
/// When it is no such path, or leads to another host.
pub(super) fn address(base: &Url, path: &str, link_name: &str) -> Result<Url, Failure> {
    if !path.starts_with('/') || path.starts_with("//") {
        return Err(no_path(base, path));
    }
    let text = format!("{}{path}", base.as_str().trim_end_matches('/'));
    let url = Url::parse(&text).map_err(|_| no_path(base, path))?;
    if same_origin(&url, base) {
        Ok(url)
    } else {
        Err(Failure::cause("CONN-CFG-HOST-CHANGED", &[("name", link_name)]))
    }
}

/// A path that is written otherwise, with what to write instead of it. The base is named by its host alone: a path may
/// hold a secret.
fn no_path(base: &Url, path: &str) -> Failure {
    const PATH: Text = Text::new(
        "The path {path} does not begin with a single /.",
        "パス {path} は、1 つの / で始まる形で指定してください。",
    );
    const EMPTY: Text = Text::new("The path is empty.", "パスが空です。");
    const WRITE: Text = Text::new(
        "write {right}; conn puts the base URL at {host} before it",
        "{right} と指定してください（先頭に {host} のベース URL が付きます）",
    );
    let host = authority(base).unwrap_or_default();
    let below = path.strip_prefix(base.as_str().trim_end_matches('/'));
    let below = below.filter(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']));
    let behind_host = || path.split_once("://").map(|(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
    let right = format!("/{}", below.or_else(behind_host).unwrap_or(path).trim_start_matches('/'));
    let shown = |text: &str| safe_text::line(text, 120);
    let values = [("path", &*shown(path)), ("right", &shown(&right)), ("host", &shown(&host))];
    let wrong = if path.is_empty() { EMPTY } else { PATH };
    Failure::usage(wrong.fill(&values), Some(WRITE.fill(&values)))
}

/// A next page at another host: the credential does not go there.
fn elsewhere(at: &Url, link_name: &str) -> Failure {
    const OTHER: Text = Text::new(
        "the service names {host} for the next page, another origin than that of the connection",
        "サービスが次のページとして示した {host} は、接続のオリジンと異なります",
    );
    let host = authority(at).unwrap_or_default();
    let evidence = OTHER.fill(&[("host", &safe_text::line(&host, 120))]);
    Failure::cause("CONN-CFG-HOST-CHANGED", &[("name", link_name)]).because(evidence)
}

fn build(caller: &Caller<'_>, wanted: &UserRequest) -> Result<Request, Failure> {
    const HEADER: Text = Text::new("A header of that name cannot be sent.", "そのヘッダーは送信できません。");
    let base = caller.prepared.base(caller.secrets).map_err(|problem| Failure::cause(&problem.code, &[]))?;
    let url = match &wanted.at {
        Some(at) if same_origin(at, &base) => at.clone(),
        Some(at) => return Err(elsewhere(at, &wanted.link_name)),
        None => {
            let mut url = address(&base, &wanted.path, &wanted.link_name)?;
            for (name, value) in &wanted.query {
                url.query_pairs_mut().append_pair(name, value);
            }
            url
        }
    };
    let mut request = Request::new(&wanted.method, url);
    for (name, template) in &caller.prepared.connector.headers {
        let value = template.expand(|name| caller.prepared.value(name, caller.secrets));
        let value = value
            .map_err(|missing| Failure::cause("CONN-CFG-VARIABLE-MISSING", &[("variable", &missing.0)]))?;
        request.set_header(Header::plain(name, value.to_string()));
    }
    for (name, value) in &wanted.headers {
        let fine = !name.is_empty()
            && value.chars().all(|c| !c.is_control())
            && !name.chars().any(char::is_whitespace);
        if !fine
            || matches!(name.to_ascii_lowercase().as_str(), "host" | "content-length" | "transfer-encoding")
        {
            return Err(Failure::usage(HEADER.into(), None));
        }
        request.set_header(Header::plain(name, value));
    }
    if request.header("accept").is_none() {
        request.set_header(Header::plain("Accept", "application/json"));
    }
    request.body =
        wanted.body.clone().map(|(content_type, bytes)| Body { content_type, bytes: Zeroizing::new(bytes) });
    carried(&request, caller)?;
    Ok(request)
}

/// Refuses a body that cannot carry the credential where that travels in the body: neither goes without the other.
///
/// # Errors
/// When it is such a body.
pub(super) fn carried(request: &Request, caller: &Caller<'_>) -> Result<(), Failure> {
    const FORM: Text = Text::new(
        "The credential of {name} travels in a form, and a body of the type {type} is none.",
        "{name} の認証情報はフォームの項目として送信されるため、種類が {type} の本文とは一緒に送れません。",
    );
    const OBJECT: Text = Text::new(
        "The credential of {name} travels in a JSON object, and this body of the type {type} is none.",
        "{name} の認証情報は JSON オブジェクトの項目として送信されるため、この本文（種類は {type}）とは一緒に送れません。",
    );
    const AS_FORM: Text =
        Text::new("Send a form: --form NAME=VALUE", "本文をフォームにしてください: --form 名前=値");
    const AS_OBJECT: Text = Text::new(
        "Send a JSON object: --json '{\"name\": \"value\"}'",
        "本文を JSON オブジェクトにしてください: --json '{\"name\": \"value\"}'",
    );
    let Some(carrier) = api_key::unfit(request, &caller.prepared.method) else { return Ok(()) };
    let (text, hint) = match carrier {
        Carrier::Form => (FORM, AS_FORM),
        Carrier::Object => (OBJECT, AS_OBJECT),
    };
    let own = request.body.as_ref().map_or("", |body| &body.content_type);
    let kind = safe_text::line(request.header("content-type").unwrap_or(own), 80);
    Err(Failure::usage(
        text.fill(&[("name", &caller.prepared.link_name), ("type", &kind)]),
        Some(hint.into()),
    ))
}

#[cfg(test)]
mod tests {
    use super::address;
    use crate::base::Language;

    #[test]
    fn a_wrong_path_is_answered_with_the_right_one_and_with_no_secret_of_the_base() {
        let base = url::Url::parse("https://api.test/bot123:AAsecret/v1/").unwrap();
        for (path, wrong, right) in [
            ("getMe", "The path getMe does not", "write /getMe;"),
            ("//getMe", "The path //getMe does not", "write /getMe;"),
            ("", "The path is empty.", "write /;"),
            ("https://other.test/getMe", "The path https://other.test/getMe does not", "write /getMe;"),
        ] {
            let said = address(&base, path, "bot").unwrap_err().describe(Language::En);
            assert!(said.contains(wrong) && said.contains(right), "{path}: {said}");
            assert!(said.contains("the base URL at api.test before it"), "{path}: {said}");
            assert!(!said.contains("AAsecret"), "{path}: {said}");
        }
        for (rest, right) in [("/getMe?a=1", "/getMe?a=1"), ("?x=1", "/?x=1"), ("", "/"), ("/", "/")] {
            let path = format!("https://api.test/bot123:AAsecret/v1{rest}");
            let said = address(&base, &path, "bot").unwrap_err().describe(Language::En);
            assert!(said.contains(&format!("write {right};")), "{rest}: {said}");
        }
    }
}
