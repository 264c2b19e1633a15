//! What testing a fleet costs at the least: TCP, TLS, one request with a token of its own, and nothing else. The
//! measure for `fleet.sh`. Usage: floor COUNT FIRST_PORT PORTS AT_ONCE AUTHORITY

use std::error::Error;
use std::io::Write as _;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt as _};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [count, first, ports, at_once, authority] = words.as_slice() else {
        return Err("COUNT FIRST_PORT PORTS AT_ONCE AUTHORITY are wanted".into());
    };
    let (count, first, ports): (u32, u32, u32) = (count.parse()?, first.parse()?, ports.parse()?);
    let connector = connector(authority)?;
    let checks = stream::iter(0..count).map(|number| check(&connector, first + number % ports, number));
    let answers: Vec<Outcome<bool>> = checks.buffer_unordered(at_once.parse()?).collect().await;
    let fine = answers.iter().filter(|answer| matches!(answer, Ok(true))).count();
    writeln!(std::io::stdout(), "{fine} of {count} answered 200")?;
    Ok(())
}

fn connector(authority: &str) -> Outcome<TlsConnector> {
    let mut roots = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(authority)? {
        roots.add(certificate?)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.resumption = rustls::client::Resumption::disabled();
    Ok(TlsConnector::from(Arc::new(config)))
}

async fn check(connector: &TlsConnector, port: u32, number: u32) -> Outcome<bool> {
    let socket = TcpStream::connect(("127.0.0.1", u16::try_from(port)?)).await?;
    socket.set_nodelay(true)?;
    let mut stream = connector.connect(ServerName::try_from("localhost")?, socket).await?;
    let request = format!(
        "GET /me HTTP/1.1\r\nHost: localhost:{port}\r\nX-Api-Key: key-{number:05}-0123456789\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    // TLS may keep some of it back until then.
    stream.flush().await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer.starts_with(b"HTTP/1.1 200"))
}
