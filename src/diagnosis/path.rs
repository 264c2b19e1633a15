//! The layers below the credential: from what a layer showed to its cause.

use super::fact::{
    Attempt, Certificate, ConnectFault, DnsFault, Fault, HttpFault, ProxyFault, StageDetail, StageFact,
    StageStatus, Subject, TlsFault, Unusable,
};
use super::finding::{Confidence, Finding};
use crate::base::{Phrase, Text, safe_text};
use crate::cause;
use crate::model::Strength;

/// The cause of the first broken layer, if one is broken.
#[must_use]
pub fn broken(stages: &[StageFact], subject: &Subject) -> Option<Finding> {
    let failed = stages.iter().find(|stage| stage.status == StageStatus::Failed)?;
    Some(match &failed.detail {
        StageDetail::Dns { host, fault, servers, .. } => {
            let fault = fault.clone().unwrap_or_else(|| DnsFault::Other(String::new()));
            dns(&fault, host).value("server", servers.join(", "))
        }
        StageDetail::Connect { attempts } => connect(attempts),
        StageDetail::Proxy { proxy, source, status, headers, fault } => {
            self::proxy(fault.as_ref(), proxy, source, *status, headers, subject)
        }
        StageDetail::Tls { chain, fault, .. } => {
            tls(fault.as_ref().unwrap_or(&TlsFault::Other(String::new())), chain, subject)
        }
        StageDetail::Http { fault, .. } => http(fault.as_ref().unwrap_or(&HttpFault::Empty)),
        StageDetail::Nothing => unknown(),
    })
}

/// The cause of a request's fault, where the layers were not probed or are all in order.
#[must_use]
pub fn fault(fault: &Fault, subject: &Subject) -> Finding {
    match fault {
        Fault::Dns(fault) => dns(fault, &subject.host),
        Fault::Connect(fault) => {
            connect(&[Attempt { address: subject.host.clone(), ms: 0.0, fault: Some(fault.clone()) }])
        }
        Fault::Proxy(fault) => proxy(Some(fault), "", "", None, &[], subject),
        Fault::Tls(fault) => tls(fault, &[], subject),
        Fault::Http(fault) => http(fault),
        Fault::Local(code) => certain(code),
        Fault::Deadline => certain("CONN-NET-READ-TIMEOUT"),
    }
}

fn certain(code: &str) -> Finding {
    Finding::new(cause::get(code), Confidence::Certain)
}

fn unknown() -> Finding {
    Finding::new(cause::get("CONN-SELF-UNKNOWN"), Confidence::Unknown)
}

fn proves(finding: Finding, sentence: Phrase) -> Finding {
    finding.because(Strength::Proves, sentence)
}

fn dns(fault: &DnsFault, host: &str) -> Finding {
    const SAYS: Text = Text::new(
        "the name server answers {word} for {host}",
        "ネームサーバーの {host} への応答は {word} です",
    );
    const SILENT: Text = Text::new(
        "no name server answered for {host} in time",
        "{host} について、時間内に応答したネームサーバーがありません",
    );
    let (code, word) = match fault {
        DnsFault::NoSuchName => ("CONN-DNS-NXDOMAIN", "NXDOMAIN"),
        DnsFault::NoAddress => ("CONN-DNS-NODATA", "NODATA"),
        DnsFault::ServerFailure => ("CONN-DNS-SERVFAIL", "SERVFAIL"),
        DnsFault::Refused => ("CONN-DNS-REFUSED", "REFUSED"),
        DnsFault::NoServer => ("CONN-DNS-NO-RESOLVER", ""),
        DnsFault::Timeout => {
            return proves(certain("CONN-DNS-TIMEOUT"), SILENT.fill(&[("host", host)]));
        }
        DnsFault::Other(words) => {
            let said = safe_text::line(words, 120);
            let finding = Finding::new(cause::get("CONN-DNS-NXDOMAIN"), Confidence::Likely);
            return finding.because(Strength::Strong, SYSTEM.fill(&[("words", &said)]));
        }
    };
    let finding = certain(code);
    if word.is_empty() { finding } else { proves(finding, SAYS.fill(&[("word", word), ("host", host)])) }
}

const SYSTEM: Text = Text::new("the system says: {words}", "システムのメッセージ: {words}");

fn connect(attempts: &[Attempt]) -> Finding {
    let faults: Vec<&ConnectFault> = attempts.iter().filter_map(|attempt| attempt.fault.as_ref()).collect();
    let tried: Vec<&str> = attempts.iter().map(|attempt| attempt.address.as_str()).collect();
    let is_sinkhole =
        |attempt: &Attempt| attempt.address.starts_with("0.0.0.0") || attempt.address.starts_with("[::]");
    let (code, words) = match faults.first() {
        _ if !attempts.is_empty() && attempts.iter().all(is_sinkhole) => (
            "CONN-DNS-SINKHOLE",
            Text::new(
                "the name leads to {address}, which is nobody's",
                "名前の解決結果が {address}（存在しない宛先）です",
            ),
        ),
        Some(ConnectFault::Refused) => (
            "CONN-NET-REFUSED",
            Text::new("{address} refuses the connection", "{address} が接続を拒否しました"),
        ),
        Some(ConnectFault::Timeout) => {
            ("CONN-NET-TIMEOUT", Text::new("{address} does not answer", "{address} から応答がありません"))
        }
        Some(ConnectFault::Reset) => (
            "CONN-NET-RESET",
            Text::new("{address} cuts the connection at once", "{address} が接続をすぐに切断しました"),
        ),
        Some(ConnectFault::HostUnreachable) => (
            "CONN-NET-UNREACHABLE",
            Text::new(
                "a router says that {address} cannot be reached",
                "経路上の機器が {address} に到達できないと応答しました",
            ),
        ),
        Some(ConnectFault::NetworkUnreachable) => (
            "CONN-NET-OFFLINE",
            Text::new(
                "this machine has no route to {address}",
                "この端末から {address} への経路がありません",
            ),
        ),
        Some(ConnectFault::Other(words)) => {
            let said = safe_text::line(words, 120);
            return Finding::new(cause::get("CONN-NET-UNREACHABLE"), Confidence::Possible)
                .because(Strength::Weak, SYSTEM.fill(&[("words", &said)]));
        }
        None => return unknown(),
    };
    let finding = certain(code).value("address", tried.join(", "));
    let port = attempts
        .first()
        .and_then(|attempt| attempt.address.rsplit_once(':'))
        .map(|(_, port)| port.to_owned());
    let finding = port.into_iter().fold(finding, |finding, port| finding.value("port", port));
    proves(finding, words.fill(&[("address", &tried.join(", "))]))
}

fn proxy(
    fault: Option<&ProxyFault>,
    proxy: &str,
    source: &str,
    status: Option<u16>,
    headers: &[(String, String)],
    subject: &Subject,
) -> Finding {
    let code = match fault {
        Some(ProxyFault::Unresolved(_)) => "CONN-PXY-UNRESOLVED",
        Some(ProxyFault::NeedsLogin(_)) => "CONN-PXY-AUTH",
        Some(ProxyFault::Denied(_)) => "CONN-PXY-DENIED",
        Some(ProxyFault::Upstream(_)) => "CONN-PXY-UPSTREAM",
        Some(ProxyFault::Unreachable(_) | ProxyFault::Other(_)) | None => "CONN-PXY-UNREACHABLE",
    };
    const ANSWER: Text = Text::new(
        "the proxy {proxy} answers {status} to CONNECT {host}",
        "プロキシ {proxy} が CONNECT {host} に {status} を返しました",
    );
    const SILENT: Text = Text::new(
        "the proxy {proxy} (from {source}) cannot be used",
        "プロキシ {proxy}（指定元: {source}）が利用できません",
    );
    let scheme = match fault {
        Some(ProxyFault::NeedsLogin(scheme)) => safe_text::line(scheme, 40),
        _ => String::new(),
    };
    let finding = certain(code).value("proxy", proxy).value("source", source).value("scheme", scheme);
    let finding = match status {
        Some(status) => {
            let number = status.to_string();
            let values = [("proxy", proxy), ("status", number.as_str()), ("host", subject.host.as_str())];
            proves(finding, ANSWER.fill(&values)).value("status", number.clone())
        }
        None => proves(finding, SILENT.fill(&[("proxy", proxy), ("source", source)])),
    };
    headers.iter().fold(finding, |finding, (name, value)| {
        finding.because(Strength::Strong, Phrase::same(format!("{name}: {}", safe_text::line(value, 120))))
    })
}

/// A client certificate of ours that cannot be presented: nothing was sent.
fn unusable(why: Unusable) -> Finding {
    let text = match why {
        Unusable::NoCertificate => Text::new(
            "the value holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)",
            "値に PEM 形式の証明書（-----BEGIN CERTIFICATE-----）が含まれていません",
        ),
        Unusable::FirstVersion => Text::new(
            "the certificate is of X.509 version 1; conn presents version 3 only: have it issued anew with extensions",
            "証明書が X.509 バージョン 1 です。conn で使えるのはバージョン 3 のみのため、拡張領域付きで再発行してもらってください",
        ),
        Unusable::OtherKey => Text::new(
            "the private key does not belong to the certificate",
            "秘密鍵が証明書と対応していません",
        ),
        Unusable::Unreadable => {
            Text::new("the certificate or its key cannot be read", "証明書またはその秘密鍵を読み取れません")
        }
    };
    const LABEL: &str = "certificate";
    proves(certain("CONN-SEC-SHAPE").value("label", LABEL).value("parameter", LABEL), text.into())
}

fn tls(fault: &TlsFault, chain: &[Certificate], subject: &Subject) -> Finding {
    let code = match fault {
        TlsFault::Expired => "CONN-TLS-EXPIRED",
        TlsFault::NotYetValid => "CONN-TLS-NOT-YET-VALID",
        TlsFault::WrongName { .. } => "CONN-TLS-HOSTNAME",
        TlsFault::SelfSigned => "CONN-TLS-SELF-SIGNED",
        TlsFault::ChainIncomplete => "CONN-TLS-CHAIN-INCOMPLETE",
        TlsFault::Intercepted(_) => "CONN-TLS-INTERCEPTED",
        TlsFault::UnknownIssuer | TlsFault::Other(_) => "CONN-TLS-UNKNOWN-CA",
        TlsFault::Revoked => "CONN-TLS-REVOKED",
        TlsFault::NoTrustStore => "CONN-TLS-TRUST-STORE",
        TlsFault::Protocol => "CONN-TLS-PROTOCOL",
        TlsFault::ClientCertificateRequired => "CONN-TLS-CLIENT-CERT",
        TlsFault::ClientCertificateRejected => "CONN-TLS-CLIENT-CERT-REJECTED",
        TlsFault::ClientCertificateUnusable(why) => return unusable(*why),
        TlsFault::NotTls => "CONN-TLS-NOT-TLS",
        TlsFault::Reset => "CONN-TLS-HANDSHAKE-RESET",
        TlsFault::Timeout => "CONN-TLS-HANDSHAKE-TIMEOUT",
    };
    let certainty =
        if matches!(fault, TlsFault::Other(_)) { Confidence::Possible } else { Confidence::Certain };
    let mut finding = Finding::new(cause::get(code), certainty).value("expected", subject.host.clone());
    if let TlsFault::Intercepted(name) = fault {
        finding = finding.value("issuer", safe_text::line(name, 80));
    }
    if let TlsFault::Other(words) = fault {
        finding = finding.because(Strength::Weak, SYSTEM.fill(&[("words", &safe_text::line(words, 120))]));
    }
    match chain.first() {
        Some(leaf) => certificate(finding, leaf),
        None => finding,
    }
}

/// The leaf in evidence and values: names, issuer, dates.
fn certificate(finding: Finding, leaf: &Certificate) -> Finding {
    const LEAF: Text = Text::new(
        "the certificate is for {names}, issued by {issuer}, valid {from} to {until}",
        "証明書の名前は {names}、発行者は {issuer}、有効期間は {from} から {until} です",
    );
    let names = safe_text::line(&leaf.names.join(", "), 120);
    let names = if names.is_empty() { safe_text::line(&leaf.subject, 80) } else { names };
    let issuer = safe_text::line(&leaf.issuer, 80);
    let day = |moment: crate::base::Timestamp| moment.strftime("%Y-%m-%d").to_string();
    let (from, until) = (day(leaf.not_before), day(leaf.not_after));
    let values = [("names", names.as_str()), ("issuer", &issuer), ("from", &from), ("until", &until)];
    let finding =
        if finding.values.contains_key("issuer") { finding } else { finding.value("issuer", issuer.clone()) };
    let date = if finding.cause.code == "CONN-TLS-NOT-YET-VALID" { from.clone() } else { until.clone() };
    let finding = finding.because(Strength::Proves, LEAF.fill(&values));
    finding.value("names", names.clone()).value("presented", names.clone()).value("date", date)
}

fn http(fault: &HttpFault) -> Finding {
    let (code, words) = match fault {
        HttpFault::NoAnswer => ("CONN-NET-READ-TIMEOUT", None),
        HttpFault::Stalled => ("CONN-NET-STALLED", None),
        HttpFault::Empty => ("CONN-HTTP-EMPTY", None),
        HttpFault::NotHttp(words) | HttpFault::Other(words) => ("CONN-HTTP-NOT-HTTP", Some(words)),
        HttpFault::Truncated => ("CONN-BODY-TRUNCATED", None),
        HttpFault::BadEncoding => ("CONN-BODY-DECOMPRESS", None),
        HttpFault::HeadTooLarge => ("CONN-HTTP-HEADER-SIZE", None),
        HttpFault::Http2(words) => ("CONN-HTTP-H2", Some(words)),
        HttpFault::Reset => ("CONN-NET-RESET", None),
    };
    let finding = certain(code);
    match words.filter(|words| !words.is_empty()) {
        Some(words) => {
            finding.because(Strength::Strong, SYSTEM.fill(&[("words", &safe_text::line(words, 120))]))
        }
        None => finding,
    }
}
