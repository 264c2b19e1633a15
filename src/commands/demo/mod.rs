//! `conn demo`: a walk through conn against a service on this machine, in a temporary home.
//!
//! Nothing of the user's is read or written, and nothing leaves this machine.

mod lead;
mod plays;
mod script;
mod serve;
mod stage;
mod walk;

use clap::Args;

use super::Context;
use super::help::{number, say};
use crate::base::Text;
use crate::cause::ExitClass;
use crate::operation::Failure;
use crate::sandbox::{DEMO_PORT, Mode, UnknownMode, find_mode};

/// The arguments of `conn demo`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Serve instead of walking.
    #[arg(long, help = say("Run the sandbox service until Ctrl-C, to play with it or to train people", "サンドボックスのサービスを Ctrl-C まで動かします（練習や研修用）"))]
    serve: bool,
    /// Pause between the steps.
    #[arg(long, conflicts_with = "serve", help = say("Wait for Enter after each step", "手順ごとに Enter キーを待ちます"))]
    step: bool,
    /// The port.
    #[arg(long, requires = "serve", value_name = "PORT", default_value_t = DEMO_PORT, value_parser = number::<u16>(0, 65535), help = say("Port on 127.0.0.1; 0 takes a free one", "127.0.0.1 のポート（0 は空きポート）"))]
    port: u16,
    /// The mode.
    #[arg(long, requires = "serve", value_name = "MODE", help = say("Fail in this way from the start", "最初からこの障害を起こします"))]
    mode: Option<String>,
    /// Services to play.
    #[arg(long = "service", requires = "serve", value_name = "ID", value_delimiter = ',', help = say("Also answer as this service would, from the sample answers of its definition; may be repeated", "このサービスの応答例を使って、同じ応答を返します（複数指定可）"))]
    services: Vec<String>,
}

/// Runs `conn demo`.
///
/// # Errors
/// When the sandbox cannot start or there is no such mode.
pub fn run(arguments: &Arguments, context: &Context<'_>) -> Result<ExitClass, Failure> {
    let mode = arguments.mode.as_deref().map(mode).transpose()?;
    if arguments.serve {
        let services = arguments.services.iter().map(|id| plays::find(id, context));
        let services = services.collect::<Result<Vec<_>, Failure>>()?;
        serve::run(arguments.port, mode, services, context)
    } else {
        walk::run(arguments.step, context)
    }
}

fn mode(name: &str) -> Result<&'static Mode, Failure> {
    const WRONG: Text = Text::new("There is no mode {name}.", "「{name}」という障害はありません。");
    const NEAREST: Text = Text::new("Did you mean {nearest}?", "「{nearest}」のことですか。");
    const LIST: Text = Text::new(
        "conn demo --serve lists the modes when it starts.",
        "使える名前は conn demo --serve の起動時に表示されます。",
    );
    find_mode(name).map_err(|UnknownMode { name, nearest }| {
        let hint = nearest.map_or_else(|| LIST.phrase(), |nearest| NEAREST.fill(&[("nearest", nearest)]));
        Failure::usage(WRONG.fill(&[("name", &name)]), Some(hint))
    })
}
