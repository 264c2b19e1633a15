//! Locks between tasks and between processes.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use conn::adapter::lock::FolderLocks;
use conn::port::{LockError, Locks as _};

use super::variable;

/// Longer than any of these waits takes; only a fault lets it pass.
const LONG: Duration = Duration::from_secs(60);
const FOLDER: &str = "CONN_TEST_LOCK_FOLDER";
const NAME: &str = "acme/production";

/// No test of its own: the process that holds a lock until it is killed.
#[tokio::test]
#[ignore = "started by the tests below"]
async fn holder() {
    let Some(folder) = variable(FOLDER) else { return };
    let _held = FolderLocks::new(folder.into()).take(NAME, LONG).await.unwrap();
    std::io::stdout().write_all(b"\nheld\n").unwrap();
    let _ = std::io::stdin().read(&mut [0]);
}

/// Another process that holds the lock.
fn other_process(folder: &Path) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "contract::locks::holder", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line == "held"), "the other process holds nothing");
    child
}

#[tokio::test]
async fn the_death_of_a_process_frees_its_lock() {
    let folder = tempfile::tempdir().unwrap();
    let locks = FolderLocks::new(folder.path().join("locks"));
    let mut child = other_process(&folder.path().join("locks"));
    assert_eq!(locks.take(NAME, Duration::ZERO).await.unwrap_err(), LockError::Busy);
    locks.take("another name", Duration::ZERO).await.unwrap();
    let waiting = async { locks.take(NAME, LONG).await.unwrap() };
    let killing = async {
        tokio::task::yield_now().await;
        child.kill().unwrap();
        child.wait().unwrap();
    };
    tokio::join!(waiting, killing);
}

#[tokio::test]
async fn whoever_gave_up_waiting_does_not_keep_the_lock() {
    let folder = tempfile::tempdir().unwrap();
    let locks = FolderLocks::new(folder.path().to_owned());
    let mut child = other_process(folder.path());
    for _ in 0..3 {
        assert_eq!(locks.take(NAME, Duration::from_millis(1)).await.unwrap_err(), LockError::Busy);
    }
    child.kill().unwrap();
    child.wait().unwrap();
    for _ in 0..3 {
        drop(locks.take(NAME, LONG).await.unwrap());
    }
}

#[tokio::test]
async fn twenty_tasks_of_two_worlds_hold_it_one_at_a_time_and_all_get_it() {
    let folder = tempfile::tempdir().unwrap();
    let worlds = [(); 2].map(|()| Arc::new(FolderLocks::new(folder.path().to_owned())));
    let (inside, finished) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let tasks: Vec<_> = (0..20)
        .map(|number| {
            let locks = Arc::clone(&worlds[number % 2]);
            let (inside, finished) = (Arc::clone(&inside), Arc::clone(&finished));
            tokio::spawn(async move {
                let held = locks.take(NAME, LONG).await.unwrap();
                assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "two hold it");
                for _ in 0..5 {
                    tokio::task::yield_now().await;
                }
                inside.fetch_sub(1, Ordering::SeqCst);
                drop(held);
                finished.fetch_add(1, Ordering::SeqCst);
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(finished.load(Ordering::SeqCst), 20);
}

#[cfg(unix)]
#[tokio::test]
async fn lock_files_are_the_users_own_and_no_name_leaves_the_folder() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("state/locks");
    let locks = FolderLocks::new(home.clone());
    let names = ["../../evil", "/etc/passwd", "a\0b", "", "日本", &"x".repeat(5000), "a/b", "A/B"];
    for name in names {
        drop(locks.take(name, Duration::ZERO).await.unwrap());
    }
    let files: Vec<_> = std::fs::read_dir(&home).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), names.len());
    assert!(files.iter().all(|file| mode(file) == 0o600));
    assert_eq!(mode(&home), 0o700);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = FolderLocks::new(file.join("locks")).take(NAME, LONG).await.unwrap_err();
    assert_eq!(error.cause(), "CONN-SELF-STATE");
    assert!(error.explain().en.contains(&file.display().to_string()), "{error}");
}
