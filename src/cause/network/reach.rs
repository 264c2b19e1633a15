//! The address cannot be reached.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] =
    &[&OFFLINE, &REFUSED, &TIMEOUT, &UNREACHABLE, &RESET, &IPV6_BROKEN, &IPV4_BROKEN];

/// This machine is not connected to a network that reaches `service`.
pub static OFFLINE: Cause = Cause {
    code: "CONN-NET-OFFLINE",
    number: 2101,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::Now,
    who: &[Who::You],
    verdict: Verdict::Unreachable,
    prior: 2,
    fix: Fix::Manual,
    title: Text::new(
        "This machine is not connected to a network that reaches {service}.",
        "この端末は、{service} に到達できるネットワークに接続していません。",
    ),
    why: Text::new(
        "The Wi-Fi is off, the cable is loose, or the airplane mode is on.",
        "Wi-Fi がオフ、ケーブルの抜け、機内モードなどが考えられます。",
    ),
    evidence: Text::new(
        "The system knows no way to the address, or all connections fail at this layer.",
        "宛先への経路がないか、すべての接続がこの段階で失敗しています。",
    ),
    steps: &[
        Step::new(
            "Connect the Wi-Fi or the cable, and open any web page to see whether it works.",
            "Wi-Fi またはケーブルを接続し、任意の Web ページが開けるかどうかを確認してください。",
        ),
        Step::run("conn test {name}", "Then test again.", "接続後に再度テストしてください。"),
    ],
};

/// Nothing listens at `host` on port `port`.
pub static REFUSED: Cause = Cause {
    code: "CONN-NET-REFUSED",
    number: 2102,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::Vendor],
    verdict: Verdict::Unreachable,
    prior: 2,
    fix: Fix::Manual,
    title: Text::new(
        "Nothing listens at {host} on port {port}.",
        "{host} のポート {port} で待ち受けているサービスがありません。",
    ),
    why: Text::new(
        "The port is wrong, or the service is stopped.",
        "ポート番号の誤り、またはサービスの停止が考えられます。",
    ),
    evidence: Text::new(
        "The machine at the address refused the connection at once.",
        "宛先のサーバーが、直ちに接続を拒否しました。",
    ),
    steps: &[
        Step::run(
            "conn show {name}",
            "Check the host and the port of the connection.",
            "接続のホストとポート番号を確認してください。",
        ),
        Step::new(
            "If host and port are right, look at the status page of {service}, or ask whoever runs the server \
             to start it.",
            "ホストとポートが正しい場合は、{service} の稼働状況を確認するか、サーバーの管理者に起動を依頼してくださ\
             い。",
        ),
    ],
};

/// `host` does not answer on port `port`.
pub static TIMEOUT: Cause = Cause {
    code: "CONN-NET-TIMEOUT",
    number: 2103,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::NetworkAdmin, Who::Vendor],
    verdict: Verdict::Unreachable,
    prior: 2,
    fix: Fix::Manual,
    title: Text::new(
        "{host} does not answer on port {port}.",
        "{host} のポート {port} から応答がありません。",
    ),
    why: Text::new(
        "A firewall drops the traffic silently, the service admits only known addresses, or the server is \
         down.",
        "ファイアウォールによる破棄、接続元アドレスの制限、サーバーの停止が考えられます。",
    ),
    evidence: Text::new(
        "The name has an address, but no connection came about within the deadline.",
        "アドレスは判明しましたが、制限時間内に接続が確立しませんでした。",
    ),
    steps: &[
        Step::run(
            "conn test --all",
            "See whether your other connections work: if they do, the network as a whole is fine.",
            "他の接続が正常かどうかを確認してください。正常であれば、ネットワーク全体の問題ではありません。",
        ),
        Step::new(
            "Ask your network administrator to allow outgoing traffic to {host} on port {port}.",
            "{host} のポート {port} への送信許可を、ネットワーク管理者に依頼してください。",
        ),
    ],
};

/// A device on the way refuses traffic to `host`.
pub static UNREACHABLE: Cause = Cause {
    code: "CONN-NET-UNREACHABLE",
    number: 2104,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::NetworkAdmin],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "A device on the way refuses traffic to {host}.",
        "途中の機器が {host} への通信を拒否しています。",
    ),
    why: Text::new(
        "A firewall rejects it, or a router has no way to the address.",
        "ファイアウォールによる拒否、または経路情報の不足が考えられます。",
    ),
    evidence: Text::new(
        "The network reported the host as unreachable or prohibited.",
        "ネットワークが、到達不能または通信禁止を通知しました。",
    ),
    steps: &[
        Step::new(
            "Ask your network administrator to allow outgoing traffic to {host} on port {port}.",
            "{host} のポート {port} への送信許可を、ネットワーク管理者に依頼してください。",
        ),
        Step::run(
            "conn test {name}",
            "Then test again, or try from another network.",
            "その後、再度テストするか、別のネットワークから試してください。",
        ),
    ],
};

/// The connection to `host` was cut off as soon as it was made.
pub static RESET: Cause = Cause {
    code: "CONN-NET-RESET",
    number: 2105,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::Now,
    who: &[Who::NetworkAdmin],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The connection to {host} was cut off as soon as it was made.",
        "{host} への接続が、確立直後に切断されました。",
    ),
    why: Text::new(
        "A security device on the way cuts it, or another kind of service listens on the port.",
        "途中のセキュリティ機器による切断か、別の種類のサービスが待ち受けている可能性があります。",
    ),
    evidence: Text::new(
        "The connection was reset before any data came back.",
        "データを受け取る前に接続がリセットされました。",
    ),
    steps: &[Step::run(
        "conn diagnose {name} --why",
        "Try again from another network; if it works there, give your network administrator the time \
             and the port.",
        "別のネットワークから再試行し、成功する場合は発生時刻とポートをネットワーク管理者に伝えてくださ\
             い。",
    )],
};

/// IPv6 to `host` is broken here; each call first loses time on it.
pub static IPV6_BROKEN: Cause = Cause {
    code: "CONN-NET-IPV6-BROKEN",
    number: 2106,
    severity: Severity::Warning,
    exit: ExitClass::Warnings,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::NetworkAdmin],
    verdict: Verdict::Warning,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "IPv6 to {host} is broken here; each call first loses time on it.",
        "このネットワークでは {host} への IPv6 通信が不通で、呼び出しのたびに待ち時間が生じています。",
    ),
    why: Text::new(
        "The provider, the VPN or a tunnel announces IPv6 but does not carry it.",
        "プロバイダー、VPN、トンネルが IPv6 を通知しながら、実際には中継していません。",
    ),
    evidence: Text::new(
        "IPv4 works, IPv6 to the same host fails or comes late.",
        "同じホストへの IPv4 は成功し、IPv6 は失敗または遅延しています。",
    ),
    steps: &[Step::new(
        "Tell your network administrator or provider that IPv6 to {host} fails; nothing is wrong with \
             the connection.",
        "{host} への IPv6 が不通であることを、ネットワーク管理者またはプロバイダーに伝えてください。接\
             続の設定に問題はありません。",
    )],
};

/// IPv4 to `host` is broken here; only IPv6 works.
pub static IPV4_BROKEN: Cause = Cause {
    code: "CONN-NET-IPV4-BROKEN",
    number: 2107,
    severity: Severity::Warning,
    exit: ExitClass::Warnings,
    retry: Retry::WhenFixed,
    who: &[Who::NetworkAdmin],
    verdict: Verdict::Warning,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "IPv4 to {host} is broken here; only IPv6 works.",
        "このネットワークでは {host} への IPv4 通信が不通で、IPv6 のみ利用できます。",
    ),
    why: Text::new(
        "The network carries IPv6 only, or its translation to IPv4 fails.",
        "IPv6 専用のネットワークか、IPv4 への変換に失敗しています。",
    ),
    evidence: Text::new(
        "IPv6 works, IPv4 to the same host fails.",
        "同じホストへの IPv6 は成功し、IPv4 は失敗しています。",
    ),
    steps: &[Step::new(
        "Tell your network administrator that IPv4 to {host} fails.",
        "{host} への IPv4 が不通であることを、ネットワーク管理者に伝えてください。",
    )],
};
