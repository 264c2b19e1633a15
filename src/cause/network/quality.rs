//! The path is there, but it is slow, leaky or unreliable.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[&MTU, &FLAKY, &SLOW, &READ_TIMEOUT, &STALLED];

/// Large packets to `host` get lost on the way.
pub static MTU: Cause = Cause {
    code: "CONN-NET-MTU",
    number: 2108,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::NetworkAdmin],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "Large packets to {host} get lost on the way.",
        "{host} への大きなパケットが途中で失われています。",
    ),
    why: Text::new(
        "A VPN or an access line carries smaller packets than this machine sends, and the notice about it \
         is blocked.",
        "VPN や回線で通せるパケットサイズが小さく、その通知も遮断されている可能性があります。",
    ),
    evidence: Text::new(
        "Small exchanges work; the connection stalls as soon as more data is sent.",
        "小さな通信は成功しますが、データ量が増えると停止します。",
    ),
    steps: &[
        Step::new(
            "Lower the MTU of the VPN or network interface to 1400 or less, or ask your network \
             administrator to.",
            "VPN またはネットワークインターフェースの MTU を 1400 以下に下げるか、ネットワーク管理者に依頼\
             してください。",
        ),
        Step::run("conn test {name}", "Then test again.", "変更後に再度テストしてください。"),
    ],
};

/// The network to `host` is unreliable: some attempts work, others fail.
pub static FLAKY: Cause = Cause {
    code: "CONN-NET-FLAKY",
    number: 2109,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::Now,
    who: &[Who::You, Who::NetworkAdmin],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The network to {host} is unreliable: some attempts work, others fail.",
        "{host} へのネットワークが不安定で、成功する場合と失敗する場合があります。",
    ),
    why: Text::new(
        "The Wi-Fi is weak, the line is overloaded, or one of several servers is down.",
        "Wi-Fi の電波が弱い、回線の混雑、または複数サーバーのうち 1 台の停止が考えられます。",
    ),
    evidence: Text::new(
        "Of several attempts within seconds only some succeeded.",
        "数秒間の複数回の試行のうち、一部だけが成功しました。",
    ),
    steps: &[
        Step::run(
            "conn diagnose {name}",
            "Move closer to the access point or use a cable, then repeat.",
            "アクセスポイントに近づくか有線接続に切り替えて、再度実行してください。",
        ),
        Step::new(
            "If it stays so on a cable, tell your network administrator.",
            "有線でも続く場合は、ネットワーク管理者に連絡してください。",
        ),
    ],
};

/// The path to `host` is slow.
pub static SLOW: Cause = Cause {
    code: "CONN-NET-SLOW",
    number: 2110,
    severity: Severity::Warning,
    exit: ExitClass::Warnings,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Warning,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new("The path to {host} is slow.", "{host} への通信に時間がかかっています。"),
    why: Text::new(
        "The server is far away, or the line is busy.",
        "サーバーまでの距離、または回線の混雑が考えられます。",
    ),
    evidence: Text::new(
        "A stage took longer than usual, but it worked.",
        "いずれかの段階に通常より長い時間がかかりましたが、成功しました。",
    ),
    steps: &[Step::run(
        "conn diagnose {name}",
        "See which stage is slow; if needed, allow more time with --timeout.",
        "遅い段階を確認し、必要に応じて --timeout で待ち時間を延ばしてください。",
    )],
};

/// `service` took the request but did not answer in time.
pub static READ_TIMEOUT: Cause = Cause {
    code: "CONN-NET-READ-TIMEOUT",
    number: 2111,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::Vendor, Who::You],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "{service} took the request but did not answer in time.",
        "{service} は要求を受け取りましたが、時間内に応答しませんでした。",
    ),
    why: Text::new(
        "The service is slow at the moment, or the request asks for much.",
        "外部サービスが混雑しているか、要求の処理量が多い可能性があります。",
    ),
    evidence: Text::new(
        "The connection stands and the request was sent, but no byte of an answer came within the deadline.",
        "接続は確立し要求も送信しましたが、制限時間内に応答が 1 バイトも届きませんでした。",
    ),
    steps: &[
        Step::run(
            "conn test {name} --timeout 60",
            "Give it more time, and look at the status page of {service}.",
            "待ち時間を延ばし、{service} の稼働状況も確認してください。",
        ),
        Step::new(
            "If a request of yours is slow, ask for fewer records at a time.",
            "ご自身の要求が遅い場合は、一度に取得する件数を減らしてください。",
        ),
    ],
};

/// The answer of `service` began and did not end in time.
pub static STALLED: Cause = Cause {
    code: "CONN-NET-STALLED",
    number: 2112,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::Vendor, Who::NetworkAdmin],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The answer of {service} began and did not end in time.",
        "{service} の応答が始まりましたが、時間内に終わりませんでした。",
    ),
    why: Text::new(
        "A device on the way holds the data back, or the service is slow or stopped in the middle.",
        "途中の機器がデータを止めているか、外部サービスの処理が遅いか中断した可能性があります。",
    ),
    evidence: Text::new(
        "The headers arrived, but not the whole body within the deadline.",
        "ヘッダーは届きましたが、本文の全体が制限時間内に届きませんでした。",
    ),
    steps: &[Step::run(
        "conn test {name} --timeout 60",
        "Give it more time. If it happens every time, send the request id to {service} support.",
        "待ち時間を延ばして再度テストしてください。毎回発生する場合はリクエスト ID を {service} のサポートに伝えてください。",
    )],
};
