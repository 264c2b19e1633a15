//! `conn connectors`: the services that conn knows, and making one of your own.

mod draft;
mod filter;
mod form;
mod list;
mod new;
mod oauth;
mod probe;
mod record;
mod show;
pub mod table;
#[cfg(test)]
mod tests;

use clap::{Args, Subcommand};
use serde_json::Value;

use super::Context;
use super::help::say;
use crate::cause::ExitClass;
use crate::config::Format;
use crate::operation::Failure;
use crate::output::{Page, machine};

/// The schema of everything that this verb writes as JSON.
const SCHEMA: &str = "conn.connectors/1";

/// The arguments of `conn connectors`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

/// What is done with connectors.
#[derive(Debug, Subcommand)]
enum Action {
    /// Lists them.
    #[command(about = say("List the services that conn knows", "conn が対応しているサービスを一覧表示します"))]
    List(list::ListArguments),
    /// Finds one by words.
    #[command(about = say("Find a service by name, ID or category", "サービスを名前・ID・分類で検索します"))]
    Search(list::SearchArguments),
    /// Shows one.
    #[command(about = say("Show what conn add will ask for, and where to find it", "conn add で必要になる項目と、その確認場所を表示します"))]
    Show(show::Arguments),
    /// Makes one.
    #[command(about = say("Make a connector for a service that is not listed", "一覧にないサービスのコネクターを作成します"))]
    New(Box<new::Arguments>),
    /// Asks an address.
    #[command(about = say("Ask an address whether it has an API, without any credential", "アドレスに API があるかを、認証情報なしで確認します"))]
    Probe(probe::Arguments),
    /// Records a sample.
    #[command(about = say("Turn a real answer into a sample of its connector, without secrets", "実際の応答をコネクターの見本にします（秘密の値は除きます）"))]
    Record(record::Arguments),
}

/// Runs `conn connectors`.
///
/// # Errors
/// When a definition cannot be read, or the command line asks for something that is not there.
pub fn run(arguments: Arguments, context: &Context<'_>) -> Result<ExitClass, Failure> {
    match arguments.action {
        Action::List(arguments) => list::list(&arguments, context),
        Action::Search(arguments) => list::search(&arguments, context),
        Action::Show(arguments) => show::run(&arguments, context),
        Action::New(arguments) => new::run(*arguments, context),
        Action::Probe(arguments) => return probe::run(&arguments, context),
        Action::Record(arguments) => record::run(arguments, context),
    }?;
    Ok(ExitClass::Healthy)
}

/// The reader's side of this run.
fn page(context: &Context<'_>) -> Page {
    let (clock, settings) = (context.world.clock(), &context.settings);
    Page {
        language: settings.language,
        zone: clock.zone(),
        now: clock.now(),
        width: settings.width,
        colour: settings.colour,
        ascii: settings.ascii,
        quiet: settings.quiet,
        why: false,
    }
}

/// Whether the result is written for a program.
const fn is_machine(context: &Context<'_>) -> bool {
    !matches!(context.settings.format, Format::Human | Format::Plain)
}

/// Writes a JSON object: indented, or on one line for `jsonl`.
fn print_json(context: &Context<'_>, value: Value) {
    let value = machine::harmless(value);
    let text = match context.settings.format {
        Format::Jsonl => format!("{value}\n"),
        _ => machine::pretty(&value),
    };
    context.print(&text);
}
