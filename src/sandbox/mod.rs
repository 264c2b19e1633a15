//! A fictional CRM on loopback: contacts, deals and accounts behind a key, a password or a token, and every
//! fault of the field on request. `conn demo` walks newcomers through it, `conn demo --serve` lets people
//! play, and the project's tests talk to it.
//!
//! Everything in it is made up; its demo credentials open nothing else. It must never listen on anything
//! but 127.0.0.1.
//!
//! - [`Sandbox::start`] gives a [`Running`] service, which stops when it is dropped.
//! - `/api/…` takes any kind of authentication; `/only/KIND/api/…` takes one kind; `/key/KEY/api/…` takes
//!   the key in the path; `/faults/MODE/api/…` shows one fault whatever the current mode is. They combine.
//! - `/services/ID/…` answers as another service would, from its sample answers; see [`Played`].
//!   `/services/ID/sign-in/METHOD/…` gives its tokens; see [`SignIn`].
//! - A new fault is one entry in one list under `fault/`.

mod credentials;
mod crm;
mod digest;
mod door;
mod fault;
mod played;
mod reply;
mod request;
mod running;
mod serve;
mod sign_in;
mod state;
#[cfg(test)]
mod tests;

pub use credentials::{Credentials, DEMO_PORT};
pub use door::KINDS;
pub use fault::{Mode, UnknownMode, find_mode, modes};
pub use played::{Played, Sample};
pub use request::Received;
pub use running::{Control, Options, Running, Sandbox};
pub use sign_in::SignIn;
