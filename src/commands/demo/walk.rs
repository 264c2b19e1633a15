//! `conn demo` without `--serve`: plays the script and checks every promise.

use super::script::{SCRIPT, Step};
use super::stage::Stage;
use crate::base::Text;
use crate::cause::ExitClass;
use crate::commands::Context;
use crate::operation::Failure;

const WELCOME: Text = Text::new(
    "This is conn, on a fictional CRM that runs on this machine for the next seconds ({url}).\n\
     It uses a temporary home; nothing of yours is read or changed, and nothing leaves this machine.",
    "これから数秒間、このマシンで動く架空の CRM（{url}）を使って conn を紹介します。\n\
     一時フォルダーだけを使うため、お使いの設定は読み書きせず、外部への通信もありません。",
);
const BROKEN: Text = Text::new(
    "This step did not go as promised: expected {promise}, got exit code {exit}.",
    "この手順は想定と異なる結果になりました（想定: {promise}、終了コード: {exit}）。",
);
const DONE: Text =
    Text::new("{kept} of {all} steps went as promised.", "{all} 手順中 {kept} 手順が想定どおりでした。");
const NEXT: Text = Text::new(
    "What to do next:\n  conn connectors search NAME   is your service known?\n  \
     conn add                      add a connection of your own\n  \
     conn demo --serve             keep the sandbox running and break it yourself",
    "次にできること:\n  conn connectors search NAME   お使いのサービスが登録済みか調べます\n  \
     conn add                      ご自分の接続を登録します\n  \
     conn demo --serve             サンドボックスを動かし続け、障害を自由に試します",
);
const PAUSE: Text = Text::new("Enter: next step", "Enter キーで次へ進みます");

/// Plays the script; healthy if and only if every promise is kept.
pub(super) fn run(pause: bool, context: &Context<'_>) -> Result<ExitClass, Failure> {
    let language = context.language();
    let mut stage = Stage::set(&context.settings)?;
    context.print(&format!("{}\n", WELCOME.fill(&[("url", &stage.url())]).get(language)));
    let mut kept = 0;
    for (number, step) in SCRIPT.iter().enumerate() {
        kept += usize::from(play(number + 1, step, &mut stage, context));
        if pause && number + 1 < SCRIPT.len() && context.world.person().is_present() {
            context.world.person().text(PAUSE.get(language), None, None)?;
        }
    }
    let values = [("kept", kept.to_string()), ("all", SCRIPT.len().to_string())];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    context.print(&format!("\n{}\n\n{}\n", DONE.fill(&values).get(language), NEXT.get(language)));
    Ok(if kept == SCRIPT.len() { ExitClass::Healthy } else { ExitClass::Bug })
}

/// Plays one step; whether its promise was kept.
fn play(number: usize, step: &Step, stage: &mut Stage, context: &Context<'_>) -> bool {
    let language = context.language();
    (step.prepare)(stage);
    let command = step.command.replace("{url}", &stage.url());
    context.print(&format!("\n{number}. {}\n\n$ {command}\n", step.title.get(language)));
    let outcome = stage.run(&command);
    context.print(outcome.output.trim_end());
    let kept = step.promise.is_kept(outcome.exit, &outcome.output);
    if kept {
        context.print(&format!("\n\n→ {}\n", step.notice.get(language)));
    } else {
        let (promise, exit) = (format!("{:?}", step.promise), outcome.exit.to_string());
        let values = [("promise", promise.as_str()), ("exit", exit.as_str())];
        context.print(&format!("\n\n✗ {}\n", BROKEN.fill(&values).get(language)));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::super::script::{Promise, SCRIPT};
    use crate::cause::ExitClass;

    #[test]
    fn every_promise_names_a_cause_of_the_catalogue_that_is_not_health() {
        for step in SCRIPT {
            if let Promise::Cause(code) = step.promise {
                assert_ne!(crate::cause::get(code).exit, ExitClass::Healthy, "{code}");
                assert!(!step.promise.is_kept(0, code), "{code}");
            }
        }
    }
}
