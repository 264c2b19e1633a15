//! Certificates as a test needs them, made on the spot.

use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DistinguishedName, DnType, IsCa,
    KeyPair,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};

/// The names that every certificate here is for, unless a test says otherwise.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "api.test"];

/// A certificate authority.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// The authorities between a root and this one, nearest first; empty for a root.
    below: Vec<CertificateDer<'static>>,
    folder: tempfile::TempDir,
}

impl Authority {
    /// A root of a name such as `CN=…` or `O=…`.
    pub fn root(organisation: &str, name: &str) -> Self {
        let params = authority(organisation, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        Self { issuer, below: vec![], folder: tempfile::tempdir().unwrap() }
    }

    /// An authority signed by this one.
    pub fn intermediate(&self, name: &str) -> Self {
        let params = authority("conn tests", name);
        let issuer = CertifiedIssuer::signed_by(params, KeyPair::generate().unwrap(), &self.issuer).unwrap();
        let below = std::iter::once(issuer.der().clone()).chain(self.below.iter().cloned()).collect();
        Self { issuer, below, folder: tempfile::tempdir().unwrap() }
    }

    /// A file with this authority's certificate.
    pub fn file(&self) -> PathBuf {
        let path = self.folder.path().join("authority.pem");
        std::fs::write(&path, self.issuer.pem()).unwrap();
        path
    }

    /// A certificate in good order.
    pub fn good(&self) -> Identity {
        self.issue(|_| {})
    }

    /// A certificate with changes.
    pub fn issue(&self, change: impl FnOnce(&mut CertificateParams)) -> Identity {
        let mut params = leaf();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let own = params.signed_by(&key, &self.issuer).unwrap();
        let chain = std::iter::once(own.der().clone()).chain(self.below.iter().cloned()).collect();
        Identity { chain, key }
    }
}

/// A server's certificate with its key.
pub struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
}

impl Identity {
    /// Signed by itself.
    pub fn self_signed() -> Self {
        let key = KeyPair::generate().unwrap();
        let chain = vec![leaf().self_signed(&key).unwrap().der().clone()];
        Self { chain, key }
    }

    /// Without the certificates of the authorities between.
    pub fn alone(mut self) -> Self {
        self.chain.truncate(1);
        self
    }

    /// A server's settings.
    pub fn server(&self) -> Arc<ServerConfig> {
        let config = builder(rustls::ALL_VERSIONS).with_no_client_auth();
        Arc::new(config.with_single_cert(self.chain.clone(), self.key()).unwrap())
    }

    /// The settings of a server that speaks one version and insists on a client certificate.
    pub fn server_asking(
        &self,
        clients: &Authority,
        version: &'static SupportedProtocolVersion,
    ) -> Arc<ServerConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(clients.issuer.der().clone()).unwrap();
        let provider = conn::wire::trust::provider();
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        let config = builder(&[version]).with_client_cert_verifier(verifier);
        Arc::new(config.with_single_cert(self.chain.clone(), self.key()).unwrap())
    }

    /// The chain and the key as PEM.
    pub fn pem(&self) -> (String, String) {
        let chain = self.chain.iter().map(|der| pem(der));
        (chain.collect(), self.key.serialize_pem())
    }

    fn key(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::try_from(self.key.serialize_der()).unwrap()
    }
}

fn pem(der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

fn builder(
    versions: &[&'static SupportedProtocolVersion],
) -> rustls::ConfigBuilder<ServerConfig, rustls::WantsVerifier> {
    ServerConfig::builder_with_provider(conn::wire::trust::provider())
        .with_protocol_versions(versions)
        .unwrap()
}

fn named(organisation: &str, name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::OrganizationName, organisation);
    distinguished.push(DnType::CommonName, name);
    distinguished
}

fn authority(organisation: &str, name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = named(organisation, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn leaf() -> CertificateParams {
    let mut params = CertificateParams::new(NAMES.map(String::from)).unwrap();
    params.distinguished_name = named("conn tests", "server");
    params
}

/// The address at which the issuer's certificate can be had (RFC 5280, section 4.2.2.1).
pub fn issuer_address() -> CustomExtension {
    let uri = b"http://127.0.0.1/ca.cer";
    let method = [0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x02];
    let location = tagged(0x86, uri);
    let description = tagged(0x30, &[method.as_slice(), &location].concat());
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], tagged(0x30, &description))
}

fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, u8::try_from(content.len()).unwrap()], content].concat()
}
