//! The gateway through which an address is reached, as the kernel's table of routes says (Linux).

use std::net::Ipv4Addr;

const TABLE: &str = "/proc/net/route";

/// How an address is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hop {
    /// It is in a network of this machine's own.
    Neighbour,
    /// Over a gateway.
    Gateway(Ipv4Addr),
}

/// The first hop to an address; `None` where there is no route, or where the table cannot be read.
#[must_use]
pub fn find(address: Ipv4Addr) -> Option<Hop> {
    find_in(&std::fs::read_to_string(TABLE).ok()?, address)
}

fn find_in(table: &str, address: Ipv4Addr) -> Option<Hop> {
    // The table holds addresses as hexadecimal words of this machine's byte order.
    let read = |word: &str| u32::from_str_radix(word, 16).ok().map(|word| Ipv4Addr::from(word.to_ne_bytes()));
    let routes = table.lines().skip(1).filter_map(|line| {
        let mut words = line.split_whitespace().skip(1);
        let (network, gateway) = (read(words.next()?)?, read(words.next()?)?);
        let mask = read(words.nth(4)?)?;
        (address.to_bits() & mask.to_bits() == network.to_bits()).then_some((mask.to_bits(), gateway))
    });
    let (_, gateway) = routes.max_by_key(|(mask, _)| *mask)?;
    Some(if gateway.is_unspecified() { Hop::Neighbour } else { Hop::Gateway(gateway) })
}

#[cfg(all(test, target_endian = "little"))]
mod tests {
    use super::{Hop, find_in};

    #[test]
    fn the_most_specific_route_counts_and_a_neighbour_has_no_gateway() {
        let table = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n\
                     wire\t00000000\t02004D0A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n\
                     wire\t00004D0A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n";
        assert_eq!(
            find_in(table, "192.0.2.1".parse().unwrap()),
            Some(Hop::Gateway("10.77.0.2".parse().unwrap()))
        );
        assert_eq!(find_in(table, "10.77.0.9".parse().unwrap()), Some(Hop::Neighbour));
        assert_eq!(find_in("", "10.77.0.9".parse().unwrap()), None);
    }
}
