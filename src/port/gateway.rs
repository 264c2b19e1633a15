//! A port of this machine at which programs make calls that conn passes on.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;

use zeroize::Zeroizing;

use super::carrier::Pieces;

/// The longest body of a call, in bytes: it is held in memory, to be signed and to be sent again.
pub const LONGEST_BODY: usize = 32 * 1024 * 1024;

/// A future that stays on its thread: one thread serves all calls.
pub type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// The first part of a call, as it came. Every header is text.
pub type Head = http::request::Parts;

/// What is answered.
pub type Reply = http::Response<Content>;

/// The body of an answer.
pub enum Content {
    /// All of it.
    Whole(Vec<u8>),
    /// Piece by piece. Where a piece is an error, the conversation breaks off, so that nobody takes half a body
    /// for a whole one.
    Flowing(Box<dyn Pieces>),
}

/// Who answers the calls.
pub trait Host: Send + Sync {
    /// Turns a call away before its body is read.
    ///
    /// # Errors
    /// What it is told.
    #[expect(clippy::result_large_err, reason = "the reply goes out at once and is kept nowhere")]
    fn admit(&self, head: &Head) -> Result<(), Reply>;

    /// Answers a call that was let in.
    fn answer(&self, head: Head, body: Zeroizing<Vec<u8>>) -> LocalFuture<'_, Reply>;

    /// What somebody is told who sent more than can be taken, or no HTTP.
    fn too_much(&self) -> Reply;
}

/// Opens such ports.
pub trait Gateway: Send + Sync {
    /// Opens a port on 127.0.0.1; any free one where the port is 0. Needs a tokio runtime around it.
    ///
    /// # Errors
    /// When the port is taken, or the system refuses.
    fn open(&self, port: u16) -> io::Result<Box<dyn Gate>>;
}

/// An open port. Closed when it is dropped, and every conversation with it.
pub trait Gate: Send + Sync {
    /// Where it listens.
    fn address(&self) -> SocketAddr;

    /// Lets calls in until the person, or another program, ends this one.
    fn keep<'a>(&'a self, host: &'a dyn Host) -> LocalFuture<'a, ()>;
}
