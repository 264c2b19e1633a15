//! `conn doctor` from the command line, on a machine of its own.

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use conn::base::{Process, Terminal, Variables};
use conn::commands::{Streams, run};
use serde_json::Value;

/// A stream that can be read afterwards.
#[derive(Clone, Default)]
struct Tape(Arc<Mutex<Vec<u8>>>);

impl Write for Tape {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Tape {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

fn doctor(home: &Path, words: &[&str], variables: &[(&str, &str)]) -> (u8, String) {
    let (output, error) = (Tape::default(), Tape::default());
    let mut streams = Streams {
        input: Box::new(io::empty()),
        output: Box::new(output.clone()),
        error: Box::new(error.clone()),
    };
    let known = [
        ("CONN_HOME", home.to_str().unwrap()),
        ("CONN_VAULT_PASSPHRASE", "open sesame 4711"),
        ("CONN_NOW", "2026-11-21T03:00:00Z"),
        ("TZ", "Asia/Tokyo"),
    ];
    let all = known.iter().chain(variables).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let arguments = ["conn", "doctor", "--store", "vault"].iter().chain(words).map(Into::into);
    let process = Process {
        arguments: arguments.collect(),
        variables: all.collect::<Variables>(),
        folder: home.to_owned(),
        terminal: Terminal::default(),
        system_locale: None,
    };
    let code = run(&process, &mut streams, conn::app::reality);
    assert_eq!(error.text(), "");
    (code, output.text())
}

#[test]
fn doctor_proves_the_vault_names_what_it_found_and_fails_when_others_can_read_it() {
    let home = tempfile::tempdir().unwrap();
    let mut proxy = vec![("HTTPS_PROXY", "http://user:hunter2-secret@proxy.test:8080")];
    // Windows has one variable for both spellings.
    if cfg!(not(windows)) {
        proxy.push(("https_proxy", "b.test"));
    }
    let (code, text) = doctor(home.path(), &["--format", "json"], &proxy);
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, &report["schema"]), (0, &"conn.doctor/1".into()), "{text}");
    let checks = report["checks"].as_array().unwrap();
    let status = |id: &str| {
        let check = checks.iter().find(|check| check["id"] == id);
        check.unwrap_or_else(|| panic!("no {id}: {text}"))["status"].as_str().unwrap().to_owned()
    };
    for (id, expected) in [
        ("store.proof", "ok"),
        ("files.state", "ok"),
        ("network.proxy", "ok"),
        ("clock.fixed", "warning"),
        ("files.mistakes", "ok"),
    ] {
        assert_eq!(status(id), expected, "{id}: {text}");
    }
    if cfg!(not(windows)) {
        assert_eq!(status("network.variables"), "warning", "{text}");
    }
    assert!(text.contains("proxy.test:8080") && !text.contains("hunter2") && !text.contains("sesame"));

    let (code, text) = doctor(home.path(), &["--lang", "ja"], &[]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("✓ ボールトは正常です") && text.contains("Asia/Tokyo"), "{text}");

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let vault = home.path().join("state/vault.json");
        std::fs::set_permissions(&vault, std::fs::Permissions::from_mode(0o644)).unwrap();
        let (code, text) = doctor(home.path(), &[], &[]);
        assert_eq!(code, 5, "{text}");
        assert!(text.contains("CONN-SEC-VAULT-EXPOSED") && text.contains("chmod 600"), "{text}");
    }
}

#[test]
fn doctor_counts_the_mistakes_of_the_definitions() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("config")).unwrap();
    std::fs::write(home.path().join("config/connectors.toml"), "[connections.a]\nconnectr = 'x'\n").unwrap();
    let (code, text) = doctor(home.path(), &["--format", "plain"], &[("SSL_CERT_FILE", "/nowhere/ca.pem")]);
    assert_eq!(code, 5, "{text}");
    assert!(text.contains("mistake(s) in 1 file(s)") && text.contains("conn lint"), "{text}");
    assert!(text.contains("SSL_CERT_FILE"), "{text}");
}
