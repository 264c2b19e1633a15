//! An answer as it comes in.

use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::Version;
use hyper::body::{Bytes, Incoming};
use hyper::http::response::Parts;

use super::decode::Decoder;
use super::error;
use crate::base::Response;
use crate::diagnosis::Fault;
use crate::diagnosis::fact::HttpFault;
use crate::port::{BoxFuture, Pieces, Route};

/// The most packed bytes that are unpacked at once: at gzip's best they become a thousand times as many.
const AT_ONCE: usize = 1024;

/// A body on its way.
pub(super) struct Arriving {
    incoming: Incoming,
    idle: Duration,
    decoder: Option<Decoder>,
    /// What came and is not unpacked yet.
    packed: Bytes,
}

impl Arriving {
    /// The head of an answer, and its body. A silence longer than `idle` ends it.
    pub(super) fn new(answer: hyper::Response<Incoming>, idle: Duration) -> (Parts, Self) {
        let (mut parts, incoming) = answer.into_parts();
        let decoder = Decoder::of(&mut parts.headers);
        (parts, Self { incoming, idle, decoder, packed: Bytes::new() })
    }

    /// The next bytes as they came; `None` at the end.
    async fn chunk(&mut self) -> Result<Option<Bytes>, HttpFault> {
        loop {
            let frame = tokio::time::timeout(self.idle, self.incoming.frame()).await;
            let frame = frame.map_err(|_| HttpFault::Stalled)?.transpose();
            match frame.map_err(|error| error::reading(&error))?.map(hyper::body::Frame::into_data) {
                Some(Ok(bytes)) if !bytes.is_empty() => return Ok(Some(bytes)),
                Some(_) => {}
                None => return Ok(None),
            }
        }
    }

    /// The next bytes, unpacked; `None` at the end.
    async fn piece(&mut self) -> Result<Option<Bytes>, HttpFault> {
        loop {
            let Some(decoder) = &mut self.decoder else {
                return self.chunk().await;
            };
            if self.packed.is_empty() {
                if let Some(bytes) = self.chunk().await? {
                    self.packed = bytes;
                    continue;
                }
                let rest = self.decoder.take().map(Decoder::finish).transpose();
                let rest = rest.map_err(|error| error::unpacking(&error))?;
                return Ok(rest.filter(|bytes| !bytes.is_empty()).map(Bytes::from));
            }
            let next = self.packed.split_to(AT_ONCE.min(self.packed.len()));
            let piece = decoder.push(&next).map_err(|error| error::unpacking(&error))?;
            if !piece.is_empty() {
                return Ok(Some(piece.into()));
            }
        }
    }
}

impl Pieces for Arriving {
    fn next(&mut self) -> BoxFuture<'_, Option<Result<Bytes, Fault>>> {
        Box::pin(async move { self.piece().await.map_err(Fault::Http).transpose() })
    }
}

/// Reads an answer as far as its route lets it.
///
/// # Errors
/// Why the body did not end well.
pub(super) async fn read(answer: hyper::Response<Incoming>, route: &Route) -> Result<Response, Fault> {
    let (parts, mut body) = Arriving::new(answer, route.idle);
    let mut response = Response::head(parts.status.as_u16(), &parts.headers);
    version(parts.version).clone_into(&mut response.version);
    while let Some(piece) = body.piece().await.map_err(Fault::Http)? {
        let room = route.body_cap - response.body.len();
        response.body.extend_from_slice(&piece[..room.min(piece.len())]);
        if piece.len() > room {
            response.truncated = true;
            break;
        }
    }
    Ok(response)
}

const fn version(version: Version) -> &'static str {
    match version {
        Version::HTTP_09 => "HTTP/0.9",
        Version::HTTP_10 => "HTTP/1.0",
        Version::HTTP_2 => "HTTP/2.0",
        Version::HTTP_3 => "HTTP/3.0",
        _ => "HTTP/1.1",
    }
}
