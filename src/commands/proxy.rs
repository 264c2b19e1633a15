//! `conn proxy`: a port on this machine through which programs use a connection without its secret.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use zeroize::Zeroizing;

use super::Context;
use super::diagnose::file_failure;
use super::help::{number, say};
use crate::base::{Phrase, Text};
use crate::cause::ExitClass;
use crate::config::Format;
use crate::operation::Failure;
use crate::operation::proxy::{self, Proxy, ProxyRequest};

/// Arguments of `conn proxy`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The connection.
    #[arg(value_name = "LINK_NAME", help = say("Connection", "接続のリンク名"))]
    pub(super) link_name: String,
    /// The port.
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true, value_parser = number::<u16>(0, 65535), help = say("Port on 127.0.0.1 (without it: any free one)", "127.0.0.1 のポート番号（省略時は空きポート）"))]
    port: u16,
    /// The methods.
    #[arg(long = "method", value_name = "METHOD,…", value_delimiter = ',', help = say("Pass on these methods only, for example GET,HEAD", "中継するメソッドを限定します（例: GET,HEAD）"))]
    methods: Vec<String>,
    /// The paths.
    #[arg(long = "path", value_name = "/PREFIX", help = say("Pass on only what lies below this path; may be repeated", "中継するパスを限定します（複数指定できます）"))]
    paths: Vec<String>,
    /// A file for the token.
    #[arg(long, value_name = "FILE", help = say("Write the proxy's token to this file (0600) instead of printing it; it is emptied at the end", "プロキシのトークンを表示せず、このファイルに書き込みます（0600、終了時に空にします）"))]
    token_file: Option<PathBuf>,
}

/// Runs `conn proxy` until it is ended.
///
/// # Errors
/// When the connection is not `connected`, or the port cannot be opened.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    if let Some(wrong) = arguments.paths.iter().find(|path| !path.starts_with('/')) {
        return Err(no_path(wrong));
    }
    let wanted = ProxyRequest {
        link_name: arguments.link_name.clone(),
        environment: context.settings.environment.clone(),
        port: arguments.port,
        methods: arguments.methods.iter().map(|method| method.to_ascii_uppercase()).collect(),
        paths: arguments.paths.clone(),
    };
    let file = arguments.token_file.as_ref().map(|file| context.process.folder.join(file));
    let passed = context.block_on(Box::pin(async {
        let proxy = proxy::open(context.world, &wanted).await?;
        if let Some(file) = &file {
            let line = Zeroizing::new(format!("{}\n", proxy.token().expose()));
            let written = context.world.write_private(file, line.as_bytes());
            written.map_err(|error| file_failure(file, &error))?;
        }
        announce(&proxy, &arguments.link_name, file.is_none(), context);
        if let Some(file) = &file {
            context.remark(&IN_FILE.fill(&[("file", &file.display().to_string())]));
        }
        proxy.keep().await;
        Ok::<u64, Failure>(proxy.passed())
    }))?;
    if let Some(file) = &file {
        // A token that opens nothing any more is still nobody's business.
        let _ = context.world.write_private(file, b"");
    }
    const ENDED: Text = Text::new(
        "The proxy has ended; calls passed on: {count}.",
        "プロキシを終了しました（中継したリクエスト: {count} 件）。",
    );
    context.remark(&ENDED.fill(&[("count", &passed.to_string())]));
    Ok(ExitClass::Healthy)
}

const IN_FILE: Text = Text::new(
    "Send Authorization: Bearer with the token in {file}.",
    "Authorization: Bearer に {file} のトークンを指定してください。",
);

/// Data for programs on standard output, talk for people on standard error.
fn announce(proxy: &Proxy<'_>, link_name: &str, with_token: bool, context: &Context) {
    const OPEN: Text = Text::new(
        "{address} passes calls on to {base} with the authentication of {name}.",
        "{address} へのリクエストに {name} の認証情報を付けて {base} に中継します。",
    );
    const STOP: Text = Text::new("Ctrl-C ends it.", "Ctrl-C で終了します。");
    let (address, token) = (proxy.address(), proxy.token().expose());
    let text = if matches!(context.settings.format, Format::Json | Format::Jsonl) {
        let mut object = json!({ "schema": "conn.proxy/1", "link_name": link_name, "address": address });
        if with_token {
            object["token"] = token.into();
        }
        Zeroizing::new(format!("{object}\n"))
    } else if with_token {
        Zeroizing::new(format!("{address}\nAuthorization: Bearer {token}\n"))
    } else {
        Zeroizing::new(format!("{address}\n"))
    };
    // The token of the proxy opens the proxy, on this machine, as long as it runs: it is meant to be handed on.
    context.print_bytes(text.as_bytes());
    let values = [("address", address.as_str()), ("base", proxy.base()), ("name", link_name)];
    context.remark(&OPEN.fill(&values));
    context.remark(&Phrase::from(STOP));
}

fn no_path(path: &str) -> Failure {
    const WRONG: Text = Text::new("--path begins with /: {path}", "--path は / で始めて指定します: {path}");
    Failure::usage(WRONG.fill(&[("path", &crate::base::safe_text::line(path, 80))]), None)
}
