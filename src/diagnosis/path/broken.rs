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

/// Why there is no well-formed answer.
fn http(fault: &HttpFault) -> Finding {
    let (code, words) = match fault {
        HttpFault::NoAnswer => ("CONN-NET-READ-TIMEOUT", None),
        HttpFault::Stalled => ("CONN-NET-STALLED", None),
        HttpFault::Empty => ("CONN-HTTP-EMPTY", None),
        HttpFault::NotHttp(words) | HttpFault::Other(words) => ("CONN-HTTP-NOT-HTTP", Some(words)),
        HttpFault::Truncated => ("CONN-BODY-TRUNCATED", None),
        HttpFault::BadEncoding => ("CONN-BODY-DECOMPRESS", None),
        HttpFault::HeadTooLarge => ("CONN-HTTP-HEADER-SIZE", None),
        HttpFault::Http2(words) => ("CONN-HTTP-H2", Some(words)),
        HttpFault::Reset => ("CONN-NET-RESET", None),
    };
    let finding = certain(code);
    match words.filter(|words| !words.is_empty()) {
        Some(words) => {
            finding.because(Strength::Strong, SYSTEM.fill(&[("words", &safe_text::line(words, 120))]))
        }
        None => finding,
    }
}
