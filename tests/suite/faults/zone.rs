//! The name server of a case, over UDP and TCP. Names that were given have what they were given; any other is
//! answered by its first label: `nx`, `servfail`, `refused`, `nodata`, `drop`, else it does not exist.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::sync::{Arc, Mutex};

/// What a name has.
#[derive(Clone, Debug, Default)]
struct Records {
    addresses: Vec<IpAddr>,
    alias: Option<String>,
}

/// The zone; its server runs as long as the process.
#[derive(Clone, Default)]
pub struct Zone(Arc<Mutex<BTreeMap<String, Records>>>);

const A: u8 = 1;
const ALIAS: u8 = 5;
const AAAA: u8 = 28;

impl Zone {
    /// Answers at an address.
    pub fn serve(address: SocketAddr) -> Self {
        let zone = Self::default();
        zone.also(address);
        zone
    }

    /// Answers at a further address.
    pub fn also(&self, address: SocketAddr) {
        let (socket, zone) = (UdpSocket::bind(address).unwrap(), self.clone());
        std::thread::spawn(move || {
            let mut buffer = [0; 1500];
            while let Ok((length, from)) = socket.recv_from(&mut buffer) {
                if let Some(reply) = zone.reply(&buffer[..length]) {
                    let _ = socket.send_to(&reply, from);
                }
            }
        });
        let (listener, zone) = (TcpListener::bind(address).unwrap(), self.clone());
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut length = [0; 2];
                if stream.read_exact(&mut length).is_err() {
                    continue;
                }
                let mut query = vec![0; usize::from(u16::from_be_bytes(length))];
                if stream.read_exact(&mut query).is_ok()
                    && let Some(reply) = zone.reply(&query)
                {
                    let length = u16::try_from(reply.len()).unwrap().to_be_bytes();
                    let _ = stream.write_all(&[&length[..], &reply].concat());
                }
            }
        });
    }

    /// Gives a name a further address.
    pub fn address(&self, name: &str, address: IpAddr) {
        self.0.lock().unwrap().entry(name.to_owned()).or_default().addresses.push(address);
    }

    /// Makes a name another name for a target.
    pub fn alias(&self, name: &str, target: &str) {
        self.0.lock().unwrap().entry(name.to_owned()).or_default().alias = Some(target.to_owned());
    }

    /// The reply to a query; none where the zone keeps silent.
    fn reply(&self, query: &[u8]) -> Option<Vec<u8>> {
        let end = 12 + query.get(12..)?.iter().position(|byte| *byte == 0)? + 5;
        let mut name = labels(&query[12..end - 4]);
        let kind = *query.get(end - 3)?;
        let mut answers = Vec::new();
        let zone = self.0.lock().unwrap();
        while let Some(target) = zone.get(&name).and_then(|records| records.alias.clone()) {
            answers.push(record(&name, ALIAS, &wire(&target)));
            name = target;
        }
        let code = match (zone.get(&name), name.split('.').next().unwrap_or_default()) {
            (Some(records), _) => {
                for address in &records.addresses {
                    match address {
                        IpAddr::V4(four) if kind == A => answers.push(record(&name, A, &four.octets())),
                        IpAddr::V6(six) if kind == AAAA => answers.push(record(&name, AAAA, &six.octets())),
                        _ => {}
                    }
                }
                0
            }
            (None, "drop") => return None,
            (None, "servfail") => 2,
            (None, "refused") => 5,
            (None, "nodata") => 0,
            (None, _) => 3,
        };
        let count = u8::try_from(answers.len()).unwrap();
        let head = [query[0], query[1], 0x81, 0x80 | code, 0, 1, 0, count, 0, 0, 0, 0];
        Some([&head, &query[12..end], &answers.concat()].concat())
    }
}

fn labels(mut wire: &[u8]) -> String {
    let mut names = Vec::new();
    while let Some((length, rest)) = wire.split_first().filter(|(length, _)| **length > 0) {
        let (label, further) = rest.split_at(usize::from(*length));
        names.push(String::from_utf8_lossy(label).to_lowercase());
        wire = further;
    }
    names.join(".")
}

fn wire(name: &str) -> Vec<u8> {
    let labels =
        name.split('.').map(|label| [&[u8::try_from(label.len()).unwrap()], label.as_bytes()].concat());
    labels.chain([vec![0]]).flatten().collect()
}

fn record(name: &str, kind: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).unwrap();
    [&*wire(name), &[0, kind, 0, 1, 0, 0, 0, 60, 0, length], content].concat()
}
