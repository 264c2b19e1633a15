//! `conn request`: one call through a connection, without touching its secret.

use std::path::PathBuf;

use clap::Args;

use super::Context;
use super::diagnose::file_failure;
use super::help::{number, say};
use crate::base::{Phrase, Text};
use crate::cause::{ExitClass, Severity};
use crate::diagnosis::Finding;
use crate::operation::request::{self, LONGEST_ANSWER, Reply, UserRequest, draft};
use crate::operation::{Failure, given, system};
use crate::output::outgoing;

/// The most bytes of a body that are read.
const LONGEST_BODY: u64 = 16 * 1024 * 1024;

/// Arguments of `conn request`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Connection, method and path.
    #[arg(value_name = "LINK_NAME [METHOD] PATH", num_args = 1..=3, required = true, help = say("Connection to use (not with --connector), method (GET where nothing is said) and path below the base", "使用する接続のリンク名（--connector の場合は不要）、メソッド（省略時は GET）、ベース URL からのパス"))]
    words: Vec<String>,
    /// A service instead of a connection.
    #[arg(long, value_name = "ID", help = say("Use the system connection of this service; it is made where there is none", "このサービスのシステム接続を使います（なければ作成します）"))]
    connector: Option<String>,
    /// Headers.
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", help = say("Header", "ヘッダー"))]
    headers: Vec<String>,
    /// Query parameters.
    #[arg(long, value_name = "NAME=VALUE", help = say("Query parameter", "クエリーパラメーター"))]
    query: Vec<String>,
    /// A JSON body.
    #[arg(long, value_name = "TEXT", conflicts_with = "body", help = say("JSON body, - for standard input", "JSON の本文（- は標準入力）"))]
    json: Option<String>,
    /// A body from a file.
    #[arg(long, value_name = "FILE", help = say("Body from a file, - for standard input", "本文のファイル（- は標準入力）"))]
    body: Option<PathBuf>,
    /// Form fields.
    #[arg(long, value_name = "NAME=VALUE", conflicts_with_all = ["body", "json"], help = say("Form field", "フォームの項目"))]
    form: Vec<String>,
    /// Tries.
    #[arg(long, value_name = "COUNT", default_value_t = 0, value_parser = number::<u32>(0, 1000), help = say("Try again so often where the cause passes and nothing can happen twice; waits as the service asks", "一時的な障害で、再送しても安全な場合に再試行する回数（待ち時間はサービスの指示に従います）"))]
    retry: u32,
    /// A file for the answer.
    #[arg(short, long, value_name = "FILE", help = say("Write the answer to this file", "応答をファイルに保存します"))]
    output: Option<PathBuf>,
    /// JSON in lines.
    #[arg(long, help = say("Indent a JSON answer", "JSON の応答を整形して出力します"))]
    pretty: bool,
    /// Nothing is sent.
    #[arg(long, help = say("Show the request, secrets masked, and send nothing", "送信せずに、リクエストの内容を表示します（秘密の値は伏せます）"))]
    dry_run: bool,
    /// Nothing is sent.
    #[arg(long, conflicts_with = "dry_run", help = say("Show the request as a line for curl, secrets masked, and send nothing", "送信せずに、curl のコマンドとして表示します（秘密の値は伏せます）"))]
    as_curl: bool,
    /// Show status and headers.
    #[arg(short, long, help = say("Show status and headers on standard error", "ステータスとヘッダーを標準エラー出力に表示します"))]
    include: bool,
    /// All pages of a list.
    #[command(flatten)]
    pages: super::pages::PagesArguments,
}

/// Runs `conn request`.
///
/// # Errors
/// When the connection is not connected or there is no answer.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    let (link_name, target) = arguments.named(context)?;
    let wanted = wanted(arguments, link_name, target, context)?;
    if arguments.dry_run || arguments.as_curl {
        let draft = draft(context.world, &wanted)?;
        let text = if arguments.as_curl { outgoing::curl(&draft) } else { outgoing::lines(&draft) };
        context.print(&text);
        return Ok(ExitClass::Healthy);
    }
    if arguments.pages.is_wanted() {
        return all_pages(arguments, &wanted, context);
    }
    let Reply { response, finding } = context.block_on(request::request(context.world, &wanted))?;
    if arguments.include {
        context.tell(&format!("{} {}", response.version, response.status));
        for (name, value) in &response.headers {
            context.tell(&format!("{name}: {}", crate::base::safe_text::line(value, 400)));
        }
    }
    give(arguments, context, &response.body)?;
    if response.truncated {
        return Err(Failure::cause("CONN-BODY-TOO-LARGE", &[("limit", &LONGEST_ANSWER.to_string())]));
    }
    Ok(finding.map_or(ExitClass::Healthy, |finding| tell(context, &finding, response.status)))
}

/// Reads all pages, and hands out their items: as lines as they come, else as one array once all are there.
fn all_pages(arguments: &Arguments, wanted: &UserRequest, context: &Context) -> Result<ExitClass, Failure> {
    let mut items = super::pages::Items::new(context, arguments.output.is_none());
    let paging = arguments.pages.paging(&wanted.method)?;
    let read = request::all_pages(context.world, wanted, paging, |page| items.take(page));
    let (pages, finding, status) = context.block_on(read)?;
    if let Some(finding) = finding.filter(|finding| finding.severity == Severity::Error) {
        super::pages::tell_page(pages.count + 1, context);
        return Ok(tell(context, &finding, status));
    }
    if let Some(bytes) = items.rest() {
        give(arguments, context, &bytes)?;
    }
    super::pages::tell_count(&pages, context);
    Ok(ExitClass::Healthy)
}

/// Hands the answer out, as it came unless `--pretty` was given.
fn give(arguments: &Arguments, context: &Context, body: &[u8]) -> Result<(), Failure> {
    let json = arguments.pretty.then(|| serde_json::from_slice::<serde_json::Value>(body).ok()).flatten();
    let pretty = json.and_then(|json| serde_json::to_vec_pretty(&json).ok()).map(|mut text| {
        text.push(b'\n');
        text
    });
    let bytes = pretty.as_deref().unwrap_or(body);
    let Some(file) = &arguments.output else {
        context.print_bytes(bytes);
        // What is said next, and the next prompt, begin on a line of their own; a program gets the bytes alone.
        if context.process.terminal.output && !matches!(bytes.last(), None | Some(b'\n')) {
            context.print_bytes(b"\n");
        }
        return Ok(());
    };
    let path = context.process.folder.join(file);
    context.world.write_private(&path, bytes).map_err(|error| file_failure(&path, &error))
}

/// Says what the answer means; returns the exit that follows.
fn tell(context: &Context, finding: &Finding, status: u16) -> ExitClass {
    const STATUS: Text = Text::new(
        "{name} answered HTTP {status}. conn diagnose {name} tells whether the connection is to blame.",
        "HTTP {status} が返されました。接続に問題があるかどうかは conn diagnose {name} で確認できます。",
    );
    let cause = finding.cause;
    let title = finding.title(context.language());
    context.remark(&Phrase::same(format!("✗ {} ({})  {title}", cause.code, cause.number)));
    let name = finding.values.get("name").map_or("", |name| name.get(context.language()));
    context.remark(&STATUS.fill(&[("status", &status.to_string()), ("name", name)]));
    match finding.severity {
        Severity::Error => cause.exit,
        Severity::Warning | Severity::Info => ExitClass::Healthy,
    }
}

impl Arguments {
    /// The connection that was named on the command line.
    pub(super) fn link_name(&self) -> Option<&str> {
        self.words.first().filter(|_| self.connector.is_none()).map(String::as_str)
    }

    /// The connection to use, and what comes after it.
    fn named(&self, context: &Context) -> Result<(String, &[String]), Failure> {
        const MADE: Text = Text::new(
            "{name} was made, a system connection; an admin authorises it: {command}",
            "システム接続 {name} を作成しました。管理者が {command} で認証してください。",
        );
        const USED: Text =
            Text::new("Using the system connection {name}.", "システム接続 {name} を使用します。");
        if let Some(connector) = &self.connector {
            let environment = context.settings.environment.as_deref();
            let found = system::find_or_make(context.world, connector, environment)?;
            let (told, command) = found.authorise.as_deref().map_or((USED, ""), |command| (MADE, command));
            context.remark(&told.fill(&[("name", &found.link_name), ("command", command)]));
            return Ok((found.link_name, &self.words));
        }
        let (name, rest) = self.words.split_first().ok_or_else(no_path)?;
        Ok((name.clone(), rest))
    }
}

fn no_path() -> Failure {
    const PATH: Text = Text::new(
        "A request needs a path: conn request LINK_NAME [METHOD] /PATH",
        "パスを指定してください: conn request リンク名 [メソッド] /パス",
    );
    Failure::usage(PATH.into(), None)
}

fn wanted(
    arguments: &Arguments,
    link_name: String,
    target: &[String],
    context: &Context,
) -> Result<UserRequest, Failure> {
    const HEADER: Text =
        Text::new("A header is written NAME: VALUE.", "ヘッダーは「名前: 値」の形式で指定します。");
    let (method, path) = match target {
        [path] => ("GET".to_owned(), path.clone()),
        [method, path] => (method.to_ascii_uppercase(), path.clone()),
        _ => return Err(no_path()),
    };
    let pair = |text: &String| {
        let pair =
            text.split_once(':').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
        pair.ok_or_else(|| Failure::usage(Phrase::from(HEADER), None))
    };
    Ok(UserRequest {
        link_name,
        environment: context.settings.environment.clone(),
        method,
        path,
        headers: arguments.headers.iter().map(pair).collect::<Result<_, _>>()?,
        query: arguments.query.iter().map(|text| given::pair("--query", text)).collect::<Result<_, _>>()?,
        body: body(arguments, context)?,
        retries: arguments.retry,
        at: None,
    })
}

/// The bytes of `--json`: what nobody could read is not sent.
fn json(text: &str, context: &Context) -> Result<Vec<u8>, Failure> {
    const WRONG: Text = Text::new(
        "What --json holds is no JSON (line {line}, column {column}).",
        "--json の内容が JSON ではありません（{line} 行目、{column} 文字目）。",
    );
    const HINT: Text = Text::new(
        "Quote it for the shell: --json '{\"name\": \"value\"}'. --body sends a file as it is.",
        "シェルに合わせて引用符で囲んでください（例: --json '{\"name\": \"value\"}'）。--body はファイルをそのまま送信します。",
    );
    let bytes = match text {
        "-" => {
            let read = context.read_input(LONGEST_BODY);
            read.map_err(|error| file_failure(std::path::Path::new("-"), &error))?
        }
        _ => text.as_bytes().to_vec(),
    };
    if let Err(wrong) = serde_json::from_slice::<serde::de::IgnoredAny>(&bytes) {
        let (line, column) = (wrong.line().to_string(), wrong.column().to_string());
        return Err(Failure::usage(WRONG.fill(&[("line", &line), ("column", &column)]), Some(HINT.into())));
    }
    Ok(bytes)
}

fn body(arguments: &Arguments, context: &Context) -> Result<Option<(String, Vec<u8>)>, Failure> {
    const JSON: &str = "application/json";
    const FORM: &str = "application/x-www-form-urlencoded";
    if let Some(text) = &arguments.json {
        return Ok(Some((JSON.to_owned(), json(text, context)?)));
    }
    if !arguments.form.is_empty() {
        let pairs =
            arguments.form.iter().map(|text| given::pair("--form", text)).collect::<Result<Vec<_>, _>>()?;
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(pairs);
        return Ok(Some((FORM.to_owned(), form.finish().into_bytes())));
    }
    let Some(file) = &arguments.body else { return Ok(None) };
    let path = context.process.folder.join(file);
    let bytes = if file.as_os_str() == "-" { context.read_input(LONGEST_BODY) } else { std::fs::read(&path) };
    let bytes = bytes.map_err(|error| file_failure(&path, &error))?;
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&bytes).is_ok();
    let kind = if is_json { JSON } else { "application/octet-stream" };
    Ok(Some((kind.to_owned(), bytes)))
}
