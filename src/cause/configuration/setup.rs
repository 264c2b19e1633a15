//! How a connection is set up against what its service allows.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[
    &SINGLE,
    &KIND,
    &ENV,
    &DC_UNSUPPORTED,
    &PARAM_MISSING,
    &PARAM_PLACEMENT,
    &PRIMARY_MISSING,
    &DISABLED,
    &NOT_AUTHORISED,
];

/// `service` allows only one connection here, and there is one already.
pub static SINGLE: Cause = Cause {
    code: "CONN-CFG-SINGLE",
    number: 1007,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::ServiceAdmin],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "{service} allows only one connection here, and there is one already.",
        "{service} で許可される接続は 1 つのみで、すでに登録されています。",
    ),
    why: Text::new(
        "Payment services and shared authorisations may be connected only once per environment.",
        "決済サービスや共有の認証は、環境ごとに 1 つのみ接続できます。",
    ),
    evidence: Text::new(
        "The connector sets a limit on connections that is reached.",
        "コネクターの定める接続数の上限に達しています。",
    ),
    steps: &[Step::run(
        "conn list",
        "See the existing connection; use it, or remove it first.",
        "既存の接続を確認し、それを使うか、先に削除してください。",
    )],
};

/// `service` cannot be connected as this kind of connection.
pub static KIND: Cause = Cause {
    code: "CONN-CFG-KIND",
    number: 1008,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "{service} cannot be connected as this kind of connection.",
        "{service} は、この種別では接続できません。",
    ),
    why: Text::new(
        "Some services may be connected by an administrator only, others only by each user.",
        "管理者のみが接続できるサービスや、利用者ごとの接続が必要なサービスがあります。",
    ),
    evidence: Text::new(
        "The kind of the connection is not among those that the connector allows.",
        "接続の種別が、コネクターで許可されたものに含まれていません。",
    ),
    steps: &[Step::run(
        "conn connectors show {connector}",
        "See which kinds are allowed, and make the connection anew with --kind, or let an administrator do it.",
        "許可された種別を確認し、--kind で指定して作成し直すか、管理者に作成を依頼してください。",
    )],
};

/// The credential of `name` and the host `host` belong to different environments.
pub static ENV: Cause = Cause {
    code: "CONN-CFG-ENV",
    number: 1009,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The credential of {name} and the host {host} belong to different environments.",
        "接続 {name} の認証情報と、ホスト {host} の環境が一致していません。",
    ),
    why: Text::new(
        "A test key is used against production, or a live key against the sandbox.",
        "テスト用キーを本番環境で、または本番用キーをサンドボックスで使用しています。",
    ),
    evidence: Text::new(
        "The form of the key tells its environment, and the host belongs to another one.",
        "キーの形式から判別した環境と、ホストの環境が異なります。",
    ),
    steps: &[
        Step::run(
            "conn test {name} --environment {key_environment}",
            "Test with the environment that the key is for; if you meant that one, set it as environment in {place}.",
            "キーに対応する環境でテストしてください。その環境で使う場合は、{place} の environment に設定してくだ\
             さい。",
        ),
        Step::run(
            "conn reconnect {name}",
            "Or enter the key of this environment.",
            "または、この環境用のキーを入力してください。",
        ),
    ],
};

/// `service` is not offered in your data centre.
pub static DC_UNSUPPORTED: Cause = Cause {
    code: "CONN-CFG-DC-UNSUPPORTED",
    number: 1010,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "{service} is not offered in your data centre.",
        "{service} は、ご利用のデータセンターでは提供されていません。",
    ),
    why: Text::new(
        "The vendor offers this service in some regions only.",
        "外部サービスが、一部の地域でのみ提供されています。",
    ),
    evidence: Text::new(
        "The region of the connection is not among those that the connector lists.",
        "接続の地域が、コネクターの一覧に含まれていません。",
    ),
    steps: &[Step::run(
        "conn connectors show {connector}",
        "See in which regions it is offered, and choose another service or region.",
        "提供地域を確認し、別のサービスまたは地域を選択してください。",
    )],
};

/// `name` lacks a value for `label`.
pub static PARAM_MISSING: Cause = Cause {
    code: "CONN-CFG-PARAM-MISSING",
    number: 1011,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new("{name} lacks a value for {label}.", "接続 {name} に「{label}」の値がありません。"),
    why: Text::new(
        "It was never entered, or the connector names it differently now.",
        "未入力のままか、コネクターの項目名が変更された可能性があります。",
    ),
    evidence: Text::new(
        "The auth method needs the parameter, and there is no value for it; nothing was sent.",
        "認証に必要なパラメーターに値がありません。まだ何も送信していません。",
    ),
    steps: &[Step::run("conn reconnect {name}", "Enter {label}.", "「{label}」を入力してください。")],
};

/// `service` expects `label` at another place of the request.
pub static PARAM_PLACEMENT: Cause = Cause {
    code: "CONN-CFG-PARAM-PLACEMENT",
    number: 1012,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "{service} expects {label} at another place of the request.",
        "{service} では、「{label}」を別の場所で送る必要があります。",
    ),
    why: Text::new(
        "The connector sends it in another header, or in the query instead of a header, than the service reads.",
        "コネクターの設定で、ヘッダー名や、ヘッダーとクエリの別を取り違えています。",
    ),
    evidence: Text::new(
        "The same credential is accepted at another place that the connector declares, or the service asks for another \
         header than the one that is sent.",
        "コネクターに定義された別の場所で送信すると受け付けられるか、サービスが送信しているものとは別のヘッダーを求めています。",
    ),
    steps: &[
        Step::new(
            "In the auth method of the connector, write {label} where the service reads it (table header, query or \
             form), or choose the method that does: method = \"NAME\" in the connection.",
            "コネクターの認証の種類で「{label}」を正しい表（header・query・form）と名前に直すか、接続の method = \"名前\" で\
             正しい場所に送る認証の種類を選んでください。",
        ),
        Step::run("conn lint", "Then check the file.", "その後、ファイルを検査してください。"),
    ],
};

/// `name` has no primary account for runs without a person.
pub static PRIMARY_MISSING: Cause = Cause {
    code: "CONN-CFG-PRIMARY-MISSING",
    number: 1013,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "{name} has no primary account for runs without a person.",
        "接続 {name} に、自動実行で使うプライマリアカウントがありません。",
    ),
    why: Text::new(
        "Each user has authorised for themselves, and nobody chose the account for unattended use.",
        "利用者ごとに認証されており、自動実行用のアカウントが選択されていません。",
    ),
    evidence: Text::new(
        "The connection is of the user kind, and no account is marked as primary.",
        "利用者ごとの接続ですが、プライマリのアカウントが指定されていません。",
    ),
    steps: &[
        Step::run(
            "conn account list {name}",
            "See which accounts there are.",
            "アカウントを確認してください。",
        ),
        Step::run(
            "conn account primary {name} LABEL",
            "Choose the primary account.",
            "プライマリアカウントを指定してください。",
        ),
    ],
};

/// `name` is disabled.
pub static DISABLED: Cause = Cause {
    code: "CONN-CFG-DISABLED",
    number: 1015,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new("{name} is disabled.", "接続 {name} は無効になっています。"),
    why: Text::new("Somebody switched it off on purpose.", "意図的に無効化されています。"),
    evidence: Text::new(
        "The state of the connection is disabled; nothing was sent.",
        "接続の状態が「無効」です。まだ何も送信していません。",
    ),
    steps: &[Step::run(
        "conn enable {name}",
        "Switch it on again, if the reason is gone.",
        "理由が解消していれば、有効に戻してください。",
    )],
};

/// `name` is not connected yet.
pub static NOT_AUTHORISED: Cause = Cause {
    code: "CONN-CFG-NOT-AUTHORISED",
    number: 1016,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::ServiceAdmin],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new("{name} is not connected yet.", "接続 {name} はまだ接続済みになっていません。"),
    why: Text::new(
        "Its credential was never proven: the set-up was not finished, or the test was skipped.",
        "設定の途中か、テストが省略されたため、認証情報がまだ確認されていません。",
    ),
    evidence: Text::new(
        "The state of the connection is pending or needs a reconnect; nothing was sent.",
        "接続の状態が「未接続」または「再接続が必要」です。まだ何も送信していません。",
    ),
    steps: &[Step::run(
        "conn connect {name}",
        "Prove the credential and mark the connection as connected.",
        "認証情報を確認し、接続済みにしてください。",
    )],
};
