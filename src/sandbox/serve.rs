//! The wire: accepts connections, reads requests, and writes what the CRM or a fault says.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::header::{HeaderName, HeaderValue, WWW_AUTHENTICATE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use super::fault;
use super::played;
use super::reply::{Answer, Reply, Trickle};
use super::request::Received;
use super::state::{RATE_LIMIT, State, open};

/// The largest request body that is read.
const BODY_LIMIT: usize = 1024 * 1024;

/// Serves until told to stop.
pub(super) async fn run(
    front: TcpListener,
    side: TcpListener,
    state: Arc<State>,
    stopped: oneshot::Receiver<()>,
) {
    tokio::select! {
        () = accept(front, &state, false) => {}
        () = accept(side, &state, true) => {}
        _ = stopped => {}
    }
}

async fn accept(listener: TcpListener, state: &Arc<State>, elsewhere: bool) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, Arc::clone(state), elsewhere));
        }
    }
}

/// Why hyper must not answer; the bytes that go out instead lie in the connection's `last_words`.
#[derive(Debug, thiserror::Error)]
#[error("this connection ends without HTTP")]
struct WithoutHttp;

async fn converse(stream: TcpStream, state: Arc<State>, elsewhere: bool) {
    let last_words = Mutex::new(Vec::new());
    let service = service_fn(|request| Box::pin(respond(request, &state, elsewhere, &last_words)));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let _ = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let mut stream = connection.into_parts().io.into_inner();
    let words = std::mem::take(&mut *open(&last_words));
    let _ = stream.write_all(&words).await;
    let _ = stream.shutdown().await;
}

async fn respond(
    request: Request<Incoming>,
    state: &State,
    elsewhere: bool,
    last_words: &Mutex<Vec<u8>>,
) -> Result<Response<Trickle>, WithoutHttp> {
    let request = receive(request, elsewhere).await;
    state.record(&request);
    let reply = if elsewhere {
        Answer::html(200, "Somewhere else", "<p>This host is not the CRM.</p>").by_the_edge().into()
    } else if let Some(answer) = played::answer(&state.services, &request) {
        answer.into()
    } else {
        fault::reply(state, &request)
    };
    match reply {
        Reply::Answer(answer) => {
            tokio::time::sleep(answer.wait).await;
            Ok(response(state, answer))
        }
        Reply::Raw(bytes) => {
            *open(last_words) = bytes;
            Err(WithoutHttp)
        }
        Reply::Hangup => Err(WithoutHttp),
        Reply::Silence => match std::future::pending::<Infallible>().await {},
    }
}

async fn receive(request: Request<Incoming>, elsewhere: bool) -> Received {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, BODY_LIMIT).collect().await;
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Received {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        body: body.map(|body| body.to_bytes().to_vec()).unwrap_or_default(),
        elsewhere,
    }
}

fn response(state: &State, answer: Answer) -> Response<Trickle> {
    let mut response = Response::new(Trickle::new(answer.body, answer.drip));
    *response.status_mut() =
        StatusCode::from_u16(answer.status).expect("the sandbox uses valid status codes");
    let headers = response.headers_mut();
    let mut add = |name: &'static str, value: &str| {
        let name = HeaderName::from_static(name);
        let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) else { return };
        // A mode may set one of the usual headers itself; the first value stands. Challenges add up.
        if name == WWW_AUTHENTICATE || !headers.contains_key(&name) {
            headers.append(name, value);
        }
    };
    for (name, value) in &answer.headers {
        add(name, value);
    }
    if answer.vendor {
        add("x-sandbox-request-id", &state.request_id());
        add("x-ratelimit-limit", &RATE_LIMIT.to_string());
        // What nobody's key asked for is on nobody's account.
        let left = if answer.status == 401 { state.left() } else { state.spend() };
        add("x-ratelimit-remaining", &left.to_string());
        add("x-ratelimit-reset", "3600");
    }
    for (name, value) in &answer.sampled {
        // What the wire decides by itself is no part of a sample.
        let name = name.to_ascii_lowercase();
        let framing = ["content-length", "transfer-encoding", "connection", "content-encoding"];
        let pair = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value));
        if let (false, (Ok(name), Ok(value))) = (framing.contains(&name.as_str()), pair) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
