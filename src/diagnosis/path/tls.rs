//! TLS: what a handshake that failed, and what a passer-by sees beside it, mean.

use jiff::Timestamp;

use super::super::fact::{Certificate, Subject, TlsFault, Unusable};
use super::super::finding::{Confidence, Finding};
use super::super::skew;
use super::super::stage::{Glance, Peek};
use super::broken::{SYSTEM, certain, proves};
use super::proxy::carrying;
use crate::base::{Text, is_loopback, safe_text};
use crate::cause;
use crate::model::Strength;

/// The cause of a handshake that failed.
pub(super) fn judge(
    fault: &TlsFault,
    chain: &[Certificate],
    peek: Option<&Peek>,
    subject: &Subject,
) -> Finding {
    let plain = by_fault(fault, chain, subject);
    let Some(peek) = peek else { return plain };
    match fault {
        TlsFault::Expired | TlsFault::NotYetValid => match skew(chain, peek) {
            Some(finding) => carrying(finding, plain),
            None => timed(plain, peek),
        },
        TlsFault::Timeout if [peek.pieces_pass, peek.small_passes].contains(&Some(true)) => {
            carrying(hole(peek), plain)
        }
        _ => match captive(peek.web.as_ref(), &subject.host) {
            Some(finding) => carrying(finding, plain),
            None => plain,
        },
    }
}

/// The certificate is good at the time that everybody else has.
fn skew(chain: &[Certificate], peek: &Peek) -> Option<Finding> {
    let (ours, theirs) = (peek.local?, elsewhere(peek)?);
    let leaf = chain.first()?;
    let apart = ours.duration_since(theirs).as_secs().abs();
    if apart <= skew::TOLERATED || theirs < leaf.not_before || theirs > leaf.not_after {
        return None;
    }
    Some(skew::finding(ours, theirs, Confidence::Certain))
}

/// The time that others have.
fn elsewhere(peek: &Peek) -> Option<Timestamp> {
    peek.date.or_else(|| peek.web.as_ref()?.date)
}

/// The clock of this machine is not to blame.
fn timed(finding: Finding, peek: &Peek) -> Finding {
    const RIGHT: Text = Text::new(
        "this machine's clock agrees with the service's",
        "この端末の時計はサービスの時計と一致しています",
    );
    let agrees = |ours: Timestamp, theirs| ours.duration_since(theirs).as_secs().abs() <= skew::TOLERATED;
    match (peek.local, elsewhere(peek)) {
        (Some(ours), Some(theirs)) if agrees(ours, theirs) => finding.because(Strength::Strong, RIGHT),
        _ => finding,
    }
}

/// Few bytes pass where many do not.
fn hole(peek: &Peek) -> Finding {
    const PIECES: Text = Text::new(
        "with packets kept below 500 bytes the whole handshake succeeds",
        "パケットを 500 バイト未満に制限すると、ハンドシェイク全体が成功します",
    );
    const SMALL: Text = Text::new(
        "a handshake of a hundred bytes is answered at once, a full one is not answered at all",
        "100 バイト程度の小さなハンドシェイクにはすぐに応答がありますが、通常の大きさのものには応答がありません",
    );
    let pieces = peek.pieces_pass == Some(true);
    let confidence = if pieces { Confidence::Certain } else { Confidence::Likely };
    let mut finding = Finding::new(cause::get("CONN-NET-MTU"), confidence);
    if pieces {
        finding = finding.because(Strength::Proves, PIECES);
    }
    if peek.small_passes == Some(true) { finding.because(Strength::Strong, SMALL) } else { finding }
}

/// A network that wants a person to sign in first: its plain web port leads elsewhere.
fn captive(web: Option<&Glance>, host: &str) -> Option<Finding> {
    const LEADS: Text = Text::new(
        "http://{host}/ answers {status} and leads to {place}",
        "http://{host}/ の応答は {status} で、{place} へ転送されます",
    );
    let web = web?;
    let place = web.location.clone().unwrap_or_default();
    let target = url::Url::parse(&place).ok().and_then(|url| url.host_str().map(str::to_owned));
    let elsewhere = target.as_deref().is_some_and(|target| !is_related(target, host));
    // A service that moved says so for good (301, 308); a sign-in page is for now.
    if web.status != 511 && !(matches!(web.status, 302 | 303 | 307) && elsewhere) {
        return None;
    }
    let number = web.status.to_string();
    let values = [("host", host), ("status", number.as_str()), ("place", &place)];
    let finding =
        Finding::new(cause::get("CONN-EDGE-CAPTIVE"), Confidence::Likely).value("location", place.clone());
    Some(finding.because(Strength::Strong, LEADS.fill(&values)))
}

/// Whether two hosts share the last two labels of their names.
fn is_related(one: &str, other: &str) -> bool {
    let tail = |host: &str| host.rsplit('.').take(2).map(str::to_ascii_lowercase).collect::<Vec<_>>();
    tail(one) == tail(other)
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

const CLOSED: Text = Text::new(
    "the server on this machine closed the connection when TLS began, as one for plain http:// does",
    "この端末のサーバーは、TLS の開始時に接続を閉じました（http:// 用のサーバーに多い動作です）",
);

fn by_fault(fault: &TlsFault, chain: &[Certificate], subject: &Subject) -> Finding {
    // Nobody on the way cuts what never leaves this machine.
    if *fault == TlsFault::Reset && is_loopback(&subject.host) {
        let finding = Finding::new(cause::get("CONN-TLS-NOT-TLS"), Confidence::Likely);
        return finding.because(Strength::Strong, CLOSED);
    }
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
