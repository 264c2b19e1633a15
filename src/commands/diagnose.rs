//! `conn diagnose`: what is wrong, and what to do?

use std::path::PathBuf;

use clap::Args;

use super::help::say;
use super::look::Look;
use super::{Context, bundle, fix, mailed, present};
use crate::base::{Phrase, Text, system_error};
use crate::cause::ExitClass;
use crate::diagnosis::{Facts, Report};
use crate::operation::{Failure, diagnose};
use crate::output::ticket;

/// Arguments of `conn diagnose`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The connection.
    #[arg(value_name = "LINK_NAME", required_unless_present = "from", help = say("Connection to diagnose", "診断する接続のリンク名"))]
    pub(super) link_name: Option<String>,
    /// How to look.
    #[command(flatten)]
    look: Look,
    /// Whether warnings count.
    #[arg(long, help = say("Exit with 7 when there are only warnings", "警告だけのときに終了コード 7 を返します"))]
    strict: bool,
    /// Save the facts.
    #[arg(long, value_name = "FILE", help = say("Save what was observed, without secrets, to judge it again elsewhere", "観測した事実（秘密の値は含みません）を保存し、別の端末で再診断できるようにします"))]
    save: Option<PathBuf>,
    /// Judge saved facts.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["link_name", "offline", "save"], help = say("Judge facts that were saved with --save", "--save で保存した事実を再診断します"))]
    from: Option<PathBuf>,
    #[command(flatten)]
    fixing: fix::FixArguments,
    #[command(flatten)]
    bundling: bundle::BundleArguments,
    #[command(flatten)]
    answer: mailed::AnswerArguments,
    /// A text for support.
    #[arg(long, conflicts_with = "preview", help = say("Also write a text that can be sent to the service's support", "サービスのサポートに送れる問い合わせ文も出力します"))]
    ticket: bool,
}

/// Runs `conn diagnose`.
///
/// # Errors
/// When the connection does not exist, or a file cannot be read or written.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    let wish = arguments.look.wish();
    if let Some(file) = &arguments.from {
        let path = context.process.folder.join(file);
        let bytes = std::fs::read(&path).map_err(|error| file_failure(&path, &error))?;
        let report = again(context, &bytes, &wish)?;
        present::report(context, &report, arguments.look.why);
        return Ok(report.exit());
    }
    let name = arguments.link_name.as_deref().unwrap_or_default();
    if let Some(status) = arguments.answer.status {
        return mailed::run(&arguments.answer, status, name, (arguments.look.why, arguments.ticket), context);
    }
    let (report, facts) = if arguments.fixing.fix {
        fix::run(&arguments.fixing, name, arguments.look.why, context)?
    } else {
        let environment = context.settings.environment.as_deref();
        let (report, facts) =
            context.block_on(diagnose::diagnose(context.world, name, environment, &wish))?;
        let report = Report { strict: arguments.strict, ..report };
        if !arguments.bundling.is_preview() {
            present::report(context, &report, arguments.look.why);
        }
        (report, facts)
    };
    if arguments.ticket {
        context.print(&ticket::render(&report, &context.page()));
    }
    save(arguments, &facts, context)?;
    bundle::write(&arguments.bundling, name, &report, &facts, context)?;
    Ok(report.exit())
}

/// Judges what was saved or bundled.
fn again(context: &Context, bytes: &[u8], wish: &diagnose::Wish) -> Result<Report, Failure> {
    if let Some(report) = crate::operation::bundle::replay(bytes) {
        return report;
    }
    diagnose::replay(context.world, &String::from_utf8_lossy(bytes), wish)
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
    const WRONG: Text = Text::new("{file}: {reason}.", "{file}: {reason}。");
    const NOWHERE: Text =
        Text::new("{file}: there is no folder {folder}.", "{file}: フォルダー {folder} がありません。");
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
    let absent = folder.filter(|_| error.kind() == std::io::ErrorKind::NotFound);
    let shown = |path: &std::path::Path| Phrase::from(path.display().to_string());
    let (text, reason) = match absent {
        Some(folder) => (NOWHERE, ("folder", shown(folder))),
        None => (WRONG, ("reason", system_error::explained(error))),
    };
    Failure::usage(text.fill_phrases(&[("file", shown(path)), reason]), None::<Phrase>)
}
