//! The registry of faults. Each mode is one entry in the list of its kind; nothing else names it.

mod body;
mod gate;
mod limit;
mod outage;
mod redirect;
mod wire;

use crate::base::suggest::nearest;
use crate::base::{Text, Timestamp};

use super::crm;
use super::reply::{Answer, Reply};
use super::request::{Received, Route};
use super::state::State;

pub(super) use gate::invalid_fields;

/// One way in which the sandbox can fail.
pub struct Mode {
    /// The name in `/faults/NAME/`, `--mode NAME` and `POST /sandbox/mode`.
    pub name: &'static str,
    /// What a client meets.
    pub about: Text,
    effect: Effect,
}

/// What a mode does to a request.
enum Effect {
    /// Answers in place of the service, whatever the credential.
    Instead(fn(&Ask<'_>) -> Reply),
    /// Spoils an answer to a credential that was accepted; other answers stay.
    Success(fn(Answer, &Ask<'_>) -> Reply),
    /// Changes whatever the service would answer.
    Every(fn(Answer, &Ask<'_>) -> Reply),
}

/// What a mode may look at.
struct Ask<'a> {
    state: &'a State,
    request: &'a Received,
    /// The path without prefixes.
    path: &'a str,
}

/// There is no mode of this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no mode {name}{}", nearest.map(|name| format!("; did you mean {name}?")).unwrap_or_default())]
pub struct UnknownMode {
    /// What was asked for.
    pub name: String,
    /// The nearest name that exists.
    pub nearest: Option<&'static str>,
}

/// Every mode, in the order in which people read them.
pub fn modes() -> impl Iterator<Item = &'static Mode> {
    [gate::MODES, limit::MODES, outage::MODES, redirect::MODES, body::MODES, wire::MODES]
        .into_iter()
        .flatten()
}

/// The mode of a name.
///
/// # Errors
/// There is none; the nearest name is named.
pub fn find_mode(name: &str) -> Result<&'static Mode, UnknownMode> {
    modes().find(|mode| mode.name == name).ok_or_else(|| UnknownMode {
        name: name.to_owned(),
        nearest: nearest(name, modes().map(|mode| mode.name)),
    })
}

/// Answers a request: healthily, in the mode of its path, or in the current mode.
pub(super) fn reply(state: &State, request: &Received) -> Reply {
    let route = Route::of(&request.path);
    let mode = match route.fault {
        Some(name) => match find_mode(name) {
            Ok(mode) => Some(mode),
            Err(unknown) => return Answer::error(404, "mode_unknown", &unknown.to_string()).into(),
        },
        None if route.moved || route.path.starts_with("/sandbox/") || route.path == "/login" => None,
        None => state.next_mode(),
    };
    let healthy = || crm::answer(state, request, &route);
    let Some(mode) = mode else { return healthy().into() };
    let ask = Ask { state, request, path: route.path };
    match mode.effect {
        Effect::Instead(reply) => reply(&ask),
        Effect::Every(change) => change(healthy(), &ask),
        Effect::Success(spoil) => match healthy() {
            answer if answer.status < 300 => spoil(answer, &ask),
            refusal => refusal.into(),
        },
    }
}

/// A moment as HTTP writes it, some seconds from now.
fn http_date(seconds: i64) -> String {
    let moment = Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
    let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
    printer.timestamp_to_rfc9110_string(&moment).expect("the moment lies in this century")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{find_mode, modes};

    #[test]
    fn every_mode_has_a_name_of_its_own_and_words_in_both_languages() {
        let names: BTreeSet<_> = modes().map(|mode| mode.name).collect();
        assert_eq!(names.len(), modes().count());
        for mode in modes() {
            assert!(mode.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
            assert!(mode.about.en.ends_with('.') && mode.about.ja.ends_with('。'), "{}", mode.name);
        }
    }

    #[test]
    fn a_slip_in_a_name_is_answered_with_the_nearest() {
        assert_eq!(find_mode("maintenence").err().and_then(|unknown| unknown.nearest), Some("maintenance"));
    }
}
