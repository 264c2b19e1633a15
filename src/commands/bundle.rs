//! `conn diagnose LINK_NAME --bundle [FILE]`: what somebody else needs to judge a failure, in one file.

use std::path::PathBuf;

use clap::Args;
use jiff::tz::TimeZone;

use super::Context;
use super::diagnose::file_failure;
use super::help::say;
use crate::base::{Language, Phrase, Text, Timestamp};
use crate::diagnosis::{Facts, Report};
use crate::operation::Failure;
use crate::operation::bundle::{self, Part};
use crate::output::{self, Page};

/// The arguments of a bundle.
#[derive(Debug, Args)]
pub struct BundleArguments {
    /// The file.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["from", "offline"], help = say("Write everything that somebody else needs to judge the failure into one file, without secrets", "第三者が障害を判断するための情報を 1 つのファイルにまとめます（秘密の値は含みません）"))]
    pub(super) bundle: Option<String>,
    /// Show it only.
    #[arg(long, requires = "bundle", help = say("Show what would be written, and write nothing", "書き込む内容をすべて表示し、ファイルは作成しません"))]
    preview: bool,
    /// Bodies as text.
    #[arg(long, requires = "bundle", help = say("Keep the answers' bodies (up to 4 KiB each), not only their shape", "応答の本文を構造だけでなく内容も残します（各 4 KiB まで）"))]
    with_bodies: bool,
}

impl BundleArguments {
    /// Whether the contents are all that is shown.
    pub(super) const fn is_preview(&self) -> bool {
        self.preview
    }
}

/// Writes the bundle of a run, or shows what it would hold.
///
/// # Errors
/// When the file cannot be written, or a secret is found in the finished archive.
pub fn write(
    arguments: &BundleArguments,
    link_name: &str,
    report: &Report,
    facts: &Facts,
    context: &Context,
) -> Result<(), Failure> {
    let Some(file) = &arguments.bundle else { return Ok(()) };
    let environment = context.settings.environment.as_deref();
    let whole = arguments.with_bodies;
    let gathered = bundle::gather(context.world, link_name, environment, report, facts, whole)?;
    let parts = gathered.parts(reports(&gathered.report));
    // The archive is made and read again in any case: a preview that would be refused must say so.
    let bytes = gathered.archive(&parts)?;
    if arguments.preview {
        context.print(&preview(&parts));
        context.remark(&none_written());
        return Ok(());
    }
    let name =
        if file.is_empty() { PathBuf::from(usual_name(link_name, facts.at)) } else { PathBuf::from(file) };
    let path = context.process.folder.join(name);
    context.world.write_private(&path, &bytes).map_err(|error| file_failure(&path, &error))?;
    context.remark(&written(&path, parts.len(), bytes.len()));
    Ok(())
}

/// The report in each form in which a bundle holds it.
fn reports(report: &Report) -> Vec<Part> {
    let page = |language| Page { language, zone: TimeZone::UTC, why: true, ..Page::plain(report.started_at) };
    let form = |name: &str, form: &str, language| Part {
        name: name.to_owned(),
        text: output::find(form).map(|form| form.render(report, &page(language))).unwrap_or_default(),
    };
    vec![
        form("report.txt", "human", Language::En),
        form("report.ja.txt", "human", Language::Ja),
        form("result.json", "json", Language::En),
    ]
}

fn usual_name(link_name: &str, at: Timestamp) -> String {
    format!("conn-{link_name}-{}.zip", at.strftime("%Y%m%d-%H%M%S"))
}

fn preview(parts: &[Part]) -> String {
    let show = |text: String, part: &Part| text + "===== " + &part.name + " =====\n" + &part.text + "\n";
    parts.iter().fold(String::new(), show)
}

fn none_written() -> Phrase {
    Text::new("This is a preview; no file was written.", "プレビューのため、ファイルは作成していません。")
        .into()
}

fn written(path: &std::path::Path, files: usize, size: usize) -> Phrase {
    const WRITTEN: Text = Text::new(
        "Wrote {file}: {files} files, {size} bytes, read again and free of known secrets. Nothing was sent anywhere. \
         Judge it elsewhere with: conn diagnose --from {file}",
        "{file} を作成しました（{files} ファイル、{size} バイト）。再読み込みして既知の秘密の値がないことを確認済みです。\
         外部への送信は行っていません。別の端末で診断するには: conn diagnose --from {file}",
    );
    let (file, files, size) = (path.display().to_string(), files.to_string(), size.to_string());
    WRITTEN.fill(&[("file", &file), ("files", &files), ("size", &size)])
}
