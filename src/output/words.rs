//! The words that several forms share: layers, people, retry times, durations, and the sentences of a cause
//! with this connection's values.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;

use super::page::Page;
use crate::base::{Language, Phrase, Text, octets, safe_text};
use crate::cause::{ExitClass, Retry, Severity, Who};
use crate::diagnosis::finding::fill;
use crate::diagnosis::report::{AccessStatus, Quota};
use crate::diagnosis::{Entry, Evidence, Finding, Report, Stage, StageStatus};
use crate::model::{Strength, Verdict};

/// The longest sentence shown, in characters.
const SENTENCE_LIMIT: usize = 2000;

/// Any text made harmless: one line, no control or direction characters, no known secret.
#[must_use]
pub fn safe(text: &str) -> String {
    harmless(text).into_owned()
}

/// What was seen, for a reader: moments are those of the reader's zone.
#[must_use]
pub fn seen(sentence: &Phrase, page: &Page) -> String {
    /// Letters of a moment in UTC to the second (RFC 3339).
    const MOMENT: usize = 20;
    let text = safe(sentence.get(page.language));
    let mut told = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(mark) = rest.find('T') {
        let start = mark.checked_sub("2026-11-22".len()).filter(|start| rest.is_char_boundary(*start));
        let moment = start.and_then(|start| Some((start, rest.get(start..start + MOMENT)?)));
        let moment = moment.filter(|(_, text)| text.ends_with('Z'));
        let moment = moment.and_then(|(start, text)| Some((start, text.parse::<Timestamp>().ok()?)));
        let (before, read, zoned) = match moment {
            Some((start, moment)) => (start, start + MOMENT, page.moment(moment)),
            None => (mark + 1, mark + 1, String::new()),
        };
        told += &rest[..before];
        told += &zoned;
        rest = &rest[read..];
    }
    told + rest
}

/// The same, borrowed where nothing in the text needs a change.
#[must_use]
pub fn harmless(text: &str) -> Cow<'_, str> {
    quell(safe_text::harmless(text, SENTENCE_LIMIT))
}

/// What the vendor said, made harmless and cut.
#[must_use]
pub fn foreign(text: &str) -> String {
    quell(safe_text::harmless(text, safe_text::MESSAGE_LIMIT)).into_owned()
}

/// Breaks up `::command::` at the beginning of a word: a CI runner obeys it where wrapping makes it begin a
/// line. A lone `::`, as in an IPv6 address, stays.
fn quell(line: Cow<'_, str>) -> Cow<'_, str> {
    if octets::find(line.as_bytes(), [b':']).is_none() || line.matches("::").count() < 2 {
        return line;
    }
    let words: Vec<String> = line
        .split(' ')
        .map(|word| match word.strip_prefix("::") {
            Some(rest) => format!(": :{rest}"),
            None => word.to_owned(),
        })
        .collect();
    words.join(" ").into()
}

/// A sentence of a cause with the values of this finding and this connection.
#[must_use]
pub fn say(entry: &Entry, finding: &Finding, text: Text, language: Language) -> String {
    safe(&fill(text.get(language), &values(entry, finding), language))
}

pub(super) fn values(entry: &Entry, finding: &Finding) -> BTreeMap<String, Phrase> {
    let subject = &entry.subject;
    let mut values = BTreeMap::from([
        ("name".to_owned(), Phrase::from(subject.link_name.as_str())),
        ("service".to_owned(), subject.service.clone()),
        ("host".to_owned(), Phrase::from(subject.host.as_str())),
        ("environment".to_owned(), Phrase::from(subject.environment.as_str())),
    ]);
    values.extend(finding.values.clone());
    // Where a problem names the key of a file only, that is the field.
    for key in ["label", "variable", "key"] {
        if let Some(value) = finding.values.get(key).cloned() {
            values.entry("field".to_owned()).or_insert(value);
        }
    }
    values
}

/// The title of a finding.
#[must_use]
pub fn title(entry: &Entry, finding: &Finding, language: Language) -> String {
    say(entry, finding, finding.heading(), language)
}

/// What speaks for a finding.
pub fn supporting(finding: &Finding) -> impl Iterator<Item = &Evidence> {
    finding.evidence.iter().filter(|evidence| speaks_for(evidence.strength))
}

/// Whether evidence of this strength speaks for a cause.
#[must_use]
pub const fn speaks_for(strength: Strength) -> bool {
    matches!(strength, Strength::Weak | Strength::Strong | Strength::Proves)
}

/// The mark of a piece of evidence: what it speaks for or against, and how much.
#[must_use]
pub const fn weight(strength: Strength) -> &'static str {
    match strength {
        Strength::Proves => "=",
        Strength::Strong | Strength::Weak => "+",
        Strength::Against => "-",
        Strength::Excludes => "x",
    }
}

/// Who can fix it, most likely first.
#[must_use]
pub fn who(entry: &Entry, finding: &Finding, page: &Page) -> String {
    let names: Vec<String> =
        finding.cause.who.iter().map(|who| say(entry, finding, who.text(), page.language)).collect();
    let or = page.say(Text::new(", or ", "、または"));
    // In Japanese a space stands between a Latin word and what comes before it.
    let gap =
        |name: &str| page.language == Language::Ja && name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let join = |line: String, name: String| format!("{line}{or}{}{name}", if gap(&name) { " " } else { "" });
    names.into_iter().reduce(join).unwrap_or_default()
}

/// The code of a [`Who`].
#[must_use]
pub const fn who_code(who: Who) -> &'static str {
    match who {
        Who::You => "you",
        Who::ServiceAdmin => "service-admin",
        Who::NetworkAdmin => "network-admin",
        Who::Vendor => "vendor",
        Who::Wait => "wait",
    }
}

/// When trying again can help.
#[must_use]
pub fn retry(finding: &Finding, page: &Page) -> String {
    if let Some(moment) = finding.retry_at {
        let at = page.short_moment(moment);
        if moment <= page.now {
            return page.fill(Text::new("now (since {at})", "今すぐ（{at}から可能）"), &[("at", &at)]);
        }
        let wait = page.distance(moment);
        return page
            .fill(Text::new("after {at} (in {in})", "{at} 以降（あと{in}）"), &[("at", &at), ("in", &wait)]);
    }
    page.say(match finding.cause.retry {
        Retry::Never => Text::new("will not help", "再試行では解決しません"),
        Retry::Now => Text::new("now", "今すぐ"),
        Retry::After => Text::new("in a few minutes", "数分後"),
        Retry::WhenFixed => Text::new("when fixed", "対処後"),
    })
    .to_owned()
}

/// The layer's name.
#[must_use]
pub const fn stage(stage: Stage) -> Text {
    match stage {
        Stage::Config => Text::new("config", "設定"),
        Stage::Secrets => Text::new("secrets", "認証情報"),
        Stage::Dns => Text::new("dns", "名前解決"),
        Stage::Connect => Text::new("connect", "TCP接続"),
        Stage::Proxy => Text::new("proxy", "プロキシ"),
        Stage::Tls => Text::new("tls", "TLS"),
        Stage::Http => Text::new("http", "HTTP"),
        Stage::Auth => Text::new("auth", "認証"),
        Stage::Access => Text::new("access", "権限"),
        Stage::Quota => Text::new("quota", "残り回数"),
    }
}

/// The word for a layer's status.
#[must_use]
pub const fn stage_status(status: StageStatus) -> Text {
    match status {
        StageStatus::Ok => Text::new("ok", "正常"),
        StageStatus::Warning => Text::new("warning", "警告"),
        StageStatus::Failed => Text::new("failed", "失敗"),
        StageStatus::NotReached => Text::new("not reached", "未到達"),
        StageStatus::Absent => Text::new("not used", "使用なし"),
        StageStatus::Unverified => Text::new("unverified", "未確認"),
    }
}

/// The word for a row of the permission matrix.
#[must_use]
pub const fn access(status: AccessStatus) -> Text {
    match status {
        AccessStatus::Granted => Text::new("granted", "許可"),
        AccessStatus::Denied => Text::new("denied", "拒否"),
        AccessStatus::Unknown => Text::new("unknown", "不明"),
        AccessStatus::NotReached => Text::new("not reached", "未到達"),
    }
}

/// The word for a severity.
#[must_use]
pub const fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Error => Text::new("error", "エラー"),
        Severity::Warning => Text::new("warning", "警告"),
        Severity::Info => Text::new("note", "参考"),
    }
}

/// Who acts on an exit class, in a word.
#[must_use]
pub const fn exit(class: ExitClass) -> Text {
    match class {
        ExitClass::Healthy => Text::new("healthy", "正常"),
        ExitClass::Service => {
            Text::new("right, plan or address at the service", "サービスの権限・契約・アドレス")
        }
        ExitClass::Usage => Text::new("wrong command line", "コマンドの誤り"),
        ExitClass::Temporary => Text::new("temporary", "一時的"),
        ExitClass::Reconnect => Text::new("new credential needed", "認証情報の更新が必要"),
        ExitClass::Local => Text::new("local setup", "手元の設定"),
        ExitClass::Path => Text::new("path to the service", "通信経路"),
        ExitClass::Warnings => Text::new("warnings count (--strict)", "警告あり（--strict）"),
        ExitClass::Bug => Text::new("a bug in conn", "connの不具合"),
        ExitClass::Interrupted => Text::new("interrupted", "中断"),
    }
}

/// How a run of these connections ends, in a word: where nothing was proven, nothing is called healthy.
#[must_use]
pub fn ending(class: ExitClass, entries: &[Entry]) -> Text {
    match class {
        ExitClass::Healthy if entries.iter().any(|entry| !entry.verdict.is_healthy()) => {
            Text::new("no failure found", "失敗はありません")
        }
        other => exit(other),
    }
}

/// A duration for people: `244 ms`, `1.9 s`, `52 s`.
#[must_use]
pub fn duration(ms: f64, language: Language) -> String {
    let seconds = ms / 1000.0;
    let unit = if language == Language::Ja { "秒" } else { " s" };
    match ms {
        ..1.0 => "<1 ms".to_owned(),
        ..999.5 => format!("{ms:.0} ms"),
        ..9_950.0 => format!("{seconds:.1}{unit}"),
        _ => format!("{seconds:.0}{unit}"),
    }
}

/// A count with separators: `1,000`.
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// The calls that are left, in words; `None` where nothing is known.
#[must_use]
pub fn quota(quota: &Quota, page: &Page) -> Option<String> {
    let mut parts = Vec::new();
    let number = |value: u64| thousands(value);
    match (quota.remaining, quota.limit) {
        (Some(left), Some(limit)) => parts.push(page.fill(
            Text::new("{left} of {limit} calls left", "残り {left} 回（上限 {limit} 回）"),
            &[("left", &number(left)), ("limit", &number(limit))],
        )),
        (Some(left), None) => parts
            .push(page.fill(Text::new("{left} calls left", "残り {left} 回"), &[("left", &number(left))])),
        (None, Some(limit)) => parts.push(
            page.fill(Text::new("limit {limit} calls", "上限 {limit} 回"), &[("limit", &number(limit))]),
        ),
        (None, None) => {}
    }
    if let Some(moment) = quota.resets_at {
        let at = page.short_moment(moment);
        parts.push(page.fill(Text::new("resets {at}", "{at} にリセット"), &[("at", &at)]));
    }
    if parts.is_empty() { None } else { Some(parts.join(" · ")) }
}

/// A connection, with the account that was used where it has several.
#[must_use]
pub fn whose(entry: &Entry, page: &Page) -> String {
    const OF: Text = Text::new("{name} ({account})", "{name}（{account}）");
    let name = safe(&entry.subject.link_name);
    let Some(account) = &entry.subject.account else { return name };
    page.fill(OF, &[("name", &name), ("account", &safe(account))])
}

/// The first names, and how many more there are.
#[must_use]
pub fn some(names: &[impl AsRef<str>]) -> String {
    const SHOWN: usize = 5;
    let shown = names.iter().take(SHOWN).map(|name| safe(name.as_ref())).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} (+{more})"),
    }
}

/// Why a connection was not tested, in a word or two.
#[must_use]
pub fn untested(entry: &Entry, page: &Page) -> String {
    const STRANGER: Text = Text::new("no environment {environment}", "環境 {environment} なし");
    if is_stranger(entry) {
        return page.fill(STRANGER, &[("environment", &safe(&entry.subject.environment))]);
    }
    page.say(entry.state.text()).to_owned()
}

/// Whether a connection does not know the environment of the run.
#[must_use]
pub fn is_stranger(entry: &Entry) -> bool {
    entry.findings.iter().any(|finding| finding.cause.code == "CONN-CFG-ENVIRONMENT-UNKNOWN")
}

/// The outcome classes in which a summary counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Healthy without a remark.
    pub ok: usize,
    /// Healthy, with something to look at.
    pub warnings: usize,
    /// Broken.
    pub failed: usize,
    /// Neither proved nor refuted.
    pub unverified: usize,
    /// Not tested.
    pub skipped: usize,
}

impl Counts {
    /// The counts of a report.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let mut counts = Self::default();
        for entry in &report.entries {
            match entry.verdict {
                Verdict::Ok => counts.ok += 1,
                Verdict::Warning => counts.warnings += 1,
                Verdict::Unverified => counts.unverified += 1,
                Verdict::Skipped => counts.skipped += 1,
                _ => counts.failed += 1,
            }
        }
        counts
    }
}

/// Whether a connection is broken: neither healthy, nor unproved, nor left out.
#[must_use]
pub const fn is_failed(verdict: Verdict) -> bool {
    !verdict.is_healthy() && !matches!(verdict, Verdict::Unverified | Verdict::Skipped)
}

#[cfg(test)]
mod tests {
    use super::{duration, safe, seen, thousands};
    use crate::base::{Language, Phrase};
    use crate::output::sample::page;

    #[test]
    fn moments_in_what_was_seen_are_those_of_the_reader() {
        let read = |text: &str| seen(&Phrase::same(text.to_owned()), &page(Language::Ja));
        assert_eq!(
            read("2026-11-21T08:41:39Zに到達、2026-11-20T23:00:00Z。"),
            "2026-11-21 17:41 +09に到達、2026-11-21 08:00 +09。"
        );
        for other in ["", "T", "HTTP 401 T", "時刻T2026-11-21T08:41", "2026-99-21T08:41:39Z"] {
            assert_eq!(read(other), other);
        }
    }

    #[test]
    fn a_runner_finds_no_command_where_a_line_may_begin() {
        assert_eq!(safe("x ::error::y"), "x : :error::y");
        assert_eq!(safe("::1 refused"), "::1 refused");
    }

    #[test]
    fn durations_and_counts_are_short() {
        let cases =
            [(0.3, "<1 ms"), (244.4, "244 ms"), (999.9, "1.0 s"), (1900.0, "1.9 s"), (52_000.0, "52 s")];
        for (ms, words) in cases {
            assert_eq!(duration(ms, Language::En), words);
        }
        assert_eq!(thousands(412), "412");
        assert_eq!(thousands(1_000_000), "1,000,000");
    }
}
