//! The loopback listener for consent callbacks, under the traffic that any web page and any program on the
//! machine can send to it.

use std::sync::Arc;
use std::time::Duration;

use conn::adapter::doorway::LoopbackDoorway;
use conn::base::Language;
use conn::port::doorway::{Doorway as _, DoorwayError, DoorwayHost, DoorwayPage, DoorwayWish, Listener};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::Url;

const STATE: &str = "5tateThatNobodyKnows";
const MARK: Option<(&str, &str)> = Some(("state", STATE));

/// Slow senders are cut after this; nobody else feels it.
const DEADLINE: Duration = Duration::from_millis(300);

fn wish() -> DoorwayWish {
    DoorwayWish {
        host: DoorwayHost::Address,
        port: None,
        path: "/callback".to_owned(),
        https: false,
        form_post: false,
    }
}

fn open(wish: &DoorwayWish) -> (Box<dyn Listener>, u16) {
    let door = LoopbackDoorway::new(Language::En, DEADLINE).open(wish).unwrap();
    let port = Url::parse(&door.redirect_uri()).unwrap().port().unwrap();
    (door, port)
}

fn page(text: &str) -> DoorwayPage {
    DoorwayPage { success: true, title: "Connected".to_owned(), text: text.to_owned() }
}

/// Sends bytes and reads all that comes back; a connection that is cut gives what came before.
async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, bytes: &[u8]) -> String {
    let _ = stream.write_all(bytes).await;
    read(&mut stream).await
}

async fn read(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

async fn connect(port: u16) -> TcpStream {
    TcpStream::connect(("127.0.0.1", port)).await.unwrap()
}

async fn send(port: u16, head: &str) -> String {
    exchange(connect(port).await, format!("{head}\r\n\r\n").as_bytes()).await
}

async fn get(port: u16, target: &str) -> String {
    send(port, &format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}")).await
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("cut")
}

fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let lines = answer.split("\r\n\r\n").next()?.lines();
    lines.filter_map(|line| line.split_once(": ")).find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// A page of ours keeps nothing, passes nothing on, loads nothing and repeats nothing.
fn assert_closed_page(answer: &str) {
    for (name, value) in [
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("connection", "close"),
        ("content-type", "text/html; charset=utf-8"),
    ] {
        assert_eq!(header(answer, name), Some(value), "{answer}");
    }
    assert!(
        header(answer, "content-security-policy").unwrap().starts_with("default-src 'none';"),
        "{answer}"
    );
    for echoed in [STATE, "<script", "evil", "http:", "https:"] {
        assert!(!answer.contains(echoed), "{echoed}: {answer}");
    }
}

/// Requests that are not the callback, each with the status that it gets.
fn hostile(port: u16) -> Vec<(String, &'static str)> {
    let with = |line: &str, rest: &str| format!("{line} HTTP/1.1\r\nHost: 127.0.0.1:{port}{rest}");
    let good = format!("/callback?code=evil&state={STATE}");
    vec![
        (with("GET /callback?code=evil&state=wrong", ""), "400"),
        (with(&format!("GET /callback?code=evil&state={}", &STATE[1..]), ""), "400"),
        (with(&format!("GET /callback?code=evil&state={STATE}%00"), ""), "400"),
        (with(&format!("GET /callback?code=evil&State={STATE}"), ""), "400"),
        (with("GET /callback?code=evil", ""), "400"),
        (with("GET /callback?error=access_denied&error_description=%3Cscript%3E", ""), "400"),
        (with("GET /callback", ""), "400"),
        (with("GET /callback?", ""), "400"),
        (with("GET /callback/done", ""), "404"),
        (with(&format!("GET /callback/?code=evil&state={STATE}"), ""), "404"),
        (with(&format!("GET /other?code=evil&state={STATE}"), ""), "404"),
        (with("GET /favicon.ico", &format!("\r\nReferer: http://127.0.0.1:{port}{good}")), "404"),
        (with("GET /robots.txt", ""), "404"),
        (with(&format!("POST {good}"), "\r\nContent-Length: 0"), "405"),
        (with(&format!("OPTIONS {good}"), "\r\nOrigin: https://evil.test"), "405"),
        (format!("GET {good} HTTP/1.1\r\nHost: evil.test"), "400"),
        (format!("GET {good} HTTP/1.1\r\nHost: localhost:{port}"), "400"),
        (with(&format!("GET {good}"), "\r\nHost: evil.test"), "400"),
        (format!("GET {good} HTTP/1.1"), "400"),
        (with(&format!("GET http://evil.test{good}"), ""), "400"),
        (with(&format!("GET {good}&x={}", "x".repeat(17 * 1024)), ""), "414"),
    ]
}

#[tokio::test]
async fn hostile_traffic_is_answered_and_the_true_callback_still_arrives() {
    let (mut door, port) = open(&wish());
    assert_eq!(door.redirect_uri(), format!("http://127.0.0.1:{port}/callback"));
    let browser = async {
        let (mut silent, mut slow) = (connect(port).await, connect(port).await);
        let unfinished =
            format!("GET /callback?code=evil&state={STATE} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n");
        slow.write_all(unfinished.as_bytes()).await.unwrap();
        for (head, expected) in hostile(port) {
            let answer = send(port, &head).await;
            assert_eq!(status(&answer), expected, "{}", &head[..head.len().min(200)]);
            assert_closed_page(&answer);
        }
        // These do not speak HTTP, or too much of it, and get no page of ours.
        let huge = format!("GET /callback?{}", "x".repeat(1024 * 1024));
        for bytes in [b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n".as_slice(), b"\0\0\r\n\r\n", huge.as_bytes()] {
            let answer = exchange(connect(port).await, bytes).await;
            assert!(matches!(status(&answer), "400" | "414" | "431" | "cut"), "{answer}");
        }
        for stream in [&mut silent, &mut slow] {
            let answer = read(stream).await;
            assert!(matches!(status(&answer), "408" | "cut"), "{answer}");
        }
        get(port, &format!("/callback?code=a%2Bb+c&scope=x&state={STATE}&scope=y&empty=")).await
    };
    let (parameters, answer) = tokio::join!(door.next(MARK), browser);
    let expected = [("code", "a+b c"), ("scope", "x"), ("state", STATE), ("scope", "y"), ("empty", "")];
    let parameters: Vec<(&str, &str)> = parameters.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(parameters, expected);
    assert_eq!((status(&answer), header(&answer, "location")), ("303", Some("/callback/done")));
    assert_closed_page(&answer);

    let replay = get(port, &format!("/callback?code=evil&state={STATE}")).await;
    assert_eq!(status(&replay), "410");
    assert_closed_page(&replay);
    assert_eq!(status(&get(port, "/favicon.ico").await), "404");

    let (last, ()) = tokio::join!(get(port, "/callback/done"), door.finish(page("a < b")));
    assert_eq!(status(&last), "200");
    assert_closed_page(&last);
    assert!(last.contains("<h1>✓ Connected</h1>") && last.contains("<p>a &lt; b</p>"), "{last}");
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err(), "the port stays open");
}

#[tokio::test]
async fn no_parameter_of_a_callback_leads_anywhere_else() {
    for path in ["/callback", "/callback/crm"] {
        for target in
            ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)", "%0d%0aX: y"]
        {
            let (mut door, port) = open(&DoorwayWish { path: path.to_owned(), ..wish() });
            let names = ["next", "redirect_uri", "return_to", "url", "continue", "RelayState", "callback"];
            let pairs = names.map(|name| format!("{name}={target}")).join("&");
            let callback = format!("{path}?code=c&state={STATE}&{pairs}").replace(' ', "%20");
            let (_, answer) = tokio::join!(door.next(MARK), get(port, &callback));
            let own = format!("{path}/done");
            assert_eq!((status(&answer), header(&answer, "location")), ("303", Some(&*own)), "{answer}");
            let own = format!("{own}?next={target}");
            let (last, ()) = tokio::join!(get(port, &own), door.finish(page("x")));
            assert!(header(&last, "location").is_none() && header(&last, "refresh").is_none(), "{last}");
            assert!(!last.contains("evil.test") && !last.contains("href"), "{last}");
        }
    }
}

#[tokio::test]
async fn a_crowd_that_says_nothing_keeps_nobody_out() {
    let (mut door, port) = open(&wish());
    let mut crowd = Vec::new();
    for _ in 0..50 {
        crowd.push(connect(port).await);
    }
    let callback = format!("/callback?state={STATE}");
    let (parameters, answer) = tokio::join!(door.next(MARK), get(port, &callback));
    assert_eq!((parameters.len(), status(&answer)), (1, "303"));
}

#[tokio::test]
async fn two_true_callbacks_at_once_are_one() {
    let (mut door, port) = open(&wish());
    let callback = format!("/callback?oauth_verifier=v&state={STATE}");
    let (first, second) = (get(port, &callback), get(port, &callback));
    let (_, first, second) = tokio::join!(door.next(None), first, second);
    let mut both = [status(&first), status(&second)];
    both.sort_unstable();
    assert_eq!(both, ["303", "410"]);
}

#[tokio::test]
async fn a_form_comes_in_the_body_where_it_was_wished() {
    let (mut door, port) = open(&DoorwayWish { form_post: true, ..wish() });
    let form_of = |kind: &str, body: &str| {
        let length = body.len();
        format!(
            "POST /callback HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: {kind}\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        )
    };
    let form = "application/x-www-form-urlencoded";
    let browser = async {
        let long = format!("code={}&state={STATE}", "x".repeat(70 * 1024));
        for (request, expected) in [
            (form_of("application/json", "{}"), "415"),
            (form_of(form, "code=1&state=wrong"), "400"),
            (form_of(form, ""), "400"),
            (form_of(form, &long), "413"),
        ] {
            let answer = exchange(connect(port).await, request.as_bytes()).await;
            assert!([expected, "cut"].contains(&status(&answer)), "{expected}: {answer}");
        }
        let request = form_of(form, &format!("code=c&state={STATE}"));
        exchange(connect(port).await, request.as_bytes()).await
    };
    let (parameters, answer) = tokio::join!(door.next(MARK), browser);
    assert_eq!(parameters[0], ("code".to_owned(), "c".to_owned()));
    assert_eq!(status(&answer), "303");
}

#[tokio::test]
async fn localhost_is_reached_over_both_families() {
    let families: &[&str] =
        if std::net::TcpListener::bind("[::1]:0").is_ok() { &["127.0.0.1", "::1"] } else { &["127.0.0.1"] };
    for family in families {
        let (mut door, port) = open(&DoorwayWish { host: DoorwayHost::Localhost, ..wish() });
        assert_eq!(door.redirect_uri(), format!("http://localhost:{port}/callback"));
        let stream = TcpStream::connect((*family, port)).await.unwrap();
        let request = format!("GET /callback?state={STATE} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
        let (_, answer) = tokio::join!(door.next(MARK), exchange(stream, request.as_bytes()));
        assert_eq!(status(&answer), "303", "{family}");
    }
}

#[tokio::test]
async fn a_port_that_is_taken_names_who_took_it() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = LoopbackDoorway::new(Language::En, DEADLINE)
        .open(&DoorwayWish { port: Some(port), ..wish() })
        .err()
        .unwrap();
    let DoorwayError::PortTaken { port: named, by } = &error else { panic!("{error}") };
    assert_eq!(*named, port);
    let pid = std::process::id();
    if cfg!(target_os = "linux") {
        assert!(by.as_ref().unwrap().ends_with(&format!("(PID {pid})")), "{by:?}");
        assert!(error.explain().ja.contains(&format!("(PID {pid})")));
    }
}

#[tokio::test]
async fn a_door_that_is_dropped_is_closed_at_once_and_its_port_is_free() {
    let (door, port) = open(&wish());
    // A listener on all addresses would not leave this one free.
    #[cfg(target_os = "linux")]
    drop(std::net::TcpListener::bind(("127.0.0.2", port)).unwrap());
    drop(door);
    let (again, same) = open(&DoorwayWish { port: Some(port), ..wish() });
    assert_eq!(port, same);
    // Nobody came, so nobody waits for a page.
    again.finish(page("unseen")).await;
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err(), "the port stays open");
}

fn client(certificate: Option<&[u8]>) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    if let Some(certificate) = certificate {
        roots.add(CertificateDer::from(certificate.to_vec())).unwrap();
    }
    let config = ClientConfig::builder_with_provider(conn::wire::trust::provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

#[tokio::test]
async fn over_https_the_certificate_is_for_the_host_and_for_this_run() {
    for (host, name) in [(DoorwayHost::Address, "127.0.0.1"), (DoorwayHost::Localhost, "localhost")] {
        let (mut door, port) = open(&DoorwayWish { host, https: true, ..wish() });
        assert_eq!(door.redirect_uri(), format!("https://{name}:{port}/callback"));
        let trusting = client(door.certificate());
        let server = ServerName::try_from(name).unwrap();
        let browser = async {
            let stranger = client(None).connect(server.clone(), connect(port).await).await;
            assert!(stranger.is_err(), "a certificate that nobody trusts was taken");
            assert_eq!(status(&get(port, "/callback").await), "cut");
            let stream = trusting.connect(server.clone(), connect(port).await).await.unwrap();
            let request = format!("GET /callback?state={STATE} HTTP/1.1\r\nHost: {name}:{port}\r\n\r\n");
            exchange(stream, request.as_bytes()).await
        };
        let (_, answer) = tokio::join!(door.next(MARK), browser);
        assert_eq!(status(&answer), "303");
    }
}

#[tokio::test]
async fn the_pages_speak_the_persons_language() {
    let door = LoopbackDoorway::new(Language::Ja, DEADLINE).open(&wish()).unwrap();
    let port = Url::parse(&door.redirect_uri()).unwrap().port().unwrap();
    let answer = get(port, "/favicon.ico").await;
    assert!(answer.contains("<html lang=\"ja\">") && answer.contains("受け付けられません"), "{answer}");
}
