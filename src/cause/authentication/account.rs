//! The credential is known, but the account, the place or the kind stands in the way.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[&USER_DISABLED, &KIND, &DC, &LOCKED, &SSO, &SECOND_FACTOR, &IP, &STRIPPED];

/// The user to whom the key of `name` belongs is deactivated at `service`.
pub static USER_DISABLED: Cause = Cause {
    code: "CONN-AUTH-USER-DISABLED",
    number: 5007,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin],
    verdict: Verdict::Rejected,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The user to whom the key of {name} belongs is deactivated at {service}.",
        "接続 {name} のキーを発行したユーザーが、{service} で無効になっています。",
    ),
    why: Text::new(
        "The person left or changed roles, and the key went with the account.",
        "担当者の退職や異動に伴いアカウントが無効化され、キーも使えなくなった可能性があります。",
    ),
    evidence: Text::new(
        "The service names an inactive user, or it answers differently to this key than to a made-up one.",
        "外部サービスがユーザーの無効化を示しているか、架空のキーとは異なる応答を返しています。",
    ),
    steps: &[
        Step::run(
            "conn reconnect {name}",
            "Have a key issued by an active user, best a service account, and enter it.",
            "有効なユーザー（できればサービス用アカウント）でキーを発行し、入力してください。",
        ),
        Step::new(
            "Ask the {service} administrator to reactivate the user only if that person should still have \
             access.",
            "元のユーザーの再有効化は、その方に引き続き権限が必要な場合に限り {service} の管理者へ依頼して\
             ください。",
        ),
    ],
};

/// `service` expects another kind of authentication than `name` uses.
pub static KIND: Cause = Cause {
    code: "CONN-AUTH-KIND",
    number: 5008,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "{service} expects another kind of authentication than {name} uses.",
        "{service} が求める認証の種類と、接続 {name} の設定が異なります。",
    ),
    why: Text::new(
        "Basic, Bearer and the service's own key header were mixed up, or the service has retired the kind \
         in use.",
        "Basic、Bearer、独自のキー用ヘッダーの取り違えか、使用中の方式の提供終了が考えられます。",
    ),
    evidence: Text::new(
        "The answer names a scheme ({scheme}) that differs from the configured one, or the credential has \
         the shape of another kind.",
        "応答が示す方式（{scheme}）が設定と異なるか、認証情報の形式が別の種類のものです。",
    ),
    steps: &[
        Step::run(
            "conn show {name}",
            "See which auth method is set, and choose the one that the service asks for (method in the \
             connection).",
            "設定中の認証の種類を確認し、接続の method を外部サービスが求めるものに変更してください。",
        ),
        Step::run(
            "conn reconnect {name}",
            "Then enter the credential of that kind.",
            "そのうえで、その種類の認証情報を入力してください。",
        ),
    ],
};

/// The credential of `name` belongs to another data centre of `service` than `host`.
pub static DC: Cause = Cause {
    code: "CONN-AUTH-DC",
    number: 5009,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Misaddressed,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The credential of {name} belongs to another data centre of {service} than {host}.",
        "接続 {name} の認証情報は、{host} とは別の {service} データセンターのものです。",
    ),
    why: Text::new(
        "The connection was set up with the default region, or the organisation lives in another one.",
        "既定の地域のまま設定したか、組織が別の地域に登録されている可能性があります。",
    ),
    evidence: Text::new(
        "The credential itself or the token answer names another data centre, or a sibling host accepts it.",
        "認証情報またはトークンの応答が別のデータセンターを示しているか、他の地域のホストでは受け付けられま\
         した。",
    ),
    steps: &[
        Step::run(
            "conn show {name}",
            "Compare the host with the address in your browser when you are signed in to {service}, and \
             correct the data centre variable of the connection.",
            "{service} にログインしたときのブラウザーのアドレスとホストを照合し、接続のデータセンターの変数\
             を直してください。",
        ),
        Step::run("conn test {name}", "Then test again.", "変更後に再度テストしてください。"),
    ],
};

/// `service` has locked this sign-in after too many failed attempts.
pub static LOCKED: Cause = Cause {
    code: "CONN-AUTH-LOCKED",
    number: 5010,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::ServiceAdmin, Who::Wait],
    verdict: Verdict::Rejected,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "{service} has locked this sign-in after too many failed attempts.",
        "ログイン失敗が続いたため、{service} がこのログインをロックしました。",
    ),
    why: Text::new(
        "A wrong password was sent again and again, by this connection or by another program that uses the \
         same account.",
        "この接続、または同じアカウントを使う別のプログラムが、誤ったパスワードを繰り返し送信した可能性があ\
         ります。",
    ),
    evidence: Text::new(
        "The service names a lock, a CAPTCHA or too many attempts in its answer.",
        "外部サービスが応答の中で、ロック、CAPTCHA、または試行回数超過を示しています。",
    ),
    steps: &[
        Step::run(
            "conn disable {name}",
            "Stop further attempts: each one can prolong the lock.",
            "試行のたびにロックが延びることがあるため、まず送信を止めてください。",
        ),
        Step::new(
            "Sign in once to {service} in a browser, or ask the administrator to lift the lock.",
            "ブラウザーで {service} に一度ログインするか、管理者にロックの解除を依頼してください。",
        ),
        Step::run(
            "conn reconnect {name}",
            "Then enter the right credential.",
            "解除後に正しい認証情報を入力してください。",
        ),
    ],
};

/// The organisation at `service` demands a single sign-on that this credential has not passed.
pub static SSO: Cause = Cause {
    code: "CONN-AUTH-SSO",
    number: 5011,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::ServiceAdmin],
    verdict: Verdict::Forbidden,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The organisation at {service} demands a single sign-on that this credential has not passed.",
        "{service} の組織がシングルサインオン（SSO）を必須としていますが、この認証情報は未承認です。",
    ),
    why: Text::new(
        "The organisation requires SAML, multi-factor or conditional access, and the token was not \
         authorised for it.",
        "組織が SAML・多要素認証・条件付きアクセスを必須としており、トークンがまだ承認されていません。",
    ),
    evidence: Text::new(
        "The answer names single sign-on, missing claims or a required interaction.",
        "応答が SSO、不足しているクレーム、または追加の操作の必要性を示しています。",
    ),
    steps: &[
        Step::new(
            "Open the token settings at {service} and authorise this token for the organisation.",
            "{service} のトークン設定を開き、このトークンを組織に対して承認してください。",
        ),
        Step::run("conn test {name}", "Then test again.", "承認後に再度テストしてください。"),
    ],
};

/// `service` demands a second factor of the user of `name`.
pub static SECOND_FACTOR: Cause = Cause {
    code: "CONN-AUTH-SECOND-FACTOR",
    number: 5017,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::ServiceAdmin],
    verdict: Verdict::Forbidden,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "{service} demands two-factor authentication of the user to whom the credential of {name} belongs.",
        "{service} が、接続 {name} の認証情報を発行したユーザーに 2 段階認証を求めています。",
    ),
    why: Text::new(
        "An administrator made a second factor a duty, and this user has not set one up or has not signed in with it.",
        "管理者が 2 段階認証（多要素認証）を必須にしましたが、このユーザーは未設定か、まだ 2 段階認証でサインインしていません。",
    ),
    evidence: Text::new(
        "The service names two-factor authentication, or asks for a stronger sign-in than the credential came from.",
        "外部サービスが 2 段階認証の不足、またはより強い認証でのサインインの必要性を示しています。",
    ),
    steps: &[
        Step::new(
            "Sign in to {service} in a browser as the user who owns the credential, and switch two-factor \
             authentication on in the settings of that user.",
            "認証情報を発行したユーザーとしてブラウザーで {service} にサインインし、そのユーザーの設定で 2 段階認証を\
             有効にしてください。",
        ),
        Step::run(
            "conn reconnect {name}",
            "Where the credential came from a consent in the browser, give it again with the second factor.",
            "ブラウザーでの同意による接続の場合は、2 段階認証を使って同意し直してください。",
        ),
        Step::run("conn test {name}", "Then test again.", "設定後に再度テストしてください。"),
    ],
};

/// `service` does not allow this credential to be used from your network address.
pub static IP: Cause = Cause {
    code: "CONN-AUTH-IP",
    number: 5012,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin, Who::NetworkAdmin],
    verdict: Verdict::Forbidden,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "{service} does not allow this credential to be used from your network address.",
        "{service} が、現在の接続元 IP アドレスからの利用を許可していません。",
    ),
    why: Text::new(
        "The account has a list of allowed addresses, and the address of this machine or its VPN is not on \
         it.",
        "許可する IP アドレスの一覧が設定されており、この端末や VPN のアドレスが含まれていません。",
    ),
    evidence: Text::new(
        "The service names the address or its allow-list in the refusal.",
        "外部サービスが、拒否の理由として接続元アドレスまたは許可リストを示しています。",
    ),
    steps: &[
        Step::new(
            "Ask the {service} administrator to add the public address of this network to the allow-list.",
            "このネットワークのグローバル IP アドレスを許可リストに追加するよう、{service} の管理者に依頼し\
             てください。",
        ),
        Step::run(
            "conn test {name}",
            "Then test again from the same network.",
            "追加後に、同じネットワークから再度テストしてください。",
        ),
    ],
};

/// The credential of `name` is removed on its way to `service`.
pub static STRIPPED: Cause = Cause {
    code: "CONN-AUTH-STRIPPED",
    number: 5015,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::NetworkAdmin, Who::You],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The credential of {name} is removed on its way to {service}.",
        "接続 {name} の認証情報が、{service} に届く前に取り除かれています。",
    ),
    why: Text::new(
        "A proxy deletes the authorisation header, or a gateway in front of the service does.",
        "プロキシ、または外部サービスの手前にあるゲートウェイが、認証用ヘッダーを削除しています。",
    ),
    evidence: Text::new(
        "The answer with the credential equals the answer without it, but only on this path.",
        "この経路でのみ、認証情報を付けても付けない場合と同じ応答になります。",
    ),
    steps: &[
        Step::run(
            "conn diagnose {name} --why",
            "See through which proxy the request goes.",
            "要求がどのプロキシを経由しているかを確認してください。",
        ),
        Step::new(
            "Ask your network administrator to let the authorisation header to {host} pass.",
            "{host} 宛ての認証用ヘッダーを削除しないよう、ネットワーク管理者に依頼してください。",
        ),
    ],
};
