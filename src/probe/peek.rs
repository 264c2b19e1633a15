//! What a passer-by sees after a handshake failed: the server's clock, the plain web port, and whether a few
//! bytes pass where many do not.
//!
//! Nobody is trusted here, so nothing of value is sent: one request for `/` without any credential, whose
//! answer is never taken for the service's.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::climb::Wire;
use super::head;
use crate::diagnosis::stage::Glance;
use crate::wire::trust::provider;

/// The time of a server whose certificate was refused, by its answer to a bare request.
pub(super) async fn date(wire: Box<dyn Wire>, host: &str, limit: Duration) -> Option<Timestamp> {
    let look = async {
        let name = ServerName::try_from(host.to_owned()).ok()?;
        let stream = TlsConnector::from(Arc::new(blind())).connect(name, wire).await.ok()?;
        let mut wire: Box<dyn Wire> = Box::new(stream);
        head::ask_root(&mut wire, "HEAD", host).await.ok()?.glance().date
    };
    timeout(limit, look).await.ok().flatten()
}

/// What `http://HOST/` says at an address.
pub(super) async fn web(address: IpAddr, host: &str, limit: Duration) -> Option<Glance> {
    let look = async {
        let stream = TcpStream::connect((address, 80)).await.ok()?;
        let mut wire: Box<dyn Wire> = Box::new(stream);
        Some(head::ask_root(&mut wire, "GET", host).await.ok()?.glance())
    };
    timeout(limit, look).await.ok().flatten()
}

/// What a proxy for plain http answers in a host's place, or lets through.
pub(super) async fn by_proxy(mut wire: Box<dyn Wire>, host: &str, limit: Duration) -> Option<Glance> {
    let target = format!("http://{host}/");
    let look = head::ask(&mut wire, "GET", &target, host);
    Some(timeout(limit, look).await.ok()?.ok()?.glance())
}

/// Whether the server answers a greeting of a hundred bytes. It offers nothing that a server could accept, so
/// that the refusal is as short as the greeting.
pub(super) async fn small_passes(mut wire: Box<dyn Wire>, host: &str, limit: Duration) -> bool {
    let look = async {
        wire.write_all(&small_hello(host)).await?;
        wire.flush().await?;
        wire.read_u8().await
    };
    matches!(timeout(limit, look).await, Ok(Ok(_)))
}

/// The most bytes of one TCP segment when packets are kept small: every network carries that much (RFC 9293, section
/// 3.7.1, has 536 as the default).
const PIECE: u32 = 400;

/// Whether a whole handshake comes about when neither side sends large packets; `None` where this system cannot ask
/// for that. Our limit travels in the first packet, and the other side keeps to it.
pub(super) async fn pieces_pass(address: SocketAddr, host: &str, limit: Duration) -> Option<bool> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }.ok()?;
    keep_small(&socket).ok()?;
    let name = ServerName::try_from(host.to_owned()).ok()?;
    let look = async {
        let stream = socket.connect(address).await.ok()?;
        TlsConnector::from(Arc::new(blind())).connect(name, stream).await.ok()
    };
    Some(matches!(timeout(limit, look).await, Ok(Some(_))))
}

#[cfg(unix)]
fn keep_small(socket: &TcpSocket) -> std::io::Result<()> {
    socket2::SockRef::from(socket).set_tcp_mss(PIECE)
}

#[cfg(not(unix))]
fn keep_small(_: &TcpSocket) -> std::io::Result<()> {
    let _ = PIECE;
    Err(std::io::ErrorKind::Unsupported.into())
}

/// A `ClientHello` (RFC 8446, section 4.1.2) with the host's name and without any cipher suite of use.
fn small_hello(host: &str) -> Vec<u8> {
    let two = |length: usize| u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
    let name = [&[0][..], &two(host.len()), host.as_bytes()].concat();
    let extension = [&[0, 0][..], &two(name.len() + 2), &two(name.len()), &name].concat();
    let signalling_only = [0, 2, 0, 0xff];
    let body = [&[3, 3][..], &[0x5a; 32], &[0], &signalling_only, &[1, 0], &two(extension.len()), &extension]
        .concat();
    let message = [&[1, 0][..], &two(body.len()), &body].concat();
    [&[22, 3, 1][..], &two(message.len()), &message].concat()
}

/// The settings of a look at somebody who is not trusted.
fn blind() -> ClientConfig {
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("the provider supports TLS 1.2 and 1.3")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anybody))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}

/// Takes every certificate. Private to this file: no credential ever comes near it.
#[derive(Debug)]
struct Anybody;

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &provider().signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &provider().signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider().signature_verification_algorithms.supported_schemes()
    }
}
