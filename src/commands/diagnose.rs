//! `conn diagnose`: what is wrong, and what to do?

use std::path::PathBuf;

use clap::Args;

use super::help::say;
use super::{Context, fix, present};
use crate::base::{Phrase, Text};
use crate::cause::ExitClass;
use crate::diagnosis::Facts;
use crate::operation::check::Depth;
use crate::operation::{Failure, diagnose};

/// Arguments of `conn diagnose`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The connection.
    #[arg(value_name = "LINK_NAME", required_unless_present = "from", help = say("Connection to diagnose", "診断する接続のリンク名"))]
    pub(super) link_name: Option<String>,
    /// Show everything that was weighed.
    #[arg(long, help = say("Show every piece of evidence", "すべての根拠を表示します"))]
    why: bool,
    /// Without traffic.
    #[arg(long, help = say("Look only at what needs no traffic", "通信せずに確認できる範囲だけを診断します"))]
    offline: bool,
    /// Save the facts.
    #[arg(long, value_name = "FILE", help = say("Save what was observed, without secrets, to judge it again elsewhere", "観測した事実（秘密の値は含みません）を保存し、別の端末で再診断できるようにします"))]
    save: Option<PathBuf>,
    /// Judge saved facts.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["link_name", "offline", "save"], help = say("Judge facts that were saved with --save", "--save で保存した事実を再診断します"))]
    from: Option<PathBuf>,
    #[command(flatten)]
    fixing: fix::FixArguments,
}

/// Runs `conn diagnose`.
///
/// # Errors
/// When the connection does not exist, or a file cannot be read or written.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    let report = if let Some(file) = &arguments.from {
        let path = context.process.folder.join(file);
        let text = std::fs::read_to_string(&path).map_err(|error| file_failure(&path, &error))?;
        diagnose::replay(context.world, &text)?
    } else if arguments.fixing.fix {
        let name = arguments.link_name.as_deref().unwrap_or_default();
        let (facts, _, exit) = fix::run(&arguments.fixing, name, arguments.why, context)?;
        save(arguments, &facts, context)?;
        return Ok(exit);
    } else {
        let name = arguments.link_name.as_deref().unwrap_or_default();
        let depth = if arguments.offline { Depth::Offline } else { Depth::Diagnose };
        let environment = context.settings.environment.as_deref();
        let (report, facts) =
            context.block_on(diagnose::diagnose(context.world, name, environment, depth))?;
        save(arguments, &facts, context)?;
        report
    };
    present::report(context, &report, arguments.why);
    Ok(report.exit())
}

fn save(arguments: &Arguments, facts: &Facts, context: &Context) -> Result<(), Failure> {
    let Some(file) = &arguments.save else { return Ok(()) };
    let path = context.process.folder.join(file);
    let text = serde_json::to_string_pretty(facts).unwrap_or_default();
    let text = crate::base::redact::scrub(&text).into_owned();
    context.world.write_private(&path, text.as_bytes()).map_err(|error| file_failure(&path, &error))
}

/// A file that cannot be read or written.
pub(super) fn file_failure(path: &std::path::Path, error: &std::io::Error) -> Failure {
    const WRONG: Text = Text::new("{file}: {reason}", "{file}: {reason}");
    let (file, reason) = (path.display().to_string(), error.to_string());
    Failure::usage(WRONG.fill(&[("file", &file), ("reason", &reason)]), None::<Phrase>)
}
