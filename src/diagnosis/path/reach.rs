//! TCP: what a failed connection and its surroundings mean.

use super::super::fact::{Attempt, ConnectFault, StageDetail, StageFact};
use super::super::finding::{Confidence, Finding};
use super::super::stage::{ProxyNote, ReachLook};
use super::broken::{SYSTEM, certain, proves, unknown};
use super::proxy;
use crate::base::{Text, safe_text};
use crate::cause;
use crate::model::Strength;

/// The cause of a connection that did not come about.
pub(super) fn judge(
    attempts: &[Attempt],
    look: Option<&ReachLook>,
    stages: &[StageFact],
    host: &str,
) -> Finding {
    let Some(fault) = telling(attempts) else { return unknown() };
    let (code, words) = match fault {
        ConnectFault::Refused => (
            "CONN-NET-REFUSED",
            Text::new("{address} refuses the connection", "{address} が接続を拒否しました"),
        ),
        ConnectFault::Timeout => {
            ("CONN-NET-TIMEOUT", Text::new("{address} does not answer", "{address} から応答がありません"))
        }
        ConnectFault::Reset => (
            "CONN-NET-RESET",
            Text::new("{address} cuts the connection at once", "{address} が接続をすぐに切断しました"),
        ),
        ConnectFault::HostUnreachable => (
            "CONN-NET-UNREACHABLE",
            Text::new(
                "a device on the way says that {address} cannot be reached",
                "経路上の機器が {address} に到達できないと応答しました",
            ),
        ),
        ConnectFault::NetworkUnreachable => (
            "CONN-NET-OFFLINE",
            Text::new(
                "this machine has no route to {address}",
                "この端末から {address} への経路がありません",
            ),
        ),
        ConnectFault::TooManyOpen => (
            "CONN-SELF-OPEN-FILES",
            Text::new(
                "the system refused to open one more connection, to {address}; nothing was sent",
                "{address} への接続を開こうとしましたが、システムに拒否されました（何も送信していません）",
            ),
        ),
        ConnectFault::Other(words) => {
            let said = safe_text::line(words, 120);
            return Finding::new(cause::get("CONN-NET-UNREACHABLE"), Confidence::Possible)
                .because(Strength::Weak, SYSTEM.fill(&[("words", &said)]));
        }
    };
    let tried: Vec<&str> = attempts.iter().map(|attempt| attempt.address.as_str()).collect();
    let finding = certain(code).value("address", tried.join(", "));
    let port = attempts.first().and_then(|attempt| attempt.address.rsplit_once(':'));
    let finding = port.into_iter().fold(finding, |finding, (_, port)| finding.value("port", port));
    let finding = proves(finding, words.fill(&[("address", &tried.join(", "))]));
    let finding = look.into_iter().fold(finding, |finding, look| surroundings(finding, fault, look));
    match beside(stages).filter(|_| matches!(fault, ConnectFault::Timeout | ConnectFault::HostUnreachable)) {
        Some(note) => proxy::unasked(note, finding, host),
        None => finding,
    }
}

/// The fault that says most: a family of which this machine has none says nothing about the other.
fn telling(attempts: &[Attempt]) -> Option<&ConnectFault> {
    let faults = || attempts.iter().filter_map(|attempt| attempt.fault.as_ref());
    let speaks =
        |fault: &&ConnectFault| !matches!(fault, ConnectFault::NetworkUnreachable | ConnectFault::Other(_));
    // What stopped us here says nothing about the way, and explains all the rest.
    let here = faults().find(|fault| matches!(fault, ConnectFault::TooManyOpen));
    here.or_else(|| faults().find(speaks)).or_else(|| faults().next())
}

fn surroundings(finding: Finding, fault: &ConnectFault, look: &ReachLook) -> Finding {
    const THERE: Text = Text::new(
        "the same machine answers on port 80: only this port is closed on the way",
        "同じサーバーのポート 80 は応答します。経路上でこのポートだけが塞がれています",
    );
    const ALL: Text =
        Text::new("the same machine is silent on port 80, too", "同じサーバーのポート 80 も応答しません");
    const OVER: Text =
        Text::new("the way leads over the gateway {gateway}", "経路はゲートウェイ {gateway} を通ります");
    const NEIGHBOUR: Text = Text::new(
        "the address is in this machine's own network: no router stands between, so a firewall of this machine \
         or the server itself said no",
        "宛先はこの端末と同じネットワークにあり、間にルーターはありません。この端末のファイアウォールかサーバー自身が拒否しています",
    );
    let finding = match look.web_port {
        Some(true) if *fault == ConnectFault::Timeout => finding.because(Strength::Strong, THERE),
        Some(false) if *fault == ConnectFault::Timeout => finding.because(Strength::Weak, ALL),
        _ => finding,
    };
    match (&look.gateway, fault) {
        (Some(gateway), ConnectFault::Timeout | ConnectFault::HostUnreachable) => finding
            .because(Strength::Weak, OVER.fill(&[("gateway", gateway)]))
            .value("router", gateway.clone()),
        (None, ConnectFault::HostUnreachable) if look.neighbour => finding.because(Strength::Weak, NEIGHBOUR),
        _ => finding,
    }
}

/// What the variables say about a proxy that was not asked.
fn beside(stages: &[StageFact]) -> Option<&ProxyNote> {
    stages.iter().find_map(|stage| match &stage.detail {
        StageDetail::Proxy { look: Some(look), .. } => look
            .variables
            .iter()
            .find(|note| matches!(note, ProxyNote::Excepted { .. } | ProxyNote::Elsewhere { .. })),
        _ => None,
    })
}
