//! What is checked once a reconnect has swapped the credential.

use super::check::Loaded;
use crate::base::{Phrase, Text};
use crate::diagnosis::report::{AccessStatus, Check};
use crate::diagnosis::{Entry, Facts, answer};
use crate::port::StateRecord;

/// The checks after a reconnect (V1 identity, V2 data, V3 writing, V4 settings, V5 warnings, V6 versions).
#[must_use]
pub fn checks(loaded: &Loaded, before: &StateRecord, facts: &Facts, entry: &Entry) -> Vec<Check> {
    vec![
        identity(before, entry),
        data(entry),
        writing(),
        settings(before, facts, entry),
        warnings(facts),
        versions(loaded),
    ]
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

fn settings(before: &StateRecord, facts: &Facts, entry: &Entry) -> Check {
    const TOKENS: Text = Text::new("the new tokens are in use", "新しいトークンが使われています");
    const CHANGED: Text = Text::new("the new value is in use", "新しい値が使われています");
    const SAME: Text = Text::new("the value is the same as at the last success", "値は前回成功時と同じです");
    let changed = before.fingerprints != entry.subject.fingerprints;
    let text = match () {
        () if changed => CHANGED,
        () if facts.grant.is_some() => TOKENS,
        () => SAME,
    };
    Check { id: "V4", passed: Some(true), words: text.into() }
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

fn versions(loaded: &Loaded) -> Check {
    const VERSION: Text =
        Text::new("conn {version}, connector {connector}", "conn {version}、コネクター {connector}");
    let values = [
        ("version", env!("CARGO_PKG_VERSION")),
        ("connector", loaded.prepared.connection.connector.as_str()),
    ];
    Check { id: "V6", passed: Some(true), words: VERSION.fill(&values) }
}
