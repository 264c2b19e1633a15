//! `conn connectors probe URL`: whether an address has an API at all.

use clap::Args;
use serde_json::json;

use super::draft::base;
use super::{SCHEMA, is_machine, page, print_json};
use crate::base::{Text, safe_text, shell};
use crate::cause::ExitClass;
use crate::commands::Context;
use crate::commands::help::say;
use crate::diagnosis::Finding;
use crate::diagnosis::body::BodyKind;
use crate::operation::Failure;
use crate::operation::survey::{Survey, survey};
use crate::output::words::safe;

/// The arguments.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The address.
    #[arg(value_name = "URL", help = say("Address to ask, for example https://api.acme.com", "確認するアドレス（例: https://api.acme.com）"))]
    url: String,
}

/// Asks, and says what was seen.
pub(super) fn run(arguments: &Arguments, context: &Context<'_>) -> Result<ExitClass, Failure> {
    let typed = base(&arguments.url)?;
    // What is wrong is not shown: it may hold a password.
    const NO_URL: Text = Text::new(
        "This is no address with a host, and without a user name, a password, a query (?) and a fragment (#).",
        "アドレスとして正しくありません。ホスト名を指定し、ユーザー名、パスワード、クエリ（?）、フラグメント（#）は含めないでください。",
    );
    let url = url::Url::parse(&typed).ok().filter(is_bare);
    let url = url.ok_or_else(|| Failure::usage(NO_URL.into(), None))?;
    let seen = match context.block_on(survey(context.world, &url))? {
        Ok(seen) => seen,
        Err(finding) => return Ok(unreached(&finding, &url, context)),
    };
    let exit = if seen.signs.is_empty() { ExitClass::Service } else { ExitClass::Healthy };
    if is_machine(context) {
        let signs = seen.signs.iter().map(|(url, status, sign)| {
            json!({ "kind": sign.code(), "url": url.as_str(), "status": status, "text": sign.words().get(context.language()) })
        });
        let signs: Vec<serde_json::Value> = signs.collect();
        print_json(
            context,
            json!({
                "schema": SCHEMA, "url": url.as_str(), "api": !signs.is_empty(), "signs": signs,
                "status": seen.first.status, "requests_used": seen.requests,
            }),
        );
        return Ok(exit);
    }
    context.print(&human(&seen, &url, &typed, context));
    Ok(exit)
}

/// Whether an address holds nothing that could be somebody's key.
fn is_bare(url: &url::Url) -> bool {
    let nobody = url.username().is_empty() && url.password().is_none();
    nobody && url.query().is_none() && url.fragment().is_none()
}

/// Nobody answered, so that nothing is known.
fn unreached(finding: &Finding, url: &url::Url, context: &Context<'_>) -> ExitClass {
    const NEXT: Text = Text::new(
        "Whether there is an API is not known. Check the address for slips, and try again.",
        "API の有無は確認できませんでした。アドレスに誤りがないか確認し、もう一度お試しください。",
    );
    let language = context.language();
    let title = finding.title(language);
    if is_machine(context) {
        print_json(
            context,
            json!({
                "schema": SCHEMA, "url": url.as_str(), "api": null, "signs": [],
                "code": finding.cause.code, "text": title,
            }),
        );
        return finding.cause.exit;
    }
    let mut screen = format!("{} ({}) {}\n", finding.cause.code, finding.cause.number, safe(&title));
    for evidence in &finding.evidence {
        screen += &format!("  - {}\n", safe(evidence.sentence.get(language)));
    }
    context.print(&format!("{screen}{}\n", NEXT.get(language)));
    finding.cause.exit
}

fn human(seen: &Survey, url: &url::Url, typed: &str, context: &Context<'_>) -> String {
    const HAS: Text = Text::new("{host} has an API:\n", "{host} には API があります。\n");
    const NONE: Text = Text::new(
        "Nothing at {host} shows an API: the answer is HTTP {status}{title}.\n",
        "{host} に API は見当たりません（応答: HTTP {status}{title}）。\n",
    );
    const TITLE: Text = Text::new(", a page named \u{201c}{title}\u{201d}", "、ページ名「{title}」");
    const NEXT: Text = Text::new(
        "Make a connector for it: conn connectors new --base {base}\n",
        "コネクターを作成するには: conn connectors new --base {base}\n",
    );
    const LOOK: Text = Text::new(
        "APIs often have a host of their own, such as api.{host}: look for \u{201c}API\u{201d} or \u{201c}developers\u{201d} in the \
         service's help, or ask its support whether there is one.\n",
        "API は api.{host} のような専用のホストで提供されることがあります。サービスのヘルプで「API」「開発者」を探すか、\
         API の有無をサポートに確認してください。\n",
    );
    let page = page(context);
    let host = url.host_str().unwrap_or_default();
    if seen.signs.is_empty() {
        let title = match BodyKind::of(&seen.first) {
            BodyKind::Html(Some(title)) => {
                page.fill(TITLE, &[("title", &safe(&safe_text::line(&title, 80)))])
            }
            _ => String::new(),
        };
        let status = seen.first.status.to_string();
        let bare = host.trim_start_matches("www.");
        let none = page.fill(NONE, &[("host", host), ("status", &status), ("title", &title)]);
        return none + &page.fill(LOOK, &[("host", bare)]);
    }
    let mut screen = page.fill(HAS, &[("host", host)]);
    for (place, status, sign) in &seen.signs {
        screen += &format!(
            "  {} · HTTP {status} · {}\n",
            safe(sign.words().get(page.language)),
            safe(place.as_str())
        );
    }
    screen + &page.fill(NEXT, &[("base", &shell::word(typed))])
}
