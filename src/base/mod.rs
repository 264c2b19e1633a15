//! Values that everyone may use. Nothing here knows a connector, a network or a file.

pub mod authority;
pub mod fingerprint;
pub mod hex;
pub mod language;
pub mod link;
pub mod loopback;
pub mod message;
pub mod name;
pub mod octets;
pub mod peer;
pub mod pointer;
pub mod process;
pub mod raw_json;
pub mod redact;
pub mod safe_text;
pub mod secret;
pub mod shell;
pub mod strict;
pub mod suggest;
pub mod template;
pub mod text;
pub mod time;
pub mod typed;

pub use authority::{authority, same_origin};
pub use fingerprint::sha256;
pub use hex::{hex, unhex};
pub use language::Language;
pub use loopback::is_loopback;
pub use message::{Body, Header, Request, Response};
pub use name::{ConnectorId, LinkName, NameError};
pub use peer::Peer;
pub use process::{Process, Terminal, Variables};
pub use secret::Secret;
pub use template::Template;
pub use text::{Phrase, Text};
pub use time::Timestamp;
