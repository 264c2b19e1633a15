//! Names and TCP.

use std::time::Duration;

use conn::diagnosis::fact::{ConnectFault, DnsFault, StageDetail, StageStatus as S};
use conn::port::Target;
use conn::probe::{Deadlines, PathProber};
use conn::wire::Trust;

use super::{climb, direct, patient, statuses, target};
use crate::support::name_server::NameServer;
use crate::support::program::free_port;
use crate::support::scripted::{Script, Scripted};

fn prober() -> PathProber {
    PathProber::new(direct(), std::sync::Arc::new(Trust::new(None))).within(patient())
}

#[test]
fn each_answer_of_a_name_server_has_its_own_fault() {
    let server = NameServer::start();
    let brief = Deadlines { dns: Duration::from_millis(300), ..patient() };
    for (host, deadlines, expected) in [
        ("nx.test", patient(), DnsFault::NoSuchName),
        ("nodata.test", patient(), DnsFault::NoAddress),
        ("servfail.test", patient(), DnsFault::ServerFailure),
        ("refused.test", patient(), DnsFault::Refused),
        ("drop.test", brief, DnsFault::Timeout),
    ] {
        let stages = climb(&prober().asking(vec![server.address]).within(deadlines), &target(host, 443));
        assert_eq!(statuses(&stages), [S::Failed, S::NotReached, S::Absent, S::NotReached], "{host}");
        let StageDetail::Dns { host: asked, addresses, servers, fault, .. } = &stages[0].detail else {
            panic!()
        };
        assert_eq!(
            (asked.as_str(), addresses.len(), servers.as_slice()),
            (host, 0, &[server.address.to_string()][..])
        );
        assert_eq!(fault.as_ref(), Some(&expected), "{host}");
    }
}

#[test]
fn without_a_name_server_that_is_what_is_said() {
    let stages = climb(&prober().asking(vec![]), &target("ok.test", 443));
    let StageDetail::Dns { fault, .. } = &stages[0].detail else { panic!() };
    assert_eq!(fault, &Some(DnsFault::NoServer));
}

#[test]
fn a_closed_port_is_refused_at_each_address() {
    let server = NameServer::start();
    let port = free_port();
    let stages = climb(&prober().asking(vec![server.address]), &target("ok.test", port));
    assert_eq!(statuses(&stages), [S::Ok, S::Failed, S::Absent, S::NotReached]);
    let StageDetail::Connect { attempts, .. } = &stages[1].detail else { panic!() };
    assert_eq!(attempts.len(), 1);
    assert_eq!(attempts[0].address, format!("127.0.0.1:{port}"));
    assert_eq!(attempts[0].fault, Some(ConnectFault::Refused));
}

#[test]
fn a_dead_address_beside_a_living_one_is_seen_and_does_no_harm() {
    let server = Scripted::start(Script::says(""));
    let plain = Target { tls: false, ..target("localhost", server.address.port()) };
    let stages = climb(&prober(), &plain);
    assert_eq!(statuses(&stages), [S::Ok, S::Ok, S::Absent, S::Absent]);
    let StageDetail::Connect { attempts, .. } = &stages[1].detail else { panic!() };
    assert_eq!(attempts.len(), 2);
    assert_eq!(attempts[0].fault, None);
    assert!(attempts[1].address.starts_with("[::1]") && attempts[1].fault.is_some(), "{attempts:?}");
}
