//! What is worth a look although the path holds.

use std::net::SocketAddr;

use super::super::fact::{Attempt, Certificate, ConnectFault, DnsFault, StageDetail, StageFact, StageStatus};
use super::super::finding::{Confidence, Finding};
use super::super::stage::{NameLook, Over, ProxyNote, ReachLook};
use super::broken::{certain, proves};
use super::proxy;
use crate::base::{Text, Timestamp, safe_text};
use crate::cause;
use crate::model::Strength;

/// A certificate that ends within so many days is worth a word.
const DAYS: i64 = 14;
/// A name that takes longer, in milliseconds.
const SLOW_NAME: f64 = 500.0;
/// A connection that takes longer, in milliseconds.
const SLOW_CONNECTION: f64 = 1500.0;

/// The warnings of the layers that hold.
#[must_use]
pub fn remarks(stages: &[StageFact], at: Timestamp) -> Vec<Finding> {
    let holds = stages.iter().filter(|stage| matches!(stage.status, StageStatus::Ok | StageStatus::Absent));
    holds.flat_map(|stage| remark(stage, at)).collect()
}

fn remark(stage: &StageFact, at: Timestamp) -> Vec<Finding> {
    let ms = stage.ms.unwrap_or_default();
    match &stage.detail {
        StageDetail::Dns { look, .. } => slow_name(look.as_ref(), ms).into_iter().collect(),
        StageDetail::Connect { attempts, look } => {
            let flaky = look.as_ref().and_then(flaky);
            let slow = if flaky.is_none() { slow(attempts) } else { None };
            [family(attempts), flaky, slow].into_iter().flatten().collect()
        }
        StageDetail::Proxy { look: Some(look), .. } => {
            let differ = look.variables.iter().filter(|note| matches!(note, ProxyNote::Differ { .. }));
            differ
                .map(|note| certain("CONN-PXY-ENV").because(Strength::Proves, proxy::note(note)).lowered())
                .collect()
        }
        StageDetail::Tls { chain, .. } => {
            chain.first().and_then(|leaf| ends_soon(leaf, at)).into_iter().collect()
        }
        _ => vec![],
    }
}

fn slow_name(look: Option<&NameLook>, ms: f64) -> Option<Finding> {
    const TOOK: Text = Text::new("finding the address took {ms} ms", "名前解決に {ms} ミリ秒かかりました");
    const DEAD: Text =
        Text::new("the name server {server} does not answer", "ネームサーバー {server} が応答しません");
    let took = look.and_then(|look| look.system_ms).unwrap_or(ms).max(ms);
    if took < SLOW_NAME {
        return None;
    }
    let finding = proves(certain("CONN-DNS-SLOW"), TOOK.fill(&[("ms", &format!("{took:.0}"))]));
    let asked = look.into_iter().flat_map(|look| &look.asked).filter(|asked| asked.over == Over::Udp);
    let dead = asked.filter(|asked| asked.fault == Some(DnsFault::Timeout));
    Some(dead.fold(finding, |finding, asked| {
        finding.because(Strength::Strong, DEAD.fill(&[("server", &asked.server)]))
    }))
}

/// One family of addresses is dead while the other lives. A machine without any way for a family is not asked; and a
/// server of this very machine may well listen on one of them alone.
fn family(attempts: &[Attempt]) -> Option<Finding> {
    const DEAD: Text = Text::new(
        "{dead} did not answer within {ms} ms while {alive} did: each new connection may lose that time",
        "{dead} は {ms} ミリ秒以内に応答せず、{alive} は応答しました。新しい接続のたびにその分遅くなる可能性があります",
    );
    const REFUSED: Text =
        Text::new("{dead} fails while {alive} answers", "{dead} は失敗し、{alive} は応答しました");
    let own = |attempt: &Attempt| {
        attempt.address.parse::<SocketAddr>().is_ok_and(|address| address.ip().is_loopback())
    };
    if attempts.iter().any(own) {
        return None;
    }
    let of = |six: bool| attempts.iter().filter(move |attempt| attempt.address.starts_with('[') == six);
    let alive = |six: bool| of(six).find(|attempt| attempt.fault.is_none());
    let is_dead = |six: bool| {
        let broken =
            |attempt: &Attempt| !matches!(attempt.fault, None | Some(ConnectFault::NetworkUnreachable));
        of(six).next().filter(|_| of(six).all(broken))
    };
    let (code, dead, alive) = match (is_dead(true), alive(false), is_dead(false), alive(true)) {
        (Some(dead), Some(alive), ..) => ("CONN-NET-IPV6-BROKEN", dead, alive),
        (.., Some(dead), Some(alive)) => ("CONN-NET-IPV4-BROKEN", dead, alive),
        _ => return None,
    };
    let ms = format!("{:.0}", dead.ms - alive.ms);
    let words = if dead.fault == Some(ConnectFault::Timeout) { DEAD } else { REFUSED };
    let values = [("dead", dead.address.as_str()), ("alive", &alive.address), ("ms", &ms)];
    Some(proves(certain(code).value("ms", ms.clone()), words.fill(&values)))
}

/// Some of several connections lose their first packet.
fn flaky(look: &ReachLook) -> Option<Finding> {
    const SOME: Text = Text::new(
        "{failed} of {made} connections lost their first packet",
        "{made} 回の接続のうち {failed} 回で最初のパケットが失われました",
    );
    let tries = look.tries.filter(|tries| tries.failed < tries.made)?;
    let (made, failed) = (tries.made.to_string(), tries.failed.to_string());
    let finding = Finding::new(cause::get("CONN-NET-FLAKY"), Confidence::Likely).lowered();
    Some(finding.because(Strength::Strong, SOME.fill(&[("made", &made), ("failed", &failed)])))
}

fn slow(attempts: &[Attempt]) -> Option<Finding> {
    const TOOK: Text =
        Text::new("{address} answered after {ms} ms", "{address} の応答まで {ms} ミリ秒かかりました");
    let first = attempts.iter().find(|attempt| attempt.fault.is_none() && attempt.ms >= SLOW_CONNECTION)?;
    let ms = format!("{:.0}", first.ms);
    let words = TOOK.fill(&[("address", &first.address), ("ms", &ms)]);
    Some(proves(certain("CONN-NET-SLOW").value("ms", ms.clone()), words))
}

fn ends_soon(leaf: &Certificate, at: Timestamp) -> Option<Finding> {
    const UNTIL: Text =
        Text::new("the certificate of {names} ends on {date}", "{names} の証明書の有効期限は {date} です");
    let left = leaf.not_after.duration_since(at).as_secs();
    if !(0..DAYS * 24 * 3600).contains(&left) {
        return None;
    }
    let date = leaf.not_after.strftime("%Y-%m-%d").to_string();
    let names = safe_text::line(&leaf.names.join(", "), 120);
    let finding = certain("CONN-TLS-EXPIRES-SOON").value("date", date.clone());
    Some(proves(finding, UNTIL.fill(&[("names", &names), ("date", &date)])))
}
