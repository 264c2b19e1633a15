//! The clock of this machine is wrong.

use super::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::base::Text;
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[&SKEW, &JWT, &OAUTH1];

/// The clock of this machine is off by `skew`.
pub static SKEW: Cause = Cause {
    code: "CONN-CLK-SKEW",
    number: 3101,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The clock of this machine is off by {skew}.",
        "この端末の時刻がずれています（{skew}）。",
    ),
    why: Text::new(
        "The machine slept or was restored from an image, or time synchronisation is off.",
        "スリープやイメージからの復元後であるか、時刻同期が無効になっています。",
    ),
    evidence: Text::new(
        "The date that servers report differs from the local one by more than five minutes.",
        "サーバーが示す日時と、ローカルの日時が 5 分以上ずれています。",
    ),
    steps: &[
        Step::new(
            "Switch on automatic time in the system settings (on Linux: timedatectl set-ntp true).",
            "システム設定で時刻の自動同期を有効にしてください（Linux では timedatectl set-ntp true）。",
        ),
        Step::run("conn test {name}", "Then test again.", "その後、再度テストしてください。"),
    ],
};

/// `service` refuses a token because the clock of this machine is wrong.
pub static JWT: Cause = Cause {
    code: "CONN-CLK-JWT",
    number: 3102,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Safe,
    title: Text::new(
        "{service} refuses a token because the clock of this machine is wrong.",
        "この端末の時刻がずれているため、{service} がトークンを拒否しました。",
    ),
    why: Text::new(
        "The token carries the time of its issue, and it seems to come from the future or the past.",
        "トークンに含まれる発行時刻が、未来または過去のものと判定されています。",
    ),
    evidence: Text::new(
        "The refusal names a time in the token, and the clocks differ.",
        "拒否の理由としてトークン内の時刻が示され、時計にずれがあります。",
    ),
    steps: &[
        Step::new(
            "Switch on automatic time in the system settings.",
            "システム設定で時刻の自動同期を有効にしてください。",
        ),
        Step::run(
            "conn test {name}",
            "Then test again; the key is not to blame.",
            "その後、再度テストしてください。キーが原因ではありません。",
        ),
    ],
};

/// `service` refuses a signed request because the clock of this machine is wrong.
pub static OAUTH1: Cause = Cause {
    code: "CONN-CLK-OAUTH1",
    number: 3103,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Safe,
    title: Text::new(
        "{service} refuses a signed request because the clock of this machine is wrong.",
        "この端末の時刻がずれているため、{service} が署名付きの要求を拒否しました。",
    ),
    why: Text::new(
        "Signed requests carry a time, and the service admits only a small difference.",
        "署名付きの要求には時刻が含まれ、許容されるずれはわずかです。",
    ),
    evidence: Text::new(
        "The refusal names the timestamp or the nonce, and the clocks differ.",
        "拒否の理由としてタイムスタンプまたは nonce が示され、時計にずれがあります。",
    ),
    steps: &[
        Step::new(
            "Switch on automatic time in the system settings.",
            "システム設定で時刻の自動同期を有効にしてください。",
        ),
        Step::run(
            "conn test {name}",
            "Then test again; the secret is not to blame.",
            "その後、再度テストしてください。シークレットが原因ではありません。",
        ),
    ],
};
