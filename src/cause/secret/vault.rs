//! What is wrong with the vault, the sealed file that keeps secrets.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[&VAULT_KEY, &VAULT_WRONG_KEY, &VAULT_EXPOSED, &VAULT_DAMAGED];

/// The vault needs its passphrase or key file.
pub static VAULT_KEY: Cause = Cause {
    code: "CONN-SEC-VAULT-KEY",
    number: 1116,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The vault needs its passphrase or key file.",
        "ボールトを開くためのパスフレーズまたはキーファイルがありません。",
    ),
    why: Text::new(
        "conn runs without a terminal and was given no key, or the key file that it was given is not there.",
        "ターミナルのない環境でキーが指定されていないか、指定されたキーファイルがありません。",
    ),
    evidence: Text::new(
        "The vault is sealed, and nothing was given that could open it.",
        "ボールトは暗号化されていますが、開くための情報が渡されていません。",
    ),
    steps: &[Step::run(
        "conn doctor --store vault",
        "Let CONN_VAULT_KEY_FILE name a key file that is there, or CONN_VAULT_PASSPHRASE hold the passphrase, then \
         check; or run conn on a terminal and type the passphrase.",
        "環境変数 CONN_VAULT_KEY_FILE に実在するキーファイルのパス、または CONN_VAULT_PASSPHRASE にパスフレーズを設定\
         してから確認するか、ターミナルで実行してパスフレーズを入力してください。",
    )],
};

/// The passphrase or key does not open the vault.
pub static VAULT_WRONG_KEY: Cause = Cause {
    code: "CONN-SEC-VAULT-WRONG-KEY",
    number: 1117,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The passphrase or key does not open the vault.",
        "パスフレーズまたはキーが正しくないため、ボールトを開けません。",
    ),
    why: Text::new(
        "It was mistyped, or the vault was sealed with another key.",
        "入力誤り、または別のキーで暗号化されたボールトである可能性があります。",
    ),
    evidence: Text::new(
        "The vault did not open; its file is untouched.",
        "ボールトを開けませんでした。ファイルは変更していません。",
    ),
    steps: &[
        Step::new(
            "Try again with care for upper case and the keyboard layout.",
            "大文字・小文字とキーボード配列に注意して、再度入力してください。",
        ),
        Step::run(
            "conn doctor --store vault",
            "See which vault file is used, and whether it is the one you mean.",
            "使用中のボールトのファイルが意図したものかどうかを確認してください。",
        ),
    ],
};

/// Other users of this machine can read or change the vault file.
pub static VAULT_EXPOSED: Cause = Cause {
    code: "CONN-SEC-VAULT-EXPOSED",
    number: 1121,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "Other users of this machine can read or change the vault file.",
        "この端末の他のユーザーが、ボールトのファイルを読み取りまたは変更できる状態です。",
    ),
    why: Text::new(
        "The file or its folder was copied or restored with wide rights.",
        "コピーや復元の際に、ファイルまたはフォルダーの権限が広くなった可能性があります。",
    ),
    evidence: Text::new(
        "The rights of the file or its folder admit others; conn did not use it.",
        "ファイルまたはフォルダーの権限が他者にも与えられているため、conn は使用を中止しました。",
    ),
    steps: &[Step::run(
        "conn doctor --store vault",
        "See which file it is, and take the rights away from others (on Linux and a Mac: chmod 600 \
             FILE).",
        "対象のファイルを確認し、他者の権限を取り除いてください（Linux と Mac では chmod 600 FILE）。",
    )],
};

/// The vault file is damaged.
pub static VAULT_DAMAGED: Cause = Cause {
    code: "CONN-SEC-VAULT-DAMAGED",
    number: 1122,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new("The vault file is damaged.", "ボールトのファイルが壊れています。"),
    why: Text::new(
        "A copy broke off, another program changed it, or a newer conn wrote it.",
        "コピーの中断、別のプログラムによる変更、または新しいバージョンの conn による作成が考えられます。",
    ),
    evidence: Text::new(
        "The file was read, and it is not what conn wrote; it is untouched.",
        "ファイルを読み取りましたが、conn が書き込んだ内容ではありません。ファイルは変更していません。",
    ),
    steps: &[
        Step::new(
            "If there is a backup of the file, put it back.",
            "バックアップがある場合は、元に戻してください。",
        ),
        Step::run(
            "conn reconnect {name}",
            "Else move the file aside and enter the secrets again. What is lost: every secret in the vault; \
             connections and states stay.",
            "ない場合は、ファイルを別の場所に移してから秘密情報を入力し直してください。失われるのはボールト内の\
             秘密情報だけで、接続と状態は残ります。",
        ),
    ],
};
