//! What belongs to a code beside the cause itself: its look-alikes, and how to keep it from coming back. Data;
//! `conn explain` shows it.

use super::{Cause, find};
use crate::base::Text;

/// Codes that look alike from outside; each group lists those that people mistake for each other.
const ALIKE: &[&[&str]] = &[
    &["AUTH-REJECTED", "AUTH-NOT-SENT", "AUTH-KEY-UNKNOWN", "AUTH-KIND", "AUTH-DC", "CFG-ENV"],
    &["AUTH-KEY-ROTATED", "AUTH-KEY-EXPIRED", "AUTH-USER-DISABLED", "AUTH-PASSWORD-CHANGED", "AUTH-IP"],
    &["AUTH-SIGNATURE", "CLK-JWT", "CLK-OAUTH1", "AUTH-KEY-UNKNOWN"],
    &["AUTH-SSO", "AUTH-SECOND-FACTOR", "EDGE-SSO-GATE", "HTTP-REDIRECT-LOGIN", "BODY-HTML"],
    &["OAUTH-ACCESS-EXPIRED", "OAUTH-REFRESH-EXPIRED", "OAUTH-REFRESH-REVOKED", "OAUTH-REFRESH-ROTATED"],
    &["OAUTH-CLIENT-INVALID", "OAUTH-CLIENT-SECRET-EXPIRED", "OAUTH-GRANT", "OAUTH-REDIRECT-URI"],
    &[
        "OAUTH-CONSENT-DENIED",
        "OAUTH-CONSENT-ADMIN",
        "OAUTH-SCOPE-INVALID",
        "OAUTH-CODE-EXPIRED",
        "OAUTH-STATE",
    ],
    &["PERM-SCOPE", "PERM-ROLE", "PERM-RESOURCE", "PERM-PLAN", "PERM-API-DISABLED", "PERM-TENANT", "AUTH-IP"],
    &["RATE-BURST", "RATE-HOURLY", "RATE-DAILY", "RATE-CONCURRENT", "RATE-SHARED", "VEND-OVERLOAD"],
    &["VEND-ERROR", "VEND-GATEWAY", "VEND-MAINTENANCE", "VEND-OVERLOAD", "EDGE-ORIGIN", "PXY-UPSTREAM"],
    &["EDGE-WAF", "EDGE-CHALLENGE", "EDGE-GEO", "EDGE-UA", "PXY-DENIED", "PERM-UNKNOWN"],
    &["DNS-NXDOMAIN", "DNS-NODATA", "DNS-CNAME-DANGLING", "DNS-SPLIT", "CFG-HOST-FORM"],
    &["DNS-SERVFAIL", "DNS-REFUSED", "DNS-TIMEOUT", "DNS-NO-RESOLVER", "NET-OFFLINE"],
    &["DNS-SINKHOLE", "DNS-HOSTS-OVERRIDE", "NET-REFUSED"],
    &["NET-TIMEOUT", "NET-UNREACHABLE", "NET-REFUSED", "NET-RESET", "NET-MTU", "PXY-REQUIRED"],
    &["NET-READ-TIMEOUT", "NET-STALLED", "NET-SLOW", "API-REQUEST-TIMEOUT", "TLS-HANDSHAKE-TIMEOUT"],
    &["PXY-AUTH", "PXY-DENIED", "PXY-UPSTREAM", "PXY-UNREACHABLE", "PXY-REWRITES", "AUTH-REJECTED"],
    &["TLS-EXPIRED", "TLS-NOT-YET-VALID", "CLK-SKEW"],
    &["TLS-SELF-SIGNED", "TLS-UNKNOWN-CA", "TLS-CHAIN-INCOMPLETE", "TLS-INTERCEPTED", "TLS-TRUST-STORE"],
    &["TLS-HOSTNAME", "DNS-SPLIT", "API-MISDIRECTED"],
    &["TLS-PROTOCOL", "TLS-NOT-TLS", "TLS-HANDSHAKE-RESET", "HTTP-CLEARTEXT", "HTTP-NOT-HTTP"],
    &["TLS-CLIENT-CERT", "TLS-CLIENT-CERT-REJECTED", "API-BAD-REQUEST"],
    &["HTTP-REDIRECT-HTTPS", "HTTP-REDIRECT-HOST", "HTTP-REDIRECT-LOOP", "HTTP-REDIRECT-LOGIN"],
    &["BODY-INVALID", "BODY-TRUNCATED", "BODY-TYPE", "BODY-EMPTY", "BODY-DECOMPRESS", "BODY-CHARSET"],
    &["BODY-SCHEMA", "BODY-ERROR-IN-200", "API-VERSION"],
    &["API-PATH", "API-TENANT", "API-RESOURCE", "API-HIDDEN", "API-GONE", "API-MISDIRECTED"],
    &["API-BAD-REQUEST", "API-VALIDATION", "API-MEDIA-TYPE", "API-ACCEPT", "API-METHOD"],
    &["API-DEPRECATED", "API-SUNSET", "API-VERSION", "VEND-DISCONTINUED"],
    &["SEC-MISSING", "SEC-STORE-LOCKED", "SEC-STORE-ABSENT", "SEC-ENV-MISSING", "SEC-STORE-HUNG"],
    &["SEC-WHITESPACE", "SEC-SHAPE", "SEC-SAMPLE", "AUTH-KEY-UNKNOWN"],
    &["SEC-VAULT-KEY", "SEC-VAULT-WRONG-KEY", "SEC-VAULT-DAMAGED", "SEC-VAULT-EXPOSED"],
    &["CFG-FILE", "CFG-SYNTAX", "CFG-SCHEMA", "CFG-DEFINITION"],
    &["CFG-PLACEHOLDER", "CFG-VARIABLE-MISSING", "CFG-HOST-FORM", "CFG-VALUE-FORM"],
    &["CFG-CONNECTION-UNKNOWN", "CFG-CONNECTOR-UNKNOWN", "CFG-ENVIRONMENT-UNKNOWN"],
];

/// The beginnings of codes, and what keeps those causes away. The first that fits counts.
const PREVENTION: &[(&[&str], Text)] = &[
    (
        &["AUTH-KEY-ROTATED", "AUTH-KEY-UNKNOWN"],
        Text::new(
            "Use a key of its own for each integration, and note on it who uses it; change it with conn reconnect, which \
             keeps the old one until the new one works.",
            "キーは連携ごとに分け、利用者をキーのメモに残してください。変更は conn reconnect で行うと、新しいキーの動作を\
             確認するまで以前のキーが残ります。",
        ),
    ),
    (
        &["AUTH-KEY-EXPIRE", "OAUTH-CLIENT-SECRET-EXPIRED"],
        Text::new(
            "Put the end date into a calendar that several people read, and renew two weeks ahead.",
            "有効期限を複数人で共有するカレンダーに登録し、2週間前に更新してください。",
        ),
    ),
    (
        &["AUTH-USER-DISABLED", "AUTH-PASSWORD-CHANGED", "PERM-ROLE"],
        Text::new(
            "Connect with an account of the integration's own, not with that of a person who may leave.",
            "退職や異動のある個人ではなく、連携専用のアカウントで接続してください。",
        ),
    ),
    (
        &["AUTH-IP"],
        Text::new(
            "Ask for a fixed outgoing address, and write next to the allow-list who uses it.",
            "固定の送信元IPアドレスを使い、許可リストに利用者を記録してください。",
        ),
    ),
    (
        &["AUTH-", "OAUTH-REFRESH"],
        Text::new(
            "Run conn test --all every day, so that a refusal is seen before people meet it.",
            "conn test --all を毎日実行し、利用者が気付く前に認証の拒否を検知してください。",
        ),
    ),
    (
        &["OAUTH-CONSENT", "OAUTH-SCOPE", "PERM-SCOPE"],
        Text::new(
            "Ask for exactly the scopes that the calls need, and have an administrator of the service consent once for all.",
            "必要なスコープだけを要求し、可能であればサービスの管理者がまとめて同意してください。",
        ),
    ),
    (
        &["OAUTH-"],
        Text::new(
            "Keep the application's settings at the service (callback address, secret, scopes) beside the connection's note.",
            "アプリケーションの設定（コールバックURL、シークレット、スコープ）を接続の note に控えておいてください。",
        ),
    ),
    (
        &["RATE-"],
        Text::new(
            "Give each consumer its own key where the service allows it, spread scheduled jobs over the hour, and honour \
             Retry-After.",
            "可能であれば利用者ごとにキーを分け、定期実行の時刻を分散し、Retry-After に従ってください。",
        ),
    ),
    (
        &["PERM-"],
        Text::new(
            "Declare the rights that you need as permissions of the connector: conn test then checks each of them.",
            "必要な権限をコネクターの permissions に定義してください。conn test が1件ずつ確認します。",
        ),
    ),
    (
        &["TLS-EXPIRE"],
        Text::new(
            "Watch conn_tls_not_after_timestamp_seconds (conn test --all --format openmetrics) and renew three weeks ahead.",
            "conn test --all --format openmetrics の conn_tls_not_after_timestamp_seconds を監視し、3週間前に更新してください。",
        ),
    ),
    (
        &["TLS-INTERCEPTED", "TLS-UNKNOWN-CA", "TLS-SELF-SIGNED"],
        Text::new(
            "Have the company's authority installed on every machine, or set ca_file in the connections that need it.",
            "社内認証局の証明書をすべての端末に配布するか、必要な接続に ca_file を設定してください。",
        ),
    ),
    (
        &["CLK-"],
        Text::new(
            "Let the machine keep its clock by NTP, and watch that it does.",
            "NTP による時刻同期を有効にし、同期の状態を監視してください。",
        ),
    ),
    (
        &["DNS-", "NET-", "PXY-", "TLS-"],
        Text::new(
            "Run conn test --all from the machine that does the work, not from a desk: the way out differs.",
            "conn test --all は、手元の端末ではなく実際に通信するサーバーから実行してください（経路が異なります）。",
        ),
    ),
    (
        &["EDGE-"],
        Text::new(
            "Tell the vendor your outgoing addresses and your User-Agent, and ask for an exemption in writing.",
            "送信元IPアドレスと User-Agent をベンダーに伝え、除外設定を依頼してください。",
        ),
    ),
    (
        &["API-DEPRECATED", "API-SUNSET", "API-VERSION", "VEND-DISCONTINUED", "VEND-MIGRATION"],
        Text::new(
            "Subscribe to the vendor's changelog, and let CI run conn test --all --strict.",
            "ベンダーの変更履歴を購読し、CI で conn test --all --strict を実行してください。",
        ),
    ),
    (
        &["HTTP-", "BODY-", "API-"],
        Text::new(
            "Keep the answers that failed as samples: conn connectors record NAME writes one, and conn lint judges it ever after.",
            "失敗した応答を見本として残してください。conn connectors record リンク名 で作成でき、以後 conn lint が検査します。",
        ),
    ),
    (
        &["VEND-"],
        Text::new(
            "Subscribe to the service's status page, and let scripts wait with conn test --retry-until.",
            "サービスの稼働状況ページを購読し、スクリプトでは conn test --retry-until で待機してください。",
        ),
    ),
    (
        &["CFG-"],
        Text::new(
            "Let conn lint run before every commit of connectors.toml.",
            "connectors.toml を変更するたびに conn lint を実行してください。",
        ),
    ),
    (
        &["SEC-ENV", "SEC-COMMAND", "SEC-STORE", "SEC-MISSING", "SEC-VAULT"],
        Text::new(
            "On servers use one source for all secrets, and let conn doctor run where they are used.",
            "サーバーでは秘密情報の取得元を統一し、利用する環境で conn doctor を実行してください。",
        ),
    ),
    (
        &["SEC-"],
        Text::new(
            "Let conn ask for values: it takes off what was pasted along, and shows what a value looks like.",
            "値は conn の入力欄に貼り付けてください。余分な文字を取り除き、形式を確認します。",
        ),
    ),
    (
        &["SELF-"],
        Text::new(
            "Keep conn up to date, and keep its state folder on a local disk.",
            "conn を最新に保ち、状態フォルダーはローカルディスクに置いてください。",
        ),
    ),
];

fn short(cause: &Cause) -> &str {
    cause.code.trim_start_matches("CONN-")
}

/// The causes for which people mistake this one.
#[must_use]
pub fn alike(cause: &Cause) -> Vec<&'static Cause> {
    let own = short(cause);
    let mut found: Vec<&'static Cause> = Vec::new();
    for other in ALIKE.iter().filter(|group| group.contains(&own)).flat_map(|group| group.iter()) {
        if let Some(other) = find(other).filter(|other| other.code != cause.code)
            && found.iter().all(|known| known.code != other.code)
        {
            found.push(other);
        }
    }
    found
}

/// What keeps a cause away.
#[must_use]
pub fn prevention(cause: &Cause) -> Option<Text> {
    let fits = |(codes, _): &&(&[&str], Text)| codes.iter().any(|code| short(cause).starts_with(code));
    PREVENTION.iter().find(fits).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::{ALIKE, PREVENTION, alike, prevention};
    use crate::cause::{all, find};

    #[test]
    fn every_code_named_here_exists_and_every_cause_can_be_prevented() {
        for code in ALIKE.iter().flat_map(|group| group.iter()) {
            assert!(find(code).is_some(), "{code}");
        }
        for (codes, _) in PREVENTION {
            for code in *codes {
                let known = all().any(|cause| cause.code.trim_start_matches("CONN-").starts_with(code));
                assert!(known, "{code}");
            }
        }
        for cause in all() {
            assert!(prevention(cause).is_some(), "{}", cause.code);
            assert!(alike(cause).iter().all(|other| other.code != cause.code));
        }
        assert!(alike(find("5004").unwrap()).iter().any(|other| other.number == 5007));
    }
}
