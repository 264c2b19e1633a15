//! Every mistake of the definitions, with the sample answers of their connectors judged, and advice.

use super::{Failure, World};
use crate::base::Text;
use crate::config::lint::Advice;
use crate::config::{Definitions, Mistake};
use crate::diagnosis::fixture;
use crate::model::Connector;

/// What was found in the definitions.
#[derive(Debug, Default)]
pub struct Linted {
    /// How many files were read.
    pub files: usize,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
    /// What works but will trouble somebody later.
    pub advice: Vec<Advice>,
}

/// Checks every layer. Sample answers are judged only where nothing else is wrong.
#[must_use]
pub fn lint(definitions: &Definitions) -> Linted {
    let mut mistakes = definitions.mistakes();
    if mistakes.is_empty() {
        mistakes = samples(definitions);
    }
    Linted { files: definitions.layers().count(), mistakes, advice: definitions.advice() }
}

/// A failure that a mistake in a file caused, with every other mistake of that file beside it: who corrects
/// one wants to correct them all.
#[must_use]
pub fn with_every_mistake(world: &dyn World, failure: Failure) -> Failure {
    let Some(file) = failure.file_with_mistake() else { return failure };
    let Ok(definitions) = world.definitions() else { return failure };
    let mut mistakes = definitions.mistakes();
    mistakes.retain(|mistake| mistake.path.display().to_string() == file);
    if mistakes.is_empty() { failure } else { failure.with_mistakes(&mistakes) }
}

/// The sample answers that are not judged as their definition says. Built-in connectors have tests of their own.
fn samples(definitions: &Definitions) -> Vec<Mistake> {
    let ids = definitions.connector_ids().unwrap_or_default();
    let own = ids.iter().filter(|id| definitions.defines(id).unwrap_or_default());
    let found = own.filter_map(|id| definitions.connector(id).ok().flatten());
    found
        .flat_map(|connector| {
            let wrong = mismatches(&connector.name, &connector.value);
            wrong.into_iter().map(move |wrong| Mistake {
                path: connector.path.clone(),
                line: connector.line,
                column: 1,
                code: "CONN-CFG-SCHEMA",
                message: MISMATCH.fill(&[
                    ("connector", &connector.name),
                    ("sample", &crate::base::safe_text::line(&wrong.name, 60)),
                    ("expected", &wrong.expected),
                    ("found", &wrong.found),
                ]),
                hint: Some(HINT.fill(&[("found", &wrong.found)])),
            })
        })
        .collect()
}

/// The samples that are judged otherwise, and those of token endpoints that should give tokens and do not.
fn mismatches(id: &str, connector: &Connector) -> Vec<fixture::Mismatch> {
    let successes = connector.fixtures.iter().filter(|sample| sample.expect == fixture::OK);
    let unread = successes.filter_map(|sample| {
        let code = crate::flow::sample::obstacle(connector, sample)?;
        let refused = fixture::judge(id, connector, sample) != fixture::OK;
        (!refused).then(|| fixture::Mismatch {
            name: sample.name.clone(),
            expected: sample.expect.clone(),
            found: code.to_owned(),
        })
    });
    fixture::mismatches(id, connector).into_iter().chain(unread).collect()
}

const MISMATCH: Text = Text::new(
    "the sample answer \"{sample}\" of {connector} is judged as {found}, not as {expected}",
    "{connector} のサンプル応答「{sample}」の判定結果は {expected} ではなく {found} です",
);
const HINT: Text = Text::new(
    "correct the rules, test.ok or answer.shape, or expect {found}",
    "rules、test.ok、answer.shape のいずれかを修正するか、expect を {found} にしてください",
);

#[cfg(test)]
mod tests {
    use super::lint;
    use crate::config::{Definitions, Layer, LayerKind};

    #[test]
    fn a_sample_answer_that_is_judged_otherwise_is_a_mistake() {
        let text = |expect: &str| {
            format!(
                "[connectors.mine]\nbase = 'https://mine.test'\ntest = {{ request = 'GET /me', ok = {{ status = 200, json = {{ '/id' = 'exists' }} }} }}\nauth.none.kind = 'none'\n[[connectors.mine.fixtures]]\nname = 'me'\nstatus = 200\nheaders = {{ content-type = 'application/json' }}\nbody = '{{\"id\":1}}'\nexpect = '{expect}'\n"
            )
        };
        let found = |expect: &str| {
            let layer = Layer { kind: LayerKind::User, path: "f.toml".into(), text: text(expect) };
            lint(&Definitions::new(vec![layer])).mistakes
        };
        assert_eq!(found("ok"), []);
        let wrong = found("CONN-AUTH-REJECTED");
        assert_eq!(wrong.len(), 1);
        assert!(wrong[0].message.en.contains("judged as ok"), "{wrong:?}");
    }

    #[test]
    fn a_sample_of_a_token_endpoint_is_read_as_the_flow_reads_it() {
        let found = |spent: &str, body: &str, expect: &str| {
            let text = format!(
                "[connectors.mine]\nbase = 'https://mine.test'\ntest.request = 'reach'\nvars.host = {{ from = 'token:/host', pattern = '[a-z]+\\.mine\\.test' }}\n[connectors.mine.auth.o]\nkind = 'oauth2'\nauthorize = 'https://mine.test/a'\ntoken = 'https://mine.test/t'\nresponse.token = '/deep/t'\n[[connectors.mine.fixtures]]\nname = 'sample'\nexchange = '{spent}'\nstatus = 200\nbody = '{body}'\nexpect = '{expect}'\n"
            );
            let layer = Layer { kind: LayerKind::User, path: "f.toml".into(), text };
            let mistakes = lint(&Definitions::new(vec![layer])).mistakes;
            mistakes.into_iter().map(|mistake| mistake.message.en).collect::<Vec<_>>().join("\n")
        };
        let good = r#"{"deep":{"t":"x"},"host":"a.mine.test"}"#;
        let refusal = r#"{"error":"invalid_grant"}"#;
        for (spent, body, expect, judged) in [
            ("code", good, "ok", ""),
            ("code", refusal, "CONN-OAUTH-CODE-EXPIRED", ""),
            ("refresh_token", refusal, "CONN-OAUTH-REFRESH-REVOKED", ""),
            ("refresh_token", refusal, "CONN-OAUTH-CODE-EXPIRED", "judged as CONN-OAUTH-REFRESH-REVOKED"),
            ("code", refusal, "ok", "judged as CONN-OAUTH-CODE-EXPIRED"),
            ("code", r#"{"access_token":"x"}"#, "ok", "judged as CONN-BODY-SCHEMA"),
            ("code", r#"{"deep":{"t":"x"},"host":"evil.test"}"#, "ok", "judged as CONN-CFG-VALUE-FORM"),
        ] {
            let said = found(spent, body, expect);
            assert!(said.contains(judged) && said.is_empty() == judged.is_empty(), "{spent} {body}: {said}");
        }
    }
}
