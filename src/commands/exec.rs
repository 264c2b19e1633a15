//! `conn exec`: runs a program with a connection's values in its environment.

use std::ffi::OsString;
use std::io::ErrorKind;

use clap::Args;

use super::Context;
use super::help::say;
use crate::base::{Phrase, Text, safe_text, shell, system_error};
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
    Err(not_started(&arguments.words[0], &error, context))
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

/// Why a program did not start, and what to write instead.
fn not_started(program: &OsString, error: &std::io::Error, context: &Context) -> Failure {
    const ABSENT: Text = Text::new("There is no file {program}.", "ファイル {program} が見つかりません。");
    const FROM: Text = Text::new(
        "its path is read from {folder}; correct it, or name a program of PATH",
        "パスの起点は {folder} です。パスを直すか、PATH にあるプログラムを指定してください",
    );
    const CORRECT: Text = Text::new(
        "correct the path, or name a program of PATH",
        "パスを直すか、PATH にあるプログラムを指定してください",
    );
    const UNKNOWN: Text = Text::new(
        "There is no program {program} in the folders of PATH.",
        "PATH のフォルダーにプログラム {program} が見つかりません。",
    );
    const WHOLE: Text = Text::new(
        "install it, or write where it is, for example ./{program}",
        "インストールするか、./{program} のように場所を指定してください",
    );
    const HEADLESS: Text = Text::new(
        "{program} is there, but the program that its first line names is not.",
        "{program} の 1 行目（#!）で指定されたプログラムが見つかりません。",
    );
    const DENIED: Text = Text::new("{program} may not be run.", "{program} には実行権限がありません。");
    const ALLOW: Text = Text::new("allow it: chmod +x {word}", "実行を許可するには: chmod +x {word}");
    const FOLDER: Text = Text::new("{program} is a folder.", "{program} はフォルダーです。");
    const FAILED: Text = Text::new(
        "The program {program} could not be started ({reason}).",
        "プログラム {program} を起動できませんでした（{reason}）。",
    );
    let path = std::path::Path::new(program);
    let is_path = path.components().count() > 1 || path.is_absolute();
    let whole = context.process.folder.join(path);
    let is_there = is_path && whole.is_file();
    let (text, hint) = match error.kind() {
        ErrorKind::NotFound if is_there => (HEADLESS, None),
        ErrorKind::NotFound if path.is_absolute() => (ABSENT, Some(CORRECT)),
        ErrorKind::NotFound if is_path => (ABSENT, Some(FROM)),
        ErrorKind::NotFound => (UNKNOWN, Some(WHOLE)),
        ErrorKind::PermissionDenied if is_there => (DENIED, Some(ALLOW)),
        _ if is_path && whole.is_dir() => (FOLDER, Some(CORRECT)),
        _ => (FAILED, None),
    };
    let text_of = |most: usize| safe_text::line(&program.to_string_lossy(), most);
    let folder = context.process.folder.display().to_string();
    let values = [
        ("program", text_of(80).into()),
        // A command that is copied names all of it.
        ("word", shell::word(&text_of(4096)).into()),
        ("folder", folder.into()),
        ("reason", system_error::explained(error)),
    ];
    Failure::usage(text.fill_phrases(&values), hint.map(|hint| hint.fill_phrases(&values)))
}
