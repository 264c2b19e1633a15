//! Certificates and handshakes, with the prober and with the carrier.

use std::sync::Arc;
use std::time::Duration;

use conn::adapter::http::HttpCarrier;
use conn::diagnosis::Fault;
use conn::diagnosis::fact::{Roots, StageDetail, StageStatus as S, TlsFault};
use conn::port::Target;
use conn::probe::{Deadlines, PathProber};
use conn::wire::Trust;
use rcgen::date_time_ymd;
use rustls::version::{TLS12, TLS13};

use super::{climb, direct, get, patient, statuses, target, tls_fault, trusting};
use crate::support::certificate::{Authority, Identity, issuer_address};
use crate::support::nginx::Nginx;
use crate::support::scripted::{Script, Scripted, Then, answer};

fn prober(trust: Arc<Trust>) -> PathProber {
    PathProber::new(direct(), trust).within(patient())
}

fn served(identity: &Identity) -> Scripted {
    Scripted::start(Script::says(answer("200 OK", "", b"{}")).over(identity.server()))
}

#[test]
fn a_good_certificate_is_accepted_and_shown() {
    let root = Authority::root("conn tests", "Test Root");
    let server = served(&root.intermediate("Test Issuing").good());
    let stages = climb(&prober(trusting(&root)), &target("127.0.0.1", server.address.port()));
    assert_eq!(statuses(&stages), [S::Ok, S::Ok, S::Absent, S::Ok]);
    let StageDetail::Tls { version, chain, roots, fault, .. } = &stages[3].detail else { panic!() };
    assert_eq!((version.as_deref(), fault), (Some("TLS 1.3"), &None));
    assert_eq!(roots, &Some(Roots::File(root.file().display().to_string())));
    assert_eq!(chain.len(), 2);
    assert_eq!(chain[0].names, ["localhost", "127.0.0.1", "api.test"]);
    assert_eq!(chain[0].issuer, "O=conn tests, CN=Test Issuing");
    assert!(server.heard().is_empty(), "the prober sends no request");
    let carrier = HttpCarrier::new(direct(), trusting(&root));
    assert_eq!(get(&carrier, server.url("https", "/").as_str()).unwrap().status, 200);
}

#[test]
fn each_bad_certificate_has_its_own_fault_and_no_request_goes_to_it() {
    let root = Authority::root("conn tests", "Test Root");
    let private = Authority::root("Acme", "Acme Root CA");
    let between = root.intermediate("Test Issuing CA 1");
    let fortinet = Authority::root("Fortinet", "FG100FTK20001234");
    let expected = TlsFault::WrongName { expected: "127.0.0.1".into() };
    for (name, identity, expected) in [
        ("expired", root.issue(|p| p.not_after = date_time_ymd(2020, 1, 1)), TlsFault::Expired),
        ("future", root.issue(|p| p.not_before = date_time_ymd(2999, 1, 1)), TlsFault::NotYetValid),
        ("wrong name", root.issue(|p| p.subject_alt_names.truncate(1)), expected),
        ("self-signed", Identity::self_signed(), TlsFault::SelfSigned),
        ("private authority", private.good(), TlsFault::UnknownIssuer),
        ("missing intermediate", between.good().alone(), TlsFault::ChainIncomplete),
        (
            "missing issuer with an address",
            private.issue(|p| p.custom_extensions.push(issuer_address())),
            TlsFault::ChainIncomplete,
        ),
        ("inspection", fortinet.good(), TlsFault::Intercepted("Fortinet FortiGate".into())),
    ] {
        let server = served(&identity);
        let stages = climb(&prober(trusting(&root)), &target("127.0.0.1", server.address.port()));
        assert_eq!(statuses(&stages), [S::Ok, S::Ok, S::Absent, S::Failed], "{name}");
        assert_eq!(tls_fault(&stages), Some(expected.clone()), "{name}");
        let StageDetail::Tls { chain, .. } = &stages[3].detail else { panic!() };
        assert_eq!(chain.len(), identity.chain.len(), "{name}: the chain is kept");
        let carrier = HttpCarrier::new(direct(), trusting(&root));
        let outcome = get(&carrier, server.url("https", "/").as_str());
        assert_eq!(outcome, Err(Fault::Tls(expected)), "{name}");
        let bare = |head: &String| head.starts_with("HEAD / ") && !head.contains("Authorization");
        assert!(
            server.heard().iter().all(bare),
            "{name}: no more is sent to it than a question for the time"
        );
    }
}

#[test]
fn a_further_authority_is_trusted_beside_the_others_and_only_where_it_is_named() {
    let (root, private) =
        (Authority::root("conn tests", "Test Root"), Authority::root("Acme", "Acme Root CA"));
    let port = served(&private.good());
    let named = Target { ca_file: Some(private.file()), ..target("127.0.0.1", port.address.port()) };
    let prober = prober(trusting(&root));
    assert_eq!(tls_fault(&climb(&prober, &named)), None);
    let unnamed = target("127.0.0.1", port.address.port());
    assert_eq!(tls_fault(&climb(&prober, &unnamed)), Some(TlsFault::UnknownIssuer));
    let public = served(&root.good());
    let both = Target { ca_file: Some(private.file()), ..target("127.0.0.1", public.address.port()) };
    assert_eq!(tls_fault(&climb(&prober, &both)), None);
}

#[test]
fn a_trust_store_that_cannot_be_read_trusts_nobody() {
    let root = Authority::root("conn tests", "Test Root");
    let server = served(&root.good());
    let empty = tempfile::NamedTempFile::new().unwrap();
    for file in [empty.path().to_owned(), "/nonexistent/ca.pem".into()] {
        let trust = Arc::new(Trust::new(Some(file)));
        let stages = climb(&prober(trust), &target("127.0.0.1", server.address.port()));
        assert_eq!(tls_fault(&stages), Some(TlsFault::NoTrustStore));
    }
}

#[test]
fn a_server_that_wants_a_client_certificate_is_recognised_in_both_versions() {
    let root = Authority::root("conn tests", "Test Root");
    for version in [&TLS12, &TLS13] {
        let config = root.good().server_asking(&root, version);
        let server = Scripted::start(Script::says(answer("200 OK", "", b"{}")).over(config));
        let stages = climb(&prober(trusting(&root)), &target("127.0.0.1", server.address.port()));
        assert_eq!(tls_fault(&stages), Some(TlsFault::ClientCertificateRequired), "{version:?}");
    }
}

#[test]
fn what_is_not_tls_is_told_from_silence_and_from_a_cut() {
    let brief = Deadlines { tls: Duration::from_millis(300), ..patient() };
    for (script, expected) in [
        (
            Script::says("HTTP/1.1 400 Bad Request\r\n\r\n").speaking_first().then(Then::Hold),
            TlsFault::NotTls,
        ),
        (Script::says("SSH-2.0-OpenSSH_9.2\r\n").speaking_first().then(Then::Hold), TlsFault::NotTls),
        (Script::says("").speaking_first(), TlsFault::Reset),
        (Script::says("").speaking_first().then(Then::Hold), TlsFault::Timeout),
    ] {
        let server = Scripted::start(script);
        let prober = PathProber::new(direct(), Arc::new(Trust::new(None))).within(brief);
        let stages = climb(&prober, &target("127.0.0.1", server.address.port()));
        assert_eq!(tls_fault(&stages), Some(expected));
    }
}

#[test]
fn nginx_is_reached_over_http2_and_its_own_words_come_back() {
    let root = Authority::root("conn tests", "Test Root");
    let Some(nginx) = Nginx::start(&root.good(), "") else { return };
    let stages = climb(&prober(trusting(&root)), &target("localhost", nginx.port));
    assert_eq!(statuses(&stages), [S::Ok, S::Ok, S::Absent, S::Ok]);
    let StageDetail::Tls { protocol, .. } = &stages[3].detail else { panic!() };
    assert_eq!(protocol.as_deref(), Some("h2"));
    let carrier = HttpCarrier::new(direct(), trusting(&root));
    let response = get(&carrier, &format!("https://localhost:{}/", nginx.port)).unwrap();
    assert_eq!((response.status, response.version.as_str()), (200, "HTTP/2.0"));
    assert_eq!(response.body, br#"{"by":"nginx"}"#);
    let response = get(&carrier, &format!("http://localhost:{}/", nginx.port)).unwrap();
    assert_eq!(response.status, 400);
    assert!(response.text().contains("plain HTTP request was sent to HTTPS port"));
}

#[test]
fn nginx_that_wants_a_client_certificate_says_so_in_its_answer() {
    let root = Authority::root("conn tests", "Test Root");
    let further = format!("ssl_verify_client on; ssl_client_certificate {};", root.file().display());
    let Some(nginx) = Nginx::start(&root.good(), &further) else { return };
    let stages = climb(&prober(trusting(&root)), &target("localhost", nginx.port));
    assert_eq!(tls_fault(&stages), None, "nginx finishes the handshake");
    let carrier = HttpCarrier::new(direct(), trusting(&root));
    let response = get(&carrier, &format!("https://localhost:{}/", nginx.port)).unwrap();
    assert_eq!(response.status, 400);
    assert!(response.text().contains("No required SSL certificate was sent"));
}

#[test]
fn nginx_that_speaks_only_old_versions_has_no_common_protocol() {
    let root = Authority::root("conn tests", "Test Root");
    let further = "ssl_protocols TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;";
    let Some(nginx) = Nginx::start(&root.good(), further) else { return };
    let stages = climb(&prober(trusting(&root)), &target("localhost", nginx.port));
    assert_eq!(tls_fault(&stages), Some(TlsFault::Protocol));
}
