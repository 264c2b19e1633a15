//! Which authorities are trusted, and the one way in which a certificate is verified.
//!
//! Nothing is loaded before the first handshake. A rejected certificate travels in the error itself, together
//! with the chain as the server sent it, so that whoever reads the error can say what was wrong with it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{
    CertificateError, CipherSuite, ClientConfig, DigitallySignedStruct, Error, OtherError, RootCertStore,
    SignatureScheme,
};

use super::proven::Proven;
use crate::base::{Phrase, Text, system_error};
use crate::diagnosis::fact::{Roots, Unusable};

/// The cryptography. The one place that names it.
#[must_use]
pub fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    Arc::clone(PROVIDER.get_or_init(|| {
        let mut provider = rustls::crypto::ring::default_provider();
        // As browsers do: no weaker in practice, and processors compute the hash that goes with 128 bits themselves.
        provider.cipher_suites.sort_by_key(|suite| has_long_key(suite.suite()));
        Arc::new(provider)
    }))
}

const fn has_long_key(suite: CipherSuite) -> bool {
    matches!(
        suite,
        CipherSuite::TLS13_AES_256_GCM_SHA384
            | CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
            | CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
    )
}

/// The authorities that this run trusts: those of one file (`SSL_CERT_FILE`), else those of the operating
/// system, else, where it has none, a list that comes with conn.
#[derive(Debug)]
pub struct Trust {
    only: Option<PathBuf>,
    loaded: OnceLock<Loaded>,
}

#[derive(Debug)]
struct Loaded {
    roots: Roots,
    verifier: Result<Proven, Phrase>,
}

impl Trust {
    /// Trusts the authorities of one file, or those of the operating system. Loads nothing yet.
    #[must_use]
    pub fn new(only: Option<PathBuf>) -> Self {
        Self { only, loaded: OnceLock::new() }
    }

    /// The TLS settings of a client; `extra` is a file of authorities that are trusted besides.
    #[must_use]
    pub fn client(self: &Arc<Self>, extra: Option<&Path>) -> ClientConfig {
        let verifier = TrustVerifier {
            trust: Arc::clone(self),
            extra: extra.map(Path::to_owned),
            extra_loaded: OnceLock::new(),
        };
        let mut config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .expect("the provider supports TLS 1.2 and 1.3")
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        config
    }

    /// The same, with a client certificate.
    ///
    /// # Errors
    /// Why it cannot be presented.
    pub fn client_as(
        self: &Arc<Self>,
        extra: Option<&Path>,
        certificate: &str,
        private_key: &[u8],
    ) -> Result<ClientConfig, Unusable> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificate.as_bytes()).collect();
        let chain = chain.map_err(|_| Unusable::NoCertificate)?;
        if chain.is_empty() {
            return Err(Unusable::NoCertificate);
        }
        let key = PrivatePkcs8KeyDer::from(private_key.to_vec()).into();
        let own = CertifiedKey::from_der(chain, key, &provider()).map_err(|error| unusable(&error))?;
        let mut config = self.client(extra);
        config.client_auth_cert_resolver = Arc::new(SingleCertAndKey::from(own));
        Ok(config)
    }

    /// The same, for one look: every handshake is a full one, so that the certificate is always seen.
    #[must_use]
    pub fn look(self: &Arc<Self>, extra: Option<&Path>) -> ClientConfig {
        let mut config = self.client(extra);
        config.resumption = Resumption::disabled();
        config
    }

    /// Where the trusted authorities came from; `None` before the first handshake.
    #[must_use]
    pub fn roots(&self) -> Option<Roots> {
        self.loaded.get().map(|loaded| loaded.roots.clone())
    }

    /// Loads the trusted authorities: where they come from, and how many where they are not left to the
    /// operating system.
    ///
    /// # Errors
    /// Why they cannot be used.
    pub fn survey(&self) -> Result<(Roots, Option<usize>), Phrase> {
        let loaded = self.loaded();
        loaded.verifier.as_ref().map_err(Clone::clone)?;
        let count = match (&self.only, &loaded.roots) {
            (Some(path), _) => CertificateDer::pem_file_iter(path).map(|found| found.flatten().count()).ok(),
            (None, Roots::Bundled) => Some(webpki_root_certs::TLS_SERVER_ROOT_CERTS.len()),
            (None, _) => None,
        };
        Ok((loaded.roots.clone(), count))
    }

    fn loaded(&self) -> &Loaded {
        self.loaded.get_or_init(|| match &self.only {
            Some(path) => {
                Loaded { roots: Roots::File(path.display().to_string()), verifier: from_file(path) }
            }
            None => from_system(),
        })
    }
}

fn unusable(error: &Error) -> Unusable {
    match error {
        Error::InconsistentKeys(_) => Unusable::OtherKey,
        // The verifier's own error is not among rustls' types; its name is.
        other if format!("{other:?}").contains("UnsupportedCertVersion") => Unusable::FirstVersion,
        _ => Unusable::Unreadable,
    }
}

fn from_system() -> Loaded {
    if let Ok(verifier) = rustls_platform_verifier::Verifier::new(provider()) {
        return Loaded { roots: Roots::System, verifier: Ok(Proven::new(Arc::new(verifier))) };
    }
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
    Loaded { roots: Roots::Bundled, verifier: from_store(store) }
}

/// Whether the authorities of a file can be used.
///
/// # Errors
/// Why not.
pub fn probe(path: &Path) -> Result<(), Phrase> {
    from_file(path).map(drop)
}

fn from_file(path: &Path) -> Result<Proven, Phrase> {
    const TOLD: Text = Text::new("{path}: {reason}", "{path}: {reason}");
    let told = |reason: Phrase| {
        TOLD.fill_phrases(&[("path", path.display().to_string().into()), ("reason", reason)])
    };
    let unreadable = |error: pem::Error| match error {
        pem::Error::Io(error) => told(system_error::explained(&error)),
        other => told(other.to_string().into()),
    };
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(unreadable)? {
        store.add(certificate.map_err(unreadable)?).map_err(|error| told(error.to_string().into()))?;
    }
    from_store(store).map_err(told)
}

fn from_store(store: RootCertStore) -> Result<Proven, Phrase> {
    let built = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider()).build();
    built
        .map(|verifier| Proven::new(verifier as Arc<dyn ServerCertVerifier>))
        .map_err(|error| error.to_string().into())
}

/// Why a server's certificate was not accepted, with everything the server sent.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct Rejection {
    /// The chain, leaf first.
    pub chain: Vec<CertificateDer<'static>>,
    /// The reason.
    pub reason: Refusal,
}

/// The reason of a [`Rejection`].
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The certificate does not stand up to verification.
    #[error("{0}")]
    Certificate(CertificateError),
    /// There is nothing to verify it against.
    #[error("no certificate authorities could be loaded: {0}")]
    NoTrustStore(String),
    /// What the library said.
    #[error("{0}")]
    Other(String),
}

/// Verifies against the extra file first, then against the trusted authorities.
#[derive(Debug)]
struct TrustVerifier {
    trust: Arc<Trust>,
    extra: Option<PathBuf>,
    extra_loaded: OnceLock<Result<Proven, Phrase>>,
}

impl TrustVerifier {
    fn check(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Refusal> {
        let ask = |verifier: &Result<Proven, Phrase>| match verifier {
            Ok(verifier) => verifier.verify(leaf, others, name, ocsp, now).map_err(|error| match error {
                Error::InvalidCertificate(error) => Refusal::Certificate(error),
                other => Refusal::Other(other.to_string()),
            }),
            Err(why) => Err(Refusal::NoTrustStore(why.en.clone())),
        };
        if let Some(path) = &self.extra {
            match ask(self.extra_loaded.get_or_init(|| from_file(path))) {
                Err(Refusal::Certificate(CertificateError::UnknownIssuer)) => {}
                decided => return decided,
            }
        }
        ask(&self.trust.loaded().verifier)
    }
}

impl ServerCertVerifier for TrustVerifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.check(leaf, others, name, ocsp, now).map_err(|reason| {
            let chain = std::iter::once(leaf).chain(others).map(|one| one.clone().into_owned()).collect();
            let rejection = Rejection { chain, reason };
            Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(rejection))))
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &provider().signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &provider().signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider().signature_verification_algorithms.supported_schemes()
    }
}
