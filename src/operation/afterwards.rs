//! What follows a reconnect: the checks once it has swapped the credential, and the way on where it has not.

use std::collections::BTreeMap;
use std::iter;
use std::sync::Arc;

use super::check::Loaded;
use super::prepare::Prepared;
use super::reconnect::ReconnectRequest;
use super::{Failure, World, correct, path, versions};
use crate::base::{Language, Phrase, Text, safe_text, shell};
use crate::diagnosis::grant::GrantFact;
use crate::diagnosis::last_good::LastGood;
use crate::diagnosis::repair::Action;
use crate::diagnosis::report::{AccessStatus, Check};
use crate::diagnosis::{Entry, Facts, Repair, StageStatus, answer, change};
use crate::model::State;
use crate::model::connection::ConnectionKind;
use crate::port::{AccountRecord, StateRecord};

/// How often the path is walked.
const WALKS: usize = 3;

/// The checks after a reconnect (V1 identity, V2 data, V3 writing, V4 settings, V5 warnings, V6 versions, V7 the
/// other users, V8 the network).
pub async fn checks(
    world: &dyn World,
    loaded: &Loaded,
    before: &StateRecord,
    facts: &Facts,
    entry: &Entry,
) -> Vec<Check> {
    vec![
        identity(before, entry),
        data(entry),
        writing(),
        settings(world, loaded, before, facts, entry),
        warnings(facts),
        versions::check(world, loaded),
        users(world, loaded),
        network(world, loaded, facts).await,
    ]
}

/// The authorisations of all who use a connection on which each person has their own.
fn users(world: &dyn World, loaded: &Loaded) -> Check {
    const ONE: Text = Text::new("one authorisation serves everybody", "全員で 1 つの認証情報を使う接続です");
    const ALL: Text =
        Text::new("authorised users: {good} of {all}", "認証済みの利用者: {all} 人中 {good} 人");
    const SOME: Text = Text::new(
        "authorised users: {good} of {all}; not: {names}",
        "認証済みの利用者: {all} 人中 {good} 人（未認証: {names}）",
    );
    let prepared = &loaded.prepared;
    if prepared.connection.kind != ConnectionKind::User {
        return Check { id: "V7", passed: None, words: ONE.into() };
    }
    let accounts = world.ledger().accounts(&prepared.link_name).unwrap_or_default();
    let here = accounts.iter().filter(|account| account.environment == prepared.environment);
    // This one has just been proven, whatever is not written yet.
    let mine = |label: &str| prepared.account.as_deref() == Some(label);
    let (good, lost): (Vec<&AccountRecord>, Vec<&AccountRecord>) =
        here.partition(|account| mine(&account.label) || account.record.state == State::Connected);
    let names = lost.iter().map(|account| safe_text::line(&account.label, 40)).collect::<Vec<_>>().join(", ");
    let known = good.iter().any(|account| mine(&account.label));
    let good = good.len() + usize::from(!known);
    let (good_words, all) = (good.to_string(), (good + lost.len()).to_string());
    let values = [("good", good_words.as_str()), ("all", &all), ("names", &names)];
    let text = if lost.is_empty() { ALL } else { SOME };
    Check { id: "V7", passed: Some(lost.is_empty()), words: text.fill(&values) }
}

/// The path to the service, walked several times and compared with the one of the last success.
async fn network(world: &dyn World, loaded: &Loaded, facts: &Facts) -> Check {
    const STEADY: Text = Text::new(
        "the path was walked {all} times without a fault, in {slowest} ms at most",
        "経路を {all} 回確認し、すべて正常です（最長 {slowest} ミリ秒）",
    );
    const SAME: Text = Text::new("; as at the last success", "。前回の成功時から変化はありません");
    const FAULTS: Text = Text::new(
        "{failed} of {all} walks to the service failed",
        "経路の確認 {all} 回のうち {failed} 回が失敗しました",
    );
    let mut walked = facts.clone();
    let (mut failed, mut took) = (0_usize, Vec::new());
    for _ in 0..WALKS {
        let stages = path::climb(world, loaded).await;
        failed += usize::from(stages.iter().any(|stage| stage.status == StageStatus::Failed));
        took.push(stages.iter().filter_map(|stage| stage.ms).sum::<f64>());
        walked.stages = stages;
    }
    let all = WALKS.to_string();
    if failed > 0 {
        let values = [("failed", &*failed.to_string()), ("all", &all)];
        return Check { id: "V8", passed: Some(false), words: FAULTS.fill(&values) };
    }
    let slowest = format!("{:.0}", took.iter().copied().fold(0.0, f64::max).ceil());
    let words = STEADY.fill(&[("all", &all), ("slowest", &slowest)]);
    let before = walked.history.last_good.take();
    walked.history.last_good =
        before.or_else(|| world.ledger().last_good(&loaded.prepared.item()).ok().flatten().map(Arc::new));
    let known = walked.history.last_good.is_some();
    let changes = change::changes(&walked, &LastGood::of(&walked), None);
    let other = changes.iter().filter(|one| one.what.starts_with("path.") || one.what.starts_with("tls."));
    let other: Vec<Phrase> = other.map(|one| one.label.clone()).collect();
    let end = match (known, other.is_empty()) {
        (false, _) => Phrase::default(),
        (true, true) => SAME.into(),
        (true, false) => {
            let list = |language| other.iter().map(|one| one.get(language)).collect::<Vec<_>>().join(", ");
            Phrase {
                en: format!("; changed since the last success: {}", list(Language::En)),
                ja: format!("。前回の成功時から変わったもの: {}", list(Language::Ja)),
            }
        }
    };
    let words = Phrase { en: words.en + &end.en, ja: words.ja + &end.ja };
    Check { id: "V8", passed: Some(true), words }
}

fn identity(before: &StateRecord, entry: &Entry) -> Check {
    const SAME: Text = Text::new("same account as before: {account}", "以前と同じアカウントです: {account}");
    const FIRST: Text = Text::new("account: {account}", "アカウント: {account}");
    const OTHER: Text =
        Text::new("another account than before: {account}", "以前と異なるアカウントです: {account}");
    const NONE: Text = Text::new(
        "the service does not say whose credential it is",
        "サービスは認証情報の所有者を返しません",
    );
    let account = entry.identity.as_ref().and_then(|identity| identity.account.clone());
    let Some(account) = account else {
        return Check { id: "V1", passed: None, words: NONE.into() };
    };
    let (passed, text) = match &before.account {
        None => (true, FIRST),
        Some(old) if *old == account => (true, SAME),
        Some(_) => (false, OTHER),
    };
    Check { id: "V1", passed: Some(passed), words: text.fill(&[("account", &account)]) }
}

fn data(entry: &Entry) -> Check {
    const READ: Text =
        Text::new("data can be read: {granted} of {all}", "データの取得: {all} 件中 {granted} 件");
    const NONE: Text = Text::new("no permission is declared", "権限の定義がありません");
    let granted = entry.access.iter().filter(|row| row.status == AccessStatus::Granted).count();
    let all = entry.access.len();
    if all == 0 {
        return Check { id: "V2", passed: None, words: NONE.into() };
    }
    let values = [granted.to_string(), all.to_string()];
    let words = READ.fill(&[("granted", &values[0]), ("all", &values[1])]);
    Check { id: "V2", passed: Some(granted == all), words }
}

fn writing() -> Check {
    const NONE: Text = Text::new("no harmless write is declared", "無害な書き込みの定義がありません");
    Check { id: "V3", passed: None, words: NONE.into() }
}

/// The settings as they stand now beside those of the last success, and the scopes beside those that were asked for.
fn settings(world: &dyn World, loaded: &Loaded, before: &StateRecord, facts: &Facts, entry: &Entry) -> Check {
    const TOKENS: Text = Text::new("the new tokens are in use", "新しいトークンが使われています");
    const CHANGED: Text = Text::new("the new value is in use", "新しい値が使われています");
    const SAME: Text = Text::new("the value is the same as at the last success", "値は前回成功時と同じです");
    const LACKING: Text = Text::new("; not granted: {scopes}", "。許可されなかったスコープ: {scopes}");
    let text = match () {
        () if before.fingerprints != entry.subject.fingerprints => CHANGED,
        () if facts.grant.is_some() => TOKENS,
        () => SAME,
    };
    let lacking = facts.grant.as_ref().map(GrantFact::lacking).unwrap_or_default().join(" ");
    let end = if lacking.is_empty() {
        Phrase::default()
    } else {
        LACKING.fill(&[("scopes", &safe_text::line(&lacking, 120))])
    };
    let words = [text.into(), differences(world, loaded, facts), end];
    let joined = |language| words.iter().map(|words: &Phrase| words.get(language)).collect::<String>();
    let words = Phrase { en: joined(Language::En), ja: joined(Language::Ja) };
    Check { id: "V4", passed: Some(lacking.is_empty()), words }
}

/// What a person set differently since the last success: address, method, place of a secret, scopes.
fn differences(world: &dyn World, loaded: &Loaded, facts: &Facts) -> Phrase {
    const FROM_TO: Text = Text::new("; {what}: {from} → {to}", "。{what}: {from} → {to}");
    let mut now = facts.clone();
    now.history.last_good = world.ledger().last_good(&loaded.prepared.item()).ok().flatten().map(Arc::new);
    let (mut en, mut ja) = (String::new(), String::new());
    for one in change::changes(&now, &LastGood::of(&now), None) {
        let own = ["config.", "grant."].iter().any(|area| one.what.starts_with(area));
        // That the value itself is another one is said before.
        if own || one.what.ends_with(".source") {
            let value = |value: &Option<String>| safe_text::line(value.as_deref().unwrap_or("-"), 80);
            let (from, to) = (value(&one.from), value(&one.to));
            let say = |text: &str, what: &str| {
                text.replace("{what}", what).replace("{from}", &from).replace("{to}", &to)
            };
            en += &say(FROM_TO.en, &one.label.en);
            ja += &say(FROM_TO.ja, &one.label.ja);
        }
    }
    Phrase { en, ja }
}

fn warnings(facts: &Facts) -> Check {
    const NONE: Text = Text::new("no warning in the answers", "応答に警告はありません");
    let answers = facts.answers.iter().filter_map(|fact| fact.answer.as_ref());
    let found: Vec<Phrase> = answers.flat_map(answer::warnings).collect();
    match found.into_iter().next() {
        Some(words) => Check { id: "V5", passed: Some(false), words },
        None => Check { id: "V5", passed: Some(true), words: NONE.into() },
    }
}

/// What the command line of a reconnect gave.
pub struct Said {
    /// Where secrets are taken from, as words.
    secrets: Vec<String>,
    /// Values that are not secret, by name.
    values: BTreeMap<String, String>,
    /// What else was asked for, as words.
    further: Vec<String>,
}

impl Said {
    /// What a request took from there.
    #[must_use]
    pub fn of(request: &ReconnectRequest) -> Self {
        let other = request.other_account.then(|| "--other-account".to_owned());
        Self {
            secrets: request.secrets.iter().map(|(key, given)| correct::secret(key, given)).collect(),
            values: request.values.clone(),
            further: request.wish.words().into_iter().chain(other).collect(),
        }
    }

    /// Whether anything was asked for beside new values.
    #[must_use]
    pub const fn is_particular(&self) -> bool {
        !self.further.is_empty()
    }

    /// A failure before anything was tested leads to the same command; without a store, with the vault.
    #[must_use]
    pub fn anew(&self, failure: Failure, link_name: &str, environment: Option<&str>) -> Failure {
        let absent = failure.is_of("CONN-SEC-STORE-ABSENT");
        if !absent && !failure.is_of("CONN-SEC-FILE-UNREADABLE") {
            return failure;
        }
        let store = absent.then(|| "--store vault".to_owned());
        let environment = environment.map(|name| format!("--environment {}", shell::word(name)));
        let set = |(name, value)| format!("--set {}", shell::word(&format!("{name}={value}")));
        let words = iter::once(format!("conn reconnect {link_name}")).chain(environment).chain(store);
        let words = words.chain(self.secrets.clone()).chain(self.values.iter().map(set));
        failure.instead(words.chain(self.further.clone()).collect::<Vec<_>>().join(" "))
    }

    /// What is not kept is given once more, in the same words: a test would ask with the credential of before.
    pub fn offer_anew(self, entry: &mut Entry, prepared: &Prepared) {
        let settings =
            self.values.iter().map(|(name, value)| correct::set(name, value, prepared, Some(entry)));
        let besides = settings.chain(self.further).collect::<Vec<_>>();
        let line = iter::once(format!("conn reconnect {}", prepared.link_name)).chain(self.secrets);
        let line = Phrase::same(line.chain(besides.clone()).collect::<Vec<_>>().join(" "));
        for finding in &mut entry.findings {
            // What was refused stands nowhere where it could be repaired.
            let is_ours = |repair: &Repair| match &repair.action {
                Action::SetVariable { name, .. } => self.values.contains_key(name),
                _ => false,
            };
            finding.repair = finding.repair.take().filter(|repair| !is_ours(repair));
            finding.values.insert("anew".to_owned(), line.clone());
            // For a step that names another source of the secret.
            if !besides.is_empty() {
                finding.values.insert("anew_besides".to_owned(), Phrase::same(besides.join(" ")));
            }
        }
    }
}
