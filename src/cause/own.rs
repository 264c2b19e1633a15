//! What concerns conn itself.

use super::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::base::Text;
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] =
    &[&UNKNOWN, &BUG, &RULE_CONFLICT, &STATE, &LOCK, &INTERRUPTED, &STATE_DAMAGED, &OPEN_FILES];

/// conn cannot tell what is wrong with `name`.
pub static UNKNOWN: Cause = Cause {
    code: "CONN-SELF-UNKNOWN",
    number: 9001,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unverified,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "conn cannot tell what is wrong with {name}.",
        "接続 {name} の原因を特定できませんでした。",
    ),
    why: Text::new(
        "The service answered in a way that no rule of conn knows yet.",
        "conn の規則にない応答が返されました。",
    ),
    evidence: Text::new(
        "All layers were looked at, and nothing fits.",
        "すべての段階を確認しましたが、該当する原因がありません。",
    ),
    steps: &[
        Step::run(
            "conn diagnose {name} --why",
            "Read what was seen and what was ruled out.",
            "確認できた事実と除外された原因を見てください。",
        ),
        Step::run(
            "conn diagnose {name} --save facts.json",
            "Save what was observed (no secret is in it), and show it to {service} support or to the makers of conn.",
            "観測した事実を保存し（秘密情報は含みません）、{service} のサポートまたは conn の開発元に見せてくださ\
             い。",
        ),
    ],
};

/// conn made a mistake of its own.
pub static BUG: Cause = Cause {
    code: "CONN-SELF-BUG",
    number: 9002,
    severity: Severity::Error,
    exit: ExitClass::Bug,
    retry: Retry::Never,
    who: &[Who::You],
    verdict: Verdict::Unverified,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new("conn made a mistake of its own.", "conn 自体に不具合があります。"),
    why: Text::new(
        "This is a bug in conn and not in your set-up.",
        "設定の問題ではなく、conn の不具合です。",
    ),
    evidence: Text::new(
        "conn met a state that it takes for impossible.",
        "conn が想定していない状態になりました。",
    ),
    steps: &[
        Step::run(
            "conn doctor",
            "Check that the installation is complete.",
            "インストールに問題がないか確認してください。",
        ),
        Step::new(
            "Report it to the makers of conn with the command, the version and the message.",
            "実行したコマンド、バージョン、メッセージを添えて、conn の開発元に報告してください。",
        ),
    ],
};

/// Two rules of the connector `connector` contradict each other.
pub static RULE_CONFLICT: Cause = Cause {
    code: "CONN-SELF-RULE-CONFLICT",
    number: 9003,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::Never,
    who: &[Who::You],
    verdict: Verdict::Unverified,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "Two rules of the connector {connector} contradict each other.",
        "コネクター {connector} の 2 つの規則が矛盾しています。",
    ),
    why: Text::new(
        "A rule is too broad and catches an answer that another one explains.",
        "一方の規則の条件が広すぎて、別の規則が説明する応答にも該当しています。",
    ),
    evidence: Text::new(
        "The same answer proves two different causes.",
        "同じ応答が、異なる 2 つの原因の確証とされています。",
    ),
    steps: &[Step::run(
        "conn lint",
        "See the rules and the sample answers of the connector, and narrow one of them.",
        "コネクターの規則と応答例を確認し、いずれかの条件を狭めてください。",
    )],
};

/// conn cannot write its own files.
pub static STATE: Cause = Cause {
    code: "CONN-SELF-STATE",
    number: 9004,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new("conn cannot write its own files.", "conn が自身のファイルに書き込めません。"),
    why: Text::new(
        "The disk is full, or the folder belongs to another user.",
        "ディスクの空き容量不足、またはフォルダーの所有者の違いが考えられます。",
    ),
    evidence: Text::new(
        "Reading or writing the state folder failed.",
        "状態フォルダーの読み書きに失敗しました。",
    ),
    steps: &[Step::run(
        "conn doctor",
        "See which folder it is, then free space or correct its rights.",
        "対象のフォルダーを確認し、空き容量を確保するか権限を直してください。",
    )],
};

/// The state file `file` is damaged, or not one of this conn.
pub static STATE_DAMAGED: Cause = Cause {
    code: "CONN-SELF-STATE-DAMAGED",
    number: 9007,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The state file {file} is damaged, or not one of this conn.",
        "状態ファイル {file} が壊れているか、この conn のファイルではありません。",
    ),
    why: Text::new(
        "Another program wrote to it, a copy broke off, or a newer conn made it.",
        "別のプログラムによる書き込み、コピーの中断、または新しいバージョンの conn による作成が考えられます。",
    ),
    evidence: Text::new(
        "The file was read, and it is not what conn writes.",
        "ファイルを読み取りましたが、conn が書き込む形式ではありません。",
    ),
    steps: &[
        Step::new(
            "Move {file} aside. What is lost: states and earlier results; connections and secrets stay.",
            "{file} を別の場所に移してください。失われるのは状態と過去の結果だけで、接続と秘密情報は残ります。",
        ),
        Step::run(
            "conn test --all",
            "Then test: that brings the states back.",
            "その後、テストを実行してください。状態が元に戻ります。",
        ),
    ],
};

/// Another run of conn is working on the same files.
pub static LOCK: Cause = Cause {
    code: "CONN-SELF-LOCK",
    number: 9005,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::Now,
    who: &[Who::Wait],
    verdict: Verdict::Skipped,
    prior: 0,
    fix: Fix::Safe,
    title: Text::new(
        "Another run of conn is working on the same files.",
        "別の conn が同じファイルを処理しています。",
    ),
    why: Text::new(
        "A test or a reconnect runs in another window or job.",
        "別の画面やジョブで、テストまたは再接続が実行中です。",
    ),
    evidence: Text::new(
        "The lock is held by another process, and waiting for it took too long.",
        "別のプロセスがロックを保持しており、待ち時間の上限を超えました。",
    ),
    steps: &[Step::run(
        "conn list",
        "Wait until the other run has ended, then repeat.",
        "他の処理が終わるのを待ってから、再度実行してください。",
    )],
};

/// The run was interrupted.
pub static INTERRUPTED: Cause = Cause {
    code: "CONN-SELF-INTERRUPTED",
    number: 9006,
    severity: Severity::Error,
    exit: ExitClass::Interrupted,
    retry: Retry::Now,
    who: &[Who::You],
    verdict: Verdict::Skipped,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new("The run was interrupted.", "処理が中断されました。"),
    why: Text::new(
        "Somebody pressed Ctrl-C, or the job reached its time limit.",
        "Ctrl-C が押されたか、ジョブの制限時間に達しました。",
    ),
    evidence: Text::new("conn was told to stop before it had finished.", "完了前に停止の指示を受けました。"),
    steps: &[Step::run(
        "conn test {name}",
        "Run it again; nothing half-done was kept.",
        "再度実行してください。途中の変更は残っていません。",
    )],
};

/// The system lets conn open no more files and connections.
pub static OPEN_FILES: Cause = Cause {
    code: "CONN-SELF-OPEN-FILES",
    number: 9008,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::Now,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "This machine lets conn open no more files and connections at once.",
        "同時に開けるファイルと接続の数が、この端末の上限に達しました。",
    ),
    why: Text::new(
        "Many connections were tested side by side, or other programs of this machine hold theirs open.",
        "多数の接続を同時にテストしたか、他のプログラムが多くのファイルや接続を開いたままにしています。",
    ),
    evidence: Text::new(
        "The system refused to open a connection, before anything was sent.",
        "システムが接続を開くことを拒否しました（送信前）。",
    ),
    steps: &[
        Step::run(
            "conn test --all --jobs 4",
            "Test fewer at once.",
            "同時にテストする数を減らしてください。",
        ),
        Step::new(
            "Where that does not help, raise the limit of this terminal or job (`ulimit -n`), or close other programs.",
            "解決しない場合は、この端末やジョブの上限を引き上げる（`ulimit -n`）か、他のプログラムを終了してください。",
        ),
    ],
};
