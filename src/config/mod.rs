//! `connectors.toml`: layers of definitions, and every mistake in them with its place and its way out.
//!
//! Pure: text in, values or mistakes out; files are the business of `adapter::definitions`. The invariant:
//! nothing that this module says holds a value of a file, only key names, positions and words of ours, because
//! any value may be a secret that somebody put in the wrong place.

mod addresses;
mod check;
mod connections;
pub mod fields;
pub mod layer;
mod leaves;
pub mod lint;
mod merge;
pub mod mistake;
mod needs;
pub mod outline;
mod place;
mod plain;
mod refusals;
mod scan;
pub mod schema;
pub mod settings;
mod shape;
mod shared;
mod sheet;
mod shown;
mod syntax;
mod uses;
mod words;

pub use check::check_connector;
pub use connections::Spot;
pub use layer::{BuiltIn, Definitions, Layer, LayerKind, Located};
pub use mistake::{ConfigError, Mistake};
pub use outline::Outline;
pub use settings::{Colour, Folders, Format, Settings};
pub use syntax::check_syntax;
pub use uses::LISTED;

#[cfg(test)]
mod trials;
