//! The proxy: its own answers, and the variables that lead to it or past it.

use super::super::fact::{ProxyFault, StageDetail, Subject};
use super::super::finding::{Confidence, Finding};
use super::super::stage::{ProxyLook, ProxyNote};
use super::broken::{certain, proves};
use crate::base::{Phrase, Text, safe_text};
use crate::cause;
use crate::model::Strength;

/// The cause of a proxy that gave no way.
pub(super) fn judge(detail: &StageDetail, subject: &Subject) -> Finding {
    let StageDetail::Proxy { proxy, source, status, headers, fault, look } = detail else {
        return certain("CONN-PXY-UNREACHABLE");
    };
    let finding = by_fault(fault.as_ref()).value("proxy", proxy.clone()).value("source", source.clone());
    let finding = answered(finding, proxy, source, *status, &subject.host);
    let finding = headers.iter().fold(finding, |finding, (name, value)| {
        finding.because(Strength::Strong, Phrase::same(format!("{name}: {}", safe_text::line(value, 120))))
    });
    let finding = look.iter().fold(finding, said);
    let refused = matches!(fault, Some(ProxyFault::Denied(_) | ProxyFault::Upstream(_)));
    let missed =
        look.iter().flat_map(|look| &look.variables).find(|note| matches!(note, ProxyNote::Missed { .. }));
    match missed.filter(|_| refused) {
        Some(note) => mistaken(note, finding),
        None => finding,
    }
}

/// The cause where only the carrying client saw the proxy.
pub(super) fn fault(fault: &ProxyFault, subject: &Subject) -> Finding {
    answered(by_fault(Some(fault)), "", "", None, &subject.host)
}

fn by_fault(fault: Option<&ProxyFault>) -> Finding {
    let code = match fault {
        Some(ProxyFault::Unresolved(_)) => "CONN-PXY-UNRESOLVED",
        Some(ProxyFault::NeedsLogin(_)) => "CONN-PXY-AUTH",
        Some(ProxyFault::Denied(_)) => "CONN-PXY-DENIED",
        Some(ProxyFault::Upstream(_)) => "CONN-PXY-UPSTREAM",
        Some(ProxyFault::Unreachable(_) | ProxyFault::Other(_)) | None => "CONN-PXY-UNREACHABLE",
    };
    let scheme = match fault {
        Some(ProxyFault::NeedsLogin(scheme)) => safe_text::line(scheme, 40),
        _ => String::new(),
    };
    certain(code).value("scheme", scheme)
}

fn answered(finding: Finding, proxy: &str, source: &str, status: Option<u16>, host: &str) -> Finding {
    const ANSWER: Text = Text::new(
        "the proxy {proxy} (from {source}) answers {status} to CONNECT {host}",
        "プロキシ {proxy}（指定元: {source}）が CONNECT {host} に {status} を返しました",
    );
    const SILENT: Text = Text::new(
        "the proxy {proxy} (from {source}) cannot be used",
        "プロキシ {proxy}（指定元: {source}）が利用できません",
    );
    match status {
        Some(status) => {
            let number = status.to_string();
            let values = [("proxy", proxy), ("source", source), ("status", number.as_str()), ("host", host)];
            proves(finding, ANSWER.fill(&values)).value("status", number.clone())
        }
        None => proves(finding, SILENT.fill(&[("proxy", proxy), ("source", source)])),
    }
}

fn said(finding: Finding, look: &ProxyLook) -> Finding {
    const PAGE: Text = Text::new("its page says “{page}”", "プロキシのページの表示:「{page}」");
    match &look.page {
        Some(page) => finding.because(Strength::Strong, PAGE.fill(&[("page", page)])),
        None => finding,
    }
}

/// A sentence on a surprise among the variables.
pub(super) fn note(note: &ProxyNote) -> Phrase {
    const DIFFER: Text = Text::new(
        "{used} and {unused} name different proxies; {used} counts",
        "{used} と {unused} に別々のプロキシが指定されています（有効なのは {used}）",
    );
    const EXCEPTED: Text = Text::new(
        "the entry “{entry}” of {variable} covers the host, so the proxy {proxy} is not asked",
        "{variable} の「{entry}」が接続先に該当するため、プロキシ {proxy} は使われません",
    );
    const MISSED: Text = Text::new(
        "the entry “{entry}” of {variable} does not cover the host: write names only, without scheme, path or \
         another port",
        "{variable} の「{entry}」は接続先に該当しません。スキーム、パス、別のポートを付けず、名前だけを書いてください",
    );
    const ELSEWHERE: Text = Text::new(
        "{place} names the proxy {proxy}, which does not count for https",
        "{place} にプロキシ {proxy} が指定されていますが、https には適用されません",
    );
    match note {
        ProxyNote::Differ { used, unused } => DIFFER.fill(&[("used", used), ("unused", unused)]),
        ProxyNote::Excepted { variable, entry, proxy } => {
            EXCEPTED.fill(&[("variable", variable), ("entry", &safe_text::line(entry, 80)), ("proxy", proxy)])
        }
        ProxyNote::Missed { variable, entry } => {
            MISSED.fill(&[("variable", variable), ("entry", &safe_text::line(entry, 80))])
        }
        ProxyNote::Elsewhere { place, proxy } => ELSEWHERE.fill(&[("place", place), ("proxy", proxy)]),
    }
}

/// Silence on the direct way, where a proxy stands ready that was not asked.
pub(super) fn unasked(surprise: &ProxyNote, symptom: Finding, host: &str) -> Finding {
    let finding = match surprise {
        ProxyNote::Elsewhere { proxy, place } => {
            Finding::new(cause::get("CONN-PXY-REQUIRED"), Confidence::Likely)
                .value("proxy", proxy.clone())
                .value("place", place.clone())
        }
        ProxyNote::Excepted { variable, .. } | ProxyNote::Missed { variable, .. } => {
            Finding::new(cause::get("CONN-PXY-ENV"), Confidence::Likely).value("variable", variable.clone())
        }
        ProxyNote::Differ { .. } => return symptom,
    };
    carrying(finding.value("host", host).because(Strength::Strong, note(surprise)), symptom)
}

/// A refusal by a proxy that was never meant to be asked.
fn mistaken(surprise: &ProxyNote, symptom: Finding) -> Finding {
    let ProxyNote::Missed { variable, .. } = surprise else { return symptom };
    let finding =
        Finding::new(cause::get("CONN-PXY-ENV"), Confidence::Likely).value("variable", variable.clone());
    carrying(finding.because(Strength::Strong, note(surprise)), symptom)
}

/// A cause with the evidence of what follows from it.
pub(super) fn carrying(mut cause: Finding, symptom: Finding) -> Finding {
    cause.evidence.extend(symptom.evidence);
    for (name, value) in symptom.values {
        cause.values.entry(name).or_insert(value);
    }
    cause
}
