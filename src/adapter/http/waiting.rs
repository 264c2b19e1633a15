//! Bytes that wait to be written to a stream.

use std::io;
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper::rt::Write;

/// Bytes that wait, in their order.
#[derive(Default)]
pub(super) struct Waiting {
    bytes: Vec<u8>,
    /// How much of them is out.
    out: usize,
}

impl Waiting {
    /// Writes all of them.
    pub(super) fn poll_out<S: Write + Unpin>(
        &mut self,
        stream: &mut S,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while self.out < self.bytes.len() {
            let written = ready!(Pin::new(&mut *stream).poll_write(context, &self.bytes[self.out..]))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.out += written;
        }
        self.bytes.clear();
        self.out = 0;
        Poll::Ready(Ok(()))
    }

    /// Adds bytes behind the others.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }
}

impl Deref for Waiting {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}
