//! Why a service does not accept a credential.

pub mod account;
pub mod key;

pub use account::{DC, IP, KIND, LOCKED, SECOND_FACTOR, SSO, STRIPPED, USER_DISABLED};
pub use key::{
    ANONYMOUS, KEY_EXPIRED, KEY_EXPIRES_SOON, KEY_ROTATED, KEY_UNKNOWN, NOT_SENT, PASSWORD_CHANGED, REJECTED,
    SIGNATURE,
};
