//! `conn doctor`: is everything that conn needs on this machine there and sound?

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::Context;
use super::help::say;
use super::list::no_such_form;
use crate::base::Text;
use crate::cause::{self, ExitClass};
use crate::config::Format;
use crate::operation::Failure;
use crate::operation::doctor::{self, Check, Grade, Which};
use crate::output::paint::{Mark, Meaning};
use crate::output::words::safe;
use crate::output::wrap::hanging;
use crate::output::{Page, machine};

/// The schema of a doctor's report.
const SCHEMA: &str = "conn.doctor/1";

/// Arguments of `conn doctor`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The store to prove.
    #[arg(long, value_name = "STORE", help = say("The secret store to prove (those that connections use where none is given)", "確認する秘密情報の保管場所（省略時は接続が使用しているもの）"))]
    store: Option<Store>,
}

/// The store to prove.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Store {
    /// The operating system's keyring.
    Keyring,
    /// The sealed file.
    Vault,
}

/// Runs `conn doctor`: exit 0 when nothing failed, 5 otherwise.
///
/// # Errors
/// When the format is one for test runners.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    if matches!(context.settings.format, Format::Junit | Format::Github | Format::Openmetrics) {
        return Err(no_such_form(&[]));
    }
    let which = arguments.store.map(|store| match store {
        Store::Keyring => Which::Keyring,
        Store::Vault => Which::Vault,
    });
    let checks = doctor::doctor(context.world, which);
    let page = context.page();
    match context.settings.format {
        Format::Plain => context.print(&plain(&checks, &page)),
        Format::Json => context.print(&machine::pretty(&machine::harmless(whole(&checks, &page)))),
        Format::Jsonl => {
            for check in &checks {
                context.print(&format!("{}\n", machine::harmless(object(check, &page))));
            }
        }
        _ => context.print(&human(&checks, &page)),
    }
    Ok(doctor::exit(&checks))
}

const fn mark(grade: Grade) -> Mark {
    match grade {
        Grade::Fine => ("✓", Meaning::Good),
        Grade::Warning => ("!", Meaning::Warning),
        Grade::Failed => ("✗", Meaning::Bad),
    }
}

fn human(checks: &[Check], page: &Page) -> String {
    let mut screen = String::new();
    for check in checks.iter().filter(|check| !page.quiet || check.grade != Grade::Fine) {
        let (sign, meaning) = mark(check.grade);
        let lead = format!("{} ", page.paint(meaning, sign));
        screen.push_str(&hanging(&lead, 2, &safe(&sentence(check, page)), page.text_width()));
        for step in &check.steps {
            screen.push_str(&hanging("  → ", 4, &safe(step.text.get(page.language)), page.text_width()));
            if let Some(command) = &step.command {
                let _ = writeln!(screen, "    $ {}", page.paint(Meaning::Command, &safe(command)));
            }
        }
    }
    if !page.quiet {
        let _ = writeln!(screen, "\n{}", closing(checks, page));
    }
    page.finish(screen)
}

/// What was found, with its code.
fn sentence(check: &Check, page: &Page) -> String {
    let code = check.code.map(|code| format!(" [{code} ({})]", cause::get(code).number));
    format!("{}{}", check.what.get(page.language), code.unwrap_or_default())
}

fn closing(checks: &[Check], page: &Page) -> String {
    let count = |grade| checks.iter().filter(|check| check.grade == grade).count();
    let (failed, warnings) = (count(Grade::Failed), count(Grade::Warning));
    let text = match (failed, warnings) {
        (0, 0) => Text::new("Everything is fine.", "すべて正常です。"),
        (0, _) => Text::new(
            "Nothing failed; warnings: {warnings}.",
            "異常はありません。注意が{warnings}件あります。",
        ),
        _ => Text::new(
            "Failed: {failed}; warnings: {warnings}.",
            "異常が{failed}件、注意が{warnings}件あります。",
        ),
    };
    page.fill(text, &[("failed", &failed.to_string()), ("warnings", &warnings.to_string())])
}

fn plain(checks: &[Check], page: &Page) -> String {
    let step_label = page.say(Text::new("way out", "対処"));
    let mut lines = String::new();
    for check in checks.iter().filter(|check| !page.quiet || check.grade != Grade::Fine) {
        let _ = writeln!(lines, "{}: {}", page.say(check.grade.text()), safe(&sentence(check, page)));
        for step in &check.steps {
            let command = step.command.as_ref().map(|command| format!(" {command}")).unwrap_or_default();
            let _ = writeln!(
                lines,
                "{step_label}: {}",
                safe(&format!("{}{command}", step.text.get(page.language)))
            );
        }
    }
    page.finish(lines)
}

fn whole(checks: &[Check], page: &Page) -> Value {
    let objects: Vec<Value> = checks.iter().map(|check| object(check, page)).collect();
    json!({
        "schema": SCHEMA,
        "tool": machine::tool(),
        "lang": page.language.tag(),
        "exit": machine::exit(doctor::exit(checks)),
        "checks": objects,
    })
}

fn object(check: &Check, page: &Page) -> Value {
    let steps = check
        .steps
        .iter()
        .map(|step| json!({ "text": step.text.get(page.language), "command": step.command }));
    json!({
        "id": check.id,
        "status": check.grade.code(),
        "text": check.what.get(page.language),
        "code": check.code,
        "number": check.code.map(|code| cause::get(code).number),
        "steps": steps.collect::<Vec<_>>(),
    })
}
