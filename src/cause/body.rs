//! The content of the answer is not what the API promises.

use super::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::base::Text;
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] =
    &[&HTML, &TYPE, &INVALID, &TRUNCATED, &DECOMPRESS, &TOO_LARGE, &CHARSET, &SCHEMA, &ERROR_IN_200, &EMPTY];

/// A web page came back instead of data.
pub static HTML: Cause = Cause {
    code: "CONN-BODY-HTML",
    number: 4201,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::ServiceAdmin],
    verdict: Verdict::Mismatch,
    prior: 2,
    fix: Fix::Manual,
    title: Text::new("A web page came back instead of data.", "データではなく Web ページが返されました。"),
    why: Text::new(
        "The address is that of the web interface, a sign-in page stands in front, or the path does not \
         exist.",
        "Web 画面のアドレスであるか、ログイン画面が表示されているか、パスが存在しません。",
    ),
    evidence: Text::new(
        "Data was expected, and the answer is HTML (title: {title}).",
        "データを期待しましたが、応答は HTML です（タイトル: {title}）。",
    ),
    steps: &[
        Step::run(
            "conn show {name}",
            "Compare the address with the API address in the service's documentation.",
            "アドレスを、外部サービスのドキュメントにある API のアドレスと照合してください。",
        ),
        Step::run(
            "conn diagnose {name}",
            "If the address is right, see who sent the page.",
            "アドレスが正しい場合は、ページの送信元を確認してください。",
        ),
    ],
};

/// `service` answers in another format than expected.
pub static TYPE: Cause = Cause {
    code: "CONN-BODY-TYPE",
    number: 4202,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Mismatch,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "{service} answers in another format than expected.",
        "{service} が想定と異なる形式で応答しました。",
    ),
    why: Text::new(
        "The request does not ask for the right format, so the service takes its own default, such as XML.",
        "要求で正しい形式を指定していないため、XML など外部サービスの既定の形式が使われています。",
    ),
    evidence: Text::new(
        "The content does not fit the format that was expected or declared.",
        "本文が、想定または宣言された形式と一致しません。",
    ),
    steps: &[
        Step::new(
            "Set Accept in the headers of the connector to the format that it expects, such as \
             \"application/json\", if the service offers it.",
            "外部サービスが対応していれば、コネクターの headers の Accept に、想定する形式（\"application/json\" など）を\
             指定してください。",
        ),
        Step::run("conn test {name}", "Then test again.", "その後、再度テストしてください。"),
    ],
};

/// The answer of `service` is damaged: it cannot be read as the format it declares.
pub static INVALID: Cause = Cause {
    code: "CONN-BODY-INVALID",
    number: 4203,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::Vendor],
    verdict: Verdict::Mismatch,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The answer of {service} is damaged: it cannot be read as the format it declares.",
        "{service} の応答が壊れており、宣言された形式として読み取れません。",
    ),
    why: Text::new(
        "The service made a mistake, or something on the way added to the answer.",
        "外部サービスの不具合、または途中での内容の追加が考えられます。",
    ),
    evidence: Text::new(
        "Reading the content stopped at byte {position}.",
        "本文の {position} バイト目で読み取りが止まりました。",
    ),
    steps: &[Step::run(
        "conn test {name}",
        "Try again; if it stays so, send the request id to {service} support.",
        "再試行し、続く場合はリクエスト ID を {service} のサポートに伝えてください。",
    )],
};

/// The answer of `service` was cut off.
pub static TRUNCATED: Cause = Cause {
    code: "CONN-BODY-TRUNCATED",
    number: 4204,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::Now,
    who: &[Who::NetworkAdmin, Who::Vendor],
    verdict: Verdict::Mismatch,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new("The answer of {service} was cut off.", "{service} の応答が途中で切れています。"),
    why: Text::new(
        "The connection broke, or a device on the way limits the size.",
        "接続の切断、または途中の機器によるサイズ制限が考えられます。",
    ),
    evidence: Text::new(
        "Fewer bytes arrived than the answer announced.",
        "応答で宣言されたサイズより少ないデータしか届きませんでした。",
    ),
    steps: &[
        Step::run("conn test {name}", "Try again.", "再試行してください。"),
        Step::new(
            "If it always breaks off at the same place, tell your network administrator and {service} \
             support.",
            "毎回同じ箇所で切れる場合は、ネットワーク管理者と {service} のサポートに連絡してください。",
        ),
    ],
};

/// The answer of `service` cannot be decompressed.
pub static DECOMPRESS: Cause = Cause {
    code: "CONN-BODY-DECOMPRESS",
    number: 4205,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::Vendor],
    verdict: Verdict::Mismatch,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The answer of {service} cannot be decompressed.",
        "{service} の応答を展開（解凍）できません。",
    ),
    why: Text::new(
        "The server or a proxy labels the content as compressed although it is not, or compresses it twice.",
        "サーバーまたはプロキシが圧縮の表示を誤っているか、二重に圧縮しています。",
    ),
    evidence: Text::new(
        "The content does not fit its declared compression.",
        "本文が、宣言された圧縮形式と一致しません。",
    ),
    steps: &[
        Step::new(
            "Add Accept-Encoding = \"identity\" to the headers of the connector.",
            "コネクターの headers に Accept-Encoding = \"identity\" を追加してください。",
        ),
        Step::run(
            "conn test {name}",
            "Then test again, and tell {service} support.",
            "その後、再度テストし、{service} のサポートにも連絡してください。",
        ),
    ],
};

/// The answer of `service` is larger than conn reads.
pub static TOO_LARGE: Cause = Cause {
    code: "CONN-BODY-TOO-LARGE",
    number: 4206,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Mismatch,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The answer of {service} is larger than conn reads.",
        "{service} の応答が、conn の読み取り上限を超えています。",
    ),
    why: Text::new(
        "The request asks for a whole list or file.",
        "リクエストが、一覧やファイル全体を取得しています。",
    ),
    evidence: Text::new(
        "The content exceeds the limit of {limit} bytes.",
        "本文が上限の {limit} バイトを超えています。",
    ),
    steps: &[
        Step::new(
            "Ask for less at once, one record per page for example, in the connector's test request as well. An answer \
             that passes through conn proxy has no such limit.",
            "一度に取得する量を減らしてください（1 ページ 1 件など。コネクターのテスト要求も同様です）。conn proxy を経由する\
             応答には、この上限はありません。",
        ),
        Step::run("conn lint", "Then check the file.", "その後、ファイルを検査してください。"),
    ],
};

/// The answer of `service` uses another character set than it declares.
pub static CHARSET: Cause = Cause {
    code: "CONN-BODY-CHARSET",
    number: 4207,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::Vendor],
    verdict: Verdict::Mismatch,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The answer of {service} uses another character set than it declares.",
        "{service} の応答の文字コードが、宣言と異なります。",
    ),
    why: Text::new(
        "An older system sends Shift_JIS or EUC-JP without saying so.",
        "古いシステムが、宣言せずに Shift_JIS や EUC-JP で送信している可能性があります。",
    ),
    evidence: Text::new(
        "The content is not valid in the declared character set.",
        "本文が、宣言された文字コードとして正しくありません。",
    ),
    steps: &[Step::run(
        "conn diagnose {name} --ticket",
        "Show the answer to {service} support, and ask for UTF-8 or a right declaration.",
        "応答を {service} のサポートに見せ、UTF-8 での送信または正しい宣言を依頼してください。",
    )],
};

/// The answer of `service` is not built as expected: `field`
pub static SCHEMA: Cause = Cause {
    code: "CONN-BODY-SCHEMA",
    number: 4208,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::Vendor],
    verdict: Verdict::Mismatch,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The answer of {service} is not built as expected: {field}",
        "{service} の応答の構成が想定と異なります: {field}",
    ),
    why: Text::new(
        "The API has changed, or the connector was written for another version of it.",
        "API の変更、またはコネクターが別バージョン用である可能性があります。",
    ),
    evidence: Text::new(
        "The status is a success, but the content does not pass the success rule of the connector, or lacks what \
         earlier answers had.",
        "ステータスは成功ですが、本文がコネクターの成功条件を満たしていないか、以前の応答にあった項目がありません。",
    ),
    steps: &[Step::run(
        "conn connectors show {connector}",
        "Compare the success rule with what the service answers now, and correct the connector.",
        "成功条件を現在の応答と照合し、コネクターを直してください。",
    )],
};

/// `service` reports an error inside an answer that looks like a success.
pub static ERROR_IN_200: Cause = Cause {
    code: "CONN-BODY-ERROR-IN-200",
    number: 4209,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::ServiceAdmin],
    verdict: Verdict::Mismatch,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "{service} reports an error inside an answer that looks like a success.",
        "{service} が、成功に見える応答の中でエラーを返しています。",
    ),
    why: Text::new(
        "Some services always answer 200 and put the outcome into the content.",
        "常に 200 を返し、結果を本文で示す外部サービスがあります。",
    ),
    evidence: Text::new(
        "The status is a success, and the content carries the service's error mark.",
        "ステータスは成功ですが、本文に外部サービスのエラー表示があります。",
    ),
    steps: &[Step::new(
        "Read the words of the service; they name what is wrong.",
        "外部サービスのメッセージを確認してください。原因が示されています。",
    )],
};

/// `service` answered with nothing where data was expected.
pub static EMPTY: Cause = Cause {
    code: "CONN-BODY-EMPTY",
    number: 4210,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::Vendor],
    verdict: Verdict::Mismatch,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "{service} answered with nothing where data was expected.",
        "{service} の応答は成功ですが、本文が空です。",
    ),
    why: Text::new(
        "The service ignores the credential without saying so, or the test request has no content.",
        "認証情報が無視されているか、テストの要求が内容を返さないものです。",
    ),
    evidence: Text::new(
        "The status is a success, and the content is empty.",
        "ステータスは成功ですが、本文がありません。",
    ),
    steps: &[Step::run(
        "conn diagnose {name}",
        "See whether the credential is accepted elsewhere.",
        "認証情報が他の呼び出しで受け付けられるか確認してください。",
    )],
};
