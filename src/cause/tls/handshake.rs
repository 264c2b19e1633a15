//! The two sides do not agree on how to talk.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[
    &PROTOCOL,
    &CLIENT_CERT,
    &CLIENT_CERT_REJECTED,
    &NOT_TLS,
    &HANDSHAKE_RESET,
    &HANDSHAKE_TIMEOUT,
    &TRUST_STORE,
];

/// The server `host` speaks only old or other kinds of encryption.
pub static PROTOCOL: Cause = Cause {
    code: "CONN-TLS-PROTOCOL",
    number: 3008,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::Vendor],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The server {host} speaks only old or other kinds of encryption.",
        "サーバー {host} は、古い方式または異なる方式の暗号化にしか対応していません。",
    ),
    why: Text::new(
        "The server knows nothing newer than TLS 1.1, or offers no cipher that is safe today.",
        "サーバーが TLS 1.1 以前にしか対応していないか、現在安全とされる暗号方式を提供していません。",
    ),
    evidence: Text::new(
        "The server refused the protocol version or found no common cipher.",
        "サーバーがプロトコルのバージョンを拒否したか、共通の暗号方式がありませんでした。",
    ),
    steps: &[Step::new(
        "Ask whoever runs {host} to switch on TLS 1.2 or newer.",
        "TLS 1.2 以降を有効にするよう、{host} の運用者に依頼してください。",
    )],
};

/// The server `host` demands a client certificate.
pub static CLIENT_CERT: Cause = Cause {
    code: "CONN-TLS-CLIENT-CERT",
    number: 3009,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::ServiceAdmin],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The server {host} demands a client certificate.",
        "サーバー {host} がクライアント証明書を求めています。",
    ),
    why: Text::new(
        "The service identifies its clients by certificate, and this connection has none.",
        "クライアント証明書による認証が必要ですが、この接続には設定されていません。",
    ),
    evidence: Text::new(
        "The server asked for a certificate during or after the handshake, or an error page names the \
         missing certificate.",
        "接続の途中で証明書を要求されたか、エラーページが証明書の不足を示しています。",
    ),
    steps: &[
        Step::new(
            "Ask the {service} administrator for a client certificate, or for a host that works without \
             one.",
            "クライアント証明書、または証明書なしで利用できるホストを {service} の管理者に確認してください。",
        ),
        Step::new(
            "Add the parameters certificate and private_key (PEM) to the auth method, and give their values.",
            "認証の種類のパラメーターに certificate と private_key（PEM）を追加し、値を登録してください。",
        ),
    ],
};

/// The server `host` does not accept the client certificate.
pub static CLIENT_CERT_REJECTED: Cause = Cause {
    code: "CONN-TLS-CLIENT-CERT-REJECTED",
    number: 3010,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The server {host} does not accept the client certificate.",
        "サーバー {host} がクライアント証明書を受け付けません。",
    ),
    why: Text::new(
        "The certificate has expired, belongs to another environment, or its issuer is not trusted there.",
        "証明書の期限切れ、別環境の証明書の使用、または発行元が信頼されていない可能性があります。",
    ),
    evidence: Text::new(
        "A client certificate was presented, and the server refused it by an alert.",
        "クライアント証明書を提示しましたが、サーバーが拒否しました。",
    ),
    steps: &[
        Step::new(
            "Ask the {service} administrator for a current client certificate.",
            "有効なクライアント証明書を {service} の管理者に発行してもらってください。",
        ),
        Step::run(
            "conn reconnect {name}",
            "Then replace it in the connection.",
            "その後、接続の証明書を置き換えてください。",
        ),
    ],
};

/// The server `host` does not speak TLS on port `port`.
pub static NOT_TLS: Cause = Cause {
    code: "CONN-TLS-NOT-TLS",
    number: 3011,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The server {host} does not speak TLS on port {port}.",
        "サーバー {host} のポート {port} は TLS に対応していません。",
    ),
    why: Text::new(
        "The port is the one for plain HTTP, or another service listens there.",
        "平文 HTTP 用のポートであるか、別のサービスが待ち受けています。",
    ),
    evidence: Text::new(
        "The first bytes of the server are no TLS.",
        "サーバーの最初のバイト列が TLS ではありません。",
    ),
    steps: &[Step::run(
        "conn show {name}",
        "Correct the port; the usual one for https is 443. A server on this machine may be one for http://.",
        "ポート番号を直してください。https では通常 443 です。この端末のサーバーでは http:// の場合もあります。",
    )],
};

/// The connection to `host` is cut off when encryption starts.
pub static HANDSHAKE_RESET: Cause = Cause {
    code: "CONN-TLS-HANDSHAKE-RESET",
    number: 3013,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::Now,
    who: &[Who::NetworkAdmin],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The connection to {host} is cut off when encryption starts.",
        "{host} との暗号化を開始した時点で接続が切断されます。",
    ),
    why: Text::new(
        "A filter on the way reads the host name and cuts the connection, or a security device does.",
        "途中のフィルターやセキュリティ機器が、ホスト名を見て切断している可能性があります。",
    ),
    evidence: Text::new(
        "The TCP connection stands, and it is reset or closed right after the first message of TLS.",
        "TCP 接続は確立しますが、TLS の最初のメッセージの直後に切断されます。",
    ),
    steps: &[
        Step::new(
            "Try from another network; if it works there, ask your network administrator whether {host} is \
             filtered.",
            "別のネットワークで試し、成功する場合は {host} が遮断されていないかネットワーク管理者に確認して\
             ください。",
        ),
        Step::run("conn test {name}", "Then test again.", "その後、再度テストしてください。"),
    ],
};

/// `host` accepts the connection but never answers the start of encryption.
pub static HANDSHAKE_TIMEOUT: Cause = Cause {
    code: "CONN-TLS-HANDSHAKE-TIMEOUT",
    number: 3014,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::After,
    who: &[Who::NetworkAdmin, Who::Vendor],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "{host} accepts the connection but never answers the start of encryption.",
        "{host} は接続を受け付けますが、暗号化の開始に応答しません。",
    ),
    why: Text::new(
        "A firewall drops the traffic after the connection, or the server behind the entrance is dead.",
        "接続後にファイアウォールが通信を破棄しているか、背後のサーバーが停止しています。",
    ),
    evidence: Text::new(
        "The TCP connection stands, but no TLS message came back within the deadline.",
        "TCP 接続は確立しましたが、制限時間内に TLS の応答がありませんでした。",
    ),
    steps: &[
        Step::new(
            "Try from another network; if it works there, show this to your network administrator.",
            "別のネットワークで試し、成功する場合はこの結果をネットワーク管理者に見せてください。",
        ),
        Step::new(
            "If it fails everywhere, look at the status page of {service}.",
            "どこでも失敗する場合は、{service} の稼働状況を確認してください。",
        ),
    ],
};

/// This machine has no list of certificate authorities.
pub static TRUST_STORE: Cause = Cause {
    code: "CONN-TLS-TRUST-STORE",
    number: 3015,
    severity: Severity::Error,
    exit: ExitClass::Local,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::LocalSetup,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The list of certificate authorities cannot be read.",
        "信頼する認証局の一覧を読み取れません。",
    ),
    why: Text::new(
        "A minimal container or system lacks the package, or --cacert, ca_file or SSL_CERT_FILE names a file \
         without certificates.",
        "最小構成のコンテナーなどでパッケージが不足しているか、--cacert、ca_file、SSL_CERT_FILE のファイルから\
         証明書を読み取れません。",
    ),
    evidence: Text::new("Not a single authority could be loaded.", "認証局を 1 つも読み込めませんでした。"),
    steps: &[
        Step::run(
            "conn doctor",
            "See which files were tried.",
            "どのファイルを参照したかを確認してください。",
        ),
        Step::new(
            "Correct --cacert, ca_file or SSL_CERT_FILE, or install the package ca-certificates.",
            "--cacert、ca_file、SSL_CERT_FILE を直すか、ca-certificates パッケージを導入してください。",
        ),
    ],
};
