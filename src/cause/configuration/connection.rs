//! What a connection names or lacks.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[
    &CONNECTION_UNKNOWN,
    &CONNECTOR_UNKNOWN,
    &KIND_UNSUPPORTED,
    &VARIABLE_MISSING,
    &VALUE_FORM,
    &ENVIRONMENT_UNKNOWN,
];

/// There is no connection named `name`.
pub static CONNECTION_UNKNOWN: Cause = Cause {
    code: "CONN-CFG-CONNECTION-UNKNOWN",
    number: 1019,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new("There is no connection named {name}.", "{name} という接続はありません。"),
    why: Text::new(
        "The name is misspelt, or the connection stands in another configuration file.",
        "名前の入力誤り、または別の設定ファイルに定義されている可能性があります。",
    ),
    evidence: Text::new(
        "None of the files that were read holds this link name.",
        "読み込んだどのファイルにも、このリンク名がありません。",
    ),
    steps: &[
        Step::run("conn list", "See which connections there are.", "登録済みの接続を確認してください。"),
        Step::run("conn add {name}", "Or add it.", "または、新しく追加してください。"),
    ],
};

/// There is no connector named `connector`.
pub static CONNECTOR_UNKNOWN: Cause = Cause {
    code: "CONN-CFG-CONNECTOR-UNKNOWN",
    number: 1020,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "There is no connector named {connector}.",
        "{connector} というコネクターはありません。",
    ),
    why: Text::new(
        "The name is misspelt, or the file that defines the connector was not found.",
        "名前の入力誤り、またはコネクターを定義したファイルが見つからない可能性があります。",
    ),
    evidence: Text::new(
        "Neither the built-in catalogue nor the configuration files know it.",
        "組み込みのカタログにも設定ファイルにも見つかりません。",
    ),
    steps: &[
        Step::run(
            "conn connectors search {connector}",
            "Look for the service under another name.",
            "別の名前でサービスを検索してください。",
        ),
        Step::run(
            "conn connectors new",
            "Or define the service yourself.",
            "または、サービスをご自身で定義してください。",
        ),
    ],
};

/// Neither `connector` nor the connection knows the environment.
pub static ENVIRONMENT_UNKNOWN: Cause = Cause {
    code: "CONN-CFG-ENVIRONMENT-UNKNOWN",
    number: 1025,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "{environment} is not an environment of {name}.",
        "{name} に {environment} という環境はありません。",
    ),
    why: Text::new(
        "The name is misspelt, or the service has no such environment.",
        "名前の入力誤り、またはこのサービスにその環境がない可能性があります。",
    ),
    evidence: Text::new(
        "Neither the connector nor the connection names it, and it is not production; nothing was sent.",
        "コネクターにも接続にも定義がなく、production でもありません。まだ何も送信していません。",
    ),
    steps: &[Step::run(
        "conn connectors show {connector}",
        "See which environments there are, and name one of them with --environment.",
        "使える環境を確認し、その名前を --environment に指定してください。",
    )],
};

/// How [`ENVIRONMENT_UNKNOWN`] is said where several connections are meant.
pub const ENVIRONMENT_UNKNOWN_TO_ALL: Text = Text::new(
    "None of these connections has the environment {environment}.",
    "対象の接続の中に、{environment} という環境を持つものはありません。",
);

/// The connector describes a way to obtain tokens that this version of conn does not know.
pub static KIND_UNSUPPORTED: Cause = Cause {
    code: "CONN-CFG-KIND-UNSUPPORTED",
    number: 1021,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "This version of conn does not know the way in which {name} authenticates.",
        "このバージョンの conn は、接続 {name} の認証の種類に対応していません。",
    ),
    why: Text::new(
        "The connector describes a grant or a proof of the application that conn cannot make.",
        "conn が対応していないトークンの取得方法、またはアプリケーションの証明方法が指定されています。",
    ),
    evidence: Text::new(
        "The auth method asks for {kind}; nothing was sent.",
        "認証の種類に {kind} が指定されています。まだ何も送信していません。",
    ),
    steps: &[
        Step::run(
            "conn connectors show {connector}",
            "See whether the service offers another auth method, such as an API key.",
            "API キーなど、別の種類の認証が提供されているかどうかを確認してください。",
        ),
        Step::new(
            "If there is one, set it as the method of the connection; if not, wait for a newer version of \
             conn.",
            "別の方法があれば接続の method に指定し、なければ conn の新しいバージョンをお待ちください。",
        ),
    ],
};

/// `name` lacks a value for `field`.
pub static VARIABLE_MISSING: Cause = Cause {
    code: "CONN-CFG-VARIABLE-MISSING",
    number: 1022,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new("{name} lacks a value for {field}.", "接続 {name} に {field} の値がありません。"),
    why: Text::new(
        "It was not asked for when the connection was made, or the connector needs it only since a new \
         version.",
        "接続の作成時に入力されなかったか、コネクターの更新で必要になった可能性があります。",
    ),
    evidence: Text::new(
        "The connector needs the variable to build an address or a header, and no file gives it.",
        "アドレスやヘッダーの作成に必要な変数が、どのファイルにも指定されていません。",
    ),
    steps: &[Step::run(
        "conn reconnect {name}",
        "Enter the value; nothing was sent.",
        "値を入力してください。まだ何も送信していません。",
    )],
};

/// The value of `field` in `name` does not have the expected form.
pub static VALUE_FORM: Cause = Cause {
    code: "CONN-CFG-VALUE-FORM",
    number: 1023,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The value of {field} in {name} does not have the expected form.",
        "接続 {name} の {field} の値が、想定される形式ではありません。",
    ),
    why: Text::new(
        "It was mistyped, or the value of another field was pasted.",
        "入力誤り、または別の項目の値を貼り付けた可能性があります。",
    ),
    evidence: Text::new(
        "The value does not match the pattern or the choices of the connector.",
        "値が、コネクターの定める形式または選択肢に一致しません。",
    ),
    steps: &[Step::run(
        "conn reconnect {name}",
        "Enter it again; the connector gives an example.",
        "入力例を参考に、入力し直してください。",
    )],
};
