//! Making a connector of one's own: its flags, and what becomes of the answers.

use clap::Args;
use serde_json::json;

use super::draft::{Draft, Placement};
use super::form::Form;
use super::{SCHEMA, is_machine, page, print_json};
use crate::base::Text;
use crate::commands::Context;
use crate::commands::help::say;
use crate::operation::Failure;
use crate::output::paint::Meaning;

/// The arguments of `conn connectors new`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The display name.
    #[arg(long, value_name = "NAME", help = say("Name of the service", "サービス名"))]
    pub(super) name: Option<String>,
    /// The id.
    #[arg(long, value_name = "ID", help = say("ID of the connector (default: made from the name)", "コネクターの ID（省略時はサービス名から作成）"))]
    pub(super) id: Option<String>,
    /// The auth kind.
    #[arg(long, value_name = "KIND", help = say("api_key, basic, bearer, digest, oauth1, oauth2 or none", "認証の種類: api_key、basic、bearer、digest、oauth1、oauth2、none"))]
    pub(super) auth: Option<String>,
    /// Where parameters travel.
    #[arg(long, value_name = "PLACE", help = say("Where parameters travel: header, query, form, json or path; with oauth1 and oauth2 where the token does: header, query or form", "パラメーターの送信方法: header、query、form、json、path（oauth1、oauth2 ではトークンの送信方法: header、query、form）"))]
    pub(super) placement: Option<Placement>,
    /// Parameters.
    #[arg(long = "param", value_name = "KEY=LABEL", help = say("A parameter's key and the label shown for it; repeat for more", "パラメーターのキーと表示名（複数指定可）"))]
    pub(super) params: Vec<String>,
    /// The base URL.
    #[arg(long, value_name = "URL", help = say("Base URL, for example https://api.acme.com/v1", "ベースURL（例: https://api.acme.com/v1）"))]
    pub(super) base: Option<String>,
    /// The test request.
    #[arg(long, value_name = "PATH", help = say("Path of a harmless call that proves the key, or reach", "キーを確認できる安全な API のパス（なければ reach）"))]
    pub(super) test: Option<String>,
    #[command(flatten)]
    pub(super) oauth: super::oauth::OAuthArguments,
    /// Print only.
    #[arg(long, help = say("Print the definition; write nothing", "定義を表示するだけで、保存しません"))]
    print: bool,
}

/// Runs `conn connectors new`.
pub fn run(arguments: Arguments, context: &Context<'_>) -> Result<(), Failure> {
    let print = arguments.print;
    let draft = Form { context, person: context.world.person() }.fill(arguments)?;
    let fragment = draft.to_toml()?;
    if print {
        context.print(&fragment);
        return Ok(());
    }
    let file = context.world.own_definitions();
    file.put_connector(&draft.id, &fragment)?;
    report(&draft, file.path(), context);
    Ok(())
}

fn report(draft: &Draft, path: &std::path::Path, context: &Context<'_>) {
    const WRITTEN: Text =
        Text::new("Wrote connector {id} to {file}.", "コネクター「{id}」を {file} に保存しました。");
    const NEXT: Text = Text::new("Next: {command}", "次の操作: {command}");
    let id = draft.id.as_str();
    if is_machine(context) {
        return print_json(context, json!({ "schema": SCHEMA, "id": id, "path": path, "written": true }));
    }
    let page = page(context);
    let file = path.display().to_string();
    let command = page.paint(Meaning::Command, &format!("conn add --connector {id}"));
    let written = page.fill(WRITTEN, &[("id", id), ("file", &file)]);
    context.print(&format!("{written}\n{}\n", page.fill(NEXT, &[("command", &command)])));
}
