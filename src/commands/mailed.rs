//! `conn diagnose CONNECTOR --status 429 --header 'Retry-After: 17' --body FILE`: an answer that somebody mailed.

use std::path::PathBuf;

use clap::Args;

use super::diagnose::file_failure;
use super::help::say;
use super::{Context, present};
use crate::base::{Phrase, Text};
use crate::cause::ExitClass;
use crate::operation::Failure;
use crate::operation::mailed::{self, Mailed};
use crate::output::ticket;

/// The most bytes of a body.
const LIMIT: u64 = 1024 * 1024;

/// The arguments of a mailed answer.
#[derive(Debug, Args)]
pub struct AnswerArguments {
    /// The status.
    #[arg(long, value_name = "STATUS", value_parser = clap::value_parser!(u16).range(100..=999), conflicts_with_all = ["fix", "bundle", "from", "save", "offline"], help = say("Judge an answer with this status that somebody mailed; LINK_NAME may be a connector then", "受け取った応答（このステータス）を判断します（LINK_NAME にはコネクターも指定できます）"))]
    pub(super) status: Option<u16>,
    /// A header.
    #[arg(long, value_name = "NAME: VALUE", requires = "status", help = say("A header of that answer", "その応答のヘッダー"))]
    header: Vec<String>,
    /// The body.
    #[arg(long, value_name = "FILE", requires = "status", help = say("The body of that answer; - reads standard input", "その応答の本文（- で標準入力）"))]
    body: Option<PathBuf>,
}

/// Judges the answer.
///
/// # Errors
/// When the service is not known, or the body cannot be read.
pub fn run(
    arguments: &AnswerArguments,
    status: u16,
    named: &str,
    (why, ticket): (bool, bool),
    context: &Context,
) -> Result<ExitClass, Failure> {
    let headers = arguments.header.iter().map(|line| header(line)).collect::<Result<_, _>>()?;
    let mailed = Mailed { status, headers, body: body(arguments, context)? };
    let environment = context.settings.environment.as_deref();
    let report = mailed::judge(context.world, named, environment, &mailed)?;
    present::report(context, &report, why);
    if ticket {
        context.print(&ticket::render(&report, &context.page()));
    }
    Ok(report.exit())
}

fn header(line: &str) -> Result<(String, String), Failure> {
    const WRONG: Text = Text::new(
        "A header is written as 'Name: value'.",
        "ヘッダーは 'Name: value' の形式で指定してください。",
    );
    let (name, value) = line.split_once(':').ok_or_else(|| Failure::usage(WRONG.into(), None::<Phrase>))?;
    Ok((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
}

fn body(arguments: &AnswerArguments, context: &Context) -> Result<String, Failure> {
    let Some(file) = &arguments.body else { return Ok(String::new()) };
    let path = context.process.folder.join(file);
    let read = if file.as_os_str() == "-" {
        context.read_input(LIMIT)
    } else {
        use std::io::Read as _;
        let mut bytes = Vec::new();
        std::fs::File::open(&path).and_then(|file| file.take(LIMIT).read_to_end(&mut bytes)).map(|_| bytes)
    };
    let bytes = read.map_err(|error| file_failure(&path, &error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
