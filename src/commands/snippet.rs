//! `conn snippet`: lines of a program that use a connection and never contain its secret.

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::Context;
use super::help::say;
use crate::cause::ExitClass;
use crate::operation::Failure;
use crate::operation::snippet::{self, ScriptLanguage};

/// Arguments of `conn snippet`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The connection.
    #[arg(value_name = "LINK_NAME", help = say("Connection", "接続のリンク名"))]
    pub(super) link_name: String,
    /// The call.
    #[arg(value_name = "[METHOD] PATH", num_args = 0..=2, help = say("Method (GET where nothing is said) and path below the base (the connector's test request where nothing is said)", "メソッド（省略時は GET）とベース URL からのパス（省略時はコネクターのテスト）"))]
    target: Vec<String>,
    /// The language.
    #[arg(short, long, value_parser = languages(), default_value = "curl", value_name = "LANGUAGE", help = say("Language of the lines", "出力する言語"))]
    language: String,
}

fn languages() -> PossibleValuesParser {
    PossibleValuesParser::new(ScriptLanguage::ALL.map(|(name, _)| name))
}

/// Runs `conn snippet`.
///
/// # Errors
/// When there is no such connection, or it has no address yet.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    let method = |text: &str| text.to_ascii_uppercase();
    let wanted = match arguments.target.as_slice() {
        [] => None,
        [path] => Some(("GET".to_owned(), path.as_str())),
        [verb, path, ..] => Some((method(verb), path.as_str())),
    };
    let wanted = wanted.as_ref().map(|(method, path)| (method.as_str(), *path));
    let environment = context.settings.environment.as_deref();
    let call = snippet::call(context.world, &arguments.link_name, environment, wanted)?;
    let language = ScriptLanguage::named(&arguments.language).unwrap_or_default();
    context.print(&snippet::write(&call, language, context.language()));
    Ok(ExitClass::Healthy)
}
