//! What is wrong in a `connectors.toml`.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[
    &FILE,
    &SYNTAX,
    &SCHEMA,
    &PLACEHOLDER,
    &HOST_FORM,
    &HOST_INSECURE,
    &LINKNAME_DUP,
    &HOST_CHANGED,
    &PROJECT_SECRET,
    &DEFINITION,
    &CONNECTOR_OUTDATED,
];

/// The file `file` cannot be read.
pub static FILE: Cause = Cause {
    code: "CONN-CFG-FILE",
    number: 1026,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new("The file {file} cannot be read.", "ファイル {file} を読み取れません。"),
    why: Text::new(
        "It is not there, this user may not read it, it is no plain file, or it is larger than 1 MiB.",
        "ファイルがない、読み取る権限がない、通常のファイルではない、または 1 MiB を超えている可能性があります。",
    ),
    evidence: Text::new(
        "The system did not hand out its text, or there is more of it than conn takes.",
        "ファイルの内容を取得できなかったか、読み取れる大きさを超えていました。",
    ),
    steps: &[
        Step::new(
            "Correct the path where {file} is named, give this user the right to read it, or shorten it to 1 MiB.",
            "{file} を指定している箇所のパスを直すか、このユーザーに読み取り権限を与えるか、ファイルを 1 MiB 以下に\
             してください。",
        ),
        Step::run(
            "conn doctor",
            "See which files conn reads, and who can reach them.",
            "conn が読み込むファイルとアクセス権を確認できます。",
        ),
    ],
};

/// The file `file` cannot be read as TOML.
pub static SYNTAX: Cause = Cause {
    code: "CONN-CFG-SYNTAX",
    number: 1001,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The file {file} cannot be read as TOML.",
        "ファイル {file} を TOML として読み取れません。",
    ),
    why: Text::new(
        "A quote or bracket is missing, or a merge left its marks in the file.",
        "引用符や括弧の不足、またはマージの記号の残りが考えられます。",
    ),
    evidence: Text::new("The reader stopped at line {line}.", "{line} 行目で読み取りが止まりました。"),
    steps: &[Step::run(
        "conn lint {file}",
        "See the exact place, and correct it there.",
        "該当箇所を確認し、記述を直してください。",
    )],
};

/// The file `file` holds something that conn does not understand.
pub static SCHEMA: Cause = Cause {
    code: "CONN-CFG-SCHEMA",
    number: 1002,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The file {file} holds something that conn does not understand.",
        "ファイル {file} に、conn が解釈できない記述があります。",
    ),
    why: Text::new(
        "A key is misspelt, has the wrong type, or is missing.",
        "キー名の誤り、型の違い、または必須項目の不足が考えられます。",
    ),
    evidence: Text::new(
        "A table or field does not fit the format.",
        "テーブルまたは項目が書式に合っていません。",
    ),
    steps: &[Step::run(
        "conn lint {file}",
        "See each place with the nearest right spelling, and correct it.",
        "該当箇所と候補のキー名を確認し、直してください。",
    )],
};

/// The value of `field` is still a sample.
pub static PLACEHOLDER: Cause = Cause {
    code: "CONN-CFG-PLACEHOLDER",
    number: 1003,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 2,
    fix: Fix::Manual,
    title: Text::new("The value of {field} is still a sample.", "{field} の値が例のままです。"),
    why: Text::new(
        "The sample was copied and not filled in, or a variable has no value.",
        "例をコピーしたまま書き換えていないか、変数に値がありません。",
    ),
    evidence: Text::new(
        "The value holds a sample such as <domain>, YOUR_KEY or an unresolved placeholder.",
        "値に <domain> や YOUR_KEY などの例、または未解決の変数が含まれています。",
    ),
    steps: &[Step::run(
        "conn reconnect {name}",
        "Enter your own value instead; nothing was sent.",
        "実際の値を入力してください。まだ何も送信していません。",
    )],
};

/// The host of `name` is not written as a host: `host`
pub static HOST_FORM: Cause = Cause {
    code: "CONN-CFG-HOST-FORM",
    number: 1004,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 2,
    fix: Fix::Safe,
    title: Text::new(
        "The host of {name} is not written as a host: {host}",
        "接続 {name} のホストの書き方が正しくありません: {host}",
    ),
    why: Text::new(
        "It was copied from the browser with a path or a space, or https is missing.",
        "ブラウザーからパスや空白ごとコピーしたか、https が抜けている可能性があります。",
    ),
    evidence: Text::new(
        "The value holds a path, a port, a space, a full-width character or a user name where a host is \
         expected.",
        "ホストの欄に、パス、ポート、空白、全角文字、ユーザー名などが含まれています。",
    ),
    steps: &[Step::run(
        "conn show {name}",
        "See where the value is defined, and enter the host as it stands in the address of {service}.",
        "値の定義場所を確認し、{service} のアドレスに表示されるホストを入力してください。",
    )],
};

/// `name` would send its credential unencrypted over http.
pub static HOST_INSECURE: Cause = Cause {
    code: "CONN-CFG-HOST-INSECURE",
    number: 1005,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::Safe,
    title: Text::new(
        "{name} would send its credential unencrypted over http.",
        "接続 {name} は、認証情報を暗号化せずに http で送信する設定になっています。",
    ),
    why: Text::new(
        "The address was typed with http instead of https.",
        "アドレスが https ではなく http で入力されています。",
    ),
    evidence: Text::new(
        "The address begins with http and does not lead to this machine; the credential was not sent.",
        "アドレスが http で始まり、この端末自身を指していません。認証情報は送信していません。",
    ),
    steps: &[Step::run(
        "conn show {name}",
        "See where the address is defined, and write it with https.",
        "アドレスの定義場所を確認し、https に書き換えてください。",
    )],
};

/// Two entries share one link name.
pub static LINKNAME_DUP: Cause = Cause {
    code: "CONN-CFG-LINKNAME-DUP",
    number: 1006,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new("Two entries share one link name.", "リンク名が重複しています。"),
    why: Text::new(
        "An entry was copied and not renamed.",
        "コピーした項目の名前を変更していない可能性があります。",
    ),
    evidence: Text::new("The same name stands at two places.", "同じ名前が 2 か所にあります。"),
    steps: &[Step::run(
        "conn lint {file}",
        "See both places, and give one of the entries another name.",
        "2 か所を確認し、どちらか一方を別の名前に変更してください。",
    )],
};

/// The credential of `name` was not stored for the host `host`.
pub static HOST_CHANGED: Cause = Cause {
    code: "CONN-CFG-HOST-CHANGED",
    number: 1017,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The credential of {name} was not stored for the host {host}.",
        "接続 {name} の認証情報は、ホスト {host} に対して保存されたものではありません。",
    ),
    why: Text::new(
        "The host was changed in the configuration, or a project file points the connection somewhere else.",
        "設定でホストが変更されたか、プロジェクトのファイルが接続先を変えています。",
    ),
    evidence: Text::new(
        "The host differs from those that were agreed when the credential was stored; nothing was sent.",
        "認証情報の保存時に許可したホストと異なります。まだ何も送信していません。",
    ),
    steps: &[
        Step::run(
            "conn show {name}",
            "See which file sets the host, and undo the change if you did not expect it.",
            "ホストを設定しているファイルを確認し、心当たりのない変更であれば元に戻してください。",
        ),
        Step::run(
            "conn connect {name}",
            "If the new host is right, agree to it: conn asks at the terminal.",
            "新しいホストが正しい場合は、端末での確認に同意してください。",
        ),
    ],
};

/// The project file `file` may not run a command or hold a secret.
pub static PROJECT_SECRET: Cause = Cause {
    code: "CONN-CFG-PROJECT-SECRET",
    number: 1018,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The project file {file} may not run a command or hold a secret.",
        "プロジェクトのファイル {file} には、秘密情報や、秘密情報を取得するコマンドを書けません。",
    ),
    why: Text::new(
        "Somebody put a secret or a command into a file that travels with the project.",
        "プロジェクトと共に配布されるファイルに、秘密情報またはコマンドが書かれています。",
    ),
    evidence: Text::new(
        "A file found in a project holds a secret, or a command that conn would run.",
        "プロジェクト内のファイルに、秘密情報または conn が実行するコマンドが含まれています。",
    ),
    steps: &[
        Step::new(
            "Move the entry to your own connectors.toml; conn doctor shows where that is.",
            "その記述をご自身の connectors.toml に移してください。場所は conn doctor で確認できます。",
        ),
        Step::run(
            "conn lint {file}",
            "Then check the project file again; if it held a secret, have that secret replaced at \
             its service.",
            "その後、ファイルを再検査してください。秘密情報が書かれていた場合は、そのサービスで再発行して\
             ください。",
        ),
    ],
};

/// The connector `connector` describes something that cannot be sent.
pub static DEFINITION: Cause = Cause {
    code: "CONN-CFG-DEFINITION",
    number: 1024,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The connector {connector} describes something that cannot be sent.",
        "コネクター {connector} の定義に、送信できない記述があります。",
    ),
    why: Text::new(
        "A header name, an address or a template in the definition is malformed, or it names a value that \
         nobody gives.",
        "ヘッダー名、アドレス、テンプレートの形式が誤っているか、指定されていない値を参照しています。",
    ),
    evidence: Text::new(
        "The request could not be built from the definition; nothing was sent.",
        "定義から要求を作成できませんでした。まだ何も送信していません。",
    ),
    steps: &[Step::run(
        "conn lint",
        "See the place in the file, and correct it.",
        "ファイルの該当箇所を確認し、直してください。",
    )],
};

/// This version of conn is older than the connector needs.
pub static CONNECTOR_OUTDATED: Cause = Cause {
    code: "CONN-CFG-CONNECTOR-OUTDATED",
    number: 1014,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "This version of conn is older than the connector needs.",
        "conn のバージョンが、コネクターの要求より古くなっています。",
    ),
    why: Text::new(
        "conn was not updated for a while, or the file was written with a newer version.",
        "conn が更新されていないか、新しいバージョンで書かれたファイルです。",
    ),
    evidence: Text::new(
        "The connector names a newer version or a field that this version does not know.",
        "コネクターが新しいバージョンを要求しているか、未知の項目を含んでいます。",
    ),
    steps: &[
        Step::new(
            "Update conn the way you installed it.",
            "インストール時と同じ方法で conn を更新してください。",
        ),
        Step::run("conn test {name}", "Then test again.", "更新後に再度テストしてください。"),
    ],
};
