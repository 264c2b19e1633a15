//! A certificate for one run: made on the spot, signed by itself, its key never written anywhere.

use std::sync::Arc;

use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

use crate::wire::trust;

/// The certificate (DER) for a host, and what speaks TLS with it.
pub(super) fn make(host: &str) -> Result<(Vec<u8>, TlsAcceptor), String> {
    let mut params = CertificateParams::new([host.to_owned()]).map_err(|error| error.to_string())?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "conn on this machine");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate().map_err(|error| error.to_string())?;
    let certificate = params.self_signed(&key).map_err(|error| error.to_string())?.der().clone();
    let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(trust::provider())
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder.with_no_client_auth().with_single_cert(vec![certificate.clone()], private)
        })
        .map_err(|error| error.to_string())?;
    Ok((certificate.to_vec(), TlsAcceptor::from(Arc::new(config))))
}
