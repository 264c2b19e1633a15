//! The options that every verb takes. Each has a `CONN_*` variable; a flag wins over its variable.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::help::{LOCALES, number, say};
use crate::base::{Language, Phrase, Process, Text, Variables};
use crate::config::{Colour, Folders, Format, Settings};
use crate::operation::Failure;

/// The options that every verb takes.
#[derive(Debug, Default, Args)]
pub struct GlobalArguments {
    /// The environment.
    #[arg(long, global = true, value_name = "NAME", help_heading = heading(), help = say("Environment, for example sandbox [CONN_ENVIRONMENT]", "環境（例: sandbox）[CONN_ENVIRONMENT]"))]
    environment: Option<String>,
    /// The account.
    #[arg(long, global = true, value_name = "LABEL", help_heading = heading(), help = say("Account of a connection that has several [CONN_ACCOUNT]", "複数のアカウントを持つ接続で使うアカウント [CONN_ACCOUNT]"))]
    account: Option<String>,
    /// The language.
    #[arg(long, global = true, value_name = "LANGUAGE", hide_possible_values = true, help_heading = heading(), help = say("Language of every sentence: en or ja [CONN_LANG]", "表示する言語: en または ja [CONN_LANG]"))]
    lang: Option<Language>,
    /// The output format.
    #[arg(long, global = true, value_name = "FORMAT", hide_possible_values = true, help_heading = heading(), help = say("How results are written: human, plain, json, jsonl, junit, github or openmetrics; sarif for lint, md for explain [CONN_FORMAT]", "結果の出力形式: human、plain、json、jsonl、junit、github、openmetrics（lint は sarif、explain は md も可）[CONN_FORMAT]"))]
    format: Option<Format>,
    /// A further definition file.
    #[arg(long, global = true, value_name = "FILE", help_heading = heading(), help = say("A further connectors.toml, above all others [CONN_CONFIG]", "最優先で読み込む connectors.toml [CONN_CONFIG]"))]
    config: Option<PathBuf>,
    /// Never ask.
    #[arg(long, global = true, help_heading = heading(), help = say("Never ask anything; a missing answer is an error [CONN_NO_INPUT]", "対話による入力を求めません（不足はエラー）[CONN_NO_INPUT]"))]
    no_input: bool,
    /// The deadline of one request.
    #[arg(long, global = true, value_name = "SECONDS", value_parser = number::<u64>(1, 86_400), help_heading = heading(), help = say("Deadline of one request [CONN_TIMEOUT]", "1 回のリクエストの制限時間（秒）[CONN_TIMEOUT]"))]
    timeout: Option<u64>,
    /// The proxy.
    #[arg(long, global = true, value_name = "URL", help_heading = heading(), help = say("Proxy for this run [CONN_PROXY, HTTPS_PROXY, NO_PROXY]", "この実行で使うプロキシ [CONN_PROXY、HTTPS_PROXY、NO_PROXY]"))]
    proxy: Option<String>,
    /// Further certificate authorities.
    #[arg(long, global = true, value_name = "FILE", help_heading = heading(), help = say("Also trust the certificate authorities in this PEM file [CONN_CACERT]", "この PEM ファイルの認証局も信頼します [CONN_CACERT]"))]
    cacert: Option<PathBuf>,
    /// When colour is used.
    #[arg(long, global = true, value_name = "WHEN", hide_possible_values = true, help_heading = heading(), help = say("Colour: auto, always or never [CONN_COLOR, NO_COLOR]", "色付け: auto、always、never [CONN_COLOR、NO_COLOR]"))]
    color: Option<Colour>,
    /// Failures only.
    #[arg(short, long, global = true, help_heading = heading(), help = say("Say only what is wrong", "問題だけを表示します"))]
    quiet: bool,
    /// Tell what conn does.
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = heading(), help = say("Tell what conn does (-vv, -vvv: more)", "conn の動作を表示します（-vv、-vvv でより詳しく）"))]
    verbose: u8,
    /// Where the log goes.
    #[arg(long, global = true, value_name = "FILE", help_heading = heading(), help = say("Write the log as JSON lines to this file [CONN_LOG_FILE]", "ログを JSON Lines でこのファイルに書き出します [CONN_LOG_FILE]"))]
    log_file: Option<PathBuf>,
}

fn heading() -> &'static str {
    say("Options for every command", "共通オプション")
}

impl GlobalArguments {
    /// The settings of this run.
    ///
    /// # Errors
    /// When a variable holds a value that its flag would refuse, or conn has no folder of its own.
    pub fn settings(&self, process: &Process, language: Language) -> Result<Settings, Failure> {
        let variable = |name: &str| process.variables.get(name).map(str::to_owned);
        let path = |flag: &Option<PathBuf>, name: &str| {
            flag.clone().or_else(|| variable(name).map(PathBuf::from)).map(|path| process.folder.join(path))
        };
        if self.proxy.as_ref().is_some_and(|proxy| proxy.contains('@')) {
            return Err(login_in_argument());
        }
        let format = choose(self.format, "CONN_FORMAT", variable("CONN_FORMAT"))?;
        let colour: Colour = choose(self.color, "CONN_COLOR", variable("CONN_COLOR"))?;
        let timeout = match (self.timeout, variable("CONN_TIMEOUT")) {
            (Some(seconds), _) => Some(seconds),
            (None, Some(text)) => {
                let seconds = text.parse().ok().filter(|seconds| (1..=86_400).contains(seconds));
                Some(seconds.ok_or_else(|| bad_variable("CONN_TIMEOUT"))?)
            }
            (None, None) => None,
        };
        Ok(Settings {
            language,
            format,
            colour: use_colour(colour, process),
            ascii: !speaks_unicode(process),
            width: width(process),
            quiet: self.quiet,
            verbosity: self.verbose,
            log_file: path(&self.log_file, "CONN_LOG_FILE"),
            interactive: process.terminal.input
                && process.terminal.error
                && !self.no_input
                && !process.variables.is_on("CONN_NO_INPUT")
                && !process.variables.is_on("CI"),
            environment: self.environment.clone().or_else(|| variable("CONN_ENVIRONMENT")),
            account: self.account.clone().or_else(|| variable("CONN_ACCOUNT")),
            config_file: path(&self.config, "CONN_CONFIG"),
            timeout: timeout.map(Duration::from_secs),
            proxy: self.proxy.clone().or_else(|| variable("CONN_PROXY")),
            ca_file: path(&self.cacert, "CONN_CACERT"),
            folders: Folders::find(process).ok_or_else(no_home)?,
        })
    }
}

fn choose<T: clap::ValueEnum + Default>(
    flag: Option<T>,
    name: &str,
    value: Option<String>,
) -> Result<T, Failure> {
    match (flag, value) {
        (Some(flag), _) => Ok(flag),
        (None, Some(text)) => T::from_str(&text, true).map_err(|_| bad_variable(name)),
        (None, None) => Ok(T::default()),
    }
}

fn bad_variable(name: &str) -> Failure {
    const WRONG: Text = Text::new(
        "The environment variable {name} holds a value that it cannot have.",
        "環境変数 {name} の値が正しくありません。",
    );
    const HINT: Text = Text::new(
        "See conn --help for the values it takes, or unset it.",
        "使える値は conn --help で確認できます。不要なら変数を削除してください。",
    );
    Failure::usage(WRONG.fill(&[("name", name)]), Some(Phrase::from(HINT)))
}

fn login_in_argument() -> Failure {
    const WRONG: Text = Text::new(
        "--proxy takes no user and password: every program on this machine can read arguments.",
        "--proxy にユーザー名とパスワードは指定できません（引数は同じ端末の他のプログラムから見えます）。",
    );
    const HINT: Text = Text::new("Set HTTPS_PROXY instead.", "環境変数 HTTPS_PROXY で指定してください。");
    Failure::usage(WRONG.into(), Some(HINT.into()))
}

fn no_home() -> Failure {
    const WRONG: Text = Text::new(
        "conn does not know where to keep its files: this account has no home folder.",
        "conn のファイルの保存場所が決められません（ホームフォルダーがありません）。",
    );
    const HINT: Text = Text::new("Set CONN_HOME to a folder.", "CONN_HOME にフォルダーを指定してください。");
    Failure::usage(WRONG.into(), Some(HINT.into()))
}

fn use_colour(wish: Colour, process: &Process) -> bool {
    let variables = &process.variables;
    match wish {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto if variables.get("NO_COLOR").is_some() => false,
        Colour::Auto if variables.is_on("CLICOLOR_FORCE") => true,
        Colour::Auto => process.terminal.output && variables.get("TERM") != Some("dumb"),
    }
}

fn speaks_unicode(process: &Process) -> bool {
    let variables = &process.variables;
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| variables.get(name));
    // Without a locale most terminals and every CI log still speak UTF-8; an explicit other charset does not.
    let other_charset = locale.is_some_and(|locale| {
        locale.split_once('.').is_some_and(|(_, charset)| {
            !matches!(charset.to_ascii_lowercase().replace('-', "").as_str(), "utf8")
        })
    });
    !other_charset && variables.get("TERM") != Some("dumb")
}

/// The cells of a line: what the person or the terminal says.
pub(super) fn width(process: &Process) -> usize {
    let columns = process.variables.get("COLUMNS").and_then(|columns| columns.parse().ok());
    columns.or(process.terminal.width).unwrap_or(100).clamp(40, 120)
}

/// The language of the system's own settings. Only macOS and Windows have one beside the variables, and it is not
/// asked where a variable decides.
#[must_use]
pub fn system_locale(variables: &Variables) -> Option<String> {
    if LOCALES.iter().any(|name| variables.get(name).is_some()) {
        return None;
    }
    #[cfg(any(target_os = "macos", windows))]
    return sys_locale::get_locale();
    #[cfg(not(any(target_os = "macos", windows)))]
    None
}

/// Whether the streams of this very process are terminals.
#[must_use]
pub fn terminals() -> crate::base::Terminal {
    // A console of Windows shows colours only after it was asked to.
    #[cfg(windows)]
    let _ = crossterm::ansi_support::supports_ansi();
    crate::base::Terminal {
        input: std::io::stdin().is_terminal(),
        output: std::io::stdout().is_terminal(),
        error: std::io::stderr().is_terminal(),
        width: std::io::stdout()
            .is_terminal()
            .then(|| crossterm::terminal::size().ok())
            .flatten()
            .map(|(columns, _)| usize::from(columns)),
    }
}
