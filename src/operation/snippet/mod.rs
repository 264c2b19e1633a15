//! Lines of a program that use a connection and never contain its secret.
//!
//! To add a language: a variant in [`ScriptLanguage`], its arm in `write`, and its run in the tests.

pub mod call;
pub mod language;

pub use call::{Call, call, declared};
pub use language::{ScriptLanguage, write};
