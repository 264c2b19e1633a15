//! The service does not accept the key or password itself.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[
    &REJECTED,
    &NOT_SENT,
    &KEY_UNKNOWN,
    &KEY_ROTATED,
    &KEY_EXPIRED,
    &KEY_EXPIRES_SOON,
    &PASSWORD_CHANGED,
    &SIGNATURE,
    &ANONYMOUS,
];

/// `service` does not accept the credential of `name`.
pub static REJECTED: Cause = Cause {
    code: "CONN-AUTH-REJECTED",
    number: 5001,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::ServiceAdmin],
    verdict: Verdict::Rejected,
    prior: 2,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "{service} does not accept the credential of {name}.",
        "{service} が接続 {name} の認証情報を受け付けていません。",
    ),
    why: Text::new(
        "The value was mistyped or belongs to another account, it was changed or withdrawn, or its owner was \
         deactivated. The answer does not say which.",
        "値の入力誤りや別アカウントの値の使用、値の変更や取り消し、所有者の無効化が考えられます。応答からはどれかを\
         特定できません。",
    ),
    evidence: Text::new(
        "The service itself answered 401, and no rule, header or earlier result says anything finer.",
        "外部サービス本体が 401 を返し、原因をさらに絞り込める規則・ヘッダー・履歴がありませんでした。",
    ),
    steps: &[
        Step::run(
            "conn reconnect {name}",
            "Check at {service} ({console}) that the credential is still valid ({label}), then enter it again; the old \
             value is kept until the new one works.",
            "{label} が正しいかどうかを {service} の管理画面（{console}）で確認し、入力し直してください。新しい値の動作が\
             確認できるまで、以前の値は残ります。",
        ),
        Step::new(
            "If it is valid, ask the {service} administrator whether the user to whom it belongs is still active.",
            "値が正しい場合は、その所有者であるユーザーが有効かどうかを {service} の管理者に確認してください。",
        ),
    ],
};

/// The steps of `CONN-AUTH-REJECTED` where the credential is a token that the service issued: nobody typed it.
pub static TOKEN_STEPS: &[Step] = &[
    Step::run(
        "conn reconnect {name}",
        "Authorise again, so that {service} issues a new token; the old one is kept until the new one works.",
        "認証をやり直して、{service} から新しいトークンを取得してください。新しいトークンの動作が確認できるまで、以前の\
         トークンは残ります。",
    ),
    Step::new(
        "If the new token is refused as well, ask the {service} administrator whether the application and the user \
         who authorised it are still active.",
        "新しいトークンも拒否される場合は、アプリケーションと、認証したユーザーが有効かどうかを {service} の管理者に確認\
         してください。",
    ),
];

/// `service` did not find any credential in the request.
pub static NOT_SENT: Cause = Cause {
    code: "CONN-AUTH-NOT-SENT",
    number: 5002,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "{service} did not find any credential in the request.",
        "{service} に送った要求に、認証情報が含まれていないと判定されました。",
    ),
    why: Text::new(
        "The connector sends the credential under a wrong header or parameter name, or in the wrong place \
         (query instead of header).",
        "コネクターが指定するヘッダー名やパラメーター名が誤っているか、送信場所（クエリとヘッダー）が違って\
         いる可能性があります。",
    ),
    evidence: Text::new(
        "The service says that the credential is missing, or it answers the same with and without it.",
        "外部サービスが認証情報の不足を明示したか、認証情報の有無にかかわらず同じ応答でした。",
    ),
    steps: &[
        Step::run(
            "conn show {name}",
            "See where the credential travels, and compare the header or parameter name with the service's \
             documentation.",
            "認証情報の送信場所を表示し、ヘッダー名・パラメーター名を外部サービスのドキュメントと照合してく\
             ださい。",
        ),
        Step::run(
            "conn lint",
            "Correct the auth table of the connector, then check the file.",
            "コネクターの auth の記述を直し、ファイルを検査してください。",
        ),
    ],
};

/// `service` does not know the key of `name`.
pub static KEY_UNKNOWN: Cause = Cause {
    code: "CONN-AUTH-KEY-UNKNOWN",
    number: 5003,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Rejected,
    prior: 2,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "{service} does not know the key of {name}.",
        "接続 {name} のキーは {service} に登録されていません。",
    ),
    why: Text::new(
        "The key was copied incompletely, or it belongs to another account or another instance of the \
         service.",
        "キーのコピー漏れ、または別のアカウントや別の環境のキーを使っている可能性があります。",
    ),
    evidence: Text::new(
        "The service answers 401, answers the same to a made-up key, and this key never worked here.",
        "外部サービスが 401 を返し、架空のキーでも同じ応答であり、このキーで成功した履歴もありません。",
    ),
    steps: &[
        Step::run(
            "conn reconnect {name}",
            "Copy the whole key again from {service} ({console}) and enter it.",
            "{service} の管理画面（{console}）からキー全体をコピーし直して入力してください。",
        ),
        Step::new(
            "Make sure that you are signed in to the account that this connection is meant for.",
            "この接続で使うアカウントにログインしているかどうかを確認してください。",
        ),
    ],
};

/// The key of `name` used to work, and now `service` no longer knows it.
pub static KEY_ROTATED: Cause = Cause {
    code: "CONN-AUTH-KEY-ROTATED",
    number: 5004,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin, Who::You],
    verdict: Verdict::Rejected,
    prior: 2,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The key of {name} used to work, and now {service} no longer knows it.",
        "接続 {name} のキーは以前は有効でしたが、現在 {service} では無効になっています。",
    ),
    why: Text::new(
        "Somebody regenerated or deleted the key. Copies of the old key usually stop working at once.",
        "キーが再生成または削除された可能性があります。多くの場合、古いキーはすぐに使えなくなります。",
    ),
    evidence: Text::new(
        "The same key succeeded earlier and is refused now, and a made-up key gets the same answer.",
        "同じキーで以前は成功していましたが、現在は拒否され、架空のキーでも同じ応答です。",
    ),
    steps: &[
        Step::run(
            "conn reconnect {name}",
            "Enter the key that {service} shows now ({console}).",
            "{service} の管理画面（{console}）に現在表示されているキーを入力してください。",
        ),
        Step::new(
            "Ask who regenerated the key and why: if it had leaked, other places that use it must change \
             too.",
            "誰がなぜ再生成したのかを確認してください。漏えいが理由であれば、同じキーを使う他の場所も変更が\
             必要です。",
        ),
    ],
};

/// The key of `name` has reached the end of its validity.
pub static KEY_EXPIRED: Cause = Cause {
    code: "CONN-AUTH-KEY-EXPIRED",
    number: 5005,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::ServiceAdmin],
    verdict: Verdict::Rejected,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The key of {name} has reached the end of its validity.",
        "接続 {name} のキーは有効期限が切れています。",
    ),
    why: Text::new(
        "Keys of this kind live for a limited time, and nobody replaced this one before its end.",
        "この種類のキーには有効期間があり、期限までに更新されませんでした。",
    ),
    evidence: Text::new(
        "The recorded end of validity has passed, or the service names the expiry in its answer.",
        "記録された有効期限を過ぎているか、外部サービスが応答の中で期限切れを示しています。",
    ),
    steps: &[
        Step::run(
            "conn reconnect {name}",
            "Issue a new key at {service} ({console}) and enter it.",
            "{service}（{console}）で新しいキーを発行し、入力してください。",
        ),
        Step::new(
            "If the service allows it, choose a longer validity, and note the end date for the person in \
             charge.",
            "可能であれば有効期間を長めに設定し、期限日を担当者に共有してください。",
        ),
    ],
};

/// The key of `name` ends on `date`.
pub static KEY_EXPIRES_SOON: Cause = Cause {
    code: "CONN-AUTH-KEY-EXPIRES-SOON",
    number: 5006,
    severity: Severity::Warning,
    exit: ExitClass::Warnings,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Warning,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new("The key of {name} ends on {date}.", "接続 {name} のキーは {date} に期限が切れます。"),
    why: Text::new(
        "The service gives keys of this kind a limited life.",
        "外部サービスがこの種類のキーに有効期間を設けています。",
    ),
    evidence: Text::new(
        "The end of validity is known and less than 14 days away.",
        "有効期限が判明しており、残り 14 日未満です。",
    ),
    steps: &[Step::run(
        "conn reconnect {name}",
        "Issue a new key at {service} before that day and enter it; the old one stays until the new \
             one works.",
        "期限日までに {service} で新しいキーを発行して入力してください。新しいキーが確認できるまで、以\
             前のキーは残ります。",
    )],
};

/// The password of `name` no longer works, probably because it was changed.
pub static PASSWORD_CHANGED: Cause = Cause {
    code: "CONN-AUTH-PASSWORD-CHANGED",
    number: 5016,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Rejected,
    prior: 2,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The password of {name} no longer works, probably because it was changed.",
        "接続 {name} のパスワードが通らなくなりました。変更された可能性があります。",
    ),
    why: Text::new(
        "The user changed the password, an administrator reset it, or a policy forced a change.",
        "ユーザーによる変更、管理者によるリセット、またはポリシーによる強制変更が考えられます。",
    ),
    evidence: Text::new(
        "User name and password were accepted earlier and are refused now.",
        "同じユーザー名とパスワードで以前は成功していましたが、現在は拒否されています。",
    ),
    steps: &[
        Step::run("conn reconnect {name}", "Enter the new password.", "新しいパスワードを入力してください。"),
        Step::new(
            "Where the service offers API keys, prefer one: a key survives a change of password.",
            "外部サービスが API キーを提供している場合は、パスワード変更の影響を受けないキーの利用を検討し\
             てください。",
        ),
    ],
};

/// `service` says that the signature of the request is wrong.
pub static SIGNATURE: Cause = Cause {
    code: "CONN-AUTH-SIGNATURE",
    number: 5013,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Rejected,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "{service} says that the signature of the request is wrong.",
        "{service} が、要求の署名が正しくないと応答しました。",
    ),
    why: Text::new(
        "The signing secret is wrong, parameters are encoded differently on both sides, or a proxy changed \
         the request on the way.",
        "署名用シークレットの誤り、パラメーターの符号化方法の違い、または途中のプロキシによる要求の書き換え\
         が考えられます。",
    ),
    evidence: Text::new(
        "The service names the signature in its refusal, and the clock of this machine is right.",
        "外部サービスが署名の不一致を示しており、この端末の時刻は正確です。",
    ),
    steps: &[
        Step::run(
            "conn reconnect {name}",
            "Enter the signing secret again, whole and without spaces.",
            "署名用シークレットを、空白を含めず全体を入力し直してください。",
        ),
        Step::run(
            "conn diagnose {name} --why",
            "If it still fails, see whether the request passes a proxy that may rewrite it.",
            "解決しない場合は、要求を書き換えるプロキシを経由していないか確認してください。",
        ),
    ],
};

/// `service` answered, but it treated the request as nobody's.
pub static ANONYMOUS: Cause = Cause {
    code: "CONN-AUTH-ANONYMOUS",
    number: 5014,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Rejected,
    prior: 0,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "{service} answered, but it treated the request as nobody's.",
        "{service} は応答しましたが、ログインしていない利用者として扱われました。",
    ),
    why: Text::new(
        "Some services ignore a credential they do not accept and go on without one.",
        "認証情報が無効な場合に、拒否せず未認証のまま処理を続ける外部サービスがあります。",
    ),
    evidence: Text::new(
        "The status is a success, but the identity in the answer is anonymous, or a header says that the \
         sign-in failed.",
        "ステータスは成功ですが、応答中の利用者が匿名であるか、ヘッダーが認証失敗を示しています。",
    ),
    steps: &[Step::run(
        "conn reconnect {name}",
        "Enter a current key or token; treat the present one as refused.",
        "現在の認証情報は拒否されたものとして扱い、有効なキーまたはトークンを入力してください。",
    )],
};
