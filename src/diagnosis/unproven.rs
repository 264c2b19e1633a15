//! An answer that refuses a credential and that nothing shows to be the vendor's: the credential is not judged.

use super::finding::{Confidence, Finding};
use super::status::Circumstances;
use crate::base::{Phrase, Text, safe_text};
use crate::cause;
use crate::model::Strength;

/// Names that filtering proxies write of themselves into `Server` and `Via`.
const FILTERS: [&str; 9] = [
    "squid",
    "bluecoat",
    "zscaler",
    "fortigate",
    "fortiproxy",
    "websense",
    "forcepoint",
    "ironport",
    "mcafee",
];

/// Who may have given the answer in the vendor's place, as far as the answer says so.
#[must_use]
pub fn judge(seen: &Circumstances<'_>) -> Finding {
    const NOTHING: Text = Text::new(
        "the answer is HTTP {status} with {word}, and nothing in it shows that the service itself gave it",
        "応答は HTTP {status}（{word}）ですが、サービス本体からの応答であることを示すものがありません",
    );
    const NOTE: Text = Text::new(
        "A gateway, a proxy or another server may have answered: the credential is not judged, and the state \
         stays as it is. If the credential was changed, try conn reconnect {name}.",
        "ゲートウェイ、プロキシ、別のサーバーなどが応答した可能性があります。そのため認証情報の良否は判定せず、\
         状態も変えません。認証情報を変更した場合は conn reconnect {name} を実行してください。",
    );
    let status = seen.sample.answer.status.to_string();
    let values = [("status", Phrase::same(status.as_str())), ("word", seen.kind.word().phrase())];
    let mut finding = stranger(seen);
    finding.note = Some(NOTE.fill(&[("name", &seen.facts.connection.link_name)]));
    finding.value("status", status.clone()).because(Strength::Strong, NOTHING.fill_phrases(&values))
}

/// A sign-in gate by its challenge, a filter by its name, else nobody known.
fn stranger(seen: &Circumstances<'_>) -> Finding {
    const SAYS: Text =
        Text::new("the answer carries {name}: {value}", "応答に {name}: {value} が含まれています");
    let answer = seen.sample.answer;
    let likely = |code: &str, name: &str, value: &str| {
        let values = [("name", name), ("value", &*safe_text::line(value, 120))];
        Finding::new(cause::get(code), Confidence::Likely).because(Strength::Strong, SAYS.fill(&values))
    };
    for (name, value) in &answer.headers {
        let lower = value.to_ascii_lowercase();
        match name.as_str() {
            "www-authenticate" if lower.starts_with("negotiate") || lower.starts_with("ntlm") => {
                return likely("CONN-EDGE-SSO-GATE", name, value);
            }
            "server" | "via" if FILTERS.iter().any(|filter| lower.contains(filter)) => {
                return likely("CONN-PXY-REWRITES", name, value);
            }
            _ => {}
        }
    }
    Finding::new(cause::get("CONN-SELF-UNKNOWN"), Confidence::Unknown)
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::fixture;
    use crate::model::{Connector, Fixture};

    const CONNECTOR: &str = r#"
        base = "https://api.acme.test"
        auth.key = { kind = "api_key", header.X-Key = "{key}", params.key.label = "Key" }
        test.request = "GET /me"
        rules = [
            { id = "a/any", when = { status = 401 }, cause = "CONN-AUTH-REJECTED" },
            { id = "a/no", when = { json = { "/why" = "bad_key" } }, cause = "CONN-AUTH-KEY-UNKNOWN" },
            { id = "a/words", when = { body = "no such key" }, cause = "CONN-AUTH-KEY-UNKNOWN", fragile = true },
        ]
        answer.request_id = "header:x-acme-trace"
    "#;

    fn judged(shape: &str, sample: &str) -> String {
        let connector: Connector = toml::from_str(&format!("{CONNECTOR}\n{shape}")).unwrap();
        let fixture: Fixture = toml::from_str(&format!("name = 'x'\nexpect = 'ok'\n{sample}")).unwrap();
        fixture::judge("acme", &connector, &fixture)
    }

    #[test]
    fn a_credential_is_judged_only_by_an_answer_that_is_proved_to_be_the_vendors() {
        let shape = "answer.shape = { json = { '/why' = 'string' } }";
        for (sample, expected) in [
            ("status = 401\nbody = '{\"why\":\"x\"}'", "CONN-AUTH-REJECTED"),
            ("status = 401\nbody = '{\"why\":\"bad_key\"}'", "CONN-AUTH-KEY-UNKNOWN"),
            ("status = 401\nbody = '{}'\nheaders = { x-acme-trace = '1' }", "CONN-AUTH-REJECTED"),
            ("status = 401\nbody = '{\"message\":\"Unauthorized\"}'", "CONN-SELF-UNKNOWN"),
            ("status = 401\nbody = '{\"message\":\"no such key\"}'", "CONN-SELF-UNKNOWN"),
            ("status = 401", "CONN-SELF-UNKNOWN"),
            ("status = 403\nbody = 'Forbidden'", "CONN-SELF-UNKNOWN"),
            ("status = 403\nheaders = { server = 'squid/5.7' }\nbody = 'no'", "CONN-PXY-REWRITES"),
            ("status = 401\nheaders = { www-authenticate = 'Negotiate' }", "CONN-EDGE-SSO-GATE"),
            ("status = 401\nbody = '<html><title>Sign in</title>'", "CONN-BODY-HTML"),
            ("status = 429\nbody = 'slow down'", "CONN-RATE-UNKNOWN"),
        ] {
            assert_eq!(judged(shape, sample), expected, "{sample}");
        }
    }

    #[test]
    fn a_request_of_a_persons_own_is_judged_by_the_same_judge_and_free_below_400() {
        let text = format!("{CONNECTOR}\nanswer.shape = {{ json = {{ '/why' = 'string' }} }}");
        let connector: Connector = toml::from_str(&text).unwrap();
        for (status, body, expected) in [
            (200, "<html>a page that was asked for</html>", "ok"),
            (200, "{\"why\":\"bad_key\"}", "CONN-AUTH-KEY-UNKNOWN"),
            (204, "", "ok"),
            (302, "", "ok"),
            (401, "{\"message\":\"Unauthorized\"}", "CONN-SELF-UNKNOWN"),
            (401, "{\"why\":\"x\"}", "CONN-AUTH-REJECTED"),
            (404, "{}", "CONN-API-PATH"),
        ] {
            let sample = format!("name = 'x'\nexpect = 'ok'\nstatus = {status}\nbody = '{body}'");
            let fixture: Fixture = toml::from_str(&sample).unwrap();
            assert_eq!(fixture::judge_own("acme", &connector, &fixture), expected, "{status} {body}");
        }
    }

    #[test]
    fn where_no_shape_is_declared_a_verified_host_is_believed() {
        for (sample, expected) in [
            ("status = 401\nbody = '{\"message\":\"Unauthorized\"}'", "CONN-AUTH-REJECTED"),
            ("status = 403\nbody = 'Forbidden'", "CONN-PERM-UNKNOWN"),
        ] {
            assert_eq!(judged("", sample), expected, "{sample}");
        }
    }
}
