//! What an authorisation is good for, as a fact, and what a refusal or a date says about it.

use serde::{Deserialize, Serialize};

use super::ending::NOTICE;
use super::fact::{Answered, Facts};
use super::finding::{Confidence, Finding};
use super::introspection::Introspection;
use crate::base::{Phrase, Text, Timestamp, safe_text, shell, time};
use crate::cause::{self, Severity};
use crate::model::{AuthKind, Connector, Obtaining, Strength};

/// What is known of an authorisation beside its tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantFact {
    /// When the tokens came.
    pub obtained: Timestamp,
    /// When a person consented last.
    pub consented: Timestamp,
    /// When the access token ends, where anybody says so.
    #[serde(default)]
    pub expires: Option<Timestamp>,
    /// When the authorisation ends for good, where anybody says so.
    #[serde(default)]
    pub ends: Option<Timestamp>,
    /// When it ends unless it is used before, where the definition says so.
    #[serde(default)]
    pub lapses: Option<Timestamp>,
    /// Whether conn can renew the access token without a person.
    pub renewable: bool,
    /// Whether it was renewed in this very run.
    pub renewed: bool,
    /// When the token that was renewed in this run had ended, in a run that tells everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub had_ended: Option<Timestamp>,
    /// The scopes that were asked for.
    #[serde(default)]
    pub asked: Vec<String>,
    /// The scopes that were granted, where the service says so.
    #[serde(default)]
    pub granted: Option<Vec<String>>,
    /// What the authorization server says about the access token, where it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introspection: Option<Introspection>,
}

impl GrantFact {
    /// Those of some scopes that the token does not have; all of them are held where the service answers with other
    /// names than it is asked for. What it does not say was granted as it was asked for (RFC 6749, section 5.1).
    #[must_use]
    pub fn short_of<'s>(&self, scopes: &'s [String]) -> Vec<&'s str> {
        let held = self.granted.as_ref().unwrap_or(&self.asked);
        let has = |scope: &String| held.iter().any(|other| other.eq_ignore_ascii_case(scope));
        if !self.asked.iter().any(has) {
            return Vec::new();
        }
        scopes.iter().filter(|scope| !has(scope)).map(String::as_str).collect()
    }

    /// The scopes that were asked for and not granted. Services that answer with other names than they were
    /// asked for are not held to it: only where some of the names agree does a missing one mean anything.
    #[must_use]
    pub fn lacking(&self) -> Vec<&str> {
        let Some(granted) = &self.granted else { return Vec::new() };
        let has = |scope: &String| granted.iter().any(|other| other.eq_ignore_ascii_case(scope));
        if !self.asked.iter().any(has) {
            return Vec::new();
        }
        self.asked.iter().filter(|scope| !has(scope)).map(String::as_str).collect()
    }
}

/// A 401 to a request with an obtained token: whether the token, the authorisation or the address is to blame.
#[must_use]
pub fn unauthorised(facts: &Facts, answer: &Answered) -> Option<Finding> {
    let kind = facts.connection.kind;
    if !matches!(kind, AuthKind::OAuth1 | AuthKind::OAuth2 | AuthKind::Session) {
        return None;
    }
    if kind == AuthKind::OAuth1 {
        return Some(first_version(facts, answer));
    }
    let grant = facts.grant.as_ref()?;
    const FRESH: Text = Text::new(
        "the token is new: {service} issued it at {when}, and this API refuses it all the same",
        "トークンは {when} に発行されたばかりですが、この API は受け付けません",
    );
    const PAST: Text = Text::new(
        "the recorded end of the access token, {when}, has passed, and there is no refresh token",
        "記録されている有効期限 {when} を過ぎており、更新トークンもありません",
    );
    const GONE: Text = Text::new(
        "the token came at {when} and is refused before its end; there is no refresh token",
        "{when} に取得したトークンが、期限前に拒否されました（更新トークンはありません）",
    );
    let find = |code, confidence| Finding::new(cause::get(code), confidence);
    let service = &facts.connection.service;
    let say = |text: Text, when: Timestamp| {
        let when = time::iso(when);
        Phrase {
            en: text.en.replace("{service}", &service.en).replace("{when}", &when),
            ja: text.ja.replace("{service}", &service.ja).replace("{when}", &when),
        }
    };
    let active = grant.introspection.as_ref().and_then(|said| said.active);
    let finding = match grant.expires {
        _ if active == Some(true) => find("CONN-OAUTH-AUDIENCE", Confidence::Likely),
        _ if grant.renewed => find("CONN-OAUTH-AUDIENCE", Confidence::Likely)
            .because(Strength::Strong, say(FRESH, grant.obtained)),
        Some(expires) if expires <= facts.at => find("CONN-OAUTH-ACCESS-EXPIRED", Confidence::Certain)
            .because(Strength::Proves, say(PAST, expires)),
        _ => find("CONN-OAUTH-REFRESH-REVOKED", Confidence::Likely)
            .because(Strength::Strong, say(GONE, grant.obtained)),
    };
    let finding = match &grant.introspection {
        Some(said) => said.beside(finding),
        None => finding,
    };
    Some(match challenge(answer) {
        Some(words) => finding.because(Strength::Strong, words),
        None => finding,
    })
}

/// What a bearer challenge says (RFC 6750, section 3).
fn challenge(answer: &Answered) -> Option<Phrase> {
    const SAYS: Text = Text::new("the challenge says {error}", "認証の要求には {error} とあります");
    let header = answer.header("www-authenticate")?;
    let error = header.split_once("error=\"")?.1.split('"').next()?;
    Some(SAYS.fill(&[("error", &safe_text::line(error, 60))]))
}

/// A 401 to a request signed by OAuth 1, by the problem that the service names (OAuth Problem Reporting).
fn first_version(facts: &Facts, answer: &Answered) -> Finding {
    const WORKED: Text =
        Text::new("the same token worked until {when}", "同じトークンで {when} までは成功していました");
    const PROBLEM: Text =
        Text::new("the service names the problem: {problem}", "サービスが示した問題: {problem}");
    let find = |code, confidence| Finding::new(cause::get(code), confidence);
    let words = format!("{} {}", answer.header("www-authenticate").unwrap_or_default(), answer.body);
    let problem = words.split_once("oauth_problem=").map(|(_, rest)| {
        rest.trim_start_matches('"').split(['"', '&', ',', ' ', '\n']).next().unwrap_or_default().to_owned()
    });
    let code = match problem.as_deref().unwrap_or_default() {
        "timestamp_refused" => "CONN-CLK-OAUTH1",
        "signature_invalid" | "signature_method_rejected" | "nonce_used" => "CONN-AUTH-SIGNATURE",
        "consumer_key_unknown" | "consumer_key_rejected" | "consumer_key_refused" => {
            "CONN-OAUTH-CLIENT-INVALID"
        }
        "token_expired" => "CONN-OAUTH-ACCESS-EXPIRED",
        "token_revoked" | "token_rejected" | "token_used" | "permission_denied" => {
            "CONN-OAUTH-REFRESH-REVOKED"
        }
        _ => {
            let worked = facts.history.last_ok.filter(|_| facts.grant.is_some());
            return worked.map_or_else(
                || find("CONN-AUTH-REJECTED", Confidence::Certain),
                |when| {
                    find("CONN-OAUTH-REFRESH-REVOKED", Confidence::Likely)
                        .because(Strength::Strong, WORKED.fill(&[("when", &time::iso(when))]))
                },
            );
        }
    };
    let problem = safe_text::line(&problem.unwrap_or_default(), 60);
    find(code, Confidence::Certain).because(Strength::Proves, PROBLEM.fill(&[("problem", &problem)]))
}

/// What is worth saying of an authorisation that works.
#[must_use]
pub fn remarks(facts: &Facts) -> Vec<Finding> {
    let Some(grant) = &facts.grant else { return Vec::new() };
    let renewed = renewed(grant);
    lacking(grant).into_iter().chain(ending(facts, grant)).chain(renewed).collect()
}

/// A token that had ended and was renewed on the way: worth a line, and nothing to do.
fn renewed(grant: &GrantFact) -> Option<Finding> {
    const ENDED: Text = Text::new(
        "the token had ended at {when}; the refresh token brought a new one",
        "トークンの有効期限は {when} でした。更新トークンで新しいトークンを取得しました",
    );
    const DONE: Text = Text::new(
        "conn renewed it in this run; there is nothing to do.",
        "conn が今回の実行中に更新しました。対処は不要です。",
    );
    let when = grant.had_ended.filter(|_| grant.renewed)?;
    let finding = Finding::new(cause::get("CONN-OAUTH-ACCESS-EXPIRED"), Confidence::Certain);
    let mut finding = finding.because(Strength::Proves, ENDED.fill(&[("when", &time::iso(when))]));
    finding.severity = Severity::Info;
    finding.note = Some(DONE.into());
    finding.over = true;
    Some(finding)
}

/// The value of a finding that holds the arguments with which a consent also asks for what is missing.
pub const CONSENT: &str = "consent";

/// Says with which scopes a person has to consent again, where a missing one is what is wrong.
pub fn ask_again(connector: &Connector, facts: &Facts, findings: &mut [Finding]) {
    let method = connector.method(Some(&facts.connection.method)).map(|(_, method)| method);
    let Some(grant) = &facts.grant else { return };
    if method.is_none_or(|method| method.obtaining() != Obtaining::ByConsent) {
        return;
    }
    for finding in findings.iter_mut().filter(|finding| finding.cause.code == "CONN-PERM-SCOPE") {
        // What was asked for before is asked for again by itself.
        let Some(named) = finding.values.get("scope").map(|scope| scope.en.clone()) else { continue };
        let fine = |c: char| c.is_ascii_alphanumeric() || "._:/-+*~".contains(c);
        let named = named.split([' ', ',']).filter(|scope| !scope.is_empty() && scope.chars().all(fine));
        let mut scopes: Vec<&str> = grant.asked.iter().map(String::as_str).collect();
        for scope in named {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        let arguments =
            scopes.iter().fold(String::new(), |list, scope| list + "--scope " + &shell::word(scope) + " ");
        finding.values.insert(CONSENT.to_owned(), Phrase::same(arguments));
    }
}

fn lacking(grant: &GrantFact) -> Option<Finding> {
    const FEWER: Text = Text::new(
        "{asked} scopes were asked for; not granted: {missing}",
        "要求した {asked} 件のスコープのうち、許可されなかったもの: {missing}",
    );
    let missing = grant.lacking();
    if missing.is_empty() {
        return None;
    }
    let names = safe_text::line(&missing.join(" "), 120);
    let finding =
        Finding::new(cause::get("CONN-PERM-SCOPE"), Confidence::Certain).value("scope", names.clone());
    let asked = grant.asked.len().to_string();
    Some(finding.because(Strength::Proves, FEWER.fill(&[("asked", &asked), ("missing", &names)])).lowered())
}

fn ending(facts: &Facts, grant: &GrantFact) -> Option<Finding> {
    const ENDS: Text = Text::new(
        "a person consented at {when}; the authorisation ends on {date} whatever is done",
        "同意の日時は {when} です。この認可は {date} に必ず終了します",
    );
    const LAPSES: Text = Text::new(
        "a person consented at {when}; the authorisation ends on {date} unless conn renews it before",
        "同意の日時は {when} です。{date} までに conn が更新しないと、この認可は終了します",
    );
    let lapses = grant.lapses.filter(|lapses| grant.ends.is_none_or(|ends| *lapses < ends));
    let ends = lapses.or(grant.ends)?;
    let days = ends.duration_since(facts.at).as_hours() / 24;
    if !(0..NOTICE).contains(&days) {
        return None;
    }
    let date = ends.strftime("%Y-%m-%d").to_string();
    let values = [("when", time::iso(grant.consented)), ("date", date.clone())];
    let text = if lapses.is_some() { LAPSES } else { ENDS };
    let words = text.fill(&values.each_ref().map(|(name, value)| (*name, value.as_str())));
    let finding = Finding::new(cause::get("CONN-AUTH-KEY-EXPIRES-SOON"), Confidence::Certain);
    Some(finding.value("date", date).because(Strength::Proves, words))
}

#[cfg(test)]
mod tests {
    use super::{CONSENT, GrantFact};
    use crate::diagnosis::{Facts, fixture, judge};
    use crate::model::{Connector, Fixture};

    fn grant(asked: &[&str], granted: Option<&[&str]>) -> GrantFact {
        let owned = |list: &[&str]| list.iter().map(|scope| (*scope).to_owned()).collect();
        let at = "2026-11-22T00:00:00Z".parse().unwrap();
        GrantFact {
            obtained: at,
            consented: at,
            expires: None,
            ends: None,
            lapses: None,
            renewable: false,
            renewed: false,
            had_ended: None,
            asked: owned(asked),
            granted: granted.map(owned),
            introspection: None,
        }
    }

    /// The arguments of a further consent after a refusal with this challenge.
    fn consent(challenge: &str) -> Option<String> {
        let connector: Connector = toml::from_str(
            r#"
            base = "https://acme.test"
            test = { request = "GET /me" }
            auth.web = { kind = "oauth2", authorize = "https://acme.test/a", token = "https://acme.test/t" }
            "#,
        )
        .unwrap();
        let sample: Fixture = toml::from_str(&format!(
            "name = 'x'\nstatus = 403\nexpect = 'ok'\nbody = '{{}}'\nheaders = {{ www-authenticate = '{challenge}', content-type = 'application/json' }}"
        ))
        .unwrap();
        let mut facts: Facts = fixture::facts("acme", &connector, &sample);
        facts.grant = Some(grant(&["read", "write"], None));
        let root = judge::judge(&connector, &facts).findings.remove(0);
        assert_eq!(root.cause.code, "CONN-PERM-SCOPE");
        root.values.get(CONSENT).map(|arguments| arguments.en.clone())
    }

    #[test]
    fn a_further_consent_names_scopes_only_where_the_missing_one_is_known() {
        let known = r#"Bearer error="insufficient_scope", scope="deals""#;
        assert_eq!(consent(known).unwrap(), "--scope read --scope write --scope deals ");
        assert_eq!(consent(r#"Bearer error="insufficient_scope""#), None);
    }

    #[test]
    fn a_scope_is_lacking_only_where_the_service_speaks_of_scopes_by_the_same_names() {
        for (asked, granted, lacking) in [
            (&["a", "b"][..], Some(&["a"][..]), &["b"][..]),
            (&["a", "b"], Some(&["B", "a"]), &[]),
            (&["a", "b"], None, &[]),
            (&["a"], Some(&["https://long.test/a"]), &[]),
            (&[], Some(&["a"]), &[]),
        ] {
            assert_eq!(grant(asked, granted).lacking(), lacking, "{asked:?} {granted:?}");
        }
    }
}
