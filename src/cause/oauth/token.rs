//! An authorisation has ended or its tokens do not fit.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[
    &ACCESS_EXPIRED,
    &REFRESH_EXPIRED,
    &REFRESH_REVOKED,
    &REFRESH_ROTATED,
    &REFRESH_MISSING,
    &AUDIENCE,
    &TOKEN_TYPE,
    &INSTANCE,
    &ORG,
    &TOKEN_LIMIT,
];

/// The access token of `name` has expired.
pub static ACCESS_EXPIRED: Cause = Cause {
    code: "CONN-OAUTH-ACCESS-EXPIRED",
    number: 5101,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::Now,
    who: &[Who::You],
    verdict: Verdict::Rejected,
    prior: 2,
    fix: Fix::Safe,
    title: Text::new(
        "The access token of {name} has expired.",
        "接続 {name} のアクセストークンは有効期限が切れています。",
    ),
    why: Text::new(
        "Access tokens live for a short time by design, and this one was not renewed.",
        "アクセストークンの有効期間は短く設定されており、まだ更新されていません。",
    ),
    evidence: Text::new(
        "The recorded end of the token has passed, or the service names the expiry in its answer.",
        "記録された有効期限を過ぎているか、外部サービスが応答の中で期限切れを示しています。",
    ),
    steps: &[Step::run(
        "conn reconnect {name}",
        "Authorise again, where no refresh token is stored or conn cannot renew the access token.",
        "更新トークンがない場合や、conn で更新できない場合は、認証をやり直してください。",
    )],
};

/// The authorisation of `name` has run out.
pub static REFRESH_EXPIRED: Cause = Cause {
    code: "CONN-OAUTH-REFRESH-EXPIRED",
    number: 5102,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Rejected,
    prior: 2,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The authorisation of {name} has run out.",
        "接続 {name} の認証は、有効期間が過ぎたため失効しました。",
    ),
    why: Text::new(
        "{service} forgets an authorisation that nobody uses for a certain time, or ends each after a fixed one.",
        "{service} では、一定期間使われない認証、または一定期間が過ぎた認証は失効します。",
    ),
    evidence: Text::new(
        "The refresh was refused as invalid, and the time for which the authorisation holds is over.",
        "更新が無効として拒否され、認証の有効期間を過ぎています。",
    ),
    steps: &[
        Step::run("conn reconnect {name}", "Authorise again.", "認証をやり直してください。"),
        Step::new(
            "Let a job run conn test once a week, so that it does not lapse again.",
            "再び失効しないように、conn test を週に 1 回自動実行してください。",
        ),
    ],
};

/// The authorisation of `name` was withdrawn at `service`.
pub static REFRESH_REVOKED: Cause = Cause {
    code: "CONN-OAUTH-REFRESH-REVOKED",
    number: 5103,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Rejected,
    prior: 2,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The authorisation of {name} was withdrawn at {service}.",
        "接続 {name} の認証は、{service} 側で取り消されました。",
    ),
    why: Text::new(
        "The user or an administrator removed the app, the password was changed, or the app is still in \
         test mode.",
        "利用者や管理者によるアプリの削除、パスワードの変更、またはアプリがテストモードのままである可能性が\
         あります。",
    ),
    evidence: Text::new(
        "The refresh was refused as invalid although its time was not over.",
        "有効期間内にもかかわらず、更新が無効として拒否されました。",
    ),
    steps: &[Step::run(
        "conn reconnect {name}",
        "Authorise again; the stored token is kept until the new one works.",
        "認証をやり直してください。新しいトークンが確認できるまで、保存済みのトークンは残ります。",
    )],
};

/// The refresh token of `name` was already used by another program.
pub static REFRESH_ROTATED: Cause = Cause {
    code: "CONN-OAUTH-REFRESH-ROTATED",
    number: 5104,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Rejected,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The refresh token of {name} was already used by another program.",
        "接続 {name} の更新トークンは、別のプログラムですでに使用されています。",
    ),
    why: Text::new(
        "{service} gives a new refresh token with each use, and two copies of the connection compete for \
         it.",
        "{service} は使用のたびに新しい更新トークンを発行しますが、同じ接続が 2 か所で使われています。",
    ),
    evidence: Text::new(
        "The refresh was refused, and another process or machine has refreshed since.",
        "更新が拒否され、その前に別のプロセスまたは別の端末が更新していました。",
    ),
    steps: &[
        Step::run(
            "conn reconnect {name}",
            "Authorise again on one machine only.",
            "1 台の端末でのみ、認証をやり直してください。",
        ),
        Step::new(
            "Give every other machine an authorisation of its own.",
            "他の端末には、それぞれ別の認証を作成してください。",
        ),
    ],
};

/// `service` gave `name` no refresh token, so the access ends soon.
pub static REFRESH_MISSING: Cause = Cause {
    code: "CONN-OAUTH-REFRESH-MISSING",
    number: 5105,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Rejected,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "{service} gave {name} no refresh token, so the access ends soon.",
        "{service} から接続 {name} に更新トークンが発行されていないため、まもなく利用できなくなります。",
    ),
    why: Text::new(
        "Offline access was not asked for, or the user had agreed before and is not asked again.",
        "オフラインアクセスを要求していないか、以前に許可済みのため再発行されていません。",
    ),
    evidence: Text::new(
        "The token answer holds an access token only.",
        "トークンの応答に、アクセストークンのみが含まれています。",
    ),
    steps: &[
        Step::new(
            "Add the offline scope or parameter that the service's documentation names to the connector.",
            "外部サービスのドキュメントに従い、オフライン用のスコープまたはパラメーターをコネクターに追加し\
             てください。",
        ),
        Step::run("conn reconnect {name}", "Then authorise again.", "その後、認証をやり直してください。"),
    ],
};

/// The token of `name` was issued for another API than this one.
pub static AUDIENCE: Cause = Cause {
    code: "CONN-OAUTH-AUDIENCE",
    number: 5120,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Rejected,
    prior: 0,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The token of {name} was issued for another API than this one.",
        "接続 {name} のトークンは、別の API 用に発行されたものです。",
    ),
    why: Text::new(
        "The wrong resource was asked for, or a token of another connection was pasted.",
        "要求したリソースの誤り、または別の接続のトークンの使用が考えられます。",
    ),
    evidence: Text::new(
        "The audience in the token does not fit the host, or the service names the audience.",
        "トークンの対象（audience）がホストと一致しないか、外部サービスが対象の不一致を示しています。",
    ),
    steps: &[Step::run(
        "conn reconnect {name}",
        "Authorise again for the right resource.",
        "正しいリソースを指定して、認証をやり直してください。",
    )],
};

/// The token of `name` is of another type than `service` expects here.
pub static TOKEN_TYPE: Cause = Cause {
    code: "CONN-OAUTH-TOKEN-TYPE",
    number: 5121,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Rejected,
    prior: 0,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The token of {name} is of another type than {service} expects here.",
        "接続 {name} のトークンは、{service} が求める種類と異なります。",
    ),
    why: Text::new(
        "An identity or refresh token was pasted where the access token belongs.",
        "アクセストークンの代わりに、ID トークンや更新トークンが登録されています。",
    ),
    evidence: Text::new(
        "The service names the token type, or the token has the form of another type.",
        "外部サービスがトークンの種類を示しているか、形式が別の種類のものです。",
    ),
    steps: &[Step::run(
        "conn reconnect {name}",
        "Enter the access token, or authorise again.",
        "アクセストークンを入力するか、認証をやり直してください。",
    )],
};

/// `service` has moved the organisation of `name` to another address.
pub static INSTANCE: Cause = Cause {
    code: "CONN-OAUTH-INSTANCE",
    number: 5123,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Misaddressed,
    prior: 0,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "{service} has moved the organisation of {name} to another address.",
        "{service} で、接続 {name} の組織のアドレスが変更されています。",
    ),
    why: Text::new(
        "The organisation was moved or got a domain of its own.",
        "組織の移行、または独自ドメインの設定が考えられます。",
    ),
    evidence: Text::new(
        "The token answer names another address than the stored one.",
        "トークンの応答に、保存済みと異なるアドレスが示されています。",
    ),
    steps: &[Step::run(
        "conn reconnect {name}",
        "Authorise again, so that the new address is stored.",
        "認証をやり直し、新しいアドレスを保存してください。",
    )],
};

/// `name` is authorised for another organisation than before.
pub static ORG: Cause = Cause {
    code: "CONN-OAUTH-ORG",
    number: 5124,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Rejected,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "{name} belongs to another account or organisation than before.",
        "接続 {name} の認証情報は、以前と異なるアカウントまたは組織のものです。",
    ),
    why: Text::new(
        "At consent another organisation was chosen, or the user was signed in with another account.",
        "許可の際に別の組織を選んだか、別のアカウントでログインしていた可能性があります。",
    ),
    evidence: Text::new(
        "The organisation in the answer differs from the one pinned when the connection was made.",
        "応答中の組織が、接続の作成時に記録したものと異なります。",
    ),
    steps: &[Step::run(
        "conn reconnect {name}",
        "Sign in with the right account and choose the organisation {organisation}.",
        "正しいアカウントでログインし、組織 {organisation} を選択してください。",
    )],
};

/// `service` ended the token of `name` because too many tokens exist.
pub static TOKEN_LIMIT: Cause = Cause {
    code: "CONN-OAUTH-TOKEN-LIMIT",
    number: 5125,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin],
    verdict: Verdict::Rejected,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "{service} ended the token of {name} because too many tokens exist.",
        "トークンの発行数が上限を超えたため、{service} が接続 {name} のトークンを無効にしました。",
    ),
    why: Text::new(
        "The service keeps a limited number of tokens per user and drops the oldest.",
        "外部サービスは利用者ごとのトークン数を制限し、古いものから無効にします。",
    ),
    evidence: Text::new(
        "A good token stopped working when another one was made.",
        "別のトークンの発行と同時に、有効だったトークンが使えなくなりました。",
    ),
    steps: &[
        Step::new(
            "Ask the {service} administrator to remove authorisations that nobody needs.",
            "不要な連携を削除するよう、{service} の管理者に依頼してください。",
        ),
        Step::run("conn reconnect {name}", "Then authorise again.", "その後、認証をやり直してください。"),
    ],
};
