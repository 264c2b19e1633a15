//! The sandbox as a client meets it, byte by byte.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Credentials, Options, Running, Sandbox, modes};

/// A request of our own making, and everything that comes back until the connection closes.
fn raw(sandbox: &Running, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(sandbox.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut request = format!("{method} {path} HTTP/1.1\r\nhost: sandbox\r\nconnection: close\r\n");
    for (name, value) in headers {
        let _ = write!(request, "{name}: {value}\r\n");
    }
    let _ = write!(request, "content-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let line = self.head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")))?;
        line.split_once(": ").map(|(_, value)| value)
    }

    fn code(&self) -> String {
        let body: serde_json::Value = serde_json::from_slice(&self.body).unwrap_or_default();
        body["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

fn ask(sandbox: &Running, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let bytes = raw(sandbox, method, path, headers, body);
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status line");
    Answer { status, head, body: bytes[end + 4..].to_vec() }
}

fn get(sandbox: &Running, path: &str) -> Answer {
    let key = sandbox.credentials().key.clone();
    ask(sandbox, "GET", path, &[("X-Api-Key", &key)], "")
}

fn start() -> Running {
    Sandbox::start(Options { pace: Duration::ZERO, ..Options::default() }).unwrap()
}

/// Kind, method, prefix, query, headers, body.
type Case<'a> = (&'a str, &'a str, &'a str, &'a str, Vec<(&'a str, &'a str)>, &'a str);

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("content-type", "application/json");

#[test]
fn a_credential_is_taken_from_every_place_and_only_where_the_path_allows() {
    let sandbox = start();
    let Credentials { key, user, password, .. } = sandbox.credentials().clone();
    let basic = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
    let key_as_user = format!("Basic {}", STANDARD.encode(format!("{key}:X")));
    let bearer = format!("Bearer {key}");
    let (form, json) = (format!("api_key={key}"), format!("{{\"api_key\":\"{key}\"}}"));
    let (query, path) = (format!("?api_key={key}"), format!("/key/{key}"));
    let cases: Vec<Case<'_>> = vec![
        ("header", "GET", "", "", vec![("x-api-key", &key)], ""),
        ("query", "GET", "", &query, vec![], ""),
        ("form", "POST", "", "", vec![FORM], &form),
        ("json", "POST", "", "", vec![JSON], &json),
        ("path", "GET", &path, "", vec![], ""),
        ("basic", "GET", "", "", vec![("authorization", &basic)], ""),
        ("basic", "GET", "", "", vec![("authorization", &key_as_user)], ""),
        ("bearer", "GET", "", "", vec![("authorization", &bearer)], ""),
    ];
    for (kind, method, prefix, query, headers, body) in &cases {
        for (door, expected) in
            [(String::new(), 200), (format!("/only/{kind}"), 200), ("/only/digest-md5".to_owned(), 401)]
        {
            let path = format!("{door}{prefix}/api/me{query}");
            let answer = ask(&sandbox, method, &path, headers, body);
            assert_eq!(answer.status, expected, "{kind} {path}");
            assert!(answer.header("x-sandbox-request-id").is_some() && answer.header("date").is_some());
        }
    }
    let challenge = ask(&sandbox, "GET", "/only/digest-sha256/api/me", &[], "");
    assert!(challenge.header("www-authenticate").unwrap().starts_with("Digest realm="));
    let challenges = ask(&sandbox, "GET", "/api/me", &[], "").head.matches("www-authenticate: ").count();
    assert_eq!(challenges, 3, "without a credential it names every kind that has a challenge");
    assert_eq!(ask(&sandbox, "GET", "/only/none/api/me", &[], "").status, 200);
    assert_eq!(ask(&sandbox, "GET", "/api/version", &[], "").status, 200);
}

#[test]
fn a_digest_client_that_others_wrote_is_let_in() {
    let sandbox = start();
    let Credentials { user, password, .. } = sandbox.credentials().clone();
    for kind in ["digest-md5", "digest-sha256"] {
        let path = format!("/only/{kind}/api/items/7?x=1");
        let challenge = ask(&sandbox, "GET", &path, &[], "");
        let mut prompt = digest_auth::parse(challenge.header("www-authenticate").unwrap()).unwrap();
        for (password, expected) in [(password.as_str(), 200), ("wrong", 401), (password.as_str(), 200)] {
            let context = digest_auth::AuthContext::new(user.as_str(), password, path.as_str());
            let authorization = prompt.respond(&context).unwrap().to_string();
            let answer = ask(&sandbox, "GET", &path, &[("authorization", &authorization)], "");
            assert_eq!(answer.status, expected, "{kind}");
        }
    }
}

#[test]
fn every_seeded_key_is_refused_for_its_own_reason() {
    let sandbox = start();
    let known = sandbox.credentials().clone();
    let cases = [
        (known.key.as_str(), "/api/accounts", 200, ""),
        (&known.limited_key, "/api/contacts", 200, ""),
        (&known.limited_key, "/api/accounts", 403, "right_missing"),
        (&known.revoked_key, "/api/me", 401, "key_revoked"),
        (&known.expired_key, "/api/me", 401, "key_expired"),
        (&known.disabled_key, "/api/me", 403, "user_disabled"),
        (&known.plan_key, "/api/me", 402, "plan_lacks_api"),
        (&known.throttled_key, "/api/me", 429, "rate_limited"),
        ("anything", "/api/me", 401, "key_unknown"),
    ];
    for (key, path, status, code) in cases {
        let answer = ask(&sandbox, "GET", path, &[("x-api-key", key)], "");
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{path}");
    }
}

#[test]
fn a_key_can_be_withdrawn_and_issued_while_running() {
    let sandbox = start();
    let old = sandbox.credentials().key.clone();
    sandbox.control().revoke(&old);
    sandbox.control().issue("sbx-new");
    assert_eq!(get(&sandbox, "/api/me").code(), "key_revoked");
    assert_eq!(ask(&sandbox, "GET", "/api/me", &[("x-api-key", "sbx-new")], "").status, 200);
}

#[test]
fn a_contact_is_created_and_then_listed() {
    let sandbox = start();
    let key = sandbox.credentials().key.clone();
    let headers = [("x-api-key", key.as_str()), JSON];
    assert_eq!(ask(&sandbox, "POST", "/api/contacts", &headers, "{\"name\":\"Taro\"}").status, 201);
    assert_eq!(ask(&sandbox, "POST", "/api/contacts", &headers, "{}").code(), "fields_invalid");
    assert!(String::from_utf8_lossy(&get(&sandbox, "/api/contacts").body).contains("Taro"));
}

#[test]
fn every_mode_answers_as_its_description_says() {
    let sandbox = start();
    let expected = |name: &str| match name {
        "wrong-key" | "bare-401" | "revoked-key" | "expired-key" | "echo" | "control-characters" => 401,
        "plan" => 402,
        "missing-permission" | "forbidden" => 403,
        "wrong-path-json" | "wrong-path-html" => 404,
        "method" => 405,
        "not-acceptable" => 406,
        "gone" => 410,
        "media-type" => 415,
        "fields" => 422,
        "upgrade" => 426,
        "legal" => 451,
        "rate-limit" | "rate-limit-date" | "rate-limit-headers" | "rate-limit-bare" => 429,
        "maintenance" | "overload" => 503,
        "bad-gateway" => 502,
        "gateway-timeout" => 504,
        "server-error" => 500,
        "login-redirect" | "other-host" | "redirect-loop" => 302,
        "moved" | "to-https" => 301,
        _ => 200,
    };
    for mode in modes().filter(|mode| !matches!(mode.name, "silent" | "hangup" | "garbage")) {
        let answer = get(&sandbox, &format!("/faults/{}/api/accounts", mode.name));
        assert_eq!(answer.status, expected(mode.name), "{}", mode.name);
    }
    assert_eq!(get(&sandbox, "/api/me").status, 200, "a fault in the path does not stay");
}

#[test]
fn the_wire_faults_do_to_the_bytes_what_they_promise() {
    let sandbox = start();
    let key = sandbox.credentials().key.clone();
    let bytes = |mode: &str| {
        raw(&sandbox, "GET", &format!("/faults/{mode}/api/me"), &[("x-api-key", key.as_str())], "")
    };
    assert!(bytes("garbage").starts_with(b"SSH-2.0"));
    assert!(bytes("hangup").is_empty());
    let length = |mode: &str| {
        let answer = get(&sandbox, &format!("/faults/{mode}/api/me"));
        (answer.header("content-length").unwrap().parse::<usize>().unwrap(), answer.body.len())
    };
    let (claimed, sent) = length("short-body");
    assert_eq!(claimed, sent + 1000);
    let (claimed, sent) = length("drip");
    assert_eq!(claimed, sent);
    assert!(get(&sandbox, "/faults/huge-header/api/me").head.len() > 500 * 1024);
    let bomb = get(&sandbox, "/faults/gzip-bomb/api/me");
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(bomb.body.as_slice()).read_to_end(&mut unpacked).unwrap();
    assert!(bomb.body.len() < 64 * 1024 && unpacked.len() == 20 * 1024 * 1024);
}

#[test]
fn headers_say_when_to_come_back_and_where_to_go() {
    let sandbox = start();
    let header = |mode: &str, name: &str| {
        get(&sandbox, &format!("/faults/{mode}/api/me")).header(name).map(str::to_owned)
    };
    assert_eq!(header("rate-limit", "retry-after").as_deref(), Some("17"));
    assert!(header("rate-limit-date", "retry-after").unwrap().ends_with(" GMT"));
    assert_eq!(header("rate-limit-headers", "retry-after"), None);
    assert_eq!(header("rate-limit-headers", "x-ratelimit-remaining").as_deref(), Some("0"));
    assert!(header("maintenance", "retry-after").unwrap().ends_with(" GMT"));
    assert_eq!(header("bad-gateway", "x-sandbox-request-id"), None, "the gateway is not the CRM");
    assert_eq!(header("moved", "location").as_deref(), Some("/v2/api/me"));
    assert_eq!(header("redirect-loop", "location").as_deref(), Some("/faults/redirect-loop/api/me"));
    assert!(header("other-host", "location").unwrap().contains(&sandbox.elsewhere().port().to_string()));
    assert_eq!(header("method", "allow").as_deref(), Some("PUT"));
    assert!(header("deprecated", "sunset").is_some());
    assert!(header("echo", "x-echo").unwrap().contains(&sandbox.credentials().key));
}

#[test]
fn the_current_mode_holds_until_it_is_lifted_or_counted_down() {
    let sandbox = start();
    sandbox.control().fail("maintenance").unwrap();
    assert_eq!([get(&sandbox, "/api/me").status, get(&sandbox, "/").status], [503, 503]);
    assert_eq!(ask(&sandbox, "POST", "/sandbox/mode", &[JSON], "{\"mode\":null}").status, 200);
    assert_eq!(get(&sandbox, "/api/me").status, 200);
    assert_eq!(ask(&sandbox, "POST", "/sandbox/mode", &[JSON], "{\"mode\":\"overload\"}").status, 200);
    assert_eq!(get(&sandbox, "/api/me").code(), "overloaded");
    assert_eq!(ask(&sandbox, "POST", "/sandbox/mode", &[JSON], "{\"mode\":\"overlaod\"}").status, 404);
    sandbox.control().fail_times("rate-limit", 1).unwrap();
    assert_eq!([get(&sandbox, "/api/me").status, get(&sandbox, "/api/me").status], [429, 200]);
    assert!(sandbox.control().fail("no-such-mode").is_err());
}

#[test]
fn what_was_received_can_be_read_back() {
    let sandbox = start();
    let key = sandbox.credentials().key.clone();
    let _ = ask(&sandbox, "POST", "/api/me?x=1", &[("X-Api-Key", &key)], "hello");
    let requests = sandbox.requests();
    let [request] = requests.as_slice() else { panic!("one request") };
    assert_eq!(
        (request.method.as_str(), request.path.as_str(), request.query.as_str()),
        ("POST", "/api/me", "x=1")
    );
    assert_eq!(request.header("x-api-key"), Some(key.as_str()));
    assert!(request.mentions("hello") && request.mentions(&key) && !request.elsewhere);
    sandbox.control().forget_requests();
    assert!(sandbox.requests().is_empty());
}

#[test]
fn dropping_it_frees_the_port() {
    let sandbox = start();
    let address = sandbox.address();
    drop(sandbox);
    assert!(TcpStream::connect(address).is_err());
}
