//! The test itself cannot prove anything.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[&UNVERIFIED, &NO_TEST];

/// `service` can be reached, but nothing proves the credential of `name`.
pub static UNVERIFIED: Cause = Cause {
    code: "CONN-API-UNVERIFIED",
    number: 7020,
    severity: Severity::Warning,
    exit: ExitClass::Warnings,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unverified,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "{service} can be reached, but nothing proves the credential of {name}.",
        "{service} には到達できますが、接続 {name} の認証情報が有効かどうかは確認できません。",
    ),
    why: Text::new(
        "The service offers no harmless call that needs the credential; one that only takes messages, as an \
         incoming webhook does, has none.",
        "認証が必要で、かつ影響のない呼び出しを、この外部サービスは提供していません。通知を受け取るだけのサ\
         ービス（Incoming Webhook など）も同様です。",
    ),
    evidence: Text::new(
        "The connector declares that only the reach of the service is tested.",
        "コネクターが、到達確認のみを行うように定義しています。",
    ),
    steps: &[Step::run(
        "conn request {name} /PATH",
        "Prove the credential with a call of your own that changes nothing.",
        "データを変更しない任意の呼び出しで、認証情報を確認してください。",
    )],
};

/// The connector `connector` has no test request.
pub static NO_TEST: Cause = Cause {
    code: "CONN-API-NO-TEST",
    number: 7021,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The connector {connector} has no test request.",
        "コネクター {connector} にテストの要求が定義されていません。",
    ),
    why: Text::new(
        "The connector is a family that others extend, or its test was not written yet.",
        "他のコネクターの元になる定義であるか、テストがまだ書かれていません。",
    ),
    evidence: Text::new(
        "There is nothing to send that could prove the connection; nothing was sent.",
        "接続を確認するために送る要求がありません。まだ何も送信していません。",
    ),
    steps: &[
        Step::new(
            "Add a test table with a harmless request to the connector, or the word \"reach\" where there \
             is none.",
            "影響のない要求を持つ test の表をコネクターに追加するか、ない場合は \"reach\" と記述してくださ\
             い。",
        ),
        Step::run("conn lint", "Then check the file.", "その後、ファイルを検査してください。"),
    ],
};
