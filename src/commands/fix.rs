//! `conn diagnose LINK_NAME --fix`: what is wrong, the plan, and what became of it.

use clap::Args;

use super::help::say;
use super::{Context, present};
use crate::config::Format;
use crate::diagnosis::{Ending, Facts, Report};
use crate::operation::Failure;
use crate::operation::fix::{self, Consent};
use crate::output::repair;

/// The arguments of a repair.
#[derive(Debug, Args)]
pub struct FixArguments {
    /// Repair.
    #[arg(long, conflicts_with_all = ["offline", "from"], help = say("Repair what conn can: plan, consent, test, and only then the change", "conn で可能な修復を行います（計画・同意・テストの後に変更）"))]
    pub(super) fix: bool,
    /// Consent.
    #[arg(long, requires = "fix", help = say("Agree beforehand to a repair that asks first", "確認が必要な修復に、あらかじめ同意します"))]
    yes: bool,
    /// The authority to trust.
    #[arg(long, requires = "fix", value_name = "SHA256", help = say("Trust the certificate authority with this fingerprint, for this connection alone", "この指紋の認証局を、この接続に限り信頼します"))]
    trust: Option<String>,
}

/// Diagnoses and repairs; returns the last report and its facts.
///
/// # Errors
/// When the connection does not exist, or a store or a file fails.
pub fn run(
    arguments: &FixArguments,
    link_name: &str,
    why: bool,
    context: &Context,
) -> Result<(Report, Facts), Failure> {
    let spoken = matches!(context.settings.format, Format::Human | Format::Plain);
    let page = context.page();
    let mut shown = 0;
    let found = |report: &Report, planned: &crate::diagnosis::Repair| {
        if spoken {
            present::report(context, report, why);
            shown += 1;
        }
        context.tell(&repair::plan(planned, &page));
    };
    let consent = Consent { yes: arguments.yes, trust: arguments.trust.as_deref() };
    let environment = context.settings.environment.as_deref();
    let (report, facts) =
        context.block_on(fix::fix(context.world, link_name, environment, consent, found))?;
    let kept = report.entries.iter().flat_map(|entry| &entry.fixes);
    let kept = kept.filter(|applied| applied.ending == Ending::Kept).count();
    // Where the last trial changed nothing, the last report stands as it was shown.
    if spoken && shown > kept {
        let blocks: String = report.entries.iter().map(|entry| repair::block(entry, &page)).collect();
        context.print(&page.finish(blocks));
    } else {
        if spoken && shown > 0 {
            context.print("\n");
        }
        present::report(context, &report, why);
    }
    Ok((report, facts))
}
