//! What is wrong with a secret or the store that keeps it.

pub mod source;
pub mod store;
pub mod value;
pub mod vault;

pub use source::{COMMAND_FAILED, ENV_MISSING, ENV_OVERRIDE, EXPOSED, FILE_UNREADABLE, MISSING};
pub use store::{
    AMBIGUOUS, STORE_ABSENT, STORE_DIED, STORE_ERROR, STORE_HUNG, STORE_LOCKED, STORE_NEVER_UNLOCKED,
    TOO_LONG,
};
pub use value::{CORRUPT, SAMPLE, SHAPE, WHITESPACE};
pub use vault::{VAULT_DAMAGED, VAULT_EXPOSED, VAULT_KEY, VAULT_WRONG_KEY};
