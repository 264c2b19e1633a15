//! From the process to an exit code.

use std::io::{Read, Write};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, FromArgMatches as _};

use super::context::Context;
use super::{Cli, dispatch, help};
use crate::base::{Language, Process, Text, redact, safe_text};
use crate::cause::ExitClass;
use crate::config::Settings;
use crate::operation::{Failure, World};

/// The three streams of a run.
pub struct Streams {
    /// Standard input.
    pub input: Box<dyn Read>,
    /// Standard output: results.
    pub output: Box<dyn Write>,
    /// Standard error: talk.
    pub error: Box<dyn Write>,
}

/// Runs conn: reads the command line, lets `build` make the world for its settings, runs the verb, reports
/// a failure and returns the exit code.
pub fn run(
    process: &Process,
    streams: &mut Streams,
    build: impl FnOnce(&Process, &Settings) -> Box<dyn World>,
) -> u8 {
    if let [_, only] = process.arguments.as_slice()
        && (only == "--version" || only == "-V")
    {
        let line = concat!("conn ", env!("CARGO_PKG_VERSION"), "\n");
        let _ = streams.output.write_all(line.as_bytes());
        return ExitClass::Healthy.code();
    }
    let language = help::choose_language(process);
    let parsed = help::with_version(help::localise(Cli::command()))
        .try_get_matches_from(&process.arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return refuse(&error, language, streams).code(),
    };
    let settings = match cli.global.settings(process, language) {
        Ok(settings) => settings,
        Err(failure) => return report(&failure, language, streams).code(),
    };
    let world = build(process, &settings);
    let _log = crate::app::log(&settings);
    let outcome = {
        let context = Context::new(process, settings, world.as_ref(), streams);
        dispatch(cli.verb, &context)
    };
    match outcome {
        Ok(exit) => exit.code(),
        Err(failure) => report(&failure, language, streams).code(),
    }
}

fn report(failure: &Failure, language: Language, streams: &mut Streams) -> ExitClass {
    let text = failure.describe(language);
    let _ = streams.error.write_all(redact::scrub(&text).as_bytes());
    failure.exit()
}

/// What clap refuses, in the language of the run; help and version go to standard output.
fn refuse(error: &clap::Error, language: Language, streams: &mut Streams) -> ExitClass {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = streams.output.write_all(error.render().to_string().as_bytes());
            return ExitClass::Healthy;
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = streams.error.write_all(error.render().to_string().as_bytes());
        }
        _ if language == Language::En => {
            let _ = streams.error.write_all(redact::scrub(&error.render().to_string()).as_bytes());
        }
        kind => {
            let line = format!("エラー: {}\n\n詳しくは conn --help をご覧ください。\n", refusal(kind, error));
            let _ = streams.error.write_all(redact::scrub(&line).as_bytes());
        }
    }
    ExitClass::Usage
}

fn refusal(kind: ErrorKind, error: &clap::Error) -> String {
    let word = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => safe_text::line(word, 80),
        Some(ContextValue::Strings(words)) => safe_text::line(&words.join("、"), 200),
        _ => String::new(),
    };
    let argument = word(ContextKind::InvalidArg);
    let hint = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
        .map(word)
        .into_iter()
        .find(|hint| !hint.is_empty())
        .map(|hint| format!("「{hint}」のことですか。"))
        .unwrap_or_default();
    match kind {
        ErrorKind::InvalidSubcommand => {
            format!("コマンド「{}」はありません。{hint}", word(ContextKind::InvalidSubcommand))
        }
        ErrorKind::UnknownArgument => format!("引数「{argument}」は使えません。{hint}"),
        ErrorKind::MissingRequiredArgument => format!("必要な引数がありません: {argument}"),
        ErrorKind::InvalidValue if word(ContextKind::InvalidValue).is_empty() => {
            format!("「{argument}」には値が必要です。")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let valid = word(ContextKind::ValidValue);
            let choices = if valid.is_empty() { String::new() } else { format!("使える値: {valid}。") };
            format!("「{argument}」の値「{}」は使えません。{choices}{hint}", word(ContextKind::InvalidValue))
        }
        ErrorKind::ArgumentConflict => {
            format!("「{argument}」は「{}」と同時に指定できません。", word(ContextKind::PriorArg))
        }
        _ => Text::new("wrong arguments", "引数が正しくありません。").ja.to_owned(),
    }
}
