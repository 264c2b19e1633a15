//! What the request asks for is not there.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[&PATH, &TENANT, &RESOURCE, &HIDDEN, &GONE, &MISDIRECTED, &LEGAL];

/// There is no API at this path of `host`.
pub static PATH: Cause = Cause {
    code: "CONN-API-PATH",
    number: 7001,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Misaddressed,
    prior: 2,
    fix: Fix::NeedsConsent,
    title: Text::new("There is no API at this path of {host}.", "{host} のこのパスには API がありません。"),
    why: Text::new(
        "The base path or the version in it is wrong, or the host is that of the web interface.",
        "ベースパスやバージョンの誤り、または Web 画面用のホストである可能性があります。",
    ),
    evidence: Text::new(
        "The test request was not found, and neither is anything else under this path.",
        "テストの要求先が見つからず、このパスの下には他にも何もありません。",
    ),
    steps: &[
        Step::run(
            "conn show {name}",
            "Compare host and base path with the service's documentation, and correct them.",
            "ホストとベースパスを外部サービスのドキュメントと照合して直してください。",
        ),
        Step::run("conn test {name}", "Then test again.", "その後、再度テストしてください。"),
    ],
};

/// There is no account behind `host` at `service`.
pub static TENANT: Cause = Cause {
    code: "CONN-API-TENANT",
    number: 7002,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Misaddressed,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "There is no account behind {host} at {service}.",
        "{service} に、{host} のアカウントは存在しません。",
    ),
    why: Text::new(
        "The account name in the host is misspelt, or the account was renamed or closed.",
        "ホストに含まれるアカウント名の誤り、またはアカウントの改名や解約が考えられます。",
    ),
    evidence: Text::new(
        "The service itself says that it does not know this account.",
        "外部サービス本体が、このアカウントは存在しないと応答しました。",
    ),
    steps: &[
        Step::run(
            "conn show {name}",
            "Compare the host with the address in your browser when you are signed in to {service}.",
            "{service} にログインしたときのブラウザーのアドレスとホストを照合してください。",
        ),
        Step::run(
            "conn reconnect {name}",
            "Then enter the right host.",
            "その後、正しいホストを入力してください。",
        ),
    ],
};

/// The record that was asked for does not exist at `service`.
pub static RESOURCE: Cause = Cause {
    code: "CONN-API-RESOURCE",
    number: 7003,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Mismatch,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The record that was asked for does not exist at {service}.",
        "要求したデータは {service} に存在しません。",
    ),
    why: Text::new("It was deleted, or its id is wrong.", "削除されたか、ID が誤っている可能性があります。"),
    evidence: Text::new(
        "The service itself says that it is not found, while other calls work.",
        "他の呼び出しは成功し、このデータのみ存在しないと外部サービスが応答しました。",
    ),
    steps: &[Step::new("Check the id in {service}.", "{service} で ID を確認してください。")],
};

/// `service` shows nothing here: it does not exist, or this credential may not see it.
pub static HIDDEN: Cause = Cause {
    code: "CONN-API-HIDDEN",
    number: 7004,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin, Who::You],
    verdict: Verdict::Forbidden,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "{service} shows nothing here: it does not exist, or this credential may not see it.",
        "{service} では、対象が存在しないか、この認証情報では参照できません。",
    ),
    why: Text::new(
        "The service hides what a user may not see, so both cases look the same.",
        "権限のないデータは隠されるため、存在しない場合と区別できません。",
    ),
    evidence: Text::new(
        "The credential is accepted, and the service answers \"not found\" where it is known to hide.",
        "認証情報は受け付けられましたが、権限不足でも「見つからない」と応答する外部サービスです。",
    ),
    steps: &[
        Step::new(
            "Ask the {service} administrator to share the record or project with the key's owner.",
            "キー所有者に対象を共有するよう、{service} の管理者に依頼してください。",
        ),
        Step::run(
            "conn test {name}",
            "If it is shared already, check the id, then test again.",
            "共有済みの場合は ID を確認し、再度テストしてください。",
        ),
    ],
};

/// `service` has removed this part of its API.
pub static GONE: Cause = Cause {
    code: "CONN-API-GONE",
    number: 7009,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Mismatch,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "{service} has removed this part of its API.",
        "{service} の API のこの部分は廃止されました。",
    ),
    why: Text::new(
        "An old version of the API was switched off.",
        "古いバージョンの API の提供が終了しています。",
    ),
    evidence: Text::new(
        "The service answered 410: gone for good.",
        "外部サービスが 410（恒久的に廃止）を返しました。",
    ),
    steps: &[Step::run(
        "conn connectors show {connector}",
        "Look in the service's documentation for the successor, and correct the connector.",
        "外部サービスのドキュメントで後継の API を確認し、コネクターを直してください。",
    )],
};

/// `host` is not responsible for this request.
pub static MISDIRECTED: Cause = Cause {
    code: "CONN-API-MISDIRECTED",
    number: 7016,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::Now,
    who: &[Who::You],
    verdict: Verdict::Misaddressed,
    prior: 0,
    fix: Fix::Safe,
    title: Text::new(
        "{host} is not responsible for this request.",
        "{host} は、この要求の宛先ではないと応答しました。",
    ),
    why: Text::new(
        "The name of the host and the server behind it do not belong together, often because of a proxy.",
        "プロキシなどにより、ホスト名と実際のサーバーが対応していない可能性があります。",
    ),
    evidence: Text::new("The server answered 421.", "サーバーが 421 を返しました。"),
    steps: &[Step::run(
        "conn test {name}",
        "Try again over a new connection; if it stays so, check the host.",
        "新しい接続で再試行し、続く場合はホストを確認してください。",
    )],
};

/// `service` may not deliver this for legal reasons.
pub static LEGAL: Cause = Cause {
    code: "CONN-API-LEGAL",
    number: 7015,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::Vendor],
    verdict: Verdict::Forbidden,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "{service} may not deliver this for legal reasons.",
        "{service} は、法的な理由により提供できないと応答しました。",
    ),
    why: Text::new(
        "A law or a court order of a country forbids it.",
        "国の法令または裁判所の命令による制限が考えられます。",
    ),
    evidence: Text::new("The service answered 451.", "外部サービスが 451 を返しました。"),
    steps: &[Step::new(
        "Ask {service} support which rule applies.",
        "適用されている制限を {service} のサポートに確認してください。",
    )],
};
