//! `conn exec`: runs a program with a connection's values in its environment.

use std::ffi::OsString;

use clap::Args;

use super::Context;
use super::help::say;
use crate::base::{Phrase, Text};
use crate::cause::ExitClass;
use crate::operation::token::{self, TokenRequest};
use crate::operation::{Failure, exec};

/// Arguments of `conn exec`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The connection.
    #[arg(value_name = "LINK_NAME", help = say("Connection", "接続のリンク名"))]
    pub(super) link_name: String,
    /// Which values under which names.
    #[arg(short, long = "env", value_name = "VARIABLE=KEY", help = say("Put this value into this variable; KEY is a parameter, access_token or base_url (without it: LINK_NAME_KEY for each)", "値を渡す環境変数（キーはパラメーター名、access_token、base_url。省略時はすべてを「リンク名_キー」で渡します）"))]
    named: Vec<String>,
    /// The program.
    #[arg(last = true, required = true, num_args = 1.., value_name = "COMMAND", help = say("Program with its arguments", "実行するプログラムと引数"))]
    words: Vec<OsString>,
}

/// Runs `conn exec`. Where all is well it does not return: the program has taken conn's place.
///
/// # Errors
/// When the connection is not `connected`, a value is not there, or the program cannot be started.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    let named = arguments.named.iter().map(|text| pair(text)).collect::<Result<Vec<_>, _>>()?;
    let request = TokenRequest {
        link_name: arguments.link_name.clone(),
        environment: context.settings.environment.clone(),
        ..TokenRequest::default()
    };
    let mut wanted = token::find(context.world, &request)?;
    if wanted.due {
        context.block_on(token::renew(context.world, &mut wanted))?;
    }
    let variables = exec::variables(&wanted, &named)?;
    tracing::info!(variables = ?variables.iter().map(|(name, _)| name).collect::<Vec<_>>(), "handing over");
    let error = context.world.take_over(&arguments.words, &variables);
    Err(not_started(&arguments.words[0], &error))
}

fn pair(text: &str) -> Result<(String, String), Failure> {
    const FORM: Text = Text::new(
        "--env is written VARIABLE=KEY, for example --env API_KEY=api_key.",
        "--env は「変数名=キー」の形式で指定します（例: --env API_KEY=api_key）。",
    );
    let pair = text.split_once('=').filter(|(variable, key)| !variable.is_empty() && !key.is_empty());
    let pair = pair.map(|(variable, key)| (variable.to_owned(), key.to_owned()));
    pair.ok_or_else(|| Failure::usage(Phrase::from(FORM), None))
}

fn not_started(program: &OsString, error: &std::io::Error) -> Failure {
    const MISSING: Text =
        Text::new("There is no program {program}.", "プログラム {program} が見つかりません。");
    const FAILED: Text = Text::new(
        "The program {program} could not be started ({reason}).",
        "プログラム {program} を起動できませんでした（{reason}）。",
    );
    const HINT: Text = Text::new(
        "Write the program after --, as in: conn exec NAME -- curl …",
        "-- の後にプログラムを指定してください（例: conn exec 接続名 -- curl …）。",
    );
    let program = crate::base::safe_text::line(&program.to_string_lossy(), 80);
    let message = if error.kind() == std::io::ErrorKind::NotFound {
        MISSING.fill(&[("program", &program)])
    } else {
        FAILED.fill(&[("program", &program), ("reason", &error.kind().to_string())])
    };
    Failure::usage(message, Some(HINT.into()))
}
