//! `conn import [FORMAT] FILE…`: connections from other programs' files.

mod files;
mod opened;
mod screen;

use clap::Args;

use super::Context;
use super::help::say;
use crate::base::{Text, shell};
use crate::cause::ExitClass;
use crate::config::Format as Form;
use crate::model::connection::SecretSource;
use crate::operation::Failure;
use crate::operation::import::{self, Imported, Plan, Request};

/// Arguments of `conn import`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The format, then the files.
    #[arg(value_name = "[FORMAT] FILE", required = true, num_args = 1.., help = say("Files to take over, after their format where it is not recognised: dotenv, postman, openapi, insomnia, bruno, nango, rclone, gh or conn", "取り込むファイル。判別できない場合は前に形式を指定: dotenv、postman、openapi、insomnia、bruno、nango、rclone、gh、conn"))]
    words: Vec<String>,
    /// Agree beforehand.
    #[arg(short, long, conflicts_with = "dry_run", help = say("Import without asking", "確認せずに取り込みます"))]
    yes: bool,
    /// Show the plan only.
    #[arg(long, help = say("Show the plan and change nothing", "計画だけを表示し、何も変更しません"))]
    dry_run: bool,
    /// Replace.
    #[arg(long, help = say("Replace connections and connectors of the same name that have other content", "同じ名前で内容の異なる接続・コネクターを置き換えます"))]
    replace: bool,
    /// Where values are kept.
    #[arg(long, value_name = "STORE", value_parser = ["keyring", "vault"], hide_possible_values = true, help = say("Where conn keeps the secrets: keyring (usual) or vault", "秘密の値の保存先: keyring（標準）または vault"))]
    store: Option<String>,
    /// What opens a bundle.
    #[arg(long, value_name = "FILE", help = say("Identity (age) that opens a sealed bundle; its passphrase comes from CONN_IDENTITY_PASSPHRASE or is asked", "暗号化されたファイルを開く identity（age）。パスフレーズは CONN_IDENTITY_PASSPHRASE から読むか、入力を求めます"))]
    identity: Option<std::path::PathBuf>,
}

/// Runs `conn import`.
///
/// # Errors
/// When a file cannot be read or understood, nobody agreed, or a store fails.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    if matches!(context.settings.format, Form::Junit | Form::Github | Form::Openmetrics) {
        return Err(super::list::no_such_form(&[]));
    }
    let (format, names) = files::format(&arguments.words, context)?;
    let (sealed, files) = files::read(&names, context)?;
    let bundle = opened::open(sealed, arguments.identity.as_deref(), context)?;
    let store = arguments.store.as_deref();
    let store = store.map(|store| if store == "vault" { SecretSource::Vault } else { SecretSource::Keyring });
    let request = Request { files, bundle, format, store, replace: arguments.replace };
    let plan = import::plan(context.world, &request)?;
    let spoken = matches!(context.settings.format, Form::Human | Form::Plain);
    if spoken {
        context.print(&screen::plan(&plan, &context.page()));
    }
    if arguments.dry_run || plan.is_empty() {
        if !spoken {
            context.print(&screen::machine(&plan, None, context));
        }
        return Ok(ExitClass::Healthy);
    }
    if !arguments.yes {
        agree(&plan, request.store.as_ref().unwrap_or(&SecretSource::Keyring), context)?;
    }
    let mut done = Imported::default();
    let outcome = context.block_on(import::apply(context.world, &plan, &mut done));
    if outcome.is_err() {
        screen::interrupted(&done, context);
    }
    outcome.map_err(|failure| anew(failure, arguments))?;
    if spoken {
        screen::done(&plan, &done, &plan.in_the_clear(&request.files), context);
    } else {
        context.print(&screen::machine(&plan, Some(&done), context));
    }
    Ok(ExitClass::Healthy)
}

/// Without a store, what is left to import goes into the vault.
fn anew(failure: Failure, arguments: &Arguments) -> Failure {
    if !failure.is_of("CONN-SEC-STORE-ABSENT") {
        return failure;
    }
    let mut words = vec!["conn import".to_owned()];
    words.extend(arguments.words.iter().map(|word| shell::word(word)));
    let identity = arguments.identity.as_ref().map(|path| shell::word(&path.display().to_string()));
    words.extend(identity.map(|path| format!("--identity {path}")));
    words.extend(arguments.replace.then(|| "--replace".to_owned()));
    words.push("--store vault".to_owned());
    failure.instead(words.join(" "))
}

/// Asks; without anybody to ask, names the flags.
fn agree(plan: &Plan, store: &SecretSource, context: &Context) -> Result<(), Failure> {
    const ASK: Text = Text::new(
        "Write into {file} (connections: {connections}, connectors: {connectors}) and into the {store} (secrets: {secrets})?",
        "接続 {connections} 件とコネクター {connectors} 件を {file} に、秘密の値 {secrets} 件を{store}に保存しますか。",
    );
    const NOBODY: Text = Text::new(
        "Nothing was imported: nobody can be asked here.",
        "対話による確認ができないため、何も取り込んでいません。",
    );
    const FLAGS: Text = Text::new(
        "--yes imports what the plan says; --dry-run shows the plan alone",
        "計画どおり取り込むには --yes、計画だけを見るには --dry-run を付けてください",
    );
    if !context.world.person().is_present() {
        return Err(Failure::usage(NOBODY.into(), Some(FLAGS.into())));
    }
    let connections = plan.connections.iter().filter(|one| one.change.writes()).count().to_string();
    let connectors = plan.connectors.iter().filter(|one| one.change.writes()).count().to_string();
    let file = context.world.own_definitions().path().display().to_string();
    let question = ASK.fill(&[
        ("connections", &connections),
        ("connectors", &connectors),
        ("file", &file),
        ("secrets", &plan.secrets().to_string()),
        ("store", store.words().get(context.language())),
    ]);
    if context.world.person().confirm(question.get(context.language()), false)? {
        return Ok(());
    }
    Err(Failure::Cancelled)
}
