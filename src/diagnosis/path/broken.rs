//! The cause of the first broken layer.

use super::super::fact::{
    Attempt, DnsFault, Fault, HttpFault, StageDetail, StageFact, StageStatus, Subject, TlsFault,
};
use super::super::finding::{Confidence, Finding};
use super::super::stage::{Glance, NameLook};
use super::{name, proxy, reach, tls};
use crate::base::{Phrase, Text, safe_text};
use crate::cause;
use crate::model::Strength;

/// The cause of the first broken layer, if one is broken.
#[must_use]
pub fn broken(stages: &[StageFact], subject: &Subject) -> Option<Finding> {
    let failed = stages.iter().find(|stage| stage.status == StageStatus::Failed)?;
    let found = match &failed.detail {
        StageDetail::Dns { host, fault, servers, look, .. } => {
            let fault = fault.clone().unwrap_or_else(|| DnsFault::Other(String::new()));
            return Some(name::judge(&fault, host, servers, look.as_ref()));
        }
        StageDetail::Connect { attempts, look } => {
            reach::judge(attempts, look.as_ref(), stages, &subject.host)
        }
        StageDetail::Proxy { .. } => proxy::judge(&failed.detail, subject),
        StageDetail::Tls { chain, fault, peek, .. } => {
            let fault = fault.clone().unwrap_or(TlsFault::Other(String::new()));
            tls::judge(&fault, chain, peek.as_ref(), subject)
        }
        StageDetail::Http { look: Some(look), .. } => rewritten(look),
        StageDetail::Http { fault, .. } => http(fault.as_ref().unwrap_or(&HttpFault::Empty)),
        StageDetail::Nothing => unknown(),
    };
    // Who was given a wrong address reaches the wrong door, whatever stands behind it.
    let resolved = resolved(stages);
    let misled = resolved.and_then(|(host, given, look)| name::misled(host, given, look, failed.stage));
    Some(match misled {
        Some(cause) => proxy::carrying(cause, found),
        None => found,
    })
}

/// Somebody else answered in the service's place.
fn rewritten(look: &Glance) -> Finding {
    const SAYS: Text = Text::new(
        "HTTP {status} carries {name}: {value}",
        "HTTP {status} の応答に {name}: {value} が含まれています",
    );
    let status = look.status.to_string();
    let finding = certain("CONN-PXY-REWRITES").value("status", status.clone());
    look.proxy_mark.iter().fold(finding, |finding, (name, value)| {
        let values = [("status", status.as_str()), ("name", name), ("value", value)];
        proves(finding, SAYS.fill(&values))
    })
}

/// An address in the clear, as a problem: only worth a look where the answer comes from a proxy anyhow.
#[must_use]
pub fn yielding(finding: Finding, stages: &[StageFact]) -> Finding {
    let intercepted =
        stages.iter().any(|stage| matches!(stage.detail, StageDetail::Http { look: Some(_), .. }));
    if intercepted && finding.cause.code == "CONN-CFG-HOST-INSECURE" { finding.lowered() } else { finding }
}

/// The name as it was resolved on the way that broke further up.
fn resolved(stages: &[StageFact]) -> Option<(&str, &[String], Option<&NameLook>)> {
    stages.iter().find_map(|stage| match &stage.detail {
        StageDetail::Dns { host, addresses, look, .. } => {
            Some((host.as_str(), addresses.as_slice(), look.as_ref()))
        }
        _ => None,
    })
}

/// The cause of a request's fault, where the layers were not probed or are all in order.
#[must_use]
pub fn fault(fault: &Fault, subject: &Subject) -> Finding {
    match fault {
        Fault::Dns(fault) => name::judge(fault, &subject.host, &[], None),
        Fault::Connect(fault) => {
            let attempt = Attempt { address: subject.host.clone(), ms: 0.0, fault: Some(fault.clone()) };
            reach::judge(&[attempt], None, &[], &subject.host)
        }
        Fault::Proxy(fault) => proxy::fault(fault, subject),
        Fault::Tls(fault) => tls::judge(fault, &[], None, subject),
        Fault::Http(fault) => http(fault),
        Fault::Local(code) => certain(code),
        Fault::Deadline => certain("CONN-NET-READ-TIMEOUT"),
    }
}

pub(super) fn certain(code: &str) -> Finding {
    Finding::new(cause::get(code), Confidence::Certain)
}

pub(super) fn unknown() -> Finding {
    Finding::new(cause::get("CONN-SELF-UNKNOWN"), Confidence::Unknown)
}

pub(super) fn proves(finding: Finding, sentence: Phrase) -> Finding {
    finding.because(Strength::Proves, sentence)
}

pub(super) const SYSTEM: Text = Text::new("the system says: {words}", "システムのメッセージ: {words}");

/// The same where it is known how long was waited, in milliseconds.
#[must_use]
pub fn fault_after(fault: &Fault, subject: &Subject, ms: f64) -> Finding {
    const NOTHING: Text =
        Text::new("no answer came within {seconds} s", "{seconds} 秒以内に応答が届きませんでした");
    const HALF: Text = Text::new(
        "the head of the answer came, but not the whole body within {seconds} s",
        "応答のヘッダーは届きましたが、{seconds} 秒以内に本文の全体が届きませんでした",
    );
    let text = match fault {
        Fault::Deadline | Fault::Http(HttpFault::NoAnswer) => NOTHING,
        Fault::Http(HttpFault::Stalled) => HALF,
        _ => return self::fault(fault, subject),
    };
    // What goes beyond a whole second is the time that conn itself took.
    let seconds =
        if ms < 1000.0 { format!("{:.1}", ms / 1000.0) } else { format!("{:.0}", (ms / 1000.0).floor()) };
    self::fault(fault, subject).because(Strength::Strong, text.fill(&[("seconds", &seconds)]))
}

/// Why there is no well-formed answer.
fn http(fault: &HttpFault) -> Finding {
    const EMPTY: Text = Text::new(
        "the connection was closed before any byte of an answer came",
        "応答が 1 バイトも届かないうちに、接続が閉じられました",
    );
    const CUT: Text = Text::new("the body ended before its stated end", "本文が最後まで届く前に途切れました");
    const PACKED: Text = Text::new(
        "the header says that the body is compressed, and it cannot be unpacked",
        "ヘッダーでは本文が圧縮されていることになっていますが、展開できません",
    );
    const HEAD: Text = Text::new(
        "the answer has more headers, or longer ones, than conn takes",
        "応答のヘッダーの数または長さが、conn の上限を超えています",
    );
    let system = |words: &String| {
        let words = Some(safe_text::line(words, 120)).filter(|words| !words.is_empty());
        words.map(|words| SYSTEM.fill(&[("words", &words)]))
    };
    let (code, seen) = match fault {
        HttpFault::NoAnswer => ("CONN-NET-READ-TIMEOUT", None),
        HttpFault::Stalled => ("CONN-NET-STALLED", None),
        HttpFault::Empty => ("CONN-HTTP-EMPTY", Some(EMPTY.phrase())),
        HttpFault::NotHttp(words) | HttpFault::Other(words) => ("CONN-HTTP-NOT-HTTP", system(words)),
        HttpFault::Truncated => ("CONN-BODY-TRUNCATED", Some(CUT.phrase())),
        HttpFault::BadEncoding => ("CONN-BODY-DECOMPRESS", Some(PACKED.phrase())),
        HttpFault::HeadTooLarge => ("CONN-HTTP-HEADER-SIZE", Some(HEAD.phrase())),
        HttpFault::Http2(words) => ("CONN-HTTP-H2", system(words)),
        HttpFault::Reset => ("CONN-NET-RESET", None),
    };
    seen.into_iter().fold(certain(code), |finding, seen| finding.because(Strength::Strong, seen))
}

#[cfg(test)]
mod tests {
    use super::{Fault, HttpFault, fault_after};
    use crate::diagnosis::fixture;

    #[test]
    fn who_waited_in_vain_says_how_long() {
        let connector = crate::model::Connector::default();
        let sample = toml::from_str("name = 'x'\nstatus = 200\nexpect = 'ok'").unwrap();
        let subject = fixture::facts("acme", &connector, &sample).connection;
        for (fault, ms, said) in [
            (Fault::Deadline, 3004.2, "within 3 s"),
            (Fault::Http(HttpFault::NoAnswer), 12_980.0, "within 12 s"),
            (Fault::Http(HttpFault::Stalled), 451.0, "within 0.5 s"),
        ] {
            let finding = fault_after(&fault, &subject, ms);
            assert!(finding.evidence[0].sentence.en.ends_with(said), "{:?}", finding.evidence);
        }
    }
}
