//! The certificate of the server is not acceptable.

use crate::base::Text;
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[
    &EXPIRED,
    &NOT_YET_VALID,
    &SELF_SIGNED,
    &UNKNOWN_CA,
    &CHAIN_INCOMPLETE,
    &HOSTNAME,
    &INTERCEPTED,
    &REVOKED,
    &EXPIRES_SOON,
];

/// The certificate of `host` expired on `date`.
pub static EXPIRED: Cause = Cause {
    code: "CONN-TLS-EXPIRED",
    number: 3001,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::Vendor, Who::Wait],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The certificate of {host} expired on {date}.",
        "{host} の証明書は {date} に期限が切れています。",
    ),
    why: Text::new(
        "Whoever runs the server forgot to renew it.",
        "サーバーの運用者が更新を忘れた可能性があります。",
    ),
    evidence: Text::new(
        "The end date of the certificate has passed, and the clock of this machine is right.",
        "証明書の終了日を過ぎており、この端末の時刻は正確です。",
    ),
    steps: &[
        Step::new(
            "Tell {service} support or whoever runs the server; until it is renewed, nothing is sent to it.",
            "{service} のサポートまたはサーバーの運用者に連絡してください。更新されるまで、何も送信しません。",
        ),
        Step::run("conn test {name}", "Test again after the renewal.", "更新後に再度テストしてください。"),
    ],
};

/// The certificate of `host` is valid only from `date`.
pub static NOT_YET_VALID: Cause = Cause {
    code: "CONN-TLS-NOT-YET-VALID",
    number: 3002,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::After,
    who: &[Who::Vendor, Who::Wait],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The certificate of {host} is valid only from {date}.",
        "{host} の証明書が有効になるのは {date} からです。",
    ),
    why: Text::new(
        "The server got its new certificate too early, or its issuer's clock was ahead.",
        "新しい証明書が早く設置されたか、発行元の時計が進んでいた可能性があります。",
    ),
    evidence: Text::new(
        "The start date of the certificate lies in the future, and the clock of this machine is right.",
        "証明書の開始日が未来であり、この端末の時刻は正確です。",
    ),
    steps: &[
        Step::run("conn test {name}", "Try again after {date}.", "{date} 以降に再試行してください。"),
        Step::new(
            "If that is far away, tell whoever runs the server.",
            "先の日付である場合は、サーバーの運用者に連絡してください。",
        ),
    ],
};

/// The server `host` has issued its certificate to itself.
pub static SELF_SIGNED: Cause = Cause {
    code: "CONN-TLS-SELF-SIGNED",
    number: 3003,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin, Who::NetworkAdmin],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The server {host} has issued its certificate to itself.",
        "サーバー {host} の証明書は自己署名証明書です。",
    ),
    why: Text::new(
        "It is a server of your own company or a test server, or something pretends to be the service.",
        "社内サーバーやテスト用サーバーであるか、何者かがサービスになりすましています。",
    ),
    evidence: Text::new(
        "The certificate names itself as its issuer, and no authority of this machine vouches for it.",
        "証明書の発行者が自分自身であり、この端末の認証局では確認できません。",
    ),
    steps: &[
        Step::new(
            "If it is your own server, get its certificate from whoever runs it, over another way than \
             this network.",
            "自社のサーバーである場合は、運用者から別の経路で証明書を受け取ってください。",
        ),
        Step::run(
            "conn test {name} --cacert FILE",
            "Trust it for this connection only; if it works, set ca_file in the connection.",
            "この接続に限り信頼させて試し、成功したら接続の ca_file に設定してください。",
        ),
    ],
};

/// This machine does not know the authority that issued the certificate of `host`.
pub static UNKNOWN_CA: Cause = Cause {
    code: "CONN-TLS-UNKNOWN-CA",
    number: 3004,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::NetworkAdmin],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "This machine does not know the authority that issued the certificate of {host}.",
        "{host} の証明書を発行した認証局を、この端末は信頼していません。",
    ),
    why: Text::new(
        "The company runs an authority of its own, or the list of authorities on this machine is old.",
        "社内独自の認証局が使われているか、信頼する認証局の一覧が古い可能性があります。",
    ),
    evidence: Text::new(
        "The chain is complete, but it ends at an authority that is not trusted here.",
        "証明書チェーンは完全ですが、信頼されていない認証局で終わっています。",
    ),
    steps: &[
        Step::new(
            "Get the certificate of the authority from your network administrator.",
            "認証局の証明書をネットワーク管理者から入手してください。",
        ),
        Step::run(
            "conn test {name} --cacert FILE",
            "Trust it for this connection; if it works, set ca_file in the connection.",
            "この接続で信頼させて試し、成功したら接続の ca_file に設定してください。",
        ),
    ],
};

/// The server `host` does not send all of its certificates.
pub static CHAIN_INCOMPLETE: Cause = Cause {
    code: "CONN-TLS-CHAIN-INCOMPLETE",
    number: 3005,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::Vendor],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The server {host} does not send all of its certificates.",
        "サーバー {host} が中間証明書を送信していません。",
    ),
    why: Text::new(
        "An intermediate certificate is missing in the server's set-up; browsers fetch it themselves and \
         hide the mistake.",
        "サーバーの設定に中間証明書が含まれていません。ブラウザーは自動で補うため、気付かれにくい不備です。",
    ),
    evidence: Text::new(
        "The issuer of the certificate was not sent along, and the certificate says where it could be \
         fetched.",
        "発行者の証明書が送られておらず、証明書内に取得先が記載されています。",
    ),
    steps: &[
        Step::new(
            "Ask {service} support or whoever runs the server to send the full chain.",
            "証明書チェーン全体を送信するよう、{service} のサポートまたはサーバーの運用者に依頼してください。",
        ),
        Step::run(
            "conn test {name} --cacert FILE",
            "Until then, a file with the missing intermediate certificate helps.",
            "対応までの間は、不足している中間証明書のファイルを指定すると接続できます。",
        ),
    ],
};

/// The certificate of the server is made out to other names than `host`.
pub static HOSTNAME: Cause = Cause {
    code: "CONN-TLS-HOSTNAME",
    number: 3006,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::Vendor],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "The certificate of the server is made out to other names than {host}.",
        "サーバーの証明書の名前が {host} と一致しません。",
    ),
    why: Text::new(
        "The host is wrong or an old alias, or a sign-in page of the network answers instead.",
        "ホスト名の誤り、古い別名、またはネットワークのログイン画面が応答している可能性があります。",
    ),
    evidence: Text::new(
        "The certificate is valid, but for these names: {names}.",
        "証明書は有効ですが、次の名前に対するものです: {names}",
    ),
    steps: &[
        Step::run(
            "conn show {name}",
            "Compare the host with the service's documentation, and use one of the names in the \
             certificate if it is the service's.",
            "ホストを外部サービスのドキュメントと照合し、証明書の名前が正しいものであればその名前を指定して\
             ください。",
        ),
        Step::new(
            "On a guest Wi-Fi, open a browser and sign in first.",
            "ゲスト用 Wi-Fi の場合は、先にブラウザーでログインしてください。",
        ),
    ],
};

/// A device or program on the way opens the encrypted traffic to `host`.
pub static INTERCEPTED: Cause = Cause {
    code: "CONN-TLS-INTERCEPTED",
    number: 3007,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::NetworkAdmin],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "A device or program on the way opens the encrypted traffic to {host}.",
        "途中の機器またはプログラムが、{host} への暗号化通信を復号しています。",
    ),
    why: Text::new(
        "The company inspects traffic, or security software on this machine does.",
        "社内の通信検査機器、またはこの端末のセキュリティソフトによるものと考えられます。",
    ),
    evidence: Text::new(
        "The certificate was issued by {issuer}, which belongs to a product that inspects traffic.",
        "証明書の発行者が {issuer} であり、通信検査製品のものです。",
    ),
    steps: &[
        Step::new(
            "Ask your network administrator for the company's authority certificate, or to exempt {host} \
             from inspection.",
            "社内の認証局の証明書を入手するか、{host} を検査対象から外すよう、ネットワーク管理者に依頼して\
             ください。",
        ),
        Step::run(
            "conn test {name} --cacert FILE",
            "With the certificate, trust it for this connection; if it works, set ca_file in the \
             connection.",
            "証明書を入手した場合は、この接続で信頼させて試し、成功したら接続の ca_file に設定してください。",
        ),
    ],
};

/// The certificate of `host` was revoked.
pub static REVOKED: Cause = Cause {
    code: "CONN-TLS-REVOKED",
    number: 3012,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::Never,
    who: &[Who::Vendor],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new("The certificate of {host} was revoked.", "{host} の証明書は失効しています。"),
    why: Text::new(
        "Its private key may have been stolen, or it was replaced in a hurry.",
        "秘密鍵の漏えい、または緊急の差し替えが考えられます。",
    ),
    evidence: Text::new(
        "The issuer declares the certificate as revoked.",
        "発行者が証明書の失効を公表しています。",
    ),
    steps: &[
        Step::run("conn disable {name}", "Stop using the connection.", "この接続の利用を止めてください。"),
        Step::new("Tell {service} support at once.", "速やかに {service} のサポートへ連絡してください。"),
    ],
};

/// The certificate of `host` ends on `date`.
pub static EXPIRES_SOON: Cause = Cause {
    code: "CONN-TLS-EXPIRES-SOON",
    number: 3016,
    severity: Severity::Warning,
    exit: ExitClass::Warnings,
    retry: Retry::WhenFixed,
    who: &[Who::Vendor, Who::ServiceAdmin],
    verdict: Verdict::Warning,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The certificate of {host} ends on {date}.",
        "{host} の証明書は {date} に期限が切れます。",
    ),
    why: Text::new(
        "Its renewal is late, or it is not automatic.",
        "更新が遅れているか、自動更新されていません。",
    ),
    evidence: Text::new(
        "The certificate is valid and ends within 14 days.",
        "証明書は有効ですが、14 日以内に期限が切れます。",
    ),
    steps: &[Step::new(
        "Tell whoever runs {host} about the date.",
        "{host} の運用者に期限日を伝えてください。",
    )],
};
