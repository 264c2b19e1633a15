//! Whether an answer is the vendor's own. No verdict on a credential is given without this.

use super::body::BodyKind;
use super::condition::{Sample, holds};
use super::fact::Answered;
use super::stage::PROXY_MARKS;
use crate::base::{Phrase, Text, safe_text};
use crate::model::{self, Connector};

/// Whose answer it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Provenance {
    /// It has the shape that the connector declares, or the vendor's own header.
    Proven,
    /// It came from the verified host in the form of an API answer, and the connector declares no shape.
    Plausible,
    /// It has the form of an API answer and nothing of the shape that the connector declares.
    Unproven,
    /// It is somebody else's: the cause, and what gave it away.
    Foreign {
        /// The cause's code.
        code: &'static str,
        /// What gave it away.
        evidence: Phrase,
    },
    /// A web page where an API answer belongs; nothing says whose.
    Page(Option<String>),
}

impl Provenance {
    /// Judges an answer.
    #[must_use]
    pub fn of(connector: &Connector, sample: &Sample<'_>) -> Self {
        let answer = sample.answer;
        let kind = BodyKind::of(answer);
        let declared = connector.answer.as_ref();
        let shapes = declared.map(|answer| &answer.shape).filter(|shapes| !shapes.is_empty());
        let fits = shapes.is_some_and(|shapes| shapes.iter().any(|shape| holds(shape, sample)));
        if fits || declared.is_some_and(|declared| signed(declared, answer)) {
            return Self::Proven;
        }
        if let Some(foreign) = proxy(answer).or_else(|| edge(answer, &kind)).or_else(|| front(answer, &kind))
        {
            return foreign;
        }
        match kind {
            BodyKind::Html(_) if shapes.is_none() && answer.header("www-authenticate").is_some() => {
                Self::Plausible
            }
            BodyKind::Html(title) => Self::Page(title),
            _ if shapes.is_some() => Self::Unproven,
            _ => Self::Plausible,
        }
    }
}

impl Provenance {
    /// Whether the connector says how its vendor answers, and this answer has none of that.
    #[must_use]
    pub fn is_in_doubt(&self, connector: &Connector) -> bool {
        match self {
            Self::Unproven => true,
            Self::Page(_) => connector.answer.as_ref().is_some_and(|answer| !answer.shape.is_empty()),
            Self::Proven | Self::Plausible | Self::Foreign { .. } => false,
        }
    }
}

/// Names of request ids that every gateway writes, too.
const USUAL_IDS: [&str; 3] = ["x-request-id", "request-id", "x-correlation-id"];

/// Whether the answer carries a header that only this vendor writes: the one with its support id.
fn signed(declared: &model::Answer, answer: &Answered) -> bool {
    let names = declared.request_id.iter().filter_map(|place| place.strip_prefix("header:"));
    let own = |name: &&str| !USUAL_IDS.iter().any(|usual| name.eq_ignore_ascii_case(usual));
    names.filter(own).any(|name| answer.header(name).is_some())
}

/// A header as evidence: `name: value`.
fn header_evidence(answer: &Answered, name: &str) -> Phrase {
    let value = safe_text::line(answer.header(name).unwrap_or_default(), 120);
    Text::new("the answer carries {name}: {value}", "応答に {name}: {value} が含まれています")
        .fill(&[("name", name), ("value", &value)])
}

fn foreign(code: &'static str, evidence: Phrase) -> Provenance {
    Provenance::Foreign { code, evidence }
}

/// Answers that a proxy on the way made itself.
fn proxy(answer: &Answered) -> Option<Provenance> {
    if answer.status == 407 {
        return Some(foreign("CONN-PXY-AUTH", header_evidence(answer, "proxy-authenticate")));
    }
    PROXY_MARKS
        .into_iter()
        .find(|name| answer.header(name).is_some())
        .map(|name| foreign("CONN-PXY-REWRITES", header_evidence(answer, name)))
}

/// Answers of the network edge in front of the service.
fn edge(answer: &Answered, kind: &BodyKind) -> Option<Provenance> {
    if answer.header("cf-mitigated").is_some_and(|value| value.eq_ignore_ascii_case("challenge")) {
        return Some(foreign("CONN-EDGE-CHALLENGE", header_evidence(answer, "cf-mitigated")));
    }
    let page = matches!(kind, BodyKind::Html(_) | BodyKind::Other);
    if !page {
        return None;
    }
    let challenge = answer.header("www-authenticate").unwrap_or_default().to_ascii_lowercase();
    if answer.status == 401 && ["negotiate", "ntlm"].iter().any(|gate| challenge.starts_with(gate)) {
        return Some(foreign("CONN-EDGE-SSO-GATE", header_evidence(answer, "www-authenticate")));
    }
    let origin_down = matches!(answer.status, 520..=527 | 530) && answer.header("cf-ray").is_some();
    if origin_down {
        return Some(foreign("CONN-EDGE-ORIGIN", header_evidence(answer, "cf-ray")));
    }
    if matches!(answer.status, 403 | 406 | 429 | 503) {
        let marks = ["x-sucuri-block", "x-iinfo", "x-datadome", "x-akamai-reference"];
        if let Some(name) = marks.into_iter().find(|name| answer.header(name).is_some()) {
            return Some(foreign("CONN-EDGE-WAF", header_evidence(answer, name)));
        }
        let words = [
            "error code: 10",
            "Incapsula incident",
            "The requested URL was rejected",
            "AkamaiGHost",
            "Attention Required! | Cloudflare",
        ];
        if let Some(word) = words.into_iter().find(|word| answer.body.contains(word)) {
            const SAYS: Text = Text::new(
                "the page says “{word}”, as web firewalls do",
                "ページに Web ファイアウォール特有の「{word}」という文言があります",
            );
            return Some(foreign("CONN-EDGE-WAF", SAYS.fill(&[("word", word)])));
        }
    }
    None
}

/// Complaints of the web server itself, before any API code ran.
fn front(answer: &Answered, kind: &BodyKind) -> Option<Provenance> {
    if answer.status != 400 || !matches!(kind, BodyKind::Html(_) | BodyKind::Other) {
        return None;
    }
    let page = answer.body.to_ascii_lowercase();
    let says = |code, en, ja| Some(foreign(code, Text::new(en, ja).phrase()));
    if page.contains("plain http request was sent to https port")
        || page.contains("client sent an http request to an https server")
    {
        return says(
            "CONN-HTTP-CLEARTEXT",
            "the server says that plain HTTP reached its HTTPS port",
            "サーバーが「HTTPS ポートに平文の HTTP が届いた」と応答しています",
        );
    }
    if page.contains("no required ssl certificate was sent") || page.contains("ssl certificate error") {
        return says(
            "CONN-TLS-CLIENT-CERT",
            "the server asks for a client certificate",
            "サーバーがクライアント証明書を求めています",
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Provenance, Sample};
    use crate::diagnosis::Answered;
    use crate::model::Connector;

    fn judge(status: u16, headers: &[(&str, &str)], body: &str) -> Provenance {
        let connector: Connector =
            toml::from_str("answer.shape = { header = { x-acme-id = true } }\nanswer.request_id = ['header:x-acme-trace', 'header:x-request-id']").unwrap();
        let answer = Answered {
            status,
            version: "HTTP/1.1".into(),
            headers: headers.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect(),
            body: body.into(),
            length: body.len(),
            truncated: false,
            peer: None,
        };
        Provenance::of(&connector, &Sample::new(&answer))
    }

    fn code(provenance: &Provenance) -> &'static str {
        match provenance {
            Provenance::Proven => "proven",
            Provenance::Plausible => "plausible",
            Provenance::Unproven => "unproven",
            Provenance::Page(_) => "page",
            Provenance::Foreign { code, .. } => code,
        }
    }

    #[test]
    fn answers_of_proxies_firewalls_and_front_servers_are_not_the_vendors() {
        let html = "<html><title>x</title>";
        let cases: [(u16, &[(&str, &str)], &str, &str); 12] = [
            (401, &[("x-acme-id", "1")], html, "proven"),
            (401, &[], r#"{"error":"x"}"#, "unproven"),
            (401, &[("x-acme-trace", "1")], r#"{"error":"x"}"#, "proven"),
            (401, &[("x-request-id", "1")], r#"{"error":"x"}"#, "unproven"),
            (401, &[("www-authenticate", "Basic")], html, "page"),
            (401, &[], html, "page"),
            (
                403,
                &[("x-squid-error", "ERR_ACCESS_DENIED 0"), ("server", "squid")],
                html,
                "CONN-PXY-REWRITES",
            ),
            (407, &[("proxy-authenticate", "Basic")], html, "CONN-PXY-AUTH"),
            (403, &[("cf-mitigated", "challenge")], html, "CONN-EDGE-CHALLENGE"),
            (522, &[("cf-ray", "1")], html, "CONN-EDGE-ORIGIN"),
            (520, &[("cf-ray", "1")], r#"{"code":"GAIA_IA02"}"#, "unproven"),
            (400, &[], "<html>The plain HTTP request was sent to HTTPS port", "CONN-HTTP-CLEARTEXT"),
        ];
        for (status, headers, body, expected) in cases {
            assert_eq!(code(&judge(status, headers, body)), expected, "{status} {headers:?} {body}");
        }
    }
}
