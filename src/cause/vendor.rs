//! The service itself is down, moving or closed.

use super::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::base::Text;
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] =
    &[&ERROR, &GATEWAY, &MAINTENANCE, &OVERLOAD, &INCIDENT, &MIGRATION, &SUSPENDED, &DISCONTINUED];

/// `service` failed while it worked on the request.
pub static ERROR: Cause = Cause {
    code: "CONN-VEND-ERROR",
    number: 8001,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::Now,
    who: &[Who::Vendor, Who::Wait],
    verdict: Verdict::ProviderDown,
    prior: 1,
    fix: Fix::Safe,
    title: Text::new(
        "{service} failed while it worked on the request.",
        "{service} が、要求の処理中にエラーを起こしました。",
    ),
    why: Text::new(
        "The service has a fault, or the request meets a case it does not handle.",
        "外部サービスの不具合、または想定されていない要求である可能性があります。",
    ),
    evidence: Text::new(
        "The service itself answered with a server error.",
        "外部サービス本体がサーバーエラーを返しました。",
    ),
    steps: &[
        Step::run("conn test {name}", "Try once more.", "もう一度試してください。"),
        Step::new(
            "If it stays so, give {service} support the time and the request id; the credential is not to \
             blame.",
            "続く場合は、発生時刻とリクエスト ID を {service} のサポートに伝えてください。認証情報が原因で\
             はありません。",
        ),
    ],
};

/// The entrance of `service` gets no proper answer from the servers behind it.
pub static GATEWAY: Cause = Cause {
    code: "CONN-VEND-GATEWAY",
    number: 8002,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::After,
    who: &[Who::Vendor, Who::Wait],
    verdict: Verdict::ProviderDown,
    prior: 1,
    fix: Fix::Safe,
    title: Text::new(
        "The entrance of {service} gets no proper answer from the servers behind it.",
        "{service} の入口が、背後のサーバーから正常な応答を得られていません。",
    ),
    why: Text::new(
        "The service restarts, is overloaded or has an outage.",
        "外部サービスの再起動、過負荷、障害が考えられます。",
    ),
    evidence: Text::new("The answer is 502 or 504.", "応答が 502 または 504 です。"),
    steps: &[
        Step::run(
            "conn test {name} --retry-until 10m",
            "Try again later; the credential is not to blame.",
            "時間をおいて再試行してください。認証情報が原因ではありません。",
        ),
        Step::new("Look at the status page of {service}.", "{service} の稼働状況を確認してください。"),
    ],
};

/// `service` is in maintenance.
pub static MAINTENANCE: Cause = Cause {
    code: "CONN-VEND-MAINTENANCE",
    number: 8003,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::After,
    who: &[Who::Wait],
    verdict: Verdict::ProviderDown,
    prior: 1,
    fix: Fix::Safe,
    title: Text::new("{service} is in maintenance.", "{service} はメンテナンス中です。"),
    why: Text::new(
        "The vendor announced or started maintenance work.",
        "外部サービスがメンテナンス作業を行っています。",
    ),
    evidence: Text::new(
        "The answer is 503 with a time to return or words about maintenance.",
        "応答が 503 で、再開時刻またはメンテナンスの案内が含まれています。",
    ),
    steps: &[
        Step::run(
            "conn test {name} --retry-until 60m",
            "Wait until the time shown, then test again.",
            "表示された時刻まで待ってから、再度テストしてください。",
        ),
        Step::new(
            "Look at the status page of {service} for how long it takes.",
            "{service} の稼働状況で、終了予定を確認してください。",
        ),
    ],
};

/// `service` is overloaded at the moment.
pub static OVERLOAD: Cause = Cause {
    code: "CONN-VEND-OVERLOAD",
    number: 8004,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::After,
    who: &[Who::Wait],
    verdict: Verdict::ProviderDown,
    prior: 1,
    fix: Fix::Safe,
    title: Text::new("{service} is overloaded at the moment.", "{service} は現在、過負荷の状態です。"),
    why: Text::new(
        "More requests arrive than the service can handle, from you or from others.",
        "処理能力を超える要求が集中しています。",
    ),
    evidence: Text::new(
        "The answer is 503 or 529, without a time to return.",
        "応答が 503 または 529 で、再開時刻は示されていません。",
    ),
    steps: &[Step::run(
        "conn test {name} --retry-until 10m",
        "Try again later, with growing pauses.",
        "間隔を延ばしながら、時間をおいて再試行してください。",
    )],
};

/// `service` reports an outage.
pub static INCIDENT: Cause = Cause {
    code: "CONN-VEND-INCIDENT",
    number: 8005,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::After,
    who: &[Who::Vendor, Who::Wait],
    verdict: Verdict::ProviderDown,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new("{service} reports an outage.", "{service} が障害を公表しています。"),
    why: Text::new("The vendor works on a disturbance of its own.", "外部サービスが障害に対応中です。"),
    evidence: Text::new(
        "The official status page names the affected part.",
        "公式の稼働状況ページが、影響のある機能を示しています。",
    ),
    steps: &[
        Step::new(
            "Follow the status page of {service}; nothing needs to be changed on your side.",
            "{service} の稼働状況を確認してください。お客様側での変更は不要です。",
        ),
        Step::run(
            "conn test {name}",
            "Test again after the end of the outage.",
            "復旧後に再度テストしてください。",
        ),
    ],
};

/// `service` is moving your account to other servers.
pub static MIGRATION: Cause = Cause {
    code: "CONN-VEND-MIGRATION",
    number: 8006,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::After,
    who: &[Who::Wait],
    verdict: Verdict::ProviderDown,
    prior: 0,
    fix: Fix::Safe,
    title: Text::new(
        "{service} is moving your account to other servers.",
        "{service} が、アカウントを別のサーバーへ移行しています。",
    ),
    why: Text::new(
        "The vendor moves data; this usually takes some hours.",
        "データの移行中で、通常は数時間で完了します。",
    ),
    evidence: Text::new(
        "The service says that a migration is under way.",
        "外部サービスが、移行中であると応答しました。",
    ),
    steps: &[Step::run(
        "conn test {name}",
        "Test again in a few hours; nothing needs to be changed.",
        "数時間後に再度テストしてください。設定の変更は不要です。",
    )],
};

/// `service` has suspended your account.
pub static SUSPENDED: Cause = Cause {
    code: "CONN-VEND-SUSPENDED",
    number: 8007,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin, Who::Vendor],
    verdict: Verdict::Forbidden,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new("{service} has suspended your account.", "{service} がアカウントを停止しています。"),
    why: Text::new(
        "A payment is open, or the vendor suspects misuse.",
        "支払いの遅延、または不正利用の疑いが考えられます。",
    ),
    evidence: Text::new(
        "The service names a suspension, a freeze or an open payment.",
        "外部サービスが、停止・凍結・未払いを示しています。",
    ),
    steps: &[
        Step::new(
            "Ask the owner of the account to contact {service} support.",
            "契約者から {service} のサポートに連絡するよう依頼してください。",
        ),
        Step::run(
            "conn test {name}",
            "Then test again; a new key does not help.",
            "解決後に再度テストしてください。キーを再発行しても解決しません。",
        ),
    ],
};

/// `service` no longer exists, or no longer offers this API.
pub static DISCONTINUED: Cause = Cause {
    code: "CONN-VEND-DISCONTINUED",
    number: 8008,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::Never,
    who: &[Who::ServiceAdmin],
    verdict: Verdict::ProviderDown,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "{service} no longer exists, or no longer offers this API.",
        "{service} は終了したか、この API の提供を終了しています。",
    ),
    why: Text::new(
        "The vendor closed the service or replaced it by another one.",
        "サービスの終了、または別のサービスへの統合が考えられます。",
    ),
    evidence: Text::new(
        "The connector is marked as retired, or the host no longer belongs to the service.",
        "コネクターが提供終了とされているか、ホストが別のものになっています。",
    ),
    steps: &[
        Step::run(
            "conn connectors show {connector}",
            "See whether the connector names a successor, and move to it.",
            "後継が示されているかどうかを確認し、移行してください。",
        ),
        Step::run(
            "conn remove {name}",
            "Then remove this connection.",
            "その後、この接続を削除してください。",
        ),
    ],
};
