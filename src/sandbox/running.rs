//! Starting, steering and stopping the sandbox.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use super::credentials::Credentials;
use super::fault::{UnknownMode, find_mode};
use super::played::Played;
use super::request::Received;
use super::serve;
use super::state::State;

/// The sandbox service.
pub struct Sandbox;

/// How a sandbox starts.
pub struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The keys and users it knows.
    pub credentials: Credentials,
    /// How long the slow modes wait.
    pub pace: Duration,
    /// Other services that it plays.
    pub services: Vec<Played>,
}

impl Default for Options {
    /// A free port, credentials nobody has seen, and slow modes that wait five seconds.
    fn default() -> Self {
        Self { port: 0, credentials: Credentials::generate(), pace: Duration::from_secs(5), services: vec![] }
    }
}

impl Sandbox {
    /// Starts the service on a thread of its own.
    ///
    /// # Errors
    /// The port is taken, or the system has no more threads.
    pub fn start(options: Options) -> io::Result<Running> {
        let listen = |port| -> io::Result<(TcpListener, SocketAddr)> {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        };
        let (front, address) = listen(options.port)?;
        let (side, elsewhere) = listen(0)?;
        let state = Arc::new(State::new(options, address, elsewhere));
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&state);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new().name("sandbox".to_owned()).spawn(move || {
            runtime.block_on(serve::run(front, side, shared, stopped));
        })?;
        Ok(Running { control: Control(state), stop: Some(stop), thread: Some(thread) })
    }
}

/// A running sandbox; it stops when this is dropped.
pub struct Running {
    control: Control,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.control.0.address
    }

    /// The base URL, without a slash at the end: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// The other host, to which only redirects point and which must never see a credential.
    #[must_use]
    pub fn elsewhere(&self) -> SocketAddr {
        self.control.0.elsewhere
    }

    /// The credentials it knows.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.control.0.credentials
    }

    /// The handle that changes its behaviour.
    #[must_use]
    pub fn control(&self) -> Control {
        self.control.clone()
    }

    /// Every request received so far, those to the other host included.
    #[must_use]
    pub fn requests(&self) -> Vec<Received> {
        self.control.0.requests()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Changes how a running sandbox behaves.
#[derive(Clone)]
pub struct Control(Arc<State>);

impl Control {
    /// Answers every request in this mode from now on.
    ///
    /// # Errors
    /// There is no such mode.
    pub fn fail(&self, mode: &str) -> Result<(), UnknownMode> {
        self.0.set_mode(Some(find_mode(mode)?), None);
        Ok(())
    }

    /// Answers the next requests in this mode, and those after them healthily.
    ///
    /// # Errors
    /// There is no such mode.
    pub fn fail_times(&self, mode: &str, times: u32) -> Result<(), UnknownMode> {
        self.0.set_mode(Some(find_mode(mode)?).filter(|_| times > 0), Some(times));
        Ok(())
    }

    /// Answers healthily again.
    pub fn heal(&self) {
        self.0.set_mode(None, None);
    }

    /// Withdraws a key, as an administrator of the service would.
    pub fn revoke(&self, key: &str) {
        self.0.withdraw(key);
    }

    /// Makes the service know one more key, with every right.
    pub fn issue(&self, key: &str) {
        self.0.issue(key);
    }

    /// Forgets the requests received so far.
    pub fn forget_requests(&self) {
        self.0.forget_requests();
    }
}
