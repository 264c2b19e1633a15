//! `conn test --merge`: the results of several machines as one. Sends nothing and remembers nothing.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::diagnose::file_failure;
use super::ending::Ending;
use super::{Context, present};
use crate::base::{Phrase, Text, safe_text};
use crate::cause::ExitClass;
use crate::config::Format;
use crate::diagnosis::Report;
use crate::diagnosis::merge::{Clash, merge};
use crate::operation::Failure;
use crate::output::reading::{self, Results, Unreadable};
use crate::output::{json, machine};

/// Shows the results of these files as one.
///
/// # Errors
/// When a file is no result, or together they are not whole.
pub fn run(files: &[PathBuf], ending: &Ending, context: &Context) -> Result<ExitClass, Failure> {
    let mut reports = Vec::with_capacity(files.len());
    let mut connections = Vec::new();
    for file in files {
        let path = context.process.folder.join(file);
        let bytes = std::fs::read(&path).map_err(|error| file_failure(&path, &error))?;
        let Results { report, connections: own } = reading::read(&String::from_utf8_lossy(&bytes))
            .map_err(|why| unreadable(&why, &file.display().to_string()))?;
        reports.push(report);
        connections.extend(own);
    }
    let mut report = merge(reports).map_err(|clash| clashing(&clash, files))?;
    report.strict |= ending.is_strict();
    if context.settings.format == Format::Json {
        context.print(&json::whole(&report, as_written(&report, connections), &context.page()));
    } else {
        present::report(context, &report, false);
    }
    Ok(ending.exit(&report, context))
}

/// The connections as they stand in the files, in the order of the report, each with the exit that it has now.
fn as_written(report: &Report, mut connections: Vec<Value>) -> Vec<Value> {
    let key = |value: &Value| {
        let word = |name: &str| value["connection"][name].as_str().unwrap_or_default().to_owned();
        (word("link_name"), word("environment"))
    };
    connections.sort_by_cached_key(key);
    for (connection, entry) in connections.iter_mut().zip(&report.entries) {
        connection["exit"] = machine::exit(entry.exit(report.strict));
    }
    connections
}

fn unreadable(why: &Unreadable, file: &str) -> Failure {
    const WRITE: Text = Text::new(
        "Each job writes its part with: conn test --all --shard 1/4 --format json > shard-1.json",
        "各ジョブの結果は conn test --all --shard 1/4 --format json > shard-1.json のように保存してください。",
    );
    const VERSION: Text = Text::new(
        "Use the same version of conn in all jobs.",
        "すべてのジョブで同じバージョンの conn を使ってください。",
    );
    const AGAIN: Text = Text::new(
        "Mend that job and run it again; a part that was not tested cannot be called healthy.",
        "そのジョブを修正して再実行してください（テストされていない分を正常とは扱えません）。",
    );
    let (what, hint) = match why {
        Unreadable::Lines => ("", WRITE),
        Unreadable::NotJson(what) | Unreadable::Other(what) | Unreadable::OtherVerb(what) => (&**what, WRITE),
        Unreadable::Failed(what) => (&**what, AGAIN),
        Unreadable::Form(what) | Unreadable::UnknownCause(what) => (&**what, VERSION),
    };
    let (file, what) = (safe_text::line(file, 200), safe_text::line(what, 200));
    Failure::usage(said(why).fill(&[("file", &file), ("what", &what)]), Some(hint.into()))
}

const fn said(why: &Unreadable) -> Text {
    match why {
        Unreadable::NotJson(_) => {
            Text::new("{file} is not JSON: {what}", "{file} は JSON ではありません: {what}")
        }
        Unreadable::Lines => Text::new(
            "{file} holds results line by line; only --format json holds all that is needed.",
            "{file} は行単位の結果です。統合に必要な内容は --format json にだけ含まれます。",
        ),
        Unreadable::Failed(_) => Text::new(
            "{file} is no result: conn itself could not test there. {what}",
            "{file} は結果ではありません。そのジョブではテストを実行できませんでした。{what}",
        ),
        Unreadable::Other(_) => Text::new(
            "{file} is no result of conn test (schema “{what}”).",
            "{file} は conn test の結果ではありません（schema「{what}」）。",
        ),
        Unreadable::OtherVerb(_) => Text::new(
            "{file} is a result of conn {what}; only those of conn test are put together.",
            "{file} は conn {what} の結果です。統合できるのは conn test の結果だけです。",
        ),
        Unreadable::Form(_) => Text::new(
            "{file} is not built as this version of conn builds results: {what}",
            "{file} の形式は、このバージョンの conn の結果と異なります: {what}",
        ),
        Unreadable::UnknownCause(_) => Text::new(
            "{file} names {what}, a cause that this version of conn does not know.",
            "{file} に、このバージョンの conn が知らないコード {what} があります。",
        ),
    }
}

fn clashing(clash: &Clash, files: &[PathBuf]) -> Failure {
    const WHOLE: Text = Text::new(
        "Hand in the result of every part, once: conn test --merge shard-*.json",
        "すべての分割分の結果を 1 つずつ指定してください: conn test --merge shard-*.json",
    );
    const SAME: Text = Text::new(
        "Test all parts with the same definitions and the same count in --shard.",
        "すべての分割分を、同じ定義と同じ分割数（--shard）でテストしてください。",
    );
    let file = |place: &usize| {
        safe_text::line(&files.get(*place).map_or(Path::new(""), |f| f).display().to_string(), 200)
    };
    let (message, hint): (Phrase, Text) = match clash {
        Clash::OtherSplit(one, other) => {
            const TEXT: Text = Text::new(
                "{one} and {other} are not parts of one split.",
                "{one} と {other} は同じ分割の結果ではありません。",
            );
            (TEXT.fill(&[("one", &file(one)), ("other", &file(other))]), SAME)
        }
        Clash::SamePart(one, other) => {
            const TEXT: Text = Text::new(
                "{one} and {other} are the same part.",
                "{one} と {other} は同じ分割分の結果です。",
            );
            (TEXT.fill(&[("one", &file(one)), ("other", &file(other))]), WHOLE)
        }
        Clash::MissingParts(parts, split) => {
            const TEXT: Text = Text::new(
                "Parts are missing: {parts}. Their connections were not tested.",
                "不足している分割分: {parts}（その分の接続はテストされていません）",
            );
            let parts: Vec<String> =
                parts.iter().map(|part| format!("{part}/{}", split.shard.count)).collect();
            (TEXT.fill(&[("parts", &parts.join(", "))]), WHOLE)
        }
        Clash::Incomplete { found, all } => {
            const TEXT: Text = Text::new(
                "The parts hold {found} of {all} connections: their definitions were not the same.",
                "分割分の合計が {found} 件で、全体の {all} 件と一致しません（定義が異なっています）。",
            );
            (TEXT.fill(&[("found", &found.to_string()), ("all", &all.to_string())]), SAME)
        }
        Clash::SameConnection(name, one, other) => {
            const TEXT: Text = Text::new(
                "{name} has a result in {one} and another in {other}.",
                "{name} の結果が {one} と {other} の両方にあります。",
            );
            let name = safe_text::line(name, 64);
            (TEXT.fill(&[("name", &name), ("one", &file(one)), ("other", &file(other))]), WHOLE)
        }
    };
    Failure::usage(message, Some(hint.into()))
}
