//! The one cause on this machine or its network behind failures of several names, in a sentence.

use super::Page;
use crate::base::Text;
use crate::diagnosis::{Report, correlation};

/// The sentence; `None` where the failures have nothing in common.
#[must_use]
pub fn sentence(report: &Report, page: &Page) -> Option<String> {
    let common = correlation::common(&report.entries)?;
    let text = Text::new(
        "One cause is behind {n} failures: {code} ({number}). No service beyond this machine can be reached; look at \
         this machine and its network first: conn doctor",
        "失敗 {n} 件の原因は 1 つと考えられます: {code}（{number}）。この端末の外のどのサービスにも到達できません。\
         先にこの端末とネットワークを確認してください: conn doctor",
    );
    let denied = Text::new(
        "One cause is behind {n} failures: {code} ({number}). The name server of this machine denies all of these \
         hosts, which conn knows from their services; look at DNS, filter and VPN first: conn doctor",
        "失敗 {n} 件の原因は 1 つと考えられます: {code}（{number}）。この端末の DNS サーバーが、各サービスの正式なホストを\
         すべて「存在しない」と応答しています。先に DNS・フィルター・VPN を確認してください: conn doctor",
    );
    let text = if common.cause.code == correlation::NOT_KNOWN { denied } else { text };
    let values = [
        ("n", &*common.members.len().to_string()),
        ("code", common.cause.code),
        ("number", &*common.cause.number.to_string()),
    ];
    Some(page.fill(text, &values))
}
