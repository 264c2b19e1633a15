//! Beneath TLS: what ends the handshake goes out with the first request, and the end of TLS with the goodbye before it.
//!
//! TLS writes each of its flights at once. The last flight of a handshake needs no packet of its own, for the client
//! speaks next (RFC 8446, section 2); neither does a `close_notify` behind the last words of HTTP.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use futures_util::TryFutureExt as _;
use futures_util::future::MapOk;
use hyper::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use tower_service::Service;

use super::waiting::Waiting;

/// The most bytes that wait; more go out at once.
const ROOM: usize = 4 * 1024;

/// Opens streams that TLS will stand on.
#[derive(Clone)]
pub(super) struct Beneath<C>(pub(super) C);

impl<C: Service<Uri>> Service<Uri> for Beneath<C>
where
    C::Response: Write + Unpin,
{
    type Response = Flight<C::Response>;
    type Error = C::Error;
    type Future = MapOk<C::Future, fn(C::Response) -> Self::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), C::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, address: Uri) -> Self::Future {
        self.0.call(address).map_ok(Flight::new)
    }
}

/// A stream that writes when the other side is waited for, and once TLS stands when it is told to.
pub(super) struct Flight<S: Write + Unpin> {
    stream: S,
    waiting: Waiting,
    /// Whether TLS stands.
    stands: bool,
}

impl<S: Write + Unpin> Flight<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, waiting: Waiting::default(), stands: false }
    }

    /// TLS stands, or there is none: from now on a flush is one.
    pub(super) const fn stands(&mut self) {
        self.stands = true;
    }

    /// Writes what waits.
    fn poll_out(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.waiting.poll_out(&mut self.stream, context)
    }
}

/// Why a handshake failed is told to the other side in an alert, after which nobody writes or reads any more. Words of
/// a call that was given up are not sent any more.
impl<S: Write + Unpin> Drop for Flight<S> {
    fn drop(&mut self) {
        let mut context = Context::from_waker(Waker::noop());
        if !self.stands && !self.waiting.is_empty() && self.poll_out(&mut context).is_ready() {
            let _ = Pin::new(&mut self.stream).poll_flush(&mut context);
        }
    }
}

impl<S: Connection + Write + Unpin> Connection for Flight<S> {
    fn connected(&self) -> Connected {
        self.stream.connected()
    }
}

impl<S: Read + Write + Unpin> Read for Flight<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.stands {
            ready!(self.poll_out(context))?;
            // The TLS of a proxy may hold it still.
            ready!(Pin::new(&mut self.stream).poll_flush(context))?;
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: Write + Unpin> Write for Flight<S> {
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
        if !self.stands {
            return Poll::Ready(Ok(()));
        }
        ready!(self.poll_out(context))?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_out(context))?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let length = pieces.iter().map(|piece| piece.len()).sum::<usize>();
        if self.waiting.len() + length <= ROOM {
            for piece in pieces {
                self.waiting.push(piece);
            }
            return Poll::Ready(Ok(length));
        }
        ready!(self.poll_out(context))?;
        Pin::new(&mut self.stream).poll_write_vectored(context, pieces)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io;
    use std::mem::MaybeUninit;
    use std::pin::Pin;
    use std::rc::Rc;
    use std::task::{Context, Poll, Waker};

    use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};

    use super::{Flight, ROOM};

    /// What went out, piece by piece, and the end.
    type Log = Rc<RefCell<Vec<String>>>;

    /// Holds what is written until it is flushed, as the TLS of a proxy may.
    struct Wire {
        log: Log,
        held: String,
    }

    impl Wire {
        fn flush(&mut self) {
            let held = std::mem::take(&mut self.held);
            if !held.is_empty() {
                self.log.borrow_mut().push(held);
            }
        }
    }

    impl Write for Wire {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            self.held.push_str(str::from_utf8(bytes).unwrap());
            Poll::Ready(Ok(bytes.len()))
        }

        fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            self.flush();
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            self.flush();
            self.log.borrow_mut().push("(end)".to_owned());
            Poll::Ready(Ok(()))
        }
    }

    impl Read for Wire {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: ReadBufCursor<'_>,
        ) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    /// What somebody does with the stream.
    enum Act {
        Write(&'static str),
        Long,
        Flush,
        Read,
        Stands,
        Shut,
    }

    /// What goes out meanwhile, before the stream is dropped and after.
    fn sent(acts: &[Act]) -> (Vec<String>, Vec<String>) {
        let log = Log::default();
        let mut flight = Flight::new(Wire { log: Rc::clone(&log), held: String::new() });
        let mut context = Context::from_waker(Waker::noop());
        for act in acts {
            let stream = Pin::new(&mut flight);
            match act {
                Act::Write(text) => assert!(stream.poll_write(&mut context, text.as_bytes()).is_ready()),
                Act::Long => {
                    let head = [b'x'; ROOM];
                    let pieces = [io::IoSlice::new(&head), io::IoSlice::new(b"y")];
                    assert!(stream.poll_write_vectored(&mut context, &pieces).is_ready());
                }
                Act::Flush => assert!(stream.poll_flush(&mut context).is_ready()),
                Act::Read => {
                    let mut room = [MaybeUninit::uninit(); 8];
                    let mut room = ReadBuf::uninit(&mut room);
                    assert!(stream.poll_read(&mut context, room.unfilled()).is_ready());
                }
                Act::Stands => flight.stands(),
                Act::Shut => assert!(stream.poll_shutdown(&mut context).is_ready()),
            }
        }
        let before = log.borrow().clone();
        drop(flight);
        let all = log.borrow().clone();
        (before, all)
    }

    #[test]
    fn what_ends_the_handshake_goes_out_with_the_request() {
        use Act::{Flush, Read, Shut, Stands, Write};
        let (before, all) = sent(&[
            Write("hello"),
            Flush,
            Read,
            Write("finished "),
            Flush,
            Stands,
            Read,
            Write("request"),
            Flush,
            Write("goodbye "),
            Write("notify"),
            Shut,
        ]);
        assert_eq!(before, ["hello", "finished request", "goodbye notify", "(end)"]);
        assert_eq!(all, before);
    }

    #[test]
    fn why_a_handshake_failed_is_still_told() {
        let (before, all) = sent(&[Act::Write("hello"), Act::Read, Act::Write("alert")]);
        assert_eq!((before, all), (vec!["hello".to_owned()], vec!["hello".to_owned(), "alert".to_owned()]));
    }

    #[test]
    fn a_call_that_was_given_up_is_not_sent_any_more() {
        let (_, all) = sent(&[Act::Stands, Act::Write("request")]);
        assert!(all.is_empty(), "{all:?}");
    }

    #[test]
    fn what_is_long_goes_out_behind_what_waits() {
        let (before, _) = sent(&[Act::Stands, Act::Write("head"), Act::Long, Act::Flush]);
        assert_eq!(before, [format!("head{}", "x".repeat(ROOM))]);
    }
}
