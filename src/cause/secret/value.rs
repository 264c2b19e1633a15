//! What is wrong with the secret itself.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[&CORRUPT, &WHITESPACE, &SHAPE, &SAMPLE];

/// The stored secret of `name` is damaged.
pub static CORRUPT: Cause = Cause {
    code: "CONN-SEC-CORRUPT",
    number: 1107,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The stored secret of {name} is damaged.",
        "保存された接続 {name} の秘密情報が壊れています。",
    ),
    why: Text::new(
        "Writing was interrupted, or another program changed the item.",
        "書き込みの中断、または別のプログラムによる変更が考えられます。",
    ),
    evidence: Text::new(
        "The item exists, but it is not what conn wrote.",
        "項目はありますが、conn が書き込んだ形式ではありません。",
    ),
    steps: &[Step::run(
        "conn reconnect {name}",
        "Enter the secret again.",
        "秘密情報を入力し直してください。",
    )],
};

/// The value of `label` contains characters that do not belong to it: `characters`
pub static WHITESPACE: Cause = Cause {
    code: "CONN-SEC-WHITESPACE",
    number: 1108,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 2,
    fix: Fix::Safe,
    title: Text::new(
        "The value of {label} contains characters that do not belong to it: {characters}",
        "「{label}」の値に、不要な文字が含まれています: {characters}",
    ),
    why: Text::new(
        "A space, a line end, quotes, a prefix, full-width characters or a word beside it were copied along.",
        "空白、改行、引用符、接頭辞、全角文字、前後の語句などが一緒にコピーされています。",
    ),
    evidence: Text::new(
        "The value holds such characters; nothing was sent.",
        "値に該当する文字があります。まだ何も送信していません。",
    ),
    steps: &[Step::run(
        "conn reconnect {name}",
        "Enter the value again: conn takes such characters off as it is entered.",
        "値を入力し直してください。入力時に、余分な文字は conn が取り除きます。",
    )],
};

/// What to do where conn cannot tell the value from what stands inside it.
pub static INSIDE: &[Step] = &[Step::run(
    "conn reconnect {name}",
    "Copy {label} alone again from {service} ({console}): conn cannot take such characters off.",
    "{service}（{console}）から「{label}」の値だけをコピーし直してください。この文字は conn では取り除けません。",
)];

/// The value of `label` does not look like one that `service` issues here.
pub static SHAPE: Cause = Cause {
    code: "CONN-SEC-SHAPE",
    number: 1109,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 2,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The value of {label} does not look like one that {service} issues here.",
        "「{label}」の値が、{service} で発行されるものの形式と異なります。",
    ),
    why: Text::new(
        "The value of another field or another service was pasted, or it was cut off.",
        "別の項目や別のサービスの値を貼り付けたか、途中で切れている可能性があります。",
    ),
    evidence: Text::new(
        "The value does not match the form that the connector expects, or it has the form of another kind \
         of key: {kind}.",
        "値がコネクターの想定する形式と一致しないか、別の種類のキーの形式です: {kind}",
    ),
    steps: &[Step::run(
        "conn reconnect {name}",
        "Copy {label} again from {service} ({console}) and enter it.",
        "{service}（{console}）から「{label}」をコピーし直して入力してください。",
    )],
};

/// The value of `label` is a sample and not a key.
pub static SAMPLE: Cause = Cause {
    code: "CONN-SEC-SAMPLE",
    number: 1110,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The value of {label} is a sample and not a key.",
        "「{label}」の値が、実際のキーではなく例のままです。",
    ),
    why: Text::new(
        "The sample text of a guide was left in place.",
        "手順書の例がそのまま残っている可能性があります。",
    ),
    evidence: Text::new(
        "The value is a well-known sample such as changeme or YOUR_API_KEY.",
        "値が changeme や YOUR_API_KEY などの例と一致します。",
    ),
    steps: &[Step::run(
        "conn reconnect {name}",
        "Enter your own key from {service} ({console}).",
        "{service}（{console}）で発行された、ご自身のキーを入力してください。",
    )],
};
