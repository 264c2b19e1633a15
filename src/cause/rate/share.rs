//! Something other than the span of time is limited.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[&CONCURRENT, &SHARED, &ENDPOINT, &COST, &SECONDARY, &UNKNOWN, &LOW, &CREDIT];

/// Too many calls run at `service` at the same time.
pub static CONCURRENT: Cause = Cause {
    code: "CONN-RATE-CONCURRENT",
    number: 6504,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::Now,
    who: &[Who::You],
    verdict: Verdict::Throttled,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "Too many calls run at {service} at the same time.",
        "{service} への同時呼び出し数が上限を超えました。",
    ),
    why: Text::new("Parallel jobs of this account overlap.", "同じアカウントの並列処理が重なっています。"),
    evidence: Text::new(
        "The service names a limit of concurrent requests.",
        "外部サービスが、同時要求数の上限を示しています。",
    ),
    steps: &[
        Step::run(
            "conn test {name} --jobs 1",
            "Try again with one call at a time.",
            "同時実行数を 1 にして再試行してください。",
        ),
        Step::new(
            "Lower the number of parallel workers in your own programs.",
            "自社プログラムの並列数を下げてください。",
        ),
    ],
};

/// Another program uses up the same allowance at `service`.
pub static SHARED: Cause = Cause {
    code: "CONN-RATE-SHARED",
    number: 6505,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::After,
    who: &[Who::ServiceAdmin, Who::You],
    verdict: Verdict::Throttled,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "Another program uses up the same allowance at {service}.",
        "別のプログラムが、{service} の同じ利用枠を消費しています。",
    ),
    why: Text::new(
        "The same key is used elsewhere, or the service counts per account and not per key.",
        "同じキーが別の場所でも使われているか、外部サービスがキー単位ではなくアカウント単位で数えています。",
    ),
    evidence: Text::new(
        "The remaining number of calls fell by more than conn has sent.",
        "残り回数が、conn の送信数より多く減っています。",
    ),
    steps: &[
        Step::new(
            "Find the other caller: ask at {service} which apps and keys are active ({console}).",
            "{service} の管理画面（{console}）で有効なアプリとキーを確認し、他の利用元を特定してください。",
        ),
        Step::run(
            "conn reconnect {name}",
            "Then give this connection a key of its own.",
            "そのうえで、この接続専用のキーを発行して登録してください。",
        ),
        Step::new(
            "Until then, put more time between the calls of your own programs: {interval}.",
            "それまでは、自社プログラムの呼び出し間隔を広げてください（目安: {interval}）。",
        ),
    ],
};

/// `service` limits this one kind of call more strictly.
pub static ENDPOINT: Cause = Cause {
    code: "CONN-RATE-ENDPOINT",
    number: 6506,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::After,
    who: &[Who::You, Who::Wait],
    verdict: Verdict::Throttled,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "{service} limits this one kind of call more strictly.",
        "{service} は、この種類の呼び出しを個別に制限しています。",
    ),
    why: Text::new(
        "Searches, exports and reports often have a limit of their own.",
        "検索・エクスポート・レポートなどには、個別の上限が設けられていることがあります。",
    ),
    evidence: Text::new(
        "The limit in the answer names this endpoint.",
        "応答中の制限情報が、このエンドポイントを示しています。",
    ),
    steps: &[
        Step::run(
            "conn test {name}",
            "Try again after the reset time shown; other calls are not affected.",
            "表示された回復時刻を過ぎてから再試行してください。他の呼び出しには影響しません。",
        ),
        Step::new(
            "Call this endpoint less often, or fetch more records per call.",
            "このエンドポイントの呼び出し頻度を下げるか、1 回あたりの取得件数を増やしてください。",
        ),
    ],
};

/// The query costs more points than `service` has left for you.
pub static COST: Cause = Cause {
    code: "CONN-RATE-COST",
    number: 6507,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::After,
    who: &[Who::You, Who::Wait],
    verdict: Verdict::Throttled,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The query costs more points than {service} has left for you.",
        "この問い合わせの負荷が、{service} で残っているポイントを超えています。",
    ),
    why: Text::new(
        "The service counts the weight of a query, and this one asks for many fields or records.",
        "外部サービスは問い合わせの重さで制限しており、項目数や件数が多すぎます。",
    ),
    evidence: Text::new(
        "The answer carries points or complexity, or says that the query was throttled.",
        "応答にポイントや複雑度が含まれるか、問い合わせが制限されたと示されています。",
    ),
    steps: &[
        Step::new(
            "Ask for fewer fields or fewer records at a time.",
            "一度に取得する項目数または件数を減らしてください。",
        ),
        Step::run(
            "conn test {name}",
            "Then test again after the points have refilled.",
            "ポイントが回復してから再度テストしてください。",
        ),
    ],
};

/// `service` has paused this account because of unusual traffic.
pub static SECONDARY: Cause = Cause {
    code: "CONN-RATE-SECONDARY",
    number: 6508,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::After,
    who: &[Who::Wait],
    verdict: Verdict::Throttled,
    prior: 0,
    fix: Fix::Safe,
    title: Text::new(
        "{service} has paused this account because of unusual traffic.",
        "通常と異なる通信が検知され、{service} がこのアカウントを一時的に制限しています。",
    ),
    why: Text::new(
        "Many calls in a row, many writes or parallel calls look like abuse to the service.",
        "連続した大量の呼び出し、書き込み、並列実行が不正利用と判定された可能性があります。",
    ),
    evidence: Text::new(
        "The service names a secondary or abuse limit, or refuses everything for some minutes.",
        "外部サービスが二次制限や不正利用対策を示しているか、数分間すべてを拒否しています。",
    ),
    steps: &[
        Step::run(
            "conn disable {name}",
            "Stop all calls for now: each further call can prolong the pause.",
            "呼び出しを続けると制限が延びることがあるため、いったんすべて止めてください。",
        ),
        Step::run(
            "conn enable {name}",
            "Switch the connection on again after the time shown, and test it.",
            "表示された時間が過ぎたら有効に戻し、テストしてください。",
        ),
    ],
};

/// `service` says that there were too many calls, but not until when.
pub static UNKNOWN: Cause = Cause {
    code: "CONN-RATE-UNKNOWN",
    number: 6509,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::After,
    who: &[Who::Wait],
    verdict: Verdict::Throttled,
    prior: 1,
    fix: Fix::Safe,
    title: Text::new(
        "{service} says that there were too many calls, but not until when.",
        "{service} が呼び出し過多と応答しましたが、回復時刻は示されていません。",
    ),
    why: Text::new(
        "The service does not tell its limits in its answers.",
        "この外部サービスは、応答の中で制限の詳細を示しません。",
    ),
    evidence: Text::new(
        "The status is 429, without any header about the limit.",
        "ステータスは 429 で、制限に関するヘッダーがありません。",
    ),
    steps: &[
        Step::run(
            "conn test {name}",
            "Wait a minute, then try once.",
            "1 分待ってから、1 回だけ再試行してください。",
        ),
        Step::new(
            "If it happens again, look up the limits in the service's documentation.",
            "繰り返す場合は、外部サービスのドキュメントで上限を確認してください。",
        ),
    ],
};

/// Few calls to `service` are left before the next reset.
pub static LOW: Cause = Cause {
    code: "CONN-RATE-LOW",
    number: 6510,
    severity: Severity::Warning,
    exit: ExitClass::Warnings,
    retry: Retry::After,
    who: &[Who::You],
    verdict: Verdict::Warning,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "Few calls to {service} are left before the next reset.",
        "{service} の呼び出し可能な残り回数がわずかです。",
    ),
    why: Text::new(
        "The account has used most of its allowance.",
        "アカウントの利用枠の大半が消費されています。",
    ),
    evidence: Text::new(
        "Less than a tenth of the allowance remains.",
        "残り回数が利用枠の 10% を下回っています。",
    ),
    steps: &[Step::new(
        "Put off large transfers until the reset time shown.",
        "表示された回復時刻まで、大量の転送を控えてください。",
    )],
};

/// The `service` account has no credit left.
pub static CREDIT: Cause = Cause {
    code: "CONN-RATE-CREDIT",
    number: 6511,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin],
    verdict: Verdict::Forbidden,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The {service} account has no credit left.",
        "{service} アカウントの残高または利用枠がなくなりました。",
    ),
    why: Text::new(
        "Prepaid credit is used up, or a payment failed.",
        "前払い分を使い切ったか、支払いに失敗した可能性があります。",
    ),
    evidence: Text::new(
        "The service names a balance, credits or a payment in its answer.",
        "外部サービスが応答の中で、残高・クレジット・支払いを示しています。",
    ),
    steps: &[
        Step::new(
            "Ask the owner of the {service} account to top it up or settle the payment.",
            "{service} の契約者に、チャージまたは支払い状況の確認を依頼してください。",
        ),
        Step::run(
            "conn test {name}",
            "Then test again; the credential itself is fine.",
            "入金後に再度テストしてください。認証情報自体に問題はありません。",
        ),
    ],
};
