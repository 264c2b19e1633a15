//! One report, many forms. Everything here is pure: a report and a page go in, text comes out; nobody here
//! writes to a stream, reads a clock or decides an exit code.
//!
//! To add a form, write `x.rs` with a [`Renderer`], then its `mod` line and its line in [`RENDERERS`]. The
//! values of `--format` follow from the list, and the contract suite runs on it: every renderer × every sample
//! report × both languages.
//!
//! The invariants: no secret, no control character and no direction mark leaves here (foreign text passes
//! [`words::safe`]), and the same report gives the same bytes.

pub mod changes;
pub mod common;
pub mod explanation;
pub mod github;
pub mod human;
pub mod json;
pub mod jsonl;
pub mod junit;
pub mod machine;
pub mod openmetrics;
pub mod outgoing;
pub mod page;
pub mod paint;
pub mod plain;
pub mod progress;
pub mod reading;
pub mod refusal;
pub mod repair;
pub mod sarif;
pub mod steps;
pub mod table;
pub mod term;
pub mod ticket;
mod weighing;
pub mod words;
pub mod wrap;

#[cfg(test)]
mod account_screens;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod screens;

use crate::diagnosis::Report;

pub use page::Page;

/// A form of a report.
pub trait Renderer: Sync {
    /// The value of `--format`.
    fn name(&self) -> &'static str;

    /// The whole report, ending in a line end.
    fn render(&self, report: &Report, page: &Page) -> String;
}

/// All forms; the first is the default.
pub static RENDERERS: &[&dyn Renderer] = &[
    &human::Human,
    &plain::Plain,
    &json::Json,
    &jsonl::JsonLines,
    &junit::Junit,
    &github::GitHub,
    &openmetrics::OpenMetrics,
];

/// The form with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static dyn Renderer> {
    RENDERERS.iter().copied().find(|renderer| renderer.name() == name)
}
