//! What the proxy between this machine and the service does.

use super::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::base::Text;
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] =
    &[&UNRESOLVED, &UNREACHABLE, &AUTH, &DENIED, &UPSTREAM, &REQUIRED, &ENV, &REWRITES];

/// The proxy `proxy` does not exist in this network.
pub static UNRESOLVED: Cause = Cause {
    code: "CONN-PXY-UNRESOLVED",
    number: 2201,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::NetworkAdmin],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The proxy {proxy} does not exist in this network.",
        "このネットワークには、プロキシ {proxy} が存在しません。",
    ),
    why: Text::new(
        "The name of the proxy is old, or it is known only inside the company network or VPN.",
        "プロキシ名が古いか、社内ネットワークや VPN 内でのみ有効な名前です。",
    ),
    evidence: Text::new(
        "A proxy is set, and its name has no address.",
        "プロキシが設定されていますが、その名前のアドレスが見つかりません。",
    ),
    steps: &[Step::run(
        "conn doctor",
        "See where the proxy setting comes from, then correct HTTPS_PROXY or connect the VPN.",
        "プロキシ設定の出どころを確認し、HTTPS_PROXY を直すか VPN に接続してください。",
    )],
};

/// The proxy `proxy` cannot be reached.
pub static UNREACHABLE: Cause = Cause {
    code: "CONN-PXY-UNREACHABLE",
    number: 2202,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::NetworkAdmin],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new("The proxy {proxy} cannot be reached.", "プロキシ {proxy} に接続できません。"),
    why: Text::new(
        "The proxy is down, the port is wrong, or this machine is outside the network it serves.",
        "プロキシの停止、ポート番号の誤り、または対象外のネットワークからの利用が考えられます。",
    ),
    evidence: Text::new(
        "A proxy is set, and it refuses the connection or does not answer.",
        "プロキシが設定されていますが、接続を拒否されたか応答がありません。",
    ),
    steps: &[Step::run(
        "conn doctor",
        "Check host and port of the proxy with your network administrator.",
        "プロキシのホストとポート番号をネットワーク管理者に確認してください。",
    )],
};

/// The proxy `proxy` asks for a user name and password.
pub static AUTH: Cause = Cause {
    code: "CONN-PXY-AUTH",
    number: 2203,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::NetworkAdmin],
    verdict: Verdict::Unreachable,
    prior: 2,
    fix: Fix::Manual,
    title: Text::new(
        "The proxy {proxy} asks for a user name and password.",
        "プロキシ {proxy} がユーザー名とパスワードを求めています。",
    ),
    why: Text::new(
        "No proxy login is set, it is wrong, or the proxy demands a scheme that uses the Windows sign-in.",
        "プロキシの認証情報が未設定か誤っている、または Windows ログインを使う方式が求められています。",
    ),
    evidence: Text::new(
        "The proxy itself answered 407 and names the scheme it wants; the service was not reached.",
        "プロキシ自体が 407 を返して認証方式を示しており、外部サービスには到達していません。",
    ),
    steps: &[
        Step::new(
            "Put the login into the proxy address in HTTPS_PROXY (http://USER:PASSWORD@HOST:PORT), set \
             from your password manager and not written into a file.",
            "HTTPS_PROXY のプロキシアドレスに認証情報（http://USER:PASSWORD@HOST:PORT）を含めてください。値\
             はファイルに書かず、パスワード管理ツールから設定してください。",
        ),
        Step::new(
            "Where the proxy accepts only Negotiate or NTLM, ask your network administrator for a way \
             without them.",
            "プロキシが Negotiate または NTLM のみを受け付ける場合は、別の方法をネットワーク管理者に相談し\
             てください。",
        ),
        Step::run(
            "conn test {name}",
            "Then test again; the key of the service is not to blame.",
            "その後、再度テストしてください。外部サービスのキーが原因ではありません。",
        ),
    ],
};

/// The proxy `proxy` does not allow `host`.
pub static DENIED: Cause = Cause {
    code: "CONN-PXY-DENIED",
    number: 2204,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::NetworkAdmin],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The proxy {proxy} does not allow {host}.",
        "プロキシ {proxy} が {host} への通信を許可していません。",
    ),
    why: Text::new(
        "A category filter or an access list of the company blocks the host.",
        "社内のカテゴリーフィルターやアクセス制御で遮断されています。",
    ),
    evidence: Text::new(
        "The proxy itself refused the tunnel; the service was not reached.",
        "プロキシ自体が中継を拒否しており、外部サービスには到達していません。",
    ),
    steps: &[
        Step::new(
            "Ask your network administrator to allow {host} on port {port} at the proxy.",
            "プロキシで {host} のポート {port} を許可するよう、ネットワーク管理者に依頼してください。",
        ),
        Step::run("conn test {name}", "Then test again.", "許可後に再度テストしてください。"),
    ],
};

/// The proxy `proxy` cannot reach `host`.
pub static UPSTREAM: Cause = Cause {
    code: "CONN-PXY-UPSTREAM",
    number: 2205,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::After,
    who: &[Who::NetworkAdmin, Who::Vendor],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The proxy {proxy} cannot reach {host}.",
        "プロキシ {proxy} から {host} に到達できません。",
    ),
    why: Text::new(
        "The proxy does not find the name or gets no connection; the service may also be down.",
        "プロキシが名前解決または接続に失敗しています。外部サービスが停止している可能性もあります。",
    ),
    evidence: Text::new(
        "The proxy itself reports a failure on its own way to the service.",
        "プロキシが、外部サービスまでの経路での失敗を報告しています。",
    ),
    steps: &[
        Step::run(
            "conn diagnose {name} --why",
            "Give your network administrator the words of the proxy and the host.",
            "プロキシの応答内容とホストをネットワーク管理者に伝えてください。",
        ),
        Step::new(
            "Look at the status page of {service} as well.",
            "あわせて {service} の稼働状況を確認してください。",
        ),
    ],
};

/// This network lets traffic to `host` out only through a proxy.
pub static REQUIRED: Cause = Cause {
    code: "CONN-PXY-REQUIRED",
    number: 2206,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::NeedsConsent,
    title: Text::new(
        "This network lets traffic to {host} out only through a proxy.",
        "このネットワークから {host} へは、プロキシ経由でのみ通信できます。",
    ),
    why: Text::new(
        "The system uses a proxy for the browser, but the command line does not know about it.",
        "ブラウザーはシステムのプロキシを使っていますが、コマンドラインには設定されていません。",
    ),
    evidence: Text::new(
        "Direct connections fail, while the system has a proxy set.",
        "直接の接続は失敗し、システムにはプロキシが設定されています。",
    ),
    steps: &[Step::run(
        "conn test {name} --proxy {proxy}",
        "Try the system's proxy; if it works, set HTTPS_PROXY to it.",
        "システムのプロキシで試し、成功したら HTTPS_PROXY に設定してください。",
    )],
};

/// The proxy variables of this machine contradict each other.
pub static ENV: Cause = Cause {
    code: "CONN-PXY-ENV",
    number: 2207,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The proxy variables of this machine contradict each other.",
        "この端末のプロキシ用環境変数に矛盾があります。",
    ),
    why: Text::new(
        "Upper-case and lower-case variables differ, the address has a wrong scheme, or NO_PROXY catches \
         or misses the host.",
        "大文字と小文字の変数の不一致、アドレスの形式の誤り、NO_PROXY の過不足が考えられます。",
    ),
    evidence: Text::new(
        "The environment holds proxy variables with different or unusable values.",
        "環境変数に、異なる値または使用できない値が設定されています。",
    ),
    steps: &[Step::run(
        "conn doctor",
        "See the values, make both spellings equal, and put {host} into NO_PROXY or take it out.",
        "値を確認して大文字・小文字の変数をそろえ、NO_PROXY に {host} を追加または削除してください。",
    )],
};

/// The answer comes from a proxy and not from `service`.
pub static REWRITES: Cause = Cause {
    code: "CONN-PXY-REWRITES",
    number: 2208,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::NetworkAdmin],
    verdict: Verdict::Misaddressed,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The answer comes from a proxy and not from {service}.",
        "この応答は {service} ではなく、プロキシが返したものです。",
    ),
    why: Text::new(
        "A filtering proxy blocks the page, or answers in the place of the service.",
        "フィルタリングプロキシが遮断したか、外部サービスの代わりに応答しています。",
    ),
    evidence: Text::new(
        "The answer carries the marks of a proxy, and none of the service's own.",
        "応答にプロキシの特徴があり、外部サービス固有の特徴がありません。",
    ),
    steps: &[
        Step::new(
            "Ask your network administrator why the proxy answers for {host}, and to let it pass.",
            "プロキシが {host} の代わりに応答する理由を確認し、通過させるようネットワーク管理者に依頼してく\
             ださい。",
        ),
        Step::run(
            "conn test {name}",
            "Then test again; the key of the service is not to blame.",
            "その後、再度テストしてください。外部サービスのキーが原因ではありません。",
        ),
    ],
};
