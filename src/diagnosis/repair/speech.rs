//! Repairs of how a service is spoken to: the format that is asked for, the version of HTTP, the place of the credential.

use super::{Action, Repair, definition};
use crate::base::Text;
use crate::cause::Fix;
use crate::diagnosis::experiment::{Question, answer};
use crate::diagnosis::{Facts, Finding};
use crate::model::connection::HttpVersion;

/// The format that conn can read, asked for by the header that now asks for another one.
pub(super) fn accept(facts: &Facts) -> Option<Repair> {
    const SET: Text = Text::new(
        "let the connector {connector} ask for application/json (header Accept, now {from})",
        "コネクター {connector} の Accept ヘッダーを application/json にします（現在: {from}）",
    );
    const JSON: &str = "application/json";
    let definition = definition(facts).filter(|definition| definition.own_connector)?;
    // The header of the request wins over the connector's.
    let header = definition.headers.iter().rev().find(|header| header.name.eq_ignore_ascii_case("accept"))?;
    if header.value == JSON {
        return None;
    }
    let plan = SET.fill(&[("connector", &facts.connection.connector), ("from", &header.value)]);
    let action = Action::SetHeader {
        of_test: header.of_test,
        name: header.name.clone(),
        from: Some(header.value.clone()),
        to: JSON.to_owned(),
    };
    Some(Repair { action, applicability: Fix::NeedsConsent, plan })
}

/// HTTP/1.1, where the same request was answered over it and broke over HTTP/2.
pub(super) fn older_protocol(facts: &Facts) -> Option<Repair> {
    const SET: Text = Text::new(
        "keep {link} to HTTP/1.1, by http_version = \"1.1\" in {place}",
        "{place} に http_version = \"1.1\" を書き込み、{link} の通信を HTTP/1.1 に固定します",
    );
    answer(facts, &Question::OlderProtocol)?.answer.as_ref()?;
    let applicability = if definition(facts)?.shared { Fix::NeedsConsent } else { Fix::Safe };
    let subject = &facts.connection;
    let plan = SET.fill(&[("link", &subject.link_name), ("place", &subject.origin)]);
    Some(Repair { action: Action::SetHttpVersion { to: HttpVersion::Older }, applicability, plan })
}

/// The other method of the connector by which the service took the credential.
pub(super) fn placed(finding: &Finding, facts: &Facts) -> Option<Repair> {
    const SET: Text = Text::new(
        "let {link} prove itself by the method {to} of the connector instead of {from}, in {place}",
        "{place} の {link} の認証の種類を {from} から {to} に切り替えます",
    );
    let to = finding.values.get("method")?.en.clone();
    let subject = &facts.connection;
    let values =
        [("link", &subject.link_name), ("place", &subject.origin), ("to", &to), ("from", &subject.method)];
    let plan = SET.fill(&values.map(|(name, value)| (name, value.as_str())));
    let action = Action::SetMethod { from: subject.method.clone(), to };
    Some(Repair { action, applicability: Fix::NeedsConsent, plan })
}
