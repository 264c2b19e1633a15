//! The authorisation by a person did not come about.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] =
    &[&CONSENT_DENIED, &CONSENT_ADMIN, &CODE_EXPIRED, &STATE, &CALLBACK, &DEVICE_PENDING, &DEVICE_EXPIRED];

/// The access for `name` was declined at `service`.
pub static CONSENT_DENIED: Cause = Cause {
    code: "CONN-OAUTH-CONSENT-DENIED",
    number: 5111,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unverified,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The access for {name} was declined at {service}.",
        "{service} で、接続 {name} へのアクセスが許可されませんでした。",
    ),
    why: Text::new(
        "Somebody pressed cancel on the consent page.",
        "許可画面で「キャンセル」が選択されました。",
    ),
    evidence: Text::new(
        "The service came back with a refusal by the user.",
        "外部サービスから、利用者による拒否が返されました。",
    ),
    steps: &[Step::run(
        "conn connect {name}",
        "Run it again, and allow the access.",
        "もう一度実行し、「許可」を選択してください。",
    )],
};

/// An administrator of `service` must approve `name` first.
pub static CONSENT_ADMIN: Cause = Cause {
    code: "CONN-OAUTH-CONSENT-ADMIN",
    number: 5112,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin],
    verdict: Verdict::Unverified,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "An administrator of {service} must approve {name} first.",
        "接続 {name} を使うには、先に {service} の管理者の承認が必要です。",
    ),
    why: Text::new(
        "The organisation does not let users approve apps themselves.",
        "組織の設定により、利用者自身はアプリを承認できません。",
    ),
    evidence: Text::new(
        "The service says that an administrator's approval is missing.",
        "外部サービスが、管理者の承認が必要であると応答しました。",
    ),
    steps: &[
        Step::new(
            "Ask an administrator of {service} to approve the app for the organisation.",
            "組織でアプリを承認するよう、{service} の管理者に依頼してください。",
        ),
        Step::run("conn connect {name}", "Then authorise again.", "その後、認証をやり直してください。"),
    ],
};

/// The code from `service` was too old or was used already.
pub static CODE_EXPIRED: Cause = Cause {
    code: "CONN-OAUTH-CODE-EXPIRED",
    number: 5113,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unverified,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The code from {service} was too old or was used already.",
        "{service} から受け取った認可コードは、期限切れか使用済みです。",
    ),
    why: Text::new(
        "Too much time passed after the consent, or the page was loaded twice.",
        "許可してから時間が経ちすぎたか、画面を再読み込みした可能性があります。",
    ),
    evidence: Text::new(
        "The token address refused the code.",
        "トークンの発行元が認可コードを拒否しました。",
    ),
    steps: &[Step::run(
        "conn connect {name}",
        "Start again, and finish without a pause.",
        "最初からやり直し、途中で間を置かずに完了してください。",
    )],
};

/// The answer from the browser does not belong to this sign-in.
pub static STATE: Cause = Cause {
    code: "CONN-OAUTH-STATE",
    number: 5114,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unverified,
    prior: 0,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The answer from the browser does not belong to this sign-in.",
        "ブラウザーからの応答が、今回のサインインのものではありません。",
    ),
    why: Text::new(
        "An old tab was used, or somebody tries to slip in a foreign authorisation.",
        "古いタブが使われたか、第三者が別の認証を紛れ込ませようとしています。",
    ),
    evidence: Text::new(
        "The state value that came back is not the one that was sent.",
        "返された state の値が、送信したものと一致しません。",
    ),
    steps: &[Step::run(
        "conn connect {name}",
        "Close old tabs of the sign-in, and start again.",
        "サインインの古いタブを閉じて、最初からやり直してください。",
    )],
};

/// The browser's answer for `name` did not reach conn.
pub static CALLBACK: Cause = Cause {
    code: "CONN-OAUTH-CALLBACK",
    number: 5116,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unverified,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The browser's answer for {name} did not reach conn.",
        "接続 {name} について、ブラウザーからの応答が conn に届きませんでした。",
    ),
    why: Text::new(
        "There is no browser on this machine, the port is taken, or nobody finished the consent in time.",
        "ブラウザーがない、ポートが使用中、または時間内に許可が完了しなかった可能性があります。",
    ),
    evidence: Text::new(
        "conn waited on its local address, and nothing arrived.",
        "conn がローカルのアドレスで待機しましたが、応答がありませんでした。",
    ),
    steps: &[
        Step::run(
            "conn connect {name} --flow paste",
            "Open the address in any browser, and paste the address it ends at.",
            "任意のブラウザーでアドレスを開き、最後に表示されたアドレスを貼り付けてください。",
        ),
        Step::run(
            "conn connect {name} --flow device",
            "Where the service offers it, enter a code on another device instead.",
            "対応しているサービスでは、別の端末でコードを入力する方法も使えます。",
        ),
    ],
};

/// The sign-in of `name` waits for somebody to enter the code.
pub static DEVICE_PENDING: Cause = Cause {
    code: "CONN-OAUTH-DEVICE-PENDING",
    number: 5117,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::Now,
    who: &[Who::You],
    verdict: Verdict::Unverified,
    prior: 1,
    fix: Fix::Safe,
    title: Text::new(
        "The sign-in of {name} waits for somebody to enter the code.",
        "接続 {name} のサインインは、コードの入力を待っています。",
    ),
    why: Text::new(
        "Nobody has entered the code at the service yet.",
        "外部サービスの画面で、コードがまだ入力されていません。",
    ),
    evidence: Text::new(
        "The service says that the authorisation is pending.",
        "外部サービスが、認可待ちであると応答しました。",
    ),
    steps: &[Step::new(
        "Open {address} in any browser, and enter the code {code}.",
        "任意のブラウザーで {address} を開き、コード {code} を入力してください。",
    )],
};

/// The code for the sign-in of `name` has expired.
pub static DEVICE_EXPIRED: Cause = Cause {
    code: "CONN-OAUTH-DEVICE-EXPIRED",
    number: 5118,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unverified,
    prior: 0,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The code for the sign-in of {name} has expired.",
        "接続 {name} のサインイン用コードの有効期限が切れました。",
    ),
    why: Text::new("Nobody entered the code in time.", "時間内にコードが入力されませんでした。"),
    evidence: Text::new(
        "The service says that the device code has expired.",
        "外部サービスが、デバイスコードの期限切れを示しています。",
    ),
    steps: &[Step::run(
        "conn connect {name}",
        "Start again, and enter the new code.",
        "最初からやり直し、新しいコードを入力してください。",
    )],
};
