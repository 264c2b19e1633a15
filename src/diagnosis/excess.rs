//! Rights beyond need: scopes that were granted and that nothing here asks for.

use super::fact::Facts;
use super::finding::{Confidence, Finding};
use crate::base::{Text, safe_text};
use crate::cause;
use crate::model::{Connector, Strength};

/// Scopes that services add by themselves, or that only say who somebody is.
const HARMLESS: [&str; 6] = ["openid", "profile", "email", "offline_access", "offline", "refresh_token"];

/// Headers in which services name the scopes of the credential that was used.
const NAMED: [&str; 2] = ["x-oauth-scopes", "x-accepted-scopes-granted"];

/// The remark that a credential may do more than this connection needs. Services that answer with other names than
/// they were asked for are not held to it: everything that is needed has to be among what was granted.
#[must_use]
pub fn remark(connector: &Connector, facts: &Facts) -> Option<Finding> {
    const MORE: Text =
        Text::new("granted beyond need: {scopes}", "必要な範囲を超えて許可されているもの: {scopes}");
    let (needed, granted) = match &facts.grant {
        Some(grant) => (grant.asked.clone(), grant.granted.clone()?),
        None => (declared(connector), named(facts)?),
    };
    let same = |one: &String, other: &String| one.eq_ignore_ascii_case(other);
    let all_there = needed.iter().all(|scope| granted.iter().any(|other| same(scope, other)));
    if needed.is_empty() || !all_there {
        return None;
    }
    let is_harmless = |scope: &&String| HARMLESS.iter().any(|known| scope.eq_ignore_ascii_case(known));
    let surplus: Vec<&str> = granted
        .iter()
        .filter(|scope| !needed.iter().any(|other| same(scope, other)) && !is_harmless(scope))
        .map(String::as_str)
        .collect();
    if surplus.is_empty() {
        return None;
    }
    let words = MORE.fill(&[("scopes", &safe_text::line(&surplus.join(" "), 120))]);
    let finding = Finding::new(cause::get("CONN-PERM-EXCESS"), Confidence::Certain);
    Some(finding.value("scopes", safe_text::line(&needed.join(" "), 120)).because(Strength::Proves, words))
}

/// The scopes that the declared permissions need.
fn declared(connector: &Connector) -> Vec<String> {
    let mut scopes: Vec<String> = connector.permissions.iter().flat_map(|one| one.scopes.clone()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

fn named(facts: &Facts) -> Option<Vec<String>> {
    let answer = facts.answers.iter().find_map(|fact| fact.answer.as_ref())?;
    let value = NAMED.iter().find_map(|name| answer.header(name))?;
    let scopes = value.split([',', ' ']).map(str::trim).filter(|scope| !scope.is_empty());
    Some(scopes.map(str::to_owned).collect())
}
