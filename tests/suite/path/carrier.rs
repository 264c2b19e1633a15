//! The carrier against servers that misbehave.

use std::sync::Arc;
use std::time::Duration;

use conn::adapter::http::HttpCarrier;
use conn::base::process::Variables;
use conn::base::{Header, Request, Response};
use conn::diagnosis::Fault;
use conn::diagnosis::fact::{ConnectFault, HttpFault, TlsFault};
use conn::port::{Carrier, Route};
use conn::wire::{ProxySettings, Trust};
use zeroize::Zeroizing;

use crate::support::scripted::{Script, Scripted, Then, answer};

const MARKER: &str = "marker-0123456789";

fn carrier() -> HttpCarrier {
    HttpCarrier::new(Arc::new(ProxySettings::direct()), Arc::new(Trust::new(None)))
}

fn short() -> Route {
    let brief = Duration::from_millis(200);
    Route { connect: brief, first_byte: brief, idle: brief, body_cap: 64 * 1024, ..Route::default() }
}

fn credentialed(url: url::Url) -> Request {
    let mut request = Request::new("GET", url);
    request.url.query_pairs_mut().append_pair("api_key", MARKER);
    request.headers.push(Header::secret("X-Api-Key", Zeroizing::new(MARKER.to_owned())));
    request.credentialed = true;
    request
}

fn send(carrier: &HttpCarrier, request: &Request, route: &Route) -> Result<Response, Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let exchange = runtime.block_on(carrier.send(request, route));
    let shown = format!("{exchange:?} {request:?} {carrier:?}");
    assert!(!shown.contains(MARKER), "{shown}");
    exchange.outcome
}

fn fetch(script: Script) -> Result<Response, Fault> {
    let server = Scripted::start(script);
    send(&carrier(), &credentialed(server.url("http", "/me")), &short())
}

#[test]
fn a_redirect_is_an_answer_and_the_other_host_hears_nothing() {
    let attacker = Scripted::start(Script::says(answer("200 OK", "", b"caught")));
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        for target in [attacker.url("http", "/steal").to_string(), format!("//{}/x", attacker.address)] {
            let location = format!("Location: {target}\r\nRefresh: 0; url={target}\r\n");
            let server = Scripted::start(Script::says(answer(status, &location, b"")));
            let response = send(&carrier(), &credentialed(server.url("http", "/me")), &short()).unwrap();
            assert_eq!(response.header("location"), Some(target.as_str()));
            assert_eq!(response.status.to_string(), status[..3]);
            assert_eq!(server.heard().len(), 1);
        }
    }
    assert_eq!(attacker.connections(), 0);
}

#[test]
fn a_request_carries_its_headers_and_nothing_that_was_not_asked_for() {
    let server = Scripted::start(Script::says(answer("200 OK", "Set-Cookie: a=b\r\n", b"{}")));
    let carrier = carrier();
    for _ in 0..2 {
        send(&carrier, &credentialed(server.url("http", "/me")), &short()).unwrap();
    }
    let heard = server.heard();
    assert_eq!(heard.len(), 2);
    let second = heard[1].to_lowercase();
    assert!(second.contains(&format!("x-api-key: {MARKER}")), "{second}");
    assert!(second.contains("accept-encoding: gzip\r\n") && second.contains("user-agent: conn/"), "{second}");
    assert!(!second.contains("cookie") && !second.contains("referer"), "{second}");
}

#[test]
fn plain_http_to_another_machine_is_refused_before_anything_is_sent() {
    for (url, code) in [
        ("http://192.0.2.1/", "CONN-CFG-HOST-INSECURE"),
        ("http://api.example.com/", "CONN-CFG-HOST-INSECURE"),
        ("http://localhost.example.com/", "CONN-CFG-HOST-INSECURE"),
        ("ftp://127.0.0.1/", "CONN-CFG-HOST-FORM"),
        ("file:///etc/passwd", "CONN-CFG-HOST-FORM"),
    ] {
        let outcome = send(&carrier(), &Request::new("GET", url.parse().unwrap()), &short());
        assert_eq!(outcome, Err(Fault::Local(code.into())), "{url}");
    }
}

#[test]
fn loopback_is_not_proxied_whatever_the_environment_says() {
    let proxy = Scripted::start(Script::says(answer("200 OK", "", b"proxied")));
    let server = Scripted::start(Script::says(answer("200 OK", "", b"direct")));
    let mut variables = Variables::default();
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
        variables.set(name, format!("http://user:{MARKER}@{}", proxy.address));
    }
    let proxies = Arc::new(ProxySettings::gather(None, &variables).unwrap());
    let carrier = HttpCarrier::new(proxies, Arc::new(Trust::new(None)));
    let response = send(&carrier, &credentialed(server.url("http", "/")), &short()).unwrap();
    assert_eq!(response.body, b"direct");
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn a_body_is_read_up_to_the_cap_of_decoded_bytes() {
    let long = vec![b'a'; 200 * 1024];
    let response = fetch(Script::says(answer("200 OK", "", &long))).unwrap();
    assert_eq!((response.body.len(), response.truncated), (64 * 1024, true));
    let bomb = answer("200 OK", "Content-Encoding: gzip\r\n", &gzip_bomb());
    assert!(bomb.len() < 16 * 1024);
    let response = fetch(Script::says(bomb)).unwrap();
    assert_eq!((response.body.len(), response.truncated), (64 * 1024, true));
    let response = fetch(Script::says(answer("200 OK", "", b"{}"))).unwrap();
    assert_eq!((response.body.as_slice(), response.truncated), (b"{}".as_slice(), false));
}

/// Ten MiB of zeros.
fn gzip_bomb() -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(vec![], flate2::Compression::best());
    encoder.write_all(&vec![0; 10 * 1024 * 1024]).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn each_way_of_not_answering_has_its_own_fault() {
    use HttpFault as F;
    let plain = |bytes: &str| Script::says(bytes.as_bytes());
    let gzip = |body: &[u8]| Script::says(answer("200 OK", "Content-Encoding: gzip\r\n", body));
    let half = &gzip_bomb()[..30];
    let many = "X-A: b\r\n".repeat(300);
    let huge = format!("X-A: {}\r\n", "b".repeat(1024 * 1024));
    for (name, script, expected) in [
        ("silence", plain("").then(Then::Hold), F::NoAnswer),
        ("half a head", plain("HTTP/1.1 200 OK\r\nX-A").then(Then::Hold), F::NoAnswer),
        ("endless 100", plain(&"HTTP/1.1 100 Continue\r\n\r\n".repeat(9)).then(Then::Hold), F::NoAnswer),
        ("closed at once", plain(""), F::Empty),
        (
            "a stalled body",
            plain("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab").then(Then::Hold),
            F::Stalled,
        ),
        ("a short body", plain("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"), F::Truncated),
        (
            "a short chunk",
            plain("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nab"),
            F::Truncated,
        ),
        ("too many headers", Script::says(answer("200 OK", &many, b"")), F::HeadTooLarge),
        ("too long a header", Script::says(answer("200 OK", &huge, b"")), F::HeadTooLarge),
        ("no gzip", gzip(b"this is no gzip at all"), F::BadEncoding),
        ("half a gzip", gzip(half), F::Truncated),
    ] {
        assert_eq!(fetch(script), Err(Fault::Http(expected)), "{name}");
    }
    for (name, script) in [
        ("another protocol", plain("220 mail ESMTP\r\n")),
        ("a wrong chunk size", plain("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")),
        ("two lengths", plain("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")),
        (
            "a final 101",
            plain("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
        ),
    ] {
        let outcome = fetch(script);
        assert!(matches!(outcome, Err(Fault::Http(F::NotHttp(_)))), "{name}: {outcome:?}");
    }
}

#[test]
fn a_drip_ends_with_the_deadline_of_the_whole() {
    let server =
        Scripted::start(Script::says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n").then(Then::Hold));
    let route = Route { total: Duration::from_millis(100), ..short() };
    let outcome = send(&carrier(), &credentialed(server.url("http", "/")), &route);
    assert_eq!(outcome, Err(Fault::Http(HttpFault::Stalled)));
    let server = Scripted::start(Script::says("HTTP/1.1 200 OK\r\nX-A").then(Then::Hold));
    let outcome = send(&carrier(), &credentialed(server.url("http", "/")), &route);
    assert_eq!(outcome, Err(Fault::Deadline));
}

#[test]
fn a_closed_port_and_a_port_without_tls_are_told_apart() {
    let gone = Scripted::start(Script::says("")).address;
    let url = format!("https://{gone}/").parse().unwrap();
    let outcome = send(&carrier(), &credentialed(url), &short());
    assert_eq!(outcome, Err(Fault::Connect(ConnectFault::Refused)));
    let plain =
        Scripted::start(Script::says("HTTP/1.1 400 Bad Request\r\n\r\n").speaking_first().then(Then::Hold));
    let outcome = send(&carrier(), &credentialed(plain.url("https", "/")), &short());
    assert_eq!(outcome, Err(Fault::Tls(TlsFault::NotTls)));
}

#[test]
fn a_secret_that_no_header_can_hold_is_refused_without_being_shown() {
    let server = Scripted::start(Script::says(answer("200 OK", "", b"")));
    let mut request = Request::new("GET", server.url("http", "/"));
    request.headers.push(Header::secret("X-Api-Key", Zeroizing::new(format!("{MARKER}\n"))));
    let outcome = send(&carrier(), &request, &short());
    assert_eq!(outcome, Err(Fault::Local("CONN-SEC-WHITESPACE".into())));
    assert_eq!(server.connections(), 0);
}
