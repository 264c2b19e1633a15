//! `conn account list`, `primary` and `remove`: the accounts of a connection on which each person authorises for
//! themselves.

use clap::{Args, Subcommand};
use serde_json::json;

use super::Context;
use super::help::say;
use super::list::no_such_form;
use super::switch::tell_tokens;
use crate::base::Text;
use crate::cause::ExitClass;
use crate::config::Format;
use crate::model::ConnectionKind;
use crate::operation::prepare::Prepared;
use crate::operation::{Failure, account};
use crate::output::machine;
use crate::output::words::safe;
use crate::port::AccountRecord;

/// The schema of the accounts of a connection.
const SCHEMA: &str = "conn.accounts/1";

/// Arguments of `conn account`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Lists them.
    #[command(about = say("List the accounts of a connection", "接続のアカウントの一覧を表示します"))]
    List(Of),
    /// Chooses one.
    #[command(about = say("Choose the account that is used where --account is not given", "--account を省略したときに使うアカウントを選びます"))]
    Primary(One),
    /// Removes one.
    #[command(about = say("Remove an account: its tokens at the service, then its stored credential", "アカウントを削除します（外部サービス側のトークンを取り消し、保存された認証情報を削除）"))]
    Remove(Removal),
}

/// A connection.
#[derive(Debug, Args)]
struct Of {
    /// The connection.
    #[arg(value_name = "LINK_NAME", help = say("Connection", "接続のリンク名"))]
    link_name: String,
}

/// An account.
#[derive(Debug, Args)]
struct One {
    /// The connection.
    #[arg(value_name = "LINK_NAME", help = say("Connection", "接続のリンク名"))]
    link_name: String,
    /// The account.
    #[arg(value_name = "LABEL", help = say("Account", "アカウント"))]
    label: String,
}

/// An account that goes.
#[derive(Debug, Args)]
struct Removal {
    #[command(flatten)]
    one: One,
    /// Do not ask.
    #[arg(short, long, help = say("Remove without asking", "確認せずに削除します"))]
    yes: bool,
}

impl Arguments {
    /// The connection that is meant.
    pub(super) fn link_name(&self) -> &str {
        match &self.verb {
            Verb::List(of) => &of.link_name,
            Verb::Primary(one) | Verb::Remove(Removal { one, .. }) => &one.link_name,
        }
    }
}

/// Runs `conn account`.
///
/// # Errors
/// When there is no such connection or account, or a store fails.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    const CHOSEN: Text = Text::new(
        "{name} uses {label} where no account is given.",
        "{name} では、アカウントの指定がない場合に {label} を使います。",
    );
    let environment = context.settings.environment.as_deref();
    match &arguments.verb {
        Verb::List(of) => {
            let (prepared, accounts) = account::list(context.world, &of.link_name, environment)?;
            list(context, &prepared, &accounts)?;
        }
        Verb::Primary(One { link_name, label }) => {
            account::set_primary(context.world, link_name, environment, label)?;
            context.remark(&CHOSEN.fill(&[("name", link_name), ("label", label)]));
        }
        Verb::Remove(removal) => remove(context, removal)?,
    }
    Ok(ExitClass::Healthy)
}

fn list(context: &Context, prepared: &Prepared, accounts: &[AccountRecord]) -> Result<(), Failure> {
    const NONE: Text = Text::new(
        "{name} has no accounts yet. {command} adds one.",
        "{name} にはまだアカウントがありません。{command} で追加できます。",
    );
    const ONE: Text = Text::new(
        "{name} has one authorisation for everyone (its kind is not user), so it has no accounts.",
        "{name} は全員で 1 つの認証情報を使う種別のため、アカウントはありません。",
    );
    const LABEL: Text = Text::new("LABEL", "アカウント名");
    let link_name = prepared.link_name.as_str();
    let object = json!({
        "schema": SCHEMA,
        "tool": machine::tool(),
        "lang": context.language().tag(),
        "link_name": link_name,
        "accounts": accounts.iter().map(object).collect::<Vec<_>>(),
    });
    match context.settings.format {
        Format::Human | Format::Plain if accounts.is_empty() => {
            let none = if prepared.connection.kind == ConnectionKind::User { NONE } else { ONE };
            let command = account::adding(prepared, LABEL.get(context.language()));
            context.remark(&none.fill(&[("name", link_name), ("command", &command)]));
        }
        Format::Human | Format::Plain => {
            let page = context.page();
            let lines: Vec<String> = accounts.iter().map(|account| words(account, &page)).collect();
            context.print(&page.finish(lines.join("\n") + "\n"));
        }
        Format::Json => context.print(&machine::pretty(&machine::harmless(object))),
        Format::Jsonl => context.print(&format!("{}\n", machine::harmless(object))),
        Format::Junit | Format::Github | Format::Openmetrics | Format::Sarif | Format::Md => {
            return Err(no_such_form(&[]));
        }
    }
    Ok(())
}

/// One account for programs.
pub(super) fn object(account: &AccountRecord) -> serde_json::Value {
    json!({
        "label": account.label,
        "primary": account.is_primary,
        "environment": account.environment,
        "state": account.record.state.code(),
        "account": account.record.account,
        "organisation": account.record.organisation,
        "last_ok": machine::moment(account.record.last_ok),
    })
}

/// One account for people: label, state, and whether it is the primary one.
pub(super) fn words(account: &AccountRecord, page: &crate::output::Page) -> String {
    let state = page.say(account.record.state.text());
    let primary =
        if account.is_primary { page.say(Text::new(" · primary", " · プライマリ")) } else { "" };
    format!("{} · {state}{primary}", safe(&account.label))
}

fn remove(context: &Context, removal: &Removal) -> Result<(), Failure> {
    const ASK: Text = Text::new(
        "Remove the account {label} of {name} and its stored credential?",
        "{name} のアカウント {label} と保存されている認証情報を削除しますか。",
    );
    const AGREE: Text = Text::new("Nobody can be asked here.", "対話による確認ができません。");
    const FLAG: Text =
        Text::new("--yes removes it without asking", "確認なしで削除するには --yes を指定してください。");
    const GONE: Text = Text::new(
        "The account {label} of {name} is removed.",
        "{name} のアカウント {label} を削除しました。",
    );
    const CHOOSE: Text = Text::new(
        "{name} has no primary account now: conn account primary {name} LABEL",
        "{name} にプライマリアカウントがなくなりました。conn account primary {name} アカウント で選んでください",
    );
    let One { link_name, label } = &removal.one;
    let values = [("name", link_name.as_str()), ("label", label.as_str())];
    if !removal.yes {
        if !context.world.person().is_present() {
            return Err(Failure::usage(AGREE.into(), Some(FLAG.into())));
        }
        let question = ASK.fill(&values);
        if !context.world.person().confirm(question.get(context.language()), false)? {
            return Err(Failure::Cancelled);
        }
    }
    let environment = context.settings.environment.as_deref();
    let removing = account::remove(context.world, link_name, environment, label);
    let (revocation, lacks_primary) = context.block_on(removing)?;
    context.remark(&GONE.fill(&values));
    tell_tokens(context, &revocation.left, revocation.revoked);
    if lacks_primary {
        context.tell(CHOOSE.fill(&values).get(context.language()));
    }
    Ok(())
}
