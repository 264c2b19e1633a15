//! Why a service does not accept a request.

pub mod address;
pub mod proof;
pub mod request;
pub mod version;

pub use address::{GONE, HIDDEN, LEGAL, MISDIRECTED, PATH, RESOURCE, TENANT};
pub use proof::{NO_TEST, UNVERIFIED};
pub use request::{
    ACCEPT, BAD_REQUEST, CONFLICT, MEDIA_TYPE, METHOD, REQUEST_TIMEOUT, TOO_LARGE, VALIDATION,
};
pub use version::{DEPRECATED, SUNSET, UPGRADE, VERSION};
