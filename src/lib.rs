//! conn keeps connections to other people's HTTP APIs: it knows how each service wants to be spoken to,
//! keeps the secrets, proves that a connection works, and when it does not, names the one cause and the way out.
//!
//! The building, in reading order from the ground up. Each storey may import only from those below it;
//! `tests/house` holds the plan as a table and fails when it is broken.
//!
//! 1. [`base`]: values everyone may use: text in two languages, secrets, names, templates, messages.
//! 2. [`model`]: the nouns of the field as `connectors.toml` writes them.
//! 3. [`cause`]: the catalogue of causes, data in two languages.
//! 4. [`diagnosis`]: facts → findings → report; pure.
//! 5. [`port`]: what operations ask of the world; traits only.
//! 6. [`scheme`]: how a request proves who we are, one file per kind; [`flow`]: how tokens are obtained, as
//!    conversations that say what to do next; [`catalog`]: the services known out of
//!    the box, one TOML file each; [`config`]: settings of a run, layers of definition files; [`moving`]: what other programs keep of
//!    connections. All pure.
//! 7. [`operation`]: one use case per file, the only users of ports; [`output`]: one report, many forms, pure.
//!    Neither knows the other.
//! 8. [`wire`]: what carrier and prober share: trust, proxy choice, name lookup, faults. On it stand [`probe`],
//!    a look at the path to a service, and [`adapter`], the real world behind the ports: HTTP client, secret
//!    stores, files, database, terminal.
//! 9. [`app`]: puts the real world together; the only file that names `adapter`.
//! 10. [`commands`]: one verb per file: arguments, help, and one call of an operation.
//!
//! Beside the storeys stands [`sandbox`], a service to be connected to; it imports only [`base`].
//!
//! The way of one command: `main` gathers the process → `commands::run` reads the command line → a verb calls
//! an operation → the operation asks the ports, signs by a scheme, and lets `diagnosis` judge the facts →
//! `output` writes the report → its exit class becomes the exit code.
//!
//! What to touch for something new: a service is a file in `catalog/services`; a way to authenticate is a file
//! and a line in `scheme`; a way to obtain tokens is a file in `flow`; a cause is an entry in `cause`; an output form is a file and a line in `output`; a
//! verb is a file in `commands` and one in `operation`.

pub mod adapter;
pub mod app;
pub mod base;
pub mod catalog;
pub mod cause;
pub mod commands;
pub mod config;
pub mod diagnosis;
pub mod flow;
pub mod model;
pub mod moving;
pub mod operation;
pub mod output;
pub mod port;
pub mod probe;
pub mod sandbox;
pub mod scheme;
pub mod wire;
