//! The field's nouns, as `connectors.toml` writes them: connector, auth method, rule, connection.
//!
//! These types are the format: the JSON Schema and every message about a mistake are made from them, so a
//! new field is added here and nowhere else. Nothing here reads a file or a clock.

pub mod answer;
pub mod auth;
pub mod connection;
pub mod connector;
pub mod credential;
pub mod document;
pub mod grant;
pub mod oauth;
pub mod obtain;
pub mod paging;
pub mod parameter;
pub mod predicate;
pub mod refusal;
pub mod request;
pub mod rule;
pub mod shard;
pub mod spent;
pub mod state;

pub use answer::{Answer, Limits};
pub use auth::{AuthKind, AuthMethod};
pub use connection::{Connection, ConnectionKind, SecretSource};
pub use connector::{Confidence, Connector, Environment, Unfit, Variable};
pub use credential::Credential;
pub use document::Document;
pub use grant::Grant;
pub use obtain::Obtaining;
pub use paging::Paging;
pub use parameter::Parameter;
pub use predicate::Predicate;
pub use request::{Permission, REACH, RequestLine, TestRequest};
pub use rule::{Fixture, Rule, Strength};
pub use shard::Shard;
pub use state::{State, Verdict};
