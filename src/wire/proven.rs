//! Certificates that were found good a moment ago.
//!
//! The customers' names below one domain of a service mostly stand in one certificate, and checking its signatures
//! costs a third of a handshake. So a run that meets the same chain again checks only the name; that the server holds
//! the certificate's key is proven in every handshake, whatever is remembered here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ring::digest::{Context, SHA256};
use rustls::Error;
use rustls::client::danger::{ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;

/// For how long a chain that stood is taken to stand, in seconds.
const FRESH: u64 = 60;
/// The most chains that are remembered at once.
const MOST: usize = 1024;

/// A verifier that checks a chain once a minute, and its name every time.
#[derive(Debug)]
pub(super) struct Proven {
    verifier: Arc<dyn ServerCertVerifier>,
    /// SHA-256 of a chain → when it was found good.
    found: Mutex<HashMap<[u8; 32], UnixTime>>,
}

impl Proven {
    /// Remembers what this verifier finds good.
    pub(super) fn new(verifier: Arc<dyn ServerCertVerifier>) -> Self {
        Self { verifier, found: Mutex::default() }
    }

    /// Verifies a server's certificate.
    ///
    /// # Errors
    /// What the verifier says, or that the certificate is for another name.
    pub(super) fn verify(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let chain = mark(leaf, others, ocsp);
        // Only a right name is a short cut: the verifier may know further names, and says itself what is wrong.
        if self.stands(&chain, now) && is_for(leaf, name) {
            return Ok(ServerCertVerified::assertion());
        }
        let verified = self.verifier.verify_server_cert(leaf, others, name, ocsp, now)?;
        self.remember(chain, now);
        Ok(verified)
    }

    fn stands(&self, chain: &[u8; 32], now: UnixTime) -> bool {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.get(chain).is_some_and(|at| is_fresh(*at, now))
    }

    fn remember(&self, chain: [u8; 32], now: UnixTime) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if found.len() >= MOST {
            found.retain(|_, at| is_fresh(*at, now));
        }
        if found.len() < MOST {
            found.insert(chain, now);
        }
    }
}

fn is_for(leaf: &CertificateDer<'_>, name: &ServerName<'_>) -> bool {
    ParsedCertificate::try_from(leaf).is_ok_and(|leaf| verify_server_name(&leaf, name).is_ok())
}

/// A clock that was set back makes nothing fresh.
fn is_fresh(at: UnixTime, now: UnixTime) -> bool {
    now.as_secs().checked_sub(at.as_secs()).is_some_and(|age| age < FRESH)
}

/// All that a verdict rests on besides the name and the time, each part with its length.
fn mark(leaf: &[u8], others: &[CertificateDer<'_>], ocsp: &[u8]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in [leaf, ocsp].into_iter().chain(others.iter().map(AsRef::as_ref)) {
        context.update(&part.len().to_le_bytes());
        context.update(part);
    }
    let mut mark = [0; 32];
    mark.copy_from_slice(context.finish().as_ref());
    mark
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
    use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
    use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

    use super::{MOST, Proven};

    /// Refuses every certificate after a time and for one name, and counts how often it is asked.
    #[derive(Debug, Default)]
    struct Counting {
        asked: AtomicUsize,
        ends: u64,
    }

    impl ServerCertVerifier for Counting {
        fn verify_server_cert(
            &self,
            _: &CertificateDer<'_>,
            _: &[CertificateDer<'_>],
            name: &ServerName<'_>,
            _: &[u8],
            now: UnixTime,
        ) -> Result<ServerCertVerified, Error> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            if name.to_str() == "a.example.org" {
                return Err(CertificateError::NotValidForName.into());
            }
            if now.as_secs() > self.ends {
                return Err(CertificateError::Expired.into());
            }
            Ok(ServerCertVerified::assertion())
        }

        fn verify_tls12_signature(
            &self,
            _: &[u8],
            _: &CertificateDer<'_>,
            _: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            Ok(HandshakeSignatureValid::assertion())
        }

        fn verify_tls13_signature(
            &self,
            _: &[u8],
            _: &CertificateDer<'_>,
            _: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            Ok(HandshakeSignatureValid::assertion())
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            vec![]
        }
    }

    fn certificate(name: &str) -> CertificateDer<'static> {
        rcgen::generate_simple_self_signed([name.to_owned()]).unwrap().cert.der().clone()
    }

    fn at(seconds: u64) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs(seconds))
    }

    #[test]
    fn a_chain_is_checked_once_a_minute_and_its_name_every_time() {
        let counting = Arc::new(Counting { ends: 1_000, ..Counting::default() });
        let proven = Proven::new(Arc::clone(&counting) as Arc<dyn ServerCertVerifier>);
        let (leaf, other, between) =
            (certificate("*.example.test"), certificate("b.example.test"), [certificate("CA")]);
        let verify = |leaf, others: &[_], name: &'static str, ocsp: &[u8], seconds| {
            let name = ServerName::try_from(name).unwrap();
            let verdict = proven.verify(leaf, others, &name, ocsp, at(seconds));
            (verdict.map(|_| ()), counting.asked.swap(0, Ordering::Relaxed))
        };
        let (fine, none) = ((Ok(()), 1), (Ok(()), 0));
        assert_eq!(verify(&leaf, &[], "a.example.test", &[], 100), fine, "met for the first time");
        assert_eq!(verify(&leaf, &[], "b.example.test", &[], 159), none, "the same for another name");
        let refused = (Err(CertificateError::NotValidForName.into()), 1);
        assert_eq!(verify(&leaf, &[], "a.example.org", &[], 159), refused, "a name that is not in it");
        assert_eq!(verify(&leaf, &between, "a.example.test", &[], 159), fine, "with another chain");
        assert_eq!(verify(&leaf, &[], "a.example.test", &[1], 159), fine, "with another answer of OCSP");
        assert_eq!(verify(&other, &[], "b.example.test", &[], 159), fine, "another certificate");
        assert_eq!(verify(&leaf, &[], "a.example.test", &[], 160), fine, "a minute later");
        assert_eq!(verify(&leaf, &[], "a.example.test", &[], 99), fine, "a clock that was set back");
        let expired = (Err(CertificateError::Expired.into()), 1);
        assert_eq!(verify(&leaf, &[], "a.example.test", &[], 1_001), expired);
        assert_eq!(verify(&leaf, &[], "a.example.test", &[], 1_002), expired, "a refusal is not remembered");
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let counting = Arc::new(Counting { ends: u64::MAX, ..Counting::default() });
        let proven = Proven::new(Arc::clone(&counting) as Arc<dyn ServerCertVerifier>);
        let (leaf, name) = (certificate("a.test"), ServerName::try_from("a.test").unwrap());
        let verify = |ocsp: usize, seconds| {
            proven.verify(&leaf, &[], &name, &ocsp.to_le_bytes(), at(seconds)).unwrap();
            proven.found.lock().unwrap().len()
        };
        let most = (0..MOST + 10).map(|ocsp| verify(ocsp, 100)).max();
        assert_eq!(most, Some(MOST));
        assert_eq!(verify(MOST + 10, 160), 1, "what is stale makes room");
    }
}
