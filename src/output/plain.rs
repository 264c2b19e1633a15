//! The screen for screen readers and simple logs: one fact per line, every fact with its name, no marks, no
//! columns, no colours.

use super::Renderer;
use super::changes::sentence;
use super::page::Page;
use super::steps;
use super::weighing;
use super::words::{self, Counts, safe};
use crate::base::{Language, Text};
use crate::cause::Severity;
use crate::diagnosis::ranking::Line;
use crate::diagnosis::{Confidence, Entry, Finding, Report, Role};

/// One fact per line.
pub struct Plain;

impl Renderer for Plain {
    fn name(&self) -> &'static str {
        "plain"
    }

    fn render(&self, report: &Report, page: &Page) -> String {
        let mut lines = Lines { page, text: String::new() };
        summary(report, &mut lines);
        for entry in &report.entries {
            if page.quiet && entry.verdict.is_healthy() {
                continue;
            }
            connection(report, entry, &mut lines);
        }
        let class = report.exit();
        let words = format!("{}, {}", class.code(), page.say(words::exit(class)));
        lines.fact(Text::new("Exit code", "終了コード"), &words);
        page.finish(lines.text)
    }
}

/// Lines of the form `Name: words`.
struct Lines<'a> {
    page: &'a Page,
    text: String,
}

impl Lines<'_> {
    fn fact(&mut self, name: Text, words: &str) {
        self.named(self.page.say(name), words);
    }

    fn named(&mut self, name: &str, words: &str) {
        if words.is_empty() {
            return;
        }
        // Marks are read aloud as noise; a separator becomes a comma.
        let comma = if self.page.language == Language::Ja { "、" } else { ", " };
        self.text.push_str(name);
        self.text.push_str(": ");
        self.text.push_str(&words.replace(" · ", comma));
        self.text.push('\n');
    }

    fn numbered(&mut self, name: Text, number: usize, words: &str) {
        let name = format!("{} {number}", self.page.say(name));
        self.named(&name, words);
    }
}

fn summary(report: &Report, lines: &mut Lines<'_>) {
    let counts = Counts::of(report);
    let all = [
        (Text::new("Connections", "接続数"), report.entries.len(), true),
        (Text::new("Healthy", "正常"), counts.ok, true),
        (Text::new("With warnings", "警告あり"), counts.warnings, false),
        (Text::new("Failed", "失敗"), counts.failed, true),
        (Text::new("Unverified", "未確認"), counts.unverified, false),
        (Text::new("Not tested", "未実施"), counts.skipped, false),
    ];
    if report.entries.len() == 1 {
        return;
    }
    for (name, count, always) in all {
        if always || count > 0 {
            lines.fact(name, &count.to_string());
        }
    }
}

fn connection(report: &Report, entry: &Entry, lines: &mut Lines<'_>) {
    let (page, subject) = (lines.page, &entry.subject);
    if !lines.text.is_empty() {
        lines.text.push('\n');
    }
    lines.fact(Text::new("Connection", "接続"), &safe(&subject.link_name));
    lines.fact(Text::new("Account", "アカウント"), &subject.account.as_deref().map(safe).unwrap_or_default());
    lines.fact(Text::new("Result", "結果"), page.say(entry.verdict.text()));
    lines.fact(Text::new("State", "状態"), page.say(entry.state.text()));
    lines.fact(Text::new("Service", "サービス"), &safe(subject.service.get(page.language)));
    // An address whose variables have no value yet is none.
    let address = Some(safe(&subject.base)).filter(|base| !base.contains('{'));
    lines.fact(Text::new("Address", "接続先"), &address.unwrap_or_default());
    lines.fact(Text::new("Authentication", "認証の種類"), page.say(subject.kind.text()));
    for (name, print) in &subject.fingerprints {
        lines.fact(Text::new("Fingerprint", "指紋"), &safe(&format!("{name} {print}")));
    }
    if report.verb == "diagnose" {
        lines.fact(Text::new("Defined in", "定義場所"), &safe(&subject.origin));
        if let Some(moment) = entry.last_ok {
            lines.fact(Text::new("Last success", "最終成功"), &page.moment(moment));
        }
    }
    known(entry, lines);
    if entry.attempts > 1 {
        lines.fact(Text::new("Attempts", "試行回数"), &entry.attempts.to_string());
    }
    stages(entry, lines);
    for check in &entry.checks {
        let word = match check.passed {
            Some(true) => Text::new("passed", "合格"),
            Some(false) => Text::new("failed", "失敗"),
            None => Text::new("not applicable", "対象外"),
        };
        let words = format!("{} · {}", page.say(word), safe(check.words.get(page.language)));
        lines.named(&format!("{} {}", page.say(Text::new("Check", "確認")), check.id), &words);
    }
    for change in &entry.changes {
        lines.fact(
            Text::new("Changed since the last success", "前回の成功からの変更"),
            &sentence(change, page),
        );
    }
    for applied in &entry.fixes {
        let words = super::repair::ending(applied, entry, page.language);
        lines.fact(Text::new("Repair", "修復"), &words);
    }
    for finding in &entry.findings {
        explain(entry, finding, lines);
    }
    account(entry, lines);
    if report.verb == "diagnose" {
        lines.fact(Text::new("Requests sent", "送信したリクエスト"), &entry.requests.to_string());
        lines.fact(Text::new("Time", "所要時間"), &words::duration(entry.ms, page.language));
    }
}

fn known(entry: &Entry, lines: &mut Lines<'_>) {
    let page = lines.page;
    if let Some(identity) = &entry.identity {
        let account = identity.account.as_deref().map(words::foreign).unwrap_or_default();
        let organisation = identity.organisation.as_deref().map(words::foreign).unwrap_or_default();
        lines.fact(Text::new("Signed in as", "接続ユーザー"), &account);
        lines.fact(Text::new("Organisation", "組織"), &organisation);
    }
    for row in &entry.access {
        let name =
            format!("{} {}", page.say(Text::new("Access to", "権限")), safe(row.label.get(page.language)));
        lines.named(&name, page.say(words::access(row.status)));
    }
    if let Some(left) = entry.quota.as_ref().and_then(|quota| words::quota(quota, page)) {
        lines.fact(Text::new("Quota", "残り回数"), &left);
    }
}

/// The request, what was weighed, and the control experiments.
fn account(entry: &Entry, lines: &mut Lines<'_>) {
    let (page, account) = (lines.page, &entry.account);
    if let Some(shown) = &account.request {
        lines.fact(
            Text::new("The test request", "テスト要求"),
            &safe(&format!("{} {}", shown.method, shown.url)),
        );
        for (name, value) in &shown.headers {
            lines.fact(Text::new("Header", "ヘッダー"), &safe(&format!("{name}: {value}")));
        }
    }
    let weighed = account.candidates.iter().filter(|_| page.why && account.candidates.len() > 1);
    for candidate in weighed {
        let words = format!(
            "{} · {}",
            candidate.cause.code,
            weighing::standing(candidate, &account.candidates, page)
        );
        lines.fact(Text::new("Weighed", "検討した原因"), &words);
        balance(&candidate.lines, lines);
    }
    if let Some(why_not) = &account.why_not {
        let name = if why_not.is_root {
            Text::new("The cause that was named", "判定結果の原因")
        } else {
            Text::new("Not named", "判定されなかった原因")
        };
        lines.fact(name, why_not.cause.code);
        let finding = Finding::new(why_not.cause, Confidence::Unknown);
        let needed = words::say(entry, &finding, why_not.cause.evidence, page.language);
        lines.fact(Text::new("Needed", "判定の条件"), &needed);
        balance(&why_not.lines, lines);
        for lacking in &why_not.lacking {
            lines.fact(Text::new("Not seen", "不足"), &weighing::lacks(lacking, page));
        }
    }
    for words in weighing::controls(&account.controls, page) {
        lines.fact(Text::new("Control experiments", "比較確認"), &words);
    }
}

/// What speaks for a cause and against it.
fn balance(said: &[Line], lines: &mut Lines<'_>) {
    for line in said {
        let name = if words::speaks_for(line.strength) {
            Text::new("Speaks for it", "裏付け")
        } else {
            Text::new("Speaks against it", "反証")
        };
        lines.fact(name, &words::seen(&line.sentence, lines.page));
    }
}

fn stages(entry: &Entry, lines: &mut Lines<'_>) {
    let page = lines.page;
    for line in &entry.stages {
        let mut words = page.say(words::stage_status(line.status)).to_owned();
        let said = safe(line.words.get(page.language));
        if !said.is_empty() {
            words = format!("{words} · {said}");
        }
        if let Some(ms) = line.ms {
            words = format!("{words} · {}", words::duration(ms, page.language));
        }
        let name = format!("{} {}", page.say(Text::new("Layer", "階層")), page.say(words::stage(line.stage)));
        lines.named(&name, &words);
    }
}

fn explain(entry: &Entry, finding: &Finding, lines: &mut Lines<'_>) {
    let page = lines.page;
    let name = match (finding.role, finding.severity) {
        (_, Severity::Warning) => Text::new("Warning", "警告"),
        (_, Severity::Info) => Text::new("Note", "参考"),
        (Role::Root, Severity::Error) => Text::new("Cause", "原因"),
        (Role::Secondary, Severity::Error) => Text::new("Beside the cause", "付随する問題"),
    };
    let words = format!(
        "{} ({}) · {}",
        finding.cause.code,
        finding.cause.number,
        page.say(finding.confidence.text())
    );
    lines.fact(name, &words);
    lines.fact(Text::new("What is wrong", "内容"), &words::title(entry, finding, page.language));
    if let Some(note) = &finding.note {
        lines.fact(Text::new("Note", "補足"), &safe(note.get(page.language)));
    }
    for (index, evidence) in words::supporting(finding).enumerate() {
        lines.numbered(Text::new("Evidence", "根拠"), index + 1, &words::seen(&evidence.sentence, page));
    }
    let said = &finding.vendor;
    let vendor = [
        (Text::new("The service says", "サービスの応答"), &said.message),
        (Text::new("The service's error code", "サービスのエラーコード"), &said.code),
        (Text::new("Request id for its support", "問い合わせ用リクエストID"), &said.request_id),
    ];
    for (name, words) in vendor {
        lines.fact(name, &words.as_deref().map(words::foreign).unwrap_or_default());
    }
    for (index, step) in steps::steps(entry, finding, page.language).iter().enumerate() {
        lines.numbered(Text::new("Step", "手順"), index + 1, &step.text);
        if let Some(command) = &step.command {
            lines.fact(Text::new("Command", "コマンド"), command);
        }
    }
    if let Some(offer) = super::repair::offer(entry, finding, page) {
        lines.fact(Text::new("Repair", "修復"), &offer);
        lines.fact(Text::new("Command", "コマンド"), &super::repair::command(entry));
    }
    if !finding.over {
        lines.fact(Text::new("Who can fix it", "対応者"), &words::who(entry, finding, page));
        lines.fact(Text::new("Try again", "再試行"), &words::retry(finding, page));
    }
    lines.fact(Text::new("Read more", "詳しく"), &format!("conn explain {}", finding.cause.number));
    for link in &finding.docs {
        lines.fact(Text::new("Link", "リンク"), &safe(link));
    }
}
