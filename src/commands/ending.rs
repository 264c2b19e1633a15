//! What ends a run of `conn test`: which findings count, and how long it is tried.

use std::time::Duration;

use clap::Args;

use super::Context;
use super::help::say;
use crate::base::Text;
use crate::cause::{self, ExitClass, Severity};
use crate::diagnosis::Report;

/// How long `--wait` waits at most.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// What ends a run.
#[derive(Debug, Default, Args)]
pub struct Ending {
    /// Whether warnings count.
    #[arg(long, help = say("Exit with 7 when there are only warnings", "警告だけのときに終了コード 7 を返します"))]
    strict: bool,
    /// What counts.
    #[arg(long, value_name = "WHAT", value_delimiter = ',', value_parser = counted, help = say("What makes the run fail: error, warning, or codes (CONN-PXY-AUTH,2203)", "失敗とみなすもの: error、warning、またはコード（CONN-PXY-AUTH,2203）"))]
    fail_on: Vec<Counted>,
    /// Whether the run never fails.
    #[arg(long, conflicts_with_all = ["strict", "fail_on"], help = say("Exit with 0 whatever is found, for dashboards", "結果にかかわらず終了コード 0 を返します（ダッシュボード用）"))]
    exit_zero: bool,
    /// Test again while it may help.
    #[arg(long, value_name = "DURATION", value_parser = duration, help = say("Test again while the failure is temporary, at most this long (90s, 10m, 1h)", "一時的な障害の間、最長でこの時間まで再テストします（90s、10m、1h）"))]
    retry_until: Option<Duration>,
    /// Wait for the moment that the service names.
    #[arg(long, conflicts_with = "retry_until", help = say("Wait for the moment that the service names, at most 15 minutes, and test again", "サービスが示した時刻まで待って（最長 15 分）再テストします"))]
    wait: bool,
}

/// What counts as a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Every error.
    Errors,
    /// Every error and every warning.
    Warnings,
    /// The findings of one cause.
    Code(&'static str),
}

fn counted(word: &str) -> Result<Counted, String> {
    let code = || {
        let full = format!("CONN-{}", word.to_ascii_uppercase());
        cause::find(word).or_else(|| cause::find(&full)).map(|cause| Counted::Code(cause.code))
    };
    match word {
        "error" => Ok(Counted::Errors),
        "warning" => Ok(Counted::Warnings),
        _ => code().ok_or_else(|| {
            say(
                "write error, warning or a code that conn explain --list shows",
                "error、warning、または conn explain --list にあるコードを指定してください",
            )
            .to_owned()
        }),
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let span = crate::diagnosis::rate::span(text).and_then(|span| Duration::try_from(span).ok());
    span.ok_or_else(|| say("write 90s, 10m or 1h", "90s、10m、1h のように指定してください").to_owned())
}

impl Ending {
    /// Whether warnings count.
    pub fn is_strict(&self) -> bool {
        self.strict || self.fail_on.contains(&Counted::Warnings)
    }

    /// How long to test again.
    pub fn patience(&self) -> Option<Duration> {
        self.retry_until.or_else(|| self.wait.then_some(LONGEST_WAIT))
    }

    /// The exit of the process; says so where it is not the one of the result.
    pub fn exit(&self, report: &Report, context: &Context) -> ExitClass {
        const OTHER: Text = Text::new(
            "The exit code is {ours}, as asked; that of the result itself is {own}.",
            "指定に従い、終了コードは {ours} です（結果そのものの終了コードは {own}）。",
        );
        const ZERO: Text = Text::new(
            "The exit code 0 was asked for; that of the result itself is {own}.",
            "指定に従い、終了コードは 0 です（結果そのものの終了コードは {own}）。",
        );
        let (own, ours) = (report.exit(), self.chosen(report));
        if own != ours {
            let text = if self.exit_zero { ZERO } else { OTHER };
            let values = [("ours", &*ours.code().to_string()), ("own", &*own.code().to_string())];
            context.remark(&text.fill(&values));
        }
        ours
    }

    fn chosen(&self, report: &Report) -> ExitClass {
        if self.exit_zero {
            return ExitClass::Healthy;
        }
        let all = self.fail_on.iter().any(|one| !matches!(one, Counted::Code(_)));
        if self.fail_on.is_empty() || all {
            return report.exit();
        }
        let counts = |code: &'static str| self.fail_on.contains(&Counted::Code(code));
        let found =
            report.entries.iter().flat_map(|entry| &entry.findings).filter(|one| counts(one.cause.code));
        ExitClass::worst(found.map(|finding| match finding.severity {
            Severity::Error => finding.cause.exit,
            Severity::Warning | Severity::Info => ExitClass::Warnings,
        }))
    }
}
