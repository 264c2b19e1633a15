//! Passing on the calls of other programs: conn adds the authentication, and nothing that proves it ever reaches
//! them.

mod addresses;
mod forward;
mod pace;
mod rules;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderName, HeaderValue, StatusCode};
use url::Url;
use zeroize::Zeroizing;

use super::check::{self, Loaded};
use super::token::{self, TokenRequest};
use super::{Failure, World, request, tokens, usage};
use crate::base::{Phrase, Secret, Text, system_error};
use crate::port::{Content, Gate, Head, Host, LocalFuture, Reply};
use forward::Current;
use pace::{Pace, Turn};
use rules::{Rules, Turned};

/// How long a connection that was found connected is taken for it.
const TRUST: Duration = Duration::from_secs(1);

/// What is opened.
#[derive(Clone, Debug, Default)]
pub struct ProxyRequest {
    /// The connection.
    pub link_name: String,
    /// The environment; the connection's own where nothing is said.
    pub environment: Option<String>,
    /// The port; any free one where it is 0.
    pub port: u16,
    /// The methods that may come through; all where none is named.
    pub methods: Vec<String>,
    /// The paths below which calls may go; all where none is named.
    pub paths: Vec<String>,
}

/// An open proxy.
pub struct Proxy<'w> {
    world: &'w dyn World,
    gate: Box<dyn Gate>,
    rules: Rules,
    base: Url,
    /// The connection as it is used now; another one after each renewal.
    current: Mutex<Arc<Current>>,
    /// One renewal at a time.
    renewing: tokio::sync::Mutex<()>,
    checked: Mutex<Instant>,
    pace: Pace,
    passed: AtomicU64,
}

/// Opens a proxy for a connection.
///
/// # Errors
/// When the connection is not `connected`, has no token, or the port cannot be opened.
pub async fn open<'w>(world: &'w dyn World, wanted: &ProxyRequest) -> Result<Proxy<'w>, Failure> {
    let named = TokenRequest {
        link_name: wanted.link_name.clone(),
        environment: wanted.environment.clone(),
        ..TokenRequest::default()
    };
    let mut found = token::find(world, &named)?;
    if let Some(problem) = check::base_proxy_problem(world, &found.loaded) {
        return Err(check::failure(&found.loaded.prepared, &problem));
    }
    if found.due {
        token::renew(world, &mut found).await?;
    }
    let loaded = found.loaded;
    let base = loaded.prepared.base(&loaded.secrets);
    let base = base.map_err(|problem| check::failure(&loaded.prepared, &problem))?;
    let gate = world.gateway().open(wanted.port).map_err(|error| not_opened(wanted.port, &error))?;
    let mut bytes = Zeroizing::new([0_u8; 32]);
    world.entropy().fill(&mut *bytes);
    let rules = Rules {
        host: gate.address().to_string(),
        token: Secret::new(URL_SAFE_NO_PAD.encode(*bytes)),
        methods: wanted.methods.clone(),
        paths: wanted.paths.clone(),
    };
    Ok(Proxy {
        world,
        gate,
        rules,
        base,
        current: Mutex::new(Arc::new(Current::new(world, loaded)?)),
        renewing: tokio::sync::Mutex::default(),
        checked: Mutex::new(Instant::now()),
        pace: Pace::default(),
        passed: AtomicU64::new(0),
    })
}

impl Proxy<'_> {
    /// The address for programs.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://{}", self.rules.host)
    }

    /// Where the calls go.
    #[must_use]
    pub fn base(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// What every call must carry.
    #[must_use]
    pub const fn token(&self) -> &Secret {
        &self.rules.token
    }

    /// How many calls were passed on.
    #[must_use]
    pub fn passed(&self) -> u64 {
        self.passed.load(Ordering::Relaxed)
    }

    /// Passes calls on until it is ended.
    pub async fn keep(&self) {
        self.gate.keep(self).await;
    }

    fn now(&self) -> Arc<Current> {
        Arc::clone(&self.current.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The connection, ready to sign: still connected, its token not about to end.
    async fn ready(&self) -> Result<Arc<Current>, Failure> {
        let current = self.now();
        self.still_connected(&current.loaded)?;
        let obtained = current.loaded.secrets.grant().is_some();
        if obtained && tokens::is_due(self.world, &current.loaded) {
            Box::pin(self.renewed(&current)).await
        } else {
            Ok(current)
        }
    }

    /// A person may pause or remove a connection while programs use it.
    fn still_connected(&self, loaded: &Loaded) -> Result<(), Failure> {
        let last = *self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() < TRUST {
            return Ok(());
        }
        let record = self.world.ledger().state(&loaded.prepared.item())?;
        request::gate(&loaded.prepared, &record)?;
        usage::note(self.world, &loaded.prepared, &record);
        *self.checked.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        Ok(())
    }

    /// The connection with tokens that are newer than these.
    async fn renewed(&self, old: &Arc<Current>) -> Result<Arc<Current>, Failure> {
        let _alone = self.renewing.lock().await;
        let current = self.now();
        if !Arc::ptr_eq(&current, old) {
            return Ok(current);
        }
        let old = &old.loaded;
        let (prepared, secrets) = (old.prepared.clone(), old.secrets.duplicate());
        let copy = check::with(prepared, secrets, old.problems.clone(), old.record.clone());
        let mut fresh = Loaded { stored: old.stored, ..copy };
        if let Err(trouble) = Box::pin(tokens::renew(self.world, &mut fresh)).await {
            return Err(Box::pin(check::failure_of(self.world, &fresh, trouble)).await);
        }
        let fresh = Arc::new(Current::new(self.world, fresh)?);
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        Ok(fresh)
    }

    /// An answer of conn's own. Programs tell it from one of the service by its header.
    fn own(&self, status: u16, sentence: &Phrase, code: &str) -> Reply {
        let text = sentence.get(self.world.settings().language);
        let mut reply = Reply::new(Content::Whole(format!("conn proxy: {text}\n").into_bytes()));
        *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
        let headers = [
            (CONTENT_TYPE, "text/plain; charset=utf-8"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (CACHE_CONTROL, "no-store"),
            (HeaderName::from_static("x-conn-proxy"), code),
        ];
        let realm = (status == 401).then_some((WWW_AUTHENTICATE, "Bearer realm=\"conn proxy\""));
        for (name, value) in headers.into_iter().chain(realm) {
            reply.headers_mut().extend(HeaderValue::from_str(value).map(|value| (name, value)));
        }
        reply
    }

    fn turned(&self, why: Turned) -> Reply {
        let (status, sentence) = why.words();
        tracing::info!(status, "turned away");
        self.own(status, &sentence.fill(&[("host", &self.rules.host)]), "turned-away")
    }

    /// A connection that cannot be used now, as an answer.
    fn failed(&self, failure: &Failure, status: u16) -> Reply {
        let language = self.world.settings().language;
        let code = if let Failure::Finding(finding) = failure { finding.cause.code } else { "failed" };
        tracing::info!(status, code, "not passed on");
        self.own(status, &Phrase::same(failure.message(language)), code)
    }

    fn throttled(&self, seconds: i64) -> Reply {
        const USED_UP: Text = Text::new(
            "The service allows no further call for {seconds} s.",
            "サービスの上限に達したため、あと {seconds} 秒は送信できません。",
        );
        let seconds = seconds.to_string();
        let mut reply = self.own(429, &USED_UP.fill(&[("seconds", &seconds)]), "CONN-RATE-BURST");
        reply.headers_mut().extend(HeaderValue::from_str(&seconds).map(|value| (RETRY_AFTER, value)));
        reply
    }

    async fn pass(&self, head: Head, body: Zeroizing<Vec<u8>>) -> Reply {
        loop {
            match self.pace.turn(self.world.clock().now()) {
                Turn::Now => break,
                Turn::After(pause) => tokio::time::sleep(pause).await,
                Turn::Later(seconds) => return self.throttled(seconds),
            }
        }
        let mut current = match self.ready().await {
            Ok(current) => current,
            Err(failure) => return self.failed(&failure, 503),
        };
        let mut renewed = false;
        loop {
            let sent = forward::send(self.world, &current, &self.base, &self.rules.host, &head, &body).await;
            let reply = match sent {
                Ok(reply) => reply,
                // The program's own mistake: a body that cannot carry the credential.
                Err(failure @ Failure::Usage { .. }) => return self.failed(&failure, 415),
                Err(failure) => return self.failed(&failure, 502),
            };
            // A refused call was not acted upon.
            if reply.status() == StatusCode::UNAUTHORIZED && !renewed && tokens::can_renew(&current.loaded) {
                renewed = true;
                match Box::pin(self.renewed(&current)).await {
                    Ok(fresh) => current = fresh,
                    Err(failure) => return self.failed(&failure, 502),
                }
                continue;
            }
            let now = self.world.clock().now();
            let connector = &current.loaded.prepared.connector;
            self.pace.learn(connector, reply.status().as_u16(), reply.headers(), now);
            self.passed.fetch_add(1, Ordering::Relaxed);
            return reply;
        }
    }
}

impl Host for Proxy<'_> {
    fn admit(&self, head: &Head) -> Result<(), Reply> {
        self.rules.judge(head).map_err(|why| self.turned(why))
    }

    fn answer(&self, head: Head, body: Zeroizing<Vec<u8>>) -> LocalFuture<'_, Reply> {
        Box::pin(self.pass(head, body))
    }

    fn too_much(&self) -> Reply {
        self.turned(Turned::Size)
    }
}

fn not_opened(port: u16, error: &std::io::Error) -> Failure {
    const WRONG: Text = Text::new(
        "conn cannot listen on 127.0.0.1:{port}: {reason}",
        "127.0.0.1:{port} で待ち受けできません: {reason}",
    );
    const HINT: Text = Text::new(
        "Stop the program that uses this port, or leave --port out: any free one is taken then.",
        "このポートを使っているプログラムを停止するか、--port を省略して空きポートを使ってください。",
    );
    let values = [("port", port.to_string().into()), ("reason", system_error::explained(error))];
    Failure::usage(WRONG.fill_phrases(&values), Some(HINT.into()))
}
