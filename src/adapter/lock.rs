//! Locks between processes: one file per name in a folder of this user alone, locked by the system and never
//! deleted, because a file that goes while somebody waits for it would leave two holders.

use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as Queue, OwnedMutexGuard, oneshot};

use super::private_file;
use crate::base::{sha256, system_error};
use crate::port::BoxFuture;
use crate::port::lock::{Held, LockError, Locks};

/// The locks of one folder.
pub struct FolderLocks {
    folder: PathBuf,
    /// Who waits in this process, per name, first come first served: only the first of them asks the system.
    queues: Mutex<HashMap<String, Arc<Queue<()>>>>,
}

/// A locked file, and the head of the queue in this process. The file is freed first.
#[derive(Debug)]
struct HeldFile {
    file: File,
    _turn: OwnedMutexGuard<()>,
}

impl Held for HeldFile {}

impl Drop for HeldFile {
    fn drop(&mut self) {
        // A child process may have inherited the file; closing it would not free the lock then.
        let _ = self.file.unlock();
    }
}

impl FolderLocks {
    /// Locks whose files lie in `folder`, which is made when the first lock is taken.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, queues: Mutex::default() }
    }

    fn queue(&self, name: &str) -> Arc<Queue<()>> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(queues.entry(name.to_owned()).or_default())
    }

    async fn wait(&self, name: &str) -> Result<Box<dyn Held>, LockError> {
        let turn = self.queue(name).lock_owned().await;
        let path = self.folder.join(file_name(name));
        private_file::make_folder(&self.folder).map_err(|error| broken(&self.folder, &error))?;
        let file = private_file::make_file(&path).map_err(|error| broken(&path, &error))?;
        let file = match file.try_lock() {
            Ok(()) => file,
            Err(TryLockError::Error(error)) => return Err(broken(&path, &error)),
            Err(TryLockError::WouldBlock) => locked(file).await.map_err(|error| broken(&path, &error))?,
        };
        Ok(Box::new(HeldFile { file, _turn: turn }))
    }
}

impl Locks for FolderLocks {
    fn take<'a>(
        &'a self,
        name: &'a str,
        patience: Duration,
    ) -> BoxFuture<'a, Result<Box<dyn Held>, LockError>> {
        Box::pin(async move {
            tokio::time::timeout(patience, self.wait(name)).await.unwrap_or(Err(LockError::Busy))
        })
    }
}

/// Waits in the system's own queue, in a thread of its own. When nobody waits for the thread any more, it
/// frees the lock as soon as it gets it; the end of the process does not wait for it.
async fn locked(file: File) -> io::Result<File> {
    let (done, wait) = oneshot::channel();
    std::thread::Builder::new().name("lock".to_owned()).spawn(move || {
        let outcome = loop {
            match file.lock() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                outcome => break outcome,
            }
        };
        let _ = done.send(outcome.map(|()| file));
    })?;
    wait.await.unwrap_or_else(|_| Err(io::Error::other("the waiting thread ended")))
}

/// A name may hold anything, a file name may not; a fingerprint fits every file system.
fn file_name(name: &str) -> String {
    format!("{}.lock", &sha256(name.as_bytes())[..32])
}

fn broken(path: &Path, error: &io::Error) -> LockError {
    LockError::Io { path: path.to_owned(), reason: system_error::explained(error) }
}
