//! The request does not have the form that the service wants.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] =
    &[&METHOD, &ACCEPT, &REQUEST_TIMEOUT, &CONFLICT, &TOO_LARGE, &MEDIA_TYPE, &VALIDATION, &BAD_REQUEST];

/// `service` does not take this method here.
pub static METHOD: Cause = Cause {
    code: "CONN-API-METHOD",
    number: 7005,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Mismatch,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "{service} does not take this method here.",
        "{service} は、この宛先でこのメソッドを受け付けません。",
    ),
    why: Text::new(
        "The test request uses GET where the service wants POST, or the other way round.",
        "テストの要求の GET と POST などが、外部サービスの仕様と異なります。",
    ),
    evidence: Text::new(
        "The service answered 405 and allows: {allowed}.",
        "外部サービスが 405 を返しました。使用できるメソッド: {allowed}",
    ),
    steps: &[
        Step::new(
            "Correct the method in the test request of the connector.",
            "コネクターのテスト要求のメソッドを直してください。",
        ),
        Step::run("conn lint", "Then check the file.", "その後、ファイルを検査してください。"),
    ],
};

/// `service` cannot answer in the format that was asked for.
pub static ACCEPT: Cause = Cause {
    code: "CONN-API-ACCEPT",
    number: 7006,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Mismatch,
    prior: 0,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "{service} cannot answer in the format that was asked for.",
        "{service} は、要求された形式では応答できません。",
    ),
    why: Text::new(
        "The Accept header names a format or version that the service does not offer.",
        "Accept ヘッダーに、提供されていない形式またはバージョンが指定されています。",
    ),
    evidence: Text::new("The service answered 406.", "外部サービスが 406 を返しました。"),
    steps: &[
        Step::new(
            "Correct the Accept header of the connector after the service's documentation.",
            "外部サービスのドキュメントに従い、コネクターの Accept ヘッダーを直してください。",
        ),
        Step::run("conn test {name}", "Then test again.", "その後、再度テストしてください。"),
    ],
};

/// `service` gave up waiting for the request.
pub static REQUEST_TIMEOUT: Cause = Cause {
    code: "CONN-API-REQUEST-TIMEOUT",
    number: 7007,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::Now,
    who: &[Who::Wait],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Safe,
    title: Text::new(
        "{service} gave up waiting for the request.",
        "{service} が、要求の受信待ちを打ち切りました。",
    ),
    why: Text::new(
        "The line is slow, or the service is busy.",
        "回線の遅延、または外部サービスの混雑が考えられます。",
    ),
    evidence: Text::new("The service answered 408.", "外部サービスが 408 を返しました。"),
    steps: &[Step::run("conn test {name}", "Try again.", "再試行してください。")],
};

/// The request contradicts the present state at `service`.
pub static CONFLICT: Cause = Cause {
    code: "CONN-API-CONFLICT",
    number: 7008,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::Now,
    who: &[Who::You],
    verdict: Verdict::Mismatch,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The request contradicts the present state at {service}.",
        "要求が、{service} の現在の状態と矛盾しています。",
    ),
    why: Text::new(
        "Somebody changed the same record at the same time, or a condition of the request is not met.",
        "同時に同じデータが変更されたか、要求の条件が満たされていません。",
    ),
    evidence: Text::new("The service answered 409 or 412.", "外部サービスが 409 または 412 を返しました。"),
    steps: &[Step::run("conn test {name}", "Try once more.", "もう一度試してください。")],
};

/// The request or its address is too long for `service`.
pub static TOO_LARGE: Cause = Cause {
    code: "CONN-API-TOO-LARGE",
    number: 7010,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Mismatch,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The request or its address is too long for {service}.",
        "要求またはアドレスが、{service} の上限を超えています。",
    ),
    why: Text::new(
        "Too many records or a very long query are sent at once.",
        "一度に送る件数が多すぎるか、問い合わせが長すぎます。",
    ),
    evidence: Text::new("The service answered 413 or 414.", "外部サービスが 413 または 414 を返しました。"),
    steps: &[Step::new("Send less at a time.", "一度に送る量を減らしてください。")],
};

/// `service` does not take data in the format that was sent.
pub static MEDIA_TYPE: Cause = Cause {
    code: "CONN-API-MEDIA-TYPE",
    number: 7011,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Mismatch,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "{service} does not take data in the format that was sent.",
        "{service} は、送信した形式のデータを受け付けません。",
    ),
    why: Text::new(
        "JSON was sent where a form is wanted, or XML, or the other way round.",
        "JSON・フォーム・XML などの形式が、外部サービスの仕様と異なります。",
    ),
    evidence: Text::new("The service answered 415.", "外部サービスが 415 を返しました。"),
    steps: &[
        Step::new(
            "Correct the body format (form or json) of the request in the connector.",
            "コネクターの要求の本文形式（form または json）を直してください。",
        ),
        Step::run("conn lint", "Then check the file.", "その後、ファイルを検査してください。"),
    ],
};

/// `service` finds fault with values in the request: `fields`
pub static VALIDATION: Cause = Cause {
    code: "CONN-API-VALIDATION",
    number: 7012,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Mismatch,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "{service} finds fault with values in the request: {fields}",
        "{service} が、要求の値に問題があると応答しました: {fields}",
    ),
    why: Text::new(
        "A required field is missing, or a value has the wrong type.",
        "必須項目の不足、または値の型の誤りが考えられます。",
    ),
    evidence: Text::new(
        "The service lists the fields in its answer.",
        "外部サービスが、応答の中で該当項目を示しています。",
    ),
    steps: &[Step::new(
        "Read the words of the service, and correct the variables of the connection or the request of \
             the connector.",
        "外部サービスのメッセージを確認し、接続の変数またはコネクターの要求を直してください。",
    )],
};

/// `service` does not understand the request.
pub static BAD_REQUEST: Cause = Cause {
    code: "CONN-API-BAD-REQUEST",
    number: 7013,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Mismatch,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "{service} does not understand the request.",
        "{service} が要求を解釈できませんでした。",
    ),
    why: Text::new(
        "A value in the address or the content is missing or malformed.",
        "アドレスまたは本文の値が不足しているか、形式が誤っています。",
    ),
    evidence: Text::new(
        "The service answered 400, and no rule says more.",
        "外部サービスが 400 を返し、原因を絞り込める規則がありませんでした。",
    ),
    steps: &[Step::new(
        "Read the words of the service, and compare the request with its documentation.",
        "外部サービスのメッセージを確認し、要求をドキュメントと照合してください。",
    )],
};
