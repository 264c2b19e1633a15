//! The door on this machine at which a person's browser comes back from a service with its consent.

use super::BoxFuture;
use crate::base::{Phrase, Text};

/// Opens a port of this machine's loopback for the browser.
pub trait Doorway: Send + Sync {
    /// Opens the port; it is open when this returns, and closed when the listener is dropped. Listens on
    /// loopback addresses only. Needs a tokio runtime around it.
    ///
    /// # Errors
    /// When the port is taken, or the system refuses.
    fn open(&self, wish: &DoorwayWish) -> Result<Box<dyn Listener>, DoorwayError>;
}

/// Where the browser is to come back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorwayWish {
    /// The host of the address.
    pub host: DoorwayHost,
    /// A fixed port; any free one where the service does not compare it.
    pub port: Option<u16>,
    /// The path, beginning with `/`, in the form in which it stands in an address.
    pub path: String,
    /// Whether TLS is spoken, with a certificate that only this run knows.
    pub https: bool,
    /// Whether the parameters may come in the body of a POST (OAuth 2.0 Form Post Response Mode).
    pub form_post: bool,
}

/// The host under which the browser finds this machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DoorwayHost {
    /// `127.0.0.1` (RFC 8252, section 7.3).
    #[default]
    Address,
    /// `localhost`, which a browser may take for `127.0.0.1` or `[::1]`: conn listens on both.
    Localhost,
}

/// An open door.
pub trait Listener: Send {
    /// The address for the service and for the person, letter by letter.
    fn redirect_uri(&self) -> String;

    /// The certificate (DER) where TLS is spoken. It is signed by itself, so the browser will warn.
    fn certificate(&self) -> Option<&[u8]>;

    /// Waits for the first callback that carries the mark, a parameter with its value that nobody else knows
    /// (in whichever parameter where no name is given); without a mark for the first one with parameters. Gives its parameters decoded and in order, repeated
    /// ones too. Whatever else knocks gets an answer and changes nothing. There is one callback only: after
    /// it, waiting never ends.
    fn next<'a>(&'a mut self, mark: Option<(&'a str, &'a str)>) -> BoxFuture<'a, Vec<(String, String)>>;

    /// Shows the browser that came back how it ended, and closes the port. Waits for the browser for at
    /// most two seconds.
    fn finish(self: Box<Self>, page: DoorwayPage) -> BoxFuture<'static, ()>;
}

/// What the person reads in the browser at the end. May hold anything; it is shown as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorwayPage {
    /// Whether it went well.
    pub success: bool,
    /// One line.
    pub title: String,
    /// One paragraph per line.
    pub text: String,
}

/// Why the port is not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DoorwayError {
    /// Another program listens on it.
    #[error("port {port} is taken by {}", by.as_deref().unwrap_or("another program"))]
    PortTaken {
        /// The port.
        port: u16,
        /// The program, where the system tells.
        by: Option<String>,
    },
    /// The system refused.
    #[error("no port can be opened: {}", .0.en)]
    Io(Phrase),
}

impl DoorwayError {
    /// What is wrong, and the way out.
    #[must_use]
    pub fn explain(&self) -> Phrase {
        match self {
            Self::PortTaken { port, by: Some(program) } => Text::new(
                "Port {port} of this machine is taken by {program}. End that program, then try again.",
                "この端末のポート {port} は {program} が使用中です。終了してから再実行してください。",
            )
            .fill(&[("port", &port.to_string()), ("program", program)]),
            Self::PortTaken { port, by: None } => Text::new(
                "Port {port} of this machine is taken by another program. End that program, then try again.",
                "この端末のポート {port} は別のプログラムが使用中です。終了してから再実行してください。",
            )
            .fill(&[("port", &port.to_string())]),
            Self::Io(reason) => Text::new(
                "No port of this machine can be opened for the browser: {reason}.",
                "ブラウザーからの応答を受け取るポートを開けません: {reason}",
            )
            .fill_phrases(&[("reason", reason.clone())]),
        }
    }
}
