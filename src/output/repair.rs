//! What conn itself can do about a finding, and what became of it.

use serde_json::{Value, json};

use super::Page;
use super::paint::Meaning;
use super::words::safe;
use super::wrap;
use crate::base::{Language, Text};
use crate::cause::Fix;
use crate::diagnosis::repair::Action;
use crate::diagnosis::{Applied, Ending, Entry, Finding, Repair};

/// Whether a repair is made without asking, in words.
#[must_use]
pub const fn applicability(repair: &Repair) -> Text {
    match repair.applicability {
        Fix::Safe => Text::new("safe, needs no consent", "同意なしで実行できます"),
        Fix::NeedsConsent => Text::new("asks first", "実行前に確認します"),
        Fix::Manual => Text::new("only by hand", "手動でのみ対処できます"),
    }
}

/// The command that makes a repair.
#[must_use]
pub fn command(entry: &Entry) -> String {
    let command = format!("conn diagnose {} --fix", safe(&entry.subject.link_name));
    // Without them another environment's or another person's would be repaired.
    entry.subject.options.iter().fold(command, |line, option| format!("{line} {}", safe(option)))
}

/// The line under a finding that offers its repair; nothing where there is none, or where it was tried.
#[must_use]
pub fn offer(entry: &Entry, finding: &Finding, page: &Page) -> Option<String> {
    const OFFER: Text =
        Text::new("conn can {plan} ({applicability}).", "conn で修復できます: {plan}（{applicability}）");
    let repair = finding.repair.as_ref()?;
    if entry.fixes.iter().any(|before| before.repair.action == repair.action) {
        return None;
    }
    let plan = safe(repair.plan.get(page.language));
    Some(page.fill(OFFER, &[("plan", &plan), ("applicability", page.say(applicability(repair)))]))
}

/// The plan, as it is told before anybody is asked.
#[must_use]
pub fn plan(repair: &Repair, page: &Page) -> String {
    let lead = page.say(Text::new("Repair: ", "修復: "));
    let words = format!("{} ({})", safe(repair.plan.get(page.language)), page.say(applicability(repair)));
    let lines = wrap::hanging(&page.paint(Meaning::Label, lead), 2, &words, page.text_width());
    lines.trim_end().to_owned()
}

/// What became of a repair, in one sentence.
#[must_use]
pub fn ending(applied: &Applied, entry: &Entry, language: Language) -> String {
    let text = match applied.ending {
        Ending::Kept => Text::new(
            "{code} repaired and tested again: {plan}.",
            "{code} を修復し、再テストしました（修復内容: {plan}）",
        ),
        // New tokens are kept whatever they are good for: the old ones may be spent.
        Ending::NoBetter(_) if applied.repair.action == Action::Renew => Text::new(
            "{code}: this repair was tried and did not help ({after}); the stored tokens are the newest: {plan}.",
            "{code}: 修復を試しましたが改善しませんでした（{after}）。保存されているトークンは最新のものです: {plan}",
        ),
        Ending::NoBetter(_) => Text::new(
            "{code}: this repair was tried and did not help ({after}); nothing was changed: {plan}.",
            "{code}: 修復を試しましたが改善せず（{after}）、元に戻しました（試した内容: {plan}）",
        ),
        Ending::Declined => Text::new(
            "{code}: not repaired, as you wished: {plan}.",
            "{code}: ご指定により修復していません: {plan}",
        ),
        Ending::Unanswered => Text::new(
            "{code}: not repaired, for nobody agreed: {plan}. To agree: {command}",
            "{code}: 同意がないため修復していません: {plan}。同意する場合: {command}",
        ),
    };
    let after = match applied.ending {
        Ending::NoBetter(Some(code)) => code,
        _ => "-",
    };
    let flag = match applied.repair.fingerprint() {
        Some(sha256) => format!(" --trust {sha256}"),
        None => " --yes".to_owned(),
    };
    let values = [
        ("code", applied.cause.code),
        ("plan", &*safe(applied.repair.plan.get(language))),
        ("after", after),
        ("command", &*(command(entry) + &flag)),
    ];
    text.fill(&values).get(language).to_owned()
}

/// The block of all repairs that were tried.
#[must_use]
pub fn block(entry: &Entry, page: &Page) -> String {
    let mut screen = String::new();
    for applied in &entry.fixes {
        let (mark, meaning) = match applied.ending {
            Ending::Kept => ("✓", Meaning::Good),
            Ending::NoBetter(_) => ("✗", Meaning::Bad),
            Ending::Declined | Ending::Unanswered => ("·", Meaning::Label),
        };
        let lead = format!("{} ", page.paint(meaning, mark));
        screen += &wrap::hanging(&lead, 2, &ending(applied, entry, page.language), page.text_width());
    }
    screen
}

/// A repair for machines.
#[must_use]
pub fn value(repair: &Repair, language: Language) -> Value {
    json!({
        "applicability": repair.applicability,
        "text": repair.plan.get(language),
        "action": action(&repair.action),
    })
}

fn action(action: &Action) -> Value {
    match action {
        // Whoever reads results needs no certificate in them.
        Action::Trust { subject, sha256, .. } => json!({ "trust": { "subject": subject, "sha256": sha256 } }),
        other => serde_json::to_value(other).unwrap_or_default(),
    }
}

/// What became of a repair, for machines.
#[must_use]
pub fn applied(applied: &Applied, language: Language) -> Value {
    json!({
        "code": applied.cause.code,
        "ending": applied.ending.code(),
        "repair": value(&applied.repair, language),
    })
}
