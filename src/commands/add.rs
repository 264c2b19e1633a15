//! `conn add`: choose, ask, test, save.

use clap::Args;

use super::consent::ConsentArguments;
use super::help::say;
use super::{Context, present};
use crate::base::{Phrase, Secret, Text, system_error};
use crate::cause::ExitClass;
use crate::config::Format;
use crate::diagnosis::Entry;
use crate::diagnosis::finding::FIXED;
use crate::model::State;
use crate::model::connection::{ConnectionKind, SecretSource};
use crate::operation::add::{AddRequest, Added};
use crate::operation::given::{self, Given};
use crate::operation::{Failure, add};

/// The most bytes that a secret on standard input may have.
const LONGEST_SECRET: u64 = 256 * 1024;

/// Arguments of `conn add`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The link name.
    #[arg(value_name = "LINK_NAME", help = say("The connection's handle in commands", "コマンドで使う接続のリンク名"))]
    pub(super) link_name: Option<String>,
    /// The connector.
    #[arg(long, value_name = "ID", help = say("The service, see conn connectors list", "サービス（conn connectors list で確認）"))]
    connector: Option<String>,
    /// The auth method.
    #[arg(long, value_name = "NAME", help = say("How to authenticate, where a service has several ways", "認証の種類（複数ある場合）"))]
    method: Option<String>,
    /// The display name.
    #[arg(long, value_name = "TEXT", help = say("Display name", "表示名"))]
    name: Option<String>,
    /// Values of variables.
    #[arg(long = "set", value_name = "NAME=VALUE", help = say("Value of a variable (host, account id, …)", "変数の値（ホストなど）"))]
    set: Vec<String>,
    /// Sources of secrets.
    #[arg(long = "secret", value_name = "NAME=SOURCE", help = say("Source of a secret: - (stdin), env:VAR, file:PATH, command:…", "秘密の値の取得元: -（標準入力）、env:変数、file:パス、command:…"))]
    secret: Vec<String>,
    /// Who authorises it.
    #[arg(long, value_name = "KIND", value_parser = ["system", "admin", "user"], hide_possible_values = true, help = say("Who authorises it: admin (once for everyone, usual), user (each person their own) or system (for scripts, after an admin's conn connect)", "種別: admin（全員で 1 つ。標準）、user（利用者ごと）、system（スクリプト用。管理者が conn connect で認証）"))]
    kind: Option<String>,
    /// Where values are kept.
    #[arg(long, value_name = "STORE", value_parser = ["keyring", "vault"], default_value = "keyring", hide_possible_values = true, hide_default_value = true, help = say("Where conn keeps the secret: keyring (usual) or vault", "秘密の値の保存先: keyring（標準）または vault"))]
    store: String,
    /// Labels.
    #[arg(long = "tag", value_name = "TAG", help = say("Label for --tag", "タグ"))]
    tags: Vec<String>,
    /// What uses it.
    #[arg(long = "used-by", value_name = "TEXT", help = say("What uses it (a script, a workflow); told before it is removed", "利用元（スクリプト、ワークフローなど）。削除の前に表示します"))]
    used_by: Vec<String>,
    /// Who to ask.
    #[arg(long, value_name = "TEXT", help = say("Who to ask about it", "担当者"))]
    owner: Option<String>,
    /// One authorisation for all environments.
    #[arg(long, help = say("Use one authorisation for all environments", "すべての環境で同じ認証情報を使います"))]
    same_authorization: bool,
    /// Save without testing.
    #[arg(long, help = say("Save without testing; the connection stays pending", "テストせずに保存します（状態は未接続）"))]
    no_test: bool,
    #[command(flatten)]
    consent: ConsentArguments,
}

/// Runs `conn add`.
///
/// # Errors
/// When something is missing or does not fit.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    let request = request(arguments, context)?;
    let show = |report: &crate::diagnosis::Report| present::report(context, report, false);
    let added = context.block_on(add::add(context.world, request, show))?;
    tell(context, &added);
    if let Some(question) = &added.question {
        return Ok(super::consent::ask(context, question));
    }
    let exit = added.report.as_ref().map_or(ExitClass::Healthy, crate::diagnosis::Report::exit);
    Ok(exit)
}

fn request(arguments: &Arguments, context: &Context) -> Result<AddRequest, Failure> {
    let secrets = secrets(&arguments.secret)?;
    let input = input(&secrets, context)?;
    let values = arguments.set.iter().map(|pair| given::set(pair)).collect::<Result<_, _>>()?;
    Ok(AddRequest {
        link_name: arguments.link_name.clone(),
        connector: arguments.connector.clone(),
        method: arguments.method.clone(),
        name: arguments.name.clone(),
        kind: arguments.kind.as_deref().map(kind),
        environment: context.settings.environment.clone(),
        values,
        secrets,
        input,
        store: if arguments.store == "vault" { SecretSource::Vault } else { SecretSource::Keyring },
        tags: arguments.tags.clone(),
        used_by: arguments.used_by.clone(),
        owner: arguments.owner.clone(),
        same_authorization: arguments.same_authorization,
        wish: arguments.consent.wish(),
        untested: arguments.no_test,
    })
}

fn kind(word: &str) -> ConnectionKind {
    match word {
        "user" => ConnectionKind::User,
        "system" => ConnectionKind::System,
        _ => ConnectionKind::Admin,
    }
}

/// The sources of `--secret`, by parameter.
///
/// # Errors
/// When one is neither a source nor a name.
pub(super) fn secrets(arguments: &[String]) -> Result<std::collections::BTreeMap<String, Given>, Failure> {
    arguments.iter().map(|argument| given::given(argument)).collect()
}

/// Standard input, where a source names it.
///
/// # Errors
/// When two sources name it, or it cannot be read.
pub(super) fn input(
    secrets: &std::collections::BTreeMap<String, Given>,
    context: &Context,
) -> Result<Option<Secret>, Failure> {
    const ONCE: Text = Text::new(
        "Standard input can give one secret only.",
        "標準入力から読み取れる秘密の値は 1 つだけです。",
    );
    const UNREADABLE: Text =
        Text::new("Standard input cannot be read: {reason}", "標準入力を読み取れません: {reason}");
    if context.world.person().is_present() {
        // At a terminal a secret is typed hidden, and never read from what the screen shows.
        return Ok(None);
    }
    match secrets.values().filter(|source| **source == Given::Input).count() {
        0 => return Ok(None),
        1 => {}
        _ => return Err(Failure::usage(ONCE.into(), None)),
    }
    let failed = |reason: Phrase| Failure::usage(UNREADABLE.fill_phrases(&[("reason", reason)]), None);
    let bytes = context.read_input(LONGEST_SECRET);
    let bytes = bytes.map_err(|error| failed(system_error::explained(&error)))?;
    let text = String::from_utf8(bytes).map_err(|_| failed(given::NO_TEXT.into()))?;
    // The line end that `echo` and editors add is no part of a secret.
    Ok(Some(Secret::new(
        text.strip_suffix('\n').map_or(text.as_str(), |line| line.trim_end_matches('\r')).to_owned(),
    )))
}

fn tell(context: &Context, added: &Added) {
    const SAVED: Text = Text::new(
        "Saved {name} in {file}; state: {state}.",
        "{name} を {file} に保存しました。状態: {state}",
    );
    const CONNECT: Text = Text::new("Next: conn connect {name}", "次の手順: conn connect {name}");
    const NEXT: Text = Text::new("Next: conn test {name}", "次の手順: conn test {name}");
    const NOT: Text = Text::new(
        "Nothing was saved. Correct the value and run conn add again; --no-test saves without testing.",
        "保存していません。値を直して conn add をもう一度実行してください（--no-test でテストせずに保存できます）。",
    );
    const LATER: Text = Text::new(
        "Nothing was saved. Run conn add again when the way is free; --no-test saves without testing.",
        "保存していません。通信できるようになってから conn add をもう一度実行してください（--no-test でテストせずに保存できます）。",
    );
    if context.settings.format != Format::Human && context.settings.format != Format::Plain {
        return;
    }
    if !added.saved {
        let root = added.report.iter().flat_map(|report| &report.entries).find_map(Entry::root);
        let typed = root.is_none_or(|root| !root.values.contains_key(FIXED));
        return context.remark(&if typed { NOT } else { LATER }.into());
    }
    let state = added.state.text();
    let fill = |text: &str, state: &str| {
        text.replace("{name}", &added.link_name).replace("{file}", &added.file).replace("{state}", state)
    };
    context.remark(&Phrase { en: fill(SAVED.en, state.en), ja: fill(SAVED.ja, state.ja) });
    // What is pending carries no traffic until somebody connects it.
    let next = if added.state == State::Pending { CONNECT } else { NEXT };
    context.remark(&next.fill(&[("name", &added.link_name)]));
}
