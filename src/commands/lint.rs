//! `conn lint [FILE]`: every mistake of the definitions, with its place and the way out, and advice.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::Context;
use super::help::say;
use crate::base::{Phrase, Text};
use crate::cause::ExitClass;
use crate::config::Format;
use crate::config::lint::Advice;
use crate::operation::Failure;
use crate::operation::lint::{Linted, lint};
use crate::output::sarif::{self, Remark};
use crate::output::wrap;

/// The arguments of `conn lint`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The file.
    #[arg(value_name = "FILE", help = say("The file to check; all that conn reads where none is given", "検査するファイル（省略時は conn が読み込むすべてのファイル）"))]
    file: Option<PathBuf>,
    /// Advice counts.
    #[arg(long, help = say("End with exit code 7 when there is advice", "助言がある場合は終了コード7で終了します"))]
    strict: bool,
}

/// Checks the definitions: exit 0 without a mistake, 5 with one, 7 with `--strict` and advice.
///
/// # Errors
/// Never; a file that cannot be read is a mistake among the others.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    let read = match &arguments.file {
        Some(file) => context.world.definitions_in(file),
        None => context.world.definitions(),
    };
    let linted = match read {
        Ok(definitions) => lint(&definitions),
        Err(error) => Linted { files: 1, mistakes: error.mistakes, advice: Vec::new() },
    };
    match context.settings.format {
        Format::Json | Format::Jsonl => context.print(&machine(&linted, context)),
        Format::Github => github(&linted, context),
        Format::Sarif => context.print(&code_scanning(&linted, context)),
        _ => people(&linted, context),
    }
    Ok(if !linted.mistakes.is_empty() {
        ExitClass::Local
    } else if arguments.strict && !linted.advice.is_empty() {
        ExitClass::Warnings
    } else {
        ExitClass::Healthy
    })
}

/// One line, hanging by four cells; whole where no person reads it, so that programs find one mistake a line.
fn wrapped(lead: &str, words: &str, width: Option<usize>) -> String {
    match width {
        Some(width) => wrap::hanging(lead, 4, words, width),
        None => format!("{lead}{words}\n"),
    }
}

fn people(linted: &Linted, context: &Context) {
    let language = context.language();
    let page = context.page();
    let shown = context.settings.format == Format::Human && context.process.terminal.output;
    let width = shown.then(|| page.text_width());
    for mistake in &linted.mistakes {
        let (place, code) = (mistake.place(), mistake.code);
        context.print(&wrapped("", &format!("{place}: {} [{code}]", mistake.message.get(language)), width));
        if let Some(hint) = &mistake.hint {
            context.print(&wrapped("  → ", hint.get(language), width));
        }
    }
    let lead = Text::new("advice", "助言").get(language);
    for Advice { id, path, line, column, message } in linted.advice.iter().filter(|_| !context.settings.quiet)
    {
        let place = format!("{}:{line}:{column}", path.display());
        context.print(&wrapped("", &format!("{place}: {lead}: {} [{id}]", message.get(language)), width));
    }
    context.remark(&closing(linted));
}

fn closing(linted: &Linted) -> Phrase {
    let sentence = match (linted.files, linted.mistakes.len()) {
        (0, _) => Text::new("There is no connectors.toml yet.", "connectors.toml はまだありません。"),
        (1, 0) => Text::new("1 file, no mistakes.", "1件のファイルを検査しました。誤りはありません。"),
        (_, 0) => {
            Text::new("{files} files, no mistakes.", "{files}件のファイルを検査しました。誤りはありません。")
        }
        (_, 1) => Text::new("1 mistake.", "誤りが1件あります。"),
        _ => Text::new("{count} mistakes.", "誤りが{count}件あります。"),
    };
    let values = [("files", &*linted.files.to_string()), ("count", &*linted.mistakes.len().to_string())];
    sentence.fill(&values)
}

fn machine(linted: &Linted, context: &Context) -> String {
    let language = context.language();
    let mistakes = linted.mistakes.iter().map(|mistake| {
        json!({
            "file": mistake.path.display().to_string(),
            "line": mistake.line,
            "column": mistake.column,
            "code": mistake.code,
            "message": mistake.message.get(language),
            "hint": mistake.hint.as_ref().map(|hint| hint.get(language)),
        })
    });
    let advice = linted.advice.iter().map(|advice| {
        json!({
            "file": advice.path.display().to_string(),
            "line": advice.line,
            "column": advice.column,
            "id": advice.id,
            "message": advice.message.get(language),
        })
    });
    let (mistakes, advice): (Vec<_>, Vec<_>) = (mistakes.collect(), advice.collect());
    format!("{}\n", json!({ "schema": "conn.lint/1", "mistakes": mistakes, "advice": advice }))
}

/// What code scanning reads.
fn code_scanning(linted: &Linted, context: &Context) -> String {
    let mistakes = linted.mistakes.iter().map(|mistake| Remark {
        rule: mistake.code,
        is_mistake: true,
        path: &mistake.path,
        line: mistake.line,
        column: mistake.column,
        message: &mistake.message,
        hint: mistake.hint.as_ref(),
    });
    let advice = linted.advice.iter().map(|advice| Remark {
        rule: advice.id,
        is_mistake: false,
        path: &advice.path,
        line: advice.line,
        column: advice.column,
        message: &advice.message,
        hint: None,
    });
    let remarks: Vec<Remark<'_>> = mistakes.chain(advice).collect();
    sarif::render(&remarks, &context.process.folder, context.language())
}

/// Lines that GitHub shows beside the files.
fn github(linted: &Linted, context: &Context) {
    let language = context.language();
    for mistake in &linted.mistakes {
        let hint = mistake.hint.as_ref().map(|hint| format!(" → {}", hint.get(language)));
        let text = format!("{}{}", mistake.message.get(language), hint.unwrap_or_default());
        let place = (&*mistake.path, mistake.line, mistake.column);
        context.print(&annotation("error", place, mistake.code, &text));
    }
    for advice in &linted.advice {
        let place = (&*advice.path, advice.line, advice.column);
        context.print(&annotation("warning", place, advice.id, advice.message.get(language)));
    }
}

fn annotation(level: &str, (path, line, column): (&Path, usize, usize), title: &str, text: &str) -> String {
    let escape = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| escape(text).replace(':', "%3A").replace(',', "%2C");
    let (file, text) = (property(&path.display().to_string()), escape(text));
    format!("::{level} file={file},line={line},col={column},title={title}::{text}\n")
}

#[cfg(test)]
mod tests {
    use crate::catalog;
    use crate::config::{BuiltIn, Definitions, Layer, LayerKind};

    #[test]
    fn the_sample_that_people_copy_has_no_mistake() {
        let text = include_str!("../../connectors.toml").to_owned();
        let layer = Layer { kind: LayerKind::User, path: "connectors.toml".into(), text };
        let built_in = BuiltIn { find: catalog::text, ids: catalog::ids };
        let definitions = Definitions::new(vec![layer]).with_built_in(built_in);
        assert_eq!(definitions.mistakes(), []);
        assert_eq!(definitions.connections().unwrap().len(), 3);
        assert!(definitions.connector("sandbox-form").unwrap().is_some());
    }
}
