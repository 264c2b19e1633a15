//! The wire: lets in, hears out, answers, and closes.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::judge::{Rules, Sort};
use super::page::{self, Answer};
use super::{Knock, MOST};
use crate::base::Language;

/// The longest head of a request, in bytes. Other programs on loopback may have left cookies.
const LONGEST_HEAD: usize = 32 * 1024;

/// The longest body, in bytes.
const LONGEST_BODY: usize = 64 * 1024;

/// After a failed accept, mostly for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// What every conversation needs.
pub(super) struct House {
    pub(super) rules: Rules,
    pub(super) language: Language,
    /// For a handshake, for a head, and for a body.
    pub(super) deadline: Duration,
    /// Closed once the right one came.
    pub(super) knocks: mpsc::Sender<Knock>,
    /// The page at the end.
    pub(super) last: watch::Receiver<Option<String>>,
    /// The page at the end was shown.
    pub(super) seen: Notify,
    pub(super) acceptor: Option<TlsAcceptor>,
}

/// Lets in until the listeners are gone. Ends every conversation when it is dropped itself.
pub(super) async fn keep(listeners: Arc<Mutex<Vec<TcpListener>>>, house: Arc<House>) {
    let mut conversations = JoinSet::new();
    loop {
        while conversations.try_join_next().is_some() {}
        if conversations.len() >= MOST {
            conversations.join_next().await;
        }
        match poll_fn(|context| poll_accept(&listeners, context)).await {
            None => return,
            Some(Ok(stream)) => drop(conversations.spawn(converse(stream, Arc::clone(&house)))),
            Some(Err(_)) => tokio::time::sleep(PAUSE).await,
        }
    }
}

fn poll_accept(
    listeners: &Mutex<Vec<TcpListener>>,
    context: &mut Context<'_>,
) -> Poll<Option<io::Result<TcpStream>>> {
    let listeners = listeners.lock().unwrap_or_else(PoisonError::into_inner);
    if listeners.is_empty() {
        return Poll::Ready(None);
    }
    for listener in listeners.iter() {
        if let Poll::Ready(accepted) = listener.poll_accept(context) {
            return Poll::Ready(Some(accepted.map(|(stream, _)| stream)));
        }
    }
    Poll::Pending
}

async fn converse(stream: TcpStream, house: Arc<House>) {
    let Some(acceptor) = &house.acceptor else {
        return serve(stream, &house).await;
    };
    if let Ok(Ok(stream)) = timeout(house.deadline, acceptor.accept(stream)).await {
        serve(stream, &house).await;
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + Send, house: &House) {
    let is_last = AtomicBool::new(false);
    let service = service_fn(|request| {
        let is_last = &is_last;
        async move { Ok::<_, Infallible>(respond(request, house, is_last).await) }
    });
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(house.deadline)
        .max_buf_size(LONGEST_HEAD)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if is_last.load(Ordering::Relaxed) {
        house.seen.notify_one();
    }
}

async fn respond(request: Request<Incoming>, house: &House, is_last: &AtomicBool) -> Answer {
    let language = house.language;
    let (head, body) = request.into_parts();
    let encoded = match house.rules.sort(&head) {
        Sort::Refused(status) => return page::refused(language, status),
        Sort::Method(allowed) => return page::wrong_method(language, allowed),
        Sort::Clean => return wait_for_the_end(house, is_last).await,
        Sort::Query => head.uri.query().unwrap_or_default().as_bytes().to_vec(),
        Sort::Form => match timeout(house.deadline, Limited::new(body, LONGEST_BODY).collect()).await {
            Err(_) => return page::refused(language, StatusCode::REQUEST_TIMEOUT),
            Ok(Err(_)) => return page::refused(language, StatusCode::PAYLOAD_TOO_LARGE),
            Ok(Ok(body)) => body.to_bytes().to_vec(),
        },
    };
    let parameters: Vec<_> = url::form_urlencoded::parse(&encoded).into_owned().collect();
    knock(house, parameters).await
}

async fn knock(house: &House, parameters: Vec<(String, String)>) -> Answer {
    if parameters.is_empty() {
        return page::refused(house.language, StatusCode::BAD_REQUEST);
    }
    let (verdict, heard) = oneshot::channel();
    if house.knocks.send(Knock { parameters, verdict }).await.is_err() {
        return page::used(house.language);
    }
    match heard.await {
        Ok(true) => page::onward(&house.rules.clean_path),
        Ok(false) => page::refused(house.language, StatusCode::BAD_REQUEST),
        Err(_) => page::used(house.language),
    }
}

/// Only the browser that came back is sent here; before, there is no such page.
async fn wait_for_the_end(house: &House, is_last: &AtomicBool) -> Answer {
    if !house.knocks.is_closed() {
        return page::refused(house.language, StatusCode::NOT_FOUND);
    }
    let mut last = house.last.clone();
    match last.wait_for(Option::is_some).await.map(|page| page.clone()) {
        Ok(Some(page)) => {
            is_last.store(true, Ordering::Relaxed);
            page::ready(page)
        }
        _ => page::used(house.language),
    }
}
