//! The faces on the command line: one file per verb with its arguments, help texts and `run`.
//!
//! A verb decides nothing about the field: it reads arguments, calls one operation and hands the result to
//! a renderer. To add one: a file, its `mod` line, its line in [`Verb`] and its line in `dispatch`.

pub mod account;
pub mod add;
pub mod bundle;
pub mod connectors;
pub mod consent;
pub mod context;
pub mod credential;
pub mod demo;
pub mod deprecations;
pub mod diagnose;
pub mod doctor;
pub mod ending;
pub mod exec;
pub mod expiring;
pub mod explain;
pub mod export;
pub mod fix;
pub mod generate;
pub mod global;
pub mod help;
pub mod history;
pub mod import;
pub mod lint;
pub mod list;
mod look;
pub mod mailed;
pub mod merge;
pub mod pages;
pub mod present;
pub mod proxy;
pub mod reconnect;
pub mod request;
mod rounds;
pub mod show;
pub mod snippet;
pub mod start;
pub mod switch;
pub mod test;
pub mod token;
pub mod vendor;

#[cfg(test)]
mod catalogue_test;

use clap::{Parser, Subcommand};

pub use context::Context;
pub use start::{Streams, run};

use crate::cause::ExitClass;
use crate::config::Format;
use crate::operation::Failure;
use help::say;

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "conn", bin_name = "conn", version, about = say("Connects, tests, reconnects and diagnoses connections to other people's HTTP APIs.", "外部サービスの HTTP API への接続を登録・テスト・再接続・診断します。"))]
#[command(
    disable_help_subcommand = true,
    disable_version_flag = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Cli {
    #[command(flatten)]
    global: global::GlobalArguments,
    #[command(subcommand)]
    verb: Verb,
}

/// The verbs.
#[derive(Debug, Subcommand)]
enum Verb {
    /// Adds a connection.
    #[command(about = say("Add a connection: choose, ask, test, save", "接続を登録します（選択・入力・テスト・保存）"))]
    Add(add::Arguments),
    /// Tests connections.
    #[command(about = say("Test connections", "接続をテストします"))]
    Test(test::Arguments),
    /// Names the cause.
    #[command(about = say("Name the one cause of a failure and the way out", "障害の原因を特定し、対処を示します"))]
    Diagnose(diagnose::Arguments),
    /// Gives a new credential.
    #[command(about = say("Give a connection a new credential; the old one stays until the new one is proven", "新しい認証情報で再接続します（確認できるまで以前のものを残します）"))]
    Reconnect(reconnect::Arguments),
    /// Proves a connection.
    #[command(about = say("Prove a connection and mark it connected", "認証を確認し、接続を「接続済み」にします"))]
    Connect(reconnect::ConnectArguments),
    #[command(about = say("List the connections and their states", "接続と状態の一覧を表示します"))]
    List(list::Arguments),
    #[command(about = say("Show everything about one connection, except its secrets", "接続の設定と状態を表示します（秘密の値は表示しません）"))]
    Show(show::Arguments),
    #[command(about = say("Show earlier results of one connection, repeats folded", "接続の過去の結果を表示します（同じ結果はまとめます）"))]
    History(history::Arguments),
    /// One call.
    #[command(about = say("Make a request through a connection", "接続を使ってリクエストを送信します"))]
    Request(request::Arguments),
    /// A token.
    #[command(about = say("Print a fresh access token, for scripts", "スクリプト用に、有効なアクセストークンを出力します"))]
    Token(token::Arguments),
    /// A program.
    #[command(about = say("Run a program with a connection's values in its environment", "接続の値を環境変数に入れてプログラムを実行します"))]
    Exec(exec::Arguments),
    /// Lines of a program.
    #[command(about = say("Print lines of a program that use a connection, never its secret", "接続を使うプログラムの例を出力します（秘密の値は含みません）"))]
    Snippet(snippet::Arguments),
    /// A port.
    #[command(about = say("Open a port on this machine that adds a connection's authentication to calls", "この端末にポートを開き、リクエストに接続の認証情報を付けて中継します"))]
    Proxy(proxy::Arguments),
    /// For git and docker.
    #[command(name = "credential-helper", about = say("Answer git or docker when they ask for user name and password", "git や docker に、接続のユーザー名とパスワードを渡します"))]
    CredentialHelper(credential::Arguments),
    /// Moves out.
    #[command(about = say("Write connections for another machine; with their secrets only sealed for recipients", "別の端末に移す接続を書き出します（秘密の値は受信者宛てに暗号化）"))]
    Export(export::Arguments),
    /// Moves in.
    #[command(about = say("Take over connections from other programs' files", "他のツールのファイルから接続を取り込みます"))]
    Import(import::Arguments),
    /// Resumes.
    #[command(about = say("Let a connection carry traffic again", "接続を有効にします"))]
    Enable(switch::OneArguments),
    /// Pauses.
    #[command(about = say("Pause a connection", "接続を無効にします"))]
    Disable(switch::OneArguments),
    /// Renames.
    #[command(about = say("Give a connection another link name", "接続のリンク名を変更します"))]
    Rename(switch::RenameArguments),
    /// Removes.
    #[command(about = say("Remove a connection and its stored credential", "接続と保存された認証情報を削除します"))]
    Remove(switch::RemoveArguments),
    /// The accounts of a connection.
    #[command(about = say("List, choose and remove the accounts of a connection", "接続のアカウントの一覧・選択・削除"))]
    Account(account::Arguments),
    /// What a code means.
    #[command(about = say("Explain a code or a word on a screen: what it means and what to do (offline)", "コードや画面の用語の意味と対処を説明します（オフライン）"))]
    Explain(explain::Arguments),
    /// Looks at this machine.
    #[command(about = say("Check this machine: secret store, files, proxy, trust store, clock", "この端末の状態を確認します（秘密情報の保管場所、ファイル、プロキシ、証明書、時計）"))]
    Doctor(doctor::Arguments),
    /// Shows the services that conn knows.
    #[command(about = say("List, find and show the services that conn knows, or make your own", "対応サービスの一覧・検索・表示と、独自コネクターの作成"))]
    Connectors(connectors::Arguments),
    /// Checks definitions.
    #[command(about = say("Check connectors.toml and show every mistake", "connectors.toml を検査し、誤りをすべて表示します"))]
    Lint(lint::Arguments),
    /// Writes files for other programs.
    #[command(about = say("Write the JSON Schema, the list of fields, shell completions, man pages or an identity for sealed bundles", "JSON Schema、項目の一覧、シェル補完、man ページ、暗号化ファイル用の identity を出力します"))]
    Generate(generate::Arguments),
    /// Shows what conn does.
    #[command(about = say("Show what conn does, on a service that runs on this machine", "この端末上のサービスを使って conn の動きを紹介します"))]
    Demo(demo::Arguments),
}

/// Runs a verb.
fn dispatch(verb: Verb, context: &Context) -> Result<ExitClass, Failure> {
    let fits = match context.settings.format {
        Format::Sarif => matches!(verb, Verb::Lint(_)),
        Format::Md => matches!(verb, Verb::Explain(_)),
        _ => true,
    };
    if !fits {
        return Err(list::no_such_form(match verb {
            Verb::Test(_) => &["junit", "github", "openmetrics"],
            Verb::List(_) => &["openmetrics"],
            _ => &[],
        }));
    }
    let subject = subject(&verb).map(str::to_owned);
    let outcome = perform(verb, context);
    let outcome =
        outcome.map_err(|failure| crate::operation::lint::with_every_mistake(context.world, failure));
    match subject {
        Some(link_name) => outcome.map_err(|failure| failure.about(&link_name)),
        None => outcome,
    }
}

/// The one connection that a verb is about.
fn subject(verb: &Verb) -> Option<&str> {
    match verb {
        Verb::Add(arguments) => arguments.link_name.as_deref(),
        Verb::Connect(arguments) => Some(&arguments.link_name),
        Verb::Reconnect(arguments) => Some(&arguments.link_name),
        Verb::Request(arguments) => arguments.link_name(),
        Verb::Token(arguments) => Some(&arguments.link_name),
        Verb::Exec(arguments) => Some(&arguments.link_name),
        Verb::Snippet(arguments) => Some(&arguments.link_name),
        Verb::Proxy(arguments) => Some(&arguments.link_name),
        Verb::Enable(arguments) | Verb::Disable(arguments) => Some(&arguments.link_name),
        Verb::Rename(arguments) => Some(&arguments.link_name),
        Verb::Remove(arguments) => Some(&arguments.link_name),
        Verb::Account(arguments) => Some(arguments.link_name()),
        Verb::Show(arguments) => Some(&arguments.link_name),
        _ => None,
    }
}

fn perform(verb: Verb, context: &Context) -> Result<ExitClass, Failure> {
    match verb {
        Verb::Add(arguments) => add::run(&arguments, context),
        Verb::Test(arguments) => test::run(&arguments, context),
        Verb::Connect(arguments) => reconnect::run_connect(&arguments, context),
        Verb::Reconnect(arguments) => reconnect::run(&arguments, context),
        Verb::Request(arguments) => request::run(&arguments, context),
        Verb::Token(arguments) => token::run(&arguments, context),
        Verb::Exec(arguments) => exec::run(&arguments, context),
        Verb::Snippet(arguments) => snippet::run(&arguments, context),
        Verb::Proxy(arguments) => proxy::run(&arguments, context),
        Verb::CredentialHelper(arguments) => credential::run(&arguments, context),
        Verb::Export(arguments) => export::run(&arguments, context),
        Verb::Import(arguments) => import::run(&arguments, context),
        Verb::Enable(arguments) => switch::run_enable(&arguments, context, true),
        Verb::Disable(arguments) => switch::run_enable(&arguments, context, false),
        Verb::Rename(arguments) => switch::run_rename(&arguments, context),
        Verb::Remove(arguments) => switch::run_remove(&arguments, context),
        Verb::Account(arguments) => account::run(&arguments, context),
        Verb::Diagnose(arguments) => diagnose::run(&arguments, context),
        Verb::Connectors(arguments) => connectors::run(arguments, context),
        Verb::Demo(arguments) => demo::run(&arguments, context),
        Verb::Doctor(arguments) => doctor::run(&arguments, context),
        Verb::Explain(arguments) => explain::run(&arguments, context),
        Verb::Lint(arguments) => lint::run(&arguments, context),
        Verb::Generate(arguments) => generate::run(&arguments, context),
        Verb::List(arguments) => list::run(&arguments, context),
        Verb::Show(arguments) => show::run(&arguments, context),
        Verb::History(arguments) => history::run(&arguments, context),
    }
}
