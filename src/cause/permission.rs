//! What the credential is good for, and what it is not.

use super::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::base::Text;
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] =
    &[&SCOPE, &ROLE, &RESOURCE, &PLAN, &API_DISABLED, &APP, &TENANT, &FIELD, &UNKNOWN, &EXCESS];

/// The token of `name` lacks a scope that this call to `service` needs.
pub static SCOPE: Cause = Cause {
    code: "CONN-PERM-SCOPE",
    number: 6001,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Forbidden,
    prior: 2,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The token of {name} lacks a scope that this call to {service} needs.",
        "接続 {name} のトークンには、{service} のこの呼び出しに必要なスコープがありません。",
    ),
    why: Text::new(
        "The scope was not asked for at consent, or the token was created with fewer rights.",
        "許可の際に要求していないか、権限を絞ってトークンを作成した可能性があります。",
    ),
    evidence: Text::new(
        "The service names a missing scope in a header or in its error code.",
        "外部サービスが、ヘッダーまたはエラーコードで不足しているスコープを示しています。",
    ),
    steps: &[
        Step::run(
            "conn reconnect {name}",
            "Create or authorise a token that also has the scope {scope}, and use it from now on.",
            "スコープ {scope} を含むトークンを作成または許可し、以後それを使用してください。",
        ),
        Step::run("conn test {name}", "Then test again.", "変更後に再度テストしてください。"),
    ],
};

/// The credential of `name` works, but its user has no right to this at `service`.
pub static ROLE: Cause = Cause {
    code: "CONN-PERM-ROLE",
    number: 6002,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin],
    verdict: Verdict::Forbidden,
    prior: 2,
    fix: Fix::Manual,
    title: Text::new(
        "The credential of {name} works, but its user has no right to this at {service}.",
        "接続 {name} の認証情報は有効ですが、そのユーザーに {service} での権限がありません。",
    ),
    why: Text::new(
        "The role or profile of the user who owns the key does not include this right.",
        "キーを発行したユーザーの役割やプロファイルに、必要な権限が含まれていません。",
    ),
    evidence: Text::new(
        "The sign-in succeeded, and the service names a missing role, profile or user right.",
        "認証は成功し、外部サービスが役割・プロファイル・ユーザー権限の不足を示しています。",
    ),
    steps: &[
        Step::new(
            "Ask the {service} administrator to give the key's owner the right that is named in the answer.",
            "応答に示された権限を、キー所有者に付与するよう {service} の管理者に依頼してください。",
        ),
        Step::run(
            "conn test {name}",
            "Then test again; no new key is needed.",
            "付与後に再度テストしてください。キーの再発行は不要です。",
        ),
    ],
};

/// The credential of `name` works, but some data cannot be read: `resources`.
pub static RESOURCE: Cause = Cause {
    code: "CONN-PERM-RESOURCE",
    number: 6003,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin],
    verdict: Verdict::Forbidden,
    prior: 2,
    fix: Fix::Manual,
    title: Text::new(
        "The credential of {name} works, but some data cannot be read: {resources}.",
        "接続 {name} の認証情報は有効ですが、一部のデータを読み取れません（{resources}）。",
    ),
    why: Text::new(
        "The user who owns the key may see only part of the data, or a module is switched off for that \
         role.",
        "キーを発行したユーザーの権限が一部のデータに限られているか、役割に対して機能が無効になっています。",
    ),
    evidence: Text::new(
        "In the same run some of the declared reads succeeded and others were refused.",
        "同じ実行の中で、定義された読み取りの一部は成功し、一部は拒否されました。",
    ),
    steps: &[
        Step::new(
            "Ask the {service} administrator to give the key's owner read access to: {resources}.",
            "次のデータの閲覧権限をキー所有者に付与するよう、{service} の管理者に依頼してください: \
             {resources}",
        ),
        Step::run(
            "conn test {name}",
            "Then test again; no new key is needed.",
            "付与後に再度テストしてください。キーの再発行は不要です。",
        ),
    ],
};

/// The plan of your `service` account does not include this function.
pub static PLAN: Cause = Cause {
    code: "CONN-PERM-PLAN",
    number: 6004,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin, Who::Vendor],
    verdict: Verdict::Forbidden,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The plan of your {service} account does not include this function.",
        "ご契約の {service} のプランでは、この機能を利用できません。",
    ),
    why: Text::new(
        "The API or this part of it belongs to a higher edition, or a trial has ended.",
        "API またはその一部が上位プラン専用であるか、試用期間が終了した可能性があります。",
    ),
    evidence: Text::new(
        "The service names the plan, edition or licence in its answer.",
        "外部サービスが応答の中で、プラン・エディション・ライセンスを示しています。",
    ),
    steps: &[
        Step::new(
            "Compare your plan with the service's API documentation, and upgrade it or do without the \
             function.",
            "契約プランと外部サービスの API ドキュメントを照合し、プラン変更または機能の利用見送りを検討し\
             てください。",
        ),
        Step::run(
            "conn test {name}",
            "After a change of plan, test again.",
            "プランを変更したら再度テストしてください。",
        ),
    ],
};

/// The API is switched off for this account at `service`.
pub static API_DISABLED: Cause = Cause {
    code: "CONN-PERM-API-DISABLED",
    number: 6005,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin],
    verdict: Verdict::Forbidden,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The API is switched off for this account at {service}.",
        "{service} でこのアカウントの API 利用が無効になっています。",
    ),
    why: Text::new(
        "API access is off by default, was switched off by an administrator, or is not enabled for this \
         project or user.",
        "初期設定で無効になっているか、管理者が無効にしたか、このプロジェクトやユーザーでは有効化されていま\
         せん。",
    ),
    evidence: Text::new(
        "The service says that its API is disabled for the organisation, project, integration or user.",
        "外部サービスが、組織・プロジェクト・連携・ユーザーに対して API が無効であると示しています。",
    ),
    steps: &[
        Step::new(
            "Ask the {service} administrator to switch on API access in the service's settings ({console}).",
            "{service} の設定（{console}）で API の利用を有効にするよう、管理者に依頼してください。",
        ),
        Step::run(
            "conn test {name}",
            "Then test again; some services need a few minutes.",
            "有効化後に再度テストしてください。反映に数分かかる場合があります。",
        ),
    ],
};

/// The app registered at `service` may not do this.
pub static APP: Cause = Cause {
    code: "CONN-PERM-APP",
    number: 6006,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin],
    verdict: Verdict::Forbidden,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The app registered at {service} may not do this.",
        "{service} に登録されたアプリに、この操作の権限がありません。",
    ),
    why: Text::new(
        "The app's registration lacks a permission, or the app was not installed again after a change.",
        "アプリの登録内容に権限が不足しているか、変更後に再インストールされていません。",
    ),
    evidence: Text::new(
        "The service refuses the app or token type as such, whoever the user is.",
        "ユーザーにかかわらず、アプリまたはトークンの種類そのものが拒否されています。",
    ),
    steps: &[
        Step::new(
            "Open the app's registration at {service}, add the permission, and install or approve the app \
             again.",
            "{service} のアプリ登録画面で権限を追加し、再インストールまたは再承認してください。",
        ),
        Step::run(
            "conn reconnect {name}",
            "Then use the credential that the app shows now.",
            "その後、アプリに現在表示されている認証情報を登録してください。",
        ),
    ],
};

/// The organisation behind `name` is no longer linked with this credential at `service`.
pub static TENANT: Cause = Cause {
    code: "CONN-PERM-TENANT",
    number: 6007,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::ServiceAdmin],
    verdict: Verdict::Forbidden,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The organisation behind {name} is no longer linked with this credential at {service}.",
        "接続 {name} の組織と認証情報との連携が、{service} 側で解除されています。",
    ),
    why: Text::new(
        "Somebody disconnected the organisation, or a sandbox organisation is addressed with a production \
         credential.",
        "組織との連携が解除されたか、本番用の認証情報でサンドボックスの組織を呼び出しています。",
    ),
    evidence: Text::new(
        "The credential is accepted in general, and the refusal concerns this one organisation.",
        "認証情報自体は受け付けられており、この組織に対してのみ拒否されました。",
    ),
    steps: &[
        Step::run(
            "conn show {name}",
            "Check the organisation and the environment of the connection.",
            "接続の組織と環境（本番／サンドボックス）を確認してください。",
        ),
        Step::run(
            "conn reconnect {name}",
            "Then link the organisation again.",
            "そのうえで、組織との連携を再設定してください。",
        ),
    ],
};

/// A field that the call names is hidden from the user or does not exist at `service`.
pub static FIELD: Cause = Cause {
    code: "CONN-PERM-FIELD",
    number: 6008,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin],
    verdict: Verdict::Forbidden,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "A field that the call names is hidden from the user or does not exist at {service}.",
        "呼び出しで指定した項目が、{service} でユーザーに非公開か、存在しません。",
    ),
    why: Text::new(
        "Field-level rights hide it from the key's owner, or the field was renamed.",
        "項目レベルの権限で非表示になっているか、項目名が変更された可能性があります。",
    ),
    evidence: Text::new(
        "The service names an unknown or invisible field or column.",
        "外部サービスが、不明または参照できない項目名を示しています。",
    ),
    steps: &[
        Step::new(
            "Ask the {service} administrator to make the field visible to the key's owner, or leave it out \
             of the request.",
            "項目をキー所有者に表示するよう {service} の管理者に依頼するか、要求から項目を外してください。",
        ),
        Step::run("conn test {name}", "Then test again.", "変更後に再度テストしてください。"),
    ],
};

/// `service` knows the credential of `name` but refuses this call.
pub static UNKNOWN: Cause = Cause {
    code: "CONN-PERM-UNKNOWN",
    number: 6009,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin],
    verdict: Verdict::Forbidden,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "{service} knows the credential of {name} but refuses this call.",
        "{service} は接続 {name} の認証情報を認識していますが、この呼び出しを拒否しました。",
    ),
    why: Text::new(
        "A right, a plan or a setting is missing; the answer does not say which.",
        "権限・プラン・設定のいずれかが不足していますが、応答からはどれかを特定できません。",
    ),
    evidence: Text::new(
        "The service itself answered 403, and no rule says more.",
        "外部サービス本体が 403 を返し、原因を絞り込める規則がありませんでした。",
    ),
    steps: &[
        Step::new(
            "Show the service's words to the {service} administrator.",
            "外部サービスの応答内容を {service} の管理者に見せてください。",
        ),
        Step::new(
            "Ask whether the key's owner has the role, the plan and the API access that this call needs.",
            "この呼び出しに必要な役割・プラン・API 利用設定がキー所有者にあるかどうかを確認してください。",
        ),
    ],
};

/// The credential of `name` may do more than this connection needs.
pub static EXCESS: Cause = Cause {
    code: "CONN-PERM-EXCESS",
    number: 6010,
    severity: Severity::Warning,
    exit: ExitClass::Warnings,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Warning,
    prior: 0,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The credential of {name} may do more than this connection needs.",
        "接続 {name} の認証情報には、必要以上の権限があります。",
    ),
    why: Text::new(
        "It was created with broad rights, often because that is the default.",
        "既定のまま、広い権限で作成された可能性があります。",
    ),
    evidence: Text::new(
        "The scopes that were granted go beyond those that the connector asks for.",
        "付与されたスコープが、コネクターの必要とする範囲を超えています。",
    ),
    steps: &[Step::run(
        "conn reconnect {name}",
        "When convenient, create a credential with only these scopes: {scopes}.",
        "都合のよいときに、次のスコープだけを持つ認証情報に置き換えてください: {scopes}",
    )],
};
