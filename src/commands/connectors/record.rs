//! `conn connectors record LINK_NAME`: a real answer as a sample of its connector.

use clap::Args;
use serde_json::json;

use super::{SCHEMA, is_machine, print_json};
use crate::base::Text;
use crate::commands::Context;
use crate::commands::help::say;
use crate::operation::{Failure, record};

/// The arguments.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The connection.
    #[arg(value_name = "LINK_NAME", help = say("Connection to test", "テストする接続のリンク名"))]
    link_name: String,
    /// What the sample is.
    #[arg(long, value_name = "WORDS", help = say("What the sample is, in a few words", "見本の説明（短い語句）"))]
    name: Option<String>,
}

/// Tests a connection and writes its answer as a sample.
pub(super) fn run(arguments: Arguments, context: &Context<'_>) -> Result<(), Failure> {
    let environment = context.settings.environment.as_deref();
    let recording = record::record(context.world, &arguments.link_name, environment, arguments.name);
    let recorded = context.block_on(recording)?;
    if is_machine(context) {
        print_json(
            context,
            json!({ "schema": SCHEMA, "connector": recorded.connector, "fixture": recorded.fixture, "toml": recorded.text }),
        );
        return Ok(());
    }
    context.print(&recorded.text);
    const NEXT: Text = Text::new(
        "Read it through, put it into a connectors.toml that defines {connector} (for a built-in service, one that extends \
         it), and run conn lint.",
        "内容を確認してから、{connector} を定義する connectors.toml（組み込みのサービスでは extends するもの）に追加し、\
         conn lint を実行してください。",
    );
    context.remark(&NEXT.fill(&[("connector", &recorded.connector)]));
    Ok(())
}
