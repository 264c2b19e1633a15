//! One file takes the place of another, under a lock.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::adapter::private_file::{self, Lock};
use crate::base::{Text, system_error};
use crate::port::EditError;

/// How long we wait for another program of ours.
const PATIENCE: Duration = Duration::from_secs(10);

/// The file itself where `path` is a link to it, so that the link stays a link.
pub(super) fn target(path: &Path) -> Result<PathBuf, EditError> {
    // Only a link is followed: on Windows the canonical form of a path is not the one that people write.
    if !path.is_symlink() {
        return Ok(path.to_owned());
    }
    path.canonicalize().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => fault(path, "CONN-SELF-STATE", DANGLING),
        _ => broken(path, &error),
    })
}

/// Holds the lock of a file until dropped. The lock is a file beside it, which stays.
pub(super) fn lock(path: &Path) -> Result<Lock, EditError> {
    let folder = private_file::folder(path);
    private_file::make_folder(folder).map_err(|error| broken(path, &error))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    private_file::lock(&folder.join(format!(".{name}")), PATIENCE).map_err(|error| match error.kind() {
        io::ErrorKind::ResourceBusy => fault(path, "CONN-SELF-LOCK", LOCKED),
        _ => broken(path, &error),
    })
}

/// Puts a text in the place of a file's, whole or not at all, keeping the file's mode.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), EditError> {
    let write = || -> io::Result<()> {
        let folder = private_file::folder(path);
        let mut fresh = private_file::fresh(folder, ".connectors-")?;
        fresh.write_all(text.as_bytes())?;
        if let Ok(old) = fs::metadata(path) {
            fresh.as_file().set_permissions(old.permissions())?;
        }
        fresh.as_file().sync_all()?;
        private_file::put_in_place(fresh, path)?;
        sync_folder(folder);
        Ok(())
    };
    write().map_err(|error| broken(path, &error))
}

/// Makes the rename durable where the system can; the text is in place either way.
fn sync_folder(folder: &Path) {
    if cfg!(unix)
        && let Ok(folder) = File::open(folder)
    {
        let _ = folder.sync_all();
    }
}

const DANGLING: Text =
    Text::new("the link points to a file that is not there", "リンク先のファイルがありません");
const LOCKED: Text = Text::new(
    "another conn is changing this file and does not finish",
    "別の conn がこのファイルを変更中で、完了していません",
);

pub(super) fn fault(path: &Path, code: &'static str, message: Text) -> EditError {
    EditError { path: path.to_owned(), code, message: message.phrase() }
}

pub(super) fn broken(path: &Path, error: &io::Error) -> EditError {
    EditError { path: path.to_owned(), code: "CONN-SELF-STATE", message: system_error::explained(error) }
}
