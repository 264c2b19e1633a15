//! conn keeps connections to other people's HTTP APIs: it knows how each service wants to be spoken to,
//! keeps the secrets, proves that a connection works, and when it does not, names the one cause and the way out.
//!
//! The building, from the ground up. Each storey may import only from those below it; `tests/house` holds the
//! plan as a table and fails when it is broken.
//!
//! 1. [`base`]: values everyone may use: text in two languages, secrets, names, templates, messages.
//! 2. [`model`]: the nouns of the field as `connectors.toml` writes them.
//! 3. [`cause`]: the catalogue of causes, data in two languages.
//! 4. [`diagnosis`]: facts → findings → report; pure.
//! 5. [`port`]: what operations ask of the world; traits only.
//! 6. [`catalog`]: the services known out of the box; [`config`]: settings of a run, layers of definition files; pure.
//! 7. [`wire`]: what carrier and prober share: trust, proxy choice, name lookup, faults.
//!    On it stands [`probe`], a look at the path to a service.
//! 8. [`operation`]: one use case per file; [`output`]: one report, many forms; pure.
//! 9. [`commands`]: one verb per file; [`app`] puts the building together.
//!
//! Beside the storeys stands [`sandbox`], a service to be connected to; it imports only [`base`].

pub mod adapter;
pub mod app;
pub mod base;
pub mod catalog;
pub mod cause;
pub mod commands;
pub mod config;
pub mod diagnosis;
pub mod model;
pub mod operation;
pub mod output;
pub mod port;
pub mod probe;
pub mod sandbox;
pub mod scheme;
pub mod wire;
