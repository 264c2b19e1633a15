//! How a verdict came about, in words: how each cause came out of the weighing, what a rule lacked, and which
//! control experiments there were.

use super::page::Page;
use super::words::safe;
use crate::base::Text;
use crate::diagnosis::Confidence;
use crate::diagnosis::experiment::{Controls, Question};
use crate::diagnosis::ranking::explains::explains;
use crate::diagnosis::ranking::{Candidate, Lacking};

/// How a cause came out of the weighing. What the named one stands behind is no rival of it.
pub(super) fn standing(candidate: &Candidate, all: &[Candidate], page: &Page) -> String {
    let Some(confidence) = candidate.confidence else {
        return page.say(Text::new("ruled out", "除外")).to_owned();
    };
    let root = all.iter().find(|other| other.is_root);
    let explained = root.is_some_and(|root| explains(root.cause.code, candidate.cause.code));
    let text = match confidence {
        _ if candidate.is_root => Text::new("{word}, {score} points: named", "{word}、{score} 点: 判定結果"),
        _ if explained => Text::new("{word}: the named cause is why", "{word}（判定結果の原因によるもの）"),
        Confidence::Unknown if !candidate.is_supported() => {
            Text::new("nothing speaks for it", "該当する根拠なし")
        }
        Confidence::Unknown => Text::new("little speaks for it, {score} points", "根拠不足、{score} 点"),
        _ => Text::new("{word}, {score} points", "{word}、{score} 点"),
    };
    page.fill(text, &[("word", page.say(confidence.text())), ("score", &candidate.score().to_string())])
}

/// The facts that a rule lacks.
pub(super) fn lacks(lacking: &Lacking, page: &Page) -> String {
    let facts = lacking.facts.iter().map(|(fact, known)| {
        let known = known.as_deref().map_or_else(
            || page.say(Text::new("not known", "不明")).to_owned(),
            |word| page.fill(Text::new("seen: {word}", "実際: {word}"), &[("word", &safe(word))]),
        );
        let fact = safe(fact.get(page.language));
        page.fill(Text::new("{fact} ({known})", "{fact}（{known}）"), &[("fact", &fact), ("known", &known)])
    });
    facts.collect::<Vec<_>>().join(page.say(Text::new("; ", "、")))
}

/// The control experiments: what was asked, what is known from before, and what was not asked and why.
pub(super) fn controls(controls: &Controls, page: &Page) -> Vec<String> {
    let mut parts = Vec::new();
    let name = |question: &Question| {
        let values = [("id", question.id()), ("what", page.say(question.text()))];
        page.fill(Text::new("{what} ({id})", "{what}（{id}）"), &values)
    };
    let came = |status: Option<u16>| {
        let silence = || page.say(Text::new("no answer", "応答なし")).to_owned();
        status.map_or_else(silence, |status| format!("HTTP {status}"))
    };
    let told =
        |(question, status): &(Question, Option<u16>)| format!("{}: {}", name(question), came(*status));
    let mut asked: Vec<String> = controls.asked.iter().map(told).collect();
    asked.dedup();
    if !asked.is_empty() {
        let joined = asked.join(page.say(Text::new("; ", "、")));
        parts.push(
            page.fill(Text::new("compared with: {asked}", "比較した要求: {asked}"), &[("asked", &joined)]),
        );
    }
    for (question, when, status) in &controls.remembered {
        let values = [("what", &*name(question)), ("when", &*page.moment(*when)), ("came", &*came(*status))];
        let text = Text::new("known from {when}: {what}: {came}", "{when} の結果を使用: {what}: {came}");
        parts.push(page.fill(text, &values));
    }
    for (question, reason) in &controls.skipped {
        let values = [("what", &*name(question)), ("reason", page.say(reason.text()))];
        let text = Text::new("not asked: {what}: {reason}", "実施せず: {what}: {reason}");
        parts.push(page.fill(text, &values));
    }
    parts
}
