//! The dialogue with a SOCKS 5 proxy (RFC 1928, RFC 1929).

use std::io;
use std::net::IpAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use zeroize::Zeroizing;

use super::climb::Wire;
use crate::diagnosis::fact::ProxyFault;
use crate::port::Target;
use crate::wire::proxy::{ProxyAddress, ProxyLogin};

const VERSION: u8 = 5;
const NO_LOGIN: u8 = 0;
const WITH_PASSWORD: u8 = 2;
/// What a login is called in the verdict.
const LOGIN: &str = "username/password";

/// Asks for a connection to the target. The inner result is the proxy's own decision.
pub(super) async fn ask(
    proxy: &ProxyAddress,
    target: &Target,
    wire: &mut Box<dyn Wire>,
) -> io::Result<Result<(), ProxyFault>> {
    let greeting: &[u8] = match proxy.login {
        Some(_) => &[VERSION, 2, NO_LOGIN, WITH_PASSWORD],
        None => &[VERSION, 1, NO_LOGIN],
    };
    wire.write_all(greeting).await?;
    let method = versioned(wire, VERSION).await?;
    match (method, &proxy.login) {
        (NO_LOGIN, _) => {}
        (WITH_PASSWORD, Some(login)) => {
            wire.write_all(&credentials(login)?).await?;
            if versioned(wire, 1).await? != 0 {
                return Ok(Err(ProxyFault::NeedsLogin(LOGIN.into())));
            }
        }
        _ => return Ok(Err(ProxyFault::NeedsLogin(LOGIN.into()))),
    }
    wire.write_all(&request(target)?).await?;
    let reply = versioned(wire, VERSION).await?;
    if reply != 0 {
        return Ok(Err(judge(reply)));
    }
    bound_address(wire).await?;
    Ok(Ok(()))
}

/// The second byte of an answer whose first must be the version.
async fn versioned(wire: &mut Box<dyn Wire>, version: u8) -> io::Result<u8> {
    if wire.read_u8().await? != version {
        return Err(io::Error::other("the proxy does not speak SOCKS 5"));
    }
    wire.read_u8().await
}

/// Reads the rest of the answer, so that the tunnel begins where it should.
async fn bound_address(wire: &mut Box<dyn Wire>) -> io::Result<()> {
    wire.read_u8().await?;
    let length = match wire.read_u8().await? {
        1 => 4,
        4 => 16,
        _ => usize::from(wire.read_u8().await?),
    };
    let mut rest = vec![0; length + 2];
    wire.read_exact(&mut rest).await.map(|_| ())
}

fn credentials(login: &ProxyLogin) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![1]);
    for part in [login.user.expose(), login.password.expose()] {
        bytes.push(short(part)?);
        bytes.extend_from_slice(part.as_bytes());
    }
    Ok(bytes)
}

fn request(target: &Target) -> io::Result<Vec<u8>> {
    let mut bytes = vec![VERSION, 1, 0];
    match target.host.trim_start_matches('[').trim_end_matches(']').parse() {
        Ok(IpAddr::V4(address)) => {
            bytes.push(1);
            bytes.extend(address.octets());
        }
        Ok(IpAddr::V6(address)) => {
            bytes.push(4);
            bytes.extend(address.octets());
        }
        Err(_) => {
            bytes.extend([3, short(&target.host)?]);
            bytes.extend_from_slice(target.host.as_bytes());
        }
    }
    bytes.extend(target.port.to_be_bytes());
    Ok(bytes)
}

fn short(text: &str) -> io::Result<u8> {
    u8::try_from(text.len()).map_err(|_| io::Error::other("too long for SOCKS 5"))
}

/// The meaning of a reply (RFC 1928, section 6); its number stands where HTTP has a status.
fn judge(reply: u8) -> ProxyFault {
    match reply {
        2 => ProxyFault::Denied(reply.into()),
        3..=6 => ProxyFault::Upstream(reply.into()),
        _ => ProxyFault::Other(format!("SOCKS reply {reply}")),
    }
}
