//! `conn exec`: a program gets the values by name in its environment, and takes the place of conn.

use conn::sandbox::Credentials;

use crate::support::site::{Outcome, Site, finish};

fn site() -> Site {
    let site = Site::with(Credentials::generate());
    site.add_crm();
    site
}

/// Runs `conn exec crm WORDS -- sh -c SCRIPT`.
fn shell(site: &Site, words: &str, script: &str) -> Outcome {
    finish(site.command(&format!("exec crm {words} --")).args(["/bin/sh", "-c", script]))
}

#[test]
fn the_program_gets_each_value_under_a_name_made_of_link_name_and_key() {
    let site = site();
    let run = shell(&site, "", "printf '%s %s' \"$CRM_API_KEY\" \"$CRM_BASE_URL\"");
    let expected = format!("{} {}", site.sandbox.credentials().key, site.sandbox.url());
    assert_eq!((run.exit, run.stdout, run.stderr), (0, expected, String::new()));
}

#[test]
fn only_what_was_named_is_passed_on() {
    let site = site();
    let run = shell(&site, "--env TOKEN=api_key", "printf '%s/%s' \"$TOKEN\" \"$CRM_API_KEY\"");
    assert_eq!(run.stdout, format!("{}/", site.sandbox.credentials().key));
}

#[test]
fn what_opens_everything_that_conn_keeps_is_not_passed_on() {
    let mut site = site();
    let names = ["CONN_VAULT_PASSPHRASE", "CONN_IDENTITY_PASSPHRASE"];
    for name in names {
        site.set(name, "open sesame");
    }
    let run = shell(&site, "", "env");
    assert!(run.stdout.contains("CRM_API_KEY=") && run.stdout.contains("CONN_HOME="), "{}", run.all());
    assert!(!run.stdout.contains("open sesame") && !names.iter().any(|name| run.stdout.contains(name)));
    // Who names a variable so has said what is to stand in it.
    let run = shell(&site, "--env CONN_VAULT_PASSPHRASE=api_key", "printf %s \"$CONN_VAULT_PASSPHRASE\"");
    assert_eq!(run.stdout, site.sandbox.credentials().key);
}

#[test]
fn the_program_takes_the_place_of_conn() {
    let site = site();
    let run = shell(&site, "", "exit 42");
    assert_eq!(run.exit, 42);
    // The shell's own parent is this test: nobody stands between.
    let run = shell(&site, "", "echo $PPID");
    assert_eq!(run.stdout.trim(), std::process::id().to_string());
}

#[test]
fn a_secret_never_stands_among_the_arguments() {
    let site = site();
    let run = shell(&site, "", "tr '\\0' ' ' < /proc/$$/cmdline");
    assert!(!run.stdout.contains(&site.sandbox.credentials().key), "{}", run.stdout);
}

#[test]
fn what_cannot_be_done_says_why_in_both_languages() {
    let site = site();
    for (words, en, ja) in [
        ("exec crm -- /no/such/program", "There is no file /no/such/program.", "見つかりません"),
        ("exec crm -- ./nosuch.sh", "its path is read from /", "パスの起点は /"),
        (
            "exec crm -- no-such-program",
            "no program no-such-program in the folders of PATH",
            "PATH のフォルダー",
        ),
        ("exec crm --env TOKEN=nothing -- true", "crm has no value nothing.", "nothing という値はありません"),
        ("exec crm --env 1A=api_key -- true", "1A is no name of a variable", "変数名に使えません"),
        ("exec crm --env TOKEN -- true", "--env is written VARIABLE=KEY", "「変数名=キー」"),
    ] {
        let run = site.run(words);
        assert!(run.exit == 2 && run.stderr.contains(en), "{words}: {}", run.all());
        let run = site.run(&format!("{} --lang ja{}", &words[..8], &words[8..]));
        assert!(run.exit == 2 && run.stderr.contains(ja), "{words}: {}", run.all());
    }
    site.must("disable crm");
    let run = shell(&site, "", "echo started");
    assert_eq!((run.exit, run.stdout.as_str()), (5, ""), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_program_that_cannot_be_started_is_told_from_a_folder_and_allowed_by_a_command_that_works_when_copied() {
    let site = site();
    let start = |program: &str| {
        let run = finish(site.command("exec crm --").arg(program));
        assert_eq!(run.exit, 2, "{}", run.all());
        run.stderr
    };
    let absent = start("/no/such/program");
    assert!(!absent.contains("is read from") && absent.contains("correct the path"), "{absent}");
    let tool = site.path("my tool.sh");
    std::fs::write(&tool, "#!/bin/sh\n").unwrap();
    let tool = tool.display().to_string();
    let denied = start(&tool);
    assert!(denied.contains(&format!("allow it: chmod +x '{tool}'")), "{denied}");
    let folder = start(&site.path("home").display().to_string());
    assert!(folder.contains("is a folder.") && !folder.contains("chmod"), "{folder}");
}
