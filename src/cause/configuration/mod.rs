//! What is wrong in `connectors.toml` or on the command line, before any traffic.

pub mod connection;
pub mod file;
pub mod setup;

pub use connection::{CONNECTION_UNKNOWN, CONNECTOR_UNKNOWN, KIND_UNSUPPORTED, VALUE_FORM, VARIABLE_MISSING};
pub use file::{
    CONNECTOR_OUTDATED, DEFINITION, HOST_CHANGED, HOST_FORM, HOST_INSECURE, LINKNAME_DUP, PLACEHOLDER,
    PROJECT_SECRET, SCHEMA, SYNTAX,
};
pub use setup::{
    DC_UNSUPPORTED, DISABLED, ENV, KIND, NOT_AUTHORISED, PARAM_MISSING, PARAM_PLACEMENT, PRIMARY_MISSING,
    SINGLE,
};
