//! The address: a wrong path, a missing record, what one may not see, another tenant or data centre; and a line
//! that breaks now and then.

use super::{Against, Excludes, Is, No, Proves, Rule, Strong, Weak, Yes, rule};

const PATH: &str = "CONN-API-PATH";
const RESOURCE: &str = "CONN-API-RESOURCE";
const HIDDEN: &str = "CONN-API-HIDDEN";
const TENANT: &str = "CONN-API-TENANT";
const DC: &str = "CONN-AUTH-DC";

pub(super) static RULES: &[Rule] = &[
    rule(
        PATH,
        Strong,
        &[("d14.same", Yes)],
        "an address that cannot exist gets the same answer (HTTP {d14.status})",
        "存在しないはずのアドレスでも同じ応答です（HTTP {d14.status}）",
    ),
    rule(
        PATH,
        Against,
        &[("d14.same", No)],
        "an address that cannot exist gets another answer (HTTP {d14.status}): the service knows this path",
        "存在しないはずのアドレスでは別の応答（HTTP {d14.status}）になるため、サービスはこのパスを知っています",
    ),
    rule(
        PATH,
        Against,
        &[("d14.same", Yes), ("d14.root.same", Yes), ("host.tenant", Yes)],
        "not only this path: even the root of {host} gives the same answer",
        "このパスだけでなく、{host} の最上位でも同じ応答です",
    ),
    rule(
        TENANT,
        Strong,
        &[("d14.same", Yes), ("d14.root.same", Yes), ("host.tenant", Yes)],
        "every address on {host}, which a person entered, gives the same answer",
        "入力されたホスト {host} では、どのアドレスでも同じ応答です",
    ),
    rule(
        TENANT,
        Weak,
        &[("host.tenant", Yes), ("http.shape", Is(&["page", "unproven"]))],
        "nothing in the answer is the service's API",
        "応答にサービスの API らしさがありません",
    ),
    rule(
        TENANT,
        Strong,
        &[("says.tenant", Yes), ("host.asked", Yes)],
        "the service's words say that it does not know this account",
        "サービスの文言は、このアカウントが存在しないことを示唆しています",
    ),
    rule(
        TENANT,
        Excludes,
        &[("host.asked", No)],
        "the host is the same for every customer",
        "ホストはすべての顧客で共通です",
    ),
    rule(
        DC,
        Proves,
        &[("token.elsewhere", Yes), ("http.status", Is(&["400", "401", "403", "404"]))],
        "the service gave the token with {token.named}, which belongs to {token.host}, not to {host}",
        "トークンとともに {token.named} が通知されています。これは {host} ではなく {token.host} のものです",
    ),
    rule(
        DC,
        Weak,
        &[("d4.known_elsewhere", Yes), ("http.status", Is(&["401", "403"]))],
        "{d4.host} ({d4.label}) answers without a credential as the service does as well",
        "{d4.host}（{d4.label}）も、認証情報なしの要求にサービスとして応答します",
    ),
    rule(
        DC,
        Against,
        &[("history.same_value", Yes)],
        "the same value worked at {host} until {history.when}",
        "{history.when} までは、同じ値で {host} に接続できていました",
    ),
    rule(
        DC,
        Strong,
        &[("http.status", Is(&["404", "410"])), ("d4.known_elsewhere", Yes), ("d14.root.same", Yes)],
        "{d4.host} ({d4.label}) answers this request as the service does; {host} knows nothing of it",
        "{d4.host}（{d4.label}）はこの要求にサービスとして応答しますが、{host} は応答しません",
    ),
    rule(
        DC,
        Weak,
        &[("d4.known_elsewhere", Yes), ("http.status", Is(&["404"]))],
        "the same request is known in another data centre: {d4.label}",
        "同じ要求が別のデータセンター（{d4.label}）では通じます",
    ),
    rule(
        RESOURCE,
        Strong,
        &[("d14.same", No)],
        "an address that cannot exist gets another answer (HTTP {d14.status}): this path is known, the record is not",
        "存在しないはずのアドレスでは別の応答（HTTP {d14.status}）です。パスは有効で、データが存在しません",
    ),
    rule(
        RESOURCE,
        Weak,
        &[("d14.same", No), ("http.shape", Is(&["proven"]))],
        "the service itself says that it is not found",
        "サービス本体が「見つからない」と応答しています",
    ),
    rule(
        RESOURCE,
        Strong,
        &[("d14.same", No), ("d1.same", Yes)],
        "it is not found without a credential either",
        "認証情報なしでも「見つからない」という応答です",
    ),
    rule(
        RESOURCE,
        Against,
        &[("d1.status", Is(&["401", "403"]))],
        "without a credential the answer is HTTP {d1.status}: what is here is guarded",
        "認証情報なしでは HTTP {d1.status} になるため、ここは保護されています",
    ),
    rule(
        HIDDEN,
        Weak,
        &[("d14.same", No), ("http.shape", Is(&["proven"]))],
        "the service itself says that it is not found",
        "サービス本体が「見つからない」と応答しています",
    ),
    rule(
        HIDDEN,
        Strong,
        &[("d1.status", Is(&["401", "403"])), ("d14.same", No)],
        "without a credential the answer is HTTP {d1.status}: there is something here that is guarded",
        "認証情報なしでは HTTP {d1.status} になるため、保護された対象がここにあります",
    ),
    rule(
        HIDDEN,
        Weak,
        &[("history.same_value", Yes)],
        "the same request worked until {history.when}",
        "{history.when} までは同じ要求が成功していました",
    ),
    rule(
        "CONN-NET-FLAKY",
        Proves,
        &[("d12.answered", Yes)],
        "of {d12.tried} equal requests {d12.failed} broke, and the others were answered",
        "同じ要求 {d12.tried} 回のうち {d12.failed} 回が途切れ、ほかは応答がありました",
    ),
];
