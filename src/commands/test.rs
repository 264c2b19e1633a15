//! `conn test`: does it work?

use std::time::Instant;

use clap::Args;

use super::ending::Ending;
use super::help::say;
use super::{Context, present};
use crate::base::Text;
use crate::cause::ExitClass;
use crate::config::{Format, Mistake};
use crate::diagnosis::Report;
use crate::operation::{Failure, test};
use crate::output::jsonl;
use crate::output::progress::Progress;

/// Arguments of `conn test`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The connections.
    #[arg(value_name = "LINK_NAME", help = say("Connections to test", "テストする接続のリンク名"))]
    link_names: Vec<String>,
    /// Every connection.
    #[arg(long, conflicts_with = "link_names", help = say("Test every connection", "すべての接続をテストします"))]
    all: bool,
    /// Only these.
    #[arg(long, value_name = "TAG", conflicts_with = "link_names", help = say("Test the connections with this tag", "このタグの接続をテストします"))]
    tag: Option<String>,
    /// How many at once.
    #[arg(long, value_name = "N", default_value_t = 16, hide_default_value = true, value_parser = clap::value_parser!(u16).range(1..=256), help = say("How many at once, 16 unless said", "同時に実行する数（標準は 16）"))]
    jobs: u16,
    /// What ends the run.
    #[command(flatten)]
    ending: Ending,
}

/// Runs `conn test`.
///
/// # Errors
/// When nothing is named, or a named connection does not exist.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    if arguments.link_names.is_empty() && !arguments.all && arguments.tag.is_none() {
        const WHAT: Text =
            Text::new("Which connection should be tested?", "どの接続をテストするか指定してください。");
        const HOW: Text = Text::new(
            "conn test LINK_NAME, conn test --tag TAG, or conn test --all; conn list shows the names",
            "conn test リンク名、conn test --tag タグ、conn test --all のいずれかです。リンク名は conn list で確認できます。",
        );
        return Err(Failure::usage(WHAT.into(), Some(HOW.into())));
    }
    let request = test::TestRequest {
        link_names: arguments.link_names.clone(),
        tag: arguments.tag.clone(),
        environment: context.settings.environment.clone(),
        jobs: usize::from(arguments.jobs),
        strict: arguments.ending.is_strict(),
    };
    let shown = context.process.terminal.error && !context.settings.quiet && context.settings.interactive;
    let total = if arguments.link_names.is_empty() {
        context.world.definitions()?.link_names()?.len()
    } else {
        arguments.link_names.len()
    };
    if arguments.link_names.is_empty() {
        tell_collisions(&context.world.definitions()?.collisions()?, context);
    }
    let begun = Instant::now();
    let mut attempt = 0;
    let report = loop {
        attempt += 1;
        let report = once(&request, context, total, shown)?;
        let left =
            arguments.ending.patience().map(|most| most.saturating_sub(begun.elapsed())).unwrap_or_default();
        match test::next_try(&report, context.world.clock().now(), attempt) {
            Some(wait) if wait <= left && !left.is_zero() => {
                const WAIT: Text = Text::new(
                    "Temporary; testing again in {seconds} s.",
                    "一時的な障害です。{seconds} 秒後に再テストします。",
                );
                context.remark(&WAIT.fill(&[("seconds", &wait.as_secs().to_string())]));
                std::thread::sleep(wait);
            }
            _ => break report,
        }
    };
    if let (true, Some(tag)) = (report.entries.is_empty(), &arguments.tag) {
        const NONE: Text = Text::new("No connection has the tag {tag}.", "タグ {tag} の接続はありません。");
        return Err(Failure::usage(NONE.fill(&[("tag", tag)]), None));
    }
    if report.entries.is_empty() {
        return Err(nothing(context));
    }
    if context.settings.format != Format::Jsonl {
        present::report(context, &report, false);
    }
    Ok(arguments.ending.exit(&report, context))
}

/// No connection at all: a pipeline that tests nothing must not pass.
fn nothing(context: &Context) -> Failure {
    const NONE: Text =
        Text::new("There is no connection to test: none was found.", "テストする接続が見つかりません。");
    const WHERE: Text = Text::new(
        "Looked in {places} and for a connectors.toml in {folder} and above. Add one: conn add",
        "{places} と、{folder} およびその上位の connectors.toml を確認しました。conn add で登録してください。",
    );
    let mut places = vec![context.world.own_definitions().path().display().to_string()];
    if let Ok(definitions) = context.world.definitions() {
        places.extend(definitions.layers().map(|layer| layer.path.display().to_string()));
    }
    places.dedup();
    let folder = context.process.folder.display().to_string();
    Failure::usage(NONE.into(), Some(WHERE.fill(&[("places", &places.join(", ")), ("folder", &folder)])))
}

/// Of two connections with one name only the user's own is tested and listed.
pub(super) fn tell_collisions(collisions: &[Mistake], context: &Context) {
    const SHARED: Text = Text::new("Warning: {place}: {message}", "警告: {place}: {message}");
    let language = context.language();
    for collision in collisions {
        let (place, message) = (collision.place(), collision.message.get(language));
        context.tell(SHARED.fill(&[("place", &place), ("message", message)]).get(language));
    }
}

/// One round over the chosen connections.
fn once(
    request: &test::TestRequest,
    context: &Context,
    total: usize,
    shown: bool,
) -> Result<Report, Failure> {
    let stream = context.settings.format == Format::Jsonl;
    let page = context.page();
    let mut progress = Progress::new(total, shown && total > 1, page.clone());
    let report = context.block_on(test::test(context.world, request, |entry| {
        progress.finished(entry);
        if stream {
            let alone = Report {
                verb: "test",
                started_at: page.now,
                ms: entry.ms,
                entries: Vec::new(),
                strict: request.strict,
            };
            context.print(&jsonl::line(&alone, entry, &page));
        }
    }));
    progress.clear();
    report
}
