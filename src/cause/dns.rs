//! Why a host name leads nowhere.

use super::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::base::Text;
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[
    &NXDOMAIN,
    &NODATA,
    &SERVFAIL,
    &REFUSED,
    &TIMEOUT,
    &NO_RESOLVER,
    &CNAME_DANGLING,
    &SINKHOLE,
    &SPLIT,
    &HOSTS_OVERRIDE,
    &SLOW,
];

/// The host `host` does not exist.
pub static NXDOMAIN: Cause = Cause {
    code: "CONN-DNS-NXDOMAIN",
    number: 2001,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unreachable,
    prior: 2,
    fix: Fix::NeedsConsent,
    title: Text::new("The host {host} does not exist.", "ホスト {host} は存在しません。"),
    why: Text::new(
        "The host is misspelt, the account was renamed or deleted, or the name is known only inside a \
         company network or VPN.",
        "ホスト名の入力誤り、アカウントの改名や削除、または社内ネットワークや VPN 内でのみ有効な名前である\
         可能性があります。",
    ),
    evidence: Text::new(
        "The name servers answered that there is no such name.",
        "DNS サーバーが「その名前は存在しない」と応答しました。",
    ),
    steps: &[
        Step::run(
            "conn show {name}",
            "Compare the host with the address in your browser when you are signed in to {service}, and \
             correct it.",
            "{service} にログインしたときのブラウザーのアドレスとホストを照合し、誤りがあれば直してください。",
        ),
        Step::new(
            "If the host is an internal one, connect to the company network or VPN first.",
            "社内のホストである場合は、先に社内ネットワークまたは VPN に接続してください。",
        ),
    ],
};

/// The name `host` exists, but no address belongs to it.
pub static NODATA: Cause = Cause {
    code: "CONN-DNS-NODATA",
    number: 2002,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::Vendor],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The name {host} exists, but no address belongs to it.",
        "{host} という名前は存在しますが、アドレスが登録されていません。",
    ),
    why: Text::new(
        "A part of the name is wrong or missing, or the name has an IPv6 address only.",
        "名前の一部が誤っているか不足している、または IPv6 アドレスのみの名前である可能性があります。",
    ),
    evidence: Text::new(
        "The name servers know the name and return neither an IPv4 nor an IPv6 address.",
        "DNS サーバーは名前を認識していますが、IPv4・IPv6 のどちらのアドレスも返しません。",
    ),
    steps: &[Step::run(
        "conn show {name}",
        "Use the API host that the service's documentation names.",
        "外部サービスのドキュメントに記載された API 用ホストを指定してください。",
    )],
};

/// The name server could not find out the address of `host`.
pub static SERVFAIL: Cause = Cause {
    code: "CONN-DNS-SERVFAIL",
    number: 2003,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::After,
    who: &[Who::NetworkAdmin, Who::Vendor, Who::Wait],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The name server could not find out the address of {host}.",
        "DNS サーバーが {host} のアドレスを調べられませんでした。",
    ),
    why: Text::new(
        "The name server has a fault, or the zone of the service is broken or fails its signature check.",
        "DNS サーバーの障害、または外部サービス側の DNS 設定や署名の不備が考えられます。",
    ),
    evidence: Text::new(
        "The name server answered with a server failure.",
        "DNS サーバーがサーバー障害（SERVFAIL）を返しました。",
    ),
    steps: &[
        Step::run(
            "conn test --all",
            "Try again in a few minutes, and see whether the hosts of your other connections are found.",
            "数分後に再試行し、他の接続のホストが見つかるかどうかを確認してください。",
        ),
        Step::new(
            "If only {host} fails, tell {service}; if all fail, tell your network administrator.",
            "{host} だけが失敗する場合は {service} に、すべて失敗する場合はネットワーク管理者に連絡してくだ\
             さい。",
        ),
    ],
};

/// The name server refuses to answer this machine.
pub static REFUSED: Cause = Cause {
    code: "CONN-DNS-REFUSED",
    number: 2004,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::NetworkAdmin],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The name server refuses to answer this machine.",
        "DNS サーバーが、この端末からの問い合わせを拒否しました。",
    ),
    why: Text::new(
        "The name server serves only its own network, for example that of another office or VPN.",
        "その DNS サーバーは、別の拠点や VPN など特定のネットワークにのみ応答します。",
    ),
    evidence: Text::new(
        "The name server answered that it refuses the question.",
        "DNS サーバーが拒否（REFUSED）を返しました。",
    ),
    steps: &[Step::run(
        "conn doctor",
        "See which name servers this machine uses, and ask your network administrator for the right \
             ones.",
        "使用中の DNS サーバーを確認し、正しい設定をネットワーク管理者に確認してください。",
    )],
};

/// The name servers of this machine do not answer.
pub static TIMEOUT: Cause = Cause {
    code: "CONN-DNS-TIMEOUT",
    number: 2005,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::Now,
    who: &[Who::You, Who::NetworkAdmin],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The name servers of this machine do not answer.",
        "この端末が使う DNS サーバーから応答がありません。",
    ),
    why: Text::new(
        "The name server is down, the VPN is only half connected, or a firewall blocks DNS.",
        "DNS サーバーの停止、VPN の接続不完全、またはファイアウォールによる DNS の遮断が考えられます。",
    ),
    evidence: Text::new(
        "No name server answered within the deadline.",
        "制限時間内に、どの DNS サーバーからも応答がありませんでした。",
    ),
    steps: &[
        Step::new(
            "Disconnect and reconnect the VPN or the Wi-Fi.",
            "VPN または Wi-Fi をいったん切断し、接続し直してください。",
        ),
        Step::run(
            "conn doctor",
            "If that does not help, tell your network administrator which name servers are silent.",
            "解決しない場合は、応答のない DNS サーバーをネットワーク管理者に伝えてください。",
        ),
    ],
};

/// This machine has no name server.
pub static NO_RESOLVER: Cause = Cause {
    code: "CONN-DNS-NO-RESOLVER",
    number: 2006,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new("This machine has no name server.", "この端末に DNS サーバーが設定されていません。"),
    why: Text::new(
        "The machine is offline, or its network settings are incomplete.",
        "ネットワークに接続していないか、ネットワーク設定が不完全です。",
    ),
    evidence: Text::new("No name server is configured.", "DNS サーバーの設定が見つかりません。"),
    steps: &[
        Step::new(
            "Connect this machine to a network (Wi-Fi, cable or VPN).",
            "Wi-Fi、有線、VPN のいずれかでネットワークに接続してください。",
        ),
        Step::run(
            "conn doctor",
            "Then look at the network settings again.",
            "その後、ネットワーク設定を再確認してください。",
        ),
    ],
};

/// The name `host` points to another name that does not exist.
pub static CNAME_DANGLING: Cause = Cause {
    code: "CONN-DNS-CNAME-DANGLING",
    number: 2007,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::Vendor],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The name {host} points to another name that does not exist.",
        "{host} の参照先（別名）が存在しません。",
    ),
    why: Text::new(
        "The service moved, or the account behind the name was removed while the alias stayed.",
        "外部サービスが移転したか、アカウントが削除され別名だけが残っている可能性があります。",
    ),
    evidence: Text::new(
        "The name is an alias, and the name it points to is unknown.",
        "名前は別名（CNAME）として登録されていますが、参照先が見つかりません。",
    ),
    steps: &[
        Step::new(
            "Ask {service} support for the current host, and show them the alias.",
            "現在のホスト名を {service} のサポートに確認し、参照先の情報を伝えてください。",
        ),
        Step::run(
            "conn show {name}",
            "Then correct the host of the connection.",
            "その後、接続のホストを直してください。",
        ),
    ],
};

/// A filter on your network blocks the name `host`.
pub static SINKHOLE: Cause = Cause {
    code: "CONN-DNS-SINKHOLE",
    number: 2008,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::NetworkAdmin],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "A filter on your network blocks the name {host}.",
        "ネットワークのフィルターが {host} の名前解決を遮断しています。",
    ),
    why: Text::new(
        "An ad blocker, a security product or a family filter answers with a dead address.",
        "広告ブロッカー、セキュリティ製品、フィルタリングサービスが無効なアドレスを返しています。",
    ),
    evidence: Text::new(
        "The address for the name is an empty or local one (such as 0.0.0.0), which no public service has.",
        "公開サービスではあり得ない無効なアドレス（0.0.0.0 など）が返されました。",
    ),
    steps: &[
        Step::new(
            "Allow {host} in the DNS filter, or ask your network administrator to do so.",
            "DNS フィルターで {host} を許可するか、ネットワーク管理者に許可を依頼してください。",
        ),
        Step::run("conn test {name}", "Then test again.", "許可後に再度テストしてください。"),
    ],
};

/// The name servers of this machine disagree about `host`.
pub static SPLIT: Cause = Cause {
    code: "CONN-DNS-SPLIT",
    number: 2009,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::NetworkAdmin],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The name servers of this machine disagree about {host}.",
        "{host} について、DNS サーバーごとに異なる応答が返されています。",
    ),
    why: Text::new(
        "The name has one address inside and another outside the company, and the machine asks on the \
         wrong side.",
        "社内と社外で異なるアドレスが設定されており、誤った側に問い合わせている可能性があります。",
    ),
    evidence: Text::new(
        "Two name servers give contradicting answers, or a public service has a private address.",
        "DNS サーバーの応答が食い違うか、公開サービスにプライベートアドレスが返されました。",
    ),
    steps: &[Step::run(
        "conn diagnose {name} --why",
        "Show the different answers to your network administrator, and ask which name server to use \
             here.",
        "応答の違いをネットワーク管理者に見せ、ここで使うべき DNS サーバーを確認してください。",
    )],
};

/// The hosts file of this machine redirects `host`.
pub static HOSTS_OVERRIDE: Cause = Cause {
    code: "CONN-DNS-HOSTS-OVERRIDE",
    number: 2010,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "The hosts file of this machine redirects {host}.",
        "この端末の hosts ファイルが {host} の接続先を変更しています。",
    ),
    why: Text::new(
        "A line was left behind after a test or a move.",
        "テストや移行の際の記述が残っている可能性があります。",
    ),
    evidence: Text::new(
        "The hosts file names the host, with another address than the name servers give.",
        "hosts ファイルに、DNS サーバーとは異なるアドレスが記述されています。",
    ),
    steps: &[
        Step::new(
            "Remove the line for {host} from the hosts file (/etc/hosts, or System32\\drivers\\etc\\hosts \
             on Windows).",
            "hosts ファイル（/etc/hosts、Windows では System32\\drivers\\etc\\hosts）から {host} の行を削除\
             してください。",
        ),
        Step::run("conn test {name}", "Then test again.", "削除後に再度テストしてください。"),
    ],
};

/// Finding the address of `host` takes long.
pub static SLOW: Cause = Cause {
    code: "CONN-DNS-SLOW",
    number: 2011,
    severity: Severity::Warning,
    exit: ExitClass::Warnings,
    retry: Retry::WhenFixed,
    who: &[Who::NetworkAdmin],
    verdict: Verdict::Warning,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "Finding the address of {host} takes long.",
        "{host} の名前解決に時間がかかっています。",
    ),
    why: Text::new(
        "The first name server in the list is dead, and the second one answers only after a pause.",
        "先頭の DNS サーバーが応答せず、2 番目以降が待ち時間の後に応答している可能性があります。",
    ),
    evidence: Text::new(
        "The name was found, but it took more than half a second.",
        "名前解決には成功しましたが、0.5 秒以上かかりました。",
    ),
    steps: &[Step::run(
        "conn doctor",
        "Ask your network administrator to put a working name server first.",
        "応答する DNS サーバーを先頭にするよう、ネットワーク管理者に依頼してください。",
    )],
};
