//! What was looked at: the connection, whose it is at the service, its rights and its remaining calls.

use super::super::page::Page;
use super::super::paint::{self, Meaning};
use super::super::words::{self, safe};
use super::super::wrap;
use crate::base::Text;
use crate::base::safe_text::width;
use crate::diagnosis::Entry;
use crate::diagnosis::report::{Access, AccessStatus};

/// The width of the names of the lines below a headline.
const LABEL: usize = 12;

/// The headline of `test`, with identity, rights and calls left where they are known.
pub(super) fn short(entry: &Entry, page: &Page) -> String {
    let mut screen = title(entry, page);
    screen += &known(entry, page);
    screen
}

/// The headline of `diagnose`, with origin, keys and last success.
pub(super) fn detailed(entry: &Entry, page: &Page) -> String {
    let subject = &entry.subject;
    let mut screen = title(entry, page);
    let origin = page.fill(
        Text::new("from {origin} · environment {environment}", "{origin} で定義 · 環境 {environment}"),
        &[("origin", &safe(&subject.origin)), ("environment", &safe(&subject.environment))],
    );
    screen += &row(Text::new("defined", "定義"), &origin, page);
    let keys: Vec<String> =
        subject.sources.iter().map(|(name, source)| key(entry, name, source, page)).collect();
    if !keys.is_empty() {
        screen += &row(Text::new("secrets", "認証情報"), &keys.join(" · "), page);
    }
    screen += &row(Text::new("state", "状態"), page.say(entry.state.text()), page);
    screen += &row(Text::new("last good", "最終成功"), &last_good(entry, page), page);
    screen += &known(entry, page);
    screen
}

fn title(entry: &Entry, page: &Page) -> String {
    let subject = &entry.subject;
    let (mark, meaning) = paint::verdict(entry.verdict);
    let name = safe(&subject.link_name);
    let lead = format!("{} {}  ", page.paint(meaning, mark), page.paint(Meaning::Strong, &name));
    let indent = width(mark) + 1 + width(&name) + 2;
    let facts = facts(entry, page);
    let mut screen = if indent > 30 {
        format!("{}\n{}", lead.trim_end(), wrap::hanging("  ", 2, &facts, page.text_width()))
    } else {
        wrap::hanging(&lead, indent, &facts, page.text_width())
    };
    // An address whose variables have no value yet is none.
    if !subject.base.contains('{') {
        screen += &row(Text::new("address", "接続先"), &safe(&subject.base), page);
    }
    if let Some(account) = &subject.account {
        screen += &row(Text::new("account", "アカウント"), &safe(account), page);
    }
    screen
}

/// Outcome, service, way to authenticate and the fingerprints of the keys.
fn facts(entry: &Entry, page: &Page) -> String {
    let subject = &entry.subject;
    let mut facts = vec![
        page.say(entry.verdict.text()).to_owned(),
        safe(subject.service.get(page.language)),
        page.say(subject.kind.text()).to_owned(),
    ];
    let prints: Vec<String> = match subject.fingerprints.len() {
        1 => subject.fingerprints.values().map(|print| safe(print)).collect(),
        _ => subject.fingerprints.iter().map(|(name, print)| safe(&format!("{name} {print}"))).collect(),
    };
    if !prints.is_empty() {
        let joined = prints.join(", ");
        facts.push(page.fill(Text::new("fingerprint {prints}", "指紋 {prints}"), &[("prints", &joined)]));
    }
    facts.retain(|fact| !fact.is_empty());
    facts.join(" · ")
}

fn key(entry: &Entry, name: &str, source: &str, page: &Page) -> String {
    let values = [("name", &*safe(name)), ("source", &*safe(source))];
    let kept = page.fill(Text::new("{name} in {source}", "{name}（{source}）"), &values);
    match entry.subject.fingerprints.get(name) {
        Some(print) => {
            let print = safe(print);
            kept + &page.fill(Text::new(", fingerprint {print}", "、指紋 {print}"), &[("print", &print)])
        }
        None => kept,
    }
}

fn last_good(entry: &Entry, page: &Page) -> String {
    match entry.last_ok {
        // A clock that was put back.
        Some(moment) if moment > page.now => page.moment(moment),
        Some(moment) => {
            let values = [("at", &*page.moment(moment)), ("ago", &*page.distance(moment))];
            page.fill(Text::new("{at} ({ago} ago)", "{at}（{ago}前）"), &values)
        }
        None => page.say(Text::new("never tested successfully", "成功した記録がありません")).to_owned(),
    }
}

/// Identity, rights and calls left.
fn known(entry: &Entry, page: &Page) -> String {
    let mut screen = String::new();
    if let Some(identity) = &entry.identity {
        let names: Vec<String> = [&identity.account, &identity.organisation]
            .into_iter()
            .flatten()
            .map(|name| words::foreign(name))
            .collect();
        if !names.is_empty() {
            screen += &row(Text::new("whoami", "ユーザー"), &names.join(" · "), page);
        }
    }
    if !entry.access.is_empty() {
        screen += &rights(&entry.access, page);
    }
    if let Some(left) = entry.quota.as_ref().and_then(|quota| words::quota(quota, page)) {
        screen += &row(Text::new("quota", "残り回数"), &left, page);
    }
    if entry.attempts > 1 {
        screen += &row(Text::new("attempts", "試行回数"), &entry.attempts.to_string(), page);
    }
    screen
}

/// The permission matrix: each right with its mark, and in words where it is not granted.
fn rights(rows: &[Access], page: &Page) -> String {
    let cells: Vec<(String, String)> = rows.iter().map(|row| right(row, page)).collect();
    let mut screen = label(Text::new("access", "権限"), page);
    let mut used = LABEL + 2;
    for (index, (plain, painted)) in cells.iter().enumerate() {
        let gap = if index == 0 { 0 } else { 3 };
        if index > 0 && used + gap + width(plain) > page.text_width() {
            screen += "\n";
            screen += &wrap::pad("", LABEL + 2);
            used = LABEL + 2;
        } else {
            screen += &wrap::pad("", gap);
            used += gap;
        }
        screen += painted;
        used += width(plain);
    }
    screen + "\n"
}

fn right(row: &Access, page: &Page) -> (String, String) {
    let (mark, meaning) = match row.status {
        AccessStatus::Granted => ("✓", Meaning::Good),
        AccessStatus::Denied => ("✗", Meaning::Bad),
        AccessStatus::Unknown => ("?", Meaning::Warning),
        AccessStatus::NotReached => ("·", Meaning::Faint),
    };
    let name = wrap::cut(&safe(row.label.get(page.language)), 30);
    let word = match row.status {
        AccessStatus::Granted => String::new(),
        status => format!(" {}", page.say(words::access(status))),
    };
    (format!("{name} {mark}{word}"), format!("{name} {}", page.paint(meaning, &format!("{mark}{word}"))))
}

fn label(name: Text, page: &Page) -> String {
    format!("  {}", page.paint(Meaning::Label, &wrap::pad(page.say(name), LABEL)))
}

/// A named line below a headline.
fn row(name: Text, words: &str, page: &Page) -> String {
    wrap::hanging(&label(name, page), LABEL + 2, words, page.text_width())
}
