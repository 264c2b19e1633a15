//! The way through a proxy: squid, and scripted ones that misbehave.

use std::sync::Arc;
use std::time::Duration;

use conn::adapter::http::HttpCarrier;
use conn::base::process::Variables;
use conn::diagnosis::Fault;
use conn::diagnosis::fact::{ConnectFault, DnsFault, ProxyFault, StageDetail, StageStatus as S};
use conn::probe::{Deadlines, PathProber};
use conn::wire::{ProxySettings, Trust};

use super::{climb, get, patient, statuses, target, trusting};
use crate::support::certificate::Authority;
use crate::support::name_server::NameServer;
use crate::support::program::free_port;
use crate::support::scripted::{Script, Scripted, Then, answer};
use crate::support::squid::Squid;

const MARKER: &str = "marker-0123456789";

fn by(proxy: &str) -> Arc<ProxySettings> {
    Arc::new(ProxySettings::gather(Some(proxy), &Variables::default()).unwrap())
}

type Seen = (Option<u16>, Vec<(String, String)>, Option<ProxyFault>);

fn seen(detail: &StageDetail) -> Seen {
    match detail {
        StageDetail::Proxy { status, headers, fault, .. } => (*status, headers.clone(), fault.clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn squid_lets_through_denies_asks_for_a_login_and_fails_upstream() {
    let Some(squid) = Squid::start() else { return };
    let root = Authority::root("conn tests", "Test Root");
    let server = Scripted::start(Script::says(answer("200 OK", "", b"{}")).over(root.good().server()));
    let (port, closed) = (server.address.port(), free_port());
    let open = format!("127.0.0.1:{}", squid.open);
    let guarded = format!("127.0.0.1:{}", squid.guarded);
    let login = format!("http://user:{MARKER}@{guarded}");
    let needs_login = ProxyFault::NeedsLogin("Basic".into());
    for (proxy, host, port, status, explained, fault) in [
        (&open, "api.test", port, 200, "", None),
        (&login, "api.test", port, 200, "", None),
        (&guarded, "api.test", port, 407, "ERR_CACHE_ACCESS_DENIED", Some(needs_login)),
        (&open, "denied.test", port, 403, "ERR_ACCESS_DENIED", Some(ProxyFault::Denied(403))),
        (&open, "api.test", closed, 503, "ERR_CONNECT_FAIL", Some(ProxyFault::Upstream(503))),
    ] {
        let prober = PathProber::new(by(proxy), trusting(&root)).within(patient());
        let stages = climb(&prober, &target(host, port));
        let (seen_status, headers, seen_fault) = seen(&stages[2].detail);
        assert_eq!((seen_status, &seen_fault), (Some(status), &fault), "{stages:#?}");
        assert!(format!("{headers:?}").contains(explained), "{headers:?}");
        let ends = if fault.is_none() { [S::Ok, S::Ok] } else { [S::Failed, S::NotReached] };
        assert_eq!(statuses(&stages), [[S::Absent, S::Ok], ends].concat());
        assert!(!format!("{stages:?} {prober:?}").contains(MARKER));
        let carrier = HttpCarrier::new(by(proxy), trusting(&root));
        let outcome = get(&carrier, &format!("https://{host}:{port}/"));
        match fault {
            None => assert_eq!(outcome.unwrap().status, 200),
            Some(_) => assert!(matches!(outcome, Err(Fault::Proxy(_))), "{outcome:?}"),
        }
    }
}

#[test]
fn what_keeps_us_from_the_proxy_belongs_to_the_proxy() {
    let names = NameServer::start();
    let closed = free_port();
    for (proxy, expected, connect) in [
        ("http://nx.test:3128".to_owned(), ProxyFault::Unresolved(DnsFault::NoSuchName), S::Absent),
        (format!("http://127.0.0.1:{closed}"), ProxyFault::Unreachable(ConnectFault::Refused), S::Unverified),
    ] {
        let prober = PathProber::new(by(&proxy), Arc::new(Trust::new(None))).asking(vec![names.address]);
        let stages = climb(&prober.within(patient()), &target("api.test", 443));
        assert_eq!(statuses(&stages), [S::Absent, connect, S::Failed, S::NotReached]);
        assert_eq!(seen(&stages[2].detail).2, Some(expected));
        let StageDetail::Proxy { proxy: shown, source, .. } = &stages[2].detail else { panic!() };
        assert_eq!((shown, source.as_str()), (&proxy, "--proxy"));
    }
    let carrier = HttpCarrier::new(by(&format!("127.0.0.1:{closed}")), Arc::new(Trust::new(None)));
    let outcome = get(&carrier, "https://api.test/");
    assert_eq!(outcome, Err(Fault::Proxy(ProxyFault::Unreachable(ConnectFault::Refused))));
}

#[test]
fn a_proxy_that_is_none_ends_the_look_in_time() {
    let endless = format!("HTTP/1.1 200 OK\r\nX: {}", "a".repeat(64 * 1024));
    for script in [
        Script::says("SSH-2.0-OpenSSH\r\n\r\n"),
        Script::says(""),
        Script::says("").then(Then::Hold),
        Script::says(endless).then(Then::Hold),
    ] {
        let proxy = Scripted::start(script);
        let brief = Deadlines { proxy: Duration::from_millis(300), ..patient() };
        let prober =
            PathProber::new(by(&proxy.address.to_string()), Arc::new(Trust::new(None))).within(brief);
        let stages = climb(&prober, &target("api.test", 443));
        assert!(matches!(seen(&stages[2].detail).2, Some(ProxyFault::Other(_))), "{stages:#?}");
        let heard = proxy.heard();
        assert!(heard.len() == 1 && heard[0].starts_with("CONNECT api.test:443 HTTP/1.1\r\n"), "{heard:?}");
    }
}

#[test]
fn a_socks_proxy_is_asked_in_its_own_language() {
    let root = Authority::root("conn tests", "Test Root");
    let reply = |code: u8| vec![5, 0, 5, code, 0, 1, 0, 0, 0, 0, 0, 0];
    for (says, expected) in [
        (reply(2), ProxyFault::Denied(2)),
        (reply(5), ProxyFault::Upstream(5)),
        (reply(7), ProxyFault::Other("SOCKS reply 7".into())),
        (vec![5, 0xff], ProxyFault::NeedsLogin("username/password".into())),
        (b"HTTP/1.1 400 Bad\r\n".to_vec(), ProxyFault::Other("the proxy does not speak SOCKS 5".into())),
    ] {
        let proxy = Scripted::start(Script::says(says).speaking_first().then(Then::Hold));
        let address = format!("socks5h://{}", proxy.address);
        let prober = PathProber::new(by(&address), trusting(&root)).within(patient());
        let stages = climb(&prober, &target("api.test", 443));
        assert_eq!(statuses(&stages), [S::Absent, S::Ok, S::Failed, S::NotReached]);
        assert_eq!(seen(&stages[2].detail).2, Some(expected));
    }
    let open = Scripted::start(Script::says(reply(0)).speaking_first().then(Then::Hold));
    let address = format!("socks5h://user:{MARKER}@{}", open.address);
    let brief = Deadlines { tls: Duration::from_millis(200), ..patient() };
    let prober = PathProber::new(by(&address), trusting(&root)).within(brief);
    let stages = climb(&prober, &target("api.test", 443));
    assert_eq!(statuses(&stages), [S::Absent, S::Ok, S::Ok, S::Failed]);
}
