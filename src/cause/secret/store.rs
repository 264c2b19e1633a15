//! What is wrong with the place where secrets are kept.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[
    &STORE_LOCKED,
    &STORE_ABSENT,
    &STORE_ERROR,
    &STORE_NEVER_UNLOCKED,
    &STORE_HUNG,
    &STORE_DIED,
    &AMBIGUOUS,
    &TOO_LONG,
];

/// The secret store is locked.
pub static STORE_LOCKED: Cause = Cause {
    code: "CONN-SEC-STORE-LOCKED",
    number: 1102,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 2,
    fix: Fix::Manual,
    title: Text::new("The secret store is locked.", "秘密情報の保管場所（キーリング）がロックされています。"),
    why: Text::new(
        "You are signed in over SSH or in a fresh session, or the question for the password was dismissed.",
        "SSH や新しいセッションで作業しているか、パスワードの入力画面を閉じた可能性があります。",
    ),
    evidence: Text::new(
        "The store answered that it is locked, and nobody unlocked it.",
        "保管場所がロック中であると応答し、解除されませんでした。",
    ),
    steps: &[
        Step::new(
            "Unlock the keyring on your desktop (on Linux: Passwords and Keys; on a Mac: Keychain Access).",
            "デスクトップでキーリングを解除してください（Linux は「パスワードと鍵」、Mac は「キーチェーンア\
             クセス」）。",
        ),
        Step::run(
            "conn doctor",
            "Then check that the store works.",
            "その後、保管場所が使えることを確認してください。",
        ),
    ],
};

/// There is no secret store on this machine or in this session.
pub static STORE_ABSENT: Cause = Cause {
    code: "CONN-SEC-STORE-ABSENT",
    number: 1103,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 2,
    fix: Fix::Manual,
    title: Text::new(
        "There is no secret store on this machine or in this session.",
        "この端末またはセッションには、秘密情報の保管場所がありません。",
    ),
    why: Text::new(
        "A server, container or CI job has no desktop keyring.",
        "サーバー、コンテナー、CI にはデスクトップのキーリングがありません。",
    ),
    evidence: Text::new(
        "No keyring service answered to this session.",
        "このセッションで応答するキーリングサービスがありませんでした。",
    ),
    steps: &[
        Step::run(
            "conn reconnect {name} --store vault",
            "On a machine without a desktop, keep its secrets in the encrypted vault.",
            "デスクトップのない端末では、秘密情報の保存先を暗号化されたボールトにしてください。",
        ),
        Step::new(
            "In CI, let conn read the secret from a variable instead: add or reconnect with --secret KEY=env:VAR.",
            "CI では、add または reconnect に --secret KEY=env:VAR を指定し、環境変数から読み取ってください。",
        ),
    ],
};

/// The secret store failed.
pub static STORE_ERROR: Cause = Cause {
    code: "CONN-SEC-STORE-ERROR",
    number: 1104,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::NetworkAdmin],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new("The secret store failed.", "秘密情報の保管場所でエラーが発生しました。"),
    why: Text::new(
        "Its service crashed, or a policy of the system forbids the access.",
        "サービスの異常終了、またはシステムのポリシーによる禁止が考えられます。",
    ),
    evidence: Text::new(
        "The store returned an error that conn cannot place.",
        "保管場所が、分類できないエラーを返しました。",
    ),
    steps: &[Step::run(
        "conn doctor",
        "Read what the store said, restart its service or sign in again, and repeat.",
        "エラー内容を確認し、サービスの再起動または再ログイン後に再度実行してください。",
    )],
};

/// The keyring was started but never unlocked.
pub static STORE_NEVER_UNLOCKED: Cause = Cause {
    code: "CONN-SEC-STORE-NEVER-UNLOCKED",
    number: 1113,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The keyring was started but never unlocked.",
        "キーリングは起動していますが、一度もロックが解除されていません。",
    ),
    why: Text::new(
        "You are signed in without a password (automatic login, SSH), so the keyring did not get one \
         either.",
        "自動ログインや SSH ではパスワードが渡されないため、キーリングが解除されません。",
    ),
    evidence: Text::new(
        "The keyring looks empty when it is read, and refuses to store anything.",
        "読み取ると空に見え、書き込みは拒否されます。",
    ),
    steps: &[
        Step::new(
            "Open the keyring program of the desktop and enter the keyring password once.",
            "デスクトップのキーリングのプログラムを開き、パスワードを一度入力してください。",
        ),
        Step::run(
            "conn doctor",
            "Then check that the store works; on a server, use the vault instead.",
            "その後、保管場所が使えることを確認してください。サーバーではボールトを利用してください。",
        ),
    ],
};

/// The secret store did not answer in time.
pub static STORE_HUNG: Cause = Cause {
    code: "CONN-SEC-STORE-HUNG",
    number: 1114,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::Now,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The secret store did not answer in time.",
        "秘密情報の保管場所が時間内に応答しませんでした。",
    ),
    why: Text::new(
        "A question for the password may wait on another screen, or the keyring service hangs.",
        "別の画面でパスワード入力を待っているか、キーリングサービスが停止状態です。",
    ),
    evidence: Text::new(
        "The store took the question and stayed silent until the deadline.",
        "要求を受け付けた後、制限時間まで応答がありませんでした。",
    ),
    steps: &[
        Step::new(
            "Look for a password window behind others or on the machine's own screen.",
            "他のウィンドウの後ろや、この端末の画面に入力画面がないか確認してください。",
        ),
        Step::run(
            "conn doctor",
            "If there is none, sign out and in again, then check the store.",
            "見つからない場合は、サインアウトして再度サインインし、保管場所を確認してください。",
        ),
    ],
};

/// The secret store stopped while conn was asking it.
pub static STORE_DIED: Cause = Cause {
    code: "CONN-SEC-STORE-DIED",
    number: 1115,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::Now,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The secret store stopped while conn was asking it.",
        "conn の処理中に、秘密情報の保管場所が停止しました。",
    ),
    why: Text::new(
        "The keyring service crashed, or the session ended.",
        "キーリングサービスの異常終了、またはセッションの終了が考えられます。",
    ),
    evidence: Text::new(
        "The connection to the store broke off before it answered.",
        "応答の前に、保管場所との通信が切れました。",
    ),
    steps: &[Step::run(
        "conn doctor",
        "Sign in again or restart the keyring service, then check the store; the old secret is \
             untouched.",
        "再ログインまたはサービスの再起動後、保管場所を確認してください。以前の秘密情報は変更されていま\
             せん。",
    )],
};

/// The keyring holds several items for the same credential of `name`.
pub static AMBIGUOUS: Cause = Cause {
    code: "CONN-SEC-AMBIGUOUS",
    number: 1105,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The keyring holds several items for the same credential of {name}.",
        "接続 {name} の同じ認証情報が、キーリングに複数あります。",
    ),
    why: Text::new(
        "Another program or an older version stored it a second time.",
        "別のプログラムまたは古いバージョンが重複して保存した可能性があります。",
    ),
    evidence: Text::new(
        "The keyring returned more than one item with this name.",
        "キーリングが、この名前の項目を複数返しました。",
    ),
    steps: &[
        Step::new(
            "Open the keyring program of the desktop, look for the service \"conn\", and delete all items \
             of {name} but one.",
            "デスクトップのキーリングのプログラムで「conn」を検索し、{name} の項目を 1 つだけ残して削除して\
             ください。",
        ),
        Step::run("conn test {name}", "Then test again.", "その後、再度テストしてください。"),
    ],
};

/// The secret is longer than this store can hold.
pub static TOO_LONG: Cause = Cause {
    code: "CONN-SEC-TOO-LONG",
    number: 1106,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The secret is longer than this store can hold.",
        "秘密情報が、この保管場所の上限より長くなっています。",
    ),
    why: Text::new(
        "Long tokens and private keys do not fit into some system stores.",
        "長いトークンや秘密鍵は、一部のシステムの保管場所に収まりません。",
    ),
    evidence: Text::new("The store named its limit: {limit} bytes.", "保管場所の上限は {limit} バイトです。"),
    steps: &[
        Step::new(
            "Have the encrypted vault keep it: conn add --store vault for a new connection; for one that exists, set \
             secrets.KEY = \"vault\" in its definition.",
            "暗号化されたボールトに保管してください。新しい接続では conn add --store vault、既存の接続では定義に \
             secrets.キー = \"vault\" を設定します。",
        ),
        Step::run("conn reconnect {name}", "Then enter it again.", "その後、入力し直してください。"),
    ],
};
