//! `conn reconnect` and `conn connect`: a new credential, proven before the old one goes.

use clap::Args;

use super::consent::{ConsentArguments, ask};
use super::help::say;
use super::{Context, add, present};
use crate::base::{Phrase, Secret, Text, system_error};
use crate::cause::ExitClass;
use crate::config::Format;
use crate::diagnosis::Report;
use crate::model::State;
use crate::model::connection::SecretSource;
use crate::operation::Failure;
use crate::operation::connect::{self, Connected};
use crate::operation::given::{self, set};
use crate::operation::reconnect::{ReconnectRequest, Reconnected, Reconnection, reconnect};
use crate::operation::relocate::relocate;
use crate::operation::rollback::rollback;
use crate::operation::tokens::authorize::Answer;

/// The longest answer that is read from standard input, in bytes.
const LONGEST_ANSWER: u64 = 64 * 1024;

/// Arguments of `conn reconnect`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The connection.
    #[arg(value_name = "LINK_NAME", help = say("Connection to reconnect", "再接続する接続のリンク名"))]
    pub(super) link_name: String,
    /// Sources of secrets.
    #[arg(long = "secret", value_name = "NAME=SOURCE", help = say("Source of a new secret: - (stdin), env:VAR, file:PATH, command:…", "新しい秘密の値の取得元: -（標準入力）、env:変数、file:パス、command:…"))]
    secret: Vec<String>,
    /// Values of variables.
    #[arg(long = "set", value_name = "NAME=VALUE", help = say("New value of a variable", "変数の新しい値"))]
    set: Vec<String>,
    /// Expect another account.
    #[arg(long, help = say("Accept another account or organisation than before", "以前と異なるアカウントや組織でも受け入れます"))]
    other_account: bool,
    #[command(flatten)]
    consent: ConsentArguments,
    #[command(flatten)]
    place: PlaceArguments,
    /// Go back.
    #[arg(long, conflicts_with_all = ["secret", "set", "other_account", "store"], help = say("Go back to the credential before the last reconnect", "前回の再接続より前の認証情報に戻します"))]
    rollback: bool,
}

/// Where secrets are kept from now on.
#[derive(Debug, Args)]
struct PlaceArguments {
    /// The store.
    #[arg(long, value_name = "STORE", value_parser = ["keyring", "vault"], hide_possible_values = true, help = say("Move its secrets to this store first: keyring or vault", "先に秘密の値の保存先を変更します: keyring または vault"))]
    store: Option<String>,
}

impl PlaceArguments {
    /// The store that was named.
    fn named(&self) -> Option<SecretSource> {
        let vault = |name| if name == "vault" { SecretSource::Vault } else { SecretSource::Keyring };
        self.store.as_deref().map(vault)
    }

    /// Moves what conn keeps of a connection there, where a place was named.
    fn apply(&self, link_name: &str, context: &Context) -> Result<(), Failure> {
        let Some(store) = self.named() else { return Ok(()) };
        let environment = context.settings.environment.as_deref();
        context.block_on(relocate(context.world, link_name, environment, &store))
    }
}

/// Arguments of `conn connect`.
#[derive(Debug, Args)]
pub struct ConnectArguments {
    /// The connection.
    #[arg(value_name = "LINK_NAME", help = say("Connection to prove and mark connected", "認証を確認して「接続済み」にする接続のリンク名"))]
    pub(super) link_name: String,
    #[command(flatten)]
    consent: ConsentArguments,
    #[command(flatten)]
    place: PlaceArguments,
    /// The answer to a question.
    #[arg(long, value_name = "VALUE", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["flow", "scope", "store"], help = say("Go on with a sign-in that waits: the address at which the browser ended, CODE#STATE, or - for standard input; nothing after a code on another device", "応答待ちのサインインを続けます: ブラウザーの最後のアドレス、CODE#STATE、または -（標準入力）。別の端末でコードを入力した場合は値不要"))]
    resume: Option<String>,
}

/// Runs `conn reconnect`.
///
/// # Errors
/// When the connection does not exist, an answer is missing, or a store fails.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    let environment = context.settings.environment.clone();
    arguments.place.apply(&arguments.link_name, context)?;
    let outcome = if arguments.rollback {
        context.block_on(rollback(context.world, &arguments.link_name, environment.as_deref()))?
    } else {
        let secrets = add::secrets(&arguments.secret)?;
        let input = add::input(&secrets, context)?;
        let values = arguments.set.iter().map(|pair| set(pair)).collect::<Result<_, _>>()?;
        let request = ReconnectRequest {
            link_name: arguments.link_name.clone(),
            environment,
            values,
            secrets,
            input,
            store: arguments.place.named(),
            other_account: arguments.other_account,
            doubted: false,
            wish: arguments.consent.wish(),
        };
        match context.block_on(reconnect(context.world, request))? {
            Reconnection::Done(reconnected) => *reconnected,
            Reconnection::Waits(question) => return Ok(ask(context, &question)),
        }
    };
    present::report(context, &outcome.report, false);
    tell(context, arguments, &outcome);
    Ok(outcome.report.exit())
}

fn tell(context: &Context, arguments: &Arguments, outcome: &Reconnected) {
    const BACK: Text = Text::new(
        "{name} uses the credential from before again. conn reconnect {name} --rollback returns to the other one.",
        "{name} を以前の認証情報に戻しました。もう一方に切り替えるには conn reconnect {name} --rollback を実行してください。",
    );
    const SWAPPED: Text = Text::new(
        "{name} uses the new credential. The one before stays until the next reconnect: conn reconnect {name} --rollback",
        "{name} は新しい認証情報を使います。以前の認証情報には conn reconnect {name} --rollback で戻せます（次の再接続まで）。",
    );
    const REFERRED: Text =
        Text::new("{name} uses the new credential.", "{name} は新しい認証情報を使います。");
    const KEPT: Text = Text::new(
        "The new credential was not proven, so {name} keeps the one it had.",
        "新しい認証情報を確認できなかったため、{name} は以前の認証情報のままです。",
    );
    if matches!(context.settings.format, Format::Human | Format::Plain) {
        let text = match (outcome.swapped, outcome.undoable) {
            (true, true) if arguments.rollback => BACK,
            (true, true) => SWAPPED,
            (true, false) => REFERRED,
            (false, _) => KEPT,
        };
        context.remark(&text.fill(&[("name", &arguments.link_name)]));
    }
    if let Some(failure) = &outcome.unremembered {
        context.tell(&failure.describe(context.language()));
    }
    tell_disabled(context, &outcome.report);
}

/// A proof does not undo that a person switched the connection off.
fn tell_disabled(context: &Context, report: &Report) {
    const STILL: Text = Text::new(
        "{name} is still disabled. To use it again: conn enable {name}",
        "{name} は無効のままです。有効に戻すには conn enable {name} を実行してください。",
    );
    for entry in report.entries.iter().filter(|entry| entry.state == State::Disabled) {
        context.remark(&STILL.fill(&[("name", &entry.subject.link_name)]));
    }
}

/// Runs `conn connect`.
///
/// # Errors
/// When the connection does not exist or its kind is not there yet.
pub fn run_connect(arguments: &ConnectArguments, context: &Context) -> Result<ExitClass, Failure> {
    let environment = context.settings.environment.as_deref();
    arguments.place.apply(&arguments.link_name, context)?;
    let mut wish = arguments.consent.wish();
    if let Some(value) = &arguments.resume {
        wish.answer = Some(answer(value, context)?);
    }
    let connected =
        context.block_on(connect::connect(context.world, &arguments.link_name, environment, &wish))?;
    let report = match connected {
        Connected::Seen(report) => report,
        Connected::Waits(question) => return Ok(ask(context, &question)),
    };
    present::report(context, &report, false);
    tell_disabled(context, &report);
    Ok(report.exit())
}

/// What was brought back, from the command line or from standard input.
fn answer(value: &str, context: &Context) -> Result<Answer, Failure> {
    const UNREAD: Text = Text::new(
        "The answer on standard input cannot be read: {reason}",
        "標準入力から応答を読み取れません: {reason}",
    );
    if value != "-" {
        return Ok(Answer(Secret::new(value.to_owned())));
    }
    let unread = |reason: Phrase| Failure::usage(UNREAD.fill_phrases(&[("reason", reason)]), None);
    let bytes = context.read_input(LONGEST_ANSWER);
    let bytes = bytes.map_err(|error| unread(system_error::explained(&error)))?;
    let text = String::from_utf8(bytes).map_err(|_| unread(given::NO_TEXT.into()))?;
    Ok(Answer(Secret::new(text.trim().to_owned())))
}
