//! What a chain of certificates tells about why it was refused.
//!
//! Verification knows "unknown issuer" only. Whether the server forgot a certificate, signed its own, or
//! whether somebody reads along, stands in the names of the chain.

use base64::Engine as _;
use rustls::CertificateError;
use rustls::pki_types::CertificateDer;
use x509_parser::certificate::{X509Certificate, X509CertificateParser};
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::nom::Parser as _;
use x509_parser::oid_registry::{OID_PKIX_ACCESS_DESCRIPTOR_CA_ISSUERS, OID_PKIX_AUTHORITY_INFO_ACCESS};
use x509_parser::prelude::FromDer;

use super::trust::{Refusal, Rejection};
use crate::base::{Timestamp, sha256};
use crate::diagnosis::fact::{Certificate, TlsFault};

/// Products that put a certificate of their own in the place of the server's. To add one, add a line: a piece
/// of the issuer's name in lower case, and the product as people know it.
const INTERCEPTORS: &[(&str, &str)] = &[
    ("fortinet", "Fortinet FortiGate"),
    ("fortigate", "Fortinet FortiGate"),
    ("zscaler", "Zscaler"),
    ("palo alto", "Palo Alto Networks"),
    ("paloalto", "Palo Alto Networks"),
    ("globalprotect", "Palo Alto Networks"),
    ("sophos", "Sophos"),
    ("netskope", "Netskope"),
    ("goskope", "Netskope"),
    ("cisco umbrella", "Cisco Umbrella"),
    ("opendns", "Cisco Umbrella"),
    ("cisco secure web", "Cisco Secure Web Appliance"),
    ("ironport", "Cisco Secure Web Appliance"),
    ("blue coat", "Symantec Blue Coat"),
    ("bluecoat", "Symantec Blue Coat"),
    ("check point", "Check Point"),
    ("checkpoint", "Check Point"),
    ("forcepoint", "Forcepoint"),
    ("websense", "Forcepoint"),
    ("mcafee web gateway", "Skyhigh Web Gateway"),
    ("skyhigh", "Skyhigh Web Gateway"),
    ("barracuda", "Barracuda"),
    ("sonicwall", "SonicWall"),
    ("watchguard", "WatchGuard"),
    ("cloudflare gateway", "Cloudflare Gateway"),
    ("gateway ca - cloudflare", "Cloudflare Gateway"),
    ("iboss", "iboss"),
    ("menlo security", "Menlo Security"),
    ("untangle", "Untangle"),
    ("smoothwall", "Smoothwall"),
    ("i-filter", "i-FILTER"),
    ("digital arts", "i-FILTER"),
    ("interscan", "Trend Micro InterScan"),
    ("trend micro", "Trend Micro"),
    ("kaspersky", "Kaspersky"),
    ("eset ssl filter", "ESET"),
    ("avast", "Avast"),
    ("avg web", "AVG"),
    ("avg technologies", "AVG"),
    ("bitdefender", "Bitdefender"),
    ("norton web", "Norton"),
    ("dr.web", "Dr.Web"),
    ("adguard", "AdGuard"),
    ("mitmproxy", "mitmproxy"),
    ("charles proxy", "Charles"),
    ("xk72", "Charles"),
    ("portswigger", "Burp Suite"),
    ("do_not_trust_fiddler", "Fiddler"),
    ("fiddler", "Fiddler"),
    ("proxyman", "Proxyman"),
    ("owasp zap", "ZAP"),
    ("zed attack proxy", "ZAP"),
    ("squid", "Squid"),
];

/// Words in the name of an issuer that is itself signed by another authority: a certificate the server must
/// send along.
const INTERMEDIATES: &[&str] = &["intermediate", "issuing", "sub ca", "subca", "subordinate", " ica", "中間"];

/// What a certificate says about itself; `None` where it cannot be read.
#[must_use]
pub fn read(der: &[u8]) -> Option<Certificate> {
    let (_, parsed) = X509Certificate::from_der(der).ok()?;
    Some(Certificate {
        subject: parsed.subject().to_string(),
        issuer: parsed.issuer().to_string(),
        names: names(&parsed),
        not_before: Timestamp::from_second(parsed.validity().not_before.timestamp()).ok()?,
        not_after: Timestamp::from_second(parsed.validity().not_after.timestamp()).ok()?,
        has_issuer_address: has_issuer_address(&parsed),
        sha256: Some(sha256(der)),
        pem: Some(pem(der)),
    })
}

/// Who issued a certificate, and when it ends; `None` where it cannot be read.
#[must_use]
pub fn issuer_and_end(der: &[u8]) -> Option<(String, Timestamp)> {
    // What the extensions say is not asked for.
    let (_, parsed) = X509CertificateParser::new().with_deep_parse_extensions(false).parse(der).ok()?;
    let end = Timestamp::from_second(parsed.validity().not_after.timestamp()).ok()?;
    Some((parsed.issuer().to_string(), end))
}

/// The certificate as other programs read it (RFC 7468).
fn pem(der: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    for line in text.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem + "-----END CERTIFICATE-----\n"
}

/// What a whole chain says, leaf first; unreadable certificates are left out.
#[must_use]
pub fn read_all(chain: &[CertificateDer<'_>]) -> Vec<Certificate> {
    chain.iter().filter_map(|der| read(der)).collect()
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(extension)) = certificate.subject_alternative_name() else { return vec![] };
    extension.value.general_names.iter().filter_map(name).collect()
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes).ok().map(|four| std::net::Ipv4Addr::from(four).to_string()),
            16 => <[u8; 16]>::try_from(*bytes).ok().map(|all| std::net::Ipv6Addr::from(all).to_string()),
            _ => None,
        },
        _ => None,
    }
}

fn has_issuer_address(certificate: &X509Certificate<'_>) -> bool {
    let extensions = certificate.extensions().iter();
    extensions.filter(|extension| extension.oid == OID_PKIX_AUTHORITY_INFO_ACCESS).any(|extension| {
        let ParsedExtension::AuthorityInfoAccess(access) = extension.parsed_extension() else { return false };
        access.accessdescs.iter().any(|one| one.access_method == OID_PKIX_ACCESS_DESCRIPTOR_CA_ISSUERS)
    })
}

/// What a rejection means for a person.
#[must_use]
pub fn judge(rejection: &Rejection, expected: &str) -> TlsFault {
    use CertificateError as E;
    let error = match &rejection.reason {
        Refusal::NoTrustStore(_) => return TlsFault::NoTrustStore,
        Refusal::Other(text) => return TlsFault::Other(text.clone()),
        Refusal::Certificate(error) => error,
    };
    match error {
        E::Expired | E::ExpiredContext { .. } => TlsFault::Expired,
        E::NotValidYet | E::NotValidYetContext { .. } => TlsFault::NotYetValid,
        E::NotValidForName | E::NotValidForNameContext { .. } => {
            TlsFault::WrongName { expected: expected.to_owned() }
        }
        E::Revoked => TlsFault::Revoked,
        // A bad signature is what an authority gives that has the right name and another key.
        E::UnknownIssuer | E::BadSignature => unknown_issuer(&read_all(&rejection.chain)),
        other => match read_all(&rejection.chain).as_slice() {
            // webpki has no word for "self-signed"; it says that an authority's certificate is used as a leaf.
            [only, ..] if only.subject == only.issuer => TlsFault::SelfSigned,
            _ => TlsFault::Other(other.to_string()),
        },
    }
}

fn unknown_issuer(chain: &[Certificate]) -> TlsFault {
    let (Some(leaf), Some(top)) = (chain.first(), chain.last()) else { return TlsFault::UnknownIssuer };
    if leaf.subject == leaf.issuer {
        return TlsFault::SelfSigned;
    }
    if let Some(product) = chain.iter().find_map(interceptor) {
        return TlsFault::Intercepted(product.to_owned());
    }
    let issuer = top.issuer.to_lowercase();
    let one_is_missing = top.subject != top.issuer
        && (top.has_issuer_address || INTERMEDIATES.iter().any(|word| issuer.contains(word)));
    if one_is_missing { TlsFault::ChainIncomplete } else { TlsFault::UnknownIssuer }
}

fn interceptor(certificate: &Certificate) -> Option<&'static str> {
    let issuer = certificate.issuer.to_lowercase();
    INTERCEPTORS.iter().find(|(piece, _)| issuer.contains(piece)).map(|(_, product)| *product)
}

#[cfg(test)]
mod tests {
    use super::{Certificate, TlsFault, unknown_issuer};

    fn certificate(subject: &str, issuer: &str, has_issuer_address: bool) -> Certificate {
        Certificate {
            subject: subject.into(),
            issuer: issuer.into(),
            names: vec![],
            not_before: jiff::Timestamp::UNIX_EPOCH,
            not_after: jiff::Timestamp::UNIX_EPOCH,
            has_issuer_address,
            sha256: None,
            pem: None,
        }
    }

    #[test]
    fn an_unknown_issuer_is_told_apart_by_the_names_of_the_chain() {
        let leaf = |issuer, address| certificate("CN=api.test", issuer, address);
        let fortinet = "O=Fortinet, CN=FG100FTK20001234";
        for (chain, expected) in [
            (vec![], TlsFault::UnknownIssuer),
            (vec![leaf("CN=Corp Root CA", false)], TlsFault::UnknownIssuer),
            (vec![leaf("CN=Corp Root CA", true)], TlsFault::ChainIncomplete),
            (vec![leaf("O=Acme, CN=Acme Issuing CA 3", false)], TlsFault::ChainIncomplete),
            (vec![leaf("CN=api.test", false)], TlsFault::SelfSigned),
            (vec![leaf(fortinet, true)], TlsFault::Intercepted("Fortinet FortiGate".into())),
            (
                vec![
                    leaf("CN=Corp TLS", false),
                    certificate("CN=Corp TLS", "O=Zscaler Inc., CN=Zscaler Root CA", false),
                ],
                TlsFault::Intercepted("Zscaler".into()),
            ),
            (
                vec![leaf("CN=Issuing", true), certificate("CN=Root", "CN=Root", false)],
                TlsFault::UnknownIssuer,
            ),
        ] {
            assert_eq!(unknown_issuer(&chain), expected, "{chain:?}");
        }
    }
}
