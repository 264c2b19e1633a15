//! What is written in one turn goes out in one piece.
//!
//! HTTP/2 flushes its preface and settings, and right after that the first request; what it read is acknowledged alone,
//! and so is the end announced: each would be a record of TLS, a packet and a call of the system of its own.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use tokio::time::{Sleep, sleep};

use super::waiting::Waiting;

/// The acknowledgement of the other side's settings (RFC 9113, section 6.5.3).
const ACKNOWLEDGEMENT: [u8; 9] = [0, 0, 0, 4, 1, 0, 0, 0, 0];
/// How long it waits for words to travel with: hardly a server holds its answer back until it comes.
const PATIENCE: Duration = Duration::from_millis(20);
/// The most bytes that wait; more go out at once.
const ROOM: usize = 16 * 1024;

/// A stream that writes what was flushed when everybody else had a turn.
pub(super) struct Gather<S> {
    stream: S,
    waiting: Waiting,
    /// Whether a flush already let others have their turn.
    yielded: bool,
    /// Until when an acknowledgement that is alone waits.
    company: Option<Pin<Box<Sleep>>>,
    /// Whether what waits only looks like a goodbye.
    goes_on: bool,
}

impl<S: Write + Unpin> Gather<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, waiting: Waiting::default(), yielded: false, company: None, goes_on: false }
    }

    /// Writes what waits.
    fn poll_out(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.waiting.poll_out(&mut self.stream, context))?;
        self.goes_on = false;
        Poll::Ready(Ok(()))
    }
}

/// Whether the last frame is a GOAWAY (RFC 9113, section 6.8), as this side writes it: without words of its own. It
/// waits for what always follows, the end of the stream.
fn ends_with_goodbye(frames: &[u8]) -> bool {
    const HEAD: [u8; 9] = [0, 0, 8, 7, 0, 0, 0, 0, 0];
    frames.len().checked_sub(HEAD.len() + 8).is_some_and(|start| frames[start..].starts_with(&HEAD))
}

impl<S: Connection> Connection for Gather<S> {
    fn connected(&self) -> Connected {
        self.stream.connected()
    }
}

impl<S: Read + Write + Unpin> Read for Gather<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        // After a goodbye nobody reads.
        self.goes_on |= ends_with_goodbye(&self.waiting);
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: Write + Unpin> Write for Gather<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.waiting.len() + bytes.len() <= ROOM {
            self.waiting.push(bytes);
            return Poll::Ready(Ok(bytes.len()));
        }
        ready!(self.poll_out(context))?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.goes_on && ends_with_goodbye(&self.waiting) {
            // Should these be somebody's bytes that only look like it, this task reads and flushes once more.
            context.waker().wake_by_ref();
            return Poll::Ready(Ok(()));
        }
        if *self.waiting == ACKNOWLEDGEMENT {
            ready!(self.company.get_or_insert_with(|| Box::pin(sleep(PATIENCE))).as_mut().poll(context));
        } else if !self.waiting.is_empty() && !self.yielded {
            self.yielded = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        ready!(self.poll_out(context))?;
        self.yielded = false;
        self.company = None;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_out(context))?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::mem::MaybeUninit;
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};

    use super::{ACKNOWLEDGEMENT, Gather, ROOM};

    /// Keeps what comes, a limited number of bytes at once.
    #[derive(Default)]
    struct Sink {
        pieces: Vec<usize>,
        bytes: Vec<u8>,
        most: usize,
        is_shut: bool,
    }

    impl Write for Sink {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            let taken = bytes.len().min(self.most);
            self.pieces.push(taken);
            self.bytes.extend_from_slice(&bytes[..taken]);
            Poll::Ready(Ok(taken))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            self.is_shut = true;
            Poll::Ready(Ok(()))
        }
    }

    /// Nothing comes back.
    impl Read for Sink {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: ReadBufCursor<'_>,
        ) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    fn gather(most: usize) -> Gather<Sink> {
        Gather::new(Sink { most, ..Sink::default() })
    }

    fn write(gather: &mut Gather<Sink>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(gather).poll_write(&mut Context::from_waker(Waker::noop()), bytes)
    }

    fn flush(gather: &mut Gather<Sink>) -> Poll<io::Result<()>> {
        Pin::new(gather).poll_flush(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn what_is_written_in_one_turn_is_one_piece() {
        let mut gather = gather(ROOM);
        for (word, done) in [(&b"preface "[..], false), (b"request", true), (b" next", false), (b"", true)] {
            assert!(matches!(write(&mut gather, word), Poll::Ready(Ok(n)) if n == word.len()));
            assert_eq!(flush(&mut gather).is_ready(), done);
        }
        assert_eq!(gather.stream.bytes, b"preface request next");
        assert_eq!(gather.stream.pieces, [15, 5]);
        assert!(flush(&mut gather).is_ready(), "nothing waits");
    }

    #[test]
    fn what_is_long_goes_out_behind_what_waits() {
        let mut gather = gather(10_000);
        let long = vec![b'x'; ROOM];
        let _ = write(&mut gather, b"head");
        assert!(matches!(write(&mut gather, &long), Poll::Ready(Ok(10_000))));
        assert_eq!(gather.stream.pieces, [4, 10_000]);
        assert!(gather.stream.bytes.starts_with(b"headxx"));
    }

    #[tokio::test]
    async fn an_acknowledgement_travels_with_the_next_words() {
        let mut gather = gather(ROOM);
        let _ = write(&mut gather, &ACKNOWLEDGEMENT);
        assert!(flush(&mut gather).is_pending());
        assert!(flush(&mut gather).is_pending(), "another turn is no reason");
        let _ = write(&mut gather, b" and a request");
        assert!(flush(&mut gather).is_pending());
        assert!(flush(&mut gather).is_ready());
        assert_eq!(gather.stream.pieces, [23]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_acknowledgement_that_stays_alone_goes_out_alone() {
        let mut gather = gather(ROOM);
        let _ = write(&mut gather, &ACKNOWLEDGEMENT);
        std::future::poll_fn(|context| Pin::new(&mut gather).poll_flush(context)).await.unwrap();
        assert_eq!(gather.stream.bytes, ACKNOWLEDGEMENT);
    }

    /// A GOAWAY without an error.
    const GOODBYE: [u8; 17] = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0];

    #[test]
    fn a_goodbye_goes_out_with_the_end() {
        let mut gather = gather(ROOM);
        let _ = write(&mut gather, &ACKNOWLEDGEMENT);
        let _ = write(&mut gather, &GOODBYE);
        assert!(flush(&mut gather).is_ready());
        assert!(gather.stream.pieces.is_empty());
        assert!(Pin::new(&mut gather).poll_shutdown(&mut Context::from_waker(Waker::noop())).is_ready());
        assert_eq!((gather.stream.pieces.as_slice(), gather.stream.is_shut), (&[26][..], true));
    }

    #[test]
    fn what_only_looks_like_a_goodbye_goes_out_where_somebody_reads_on() {
        let mut gather = gather(ROOM);
        let _ = write(&mut gather, &GOODBYE);
        assert!(flush(&mut gather).is_ready());
        let mut room = [MaybeUninit::uninit(); 8];
        let mut room = ReadBuf::uninit(&mut room);
        let mut context = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut gather).poll_read(&mut context, room.unfilled()).is_ready());
        assert!(flush(&mut gather).is_pending(), "another turn, as for everything");
        assert!(flush(&mut gather).is_ready());
        assert_eq!(gather.stream.bytes, GOODBYE);
    }

    #[test]
    fn nothing_is_lost_where_the_stream_takes_a_part_or_is_shut() {
        let mut gather = gather(3);
        let _ = write(&mut gather, b"goodbye");
        let mut context = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut gather).poll_shutdown(&mut context).is_ready());
        assert_eq!((gather.stream.bytes.as_slice(), gather.stream.is_shut), (&b"goodbye"[..], true));
        gather.stream.most = 0;
        let _ = write(&mut gather, b"more");
        let _ = flush(&mut gather);
        assert!(
            matches!(flush(&mut gather), Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::WriteZero)
        );
    }
}
