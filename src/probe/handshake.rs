//! TLS: one full handshake, the whole chain whether it is accepted or not, and no byte of HTTP after it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustls::client::ResolvesClientCert;
use rustls::pki_types::ServerName;
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, ProtocolVersion, SignatureScheme};
use tokio::io::AsyncReadExt;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::climb::{Wire, in_time, milliseconds};
use crate::diagnosis::fact::{Certificate, Stage, StageDetail, StageFact, StageStatus, TlsFault};
use crate::wire::{chain, fault};

/// How long a server that asked for a client certificate may take to miss it (TLS 1.3 says so after the
/// handshake, RFC 8446, section 4.4.2.4).
const REGRET: Duration = Duration::from_millis(500);

/// Shakes hands with a host.
pub(super) async fn look(
    mut config: ClientConfig,
    host: &str,
    wire: Box<dyn Wire>,
    limit: Duration,
) -> StageFact {
    let start = Instant::now();
    let bare = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
    let Ok(name) = ServerName::try_from(bare.to_owned()) else {
        let fault = TlsFault::Other("the host is no name that TLS knows".into());
        return fact(Seen { fault: Some(fault), ..Seen::default() }, milliseconds(start));
    };
    let asked = Arc::new(AsksForCertificate::default());
    config.client_auth_cert_resolver = Arc::clone(&asked) as Arc<dyn ResolvesClientCert>;
    let shaking = TlsConnector::from(Arc::new(config)).connect(name, wire);
    let result = in_time(limit, shaking).await;
    let ms = milliseconds(start);
    let wants = asked.0.load(Ordering::SeqCst);
    let seen = match result {
        Ok(stream) => accepted(stream, wants).await,
        Err(error) => refused(&error, bare, wants),
    };
    fact(seen, ms)
}

/// What a handshake showed.
#[derive(Default)]
struct Seen {
    version: Option<String>,
    protocol: Option<String>,
    chain: Vec<Certificate>,
    fault: Option<TlsFault>,
}

async fn accepted(mut stream: TlsStream<Box<dyn Wire>>, wants: bool) -> Seen {
    let (_, session) = stream.get_ref();
    let mut seen = Seen {
        version: session.protocol_version().map(version),
        protocol: session.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned()),
        chain: chain::read_all(session.peer_certificates().unwrap_or_default()),
        fault: None,
    };
    if wants {
        let mut byte = [0; 1];
        let missed = match tokio::time::timeout(REGRET, stream.read(&mut byte)).await {
            Ok(Ok(count)) => count == 0,
            Ok(Err(_)) => true,
            Err(_) => false,
        };
        seen.fault = missed.then_some(TlsFault::ClientCertificateRequired);
    }
    seen
}

fn refused(error: &io::Error, host: &str, wants: bool) -> Seen {
    let found = fault::handshake(error, host);
    let library = fault::find::<rustls::Error>(error);
    let rejection = library.and_then(fault::rejection);
    let alerted = matches!(library, Some(rustls::Error::AlertReceived(_)));
    let missed = wants && (alerted || found == TlsFault::Reset);
    Seen {
        chain: rejection.map(|rejection| chain::read_all(&rejection.chain)).unwrap_or_default(),
        fault: Some(if missed { TlsFault::ClientCertificateRequired } else { found }),
        ..Seen::default()
    }
}

fn version(version: ProtocolVersion) -> String {
    match version {
        ProtocolVersion::TLSv1_2 => "TLS 1.2".into(),
        ProtocolVersion::TLSv1_3 => "TLS 1.3".into(),
        other => format!("{other:?}"),
    }
}

fn fact(seen: Seen, ms: f64) -> StageFact {
    let status = if seen.fault.is_some() { StageStatus::Failed } else { StageStatus::Ok };
    let Seen { version, protocol, chain, fault } = seen;
    let detail = StageDetail::Tls { version, protocol, chain, roots: None, fault, peek: None };
    StageFact { stage: Stage::Tls, status, ms: Some(ms), detail }
}

/// Has no certificate, and remembers that one was asked for.
#[derive(Debug, Default)]
struct AsksForCertificate(AtomicBool);

impl ResolvesClientCert for AsksForCertificate {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.store(true, Ordering::SeqCst);
        None
    }

    fn has_certs(&self) -> bool {
        true
    }
}
