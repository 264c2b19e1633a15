//! What is wrong with the app that is registered at the service.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[
    &CLIENT_INVALID,
    &CLIENT_SECRET_EXPIRED,
    &GRANT,
    &REDIRECT_URI,
    &SCOPE_INVALID,
    &PKCE,
    &THROTTLED,
    &SERVER,
];

/// `service` does not accept the client id or client secret of `name`.
pub static CLIENT_INVALID: Cause = Cause {
    code: "CONN-OAUTH-CLIENT-INVALID",
    number: 5106,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::ServiceAdmin],
    verdict: Verdict::Rejected,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "{service} does not accept the client id or client secret of {name}.",
        "{service} が、接続 {name} のクライアント ID またはクライアントシークレットを受け付けません。",
    ),
    why: Text::new(
        "One of them was mistyped, the app was deleted, or it is registered in another data centre.",
        "入力誤り、アプリの削除、または別のデータセンターへの登録が考えられます。",
    ),
    evidence: Text::new(
        "The token address refused the client itself.",
        "トークンの発行元が、クライアント自体を拒否しました。",
    ),
    steps: &[Step::run(
        "conn reconnect {name}",
        "Copy client id and client secret again from the app's registration at {service} ({console}).",
        "{service}（{console}）のアプリ登録画面から、クライアント ID とシークレットをコピーし直してくだ\
             さい。",
    )],
};

/// The client secret of `name` has expired.
pub static CLIENT_SECRET_EXPIRED: Cause = Cause {
    code: "CONN-OAUTH-CLIENT-SECRET-EXPIRED",
    number: 5107,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin],
    verdict: Verdict::Rejected,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The client secret of {name} has expired.",
        "接続 {name} のクライアントシークレットは有効期限が切れています。",
    ),
    why: Text::new(
        "Client secrets of this service live for a limited time.",
        "この外部サービスのクライアントシークレットには有効期間があります。",
    ),
    evidence: Text::new(
        "The token address says that the client secret has expired.",
        "トークンの発行元が、クライアントシークレットの期限切れを示しています。",
    ),
    steps: &[
        Step::new(
            "Create a new client secret in the app's registration at {service}, and copy its value, not \
             its id.",
            "{service} のアプリ登録画面で新しいクライアントシークレットを作成し、ID ではなく「値」をコピー\
             してください。",
        ),
        Step::run("conn reconnect {name}", "Then enter it.", "その後、入力してください。"),
    ],
};

/// The app of `name` may not use this way of signing in at `service`.
pub static GRANT: Cause = Cause {
    code: "CONN-OAUTH-GRANT",
    number: 5108,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin],
    verdict: Verdict::Unverified,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The app of {name} may not use this way of signing in at {service}.",
        "接続 {name} のアプリでは、{service} のこの認可方式を使用できません。",
    ),
    why: Text::new(
        "The grant is switched off for the app, or the app is of another type.",
        "アプリで認可方式が無効か、アプリの種類が異なります。",
    ),
    evidence: Text::new(
        "The service refuses the grant or response type for this client.",
        "外部サービスが、このクライアントの認可方式を拒否しました。",
    ),
    steps: &[
        Step::new(
            "Switch on the grant in the app's registration at {service}, or create an app of the right \
             type.",
            "{service} のアプリ登録画面で認可方式を有効にするか、適切な種類のアプリを作成してください。",
        ),
        Step::run("conn connect {name}", "Then authorise again.", "その後、認証をやり直してください。"),
    ],
};

/// The redirect address of `name` is not registered at `service`.
pub static REDIRECT_URI: Cause = Cause {
    code: "CONN-OAUTH-REDIRECT-URI",
    number: 5110,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin],
    verdict: Verdict::Unverified,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The redirect address of {name} is not registered at {service}.",
        "接続 {name} のリダイレクト URI が {service} に登録されていません。",
    ),
    why: Text::new(
        "It must stand in the app's registration exactly, with the same port and path.",
        "アプリの登録内容と、ポートやパスまで完全に一致する必要があります。",
    ),
    evidence: Text::new(
        "The service shows an error page instead of the consent, or it names the redirect address.",
        "許可画面の代わりにエラー画面が表示されたか、リダイレクト URI の不一致が示されました。",
    ),
    steps: &[
        Step::new(
            "Register exactly this address in the app at {service}: {redirect}",
            "{service} のアプリに、次のアドレスをそのまま登録してください: {redirect}",
        ),
        Step::new(
            "Where {service} compares the port as well, set redirect.port in the auth method of the connector, and \
             register the address with it.",
            "{service} がポートまで照合する場合は、コネクターの認証の種類に redirect.port を設定し、ポート付きのアドレスを\
             登録してください。",
        ),
        Step::run("conn connect {name}", "Then authorise again.", "その後、認証をやり直してください。"),
    ],
};

/// `service` does not know or allow a scope that `name` asks for.
pub static SCOPE_INVALID: Cause = Cause {
    code: "CONN-OAUTH-SCOPE-INVALID",
    number: 5109,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unverified,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "{service} does not know or allow a scope that {name} asks for.",
        "接続 {name} が要求したスコープが、{service} に存在しないか許可されていません。",
    ),
    why: Text::new(
        "A scope is misspelt, was renamed, or is not released for this app.",
        "スコープ名の誤りや変更、またはアプリでの未許可が考えられます。",
    ),
    evidence: Text::new(
        "The service refuses the request because of its scope.",
        "外部サービスが、スコープを理由に要求を拒否しました。",
    ),
    steps: &[
        Step::new(
            "Correct the scopes of the connector after the service's documentation.",
            "外部サービスのドキュメントに従い、コネクターのスコープを直してください。",
        ),
        Step::run("conn connect {name}", "Then authorise again.", "その後、認証をやり直してください。"),
    ],
};

/// `service` and `name` disagree about the proof key of the sign-in (PKCE).
pub static PKCE: Cause = Cause {
    code: "CONN-OAUTH-PKCE",
    number: 5115,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unverified,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "{service} and {name} disagree about the proof key of the sign-in (PKCE).",
        "サインインの検証キー（PKCE）の扱いが、{service} と接続 {name} で異なります。",
    ),
    why: Text::new(
        "The service demands another method, or cannot handle it at all.",
        "外部サービスが別の方式を求めているか、PKCE に対応していません。",
    ),
    evidence: Text::new(
        "The token address refused the code verifier.",
        "トークンの発行元が検証キーを拒否しました。",
    ),
    steps: &[
        Step::new(
            "Set pkce in the auth method of the connector to what the service's documentation says.",
            "コネクターの認証の種類の pkce を、外部サービスのドキュメントに合わせて設定してください。",
        ),
        Step::run("conn connect {name}", "Then authorise again.", "その後、認証をやり直してください。"),
    ],
};

/// `service` issues no new tokens for now, because too many were asked for.
pub static THROTTLED: Cause = Cause {
    code: "CONN-OAUTH-THROTTLED",
    number: 5119,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::After,
    who: &[Who::Wait, Who::You],
    verdict: Verdict::Throttled,
    prior: 1,
    fix: Fix::Safe,
    title: Text::new(
        "{service} issues no new tokens for now, because too many were asked for.",
        "トークンの要求が多すぎるため、{service} が発行を一時的に停止しています。",
    ),
    why: Text::new(
        "Several programs refresh the same authorisation, or a loop asks for a token before each call.",
        "複数のプログラムが同じ認証を更新しているか、呼び出しのたびにトークンを要求しています。",
    ),
    evidence: Text::new(
        "The token address refuses because of too many requests.",
        "トークンの発行元が、要求過多を理由に拒否しました。",
    ),
    steps: &[
        Step::run(
            "conn disable {name}",
            "Stop for at least 15 minutes, and look for other programs that refresh the same authorisation.",
            "15 分以上停止し、同じ認証を更新している他のプログラムがないか確認してください。",
        ),
        Step::run(
            "conn enable {name}",
            "Then switch the connection on again and test it.",
            "その後、接続を有効に戻してテストしてください。",
        ),
    ],
};

/// The sign-in server of `service` has a fault.
pub static SERVER: Cause = Cause {
    code: "CONN-OAUTH-SERVER",
    number: 5122,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::After,
    who: &[Who::Vendor, Who::Wait],
    verdict: Verdict::ProviderDown,
    prior: 1,
    fix: Fix::Safe,
    title: Text::new(
        "The sign-in server of {service} has a fault.",
        "{service} の認証サーバーで障害が発生しています。",
    ),
    why: Text::new(
        "The service has an outage or restarts.",
        "外部サービスの障害または再起動が考えられます。",
    ),
    evidence: Text::new(
        "The token address answered with a server error; the stored token is kept.",
        "トークンの発行元がサーバーエラーを返しました。保存済みのトークンは保持されています。",
    ),
    steps: &[Step::run(
        "conn test {name} --retry-until 10m",
        "Try again later.",
        "時間をおいて再試行してください。",
    )],
};
