//! What an answer means: by rule, then by success, then by form, then by status.

use super::body::BodyKind;
use super::condition::{Sample, holds, weight};
use super::fact::{AnswerFact, Answered, Facts};
use super::finding::{Confidence, Finding};
use super::provenance::Provenance;
use super::ranking::{Claim, Line};
use super::status::{self, Circumstances};
use super::{notice, rate, redirect, unproven, words};
use crate::base::{Phrase, Text, Timestamp, safe_text, time};
use crate::cause;
use crate::model::{AuthKind, Connector, Predicate, REACH, Rule, Strength, TestRequest, Verdict};

/// The judgement on one answer: nothing wrong, or what is.
pub type Judgement = Result<(), Box<Finding>>;

/// Judges the answer to one declared request.
///
/// # Errors
/// The finding, where the answer is no success.
pub fn judge(connector: &Connector, request: &TestRequest, facts: &Facts, fact: &AnswerFact) -> Judgement {
    let Some(answer) = &fact.answer else {
        return Ok(());
    };
    judge_by(connector, facts, fact, answer, |seen, provenance| find(seen, provenance, request, fact))
}

/// Judges the answer to a request of a person's own. Nobody declared what its success looks like, so below 400
/// only a rule of the connector, or the mark of somebody else, speaks against it.
///
/// # Errors
/// The finding, where the answer is an error.
pub fn judge_own(connector: &Connector, facts: &Facts, fact: &AnswerFact) -> Judgement {
    let Some(answer) = &fact.answer else {
        return Ok(());
    };
    judge_by(connector, facts, fact, answer, |seen, provenance| match answer.status {
        ..400 => plainly(seen, provenance),
        _ => find(seen, provenance, &REACH, fact),
    })
}

fn judge_by(
    connector: &Connector,
    facts: &Facts,
    fact: &AnswerFact,
    answer: &Answered,
    find: impl FnOnce(&Circumstances<'_>, &Provenance) -> Option<Finding>,
) -> Judgement {
    let sample = Sample::within(connector, answer, facts, fact);
    let kind = BodyKind::of(answer);
    let seen = Circumstances { connector, facts, sample: &sample, kind: &kind };
    let finding = find(&seen, &Provenance::of(connector, &sample));
    finding.map_or(Ok(()), |finding| Err(Box::new(dress(finding, connector, facts, &sample))))
}

/// What the answer itself says plainly: whose it is, where it is not the vendor's, and what the rules know.
fn plainly(seen: &Circumstances<'_>, provenance: &Provenance) -> Option<Finding> {
    if let Provenance::Foreign { code, evidence } = provenance {
        return Some(certain(code).because(Strength::Proves, evidence.clone()));
    }
    let best = best_rules(seen.connector, seen.sample, seen.facts.at);
    let rule = *best.first()?;
    let finding = conflict(&best, seen).unwrap_or_else(|| by_rule(rule, seen));
    let judged = !in_doubt(seen, provenance) || speaks_vendor(rule) || !on_credential(&finding);
    judged.then_some(finding)
}

fn in_doubt(seen: &Circumstances<'_>, provenance: &Provenance) -> bool {
    provenance.is_in_doubt(seen.connector) && !seen.sample.token_endpoint
}

fn find(
    seen: &Circumstances<'_>,
    provenance: &Provenance,
    request: &TestRequest,
    fact: &AnswerFact,
) -> Option<Finding> {
    if let Some(finding) = plainly(seen, provenance) {
        return Some(finding);
    }
    if let Some(finding) = redirect::judge(seen, fact) {
        return Some(finding);
    }
    if succeeds(request.ok.as_ref(), seen) {
        return None;
    }
    if let (Provenance::Plausible, BodyKind::Html(title), 401) =
        (provenance, seen.kind, seen.sample.answer.status)
        && !matches!(seen.facts.connection.kind, AuthKind::Basic | AuthKind::Digest)
    {
        // A door in front of the service asks for a log-in of its own; it never saw the key.
        return Some(page(title.as_deref(), fact));
    }
    if let Provenance::Page(title) = provenance
        && (seen.sample.answer.status < 300 || matches!(seen.sample.answer.status, 401 | 403))
    {
        return Some(page(title.as_deref(), fact));
    }
    match status::judge(seen) {
        Some(finding) if in_doubt(seen, provenance) && on_credential(&finding) => Some(unproven::judge(seen)),
        finding => finding.or_else(|| Some(not_as_expected(seen, request))),
    }
}

/// Whether a finding blames the credential or its rights.
fn on_credential(finding: &Finding) -> bool {
    let areas = ["CONN-AUTH-", "CONN-OAUTH-", "CONN-PERM-"];
    finding.cause.verdict == Verdict::Rejected
        || areas.iter().any(|area| finding.cause.code.starts_with(area))
}

/// Whether a rule that matched shows whose answer it is: it asks for more than a status and for no wording.
fn speaks_vendor(rule: &Rule) -> bool {
    let only_status =
        Predicate { status: rule.when.status.clone(), not: rule.when.not.clone(), ..Predicate::default() };
    !rule.fragile && rule.when != only_status
}

fn certain(code: &str) -> Finding {
    Finding::new(cause::get(code), Confidence::Certain)
}

/// The rules that fit best: the strongest, then the most specific; more than one where they prove different
/// things.
fn best_rules<'a>(connector: &'a Connector, sample: &Sample<'_>, now: Timestamp) -> Vec<&'a Rule> {
    let score = |rule: &Rule| (strength(rule, now), weight(&rule.when));
    let speaks_for = |rule: &&Rule| rule.strength > Strength::Against && applies(rule, sample);
    let fits: Vec<&Rule> = connector.rules.iter().filter(speaks_for).collect();
    let best = fits.iter().map(|rule| score(rule)).max();
    fits.into_iter().filter(|rule| Some(score(rule)) == best).collect()
}

/// Whether a rule holds for an answer. Those that speak of the token endpoint hold there alone, and no other does.
fn applies(rule: &Rule, sample: &Sample<'_>) -> bool {
    rule.when.token_endpoint.unwrap_or(false) == sample.token_endpoint && holds(&rule.when, sample)
}

/// What the connector's rules for its token endpoint make of an answer from there.
#[must_use]
pub fn at_token_endpoint(connector: &Connector, facts: &Facts, fact: &AnswerFact) -> Option<Finding> {
    let answer = fact.answer.as_ref()?;
    let sample = Sample::within(connector, answer, facts, fact).of_token_endpoint();
    let kind = BodyKind::of(answer);
    let seen = Circumstances { connector, facts, sample: &sample, kind: &kind };
    let best = best_rules(connector, &sample, facts.at);
    let finding = conflict(&best, &seen).or_else(|| best.first().map(|rule| by_rule(rule, &seen)))?;
    Some(dress(finding, connector, facts, &sample))
}

/// What all rules of the connector say of the answer, for and against, by cause.
#[must_use]
pub fn claims(connector: &Connector, facts: &Facts, fact: &AnswerFact) -> Vec<Claim> {
    let Some(answer) = &fact.answer else { return Vec::new() };
    let sample = Sample::within(connector, answer, facts, fact);
    let fits = connector.rules.iter().filter(|rule| applies(rule, &sample));
    fits.map(|rule| Claim {
        cause: rule.cause.clone(),
        line: Line { strength: strength(rule, facts.at), sentence: matched(rule, facts) },
    })
    .collect()
}

/// A rule on wording never proves, and one that nobody checked for a year counts one step less.
fn strength(rule: &Rule, now: Timestamp) -> Strength {
    let own = if rule.fragile { rule.strength.min(Strength::Weak) } else { rule.strength };
    match own {
        Strength::Proves if is_old(rule, now) => Strength::Strong,
        Strength::Strong if is_old(rule, now) => Strength::Weak,
        other => other,
    }
}

/// Whether a rule says when it was checked, and that was more than a year ago.
fn is_old(rule: &Rule, now: Timestamp) -> bool {
    let day = rule.verified.as_deref().and_then(|day| day.parse::<jiff::civil::Date>().ok());
    let moment = day.and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC).ok());
    moment.is_some_and(|checked| now.duration_since(checked.timestamp()).as_hours() > 24 * 366)
}

/// The sentence of a rule that holds, and whether it is one of a file rather than one that conn brought along.
fn matched(rule: &Rule, facts: &Facts) -> Phrase {
    const MATCHED: Text = Text::new("the answer matches the rule {id}", "応答が規則 {id} に一致しました");
    const OWN: Text = Text::new(
        "the answer matches the rule {id} of your own definition",
        "応答が独自定義の規則 {id} に一致しました",
    );
    const OLD: Text = Text::new(
        "the answer matches the rule {id}, which was last checked on {day}",
        "応答が規則 {id}（最終確認 {day}）に一致しました",
    );
    let day = rule.verified.as_deref().unwrap_or_default();
    let text = match facts.definition.as_ref() {
        _ if is_old(rule, facts.at) => OLD,
        Some(definition) if definition.own_rules.contains(&rule.id) => OWN,
        _ => MATCHED,
    };
    text.fill(&[("id", &rule.id), ("day", day)])
}

/// Rules that prove different causes for one answer: the definition contradicts itself.
fn conflict(best: &[&Rule], seen: &Circumstances<'_>) -> Option<Finding> {
    let first = best.first()?;
    let proves = strength(first, seen.facts.at) == Strength::Proves;
    if !proves || best.iter().all(|rule| rule.cause == first.cause) {
        return None;
    }
    let finding = certain("CONN-SELF-RULE-CONFLICT").value("status", seen.sample.answer.status.to_string());
    let ids = best.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>().join(", ");
    let sentences = best.iter().map(|rule| matched(rule, seen.facts));
    Some(
        sentences.fold(finding.value("rules", ids), |finding, sentence| {
            finding.because(Strength::Strong, sentence)
        }),
    )
}

fn by_rule(rule: &Rule, seen: &Circumstances<'_>) -> Finding {
    let confidence = match strength(rule, seen.facts.at) {
        Strength::Proves => Confidence::Certain,
        Strength::Strong => Confidence::Likely,
        _ => Confidence::Possible,
    };
    let now = seen.facts.at;
    let answer = seen.sample.answer;
    let mut finding = Finding::new(cause::get(&rule.cause), confidence)
        .value("status", answer.status.to_string())
        .because(strength(rule, now), matched(rule, seen.facts));
    finding.note.clone_from(&rule.note);
    finding.docs.extend(rule.docs.iter().map(|docs| docs.en.clone()));
    let at = rate::retry_after(answer, now).or_else(|| after(rule, seen));
    status::with_retry(finding, at, now)
}

/// The moment to try again where no `Retry-After` names it: the reset of a used-up limit, else the rule's own.
fn after(rule: &Rule, seen: &Circumstances<'_>) -> Option<jiff::Timestamp> {
    let (answer, now) = (seen.sample.answer, seen.facts.at);
    let limited = cause::get(&rule.cause).verdict == Verdict::Throttled;
    let quota = if limited { rate::quota(seen.connector, answer, now) } else { None };
    let declared = || rule.retry_after.as_deref().and_then(rate::span);
    let used_up = quota.filter(|quota| quota.remaining.is_none_or(|remaining| remaining == 0));
    let resets = used_up.and_then(|quota| quota.resets_at);
    resets.or_else(|| declared().and_then(|span| now.checked_add(span).ok()))
}

/// Success: what the request declares, else any 2xx that is not a web page.
fn succeeds(ok: Option<&Predicate>, seen: &Circumstances<'_>) -> bool {
    let answer = seen.sample.answer;
    let status_fits = match ok.and_then(|ok| ok.status.as_ref()) {
        Some(status) => status.matches(answer.status),
        None => (200..300).contains(&answer.status),
    };
    let page_is_fine = ok.is_some_and(|ok| ok.body.is_some());
    let readable = page_is_fine || !matches!(seen.kind, BodyKind::Html(_) | BodyKind::BrokenJson(_));
    status_fits && readable && ok.is_none_or(|ok| holds(ok, seen.sample))
}

/// A web page where an API answer belongs.
fn page(title: Option<&str>, fact: &AnswerFact) -> Finding {
    let login =
        title.is_some_and(redirect::is_login) || fact.redirects.iter().any(|hop| redirect::is_login(&hop.to));
    let code =
        if login && !fact.redirects.is_empty() { "CONN-HTTP-REDIRECT-LOGIN" } else { "CONN-BODY-HTML" };
    certain(code).value("title", title.unwrap_or("-")).because(Strength::Proves, titled(title))
}

/// A web page by its title: who wrote it can mostly be read there.
fn titled(title: Option<&str>) -> Phrase {
    const TITLE: Text = Text::new(
        "the body is a web page titled “{title}”",
        "本文は「{title}」というタイトルの Web ページです",
    );
    const UNTITLED: Text = Text::new("the body is a web page", "本文は Web ページです");
    title.map_or_else(|| UNTITLED.phrase(), |title| TITLE.fill(&[("title", title)]))
}

/// The most bytes of a body that are read, for people.
const LIMIT: &str = "1,048,576";

/// A 2xx that is not what the request declares as success.
fn not_as_expected(seen: &Circumstances<'_>, request: &TestRequest) -> Finding {
    const FOUND: Text =
        Text::new("the body is {word}; {expected} was expected", "本文の形式: {word}（想定: {expected}）");
    const ANOTHER: Text = Text::new("another answer", "別の内容の応答");
    const LONGER: Text = Text::new(
        "the body, unpacked, is longer than {limit} bytes; the rest was not read",
        "本文は展開後で {limit} バイトを超えています（残りは読み取っていません）",
    );
    // A cut body may look like anything, even like none.
    let cut = seen.sample.answer.truncated && !matches!(seen.kind, BodyKind::Html(_));
    let wants_json = request.ok.as_ref().is_some_and(|ok| !ok.json.is_empty());
    let expected = if wants_json { BodyKind::Json.word() } else { ANOTHER };
    let evidence = match seen.kind {
        _ if cut => LONGER.fill(&[("limit", LIMIT)]),
        BodyKind::Html(title @ Some(_)) => titled(title.as_deref()),
        kind => FOUND.fill_phrases(&[("word", kind.word().into()), ("expected", expected.into())]),
    };
    let finding = match seen.kind {
        _ if cut => certain("CONN-BODY-TOO-LARGE").value("limit", LIMIT),
        BodyKind::Html(title) => {
            certain("CONN-BODY-HTML").value("title", title.clone().unwrap_or_else(|| "-".into()))
        }
        BodyKind::BrokenJson(at) => certain("CONN-BODY-INVALID").value("position", at.to_string()),
        BodyKind::Empty => certain("CONN-BODY-EMPTY"),
        BodyKind::Other if wants_json && seen.sample.answer.body.contains('\u{fffd}') => {
            certain("CONN-BODY-CHARSET")
        }
        BodyKind::Xml | BodyKind::Other if wants_json => certain("CONN-BODY-TYPE"),
        _ if has_error_mark(seen.sample) => {
            Finding::new(cause::get("CONN-BODY-ERROR-IN-200"), Confidence::Likely)
        }
        _ => Finding::new(cause::get("CONN-BODY-SCHEMA"), Confidence::Likely)
            .value("field", lacking(seen, request)),
    };
    finding.value("status", seen.sample.answer.status.to_string()).because(Strength::Proves, evidence)
}

/// The parts of the answer that the request declares and that are not there.
fn lacking(seen: &Circumstances<'_>, request: &TestRequest) -> String {
    let declared = request.ok.iter().flat_map(|ok| &ok.json);
    let lacking = declared.filter(|(path, want)| {
        let one = Predicate {
            json: [((*path).clone(), (*want).clone())].into_iter().collect(),
            ..Predicate::default()
        };
        !holds(&one, seen.sample)
    });
    let paths: Vec<&str> = lacking.map(|(path, _)| path.as_str()).collect();
    if paths.is_empty() { "-".to_owned() } else { paths.join(", ") }
}

/// The usual ways of saying “no” with a 200.
fn has_error_mark(sample: &Sample<'_>) -> bool {
    let Some(root) = sample.json else { return false };
    let is_false = |name: &str| root.get(name).and_then(serde_json::Value::as_bool) == Some(false);
    let failed = ["error", "fail", "failure", "failed"];
    let says = |name: &str| {
        root.get(name)
            .and_then(serde_json::Value::as_str)
            .is_some_and(|word| failed.contains(&word.to_ascii_lowercase().as_str()))
    };
    let full = |name: &str| match root.get(name) {
        None | Some(serde_json::Value::Null) => false,
        Some(serde_json::Value::Array(list)) => !list.is_empty(),
        Some(_) => true,
    };
    is_false("ok")
        || is_false("success")
        || says("status")
        || says("result")
        || full("error")
        || full("errors")
}

/// The last dressing of every finding: names for the sentences, and the vendor's own words.
fn dress(mut finding: Finding, connector: &Connector, facts: &Facts, sample: &Sample<'_>) -> Finding {
    finding.vendor = words::vendor_words(connector, sample);
    if finding.docs.is_empty() {
        finding.docs.extend(connector.docs.iter().map(|docs| docs.en.clone()));
    }
    super::judge::name(&mut finding, connector, &facts.connection);
    finding
}

/// The vendor's warnings in the answer's headers, as evidence.
#[must_use]
pub fn warnings(answer: &Answered) -> Vec<Phrase> {
    const SAYS: Text =
        Text::new("the answer carries {name}: {value}", "応答に {name}: {value} が含まれています");
    let found = answer.headers.iter().filter(|(name, _)| notice::HEADERS.contains(&name.as_str()));
    let read = |value: &str| match notice::date(value) {
        Some(moment) => time::iso(moment),
        None => safe_text::line(value, 120),
    };
    found.map(|(name, value)| SAYS.fill(&[("name", name), ("value", &read(value))])).collect()
}
