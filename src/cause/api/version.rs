//! The service speaks another version than the connector, or soon will.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[&UPGRADE, &DEPRECATED, &SUNSET, &VERSION];

/// `service` demands a newer protocol or client version.
pub static UPGRADE: Cause = Cause {
    code: "CONN-API-UPGRADE",
    number: 7014,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Mismatch,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "{service} demands a newer protocol or client version.",
        "{service} が、より新しいプロトコルまたはバージョンを求めています。",
    ),
    why: Text::new("The service has stopped serving the older way.", "古い方式の提供が終了しています。"),
    evidence: Text::new("The service answered 426.", "外部サービスが 426 を返しました。"),
    steps: &[Step::new(
        "Read what the service asks for, and adapt the connector.",
        "求められている内容を確認し、コネクターを直してください。",
    )],
};

/// `service` announces the end of the API version in use.
pub static DEPRECATED: Cause = Cause {
    code: "CONN-API-DEPRECATED",
    number: 7017,
    severity: Severity::Warning,
    exit: ExitClass::Warnings,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Warning,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "{service} announces the end of the API version in use.",
        "{service} が、使用中の API バージョンの提供終了を予告しています。",
    ),
    why: Text::new(
        "A newer version exists, and the old one is switched off on {date}.",
        "新しいバージョンが提供されており、古いものは {date} に終了します。",
    ),
    evidence: Text::new(
        "The answer carries a deprecation or sunset notice.",
        "応答に、非推奨または提供終了の予告が含まれています。",
    ),
    steps: &[Step::run(
        "conn connectors show {connector}",
        "Plan the move to the newer version before that date.",
        "終了日までに、新しいバージョンへの移行を計画してください。",
    )],
};

/// The API version in use has ended at `service`.
pub static SUNSET: Cause = Cause {
    code: "CONN-API-SUNSET",
    number: 7018,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Mismatch,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The API version in use has ended at {service}.",
        "{service} で、使用中の API バージョンの提供が終了しました。",
    ),
    why: Text::new("Its announced end has passed.", "予告されていた終了日を過ぎています。"),
    evidence: Text::new(
        "The service refuses the version as ended, or the announced date has passed.",
        "外部サービスが提供終了として拒否しているか、予告された日付を過ぎています。",
    ),
    steps: &[Step::run(
        "conn connectors show {connector}",
        "Move the connector to the version that the service's documentation names now.",
        "外部サービスのドキュメントに記載された現行バージョンに、コネクターを移行してください。",
    )],
};

/// `service` does not know the API version that was asked for.
pub static VERSION: Cause = Cause {
    code: "CONN-API-VERSION",
    number: 7019,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Mismatch,
    prior: 0,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "{service} does not know the API version that was asked for.",
        "{service} は、指定された API バージョンに対応していません。",
    ),
    why: Text::new(
        "The version in the path or header is misspelt, too new for this account, or too old.",
        "パスやヘッダーのバージョンが誤っているか、このアカウントでは未提供または提供終了です。",
    ),
    evidence: Text::new(
        "The service names the version in its refusal.",
        "外部サービスが、拒否の理由としてバージョンを示しています。",
    ),
    steps: &[
        Step::new(
            "Set the version in the base or headers of the connector to one that the service names.",
            "コネクターの base または headers のバージョンを、外部サービスが示すものに変更してください。",
        ),
        Step::run("conn test {name}", "Then test again.", "その後、再度テストしてください。"),
    ],
};
