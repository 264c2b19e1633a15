//! Reports for the tests of this room.

use std::collections::BTreeMap;

use super::Page;
use crate::base::{Language, Phrase, Text, Timestamp};
use crate::cause::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::diagnosis::change::Change;
use crate::diagnosis::fact::{Attempt, StageDetail, Subject};
use crate::diagnosis::report::{Access, AccessStatus, Account, Check, Identity, Quota, StageLine};
use crate::diagnosis::{Confidence, Entry, Finding, Report, Role, Stage, StageStatus};
use crate::model::{AuthKind, State, Strength, Verdict};

/// A value that no form may show.
pub const SECRET: &str = "marker-9f1c7ad2e44b-secret";

static ROTATED: Cause = Cause {
    code: "CONN-AUTH-KEY-ROTATED",
    number: 5004,
    severity: Severity::Error,
    exit: ExitClass::Reconnect,
    retry: Retry::WhenFixed,
    who: &[Who::ServiceAdmin, Who::You],
    verdict: Verdict::Rejected,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new(
        "The key used to work and now {service} no longer knows it; somebody probably made a new one.",
        "APIキーが無効になりました。{service} で再生成された可能性が高いです。",
    ),
    why: Text::new("Somebody made a new key, or deleted this one.", "キーが再生成されたか、削除されました。"),
    evidence: Text::new("An earlier success with the same key.", "同じキーでの成功記録があります。"),
    steps: &[
        Step::new(
            "Find the current key in {service}: Settings > API settings.",
            "{service} の「設定 > API設定」で現在のキーを確認してください。",
        ),
        Step::run(
            "conn reconnect {name}",
            "Enter the new key. The old one is kept until the new one is proven.",
            "次のコマンドを実行し、新しいキーを入力してください。確認が済むまで以前のキーは残ります。",
        ),
    ],
};

static DEPRECATED: Cause = Cause {
    code: "CONN-API-DEPRECATED",
    number: 7017,
    severity: Severity::Warning,
    exit: ExitClass::Service,
    retry: Retry::Never,
    who: &[Who::Vendor],
    verdict: Verdict::Warning,
    prior: 1,
    fix: Fix::Manual,
    title: Text::new("This version of the API ends on {date}.", "このAPIバージョンは {date} に終了します。"),
    why: Text::new("The vendor retires old versions.", "古いバージョンは順次終了します。"),
    evidence: Text::new("A Deprecation header.", "Deprecationヘッダーがあります。"),
    steps: &[Step::new("Plan the move to the next version.", "新しいバージョンへの移行を計画してください。")],
};

macro_rules! sample_cause {
    ($name:ident, $code:literal, $number:literal, $exit:ident, $retry:ident, $verdict:ident) => {
        static $name: Cause = Cause {
            code: $code,
            number: $number,
            severity: Severity::Error,
            exit: ExitClass::$exit,
            retry: Retry::$retry,
            who: &[Who::You, Who::NetworkAdmin],
            verdict: Verdict::$verdict,
            prior: 1,
            fix: Fix::Manual,
            title: Text::new("{host} cannot be used from here.", "{host} に接続できません。"),
            why: Text::new("Several reasons.", "いくつかの原因が考えられます。"),
            evidence: Text::new("No answer.", "応答がありません。"),
            steps: &[Step::run("conn doctor", "Look at this machine.", "このPCの状態を確認してください。")],
        };
    };
}
sample_cause!(FORBIDDEN, "CONN-PERM-RESOURCE", 6003, Service, WhenFixed, Forbidden);
sample_cause!(THROTTLED, "CONN-RATE-LIMIT", 8001, Temporary, After, Throttled);
sample_cause!(DOWN, "CONN-VEND-MAINTENANCE", 9001, Temporary, After, ProviderDown);
sample_cause!(PROXY, "CONN-PXY-AUTH", 2203, Path, WhenFixed, Unreachable);
sample_cause!(WRONG_PATH, "CONN-API-PATH", 7001, Service, WhenFixed, Misaddressed);
sample_cause!(FORMAT, "CONN-BODY-TYPE", 7101, Service, Never, Mismatch);
sample_cause!(NO_SECRET, "CONN-SEC-MISSING", 1101, Local, Now, LocalSetup);

pub fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A page of 80 cells in Japan at 20:31.
pub fn page(language: Language) -> Page {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(9));
    Page { language, zone, ..Page::plain(moment("2026-11-21T11:31:02Z")) }
}

fn subject(link_name: &str) -> Subject {
    Subject {
        link_name: link_name.to_owned(),
        connector: "freshsales".to_owned(),
        service: Phrase::same("Freshsales"),
        method: "api_key".to_owned(),
        kind: AuthKind::ApiKey,
        environment: "production".to_owned(),
        base: "https://acme.myfreshworks.com/crm/sales/api".to_owned(),
        host: "acme.myfreshworks.com".to_owned(),
        origin: "connectors.toml:41".to_owned(),
        state: State::Connected,
        fingerprints: BTreeMap::from([("key".to_owned(), "8c1f".to_owned())]),
        sources: BTreeMap::from([("key".to_owned(), "keyring".to_owned())]),
        redirect: None,
        options: Vec::new(),
        account: None,
    }
}

fn stage(stage: Stage, status: StageStatus, ms: Option<f64>, en: &str, ja: &str) -> StageLine {
    let words = Phrase { en: en.to_owned(), ja: ja.to_owned() };
    StageLine { stage, status, ms, words, detail: None }
}

/// A healthy connection.
pub fn healthy(link_name: &str) -> Entry {
    let right = |id: &str, en: &str, ja: &str| Access {
        id: id.to_owned(),
        label: Phrase { en: en.to_owned(), ja: ja.to_owned() },
        status: AccessStatus::Granted,
        http_status: Some(200),
    };
    Entry {
        subject: subject(link_name),
        verdict: Verdict::Ok,
        state: State::Connected,
        stages: vec![
            stage(Stage::Config, StageStatus::Ok, None, "", ""),
            stage(Stage::Http, StageStatus::Ok, Some(212.0), "200 over HTTP/2", "200（HTTP/2）"),
            stage(Stage::Auth, StageStatus::Ok, None, "accepted", "認証されました"),
        ],
        findings: Vec::new(),
        identity: Some(Identity {
            account: Some("Aiko Sato".to_owned()),
            organisation: Some("Acme KK".to_owned()),
        }),
        access: vec![
            right("contacts", "Contacts", "連絡先"),
            right("deals", "Deals", "商談"),
            right("accounts", "Accounts", "取引先"),
        ],
        quota: Some(Quota {
            limit: Some(1000),
            remaining: Some(412),
            resets_at: Some(moment("2026-11-21T12:00:00Z")),
        }),
        changes: Vec::new(),
        checks: Vec::new(),
        fixes: Vec::new(),
        account: Account::default(),
        last_ok: Some(moment("2026-11-21T09:12:00Z")),
        requests: 4,
        attempts: 1,
        ms: 212.0,
    }
}

fn unknown_key() -> Finding {
    let mut finding = Finding::new(&ROTATED, Confidence::Certain)
        .because(
            Strength::Proves,
            Text::new(
                "the same key worked until 2026-11-20 14:02 JST (fingerprint 8c1f has not changed)",
                "11月20日 14:02 までは同じキーで成功していました（指紋 8c1f は変わっていません）",
            ),
        )
        .because(
            Strength::Strong,
            Text::new(
                "HTTP 401 since 09:31; a made-up key gets the same answer",
                "本日 09:31 以降 HTTP 401。架空のキーを送った場合と同じ応答です",
            ),
        )
        .because(Strength::Against, Text::new("no address block", "IPアドレス制限ではありません"));
    finding.vendor.message = Some("Login failed".to_owned());
    finding.vendor.request_id = Some("req-77".to_owned());
    finding.docs = vec!["https://developers.freshworks.com/crm/api/#authentication".to_owned()];
    finding
}

fn ladder_to_auth() -> Vec<StageLine> {
    vec![
        stage(Stage::Config, StageStatus::Ok, None, "12 checks", "12項目を確認"),
        stage(Stage::Secrets, StageStatus::Ok, None, "key present, shape ok", "キーあり、形式は正常"),
        stage(
            Stage::Dns,
            StageStatus::Ok,
            Some(18.0),
            "acme.myfreshworks.com → 192.0.2.10, no IPv6 address",
            "acme.myfreshworks.com → 192.0.2.10（IPv6アドレスなし）",
        ),
        StageLine {
            detail: Some(Box::new(StageDetail::Connect {
                attempts: vec![Attempt { address: "192.0.2.10:443".to_owned(), ms: 41.0, fault: None }],
                look: None,
            })),
            ..stage(Stage::Connect, StageStatus::Ok, Some(41.0), "192.0.2.10:443", "192.0.2.10:443")
        },
        stage(Stage::Proxy, StageStatus::Absent, None, "", ""),
        stage(
            Stage::Tls,
            StageStatus::Ok,
            Some(63.0),
            "TLS 1.3, Sectigo, 211 days left",
            "TLS 1.3、Sectigo、残り211日",
        ),
        stage(
            Stage::Http,
            StageStatus::Ok,
            Some(122.0),
            "HTTP/2, the answer is from Freshsales",
            "HTTP/2、Freshsales からの応答です",
        ),
        stage(Stage::Auth, StageStatus::Failed, None, "401 Login failed", "401 Login failed"),
        stage(Stage::Access, StageStatus::NotReached, None, "", ""),
        stage(Stage::Quota, StageStatus::NotReached, None, "", ""),
    ]
}

/// A connection whose key was replaced at the service.
pub fn rotated(link_name: &str) -> Entry {
    Entry {
        verdict: Verdict::Rejected,
        state: State::NeedsReconnect,
        stages: ladder_to_auth(),
        findings: vec![unknown_key()],
        identity: None,
        access: Vec::new(),
        quota: None,
        ms: 244.0,
        ..healthy(link_name)
    }
}

/// A connection that works and whose API version ends.
pub fn deprecated(link_name: &str) -> Entry {
    let finding = Finding::new(&DEPRECATED, Confidence::Certain).value("date", "2026-12-31");
    Entry { verdict: Verdict::Warning, findings: vec![finding], ..healthy(link_name) }
}

fn broken(link_name: &str, cause: &'static Cause) -> Entry {
    let mut finding = Finding::new(cause, Confidence::Likely)
        .because(Strength::Strong, Text::new("what was seen", "確認された事実です"));
    if cause.retry == Retry::After {
        finding.retry_at = Some(moment("2026-11-21T11:43:02Z"));
    }
    let stages = vec![stage(Stage::Http, StageStatus::Failed, Some(3.0), "failed", "失敗しました")];
    Entry { verdict: cause.verdict, findings: vec![finding], stages, ..healthy(link_name) }
}

/// A connection after a reconnect.
pub fn reconnected() -> Entry {
    let check = |id, passed, en: &str, ja: &str| Check {
        id,
        passed,
        words: Phrase { en: en.to_owned(), ja: ja.to_owned() },
    };
    let mut entry = healthy("freshsales-main");
    entry.subject.state = State::NeedsReconnect;
    entry.checks = vec![
        check("V1", Some(true), "identity unchanged: Acme KK", "接続先の組織は以前と同じです: Acme KK"),
        check(
            "V2",
            Some(true),
            "data can be read: contacts, deals, accounts",
            "データを取得できます: 連絡先、商談、取引先",
        ),
        check("V3", None, "the connector declares no safe write", "安全な書き込みテストの定義がありません"),
        check(
            "V4",
            Some(true),
            "settings took effect; the key changed",
            "設定が反映されました（キーは変更済み）",
        ),
        check("V5", Some(false), "the answer carries a warning", "応答に警告が含まれています"),
    ];
    entry
}

/// A connection of which every foreign word is hostile.
pub fn hostile() -> Entry {
    crate::base::redact::remember(SECRET);
    let evil = format!("\u{1b}[31m\r\n::error::x\u{202e}##[error]y\n{SECRET}\u{7}<b>&]]>\u{0} % , : \"`|`");
    let mut entry = rotated("hostile");
    entry.subject.service = Phrase::same(evil.clone());
    entry.subject.base.clone_from(&evil);
    entry.subject.origin = format!("{evil}:3");
    entry.identity = Some(Identity { account: Some(evil.clone()), organisation: Some(evil.clone()) });
    entry.stages[2].words = Phrase::same(evil.clone());
    entry.stages[3].detail = Some(Box::new(StageDetail::Connect {
        attempts: vec![Attempt { address: evil.clone(), ms: 1.0, fault: None }],
        look: None,
    }));
    entry.access = vec![Access {
        id: evil.clone(),
        label: Phrase::same(evil.clone()),
        status: AccessStatus::Denied,
        http_status: Some(403),
    }];
    let finding = &mut entry.findings[0];
    finding.vendor.message = Some(evil.repeat(9));
    finding.vendor.code = Some(evil.clone());
    finding.values.insert("service".to_owned(), evil.clone().into());
    finding.note = Some(Phrase::same(evil.clone()));
    finding.docs = vec![evil.clone()];
    finding.evidence[0].sentence = Phrase::same(evil.clone());
    entry.changes = vec![
        Change {
            what: evil.clone(),
            label: Phrase::same(evil.clone()),
            from: Some(evil.clone()),
            to: None,
            place: Some(evil),
            at: Some(moment("2026-11-21T09:39:00Z")),
        },
        moved(),
    ];
    entry
}

/// A host that a person changed in the definition.
pub fn moved() -> Change {
    Change {
        what: "config.base".to_owned(),
        label: Phrase { en: "address".to_owned(), ja: "接続先".to_owned() },
        from: Some("https://desk.zoho.jp".to_owned()),
        to: Some("https://desk.zoho.com".to_owned()),
        place: Some("connectors.toml:41".to_owned()),
        at: Some(moment("2026-11-21T09:39:00Z")),
    }
}

/// A report of these connections.
pub fn report(verb: &'static str, entries: Vec<Entry>) -> Report {
    Report::of(verb, moment("2026-11-21T11:30:56Z"), 6400.0, entries)
}

/// A fleet with two connections behind one proxy.
pub fn fleet() -> Report {
    let mut secondary = rotated("freshsales-main");
    secondary
        .findings
        .push(Finding { role: Role::Secondary, ..Finding::new(&FORBIDDEN, Confidence::Possible) });
    let mut skipped = healthy("sansan-old");
    skipped.verdict = Verdict::Skipped;
    skipped.state = State::Disabled;
    skipped.ms = 0.0;
    let mut unverified = healthy("sms-reach");
    unverified.verdict = Verdict::Unverified;
    unverified.access.clear();
    let entries = vec![
        healthy("zoho-crm-eu"),
        secondary,
        broken("kintone-sales", &PROXY),
        broken("backlog-dev", &PROXY),
        deprecated("paypal-jp"),
        unverified,
        skipped,
    ];
    report("test", entries)
}

/// All sample reports with a name each.
pub fn all() -> Vec<(String, Report)> {
    let mut reports = vec![
        ("healthy".to_owned(), report("test", vec![healthy("freshsales-main")])),
        ("rotated".to_owned(), report("test", vec![rotated("freshsales-main")])),
        ("diagnose".to_owned(), report("diagnose", vec![rotated("freshsales-main")])),
        ("deprecated".to_owned(), report("test", vec![deprecated("paypal-jp")])),
        ("reconnect".to_owned(), report("reconnect", vec![reconnected()])),
        ("hostile".to_owned(), report("diagnose", vec![hostile()])),
        ("hostile fleet".to_owned(), report("test", vec![hostile(), healthy("a"), hostile()])),
        ("empty".to_owned(), report("test", vec![])),
        ("fleet".to_owned(), fleet()),
    ];
    for cause in [&FORBIDDEN, &THROTTLED, &DOWN, &PROXY, &WRONG_PATH, &FORMAT, &NO_SECRET] {
        reports.push((cause.code.to_owned(), report("test", vec![broken("a", cause)])));
    }
    for verdict in [Verdict::Unverified, Verdict::Skipped, Verdict::Rejected] {
        let entry = Entry { verdict, stages: vec![], access: vec![], ..healthy("bare") };
        reports.push((verdict.code().to_owned(), report("test", vec![entry])));
    }
    reports
}
