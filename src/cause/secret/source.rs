//! What is wrong with where a secret comes from.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] =
    &[&MISSING, &ENV_MISSING, &COMMAND_FAILED, &FILE_UNREADABLE, &ENV_OVERRIDE, &EXPOSED];

/// The secret of `name` is not in the store.
pub static MISSING: Cause = Cause {
    code: "CONN-SEC-MISSING",
    number: 1101,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 2,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The secret of {name} is not in the store.",
        "接続 {name} の秘密情報が保管場所にありません。",
    ),
    why: Text::new(
        "You are on another machine or signed in as another user, or the item was deleted.",
        "別の端末やユーザーで作業しているか、項目が削除された可能性があります。",
    ),
    evidence: Text::new(
        "The store works and has no item for this connection; nothing was sent.",
        "保管場所は正常ですが、この接続の項目がありません。まだ何も送信していません。",
    ),
    steps: &[Step::run(
        "conn reconnect {name}",
        "Enter the secret again.",
        "秘密情報を入力し直してください。",
    )],
};

/// The environment variable `variable` that holds a secret of `name` is not set.
pub static ENV_MISSING: Cause = Cause {
    code: "CONN-SEC-ENV-MISSING",
    number: 1118,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The environment variable {variable} that holds a secret of {name} is not set.",
        "接続 {name} の秘密情報を持つ環境変数 {variable} が設定されていません。",
    ),
    why: Text::new(
        "The shell or CI job does not export it, or its name is misspelt.",
        "シェルや CI で設定されていないか、変数名が誤っています。",
    ),
    evidence: Text::new(
        "The connection refers to the variable, and it is missing or empty.",
        "接続がこの変数を参照していますが、未設定または空です。",
    ),
    steps: &[
        Step::new(
            "Export {variable} in the shell, or add it to the secrets of the CI job.",
            "シェルで {variable} を設定するか、CI のシークレットに追加してください。",
        ),
        Step::run(
            "conn reconnect {name} --secret {parameter}=-",
            "Or keep the secret in the store instead.",
            "または、秘密情報を保管場所に登録してください。",
        ),
    ],
};

/// The command that should deliver a secret of `name` failed.
pub static COMMAND_FAILED: Cause = Cause {
    code: "CONN-SEC-COMMAND-FAILED",
    number: 1119,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The command that should deliver a secret of {name} failed.",
        "接続 {name} の秘密情報を取得するコマンドが失敗しました。",
    ),
    why: Text::new(
        "You are not signed in to the password manager, or the item was renamed.",
        "パスワード管理ツールにログインしていないか、項目名が変更された可能性があります。",
    ),
    evidence: Text::new(
        "The command {command} could not be started, ended with an error, printed nothing or took too long.",
        "コマンド {command} が起動できない、エラーで終了した、出力がない、または時間切れになりました。",
    ),
    steps: &[
        Step::new(
            "Run the command yourself in the same shell, and sign in to the password manager if it asks.",
            "同じシェルでコマンドを直接実行し、必要に応じてパスワード管理ツールにログインしてください。",
        ),
        Step::run("conn test {name}", "Then test again.", "その後、再度テストしてください。"),
    ],
};

/// The file `file` with a secret cannot be read.
pub static FILE_UNREADABLE: Cause = Cause {
    code: "CONN-SEC-FILE-UNREADABLE",
    number: 1120,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The file {file} with a secret cannot be read.",
        "秘密情報のファイル {file} を読み取れません。",
    ),
    why: Text::new(
        "The path is wrong, or your user has no right to read it.",
        "パスの誤り、または読み取り権限の不足が考えられます。",
    ),
    evidence: Text::new(
        "The system refused to open the file, or it is empty or no text.",
        "システムがファイルを開けないか、ファイルが空またはテキストではありません。",
    ),
    steps: &[
        Step::new("Check the path and the rights of {file}.", "{file} のパスと権限を確認してください。"),
        Step::run(
            "conn reconnect {name} --secret KEY=file:PATH",
            "Then give it again.",
            "その後、再度指定してください。",
        ),
    ],
};

/// The environment variable `variable` overrides the stored secret of `name`.
pub static ENV_OVERRIDE: Cause = Cause {
    code: "CONN-SEC-ENV-OVERRIDE",
    number: 1111,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The environment variable {variable} overrides the stored secret of {name}.",
        "環境変数 {variable} が、接続 {name} の保存済みの秘密情報より優先されています。",
    ),
    why: Text::new(
        "An old value is still exported in the shell or CI job.",
        "シェルや CI に古い値が残っている可能性があります。",
    ),
    evidence: Text::new(
        "The variable and the store hold different secrets.",
        "環境変数と保管場所の秘密情報が異なります。",
    ),
    steps: &[
        Step::new(
            "Unset {variable}, or give it the current value.",
            "{variable} を削除するか、現在の値に更新してください。",
        ),
        Step::run("conn test {name}", "Then test again.", "その後、再度テストしてください。"),
    ],
};

/// A secret of `name` lies where others can read it.
pub static EXPOSED: Cause = Cause {
    code: "CONN-SEC-EXPOSED",
    number: 1112,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::ServiceAdmin],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "A secret of {name} lies where others can read it.",
        "接続 {name} の秘密情報が、他者から読み取れる場所にあります。",
    ),
    why: Text::new(
        "It was pasted into a configuration file or an address, or the file may be read by every user.",
        "設定ファイルやアドレスに貼り付けたか、ファイルを全ユーザーが読み取れる状態です。",
    ),
    evidence: Text::new(
        "A secret was found in clear text at {place}.",
        "{place} に平文の秘密情報が見つかりました。",
    ),
    steps: &[
        Step::new(
            "Have a new key issued at {service} ({console}): treat the old one as known to others.",
            "古いキーは漏えいしたものとみなし、{service}（{console}）で新しいキーを発行してください。",
        ),
        Step::run(
            "conn reconnect {name}",
            "Enter the new key, so that the store keeps it, and delete the old one from {place}.",
            "新しいキーを入力して保管場所に登録し、{place} から古いキーを削除してください。",
        ),
    ],
};
