//! `conn proxy`: what is passed on, and everything on this machine that must not come through.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use conn::sandbox::Credentials;
use rustix::process::Signal;

use crate::support::passage::{Passage, status};
use crate::support::scripted::{Script, Scripted, Then};
use crate::support::site::{Site, files};

fn site() -> Site {
    let site = Site::with(Credentials::generate());
    site.add_crm();
    site.sandbox.control().forget_requests();
    site
}

fn open(site: &Site, words: &str) -> Passage {
    Passage::start(site.command(&format!("proxy crm --format json {words}")))
}

/// What came to the service at this path.
fn came(site: &Site, path: &str) -> Vec<conn::sandbox::Received> {
    site.sandbox.requests().into_iter().filter(|request| request.path == path).collect()
}

#[test]
fn a_call_gets_the_authentication_and_nothing_of_the_proxy_s_own_leaves() {
    let site = site();
    let proxy = open(&site, "");
    let cookie =
        ["Cookie: other=program", "Referer: http://x.example/", "X-Forwarded-For: 1.2.3.4", "X-Mine: yes"];
    let (host, bearer) = (proxy.host(), proxy.bearer());
    let headers = [&[&*host, &*bearer], &cookie[..]].concat();
    let answer = proxy.call("GET /api/contacts?limit=1", &headers, "");
    assert!(status(&answer) == 200 && answer.contains("Alice"), "{answer}");
    let [request] = &came(&site, "/api/contacts")[..] else { panic!("{answer}") };
    assert_eq!(request.header("x-api-key"), Some(&*site.sandbox.credentials().key));
    assert_eq!((request.query.as_str(), request.header("x-mine")), ("limit=1", Some("yes")));
    for name in ["authorization", "cookie", "referer", "x-forwarded-for"] {
        assert_eq!(request.header(name), None, "{name}");
    }
    assert!(!request.mentions(&proxy.token));
    // A key that a program brings itself does not stand beside the connection's own.
    let own = "X-Api-Key: of-the-program";
    proxy.call("GET /api/deals", &[&proxy.host(), &proxy.bearer(), own], "");
    assert_eq!(came(&site, "/api/deals")[0].header("x-api-key"), Some(&*site.sandbox.credentials().key));
}

#[test]
fn a_body_and_every_method_pass_and_a_challenge_is_answered_on_the_way() {
    let site = Site::with(Credentials::generate());
    site.must(
        "add crm --connector sandbox --method digest --set address={url} --set user=hanako@example.test --secret \
         password=env:PASSWORD",
    );
    let proxy = open(&site, "");
    let (host, bearer) = (proxy.host(), proxy.bearer());
    let headers = [&*host, &*bearer, "Content-Type: application/json"];
    let answer = proxy.call("POST /api/anything", &headers, r#"{"name": "Taro"}"#);
    assert_ne!(status(&answer), 401, "{answer}");
    let requests = site.sandbox.requests();
    let last = requests.iter().rfind(|request| request.method == "POST").unwrap();
    assert_eq!(last.body, br#"{"name": "Taro"}"#);
    assert!(last.header("authorization").is_some_and(|value| value.starts_with("Digest ")));
    assert_eq!(last.header("content-type"), Some("application/json"));
}

#[test]
fn a_body_that_cannot_carry_the_key_is_answered_by_the_proxy_itself() {
    let site = Site::with(Credentials::generate());
    site.must("add inform --connector sandbox --method form --set address={url} --secret api_key=env:KEY");
    site.sandbox.control().forget_requests();
    let proxy = Passage::start(site.command("proxy inform --format json"));
    let call = |kind: &str, body: &str| {
        let kind = format!("Content-Type: {kind}");
        proxy.call("POST /api/contacts", &[&proxy.host(), &proxy.bearer(), &kind], body)
    };
    let answer = call("application/json", r#"{"name": "Taro"}"#);
    assert!(status(&answer) == 415 && answer.contains("x-conn-proxy: "), "{answer}");
    assert!(answer.contains("The credential of inform travels in a form"), "{answer}");
    assert!(came(&site, "/api/contacts").is_empty());
    call("application/x-www-form-urlencoded", "name=Taro");
    let [request] = &came(&site, "/api/contacts")[..] else { panic!("one call") };
    assert!(request.body.starts_with(b"name=Taro&api_key="), "{:?}", request.body);
}

#[test]
fn nothing_hostile_on_this_machine_comes_through() {
    let site = site();
    let proxy = open(&site, "--path /api/contacts");
    let (host, bearer) = (proxy.host(), proxy.bearer());
    let port = proxy.address.port();
    let wrong = format!("Authorization: Bearer {}", "x".repeat(43));
    let rebound = format!("Host: rebound.example:{port}");
    let localhost = format!("Host: localhost:{port}");
    let long = format!("X-Long: {}", "x".repeat(40_000));
    for (line, headers, expected) in [
        ("GET /api/contacts", vec![&*host], 401),
        ("GET /api/contacts", vec![&host, &wrong], 401),
        ("GET /api/contacts", vec![&host, "Authorization: Basic eDp5"], 401),
        ("GET /api/contacts", vec![&host, &bearer, &wrong], 401),
        ("GET /api/contacts", vec![&bearer], 421),
        ("GET /api/contacts", vec![&rebound, &bearer], 421),
        ("GET /api/contacts", vec![&localhost, &bearer], 421),
        ("GET /api/contacts", vec!["Host: 127.0.0.1", &bearer], 421),
        ("GET /api/contacts", vec![&host, &rebound, &bearer], 421),
        ("GET /api/contacts", vec![&host, &bearer, "Origin: https://evil.example"], 403),
        ("GET /api/contacts", vec![&host, &bearer, "Origin: null"], 403),
        ("OPTIONS /api/contacts", vec![&host, "Origin: https://evil.example"], 403),
        ("GET /api/contacts", vec![&host, &bearer, "Sec-Fetch-Site: same-site"], 403),
        ("GET /api/contacts/../accounts", vec![&host, &bearer], 403),
        ("GET /api/contacts/%2e%2e/accounts", vec![&host, &bearer], 403),
        ("GET /api/contacts/..%2Faccounts", vec![&host, &bearer], 403),
        ("GET //evil.example/api/contacts", vec![&host, &bearer], 403),
        ("GET /api/accounts", vec![&host, &bearer], 403),
        ("GET http://evil.example/contacts", vec![&host, &bearer], 400),
        ("CONNECT evil.example:443", vec![&host, &bearer], 400),
        ("TRACE /api/contacts", vec![&host, &bearer], 405),
        ("GET /api/contacts", vec![&host, &bearer, "Upgrade: websocket"], 400),
        ("GET /api/contacts", vec![&host, &bearer, &long], 431),
    ] {
        let answer = proxy.call(line, &headers, "");
        let shown: String = answer.chars().take(400).collect();
        assert_eq!(status(&answer), expected, "{line}: {shown}");
        assert!(!answer.to_ascii_lowercase().contains("access-control-"), "{shown}");
        assert!(
            !answer.contains(&site.sandbox.credentials().key) && !answer.contains(&proxy.token),
            "{shown}"
        );
    }
    let headers = [&*host, &*bearer, "Content-Length: 99999999999"];
    assert_eq!(status(&proxy.call("POST /api/contacts", &headers, "")), 413);
    assert_eq!(status(&proxy.raw(b"\x16\x03\x01\x02\x00\x01\x00")), 400, "TLS is no HTTP");
    // A length beside pieces must not let one call hide in another.
    let hidden = [&*host, &*bearer, "Content-Length: 4", "Transfer-Encoding: chunked"];
    let answer = proxy.call("POST /api/contacts", &hidden, "0\r\n\r\nGET /api/accounts HTTP/1.1\r\n");
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    let paths: Vec<_> = site
        .sandbox
        .requests()
        .into_iter()
        .map(|request| format!("{} {}", request.method, request.path))
        .collect();
    assert_eq!(paths, ["POST /api/contacts"]);
    assert_eq!(status(&proxy.ask("GET /api/contacts")), 200);
}

#[test]
fn methods_may_be_restricted() {
    let site = site();
    let proxy = open(&site, "--method get,HEAD");
    assert_eq!(status(&proxy.ask("GET /api/contacts")), 200);
    assert_eq!(status(&proxy.ask("HEAD /api/contacts")), 200);
    let answer = proxy.ask("DELETE /api/contacts/1");
    assert!(status(&answer) == 405 && answer.contains("x-conn-proxy: turned-away"), "{answer}");
    assert!(came(&site, "/api/contacts/1").is_empty());
}

#[test]
fn a_limit_of_the_service_reaches_the_program_with_its_retry_after() {
    let site = site();
    let proxy = open(&site, "");
    site.sandbox.control().fail("rate-limit").unwrap();
    let answer = proxy.ask("GET /api/contacts");
    assert!(status(&answer) == 429 && answer.to_ascii_lowercase().contains("retry-after:"), "{answer}");
}

/// A service that counts, and says that nothing is left for an hour.
const COUNTING: &str = r#"
[connectors.counting]
name = "Counting"
base = "http://ADDRESS"
limits = { remaining = "x-left", reset = "x-reset" }
[connectors.counting.auth.key]
kind = "bearer"
header.Authorization = "Bearer {token}"
[connectors.counting.auth.key.params.token]
label = "Token"
[connectors.counting.test]
request = "GET /me"
ok = { status = 200 }
[connections.crm]
connector = "counting"
secrets.token = "env:KEY"
"#;

fn counting(service: &Scripted) -> Site {
    let site = Site::with(Credentials::generate());
    let file = site.definition_file();
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, COUNTING.replace("ADDRESS", &service.address.to_string())).unwrap();
    site.must("connect crm");
    site
}

#[test]
fn no_call_goes_out_while_the_service_said_that_none_is_left() {
    let head =
        "HTTP/1.1 200 OK\r\nX-Left: 0\r\nX-Reset: 3600\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
    let service = Scripted::start(Script::says(head));
    let site = counting(&service);
    let proxy = open(&site, "");
    assert_eq!(status(&proxy.ask("GET /one")), 200);
    let calls = service.heard().len();
    let answer = proxy.ask("GET /two");
    assert!(status(&answer) == 429 && answer.contains("retry-after: 3"), "{answer}");
    assert_eq!(service.heard().len(), calls);
}

#[test]
fn a_program_that_follows_what_an_answer_names_stays_at_the_proxy() {
    let service = Scripted::start(Script::says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));
    let site = counting(&service);
    let proxy = open(&site, "");
    let (real, own) = (format!("http://{}", service.address), format!("http://{}", proxy.address));
    service.say(format!(
        "HTTP/1.1 302 Found\r\nLocation: {real}/moved?x=1\r\nContent-Location: /contacts/7\r\n\
         Link: <{real}/contacts?page=2>; rel=\"next\", <https://docs.example/>; rel=\"help\"\r\n\
         Content-Length: 0\r\nConnection: close\r\n\r\n"
    ));
    let answer = proxy.ask("GET /contacts");
    for header in [
        format!("location: {own}/moved?x=1\r\n"),
        format!("content-location: {own}/contacts/7\r\n"),
        format!("link: <{own}/contacts?page=2>; rel=\"next\", <https://docs.example/>; rel=\"help\"\r\n"),
    ] {
        assert!(answer.contains(&format!("\n{header}")), "{header}: {answer}");
    }
}

#[test]
fn a_call_for_another_host_is_told_which_is_meant() {
    let site = site();
    for (language, before, after) in
        [("en", "Send it to http://", ", with the header Host: "), ("ja", "http://", " に、Host: ")]
    {
        let proxy = open(&site, &format!("--lang {language}"));
        let address = proxy.address;
        let answer = proxy.call("GET /api/contacts", &[&format!("Host: localhost:{}", address.port())], "");
        assert!(answer.contains(&format!("{before}{address}{after}{address}")), "{answer}");
    }
}

#[test]
fn an_answer_is_passed_on_piece_by_piece_and_may_be_longer_than_conn_would_read() {
    let piece = "x".repeat(3 * 1024 * 1024);
    let whole =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{piece}", piece.len());
    let service = Scripted::start(Script::says(whole));
    let site = counting(&service);
    let proxy = open(&site, "");
    assert!(proxy.ask("GET /long").ends_with(&piece));
}

#[test]
fn what_has_come_of_an_answer_is_here_while_the_service_is_still_silent() {
    let part = "HTTP/1.1 200 OK\r\nContent-Length: 14\r\nX-Left: 9\r\n\r\nthe first part";
    let service = Scripted::start(Script::says(part).then(Then::Hold));
    let site = counting(&service);
    // From now on the whole is longer than what is said.
    let longer = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nthe first part";
    service.say(longer);
    let proxy = open(&site, "");
    let mut stream = TcpStream::connect(proxy.address).unwrap();
    stream
        .write_all(format!("GET / HTTP/1.1\r\n{}\r\n{}\r\n\r\n", proxy.host(), proxy.bearer()).as_bytes())
        .unwrap();
    let mut heard = vec![];
    let mut byte = [0];
    while !heard.ends_with(b"the first part") {
        stream.read_exact(&mut byte).unwrap();
        heard.push(byte[0]);
    }
}

#[test]
fn a_connection_that_is_paused_carries_nothing_more() {
    let site = site();
    let proxy = open(&site, "");
    assert_eq!(status(&proxy.ask("GET /api/contacts")), 200);
    site.must("disable crm");
    // What was found connected a moment ago is taken for it; then it is looked at again.
    let refused = (0..1_000_000).map(|_| proxy.ask("GET /api/contacts")).find(|answer| status(answer) != 200);
    let refused = refused.unwrap();
    assert!(status(&refused) == 503 && refused.contains("x-conn-proxy: CONN-CFG-DISABLED"), "{refused}");
    let run = site.run("proxy crm");
    assert!(run.exit == 5 && run.stdout.is_empty(), "{}", run.all());
}

#[test]
fn a_service_that_cannot_be_reached_is_told_apart_from_one_that_answers() {
    let mut site = site();
    let proxy = open(&site, "--lang ja");
    site.stop();
    let answer = proxy.ask("GET /api/contacts");
    assert!(status(&answer) == 502 && answer.contains("x-conn-proxy: CONN-NET-"), "{answer}");
    assert!(answer.contains("待ち受けているサービスがありません"), "{answer}");
}

#[test]
fn it_ends_with_a_sentence_and_its_token_file_is_private_and_emptied() {
    use std::os::unix::fs::PermissionsExt as _;
    let site = site();
    let mut proxy = open(&site, "--token-file token");
    let file = site.path("work/token");
    proxy.token = std::fs::read_to_string(&file).unwrap().trim().to_owned();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(status(&proxy.ask("GET /api/contacts")), 200);
    let (exit, said) = proxy.end(Signal::INT);
    assert_eq!(exit, 0, "{said}");
    assert!(said.contains("with the authentication of crm.") && said.contains("Ctrl-C ends it."), "{said}");
    assert!(said.ends_with("The proxy has ended; calls passed on: 1.\n"), "{said}");
    let told = format!("with the token in {}", file.display());
    assert!(said.contains(&told) && !said.contains(&proxy.token), "{said}");
    assert_eq!(std::fs::read(&file).unwrap(), b"");
    let (exit, said) = open(&site, "--lang ja").end(Signal::TERM);
    assert!(exit == 0 && said.contains("プロキシを終了しました"), "{said}");
}

#[test]
fn neither_its_log_nor_anything_it_leaves_behind_holds_a_secret() {
    let site = site();
    let mut proxy = open(&site, "-vvv --log-file log");
    proxy.ask("GET /api/contacts?password=of-the-program");
    proxy.call("GET /api/contacts", &[&proxy.host()], "");
    site.sandbox.control().fail("echo").unwrap();
    proxy.ask("GET /api/contacts");
    let (_, said) = proxy.end(Signal::INT);
    let log = std::fs::read_to_string(site.path("work/log")).unwrap();
    assert!(log.contains("passed on") && log.contains("turned away"), "{log}");
    let key = &site.sandbox.credentials().key;
    for secret in [key.as_str(), &proxy.token, "of-the-program"] {
        assert!(!said.contains(secret) && !log.contains(secret), "{secret}: {said}{log}");
        for file in files(site.root()) {
            let bytes = std::fs::read(&file).unwrap();
            assert!(!String::from_utf8_lossy(&bytes).contains(secret), "{secret}: {}", file.display());
        }
    }
}

#[test]
fn many_calls_share_a_conversation_and_a_silent_one_holds_nobody_up() {
    let site = site();
    let proxy = open(&site, "");
    let mut silent = TcpStream::connect(proxy.address).unwrap();
    silent.write_all(b"GET /api/contacts HT").unwrap();
    let mut stream = TcpStream::connect(proxy.address).unwrap();
    for _ in 0..3 {
        let call = format!("HEAD /api/contacts HTTP/1.1\r\n{}\r\n{}\r\n\r\n", proxy.host(), proxy.bearer());
        stream.write_all(call.as_bytes()).unwrap();
        let mut answer = vec![];
        let mut byte = [0];
        while !answer.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).unwrap();
            answer.push(byte[0]);
        }
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    }
}

#[test]
fn what_cannot_be_opened_says_why_in_both_languages() {
    let site = site();
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let run = site.run(&format!("proxy crm --port {port}"));
    assert!(
        run.exit == 2 && run.stderr.contains(&format!("conn cannot listen on 127.0.0.1:{port}")),
        "{}",
        run.all()
    );
    let run = site.run("proxy crm --path contacts --lang ja");
    assert!(run.exit == 2 && run.stderr.contains("--path は / で始めて"), "{}", run.all());
    let run = site.run("proxy nobody");
    assert!(run.exit == 5 && run.stderr.contains("CONN-CFG-CONNECTION-UNKNOWN"), "{}", run.all());
}
