//! The words of the contract that stand on screens: states, verdicts, kinds, and what a connection is made of. To add
//! one, add it here; `conn explain WORD` says it.

use super::Step;
use super::control::CONTROLS;
use crate::base::Text;
use crate::model::connection::ConnectionKind;
use crate::model::{State, Verdict};

/// What a word is one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// A lasting state of a connection.
    State,
    /// The outcome of one run.
    Verdict,
    /// A kind of connection.
    Kind,
    /// A control experiment of `conn diagnose`.
    Control,
    /// Anything else.
    Word,
}

impl Group {
    /// The word in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Verdict => "verdict",
            Self::Kind => "kind",
            Self::Control => "control",
            Self::Word => "word",
        }
    }

    /// The words for people.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::State => Text::new("state of a connection", "接続の状態"),
            Self::Verdict => Text::new("verdict of one run", "テストの判定"),
            Self::Kind => Text::new("kind of connection", "接続の種別"),
            Self::Control => Text::new("control experiment", "比較確認"),
            Self::Word => Text::new("word", "用語"),
        }
    }
}

/// A word and what it means.
#[derive(Debug)]
pub struct Term {
    /// What it is one of.
    pub group: Group,
    /// The word in JSON and files.
    pub code: &'static str,
    /// The word on screens.
    pub name: Text,
    /// What it means.
    pub meaning: Text,
    /// What to do next.
    pub step: Step,
}

const fn state(state: State, meaning: Text, step: Step) -> Term {
    Term { group: Group::State, code: state.code(), name: state.text(), meaning, step }
}

const fn verdict(verdict: Verdict, meaning: Text, step: Step) -> Term {
    Term { group: Group::Verdict, code: verdict.code(), name: verdict.text(), meaning, step }
}

const fn kind(kind: ConnectionKind, meaning: Text, step: Step) -> Term {
    Term { group: Group::Kind, code: kind.code(), name: kind.text(), meaning, step }
}

const fn word(code: &'static str, ja: &'static str, meaning: Text, step: Step) -> Term {
    Term { group: Group::Word, code, name: Text::new(code, ja), meaning, step }
}

/// The word that somebody typed, in either language, in any case.
#[must_use]
pub fn find(typed: &str) -> Option<&'static Term> {
    let typed = plain(typed);
    all().find(|term| [term.code, term.name.en, term.name.ja].iter().any(|name| plain(name) == typed))
}

/// Every word as people write it, in both languages.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().flat_map(|term| [term.name.en, term.name.ja])
}

fn all() -> impl Iterator<Item = &'static Term> {
    TERMS.iter().chain(CONTROLS)
}

/// `needs_reconnect`, `needs-reconnect` and `Needs reconnect` are the same word.
fn plain(word: &str) -> String {
    word.trim().to_lowercase().replace(['_', '-'], " ")
}

static TERMS: &[Term] = &[
    state(
        State::Pending,
        Text::new(
            "The connection is saved, and nobody has proven it yet. It carries no traffic.",
            "接続は保存されていますが、まだ一度も確認されていません。通信には使えません。",
        ),
        Step::run("conn connect {name}", "Prove it.", "確認して使えるようにします。"),
    ),
    state(
        State::Connected,
        Text::new(
            "The service accepted the credential, and programs can use the connection.",
            "サービスが認証情報を受け付けており、プログラムから利用できます。",
        ),
        Step::run("conn test {name}", "See whether it still works.", "現在も使えるかを確認します。"),
    ),
    state(
        State::NeedsReconnect,
        Text::new(
            "The service refused the credential. Only that leads to this state: a timeout, a limit or an outage never \
             does. It carries no traffic until another credential is proven.",
            "サービスが認証情報を拒否しました。タイムアウト、回数制限、サービスの停止ではこの状態になりません。新しい認証情報を\
             確認するまで、通信には使えません。",
        ),
        Step::run(
            "conn reconnect {name}",
            "Give it a new credential; conn diagnose {name} tells why the old one was refused.",
            "新しい認証情報を登録します。拒否された理由は conn diagnose {name} で確認できます。",
        ),
    ),
    state(
        State::Disabled,
        Text::new(
            "A person paused the connection. It keeps its credential and carries no traffic.",
            "利用者が接続を一時停止しています。認証情報は残っていますが、通信には使えません。",
        ),
        Step::run("conn enable {name}", "Let it carry traffic again.", "再び使えるようにします。"),
    ),
    verdict(
        Verdict::Ok,
        Text::new(
            "The test request proved the credential, and every permission that was asked for is there.",
            "テストで認証情報を確認でき、必要な権限もそろっています。",
        ),
        Step::run("conn list", "There is nothing to do; see all.", "対応は不要です。一覧を確認できます。"),
    ),
    verdict(
        Verdict::Warning,
        Text::new(
            "The connection works, with something to look at, such as an end that comes near.",
            "接続は使えますが、期限が近いなど、確認が必要な点があります。",
        ),
        Step::run("conn test {name}", "Read what it says.", "表示される内容を確認してください。"),
    ),
    verdict(
        Verdict::Rejected,
        Text::new("The service itself refused the credential.", "サービス自身が認証情報を拒否しました。"),
        Step::run("conn diagnose {name}", "See why, and the way out.", "理由と対処を確認してください。"),
    ),
    verdict(
        Verdict::Forbidden,
        Text::new(
            "The credential is good; a right, a plan or a setting at the service is missing.",
            "認証情報は有効ですが、サービス側の権限・契約プラン・設定が不足しています。",
        ),
        Step::run(
            "conn diagnose {name}",
            "See which, and who can give it.",
            "不足しているものと対応者を確認してください。",
        ),
    ),
    verdict(
        Verdict::Throttled,
        Text::new(
            "A limit of the service is used up for now. The credential is not to blame.",
            "サービスの利用上限に達しています。認証情報の問題ではありません。",
        ),
        Step::run(
            "conn test {name} --retry-until 60m",
            "Wait; this tries until it works.",
            "時間をおいてください。次のコマンドは成功するまで再試行します。",
        ),
    ),
    verdict(
        Verdict::ProviderDown,
        Text::new(
            "The service is down or in maintenance. The credential is not to blame.",
            "サービスが停止中またはメンテナンス中です。認証情報の問題ではありません。",
        ),
        Step::run(
            "conn test {name} --retry-until 60m",
            "Wait; this tries until it works.",
            "時間をおいてください。次のコマンドは成功するまで再試行します。",
        ),
    ),
    verdict(
        Verdict::Unreachable,
        Text::new(
            "The path to the service is broken: name, network, proxy or TLS. Nothing is said of the credential.",
            "サービスまでの経路（名前解決、ネットワーク、プロキシ、TLS）に問題があります。認証情報については判定していません。",
        ),
        Step::run(
            "conn diagnose {name}",
            "See where the path ends.",
            "経路のどこに問題があるかを確認してください。",
        ),
    ),
    verdict(
        Verdict::Misaddressed,
        Text::new(
            "Something answered, but not this API: the host, the path or the tenant is another one.",
            "応答はありましたが、目的の API ではありません。ホスト、パス、テナントのいずれかが異なります。",
        ),
        Step::run("conn show {name}", "Compare the address.", "接続先を確認してください。"),
    ),
    verdict(
        Verdict::Mismatch,
        Text::new(
            "The answer came, but not in the form that the connector expects.",
            "応答はありましたが、コネクターの想定と形式が異なります。",
        ),
        Step::run("conn diagnose {name}", "See what differs.", "異なる点を確認してください。"),
    ),
    verdict(
        Verdict::LocalSetup,
        Text::new(
            "Something on this machine is missing or wrong: a definition, a variable, the secret store.",
            "この端末の設定（定義、変数、保管場所）に不足または誤りがあります。",
        ),
        Step::run("conn doctor", "Check this machine.", "この端末の状態を確認してください。"),
    ),
    verdict(
        Verdict::Unverified,
        Text::new(
            "The service is there, but no answer could prove the credential: the connector has no request for that. It \
             is neither healthy nor broken.",
            "サービスには到達できますが、認証情報を確認できるリクエストがコネクターに定義されていません。正常とも異常とも判定していません。",
        ),
        Step::run(
            "conn request {name} GET /",
            "Make a call that needs the credential, and read its answer.",
            "認証が必要なリクエストを送り、応答を確認してください。",
        ),
    ),
    verdict(
        Verdict::Skipped,
        Text::new("The connection was not tested.", "接続はテストされていません。"),
        Step::run("conn test {name}", "Test it.", "テストしてください。"),
    ),
    kind(
        ConnectionKind::System,
        Text::new(
            "A connection that scripts use without naming it. It is made on its first use and pending until an admin \
             authorises it.",
            "スクリプトがリンク名を指定せずに使う接続です。最初に使われたときに作成され、管理者が認証するまで「未接続」です。",
        ),
        Step::run(
            "conn request --connector {connector} GET /",
            "Use it; the answer says how an admin authorises it.",
            "利用します。管理者が認証する方法も表示されます。",
        ),
    ),
    kind(
        ConnectionKind::Admin,
        Text::new(
            "One authorisation for everyone who uses the connection. This is what conn add makes unless told otherwise.",
            "1 つの認証を全員で使う接続です。conn add で種別を指定しない場合はこの種別になります。",
        ),
        Step::run("conn add {name} --kind admin", "Add one.", "追加します。"),
    ),
    kind(
        ConnectionKind::User,
        Text::new(
            "Each person authorises for themselves: the connection holds an account per person, one of them primary.",
            "各自が認証する接続です。1 人に 1 つのアカウントを持ち、そのうち 1 つが主アカウントです。",
        ),
        Step::run("conn add {name} --kind user --account {label}", "Add one.", "追加します。"),
    ),
    word(
        "connector",
        "コネクター",
        Text::new(
            "The definition of a service: its hosts, ways to authenticate, test request, permissions and errors.",
            "サービスの定義です。ホスト、認証の種類、テストのリクエスト、権限、エラーの意味が書かれています。",
        ),
        Step::run("conn connectors search {word}", "Find one.", "探します。"),
    ),
    word(
        "connection",
        "接続",
        Text::new(
            "One named use of a connector, with its own values, state and credential.",
            "コネクターに名前を付けて使うものです。固有の設定値、状態、認証情報を持ちます。",
        ),
        Step::run("conn list", "See all.", "一覧を表示します。"),
    ),
    word(
        "link name",
        "リンク名",
        Text::new(
            "The unique name of a connection in commands and code; the display name is another.",
            "コマンドやプログラムで接続を指定する一意の名前です。表示名とは別のものです。",
        ),
        Step::run("conn rename {name} {new}", "Change it.", "変更します。"),
    ),
    word(
        "account",
        "アカウント",
        Text::new(
            "One authorisation inside a connection: whose identity. Connections of the kind user hold several.",
            "接続に含まれる 1 つの認証で、誰のものかを表します。種別が「ユーザー」の接続は複数持てます。",
        ),
        Step::run("conn account list {name}", "See them.", "一覧を表示します。"),
    ),
    word(
        "primary",
        "主アカウント",
        Text::new(
            "The account that is meant where no --account is given.",
            "--account を指定しないときに使われるアカウントです。",
        ),
        Step::run("conn account primary {name} {label}", "Choose another.", "変更します。"),
    ),
    word(
        "credential",
        "認証情報",
        Text::new(
            "The secret values of one account in one environment, with their end.",
            "1 つの環境における 1 つのアカウントの秘密の値と、その期限です。",
        ),
        Step::run(
            "conn reconnect {name}",
            "Replace it; the old one stays until the new one is proven.",
            "更新します。新しいものを確認できるまで以前のものが残ります。",
        ),
    ),
    word(
        "fingerprint",
        "指紋",
        Text::new(
            "Four digits by which two secrets are told apart on this machine; no part of the secret.",
            "この端末で秘密の値を見分けるための 4 桁です。秘密の値の一部ではありません。",
        ),
        Step::run("conn show {name}", "See it.", "表示します。"),
    ),
    word(
        "environment",
        "環境",
        Text::new(
            "Production, sandbox and the like: hosts and a credential of their own, unless one authorisation serves all.",
            "production や sandbox などです。1 つの認証を共用する場合を除き、それぞれ固有のホストと認証情報を持ちます。",
        ),
        Step::run("conn test {name} --environment sandbox", "Use another one.", "別の環境を使います。"),
    ),
    word(
        "variable",
        "変数",
        Text::new(
            "A value of a connection that is no secret: a host, a tenant, a data centre.",
            "接続の設定値のうち、秘密でないもの（ホスト、テナント、データセンターなど）です。",
        ),
        Step::run("conn show {name}", "See each with its origin.", "値と設定元を表示します。"),
    ),
    word(
        "permission",
        "権限",
        Text::new(
            "A right at the service that the connection needs; conn test asks for each with one call.",
            "接続に必要なサービス側の権限です。conn test は権限ごとに 1 回ずつ確認します。",
        ),
        Step::run("conn test {name}", "See which are there.", "確認します。"),
    ),
    word(
        "not reached",
        "未到達",
        Text::new(
            "Something before it failed, so that it was not looked at. It is neither healthy nor broken.",
            "手前で失敗したため、確認していません。正常とも異常とも判定していません。",
        ),
        Step::run("conn diagnose {name}", "See what failed before.", "手前の失敗を確認してください。"),
    ),
];

#[cfg(test)]
mod tests {
    use super::{Group, TERMS, find, plain};
    use crate::cause::{self, area};
    use crate::model::{State, Verdict};

    #[test]
    fn every_state_and_verdict_is_explained_under_each_of_its_names() {
        let of =
            |group| TERMS.iter().filter(|term| term.group == group).map(|term| term.code).collect::<Vec<_>>();
        let states = [State::Pending, State::Connected, State::NeedsReconnect, State::Disabled];
        assert_eq!(of(Group::State), states.map(State::code));
        assert_eq!(of(Group::Verdict), Verdict::ALL.map(Verdict::code));
        for (typed, code) in [
            ("pending", "pending"),
            ("未接続", "pending"),
            ("needs_reconnect", "needs_reconnect"),
            (" Needs reconnect", "needs_reconnect"),
            ("NEEDS-RECONNECT", "needs_reconnect"),
            ("再接続が必要", "needs_reconnect"),
            ("指紋", "fingerprint"),
        ] {
            assert_eq!(find(typed).unwrap().code, code, "{typed}");
        }
        assert!(find("").is_none());
    }

    #[test]
    fn a_word_means_one_thing_and_is_no_code_or_area() {
        for term in super::all() {
            for name in [term.code, term.name.en, term.name.ja] {
                let found = find(name).unwrap();
                assert_eq!(found.code, term.code, "{name}");
                assert!(cause::all().all(|cause| plain(area(cause.code)) != plain(name)), "{name}");
            }
        }
    }
}
