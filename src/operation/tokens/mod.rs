//! Tokens: obtained by conversations, kept beside what a person gave, renewed before they end.

pub mod authorize;
pub mod changes;
pub mod choice;
pub mod converse;
pub mod custody;
pub mod introspect;
pub mod metadata;
pub mod register;
pub mod registration;
pub mod renew;
pub mod revoke;
pub mod waiting;

pub use converse::{Talk, Trouble};
pub use renew::{can_renew, is_due, ready, renew};
