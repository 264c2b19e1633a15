//! `conn token`: a fresh token on standard output, for scripts.

use clap::Args;

use super::Context;
use super::help::say;
use crate::cause::ExitClass;
use crate::operation::Failure;
use crate::operation::token::{self, TokenRequest};

/// Arguments of `conn token`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The connection.
    #[arg(value_name = "LINK_NAME", help = say("Connection", "接続のリンク名"))]
    pub(super) link_name: String,
    /// Header lines.
    #[arg(long, conflicts_with = "parameter", help = say("Print the whole header instead, for example Authorization: Bearer …", "ヘッダー全体を出力します（例: Authorization: Bearer …）"))]
    header: bool,
    /// Which value.
    #[arg(long, value_name = "KEY", help = say("Print this value of the credential", "認証情報のうち、指定したキーの値を出力します"))]
    parameter: Option<String>,
}

/// Runs `conn token`.
///
/// # Errors
/// When the connection is not `connected`, or there is no token.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    let request = TokenRequest {
        link_name: arguments.link_name.clone(),
        environment: context.settings.environment.clone(),
        header: arguments.header,
        parameter: arguments.parameter.clone(),
    };
    let mut wanted = token::find(context.world, &request)?;
    if wanted.due {
        context.block_on(token::renew(context.world, &mut wanted))?;
    }
    for line in token::give(context.world, &wanted, &request)? {
        // The one verb whose purpose is to hand a secret out.
        context.print_bytes(line.as_bytes());
        context.print_bytes(b"\n");
    }
    Ok(ExitClass::Healthy)
}
