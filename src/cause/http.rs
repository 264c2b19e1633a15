//! What answers is not the API, or it does not speak HTTP properly.

use super::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::base::Text;
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[
    &NOT_HTTP,
    &EMPTY,
    &REDIRECT_LOGIN,
    &REDIRECT_HTTPS,
    &REDIRECT_HOST,
    &REDIRECT_LOOP,
    &CLEARTEXT,
    &H2,
    &HEADER_SIZE,
];

/// What answers at `host` does not speak HTTP.
pub static NOT_HTTP: Cause = Cause {
    code: "CONN-HTTP-NOT-HTTP",
    number: 4101,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Misaddressed,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new("What answers at {host} does not speak HTTP.", "{host} の応答は HTTP ではありません。"),
    why: Text::new(
        "The port belongs to another kind of service.",
        "別の種類のサービスのポートである可能性があります。",
    ),
    evidence: Text::new(
        "The first line of the answer is no HTTP status line.",
        "応答の最初の行が、HTTP のステータス行ではありません。",
    ),
    steps: &[Step::run(
        "conn show {name}",
        "Correct the port of the connection.",
        "接続のポート番号を直してください。",
    )],
};

/// `host` closed the connection without an answer.
pub static EMPTY: Cause = Cause {
    code: "CONN-HTTP-EMPTY",
    number: 4102,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::Now,
    who: &[Who::Vendor, Who::You],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "{host} closed the connection without an answer.",
        "{host} は応答せずに接続を閉じました。",
    ),
    why: Text::new(
        "The server crashed or restarted, or it expects https.",
        "サーバーの異常終了や再起動、または https が必要な可能性があります。",
    ),
    evidence: Text::new(
        "The request was sent, and the connection ended without a single byte.",
        "要求を送信しましたが、1 バイトも受け取らずに接続が終了しました。",
    ),
    steps: &[Step::run(
        "conn test {name}",
        "Try again; if it stays so, check that the address begins with https.",
        "再試行し、続く場合はアドレスが https で始まっているか確認してください。",
    )],
};

/// `host` sends programs to a sign-in page: this is not the API address.
pub static REDIRECT_LOGIN: Cause = Cause {
    code: "CONN-HTTP-REDIRECT-LOGIN",
    number: 4103,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Misaddressed,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "{host} sends programs to a sign-in page: this is not the API address.",
        "{host} はログイン画面へ転送しています。API 用のアドレスではありません。",
    ),
    why: Text::new(
        "The address is that of the web interface, or the base path of the API is missing.",
        "Web 画面のアドレスであるか、API のベースパスが不足しています。",
    ),
    evidence: Text::new(
        "The answer redirects to {location}; the credential was not sent there.",
        "応答の転送先は {location} です。転送先に認証情報は送信していません。",
    ),
    steps: &[Step::run(
        "conn show {name}",
        "Compare host and path with the API address in the service's documentation, and correct them.",
        "ホストとパスを、外部サービスのドキュメントにある API のアドレスと照合して直してください。",
    )],
};

/// `host` answers over https only.
pub static REDIRECT_HTTPS: Cause = Cause {
    code: "CONN-HTTP-REDIRECT-HTTPS",
    number: 4104,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Misaddressed,
    prior: 0,
    fix: Fix::Safe,
    title: Text::new("{host} answers over https only.", "{host} は https でのみ応答します。"),
    why: Text::new("The address was entered with http.", "アドレスが http で入力されています。"),
    evidence: Text::new(
        "The answer redirects to the same host with https.",
        "応答が、同じホストの https へ転送しています。",
    ),
    steps: &[Step::run(
        "conn show {name}",
        "See where the address is defined, and write it with https.",
        "アドレスの定義場所を確認し、https に書き換えてください。",
    )],
};

/// `host` sends requests on to another host: `location`
pub static REDIRECT_HOST: Cause = Cause {
    code: "CONN-HTTP-REDIRECT-HOST",
    number: 4105,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Misaddressed,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "{host} sends requests on to another host: {location}",
        "{host} は別のホストへ転送しています: {location}",
    ),
    why: Text::new(
        "The account has moved, or www is missing or too much in the host.",
        "アカウントが移転したか、ホストの www の有無が異なっている可能性があります。",
    ),
    evidence: Text::new(
        "The answer redirects to a host for which no consent exists; the credential was not sent there.",
        "許可されていないホストへの転送です。転送先に認証情報は送信していません。",
    ),
    steps: &[
        Step::run(
            "conn reconnect {name}",
            "If the new host belongs to {service}, give the connection its new address; it is tested there first.",
            "新しいホストが {service} のものであれば、接続のアドレスを更新してください。保存の前に新しいアドレスで確認します。",
        ),
        Step::run(
            "conn show {name}",
            "If not, see what decides the address now: {origin}.",
            "そうでない場合は、現在のアドレスを決めている設定（{origin}）を確認してください。",
        ),
    ],
};

/// `host` sends requests round in a circle.
pub static REDIRECT_LOOP: Cause = Cause {
    code: "CONN-HTTP-REDIRECT-LOOP",
    number: 4106,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::Vendor],
    verdict: Verdict::Misaddressed,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new("{host} sends requests round in a circle.", "{host} の転送が循環しています。"),
    why: Text::new(
        "The address is wrong, or the service expects a browser that keeps cookies.",
        "アドレスの誤り、または Cookie を保持するブラウザーが想定されています。",
    ),
    evidence: Text::new(
        "The redirects lead back to where they began.",
        "転送先が元のアドレスに戻っています。",
    ),
    steps: &[Step::run(
        "conn show {name}",
        "Check the address against the service's documentation; if it is right, tell {service} support.",
        "アドレスを外部サービスのドキュメントと照合し、正しい場合は {service} のサポートに連絡してくだ\
             さい。",
    )],
};

/// The port at `host` expects https, and the address says http.
pub static CLEARTEXT: Cause = Cause {
    code: "CONN-HTTP-CLEARTEXT",
    number: 4107,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Misaddressed,
    prior: 0,
    fix: Fix::Safe,
    title: Text::new(
        "The port at {host} expects https, and the address says http.",
        "{host} のポートは https 用ですが、アドレスが http になっています。",
    ),
    why: Text::new("The address was entered with http.", "アドレスが http で入力されています。"),
    evidence: Text::new(
        "The server says that plain HTTP was sent to an HTTPS port.",
        "サーバーが、HTTPS 用ポートに平文の HTTP が送られたと応答しました。",
    ),
    steps: &[Step::run(
        "conn show {name}",
        "See where the address is defined, and write it with https.",
        "アドレスの定義場所を確認し、https に書き換えてください。",
    )],
};

/// HTTP/2 to `host` breaks down.
pub static H2: Cause = Cause {
    code: "CONN-HTTP-H2",
    number: 4108,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::Now,
    who: &[Who::You, Who::Vendor],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Safe,
    title: Text::new("HTTP/2 to {host} breaks down.", "{host} との HTTP/2 通信が途中で失敗します。"),
    why: Text::new(
        "A device on the way or the server itself handles HTTP/2 badly.",
        "途中の機器またはサーバーが HTTP/2 を正しく処理できていません。",
    ),
    evidence: Text::new(
        "The other side ended the stream with an error of HTTP/2: {reason}.",
        "相手側が HTTP/2 のエラーで通信を終了しました: {reason}",
    ),
    steps: &[
        Step::run(
            "conn test {name}",
            "Try again: once in a while a server ends a connection.",
            "再試行してください。サーバーが一時的に通信を終了することがあります。",
        ),
        Step::new(
            "If it stays so, keep this connection to HTTP/1.1: write http_version = \"1.1\" into it.",
            "続く場合は、この接続の設定に http_version = \"1.1\" を書き、HTTP/1.1 に固定してください。",
        ),
        Step::new(
            "Tell {service} support or your network administrator the reason shown.",
            "表示された理由を {service} のサポートまたはネットワーク管理者に伝えてください。",
        ),
    ],
};

/// The headers of the request or the answer are too large.
pub static HEADER_SIZE: Cause = Cause {
    code: "CONN-HTTP-HEADER-SIZE",
    number: 4109,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::Vendor],
    verdict: Verdict::Mismatch,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The headers of the request or the answer are too large.",
        "要求または応答のヘッダーが大きすぎます。",
    ),
    why: Text::new(
        "A token is very long, or the service sends many cookies.",
        "トークンが非常に長いか、外部サービスが多数の Cookie を送っています。",
    ),
    evidence: Text::new(
        "The server answered 431, or the head of the answer exceeds the limit.",
        "サーバーが 431 を返したか、応答のヘッダーが上限を超えています。",
    ),
    steps: &[
        Step::run(
            "conn diagnose {name} --show-request",
            "Where the service finds the headers of the request too large, leave out those that are not needed.",
            "要求のヘッダーが大きすぎると応答された場合は、不要なヘッダーを外してください。",
        ),
        Step::run(
            "conn diagnose {name} --ticket",
            "Where the headers of the answer are too large, tell {service} support.",
            "応答のヘッダーが大きすぎる場合は、{service} のサポートに連絡してください。",
        ),
    ],
};
