//! The examples for fleets: every file is what it says it is, and every command in it works.

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::CommandFactory as _;
use conn::sandbox::{Credentials, Options, Running, Sandbox};

use crate::support::{python, shell};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

fn read(file: &str) -> String {
    std::fs::read_to_string(examples().join(file)).unwrap()
}

fn calls(file: &Path, text: &str) -> Vec<Vec<String>> {
    let is_page = file.extension().is_some_and(|kind| kind == "md");
    if is_page { shell::calls(&shell::shown(text)) } else { shell::calls(text) }
}

/// A folder with the pipeline's definitions, made for a sandbox of its own, and a `bin` that holds conn.
struct Runner {
    folder: tempfile::TempDir,
    _sandbox: Running,
}

impl Runner {
    fn new() -> Self {
        let options = Options { credentials: Credentials::demo(), ..Options::default() };
        let sandbox = Sandbox::start(options).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let usual = format!("http://127.0.0.1:{}", conn::sandbox::DEMO_PORT);
        let definitions = read("ci/connectors.toml").replace(&usual, &sandbox.url());
        std::fs::write(folder.path().join("connectors.toml"), definitions).unwrap();
        std::fs::create_dir(folder.path().join("bin")).unwrap();
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_conn"), folder.path().join("bin/conn")).unwrap();
        Self { folder, _sandbox: sandbox }
    }

    /// Runs a line of a shell as a job does; the key is that of the connection `crm`.
    fn run(&self, line: &str, key: &str) -> (i32, String) {
        let home = self.folder.path();
        let mut command = Command::new("sh");
        command.args(["-c", line]).current_dir(home).env_clear();
        command
            .env("PATH", format!("{}:/usr/bin:/bin", home.join("bin").display()))
            .env("CONN_HOME", home.join("home"))
            .env("CI", "true")
            .env("CRM_KEY", key)
            .env("BILLING_TOKEN", "demo-good-key-0000")
            .env("ARCHIVE_PASSWORD", "demo-password-0000");
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout) + &text(output.stderr))
    }
}

#[test]
fn every_command_in_the_examples_is_one_that_conn_accepts() {
    let mut files = ["README.md", "README.ja.md"].map(|file| examples().with_file_name(file)).to_vec();
    let mut folders = vec![examples()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    let mut seen = 0;
    for file in files {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        for call in calls(&file, &text) {
            let words = std::iter::once("conn".to_owned()).chain(call.clone());
            let parsed = conn::commands::Cli::command().try_get_matches_from(words);
            let help = |error: &clap::Error| {
                matches!(
                    error.kind(),
                    clap::error::ErrorKind::DisplayHelp | clap::error::ErrorKind::DisplayVersion
                )
            };
            if let Err(error) = parsed.as_ref() {
                assert!(help(error), "{}: conn {}\n{error}", file.display(), call.join(" "));
            }
            seen += 1;
        }
    }
    assert!(seen >= 60, "only {seen} commands were found");
    for (file, least) in [
        ("fleet/github-actions.yml", 3),
        ("fleet/gitlab-ci.yml", 3),
        ("fleet/crontab", 3),
        ("fleet/conn-test.service", 1),
        ("fleet/kubernetes.yml", 1),
        ("fleet/README.md", 4),
        ("ci/github-actions.yml", 1),
        ("ci/check-connections.sh", 3),
    ] {
        let found = calls(Path::new(file), &read(file));
        assert!(found.len() >= least, "{file}: {found:?}");
    }
}

#[test]
fn a_word_that_conn_does_not_know_is_noticed_in_an_example() {
    for line in [
        "- run: conn test --al",
        "*/15 * * * *  conn tset",
        "x && conn list --expiring",
        "ExecStart=/usr/local/bin/conn test --all --job 3x",
    ] {
        let calls = shell::calls(line);
        let words = std::iter::once("conn".to_owned()).chain(calls[0].clone());
        assert!(conn::commands::Cli::command().try_get_matches_from(words).is_err(), "{line}: {calls:?}");
    }
    assert!(shell::calls("# conn tset\nIn conn nothing is a command.").is_empty());
}

#[test]
fn the_yaml_of_the_examples_is_yaml_with_the_jobs_that_it_promises() {
    const READ: &str = "
import sys, yaml
for path in sys.argv[1:]:
    for document in yaml.safe_load_all(open(path)):
        print(path.rsplit('/', 2)[-2] + '/' + path.rsplit('/', 1)[-1], *sorted(str(key) for key in document.get('jobs', document)))
";
    let Some(python) = python::with("CONN_TEST_YAML", "yaml", "yaml", &["pyyaml"]) else { return };
    let files = [
        "ci/github-actions.yml",
        "ci/gitlab-ci.yml",
        "fleet/github-actions.yml",
        "fleet/gitlab-ci.yml",
        "fleet/kubernetes.yml",
    ];
    let paths = files.map(|file| examples().join(file));
    let read = Command::new(python).arg("-c").arg(READ).args(paths).output().unwrap();
    let told = String::from_utf8(read.stdout).unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let expected = [
        "ci/github-actions.yml test",
        "ci/gitlab-ci.yml connections",
        "fleet/github-actions.yml part result",
        "fleet/gitlab-ci.yml .conn connections part stages",
        "fleet/kubernetes.yml apiVersion kind metadata spec",
    ];
    assert_eq!(told.lines().collect::<Vec<_>>(), expected);
}

/// The lines of a pipeline that call conn, as its shell gets them.
fn lines(file: &str) -> Vec<String> {
    let text = read(file);
    let own = text.lines().filter(|line| line.contains("conn test") && !line.trim_start().starts_with('#'));
    own.map(|line| line.trim().trim_start_matches("- ").trim_start_matches("run: ").to_owned()).collect()
}

#[test]
fn the_pipelines_test_in_parts_and_end_as_the_whole_does() {
    for file in ["fleet/github-actions.yml", "fleet/gitlab-ci.yml"] {
        for (key, exit) in [("demo-good-key-0000", 0), ("demo-revoked-key-0000", 4)] {
            let runner = Runner::new();
            let [part, report, result] = <[String; 3]>::try_from(lines(file)).unwrap();
            for index in ["1", "2", "3", "4"] {
                let line = part.replace("${{ matrix.shard }}", index);
                let line = line.replace("$CI_NODE_INDEX", index).replace("$CI_NODE_TOTAL", "4");
                let (code, said) = runner.run(&line, key);
                assert_eq!(code, 0, "{file} {line}: {said}");
            }
            assert_eq!(runner.run(&report, key).0, 0, "{file}");
            let junit = std::fs::read_to_string(runner.folder.path().join("connections.xml")).unwrap();
            assert!(["archive", "billing", "crm"].iter().all(|name| junit.contains(name)), "{junit}");
            let (code, said) = runner.run(&result, key);
            assert_eq!(code, exit, "{file}: {said}");
            std::fs::remove_file(runner.folder.path().join("shard-2.json")).unwrap();
            let (code, said) = runner.run(&result, key);
            assert!(code == 2 && said.contains("Parts are missing: 2/4"), "{file}: {said}");
        }
    }
}

#[test]
fn the_unit_and_the_pod_run_their_command_and_cron_stays_silent_while_all_is_well() {
    let runner = Runner::new();
    let here = runner.folder.path().display().to_string();
    for file in ["fleet/conn-test.service", "fleet/kubernetes.yml"] {
        let [call] = <[Vec<String>; 1]>::try_from(shell::calls(&read(file))).unwrap();
        let line = format!("conn {}", call.join(" ")).replace("/etc/conn", &here);
        let (code, said) = runner.run(&line, "demo-good-key-0000");
        assert_eq!((code, said.lines().count()), (0, 3), "{file}: {said}");
        assert!(said.lines().all(|line| line.contains("\"verdict\":\"ok\"")), "{said}");
        let (code, _) = runner.run(&line, "demo-revoked-key-0000");
        assert_eq!(code, 4, "{file}");
    }
    let config = format!("CONN_CONFIG={here}/connectors.toml");
    let jobs = read("fleet/crontab");
    let jobs: Vec<&str> =
        jobs.lines().filter(|line| line.contains("conn ") && !line.starts_with('#')).collect();
    assert_eq!(jobs.len(), 3);
    for job in jobs {
        let words: Vec<&str> = job.split_whitespace().collect();
        let line = words[5..].join(" ").replace("/var/lib/metrics", &here);
        // A reconnect that came from the run before is forgotten with the state.
        let (code, said) = runner.run(&format!("conn test --all --config {here}/connectors.toml --quiet; {config} CONN_NO_INPUT=1; export CONN_CONFIG; {line}"), "demo-good-key-0000");
        assert_eq!((code, said.as_str()), (0, ""), "{line}");
    }
    let metrics = std::fs::read_to_string(runner.folder.path().join("conn.prom")).unwrap();
    assert!(metrics.contains("conn_up{connection=\"crm\""), "{metrics}");
}

#[cfg(target_os = "linux")]
#[test]
fn systemd_finds_nothing_wrong_with_the_units() {
    let Some(analyze) = crate::support::program::require("systemd-analyze") else { return };
    let folder = tempfile::tempdir().unwrap();
    for unit in ["conn-test.service", "conn-test.timer"] {
        // The program stands elsewhere here, and systemd looks whether it is there.
        let text = read(&format!("fleet/{unit}")).replace("/usr/local/bin/conn", env!("CARGO_BIN_EXE_conn"));
        std::fs::write(folder.path().join(unit), text).unwrap();
    }
    let units = ["conn-test.service", "conn-test.timer"].map(|unit| folder.path().join(unit));
    let verified = Command::new(&analyze).arg("verify").arg("--man=no").args(&units).output().unwrap();
    let said = String::from_utf8_lossy(&verified.stderr);
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("conn-test")).collect();
    assert!(verified.status.success() && ours.is_empty(), "{said}");
    let broken = folder.path().join("broken.service");
    std::fs::write(&broken, "[Service]\nType=oneshut\nExecStart=/no/such/program\n").unwrap();
    let refused = Command::new(analyze).args(["verify", "--man=no"]).arg(broken).output().unwrap();
    assert!(!refused.status.success(), "a unit that cannot work is noticed");
}
