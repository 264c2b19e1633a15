//! A service that conn does not know: whether it has an API at all.

use crate::past::peer::{Peer, Says};
use crate::support::cli::Home;
use crate::support::program::free_port;
use crate::support::scripted::{Script, Scripted, answer};

fn probe(home: &Home, url: &str, further: &[&str]) -> crate::support::cli::Run {
    home.run(&[&["connectors", "probe", url], further].concat())
}

#[test]
fn s0_36_an_address_with_an_api_is_told_from_one_with_pages_alone_and_from_silence() {
    let home = Home::with("");
    let peer = Peer::start();
    peer.answers("/", Says::json("{\"error\":\"no such address\"}").status("404 Not Found"));
    peer.answers("/openapi.json", Says::json("{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Acme API\"}}"));
    let url = format!("http://{}", peer.address);
    let run = probe(&home, &url, &["--format", "json"]);
    let told = run.json();
    assert_eq!((run.code, &told["api"], &told["requests_used"]), (0, &true.into(), &5.into()), "{run:#?}");
    let kinds: Vec<&str> =
        told["signs"].as_array().unwrap().iter().map(|sign| sign["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["data", "description"]);
    for (language, words) in [("en", "the description of Acme API"), ("ja", "「Acme API」の定義書があります")]
    {
        let run = probe(&home, &url, &["--lang", language]);
        assert!(run.out.contains(words) && run.out.contains("conn connectors new --base"), "{run:#?}");
    }
    let page = b"<html><title>Welcome</title>";
    let pages = Scripted::start(Script::says(answer("200 OK", "Content-Type: text/html\r\n", page)));
    let url = format!("http://{}", pages.address);
    for (language, words) in [("en", "Nothing at 127.0.0.1 shows an API"), ("ja", "API は見当たりません")]
    {
        let run = probe(&home, &url, &["--lang", language]);
        assert!(run.code == 1 && run.out.contains(words) && run.out.contains("Welcome"), "{run:#?}");
    }
    let heads = pages.heard();
    let carries = |head: &String| {
        head.to_lowercase()
            .lines()
            .any(|line| line.starts_with("authorization:") || line.starts_with("cookie:"))
    };
    assert!(!heads.is_empty() && !heads.iter().any(carries), "{heads:#?}");
    let run = probe(&home, &format!("http://127.0.0.1:{}", free_port()), &["--lang", "ja"]);
    assert!(
        run.code == 6 && run.out.contains("CONN-NET-REFUSED") && run.out.contains("確認できませんでした"),
        "{run:#?}"
    );
    assert!(!run.out.contains("conn show"), "there is no connection to show: {run:#?}");
    let run = probe(&home, &format!("http://127.0.0.1:{}", free_port()), &["--format", "json"]);
    assert_eq!((&run.json()["api"], run.code), (&serde_json::Value::Null, 6), "{run:#?}");
}

#[test]
fn an_address_that_may_not_be_asked_is_not() {
    let home = Home::with("");
    for wrong in ["http://api.acme.test", "ftp://acme.test", "https://", "https://user:word@acme.test", "a b"]
    {
        let run = probe(&home, wrong, &[]);
        assert_eq!(run.code, 2, "{wrong}: {run:#?}");
        assert!(!run.err.contains("word@"), "{run:#?}");
    }
    // A key that was copied along is neither sent nor shown again.
    for wrong in ["https://acme.test/?key=word-0001", "https://acme.test/#word-0001", "acme.test?word-0001"] {
        for further in [&["--lang", "en"], &["--lang", "ja"], &["--format", "json"]] {
            let run = probe(&home, wrong, further);
            assert_eq!(run.code, 2, "{wrong}: {run:#?}");
            assert!(!format!("{}{}", run.out, run.err).contains("word-0001"), "{run:#?}");
        }
    }
    let home = home.knowing("HTTPS_PROXY", "nonsense://x");
    let run = probe(&home, "https://api.acme.test", &[]);
    assert!(run.code != 0 && run.err.contains("CONN-PXY-ENV"), "{run:#?}");
}
