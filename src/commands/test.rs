//! `conn test`: does it work?

use std::path::PathBuf;

use clap::Args;

use super::ending::Ending;
use super::help::{number, say};
use super::{Context, present};
use crate::base::Text;
use crate::cause::ExitClass;
use crate::config::{Format, Mistake};
use crate::model::Shard;
use crate::operation::{Failure, test};

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
    #[arg(long, value_name = "N", default_value_t = 16, hide_default_value = true, value_parser = number::<u16>(1, 256), help = say("How many at once, 16 unless said", "同時に実行する数（標準は 16）"))]
    jobs: u16,
    /// One part of them.
    #[arg(long, value_name = "I/N", value_parser = part, help = say("Test only the I-th of N parts, split by link name: one part for each of N jobs", "リンク名で N 個に分けた I 番目だけをテストします（複数のジョブで分担するとき）"))]
    shard: Option<Shard>,
    /// Results that are put together.
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["link_names", "all", "tag", "jobs", "shard", "retry_until", "wait"], help = say("Test nothing: put together the results of all parts, written with --format json", "テストは行わず、--format json で保存した各分割分の結果を 1 つにまとめます"))]
    merge: Vec<PathBuf>,
    /// What ends the run.
    #[command(flatten)]
    ending: Ending,
}

fn part(text: &str) -> Result<Shard, String> {
    let wrong = say(
        "write 1/4 for the first of four parts; the first number is at most the second, the second at most 10000",
        "4 分割の 1 番目なら 1/4 のように指定してください（前の数は後の数以下、分割数は 10000 まで）",
    );
    text.parse().map_err(|_| wrong.to_owned())
}

/// Runs `conn test`.
///
/// # Errors
/// When nothing is named, or a named connection does not exist.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    if !arguments.merge.is_empty() {
        return super::merge::run(&arguments.merge, &arguments.ending, context);
    }
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
        shard: arguments.shard,
    };
    if arguments.link_names.is_empty() {
        tell_collisions(&context.world.definitions()?.collisions()?, context);
    }
    let report = super::rounds::run(&request, arguments.ending.patience(), context)?;
    let all = report.part.map_or(report.entries.len(), |part| part.all);
    if let (0, Some(tag)) = (all, &arguments.tag) {
        const NONE: Text = Text::new("No connection has the tag {tag}.", "タグ {tag} の接続はありません。");
        return Err(Failure::usage(NONE.fill(&[("tag", tag)]), None));
    }
    if all == 0 {
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
