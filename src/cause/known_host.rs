//! A name server denies a host that conn itself brought along: how `CONN-DNS-NXDOMAIN` is said then. The host is right,
//! so what answers in place of the real name servers is looked for.

use super::Step;
use crate::base::Text;

/// What happened.
pub const HEADING: Text = Text::new(
    "The name server of this machine says that the host {host} does not exist.",
    "この端末の DNS サーバーが、ホスト {host} は存在しないと応答しています。",
);

/// What to do: nobody typed the host, so that nothing is to be corrected.
pub static STEPS: &[Step] = &[
    Step::run(
        "conn doctor",
        "The host is the one at which conn knows {service}: see which name servers this machine uses, and whether \
         other hosts are found.",
        "ホストは conn が把握している {service} の正式なものです。この端末が使う DNS サーバーと、他のホストの名前解決が\
         できるかを確認してください。",
    ),
    Step::new(
        "Look for what answers in the place of the real name servers: a DNS filter, a VPN or a company network that \
         knows its own names only. Ask your network administrator to let {host} be found.",
        "DNS フィルター、VPN、社内専用の DNS など、本来の DNS の代わりに応答しているものがないか確認し、{host} の名前\
         解決を許可するようネットワーク管理者に依頼してください。",
    ),
    Step::run("conn test {name}", "Then test again.", "解消後に再度テストしてください。"),
];
