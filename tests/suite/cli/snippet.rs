//! `conn snippet`: the lines of each language run as they are printed, and hold no secret.

use std::path::{Path, PathBuf};
use std::process::Command;

use conn::sandbox::Credentials;

use crate::support::program;
use crate::support::site::{Outcome, Site, finish};

/// One that a header proves, one in the query, one of two values, one that answers a challenge.
const METHODS: [&str; 4] = ["key", "query", "basic", "digest"];

/// A home with one connection per method, and conn on the way of the scripts.
fn site() -> Site {
    let site = Site::with(Credentials::generate());
    for method in METHODS {
        let secrets = if matches!(method, "basic" | "digest") {
            "--set user=hanako@example.test --secret password=env:PASSWORD"
        } else {
            "--secret api_key=env:KEY"
        };
        site.must(&format!(
            "add {method} --connector sandbox --method {method} --set address={{url}} {secrets}"
        ));
    }
    std::fs::create_dir(site.path("bin")).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_conn"), site.path("bin/conn")).unwrap();
    site
}

#[test]
fn a_snippet_shows_the_test_of_its_service_with_its_method_and_query() {
    let site = Site::with(Credentials::generate());
    let definitions = "[connectors.calls]\nbase = 'https://calls.test/api'\ntest.request = 'POST /auth.test'\n\
                       [connectors.calls.auth.t]\nkind = 'bearer'\nheader.Authorization = 'Bearer {t}'\nparams.t = 'T'\n\
                       [connectors.asks]\nextends = 'calls'\ntest.request = 'GET /rest'\ntest.query.method = 'who am i'\n\
                       [connections.calls]\nconnector = 'calls'\nsecrets.t = 'env:KEY'\n\
                       [connections.asks]\nconnector = 'asks'\nsecrets.t = 'env:KEY'\n";
    std::fs::write(site.path("work/more.toml"), definitions).unwrap();
    let run = site.must("snippet calls --config more.toml");
    assert!(
        run.stdout.contains("--request POST") && run.stdout.contains("calls.test/api/auth.test"),
        "{}",
        run.all()
    );
    let run = site.must("snippet asks --config more.toml");
    assert!(run.stdout.contains("https://calls.test/api/rest?method=who+am+i"), "{}", run.all());
}

/// Prints a snippet into a file, and asks that it hold no secret.
fn printed(site: &Site, method: &str, language: &str, file: &str) -> PathBuf {
    let run = site.must(&format!("snippet {method} --language {language}"));
    for secret in [&site.sandbox.credentials().key, &site.sandbox.credentials().password] {
        assert!(!run.stdout.contains(secret), "{}", run.stdout);
    }
    let path = site.path(&format!("work/{method}{file}"));
    std::fs::write(&path, run.stdout).unwrap();
    path
}

/// Runs a program on a snippet, with conn among the programs that it finds.
fn execute(site: &Site, program: &Path, words: &[&str], file: &Path) -> Outcome {
    let folder = program.parent().unwrap().display();
    let path = format!("{}:{folder}:/usr/bin:/bin", site.path("bin").display());
    let mut command = Command::new(program);
    command.args(words).arg(file).env_clear().envs(site.variables()).env("PATH", path);
    finish(command.current_dir(site.path("work")))
}

fn every_method_is_answered(language: &str, program: &Path, words: &[&str], file: &str) {
    let site = site();
    for method in METHODS {
        let path = printed(&site, method, language, file);
        let run = execute(&site, program, words, &path);
        assert!(run.exit == 0 && run.stdout.contains("hanako"), "{language} {method}: {}", run.all());
    }
}

#[test]
fn the_lines_for_curl_run() {
    let Some(_) = program::require("curl") else { return };
    every_method_is_answered("curl", Path::new("/bin/sh"), &[], ".sh");
}

#[test]
fn the_lines_for_httpie_run() {
    let (Some(_), Some(bash)) = (program::require("http"), program::require("bash")) else { return };
    every_method_is_answered("httpie", &bash, &[], ".sh");
}

#[test]
fn the_lines_for_python_run() {
    let Some(python) = program::require("python3") else { return };
    every_method_is_answered("python", &python, &[], ".py");
}

#[test]
fn the_lines_for_node_run() {
    let Some(node) = program::require("node") else { return };
    every_method_is_answered("javascript", &node, &[], ".mjs");
}

#[test]
fn the_lines_for_rust_run() {
    let site = site();
    let source = printed(&site, "digest", "rust", ".rs");
    let built = site.path("work/built");
    let compiler = Path::new(env!("CARGO")).with_file_name("rustc");
    let home = crate::support::variable("HOME").unwrap_or_default();
    let mut compile = Command::new(compiler);
    assert!(program::succeeds(compile.env("HOME", home).arg("-o").arg(&built).arg(&source)), "{compile:?}");
    let run = execute(&site, &built, &[], &source);
    assert!(run.exit == 0 && run.stdout.contains("hanako"), "{}", run.all());
}

#[test]
fn deluge_refers_to_the_connection_by_its_link_name() {
    let site = site();
    let run = site.must("snippet key /contacts?limit=1 --language deluge");
    let url = format!("url: \"{}/contacts?limit=1\"", site.sandbox.url());
    assert!(run.stdout.contains(&url) && run.stdout.contains("connection: \"key\""), "{}", run.stdout);
}

#[test]
fn a_call_of_ones_own_is_written_with_its_quotes() {
    let site = site();
    let run = site.must("snippet query POST /a'b --environment production");
    assert!(
        run.stdout.ends_with("conn request query POST /a%27b --environment production\n"),
        "{}",
        run.stdout
    );
    let japanese = site.must("snippet query --lang ja");
    assert!(japanese.stdout.contains("認証と送信は conn が行います。"), "{}", japanese.stdout);
    let climbing = site.must("snippet key /../../x --language curl");
    assert!(climbing.stdout.contains("/x\n"), "{}", climbing.stdout);
    let climbing = site.must("snippet query /../../x");
    assert!(climbing.stdout.ends_with("conn request query GET /x\n"), "{}", climbing.stdout);
    let wrong = site.run("snippet query contacts");
    assert!(wrong.exit == 2 && wrong.stderr.contains("write /contacts;"), "{}", wrong.stderr);
}
