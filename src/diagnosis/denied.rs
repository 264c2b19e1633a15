//! Rights that the permission matrix denies: for want of a scope, where that is known, else for want of a right.

use super::condition::Sample;
use super::fact::{AnswerFact, Facts};
use super::finding::{Confidence, Finding};
use super::judge::Judgement;
use super::report::{Access, AccessStatus};
use super::{answer, words};
use crate::base::{Language, Phrase, Text, safe_text};
use crate::cause;
use crate::model::{Connector, Permission, Strength};

/// What is said of a denied row where nobody names a reason.
const RESOURCE: &str = "CONN-PERM-RESOURCE";

/// The value of a finding that names the denied rows.
pub const ROWS: &str = "resources";

/// A denied row.
struct Denied<'a> {
    row: &'a Access,
    fact: Option<&'a AnswerFact>,
    /// The scopes that the definition says it needs and the token lacks.
    lacking: Vec<&'a str>,
    /// Whether the service itself said that a scope is missing.
    said: bool,
    /// What the service itself proves, where it names a reason.
    proven: Option<Finding>,
}

/// What is wrong with the denied rows: the missing scopes first, then the missing rights.
pub(super) fn findings(connector: &Connector, facts: &Facts, judgement: &Judgement) -> Vec<Finding> {
    let denied = judgement.access.iter().filter(|row| row.status == AccessStatus::Denied);
    let denied = denied.map(|row| denied_row(connector, facts, row));
    let (by_scope, by_right): (Vec<_>, Vec<_>) = denied.partition(|row| row.said || !row.lacking.is_empty());
    let scope = scope(connector, facts, &by_scope);
    let right = right(connector, judgement, &by_right);
    scope.into_iter().chain(right).collect()
}

fn denied_row<'a>(connector: &'a Connector, facts: &'a Facts, row: &'a Access) -> Denied<'a> {
    let permission = connector.permissions.iter().find(|permission| permission.id == row.id);
    let fact = facts.answers.iter().find(|fact| fact.request == row.id);
    let judged = permission
        .zip(fact)
        .and_then(|(permission, fact)| answer::judge(connector, &permission.as_test(), facts, fact).err());
    let said = judged.as_ref().is_some_and(|finding| finding.cause.code == "CONN-PERM-SCOPE");
    // Where the service proves another reason, such as the plan, a scope is not it.
    let open = said || judged.as_ref().is_none_or(|finding| finding.confidence != Confidence::Certain);
    let grant = facts.grant.as_ref().filter(|_| open);
    let declared = permission.map_or(&[][..], |permission: &Permission| &permission.scopes);
    let lacking = grant.map(|grant| grant.short_of(declared)).unwrap_or_default();
    let lacking =
        if said && lacking.is_empty() { declared.iter().map(String::as_str).collect() } else { lacking };
    let named = |finding: &Finding| {
        let code = finding.cause.code;
        finding.confidence == Confidence::Certain
            && code.starts_with("CONN-PERM-")
            && !["CONN-PERM-SCOPE", RESOURCE].contains(&code)
    };
    let proven = judged.map(|finding| *finding).filter(named);
    Denied { row, fact, lacking, said, proven }
}

fn names(rows: &[Denied<'_>]) -> Phrase {
    let list = |language| rows.iter().map(|row| row.row.label.get(language)).collect::<Vec<_>>().join(", ");
    Phrase { en: list(Language::En), ja: list(Language::Ja) }
}

/// What the service says of the first of them.
fn voiced(connector: &Connector, rows: &[Denied<'_>], mut finding: Finding) -> Finding {
    let answer = rows.first().and_then(|row| row.fact?.answer.as_ref());
    let vendor = answer.map(|answer| words::vendor_words(connector, &Sample::new(answer)));
    finding.vendor = vendor.unwrap_or_default();
    finding
}

/// Rows whose scope the token lacks.
fn scope(connector: &Connector, facts: &Facts, rows: &[Denied<'_>]) -> Option<Finding> {
    const SAID: Text = Text::new(
        "the service says that a scope is missing for: {rows}",
        "スコープ不足とサービスが応答した項目: {rows}",
    );
    const LACKS: Text = Text::new(
        "the token lacks {scopes}, which is needed for: {rows}",
        "トークンに {scopes} がありません（必要とする項目: {rows}）",
    );
    let first = rows.first()?;
    let mut scopes: Vec<&str> = Vec::new();
    for scope in rows.iter().flat_map(|row| &row.lacking) {
        if !scopes.contains(scope) {
            scopes.push(scope);
        }
    }
    let listed = safe_text::line(&scopes.join(" "), 120);
    let known = facts.grant.is_some() && !scopes.is_empty();
    // A broader scope may hold the one that is missing by name, so only the service's word is certain.
    let confidence = if first.said { Confidence::Certain } else { Confidence::Likely };
    let rows_named = names(rows);
    let mut finding = Finding::new(cause::get("CONN-PERM-SCOPE"), confidence);
    finding = finding.value(ROWS, rows_named.clone());
    if !scopes.is_empty() {
        finding = finding.value("scope", listed.clone());
    }
    let values = [("rows", rows_named), ("scopes", Phrase::from(listed))];
    if rows.iter().any(|row| row.said) {
        finding = finding.because(Strength::Proves, SAID.fill_phrases(&values));
    }
    if known {
        finding = finding.because(Strength::Proves, LACKS.fill_phrases(&values));
    }
    Some(voiced(connector, rows, finding))
}

/// Rows that the credential's owner may not see.
fn right(connector: &Connector, judgement: &Judgement, rows: &[Denied<'_>]) -> Option<Finding> {
    const SOME: Text = Text::new(
        "{granted} of {all} rights are there; missing: {missing}",
        "{all} 件中 {granted} 件の権限を確認できました。不足: {missing}",
    );
    const OWNER: Text = Text::new("the owner of the credential", "認証情報の所有者");
    let proven = rows.first()?.proven.clone();
    let agreed = |proven: &Finding| {
        rows.iter().all(|row| row.proven.as_ref().is_some_and(|other| other.cause.code == proven.cause.code))
    };
    // One reason that the service names for all of them; else what is known is that they are denied.
    let proven = proven.filter(agreed);
    let finding = proven.unwrap_or_else(|| Finding::new(cause::get(RESOURCE), Confidence::Certain));
    let granted = judgement.access.iter().filter(|row| row.status == AccessStatus::Granted).count();
    let names = names(rows);
    let values = [
        ("granted", Phrase::from(granted.to_string())),
        ("all", Phrase::from(judgement.access.len().to_string())),
        ("missing", names.clone()),
    ];
    let owner = judgement.identity.as_ref().and_then(|identity| identity.account.clone());
    let finding = finding
        .value(ROWS, names)
        .value("user", owner.map_or(OWNER.into(), Phrase::from))
        .because(Strength::Proves, SOME.fill_phrases(&values));
    Some(voiced(connector, rows, finding))
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::grant::GrantFact;
    use crate::diagnosis::{Facts, fixture, judge};
    use crate::model::{Connector, Fixture};

    const DEFINITION: &str = r#"
        base = "https://acme.test"
        test = { request = "GET /me", ok = { json = { "/id" = "exists" } } }
        answer = { shape = { json = { "/code" = "exists" } }, code = "/code" }
        auth.web = { kind = "oauth2", authorize = "https://acme.test/a", token = "https://acme.test/t" }
        permissions = [{ id = "deals", label = "Deals", request = "GET /deals", scopes = ["deals.read"] }]
        rules = [
            { id = "acme/scope", when = { json = { "/code" = "SCOPE" } }, cause = "CONN-PERM-SCOPE" },
            { id = "acme/role", when = { json = { "/code" = "ROLE" } }, cause = "CONN-PERM-ROLE" },
            { id = "acme/plan", when = { json = { "/code" = "PLAN" } }, cause = "CONN-PERM-PLAN" },
        ]
    "#;

    /// The code of the root, with the scope it names.
    fn root(code: &str, asked: &[&str], granted: Option<&[&str]>) -> String {
        let connector: Connector = toml::from_str(DEFINITION).unwrap();
        let answered = |request: &str, status: u16, body: &str| -> Facts {
            let fixture: Fixture = toml::from_str(&format!(
                "name = 'x'\nstatus = {status}\nexpect = 'ok'\nbody = '{body}'\nheaders = {{ content-type = 'application/json' }}{}",
                if request == "test" { String::new() } else { format!("\nrequest = '{request}'") }
            ))
            .unwrap();
            fixture::facts("acme", &connector, &fixture)
        };
        let mut facts = answered("test", 200, r#"{"id":1}"#);
        facts.answers.extend(answered("deals", 403, &format!(r#"{{"code":"{code}"}}"#)).answers);
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        facts.grant = Some(GrantFact {
            obtained: facts.at,
            consented: facts.at,
            expires: None,
            ends: None,
            lapses: None,
            renewable: true,
            renewed: false,
            had_ended: None,
            asked: words(asked),
            granted: granted.map(words),
            introspection: None,
        });
        let judged = judge::judge(&connector, &facts);
        let root = &judged.findings[0];
        let scope = root.values.get("scope").map(|scope| scope.en.clone()).unwrap_or_default();
        format!("{} {scope}", root.cause.code.trim_start_matches("CONN-PERM-")).trim_end().to_owned()
    }

    #[test]
    fn a_denied_row_names_the_scope_that_it_declares_and_the_token_lacks() {
        let resource = "RESOURCE";
        for (code, asked, granted, expected) in [
            ("NO", &["me.read"][..], None, "SCOPE deals.read"),
            ("NO", &["me.read", "deals.read"][..], Some(&["me.read"][..]), "SCOPE deals.read"),
            ("NO", &["me.read", "deals.read"][..], None, resource),
            ("NO", &["me.read"][..], Some(&["https://acme.test/scopes/7"][..]), resource),
            ("PLAN", &["me.read"][..], None, "PLAN"),
            ("SCOPE", &["me.read", "deals.read"][..], None, "SCOPE deals.read"),
            ("ROLE", &["me.read", "deals.read"][..], None, "ROLE"),
        ] {
            assert_eq!(root(code, asked, granted), expected, "{code} {asked:?} {granted:?}");
        }
    }
}
