//! The loopback listener for consent callbacks. Everything that reaches it is taken for hostile until it
//! carries the mark: any page in the browser and any program on this machine can knock.
//!
//! What comes in is answered in a task of the runtime; [`Open`] is the caller's hand on it. A callback travels
//! from the task to [`Open::next`] as a [`Knock`] and its verdict back.

mod certificate;
mod door;
mod judge;
mod page;
mod port;
mod taken;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use subtle::ConstantTimeEq as _;
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::task::AbortHandle;

use crate::base::Language;
use crate::port::BoxFuture;
use crate::port::doorway::{Doorway, DoorwayError, DoorwayHost, DoorwayPage, DoorwayWish, Listener};

/// How long whoever knocks may take to say what they want.
pub const DEADLINE: Duration = Duration::from_secs(5);

/// How long the end waits for the browser.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// The most conversations at once; more wait at the door.
const MOST: usize = 32;

/// Opens doors on loopback.
#[derive(Clone, Copy, Debug)]
pub struct LoopbackDoorway {
    language: Language,
    deadline: Duration,
}

impl LoopbackDoorway {
    /// Doors whose pages speak a language, and which wait for at most the deadline for a request to be said.
    #[must_use]
    pub const fn new(language: Language, deadline: Duration) -> Self {
        Self { language, deadline }
    }
}

impl Doorway for LoopbackDoorway {
    fn open(&self, wish: &DoorwayWish) -> Result<Box<dyn Listener>, DoorwayError> {
        let (listeners, port) = port::bind(wish.host, wish.port)?;
        let name = match wish.host {
            DoorwayHost::Address => "127.0.0.1",
            DoorwayHost::Localhost => "localhost",
        };
        let tls = wish
            .https
            .then(|| certificate::make(name))
            .transpose()
            .map_err(|reason| DoorwayError::Io(reason.into()))?;
        let (certificate, acceptor) = tls.unzip();
        let scheme = if wish.https { "https" } else { "http" };
        let (knocks, knocked) = mpsc::channel(MOST);
        let (last_page, last) = watch::channel(None);
        let house = Arc::new(door::House {
            rules: judge::Rules::new(name, port, wish),
            language: self.language,
            deadline: self.deadline,
            knocks,
            last,
            seen: Notify::new(),
            acceptor,
        });
        let listeners = Arc::new(Mutex::new(listeners));
        let task = tokio::spawn(door::keep(Arc::clone(&listeners), Arc::clone(&house)));
        Ok(Box::new(Open {
            redirect_uri: format!("{scheme}://{name}:{port}{}", wish.path),
            certificate,
            listeners,
            house,
            knocked,
            last_page,
            task: task.abort_handle(),
        }))
    }
}

/// A callback that came in, and where its verdict goes: whether it was the right one. Without a verdict the
/// right one was there before.
struct Knock {
    parameters: Vec<(String, String)>,
    verdict: oneshot::Sender<bool>,
}

/// An open door. Closed as soon as it is dropped.
struct Open {
    redirect_uri: String,
    certificate: Option<Vec<u8>>,
    listeners: Arc<Mutex<Vec<TcpListener>>>,
    house: Arc<door::House>,
    /// Closed once the right one came.
    knocked: mpsc::Receiver<Knock>,
    last_page: watch::Sender<Option<String>>,
    task: AbortHandle,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.task.abort();
    }
}

impl Listener for Open {
    fn redirect_uri(&self) -> String {
        self.redirect_uri.clone()
    }

    fn certificate(&self) -> Option<&[u8]> {
        self.certificate.as_deref()
    }

    fn next<'a>(&'a mut self, mark: Option<(&'a str, &'a str)>) -> BoxFuture<'a, Vec<(String, String)>> {
        Box::pin(async move {
            while let Some(Knock { parameters, verdict }) = self.knocked.recv().await {
                let right = fits(&parameters, mark);
                if right {
                    // From here on everybody else comes too late, also those who wait already.
                    self.knocked.close();
                    while self.knocked.try_recv().is_ok() {}
                }
                let _ = verdict.send(right);
                if right {
                    return parameters;
                }
            }
            std::future::pending().await
        })
    }

    fn finish(self: Box<Self>, page: DoorwayPage) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            // Nobody came back, so nobody waits for a page.
            if !self.knocked.is_closed() {
                return;
            }
            let _ = self.last_page.send(Some(page::last(self.house.language, &page)));
            let _ = tokio::time::timeout(LAST_WORDS, self.house.seen.notified()).await;
        })
    }
}

/// Whether a callback carries the mark; the time this takes tells nothing about the mark's value.
fn fits(parameters: &[(String, String)], mark: Option<(&str, &str)>) -> bool {
    let Some((name, value)) = mark else { return true };
    let same = |(key, given): &(String, String)| {
        (name.is_empty() || key == name) && given.as_bytes().ct_eq(value.as_bytes()).into()
    };
    parameters.iter().any(same)
}
