//! `conn enable`, `disable`, `rename`, `remove`.

use clap::Args;

use super::Context;
use super::help::say;
use crate::base::{LinkName, Phrase, Text};
use crate::cause::ExitClass;
use crate::model::connection::SecretSource;
use crate::operation::{Failure, choose, remove, switch};

/// One connection.
#[derive(Debug, Args)]
pub struct OneArguments {
    /// The connection.
    #[arg(value_name = "LINK_NAME", help = say("Connection", "接続のリンク名"))]
    pub(super) link_name: String,
}

/// Arguments of `conn rename`.
#[derive(Debug, Args)]
pub struct RenameArguments {
    /// The connection.
    #[arg(value_name = "LINK_NAME", help = say("Connection", "接続のリンク名"))]
    pub(super) link_name: String,
    /// Its new name.
    #[arg(value_name = "NEW_NAME", help = say("Its new link name", "新しいリンク名"))]
    new_name: String,
}

/// Arguments of `conn remove`.
#[derive(Debug, Args)]
pub struct RemoveArguments {
    /// The connection.
    #[arg(value_name = "LINK_NAME", help = say("Connection to remove", "削除する接続のリンク名"))]
    pub(super) link_name: String,
    /// Do not ask.
    #[arg(short, long, help = say("Remove without asking", "確認せずに削除します"))]
    yes: bool,
}

/// Runs `conn enable` and `conn disable`.
///
/// # Errors
/// When the connection does not exist.
pub fn run_enable(arguments: &OneArguments, context: &Context, on: bool) -> Result<ExitClass, Failure> {
    const NOW: Text = Text::new("{name}: {state}", "{name}: {state}");
    let environment = context.settings.environment.as_deref();
    let state = switch::enable(context.world, &arguments.link_name, environment, on)?.text();
    let account = context.settings.account.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
    let name = format!("{}{account}", arguments.link_name);
    let say = |text: &str, state: &str| text.replace("{name}", &name).replace("{state}", state);
    context.remark(&Phrase { en: say(NOW.en, state.en), ja: say(NOW.ja, state.ja) });
    Ok(ExitClass::Healthy)
}

/// Runs `conn rename`.
///
/// # Errors
/// When the connection does not exist or the new name is taken.
pub fn run_rename(arguments: &RenameArguments, context: &Context) -> Result<ExitClass, Failure> {
    const DONE: Text = Text::new("{from} is now called {to}.", "{from} の名前を {to} に変更しました。");
    let to: LinkName = arguments.new_name.parse().map_err(|_| choose::bad_name(&arguments.new_name))?;
    switch::rename(context.world, &arguments.link_name, &to)?;
    context.remark(&DONE.fill(&[("from", &arguments.link_name), ("to", to.as_str())]));
    Ok(ExitClass::Healthy)
}

/// Runs `conn remove`.
///
/// # Errors
/// When there is nothing of that name, or nobody agreed.
pub fn run_remove(arguments: &RemoveArguments, context: &Context) -> Result<ExitClass, Failure> {
    const ASK: Text = Text::new(
        "Remove {name} and its stored credential?",
        "{name} と保存されている認証情報を削除しますか。",
    );
    const AGREE: Text = Text::new("Nobody can be asked here.", "対話による確認ができません。");
    const FLAG: Text = Text::new(
        "conn remove {name} --yes removes it",
        "確認なしで削除するには conn remove {name} --yes を実行してください。",
    );
    const USED: Text = Text::new("{name} is used by: {users}", "{name} は次の場所で使われています: {users}");
    const GONE: Text = Text::new("{name} is removed.", "{name} を削除しました。");
    const REST: Text = Text::new(
        "{name} was not defined any more; its stored credential is removed.",
        "{name} の定義はすでにありませんでした。残っていた認証情報を削除しました。",
    );
    let name = [("name", arguments.link_name.as_str())];
    remove::whole(context.world, &arguments.link_name)?;
    let users = remove::users(context.world, &arguments.link_name);
    if !users.is_empty() {
        let users = crate::base::safe_text::line(&users.join(", "), 400);
        let told = USED.fill(&[("name", &arguments.link_name), ("users", &users)]);
        context.tell(told.get(context.language()));
    }
    if !arguments.yes {
        remove::known(context.world, &arguments.link_name)?;
        if !context.world.person().is_present() {
            return Err(Failure::usage(AGREE.into(), Some(FLAG.fill(&name))));
        }
        let question = ASK.fill(&name);
        if !context.world.person().confirm(question.get(context.language()), false)? {
            return Err(Failure::Cancelled);
        }
    }
    let removed = context.block_on(remove::remove(context.world, &arguments.link_name))?;
    context.remark(&if removed.defined { GONE } else { REST }.fill(&name));
    for (store, failure) in &removed.unclean {
        tell_unclean(context, &arguments.link_name, store, failure);
    }
    tell_tokens(context, &removed.left, removed.revoked);
    Ok(ExitClass::Healthy)
}

/// Says that a store could not be cleaned: the connection is gone all the same.
fn tell_unclean(context: &Context, link_name: &str, store: &SecretSource, failure: &Failure) {
    const LEFT: Text = Text::new(
        "Warning: what the {store} may hold of {name} could not be removed ({reason}). Where it can be reached, conn \
         remove {name} removes it.",
        "警告: {store}に残っている可能性のある {name} の認証情報は削除できませんでした（{reason}）。利用できる環境で \
         conn remove {name} を実行すると削除されます。",
    );
    let language = context.language();
    let message = failure.message(language);
    let (words, reason) = (store.words(), message.trim_end_matches(['.', '。']));
    let values = [("name", link_name), ("store", words.get(language)), ("reason", reason)];
    context.tell(LEFT.fill(&values).get(language));
}

/// Says what became of the tokens at the service. What it did not end is told even to the quiet.
pub(super) fn tell_tokens(context: &Context, left: &[Phrase], revoked: bool) {
    const REVOKED: Text =
        Text::new("The service has revoked its tokens.", "外部サービス側のトークンも取り消しました。");
    const LEFT: Text = Text::new(
        "Not revoked at the service: {why}",
        "外部サービス側で取り消せなかったトークンがあります: {why}",
    );
    if revoked && left.is_empty() {
        context.remark(&REVOKED.into());
    }
    for why in left {
        let say = |text: &str, why: &str| text.replace("{why}", why);
        let told = Phrase { en: say(LEFT.en, &why.en), ja: say(LEFT.ja, &why.ja) };
        context.tell(told.get(context.language()));
    }
}
