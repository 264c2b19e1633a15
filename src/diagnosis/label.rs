//! The facts that rules use, in words for people.

use crate::base::Text;

/// What a name stands for, for people.
#[must_use]
pub fn of(name: &str) -> Option<Text> {
    LABELS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The names that rules use.
const LABELS: &[(&str, Text)] = &[
    (
        "auth.given",
        Text::new(
            "a key or password that a person entered is sent",
            "人が入力したキーまたはパスワードを送信している",
        ),
    ),
    ("auth.password", Text::new("a user name and password are sent", "ユーザー名とパスワードを送信している")),
    ("host.asked", Text::new("the host was entered by a person", "ホスト名は人が入力した値である")),
    (
        "host.tenant",
        Text::new("the host holds the customer's own name", "ホスト名に利用者固有の名前が含まれる"),
    ),
    (
        "grant.lacks",
        Text::new("fewer scopes were granted than asked for", "要求したスコープの一部が許可されていない"),
    ),
    ("history.worked", Text::new("the connection worked before", "以前は成功していた")),
    (
        "history.same_value",
        Text::new("the stored value is the one that worked", "保存された値は成功時と同じである"),
    ),
    ("http.fault", Text::new("how the call broke", "通信の中断のしかた")),
    ("http.redirected", Text::new("the call was redirected", "転送があった")),
    ("http.status", Text::new("the status of the answer", "応答の状態コード")),
    ("http.body", Text::new("the form of the answer", "応答の形式")),
    ("http.shape", Text::new("whose answer it is", "応答した相手")),
    (
        "says.missing",
        Text::new("the service says that the credential is missing", "認証情報がないとサービスが述べている"),
    ),
    (
        "says.disabled",
        Text::new("the service speaks of a disabled user", "ユーザーが無効だとサービスが述べている"),
    ),
    (
        "says.expired",
        Text::new("the service says that the key expired", "キーの期限切れだとサービスが述べている"),
    ),
    (
        "says.locked",
        Text::new("the service speaks of a locked account", "アカウントのロックをサービスが述べている"),
    ),
    (
        "says.address",
        Text::new(
            "the service speaks of the caller's IP address",
            "接続元 IP アドレスについてサービスが述べている",
        ),
    ),
    ("says.plan", Text::new("the service speaks of the plan", "契約プランについてサービスが述べている")),
    (
        "says.api_off",
        Text::new("the service says that its API is switched off", "API が無効だとサービスが述べている"),
    ),
    (
        "says.tenant",
        Text::new(
            "the service does not know the account or site",
            "アカウントやサイトが存在しないとサービスが述べている",
        ),
    ),
    (
        "d1.same",
        Text::new(
            "without a credential the answer is the same (D1)",
            "認証情報なしでも応答が同じである（D1）",
        ),
    ),
    ("d1.status", Text::new("the status without a credential (D1)", "認証情報なしのときの状態コード（D1）")),
    ("d2.same", Text::new("a made-up key gets the same answer (D2)", "架空のキーでも応答が同じである（D2）")),
    (
        "d3.granted",
        Text::new(
            "another request works with the same credential (D3)",
            "同じ認証情報で別の要求は成功する（D3）",
        ),
    ),
    (
        "token.elsewhere",
        Text::new(
            "what came with the token names another data centre",
            "トークンの応答が別のデータセンターを示している",
        ),
    ),
    (
        "d4.known_elsewhere",
        Text::new(
            "another host of the service knows this address (D4)",
            "サービスの別のホストがこのアドレスに応答する（D4）",
        ),
    ),
    (
        "place.others",
        Text::new(
            "the connector declares another place for the same values",
            "コネクターが同じ値の別の送信場所を定めている",
        ),
    ),
    (
        "says.place",
        Text::new(
            "the service asks for another header than the one that is sent",
            "サービスが、送信しているものとは別のヘッダーを求めている",
        ),
    ),
    (
        "d16.accepted",
        Text::new(
            "the credential is accepted at another place of the request (D16)",
            "要求の別の場所では認証情報が受け付けられる（D16）",
        ),
    ),
    ("d12.answered", Text::new("a repetition was answered (D12)", "繰り返すと応答があった（D12）")),
    (
        "d14.same",
        Text::new(
            "an address that cannot exist gets the same answer (D14)",
            "存在しないはずのアドレスでも応答が同じである（D14）",
        ),
    ),
    (
        "d14.root.same",
        Text::new(
            "the root of the API gives the same answer (D14)",
            "API の最上位でも応答が同じである（D14）",
        ),
    ),
];
