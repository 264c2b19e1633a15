//! What the sandbox says back, before it is put on the wire.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use serde_json::{Value, json};

/// What happens to a request.
pub(super) enum Reply {
    /// An HTTP answer.
    Answer(Answer),
    /// These bytes instead of anything HTTP would write; then the connection is closed.
    Raw(Vec<u8>),
    /// The connection is closed without a byte.
    Hangup,
    /// Nothing, until the client gives up.
    Silence,
}

/// An HTTP answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    /// Headers of a played service.
    pub(super) sampled: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// Whether the CRM itself answers, with its request ID and rate-limit headers, or something before it.
    pub(super) vendor: bool,
    /// How long the first byte waits.
    pub(super) wait: Duration,
    /// The pause between the pieces of the body.
    pub(super) drip: Option<Duration>,
}

impl Answer {
    /// An answer of the CRM in JSON.
    pub(super) fn json(status: u16, value: &Value) -> Self {
        Self::of(status, "application/json", format!("{value}\n"))
    }

    /// An error of the CRM in its usual form.
    pub(super) fn error(status: u16, code: &str, message: &str) -> Self {
        Self::json(status, &json!({ "error": { "code": code, "message": message } }))
    }

    /// A page of the CRM.
    pub(super) fn html(status: u16, title: &str, text: &str) -> Self {
        Self::of(status, "text/html; charset=utf-8", page(title, text))
    }

    /// An answer of the CRM in any form.
    pub(super) fn of(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            sampled: vec![],
            body: body.into(),
            vendor: true,
            wait: Duration::ZERO,
            drip: None,
        }
    }

    /// An answer without a body.
    pub(super) fn empty(status: u16) -> Self {
        Self { headers: vec![], ..Self::of(status, "", "") }
    }

    /// The same answer, given to whoever sets the sandbox up: it is on nobody's account.
    pub(super) fn by_the_control(mut self) -> Self {
        self.vendor = false;
        self
    }

    /// The same answer, given by a machine in front of the CRM.
    pub(super) fn by_the_edge(mut self) -> Self {
        self.vendor = false;
        self.with("server", "sandbox-edge/1.0")
    }

    /// Adds a header.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}

/// A small HTML page.
pub(super) fn page(title: &str, text: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
         <body><h1>{title}</h1>{text}</body></html>\n"
    )
}

/// A body that is written at once, or piece by piece with a pause before each.
pub(super) struct Trickle {
    rest: Bytes,
    pause: Option<Pin<Box<tokio::time::Sleep>>>,
    step: Option<Duration>,
}

impl Trickle {
    pub(super) fn new(body: Vec<u8>, step: Option<Duration>) -> Self {
        Self { rest: body.into(), pause: step.map(|step| Box::pin(tokio::time::sleep(step))), step }
    }
}

impl Body for Trickle {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let length = if let Some(step) = self.step {
            if let Some(pause) = &mut self.pause {
                ready!(pause.as_mut().poll(context));
            }
            self.pause = Some(Box::pin(tokio::time::sleep(step)));
            self.rest.len().min(4)
        } else {
            self.rest.len()
        };
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
