//! The wire of `conn proxy`: lets in on 127.0.0.1, hears out within limits, and answers piece by piece.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::{self, FuturesUnordered};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, Limited, StreamBody};
use hyper::body::{Body as _, Bytes, Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use crate::port::gateway::LONGEST_BODY;
use crate::port::{Content, Gate, Gateway, Host, LocalFuture, Reply};

/// The longest head of a call, in bytes.
const LONGEST_HEAD: usize = 32 * 1024;
/// How long somebody may take to say a head, or keep a conversation open in silence.
const PATIENCE: Duration = Duration::from_secs(30);
/// The most conversations at once; more wait at the door.
const MOST: usize = 256;
/// After a failed accept, mostly for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// Ports on loopback.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoopbackGateway;

struct Open {
    listener: TcpListener,
    address: SocketAddr,
    /// Heard from the moment that the port is open, so that nobody who was told of it ends it unheard.
    end: Mutex<End>,
}

impl Gateway for LoopbackGateway {
    fn open(&self, port: u16) -> io::Result<Box<dyn Gate>> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Box::new(Open {
            listener: TcpListener::from_std(listener)?,
            address,
            end: Mutex::new(End::new()?),
        }))
    }
}

impl Gate for Open {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn keep<'a>(&'a self, host: &'a dyn Host) -> LocalFuture<'a, ()> {
        Box::pin(async move {
            tokio::select! {
                () = let_in(&self.listener, host) => {}
                () = async { self.end.lock().await.come().await } => {}
            }
        })
    }
}

async fn let_in(listener: &TcpListener, host: &dyn Host) {
    let mut conversations = FuturesUnordered::new();
    loop {
        tokio::select! {
            accepted = listener.accept(), if conversations.len() < MOST => match accepted {
                Ok((stream, _)) => conversations.push(converse(stream, host)),
                Err(_) => tokio::time::sleep(PAUSE).await,
            },
            _ = conversations.next(), if !conversations.is_empty() => {}
        }
    }
}

/// Ctrl-C, or another program that asks this one to end.
#[cfg(unix)]
struct End([tokio::signal::unix::Signal; 2]);

#[cfg(unix)]
impl End {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?]))
    }

    async fn come(&mut self) {
        let [interrupt, terminate] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

/// Ctrl-C, Ctrl-Break, or a console, session or machine that is closed.
#[cfg(windows)]
struct End {
    keys: (tokio::signal::windows::CtrlC, tokio::signal::windows::CtrlBreak),
    closing: (tokio::signal::windows::CtrlClose, tokio::signal::windows::CtrlShutdown),
}

#[cfg(windows)]
impl End {
    fn new() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};
        Ok(Self { keys: (ctrl_c()?, ctrl_break()?), closing: (ctrl_close()?, ctrl_shutdown()?) })
    }

    async fn come(&mut self) {
        tokio::select! {
            _ = self.keys.0.recv() => {}
            _ = self.keys.1.recv() => {}
            _ = self.closing.0.recv() => {}
            _ = self.closing.1.recv() => {}
        }
    }
}

type Answer = Response<UnsyncBoxBody<Bytes, io::Error>>;

async fn converse(stream: TcpStream, host: &dyn Host) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| async move { Ok::<_, Infallible>(respond(request, host).await) });
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn respond(request: Request<Incoming>, host: &dyn Host) -> Answer {
    let (head, body) = request.into_parts();
    if !head.headers.values().all(|value| std::str::from_utf8(value.as_bytes()).is_ok()) {
        return said(host.too_much());
    }
    if let Err(reply) = host.admit(&head) {
        return said(reply);
    }
    let Some(body) = whole(body).await else { return said(host.too_much()) };
    said(host.answer(head, body).await)
}

async fn whole(body: Incoming) -> Option<Zeroizing<Vec<u8>>> {
    if body.is_end_stream() {
        return Some(Zeroizing::default());
    }
    let body = tokio::time::timeout(PATIENCE, Limited::new(body, LONGEST_BODY).collect()).await.ok()?.ok()?;
    Some(Zeroizing::new(Vec::from(body.to_bytes())))
}

fn said(reply: Reply) -> Answer {
    reply.map(|body| match body {
        Content::Whole(bytes) => Full::from(bytes).map_err(|never| match never {}).boxed_unsync(),
        Content::Flowing(pieces) => {
            let coming = stream::unfold(pieces, |mut pieces| async move {
                let piece = pieces.next().await?.map(Frame::data);
                Some((piece.map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof)), pieces))
            });
            StreamBody::new(coming).boxed_unsync()
        }
    })
}
