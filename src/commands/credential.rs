//! `conn credential-helper`: git and docker get user name and password of a connection when they need them.
//!
//! git: <https://git-scm.com/docs/gitcredentials#_custom_helpers>, lines of `key=value` in both directions.
//! docker: <https://github.com/docker/docker-credential-helpers#development>, JSON, errors on standard output.

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::Context;
use super::help::say;
use crate::base::{Text, safe_text};
use crate::cause::ExitClass;
use crate::operation::Failure;
use crate::operation::lend::{self, Asked, Login};
use crate::operation::token;

/// The most bytes of a question.
const LONGEST: u64 = 64 * 1024;

/// What docker knows to mean that there is nothing, word for word.
const NOT_FOUND: &str = "credentials not found in native keychain";
/// The same for a question without an address.
const NO_ADDRESS: &str = "no credentials server URL";
/// Connections with this label are those that docker may list.
const TAG: &str = "docker";

/// Whose protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Protocol {
    /// git.
    Git,
    /// docker and what else speaks its protocol.
    Docker,
}

/// Arguments of `conn credential-helper`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The protocol.
    #[arg(value_enum, value_name = "git|docker", hide_possible_values = true, help = say("Whose protocol is spoken", "使用するプロトコル（git または docker）"))]
    protocol: Protocol,
    /// What is asked.
    #[arg(value_name = "ACTION", default_value = "get", hide_default_value = true, help = say("get (where nothing is said), and what git and docker add: store, erase, list, version", "get（省略時）のほか、git や docker が付ける store、erase、list、version"))]
    action: String,
    /// The connection.
    #[arg(long, value_name = "LINK_NAME", help = say("Connection; without it the one to which the host belongs", "接続のリンク名（省略時はホストから選びます）"))]
    connection: Option<String>,
    /// The user name.
    #[arg(long, value_name = "NAME", help = say("User name beside a token (without it: the one that git asks for, else oauth2)", "トークンとともに渡すユーザー名（省略時は git が指定した名前、なければ oauth2）"))]
    username: Option<String>,
}

/// Runs `conn credential-helper`.
///
/// # Errors
/// When the connection that is meant cannot be used.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    let asked = Asked {
        connection: arguments.connection.clone(),
        environment: context.settings.environment.clone(),
        user: arguments.username.clone(),
    };
    match arguments.protocol {
        Protocol::Git => git(arguments, asked, context),
        Protocol::Docker => Ok(docker(arguments, &asked, context)),
    }
}

/// git passes over a program that says nothing, and asks the next one, or the person.
fn git(arguments: &Arguments, mut asked: Asked, context: &Context) -> Result<ExitClass, Failure> {
    let input = Zeroizing::new(context.read_input(LONGEST).map_err(|_| unreadable())?);
    if arguments.action != "get" {
        return Ok(ExitClass::Healthy);
    }
    let text = std::str::from_utf8(&input).map_err(|_| unreadable())?;
    let line = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    let (Some(protocol), Some(name)) = (line("protocol"), line("host")) else {
        return Ok(ExitClass::Healthy);
    };
    let Some(host) = lend::host(&format!("{protocol}://{name}")) else { return Ok(ExitClass::Healthy) };
    asked.user = asked.user.or_else(|| line("username").map(str::to_owned));
    let Some(login) = login(&asked, &host, context)? else { return Ok(ExitClass::Healthy) };
    if line("username").is_some_and(|wanted| wanted != login.user.as_str()) {
        // A password of somebody else's would be refused, and blamed on this connection.
        return Ok(ExitClass::Healthy);
    }
    let (user, password) = (login.user.as_str(), login.password.as_str());
    let mut answer = Zeroizing::new(format!("username={user}\npassword={password}\n"));
    if let Some(expires) = login.expires {
        answer.push_str(&format!("password_expiry_utc={}\n", expires.as_second()));
    }
    context.print_bytes(answer.as_bytes());
    Ok(ExitClass::Healthy)
}

/// Why docker gets nothing.
enum Refusal {
    /// In words that the protocol fixes.
    Fixed(String),
    /// In ours.
    Failure(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// docker reads what went wrong from standard output, as one line.
fn docker(arguments: &Arguments, asked: &Asked, context: &Context) -> ExitClass {
    let answer = match arguments.action.as_str() {
        "get" => docker_get(asked, context),
        "list" => {
            lend::listed(context.world, asked, TAG).map(|hosts| line(&json!(hosts))).map_err(Refusal::from)
        }
        "version" => Ok(Zeroizing::new(format!("conn {}\n", env!("CARGO_PKG_VERSION")))),
        "store" | "erase" => Err(Refusal::Failure(keeps_its_own())),
        other => Err(Refusal::Fixed(format!("Unknown credential action `{}`", safe_text::line(other, 40)))),
    };
    let words = match answer {
        Ok(text) => {
            context.print_bytes(text.as_bytes());
            return ExitClass::Healthy;
        }
        Err(Refusal::Fixed(words)) => words,
        Err(Refusal::Failure(failure)) => {
            let described = failure.describe(context.language());
            described.lines().map(str::trim).collect::<Vec<_>>().join(" ")
        }
    };
    context.print(&format!("{words}\n"));
    ExitClass::Service
}

fn docker_get(asked: &Asked, context: &Context) -> Result<Zeroizing<String>, Refusal> {
    let input = context.read_input(LONGEST).map_err(|_| unreadable())?;
    let address = std::str::from_utf8(&input).map_err(|_| unreadable())?.trim();
    if address.is_empty() {
        return Err(Refusal::Fixed(NO_ADDRESS.to_owned()));
    }
    let whole = if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
    let login = match lend::host(&whole) {
        Some(host) => login(asked, &host, context)?,
        None => None,
    };
    let login = login.ok_or_else(|| Refusal::Fixed(NOT_FOUND.to_owned()))?;
    let (user, secret) = (login.user.as_str(), login.password.as_str());
    Ok(line(&json!({ "ServerURL": address, "Username": user, "Secret": secret })))
}

fn line(value: &Value) -> Zeroizing<String> {
    Zeroizing::new(format!("{value}\n"))
}

fn login(asked: &Asked, host: &str, context: &Context) -> Result<Option<Login>, Failure> {
    let Some(link_name) = lend::choose(context.world, asked, host)? else { return Ok(None) };
    let named = |failure: Failure| failure.about(&link_name);
    let mut wanted = lend::find(context.world, asked, &link_name, host).map_err(named)?;
    if wanted.due {
        context.block_on(token::renew(context.world, &mut wanted)).map_err(named)?;
    }
    lend::login(context.world, &wanted, asked).map(Some)
}

fn unreadable() -> Failure {
    const UNREADABLE: Text = Text::new(
        "What came on standard input is no question of this protocol.",
        "標準入力の内容が、このプロトコルの形式ではありません。",
    );
    Failure::usage(UNREADABLE.into(), None)
}

fn keeps_its_own() -> Failure {
    const OWN: Text = Text::new(
        "conn stores and erases nothing for docker.",
        "conn は docker からの保存・削除を受け付けません。",
    );
    const WAYS: Text = Text::new(
        "conn add, conn reconnect NAME and conn remove NAME do that.",
        "登録は conn add、変更は conn reconnect、削除は conn remove で行います。",
    );
    Failure::usage(OWN.into(), Some(WAYS.into()))
}
