//! `conn demo --serve`: the sandbox for people to play with.

use std::fmt::Write as _;
use std::io;

use super::plays::{self, Play};
use crate::base::{Language, Text, safe_text, system_error};
use crate::cause::ExitClass;
use crate::commands::Context;
use crate::operation::Failure;
use crate::sandbox::{Credentials, DEMO_PORT, Mode, Options, Running, Sandbox, modes};

const TITLE: Text = Text::new("The sandbox CRM runs at {url}", "サンドボックス CRM を {url} で起動しました");
const FICTION: Text = Text::new(
    "Everything in it is made up. The credentials below open this sandbox and nothing else.",
    "登録データはすべて架空のものです。次の認証情報はこのサンドボックスでしか使えません。",
);
const SNIPPET: Text = Text::new(
    "To connect to it, put this into connectors.toml:",
    "接続するには connectors.toml に次の内容を書きます:",
);
const THEN: Text = Text::new("Then, in a second terminal:", "次に、別の端末で実行します:");
const FAULTS: Text = Text::new(
    "Faults. Switch one on with  curl -d '{\"mode\": \"NAME\"}' {url}/sandbox/mode  (null: off), \
     or keep one for a connection with the address  {url}/faults/NAME",
    "障害の一覧です。有効にするには  curl -d '{\"mode\": \"NAME\"}' {url}/sandbox/mode  を実行します（null で解除）。\
     接続ごとに固定するには、アドレスを  {url}/faults/NAME  にします。",
);
const NOW: Text = Text::new("Current fault: {mode}", "現在の障害: {mode}");
const STOP: Text = Text::new("Ctrl-C stops it.", "Ctrl-C で停止します。");

/// Serves until Ctrl-C.
pub(super) fn run(
    port: u16,
    mode: Option<&'static Mode>,
    services: Vec<Play>,
    context: &Context<'_>,
) -> Result<ExitClass, Failure> {
    let played = services.iter().map(|service| service.played.clone()).collect();
    let options = Options { port, credentials: Credentials::demo(), services: played, ..Options::default() };
    let sandbox = Sandbox::start(options).map_err(|error| cannot_start(port, &error))?;
    if let Some(mode) = mode {
        sandbox.control().fail(mode.name).expect("the mode comes from the registry");
    }
    if services.is_empty() {
        context.print(&page(&sandbox, mode, context.language()));
    } else {
        let page = plays::page(&services, &sandbox.url(), context.language());
        context.print(&format!("{page}\n{}\n", STOP.get(context.language())));
    }
    // A signal that cannot be waited for leaves nothing to serve; stopping is then the safe end.
    let _ = context.block_on(tokio::signal::ctrl_c());
    Ok(ExitClass::Healthy)
}

/// Why the sandbox does not run.
pub(super) fn cannot_start(port: u16, error: &io::Error) -> Failure {
    const WRONG: Text = Text::new(
        "The sandbox cannot listen on 127.0.0.1:{port}: {reason}",
        "サンドボックスが 127.0.0.1:{port} で待ち受けできません: {reason}",
    );
    const HINT: Text = Text::new(
        "Stop the program that uses this port, or choose another: conn demo --serve --port 0",
        "このポートを使っているプログラムを停止するか、別のポートを指定してください: conn demo --serve --port 0",
    );
    let values = [("port", port.to_string().into()), ("reason", system_error::explained(error))];
    Failure::usage(WRONG.fill_phrases(&values), Some(HINT.into()))
}

fn page(sandbox: &Running, mode: Option<&Mode>, language: Language) -> String {
    let url = sandbox.url();
    let say = |text: Text| text.fill(&[("url", &url)]).get(language).to_owned();
    let mut page = format!("{}\n{}\n\n", say(TITLE), say(FICTION));
    for (label, value) in credentials(sandbox.credentials()) {
        let label = label.get(language);
        let _ = writeln!(page, "  {label}{} {value}", padding(label, 34));
    }
    let _ = write!(page, "\n{}\n\n{}\n{}\n\n", say(SNIPPET), snippet(&url), say(THEN));
    let key = &sandbox.credentials().key;
    let _ = write!(page, "  export DEMO_KEY={key}\n  conn test demo\n\n{}\n\n", say(FAULTS));
    for mode in modes() {
        let _ = writeln!(page, "  {:<20} {}", mode.name, mode.about.get(language));
    }
    if let Some(mode) = mode {
        let _ = write!(page, "\n{}\n", NOW.fill(&[("mode", mode.name)]).get(language));
    }
    let _ = write!(page, "\n{}\n", say(STOP));
    page
}

/// A connection for `connectors.toml`; it needs no address where the sandbox runs on its usual port.
fn snippet(url: &str) -> String {
    let usual = url.ends_with(&format!(":{DEMO_PORT}"));
    let address = if usual { String::new() } else { format!("  vars.address = \"{url}\"\n") };
    format!(
        "  [connections.demo]\n  connector = \"sandbox\"\n  method = \"key\"\n{address}  secrets.api_key = \"env:DEMO_KEY\"\n"
    )
}

fn credentials(known: &Credentials) -> [(Text, &str); 9] {
    [
        (Text::new("API key, bearer token", "APIキー、ベアラートークン"), &known.key),
        (Text::new("Key without the right to accounts", "取引先の権限がないキー"), &known.limited_key),
        (Text::new("Revoked key", "失効させられたキー"), &known.revoked_key),
        (Text::new("Expired key", "期限切れのキー"), &known.expired_key),
        (Text::new("Key of a disabled user", "無効なユーザーのキー"), &known.disabled_key),
        (Text::new("Key of a plan without API", "プランにAPIが含まれないキー"), &known.plan_key),
        (Text::new("Key whose quota is used up", "上限に達したキー"), &known.throttled_key),
        (Text::new("User (Basic, Digest)", "ユーザー（Basic、Digest）"), &known.user),
        (Text::new("Password", "パスワード"), &known.password),
    ]
}

fn padding(label: &str, width: usize) -> String {
    " ".repeat(width.saturating_sub(safe_text::width(label)))
}

#[cfg(test)]
mod tests {

    use super::page;
    use crate::base::Language;
    use crate::sandbox::{Credentials, Options, Sandbox, find_mode, modes};

    #[test]
    fn the_page_names_the_address_the_key_every_mode_and_the_current_one_in_both_languages() {
        let options = Options { credentials: Credentials::demo(), ..Options::default() };
        let sandbox = Sandbox::start(options).unwrap();
        for language in [Language::En, Language::Ja] {
            let page = page(&sandbox, find_mode("plan").ok(), language);
            for word in [&sandbox.url(), "demo-good-key-0000", "[connections.demo]", ": plan\n"] {
                assert!(page.contains(word), "{word}");
            }
            assert!(modes().all(|mode| page.contains(mode.about.get(language))));
        }
    }
}
