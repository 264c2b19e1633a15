//! A certificate authority that one connection trusts besides.

use super::{Action, Repair, definition};
use crate::base::{Text, safe_text};
use crate::cause::Fix;
use crate::diagnosis::Facts;
use crate::diagnosis::fact::{Certificate, StageDetail};

/// The authority that signed the certificate, where the other side sent it along. Whether it is the company's own
/// only a person can tell, by its fingerprint.
pub(super) fn trust(facts: &Facts) -> Option<Repair> {
    const TRUST: Text = Text::new(
        "trust {subject} for {link} alone; its SHA-256 is {sha256}. Agree only if your administrator named this \
         fingerprint: whoever holds this authority's key can read everything that {link} sends",
        "{link} の通信に限り {subject} を信頼します（SHA-256: {sha256}）。管理者から知らされた指紋と一致する\
         場合だけ同意してください。この認証局の鍵を持つ者は {link} の通信をすべて読み取れます",
    );
    if definition(facts)?.has_ca_file {
        return None;
    }
    let chain = facts.stages.iter().find_map(|stage| match &stage.detail {
        StageDetail::Tls { chain, fault: Some(_), .. } => Some(chain),
        _ => None,
    })?;
    let authority = authority(chain)?;
    let (pem, sha256) = (authority.pem.clone()?, authority.sha256.clone()?);
    let subject = safe_text::line(&authority.subject, 120);
    let plan =
        TRUST.fill(&[("subject", &subject), ("link", &facts.connection.link_name), ("sha256", &sha256)]);
    Some(Repair { action: Action::Trust { subject, sha256, pem }, applicability: Fix::NeedsConsent, plan })
}

/// The certificate that would have to be trusted: the topmost that was sent, unless that is only the server's own,
/// issued by somebody who was not sent along.
fn authority(chain: &[Certificate]) -> Option<&Certificate> {
    let top = chain.last()?;
    (chain.len() > 1 || top.subject == top.issuer).then_some(top)
}
