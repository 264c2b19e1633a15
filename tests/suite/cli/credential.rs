//! `conn credential-helper`: git itself asks, and a client of docker's protocol byte for byte.

use std::path::Path;
use std::process::{Command, Stdio};

use conn::sandbox::Credentials;

use crate::support::program;
use crate::support::site::{Outcome, Site};

const HELPER: &str = "credential.helper=!conn credential-helper git";

fn site() -> Site {
    let site = Site::with(Credentials::generate());
    site.must(
        "add web --connector sandbox --method basic --set address={url} --set user=hanako@example.test --secret \
         password=env:PASSWORD",
    );
    std::fs::create_dir(site.path("bin")).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_conn"), site.path("bin/conn")).unwrap();
    site
}

fn host(site: &Site) -> String {
    site.sandbox.address().to_string()
}

fn told(mut command: Command, input: &str) -> Outcome {
    let streams = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = streams.spawn().unwrap();
    let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Outcome { exit: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// git with one helper, as a script runs it.
fn git(site: &Site, git: &Path, helper: &str, words: &[&str], input: &str) -> Outcome {
    let mut command = Command::new(git);
    command.args(["-c", "credential.helper=", "-c", helper]).args(words);
    command.env_clear().envs(site.variables()).env("GIT_TERMINAL_PROMPT", "0").env("GIT_ASKPASS", "true");
    command
        .env("PATH", format!("{}:/usr/bin:/bin", site.path("bin").display()))
        .current_dir(site.path("work"));
    told(command, input)
}

fn docker(site: &Site, words: &str, input: &str) -> Outcome {
    told(site.command(&format!("credential-helper docker {words}")), input)
}

#[test]
fn git_gets_user_and_password_of_the_connection_to_which_the_host_belongs() {
    let Some(program) = program::require("git") else { return };
    let site = site();
    let question = format!("protocol=http\nhost={}\npath=team/repository.git\n\n", host(&site));
    let run = git(&site, &program, HELPER, &["credential", "fill"], &question);
    let password = &site.sandbox.credentials().password;
    assert_eq!(run.exit, 0, "{}", run.all());
    assert!(run.stdout.contains("\nusername=hanako@example.test\n"), "{}", run.stdout);
    assert!(run.stdout.contains(&format!("\npassword={password}\n")), "{}", run.stdout);
    assert_eq!(run.stderr, "");
}

#[test]
fn git_proves_itself_to_a_server_with_what_it_got() {
    let Some(program) = program::require("git") else { return };
    let site = site();
    let address = format!("http://{}/only/basic/api/contacts", host(&site));
    // The service is no repository; that git came in is all that is asked.
    let run = git(&site, &program, HELPER, &["ls-remote", &address], "");
    let came_in = site.sandbox.requests().into_iter().any(|request| {
        request.path.contains("/contacts/info/refs") && request.header("authorization").is_some()
    });
    assert!(came_in, "{}", run.all());
}

#[test]
fn git_tells_what_it_stored_and_erased_and_conn_neither_answers_nor_changes_anything() {
    let Some(program) = program::require("git") else { return };
    let site = site();
    let told = format!("protocol=http\nhost={}\nusername=x\npassword=not-ours\n\n", host(&site));
    for action in ["approve", "reject"] {
        let run = git(&site, &program, HELPER, &["credential", action], &told);
        assert_eq!((run.exit, run.all().as_str()), (0, ""), "{action}");
    }
    site.must("test web");
}

#[test]
fn a_host_of_nobody_s_a_scheme_in_the_clear_and_somebody_else_s_name_are_passed_over_in_silence() {
    let site = site();
    let own = host(&site);
    for question in [
        "protocol=https\nhost=github.com\n\n".to_owned(),
        format!("protocol=ssh\nhost={own}\n\n"),
        "protocol=http\nhost=example.com\n\n".to_owned(),
        format!("protocol=http\nhost={own}\nusername=taro\n\n"),
        format!("protocol=http\nhost={own}.example.com\n\n"),
        format!("protocol=http\nhost=x@{own}@evil.example\n\n"),
        "protocol=http\n\n".to_owned(),
        String::new(),
    ] {
        let run = told(site.command("credential-helper git get"), &question);
        assert_eq!((run.exit, run.all().as_str()), (0, ""), "{question}");
    }
    // An action of a later git is ignored too.
    let run = told(site.command("credential-helper git capability"), "x");
    assert_eq!((run.exit, run.all().as_str()), (0, ""));
}

#[test]
fn a_token_stands_for_the_password_beside_the_name_that_was_asked_for() {
    let site = Site::with(Credentials::generate());
    site.add_crm();
    let key = site.sandbox.credentials().key.clone();
    for (words, name, user) in
        [("", "", "oauth2"), ("", "username=git\n", "git"), ("--username x-token-auth", "", "x-token-auth")]
    {
        let question = format!("protocol=http\nhost={}\n{name}\n", host(&site));
        let run = told(site.command(&format!("credential-helper git get {words}")), &question);
        assert_eq!(run.stdout, format!("username={user}\npassword={key}\n"), "{}", run.stderr);
    }
}

#[test]
fn several_connections_of_one_host_are_told_apart_by_name() {
    let site = site();
    site.add_crm();
    let question = format!("protocol=http\nhost={}\n\n", host(&site));
    let run = told(site.command("credential-helper git"), &question);
    let said = format!("Several connections belong to {}: crm, web.", host(&site));
    assert!(run.exit == 2 && run.stdout.is_empty() && run.stderr.contains(&said), "{}", run.all());
    let run = told(site.command("credential-helper git --connection web"), &question);
    assert!(run.exit == 0 && run.stdout.starts_with("username=hanako@"), "{}", run.all());
    // What carries no traffic is not meant.
    site.must("disable crm");
    let run = told(site.command("credential-helper git"), &question);
    assert!(run.exit == 0 && run.stdout.starts_with("username=hanako@"), "{}", run.all());
}

#[test]
fn nothing_leaves_for_another_host_or_from_a_connection_that_is_not_connected() {
    let site = site();
    let run =
        told(site.command("credential-helper git --connection web"), "protocol=https\nhost=evil.example\n\n");
    assert!(run.exit == 2 && run.stdout.is_empty(), "{}", run.all());
    assert!(run.stderr.contains("evil.example is no host of web"), "{}", run.stderr);
    site.must("disable web");
    let question = format!("protocol=http\nhost={}\n\n", host(&site));
    let run = told(site.command("credential-helper git --lang ja"), &question);
    assert!(run.exit == 5 && run.stdout.is_empty() && run.stderr.contains("無効"), "{}", run.all());
}

#[test]
fn docker_gets_one_line_of_json() {
    let site = site();
    let address = format!("http://{}", host(&site));
    // Its client writes the address without a line end.
    let run = docker(&site, "get", &address);
    let password = &site.sandbox.credentials().password;
    let expected = format!(
        "{{\"ServerURL\":\"{address}\",\"Username\":\"hanako@example.test\",\"Secret\":\"{password}\"}}\n"
    );
    assert_eq!((run.exit, run.stdout, run.stderr), (0, expected, String::new()));
    let run = docker(&site, "get", &host(&site));
    assert!(run.exit == 0 && run.stdout.contains(password), "{}", run.all());
}

#[test]
fn docker_hears_why_not_on_standard_output_in_the_words_it_knows() {
    let site = site();
    let secret = "hunter2-hunter2";
    let told = format!(r#"{{"ServerURL":"https://r.example","Username":"u","Secret":"{secret}"}}"#);
    for (words, input, said) in [
        ("get", "registry.example.com", "credentials not found in native keychain\n"),
        ("get", "http://registry.example.com", "credentials not found in native keychain\n"),
        ("get", "", "no credentials server URL\n"),
        ("upgrade", "", "Unknown credential action `upgrade`\n"),
        ("store", &told, "error: conn stores and erases nothing for docker."),
        ("erase", "https://r.example", "error: conn stores and erases nothing for docker."),
        ("get --connection nobody", "registry.example.com", "CONN-CFG-CONNECTION-UNKNOWN"),
    ] {
        let run = docker(&site, words, input);
        assert!(
            run.exit == 1 && run.stderr.is_empty() && run.stdout.contains(said),
            "{words}: {}",
            run.all()
        );
        assert!(run.stdout.lines().count() == 1 && !run.stdout.contains(secret), "{words}: {}", run.stdout);
    }
    site.must("disable web");
    let run = docker(&site, "get", &host(&site));
    assert!(run.exit == 1 && run.stdout.contains("CONN-CFG-DISABLED"), "{}", run.stdout);
    assert!(!run.stdout.contains(&site.sandbox.credentials().password), "{}", run.stdout);
}

#[test]
fn docker_lists_what_is_marked_for_it() {
    let site = site();
    assert_eq!(docker(&site, "list", "").stdout, "{}\n");
    let listed = format!("{{\"{}\":\"hanako@example.test\"}}\n", host(&site));
    assert_eq!(docker(&site, "list --connection web", "").stdout, listed);
    let file = site.definition_file();
    let text = site.definitions().replace("[connections.web]", "[connections.web]\ntags = [\"docker\"]");
    std::fs::write(&file, text).unwrap();
    assert_eq!(docker(&site, "list", "").stdout, listed);
}

#[test]
fn the_wrapper_that_docker_starts_passes_everything_on() {
    let site = site();
    let wrapper = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/scripts/docker-credential-conn");
    let mut command = Command::new(wrapper);
    command.arg("get").env_clear().envs(site.variables()).env("CONN", env!("CARGO_BIN_EXE_conn"));
    let run = told(command, &host(&site));
    assert!(run.exit == 0 && run.stdout.starts_with("{\"ServerURL\":"), "{}", run.all());
}
