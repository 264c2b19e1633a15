//! A conversation of one request: what it spends and how it is built differs, all else is the same.

use super::possession::Possession;
use super::{Conversation, Exchange, Input, Step, Stop, Terms, token_answer};
use crate::base::{Request, Text};
use crate::model::refusal::Spent;
use crate::scheme::Moment;

/// A way to obtain tokens by one request.
pub trait Way: Send {
    /// What the request spends.
    fn spent(&self) -> Spent;

    /// Which exchange it is.
    fn exchange(&self) -> Exchange {
        Exchange::Token
    }

    /// The request, with the proof of the client and without proof of possession.
    ///
    /// # Errors
    /// When a value is missing or cannot be used.
    fn request(&self, terms: &Terms<'_>, moment: &Moment) -> Result<Request, Stop>;
}

/// The conversation of a [`Way`].
#[derive(Default)]
pub struct Once<W> {
    way: W,
    possession: Possession,
}

impl<W: Way> Once<W> {
    fn send(&self, terms: &Terms<'_>, moment: &Moment) -> Result<Step, Stop> {
        let mut request = self.way.request(terms, moment)?;
        self.possession.prove(terms, &mut request, moment)?;
        Ok(Step::Send { exchange: self.way.exchange(), request: Box::new(request) })
    }
}

impl<W: Way> Conversation for Once<W> {
    fn advance(&mut self, terms: &Terms<'_>, input: Input<'_>, moment: &Moment) -> Result<Step, Stop> {
        match input {
            Input::Start => self.send(terms, moment),
            Input::Answer(response) => {
                if self.possession.is_asked_again(terms, response) {
                    return self.send(terms, moment);
                }
                let obtained = token_answer::read_spent(self.way.spent(), terms, response, moment)?;
                Ok(Step::Done(Box::new(obtained)))
            }
            Input::Lost => Err(lost(self.way.spent(), terms)),
            Input::Callback(_) | Input::Waited => Err(Stop::new("CONN-SELF-BUG")),
        }
    }
}

/// No answer came. What can be spent only once may be spent now: sending it again could end everything that
/// was issued with it (RFC 9700, section 4.14).
fn lost(spent: Spent, terms: &Terms<'_>) -> Stop {
    const UNKNOWN: Text = Text::new(
        "the refresh token may be used up: it is not sent a second time",
        "更新トークンが使用済みになった可能性があるため、再送しません",
    );
    let stop = Stop::new("CONN-NET-READ-TIMEOUT");
    if spent == Spent::Refresh && terms.method.refresh_single_use == Some(true) {
        return stop.because(UNKNOWN, &[]);
    }
    stop
}
