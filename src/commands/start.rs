//! From the process to an exit code.

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::{Read, Write};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, FromArgMatches as _};

use super::context::Context;
use super::{Cli, dispatch, global, help};
use crate::base::{Language, Process, Text, redact, safe_text};
use crate::cause::ExitClass;
use crate::config::Settings;
use crate::operation::{Failure, World};
use crate::output::refusal::Refusal;
use crate::output::wrap;

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
    let grammar = || help::with_version(help::localise(Cli::command()));
    let parsed = match parse(grammar(), process) {
        // Only who reads the texts pays for breaking them.
        Err(error) if language == Language::Ja && is_help(error.kind()) => {
            parse(help::wrapped(grammar(), global::width(process)), process)
        }
        parsed => parsed,
    };
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return refuse(&error, language, wished_form(process), streams).code(),
    };
    let settings = match cli.global.settings(process, language) {
        Ok(settings) => settings,
        Err(failure) => {
            return report(&failure, language, wished_form(process), DEFAULT_WIDTH, streams).code();
        }
    };
    let (form, width) = (settings.format.name(), settings.width);
    let world = build(process, &settings);
    let _log = crate::app::log(&settings);
    let outcome = {
        let context = Context::new(process, settings, world.as_ref(), streams);
        dispatch(cli.verb, &context)
    };
    match outcome {
        Ok(exit) => exit.code(),
        Err(failure) => report(&failure, language, form, width, streams).code(),
    }
}

fn parse(mut grammar: clap::Command, process: &Process) -> Result<Cli, clap::Error> {
    let parsed = grammar
        .try_get_matches_from_mut(spoken(&process.arguments).iter())
        .and_then(|matches| Cli::from_arg_matches(&matches));
    // To take the grammar apart costs half of what the parse did, and the process ends soon.
    std::mem::forget(grammar);
    parsed
}

const fn is_help(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand)
}

/// `conn help VERB` as the grammar says it: `conn VERB --help`.
fn spoken(arguments: &[OsString]) -> Cow<'_, [OsString]> {
    match arguments {
        [program, help, verbs @ ..] if help == "help" => {
            let before = std::iter::once(program).chain(verbs).cloned();
            before.chain([OsString::from("--help")]).collect::<Vec<_>>().into()
        }
        _ => arguments.into(),
    }
}

/// The width of lines before the settings are known.
const DEFAULT_WIDTH: usize = 100;

fn report(
    failure: &Failure,
    language: Language,
    form: &str,
    width: usize,
    streams: &mut Streams,
) -> ExitClass {
    let text: String = failure.describe(language).lines().map(|line| wrapped(line, width)).collect();
    let _ = streams.error.write_all(redact::scrub(&text).as_bytes());
    let (code, number, evidence) = match failure {
        Failure::Finding(finding) => {
            (Some(finding.cause.code), Some(finding.cause.number), &*finding.evidence)
        }
        _ => (None, None, [].as_slice()),
    };
    let refusal = Refusal {
        code,
        number,
        exit: failure.exit(),
        message: failure.message(language),
        evidence: evidence.iter().map(|one| one.sentence.get(language).to_owned()).collect(),
        steps: failure.steps(language),
    };
    tell_programs(&refusal, form, language, streams);
    failure.exit()
}

/// A program that asked for a form gets an answer in it whatever happens.
fn tell_programs(refusal: &Refusal, form: &str, language: Language, streams: &mut Streams) {
    if let Some(text) = refusal.render(form, language) {
        let _ = streams.output.write_all(redact::scrub(&text).as_bytes());
    }
}

/// A line of talk within the width, hanging below its mark; a command stays whole.
fn wrapped(line: &str, width: usize) -> String {
    if safe_text::width(line) <= width {
        return format!("{line}\n");
    }
    let text = line.trim_start();
    let lead = line.len() - text.len();
    let mark = text.split_once(' ').map_or(0, |(first, _)| {
        let number = first.ends_with('.') && first.len() == 2;
        if number || matches!(first, "-" | "→" | "✗") { safe_text::width(first) + 1 } else { 0 }
    });
    let (words, command) = text.split_once("  $ ").map_or((text, None), |(words, rest)| (words, Some(rest)));
    let (start, words) = words.split_at(words.char_indices().nth(mark).map_or(0, |(at, _)| at));
    let indent = lead + mark;
    let mut block = wrap::hanging(&format!("{}{start}", " ".repeat(lead)), indent, words, width);
    if let Some(command) = command {
        block.push_str(&format!("{}$ {command}\n", " ".repeat(indent)));
    }
    block
}

/// The form that a command line asks for which cannot be read otherwise.
fn wished_form(process: &Process) -> &str {
    let mut words = process.arguments.iter().filter_map(|word| word.to_str());
    let mut wish = process.variables.get("CONN_FORMAT").unwrap_or_default();
    while let Some(word) = words.next() {
        match word.strip_prefix("--format") {
            Some("") => wish = words.next().unwrap_or_default(),
            Some(rest) => wish = rest.strip_prefix('=').unwrap_or(wish),
            None => {}
        }
    }
    wish
}

/// What clap refuses, in the language of the run; help and version go to standard output.
fn refuse(error: &clap::Error, language: Language, form: &str, streams: &mut Streams) -> ExitClass {
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
            let usage = match error.get(ContextKind::Usage) {
                Some(ContextValue::StyledStr(usage)) => {
                    usage.to_string().replacen("Usage:", "使い方:", 1) + "\n\n"
                }
                _ => String::new(),
            };
            let line =
                format!("エラー: {}\n\n{usage}詳しくは conn --help をご覧ください。\n", said(kind, error));
            let _ = streams.error.write_all(redact::scrub(&line).as_bytes());
        }
    }
    let english = error.render().to_string();
    let english = english.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let message = if language == Language::Ja { said(error.kind(), error) } else { english };
    let (code, number, exit) = (None, None, ExitClass::Usage);
    let refusal = Refusal { code, number, exit, message, evidence: Vec::new(), steps: Vec::new() };
    tell_programs(&refusal, form, language, streams);
    ExitClass::Usage
}

fn said(kind: ErrorKind, error: &clap::Error) -> String {
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
            // Whoever refused it said why; what libraries say is English and stays out.
            let why = std::error::Error::source(error).map(ToString::to_string);
            let why = why.filter(|why| !why.is_ascii()).map(|why| format!("{why}。")).unwrap_or_default();
            let value = word(ContextKind::InvalidValue);
            format!("「{argument}」の値「{value}」は使えません。{choices}{why}{hint}")
        }
        ErrorKind::ArgumentConflict => {
            format!("「{argument}」は「{}」と同時に指定できません。", word(ContextKind::PriorArg))
        }
        _ => Text::new("wrong arguments", "引数が正しくありません。").ja.to_owned(),
    }
}
