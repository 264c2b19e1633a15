//! What stands between the network and the service.

use super::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::base::Text;
use crate::model::Verdict;

/// The causes of this file.
pub static CAUSES: &[&Cause] = &[&CAPTIVE, &WAF, &CHALLENGE, &GEO, &ORIGIN, &UA, &SSO_GATE];

/// The network demands a sign-in in a browser first.
pub static CAPTIVE: Cause = Cause {
    code: "CONN-EDGE-CAPTIVE",
    number: 4001,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Misaddressed,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The network demands a sign-in in a browser first.",
        "このネットワークを使うには、先にブラウザーでのログインが必要です。",
    ),
    why: Text::new(
        "You are on a guest, hotel or office Wi-Fi that catches all traffic until you agree to its terms.",
        "ゲスト用、ホテル、オフィスの Wi-Fi では、規約に同意するまで通信が転送されることがあります。",
    ),
    evidence: Text::new(
        "A sign-in page answers in the place of {host}, and of other services as well.",
        "{host} や他のサービスの代わりに、ログイン画面が応答しています。",
    ),
    steps: &[
        Step::new(
            "Open any web page in a browser, and sign in to the network.",
            "ブラウザーで任意の Web ページを開き、ネットワークにログインしてください。",
        ),
        Step::run(
            "conn test {name}",
            "Then test again; the key is not to blame.",
            "その後、再度テストしてください。キーが原因ではありません。",
        ),
    ],
};

/// A protective filter in front of `service` blocks this machine.
pub static WAF: Cause = Cause {
    code: "CONN-EDGE-WAF",
    number: 4002,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::Vendor, Who::NetworkAdmin],
    verdict: Verdict::Unreachable,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "A protective filter in front of {service} blocks this machine.",
        "{service} の手前にある防御フィルター（WAF）が、この端末からの通信を遮断しています。",
    ),
    why: Text::new(
        "The network address, the program name or the content of the request looks suspicious to the \
         filter.",
        "接続元アドレス、プログラム名、要求の内容が不審と判定された可能性があります。",
    ),
    evidence: Text::new(
        "The answer is a block page of the filter, without any mark of the service itself.",
        "応答はフィルターの遮断画面で、外部サービス固有の特徴がありません。",
    ),
    steps: &[Step::run(
        "conn diagnose {name} --ticket",
        "Give {service} support the block id of the page and the public address of your network; the \
             key is not to blame.",
        "遮断画面の ID と、ネットワークのグローバル IP アドレスを {service} のサポートに伝えてください。\
             キーが原因ではありません。",
    )],
};

/// `host` wants to see a browser: it answers with a puzzle page.
pub static CHALLENGE: Cause = Cause {
    code: "CONN-EDGE-CHALLENGE",
    number: 4003,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You, Who::Vendor],
    verdict: Verdict::Misaddressed,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "{host} wants to see a browser: it answers with a puzzle page.",
        "{host} はブラウザーからのアクセスを想定しており、確認画面（CAPTCHA など）を返しました。",
    ),
    why: Text::new(
        "The host is the one for people and not the one for the API, or bot protection covers the API by \
         mistake.",
        "API 用ではなく Web 画面用のホストであるか、ボット対策が誤って API にも適用されています。",
    ),
    evidence: Text::new("The answer is a challenge for browsers.", "応答がブラウザー向けの確認画面です。"),
    steps: &[
        Step::run(
            "conn show {name}",
            "Compare the host with the API host in the service's documentation.",
            "ホストを、外部サービスのドキュメントにある API 用ホストと照合してください。",
        ),
        Step::new(
            "If it is right, ask {service} support to exempt the API from bot protection.",
            "正しい場合は、API をボット対策の対象外にするよう {service} のサポートに依頼してください。",
        ),
    ],
};

/// `service` does not answer in this country or region.
pub static GEO: Cause = Cause {
    code: "CONN-EDGE-GEO",
    number: 4004,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::Vendor, Who::NetworkAdmin],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "{service} does not answer in this country or region.",
        "{service} は、この国または地域からの利用を許可していません。",
    ),
    why: Text::new(
        "The service excludes the region of your network address, for example that of a VPN exit.",
        "VPN の出口など、接続元アドレスの地域が対象外となっています。",
    ),
    evidence: Text::new(
        "The refusal names the country or region.",
        "拒否の理由として、国または地域が示されています。",
    ),
    steps: &[
        Step::new(
            "Connect from an allowed region, for example without the VPN, or ask {service} support.",
            "VPN を切るなど許可された地域から接続するか、{service} のサポートに確認してください。",
        ),
        Step::run("conn test {name}", "Then test again.", "その後、再度テストしてください。"),
    ],
};

/// The entrance of `service` works, but the servers behind it do not answer.
pub static ORIGIN: Cause = Cause {
    code: "CONN-EDGE-ORIGIN",
    number: 4005,
    severity: Severity::Error,
    exit: ExitClass::Temporary,
    retry: Retry::After,
    who: &[Who::Vendor, Who::Wait],
    verdict: Verdict::ProviderDown,
    prior: 1,
    fix: Fix::Safe,
    title: Text::new(
        "The entrance of {service} works, but the servers behind it do not answer.",
        "{service} の入口は動作していますが、背後のサーバーが応答していません。",
    ),
    why: Text::new(
        "The service has an outage or restarts.",
        "外部サービスの障害または再起動が考えられます。",
    ),
    evidence: Text::new(
        "The delivery network in front of the service reports that it cannot reach the origin.",
        "配信ネットワーク（CDN）が、配信元に到達できないと報告しています。",
    ),
    steps: &[
        Step::run(
            "conn test {name} --retry-until 10m",
            "Try again later; this is on the side of the service.",
            "時間をおいて再試行してください。外部サービス側の問題です。",
        ),
        Step::new("Look at the status page of {service}.", "{service} の稼働状況を確認してください。"),
    ],
};

/// `service` refuses programs that do not introduce themselves as it wants.
pub static UA: Cause = Cause {
    code: "CONN-EDGE-UA",
    number: 4006,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unreachable,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "{service} refuses programs that do not introduce themselves as it wants.",
        "{service} が求める User-Agent が送られていないため、拒否されました。",
    ),
    why: Text::new(
        "The service demands a certain User-Agent header.",
        "外部サービスが特定の User-Agent ヘッダーを必要としています。",
    ),
    evidence: Text::new(
        "The refusal names the User-Agent, or it disappears with another one.",
        "拒否の理由として User-Agent が示されたか、変更すると拒否されなくなります。",
    ),
    steps: &[
        Step::new(
            "Set User-Agent in the headers of the connector, as the service's documentation asks.",
            "外部サービスのドキュメントに従い、コネクターの headers に User-Agent を設定してください。",
        ),
        Step::run("conn test {name}", "Then test again.", "その後、再度テストしてください。"),
    ],
};

/// A company sign-in gate stands in front of `host`.
pub static SSO_GATE: Cause = Cause {
    code: "CONN-EDGE-SSO-GATE",
    number: 4007,
    severity: Severity::Error,
    exit: ExitClass::Path,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin, Who::NetworkAdmin],
    verdict: Verdict::Misaddressed,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new(
        "A company sign-in gate stands in front of {host}.",
        "{host} の手前に、社内のシングルサインオン用ゲートがあります。",
    ),
    why: Text::new(
        "The server is protected by a gateway that admits people with a browser only.",
        "ブラウザー利用者のみを通すゲートウェイで保護されています。",
    ),
    evidence: Text::new(
        "The gate sends the request to a sign-in page before the service sees it.",
        "外部サービスに届く前に、ゲートがログイン画面へ転送しています。",
    ),
    steps: &[Step::new(
        "Ask the administrator of {host} for a way for programs: an exempted path, or a service token \
             for the gate.",
        "プログラム用の経路（対象外のパスやゲート用のサービストークン）を {host} の管理者に確認してくだ\
             さい。",
    )],
};
