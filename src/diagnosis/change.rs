//! What is different since the last success. Pure: two records and a moment in, a list out.

use std::collections::{BTreeMap, BTreeSet};

use super::fact::Facts;
use super::last_good::{LastGood, Way};
use super::report::Identity;
use crate::base::{Phrase, Text, Timestamp};

/// One thing that is different since the last success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What, for machines: `config.base`, `path.proxy`, `tls.issuer` …
    pub what: String,
    /// What, for people.
    pub label: Phrase,
    /// The value at the last success.
    pub from: Option<String>,
    /// The value now.
    pub to: Option<String>,
    /// The place in a file, where it stands in one.
    pub place: Option<String>,
    /// When it was changed, where that is known.
    pub at: Option<Timestamp>,
}

/// Everything that is different since the last success, nearest to a person's hand first. What this run did not
/// see is no change.
#[must_use]
pub fn changes(facts: &Facts, now: &LastGood, identity: Option<&Identity>) -> Vec<Change> {
    let Some(before) = &facts.history.last_good else { return Vec::new() };
    let mut found = Vec::new();
    settings(before, now, facts, &mut found);
    secrets(before, now, &mut found);
    path(before, now, &mut found);
    service(before, now, &mut found);
    whose(facts, identity, &mut found);
    found
}

fn change(what: &str, label: impl Into<Phrase>, from: &str, to: &str) -> Option<Change> {
    let value = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    (from != to).then(|| Change {
        what: what.to_owned(),
        label: label.into(),
        from: value(from),
        to: value(to),
        place: None,
        at: None,
    })
}

/// A change of which both sides are known.
fn known(what: &str, label: impl Into<Phrase>, from: &str, to: &str) -> Option<Change> {
    if from.is_empty() || to.is_empty() { None } else { change(what, label, from, to) }
}

/// What stood and stands under a name, where both are known and they differ.
fn differing<'a>(
    before: &'a BTreeMap<String, String>,
    now: &'a BTreeMap<String, String>,
    name: &str,
) -> Option<(&'a str, &'a str)> {
    let (was, is) = (before.get(name)?, now.get(name)?);
    (was != is).then_some((was, is))
}

fn settings(before: &LastGood, now: &LastGood, facts: &Facts, found: &mut Vec<Change>) {
    let file = |origin: &str| origin.rsplit_once(':').map_or(origin, |(file, _)| file).to_owned();
    let written = [
        known("config.connector", Text::new("connector", "コネクター"), &before.connector, &now.connector),
        known("config.method", Text::new("way to authenticate", "認証の種類"), &before.method, &now.method),
        known("config.base", Text::new("address", "接続先"), &before.base, &now.base),
    ];
    let saved = facts.setting.as_ref().and_then(|setting| setting.saved);
    let saved = saved.filter(|saved| facts.history.last_ok.is_none_or(|last| *saved > last));
    found.extend(written.into_iter().flatten().map(|one| Change {
        place: Some(now.origin.clone()).filter(|place| !place.is_empty()),
        at: saved,
        ..one
    }));
    let files = (file(&before.origin), file(&now.origin));
    found.extend(known("config.file", Text::new("defined in", "定義の場所"), &files.0, &files.1));
}

fn secrets(before: &LastGood, now: &LastGood, found: &mut Vec<Change>) {
    let names: BTreeSet<&String> = before.sources.keys().chain(now.sources.keys()).collect();
    for name in names {
        let values = [("name", name.as_str())];
        if let Some((was, is)) = differing(&before.sources, &now.sources, name) {
            let label = Text::new("place of {name}", "{name} の保存先").fill(&values);
            found.extend(known(&format!("secret.{name}.source"), label, was, is));
        }
        if let Some((was, is)) = differing(&before.fingerprints, &now.fingerprints, name) {
            let label = Text::new("fingerprint of {name}", "{name} の指紋").fill(&values);
            found.extend(known(&format!("secret.{name}.fingerprint"), label, was, is));
        }
    }
    if let (Some(before), Some(now)) = (&before.scopes, &now.scopes) {
        let label = Text::new("granted scopes", "許可されたスコープ");
        found.extend(change("grant.scopes", label, &before.join(" "), &now.join(" ")));
    }
}

fn path(before: &LastGood, now: &LastGood, found: &mut Vec<Change>) {
    let moved = !before.addresses.is_empty()
        && !now.addresses.is_empty()
        && !now.addresses.iter().any(|one| before.addresses.contains(one));
    if moved {
        let label = Text::new("addresses of the host", "ホストのIPアドレス");
        found.extend(known("path.addresses", label, &before.addresses.join(", "), &now.addresses.join(", ")));
    }
    if let (Some(before), Some(now)) = (&before.way, &now.way) {
        found.extend(change("path.proxy", Text::new("proxy", "プロキシ"), &named(before), &named(now)));
    }
    if let (Some(before), Some(now)) = (&before.issuer, &now.issuer)
        && organisation(before) != organisation(now)
    {
        found.extend(known("tls.issuer", Text::new("certificate issuer", "証明書の発行者"), before, now));
    }
}

fn named(way: &Way) -> String {
    match (&way.proxy, &way.source) {
        (Some(proxy), Some(source)) => format!("{proxy} ({source})"),
        (Some(proxy), None) => proxy.clone(),
        (None, _) => String::new(),
    }
}

/// The organisation in an issuer's name: an authority signs with many keys in turn.
fn organisation(issuer: &str) -> &str {
    let parts = issuer.split(", ").map(str::trim);
    parts.into_iter().find(|part| part.starts_with("O=")).unwrap_or(issuer)
}

fn service(before: &LastGood, now: &LastGood, found: &mut Vec<Change>) {
    for header in before.versions.keys() {
        if let Some((was, is)) = differing(&before.versions, &now.versions, header) {
            let label = Text::new("API version ({header})", "API バージョン（{header}）");
            let label = label.fill(&[("header", header)]);
            found.extend(known(&format!("api.version.{header}"), label, was, is));
        }
    }
    for (request, was) in &before.shapes {
        let Some(is) = now.shapes.get(request) else { continue };
        let drift = was.drift(is);
        if drift.is_empty() {
            continue;
        }
        let label = Text::new("answer to {request}", "{request} の応答").fill(&[("request", request)]);
        let place = |from: String, to: String, at: &str| Change {
            what: format!("answer.{request}{at}"),
            label: Phrase { en: format!("{} {at}", label.en), ja: format!("{} {at}", label.ja) },
            from: Some(from).filter(|text| !text.is_empty()),
            to: Some(to).filter(|text| !text.is_empty()),
            place: None,
            at: was.drift.as_ref().map(|drift| drift.since),
        };
        let kept = |at: &String| was.keys.get(at).map(|kinds| kinds_code(kinds)).unwrap_or_default();
        found.extend(drift.gone.iter().map(|at| place(kept(at), String::new(), at)));
        found.extend(drift.changed.iter().map(|(at, from, to)| place(kinds_code(from), kinds_code(to), at)));
    }
    found.extend(known(
        "conn.version",
        Text::new("version of conn", "conn のバージョン"),
        &before.conn,
        &now.conn,
    ));
}

/// The kinds of a key as JSON calls them.
pub(super) fn kinds_code(kinds: &str) -> String {
    let word = |kind: char| match kind {
        'o' => "object",
        'a' => "array",
        's' => "string",
        'n' => "number",
        'b' => "boolean",
        _ => "null",
    };
    kinds.chars().map(word).collect::<Vec<_>>().join("|")
}

fn whose(facts: &Facts, identity: Option<&Identity>, found: &mut Vec<Change>) {
    let Some(identity) = identity else { return };
    let history = &facts.history;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let (account, organisation) = (Text::new("account", "アカウント"), Text::new("organisation", "組織"));
    found.extend(known("identity.account", account, &text(&history.account), &text(&identity.account)));
    found.extend(known(
        "identity.organisation",
        organisation,
        &text(&history.organisation),
        &text(&identity.organisation),
    ));
}
