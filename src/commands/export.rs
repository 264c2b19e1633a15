//! `conn export [NAME…|--all]`: connections for another machine.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::Context;
use super::diagnose::file_failure;
use super::help::say;
use crate::base::{Phrase, Text, Timestamp, safe_text, time};
use crate::cause::ExitClass;
use crate::config::Format as Form;
use crate::moving::Left;
use crate::moving::bundle::Bundle;
use crate::moving::sealed::{self, Recipient};
use crate::operation::Failure;
use crate::operation::export::{self, Exported, Given, Tokens};
use crate::output::machine;
use crate::output::words::safe;

/// The schema of an export.
const SCHEMA: &str = "conn.export/1";

/// Arguments of `conn export`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The connections.
    #[arg(value_name = "LINK_NAME", required_unless_present = "all", conflicts_with = "all", help = say("Connections to write", "書き出す接続のリンク名"))]
    names: Vec<String>,
    /// All of them.
    #[arg(long, help = say("Write all connections", "すべての接続を書き出します"))]
    all: bool,
    /// The file.
    #[arg(short, long, value_name = "FILE", help = say("The file to write; without recipients the definitions go to standard output", "書き出し先のファイル（受信者の指定がなければ標準出力）"))]
    output: Option<PathBuf>,
    /// Who may open it.
    #[arg(long = "recipient", value_name = "RECIPIENT", requires = "output", help = say("Seal the secrets for this age recipient: age1…, or a file that lists some; repeat for more", "秘密の値を age の受信者（age1… または一覧のファイル）宛てに暗号化して含めます（複数指定可）"))]
    recipients: Vec<String>,
    /// How long it is good.
    #[arg(long, value_name = "DURATION", requires = "recipients", value_parser = duration, help = say("How long the bundle can be imported (usual: 7d)", "取り込める期間（標準: 7d）"))]
    expires: Option<jiff::SignedDuration>,
    /// What becomes of tokens.
    #[arg(long, value_name = "HOW", requires = "recipients", value_parser = ["leave", "copy", "move"], hide_possible_values = true, help = say("Tokens that a consent gave: leave (usual), copy where they do not rotate, or move: this machine disables the connection", "同意で得たトークンの扱い: leave（標準、含めない）、copy（ローテーションしないものだけ複製）、move（移して、この端末の接続を無効化）"))]
    tokens: Option<String>,
}

/// How long a bundle is good where nobody says.
const USUAL: jiff::SignedDuration = jiff::SignedDuration::from_hours(7 * 24);

fn duration(text: &str) -> Result<jiff::SignedDuration, String> {
    let span = time::span(text).filter(|span| span.as_secs() > 0);
    span.ok_or_else(|| say("write 12h or 7d", "12h、7d のように指定してください").to_owned())
}

/// Runs `conn export`.
///
/// # Errors
/// When a connection is not there, a recipient is none, the file is there already, or a store fails.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    if matches!(context.settings.format, Form::Junit | Form::Github | Form::Openmetrics) {
        return Err(super::list::no_such_form(&[]));
    }
    let recipients = recipients(&arguments.recipients, context)?;
    let path = arguments.output.as_ref().map(|path| context.process.folder.join(path));
    if let Some(path) = &path {
        fresh(path)?;
    }
    let mut exported = export::gather(context.world, &arguments.names)?;
    let Some(path) = path else {
        return Ok(show(&exported, context));
    };
    if recipients.is_empty() {
        write(&path, exported.text.as_bytes(), context)?;
        tell(&exported, &path, None, context);
        return Ok(ExitClass::Healthy);
    }
    let tokens = match arguments.tokens.as_deref() {
        Some("copy") => Tokens::Copy,
        Some("move") => Tokens::Move,
        _ => Tokens::Leave,
    };
    let given = context.block_on(export::take_out(context.world, &exported.connections, tokens))?;
    let sealed = seal(arguments, &recipients, &exported, given, &path, context)?;
    exported.left.extend(sealed.left.iter().cloned());
    tell(&exported, &path, Some(&sealed), context);
    Ok(ExitClass::Healthy)
}

/// What was sealed.
struct Sealed {
    expires: Timestamp,
    recipients: usize,
    credentials: usize,
    moved: Vec<(String, String)>,
    left: Vec<Left>,
}

fn seal(
    arguments: &Arguments,
    recipients: &[Recipient],
    exported: &Exported,
    mut given: Given,
    path: &Path,
    context: &Context,
) -> Result<Sealed, Failure> {
    let now = context.world.clock().now();
    let expires = now.checked_add(arguments.expires.unwrap_or(USUAL)).unwrap_or(Timestamp::MAX);
    let items = std::mem::take(&mut given.items);
    let credentials = items.len();
    let text = Bundle::new(now, expires, exported.text.clone(), items).to_text();
    let written = sealed::seal(recipients, text.as_bytes())
        .ok_or_else(|| Failure::cause("CONN-SELF-BUG", &[]))
        .and_then(|bytes| write(path, &bytes, context));
    if let Err(failure) = written {
        export::give_back(context.world, &given);
        return Err(failure);
    }
    let Given { moved, left, .. } = given;
    Ok(Sealed { expires, recipients: recipients.len(), credentials, moved, left })
}

/// The recipients: words, or files that list them.
fn recipients(words: &[String], context: &Context) -> Result<Vec<Recipient>, Failure> {
    const NONE: Text = Text::new(
        "{word} is neither an age recipient (age1…) nor a file that lists some.",
        "{word} は age の受信者（age1…）でも、その一覧のファイルでもありません。",
    );
    const MAKE: Text = Text::new(
        "whoever imports makes one with: conn generate identity FILE",
        "取り込む人が conn generate identity ファイル で作成できます",
    );
    const SECRET: Text = Text::new(
        "An identity (AGE-SECRET-KEY-…) is the secret half and belongs on no command line; pass its recipient (age1…).",
        "identity（AGE-SECRET-KEY-…）は秘密の鍵のため、コマンドラインには指定できません。受信者（age1…）を指定してください。",
    );
    let mut all = Vec::new();
    for word in words {
        if word.to_ascii_uppercase().starts_with("AGE-SECRET-KEY-") {
            return Err(Failure::usage(SECRET.into(), Some(MAKE.into())));
        }
        if let Some(one) = Recipient::find(word) {
            all.push(one);
            continue;
        }
        let text = std::fs::read_to_string(context.process.folder.join(word)).unwrap_or_default();
        let Some(listed) = sealed::recipients(&text) else {
            let shown = safe_text::line(word, 80);
            return Err(Failure::usage(NONE.fill(&[("word", &shown)]), Some(MAKE.into())));
        };
        all.extend(listed);
    }
    Ok(all)
}

/// Refuses a place where something is: an export never writes over anything, nor into a terminal.
fn fresh(path: &Path) -> Result<(), Failure> {
    const THERE: Text = Text::new("{file} is there already.", "{file} はすでにあります。");
    const OTHER: Text = Text::new(
        "choose another name, or move that file away",
        "別の名前を指定するか、そのファイルを移動してください",
    );
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let file = path.display().to_string();
    Err(Failure::usage(THERE.fill(&[("file", &file)]), Some(OTHER.into())))
}

fn write(path: &Path, bytes: &[u8], context: &Context) -> Result<(), Failure> {
    context.world.write_private(path, bytes).map_err(|error| file_failure(path, &error))
}

/// Definitions alone, to standard output.
fn show(exported: &Exported, context: &Context) -> ExitClass {
    match context.settings.format {
        Form::Human | Form::Plain => {
            context.print(&exported.text);
            left(&exported.left, context);
        }
        _ => context.print(&object(exported, None, None, context)),
    }
    ExitClass::Healthy
}

fn tell(exported: &Exported, path: &Path, sealed: Option<&Sealed>, context: &Context) {
    const PLAIN: Text = Text::new(
        "Wrote {file}, without secrets (connections: {connections}, connectors: {connectors}). Read it back with: conn import {file}",
        "{file} を作成しました（接続 {connections} 件、コネクター {connectors} 件、秘密の値なし）。取り込むには: conn import {file}",
    );
    const SEALED: Text = Text::new(
        "Wrote {file}, sealed (connections: {connections}, credentials: {credentials}, recipients: {recipients}), to \
         be imported until {expires} with: conn import {file} --identity FILE",
        "{file} を作成しました（接続 {connections} 件、認証情報 {credentials} 件、受信者 {recipients} 件宛てに暗号化、\
         期限 {expires}）。取り込むには: conn import {file} --identity ファイル",
    );
    const PROMISE: Text = Text::new(
        "After that conn refuses it; a recipient can still open it with other programs, so replace keys that got into \
         wrong hands.",
        "期限後は conn では取り込めませんが、受信者は他のツールで開けます。漏れた場合はキーを再発行してください。",
    );
    const MOVED: Text = Text::new(
        "{name} ({environment}) is disabled here now: its authorisation moved. conn enable {name} takes it back, if \
         nobody imported it.",
        "{name}（{environment}）は認可を移したため、この端末では無効にしました。取り込まれていない場合は \
         conn enable {name} で元に戻せます。",
    );
    if !matches!(context.settings.format, Form::Human | Form::Plain) {
        return context.print(&object(exported, Some(path), sealed, context));
    }
    let file = path.display().to_string();
    let (connections, connectors) =
        (exported.connections.len().to_string(), exported.connectors.len().to_string());
    let Some(sealed) = sealed else {
        let values = [("file", &*file), ("connections", &*connections), ("connectors", &*connectors)];
        context.remark(&PLAIN.fill(&values));
        return left(&exported.left, context);
    };
    let expires = time::local(sealed.expires, &context.world.clock().zone());
    let (credentials, recipients) = (sealed.credentials.to_string(), sealed.recipients.to_string());
    context.remark(&SEALED.fill(&[
        ("file", &file),
        ("connections", &connections),
        ("credentials", &credentials),
        ("recipients", &recipients),
        ("expires", &expires),
    ]));
    context.remark(&PROMISE.into());
    for (name, environment) in &sealed.moved {
        let told = MOVED.fill(&[("name", name), ("environment", environment)]);
        context.tell(told.get(context.language()));
    }
    left(&exported.left, context);
}

/// What stays on this machine; told even to the quiet.
fn left(all: &[Left], context: &Context) {
    const LEFT: Text = Text::new("Stays here: {what}: {reason}", "この端末に残るもの: {what}: {reason}");
    for one in all {
        let values = [("what", Phrase::same(safe(&one.what))), ("reason", one.reason.clone())];
        context.tell(LEFT.fill_phrases(&values).get(context.language()));
    }
}

fn object(exported: &Exported, path: Option<&Path>, sealed: Option<&Sealed>, context: &Context) -> String {
    let language = context.language();
    let left: Vec<Value> = exported
        .left
        .iter()
        .map(|one| json!({ "what": one.what, "place": one.place, "reason": one.reason.get(language) }))
        .collect();
    let moved: Vec<Value> = sealed
        .iter()
        .flat_map(|sealed| &sealed.moved)
        .map(|(name, environment)| json!({ "link_name": name, "environment": environment }))
        .collect();
    let value = machine::harmless(json!({
        "schema": SCHEMA,
        "tool": machine::tool(),
        "file": path.map(|path| path.display().to_string()),
        "definitions": path.is_none().then_some(&exported.text),
        "connections": exported.connections,
        "connectors": exported.connectors,
        "sealed": sealed.is_some(),
        "recipients": sealed.map(|sealed| sealed.recipients),
        "credentials": sealed.map(|sealed| sealed.credentials),
        "expires": machine::moment(sealed.map(|sealed| sealed.expires)),
        "moved": moved,
        "left": left,
    }));
    if context.settings.format == Form::Jsonl { format!("{value}\n") } else { machine::pretty(&value) }
}
