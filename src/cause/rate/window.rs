//! The calls of a span of time are used up.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[&BURST, &HOURLY, &DAILY];

/// Too many calls reached `service` within a short time.
pub static BURST: Cause = Cause {
    code: "CONN-RATE-BURST",
    number: 6501,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::After,
    who: &[Who::Wait, Who::You],
    verdict: Verdict::Throttled,
    prior: 2,
    fix: Fix::Safe,
    title: Text::new(
        "Too many calls reached {service} within a short time.",
        "短時間に {service} への呼び出しが集中し、制限に達しました。",
    ),
    why: Text::new(
        "A loop or parallel jobs call faster than the service allows per second or minute.",
        "繰り返し処理や並列処理が、秒または分あたりの上限を超えて呼び出しています。",
    ),
    evidence: Text::new(
        "The service answered with a limit whose window is seconds or minutes.",
        "外部サービスが、秒または分単位の制限を示す応答を返しました。",
    ),
    steps: &[
        Step::run(
            "conn test {name} --retry-until 5m",
            "Wait until the time shown, then try again; conn waits for you with this flag.",
            "表示された時刻まで待ってから再試行してください。このオプションを付けると conn が待機します。",
        ),
        Step::new(
            "Put more time between the calls of your own programs: {interval}.",
            "自社プログラムの呼び出し間隔を広げてください（目安: {interval}）。",
        ),
    ],
};

/// The hourly number of calls to `service` is used up.
pub static HOURLY: Cause = Cause {
    code: "CONN-RATE-HOURLY",
    number: 6502,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::After,
    who: &[Who::Wait, Who::ServiceAdmin],
    verdict: Verdict::Throttled,
    prior: 1,
    fix: Fix::Safe,
    title: Text::new(
        "The hourly number of calls to {service} is used up.",
        "{service} の 1 時間あたりの呼び出し上限に達しました。",
    ),
    why: Text::new(
        "A large transfer runs, or several programs share the allowance of the account.",
        "大量のデータ転送を実行中か、複数のプログラムが同じ上限を共有しています。",
    ),
    evidence: Text::new(
        "The counter for the hour is at zero, or the service names an hourly limit.",
        "1 時間単位の残り回数がゼロであるか、外部サービスが 1 時間の上限を示しています。",
    ),
    steps: &[
        Step::run(
            "conn test {name}",
            "Try again after the reset time shown.",
            "表示された回復時刻を過ぎてから再試行してください。",
        ),
        Step::new(
            "If this happens often, spread the work over the day or ask for a plan with a higher limit.",
            "頻発する場合は、処理の時間帯を分散するか、上限の高いプランを検討してください。",
        ),
    ],
};

/// The daily number of calls to `service` is used up.
pub static DAILY: Cause = Cause {
    code: "CONN-RATE-DAILY",
    number: 6503,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::After,
    who: &[Who::Wait, Who::ServiceAdmin],
    verdict: Verdict::Throttled,
    prior: 1,
    fix: Fix::Safe,
    title: Text::new(
        "The daily number of calls to {service} is used up.",
        "{service} の 1 日あたりの呼び出し上限に達しました。",
    ),
    why: Text::new(
        "The volume of the day exceeds the plan, or another program of the account uses it up.",
        "1 日の処理量がプランの上限を超えたか、同じアカウントの別のプログラムが消費しています。",
    ),
    evidence: Text::new(
        "The counter for the day is at zero, or the service names a daily limit.",
        "1 日単位の残り回数がゼロであるか、外部サービスが 1 日の上限を示しています。",
    ),
    steps: &[
        Step::run(
            "conn test {name}",
            "Try again after the reset time shown, usually the service's midnight.",
            "表示された回復時刻（多くは外部サービスの日付が変わる時刻）を過ぎてから再試行してください。",
        ),
        Step::new(
            "Fetch only what changed, or ask for a plan with a higher limit.",
            "差分だけを取得するようにするか、上限の高いプランを検討してください。",
        ),
    ],
};
