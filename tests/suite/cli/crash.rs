//! Killed at any moment, `add`, `reconnect` and `remove` leave the old or the new state, never neither.
//!
//! strace kills the program at the first, second, third … call of each kind that touches a file.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use conn::sandbox::Credentials;

use crate::support::program::require;
use crate::support::site::{Site, files};

/// The calls that change what stays on the disk.
const CALLS: [&str; 5] = [
    "openat,creat",
    "write,pwrite64,writev",
    "rename,renameat,renameat2,link,linkat",
    "fsync,fdatasync,ftruncate",
    "unlink,unlinkat,fchmod,chmod",
];
/// How many kills of one kind are tried at most, spread over the run.
const TRIED: usize = 15;

const ADD: &str =
    "add crm --connector sandbox --method key --store vault --set address={url} --secret api_key=file:old";

/// A site whose vault is opened by a key file, which costs less than a passphrase.
fn site() -> Site {
    let mut site = Site::with(Credentials::generate());
    let key = site.path("vault.key");
    std::fs::write(&key, "a key of more than thirty-two bytes, for tests").unwrap();
    private(&key);
    site.set("CONN_VAULT_KEY_FILE", &key.display().to_string());
    let good = site.sandbox.credentials().key.clone();
    let new = Credentials::generate().key;
    site.sandbox.control().issue(&new);
    for (name, value) in [("old", &good), ("new", &new)] {
        let path = site.path("work").join(name);
        std::fs::write(&path, value).unwrap();
        private(&path);
    }
    site
}

fn private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// What stands in conn's folders, to begin again from it.
struct Snapshot(Vec<(PathBuf, Vec<u8>)>);

impl Snapshot {
    fn take(site: &Site) -> Self {
        let found = files(&site.path("home")).into_iter();
        Self(found.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect())
    }

    fn restore(&self, site: &Site) {
        for path in files(&site.path("home")) {
            std::fs::remove_file(path).unwrap();
        }
        for (path, content) in &self.0 {
            std::fs::write(path, content).unwrap();
            private(path);
        }
    }
}

/// How a run under strace ended.
#[derive(PartialEq, Eq)]
enum End {
    Killed,
    Finished,
}

fn killed_at(site: &Site, strace: &Path, line: &str, calls: &str, nth: usize) -> End {
    let plain = site.command(line);
    let mut command = Command::new(strace);
    command.args(["-f", "-qq", "-o", "/dev/null", "-e"]).arg(format!("trace={calls}"));
    command.arg("-e").arg(format!("inject={calls}:signal=KILL:when={nth}"));
    command.arg("--").arg(plain.get_program()).args(plain.get_args());
    command.env_clear().envs(site.variables()).current_dir(site.path("work"));
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    match status.code() {
        Some(0) => End::Finished,
        // strace may say it as a shell does.
        None | Some(137) => End::Killed,
        Some(other) => panic!("{line} under strace ended with {other}"),
    }
}

/// How often a run makes calls of these kinds.
fn count(site: &Site, strace: &Path, line: &str, calls: &str) -> usize {
    let plain = site.command(line);
    let log = site.path("strace.log");
    let mut command = Command::new(strace);
    command.args(["-f", "-qq", "-o"]).arg(&log).arg("-e").arg(format!("trace={calls}"));
    command.arg("--").arg(plain.get_program()).args(plain.get_args());
    command.env_clear().envs(site.variables()).current_dir(site.path("work"));
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert!(status.success(), "{line} under strace");
    let text = std::fs::read_to_string(&log).unwrap();
    text.lines().filter(|line| line.contains('(') && !line.contains("resumed>")).count()
}

/// Kills a command at many moments, each time from the same start, and looks at what is left.
fn survive(site: &Site, line: &str, look: impl Fn(&str)) {
    let Some(strace) = require("strace") else { return };
    let start = Snapshot::take(site);
    let mut kills = 0;
    for calls in CALLS {
        start.restore(site);
        let all = count(site, &strace, line, calls);
        let step = all.div_ceil(TRIED).max(1);
        // From the end backwards: what changes files comes after what starts the program.
        for nth in (1..=all).rev().step_by(step) {
            start.restore(site);
            if killed_at(site, &strace, line, calls, nth) == End::Killed {
                kills += 1;
                look(&format!("{line} killed at call {nth} of {calls}"));
            }
        }
    }
    assert!(kills > 10, "only {kills} kills");
}

/// Whether the connection is there. If it is, it works and carries one of the two keys.
fn is_there(site: &Site, when: &str) -> bool {
    let shown = site.run("show crm");
    if shown.exit == 2 || shown.exit == 5 {
        assert!(shown.all().contains("crm"), "{when}: {}", shown.all());
        return false;
    }
    assert_eq!(shown.exit, 0, "{when}: {}", shown.all());
    let tested = site.run("test crm");
    assert_eq!(tested.exit, 0, "{when}: {}", tested.all());
    true
}

#[test]
fn a_killed_add_leaves_no_connection_or_a_working_one_and_can_be_repeated() {
    let site = site();
    survive(&site, ADD, |when| {
        if !is_there(&site, when) {
            let again = site.run(ADD);
            assert_eq!(again.exit, 0, "{when}, again: {}", again.all());
            assert!(is_there(&site, when), "{when}");
        }
    });
}

#[test]
fn a_killed_reconnect_leaves_the_old_key_or_the_new_one_and_can_be_repeated() {
    let site = site();
    site.must(ADD);
    let line = "reconnect crm --secret api_key=file:new";
    let carried = |path: &str| {
        let key = std::fs::read_to_string(site.path("work").join(path)).unwrap();
        site.sandbox.requests().last().unwrap().mentions(&key)
    };
    survive(&site, line, |when| {
        assert!(is_there(&site, when), "{when}: the connection is gone");
        assert!(carried("old") || carried("new"), "{when}: neither key");
        let again = site.run(line);
        assert_eq!(again.exit, 0, "{when}, again: {}", again.all());
        assert!(is_there(&site, when) && carried("new"), "{when}");
    });
}

#[test]
fn a_killed_remove_leaves_a_working_connection_or_none_and_can_be_repeated() {
    let site = site();
    site.must(ADD);
    let line = "remove crm --yes";
    survive(&site, line, |when| {
        if is_there(&site, when) {
            let again = site.run(line);
            assert_eq!(again.exit, 0, "{when}, again: {}", again.all());
        }
        assert!(!is_there(&site, when), "{when}");
        let anew = site.run(ADD);
        assert_eq!(anew.exit, 0, "{when}, added anew: {}", anew.all());
    });
}
