//! Files of this user alone: made with mode 0600 in folders of mode 0700, replaced as a whole or not at all,
//! and refused where another user could have read or changed them. Windows has no modes: there files have the
//! rights of the folder that they are made in, and the profile's folders are its user's alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It is a link to somewhere else.
    #[error("{0} is a symbolic link; conn keeps its files itself")]
    Link(PathBuf),
    /// It is a folder, a pipe or a device.
    #[error("{0} is not a plain file")]
    NotAFile(PathBuf),
    /// It belongs to another user.
    #[error("{0} belongs to another user")]
    Foreign(PathBuf),
    /// Other users can read or write it.
    #[error("{path} has mode {mode:04o}; run: chmod 600 {path}")]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It is longer than conn ever writes (bytes).
    #[error("{path} is longer than {limit} bytes")]
    TooLong {
        /// The file.
        path: PathBuf,
        /// The limit.
        limit: u64,
    },
    /// Reading failed.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// The folder in which a file stands; the working folder where its path names none.
#[must_use]
pub fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes a folder, and those above it that are missing, for this user alone.
///
/// # Errors
/// What the system said.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Makes an empty file for this user alone; an existing one is left as it is.
///
/// # Errors
/// What the system said.
pub fn make_file(path: &Path) -> io::Result<File> {
    private_options().create(true).truncate(false).open(path)
}

/// Reads a file that nobody else can read or change; `None` where there is none.
///
/// # Errors
/// Says why the file is refused.
pub fn read(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, Refusal> {
    let io = |source| Refusal::Io { path: path.to_owned(), source };
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io(error)),
        Ok(metadata) if metadata.file_type().is_symlink() => return Err(Refusal::Link(path.to_owned())),
        Ok(metadata) if !metadata.is_file() => return Err(Refusal::NotAFile(path.to_owned())),
        Ok(_) => {}
    }
    let file = open_unfollowed(path).map_err(io)?;
    #[cfg(unix)]
    check_owner(path, &file.metadata().map_err(io)?)?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(io)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > limit) {
        return Err(Refusal::TooLong { path: path.to_owned(), limit });
    }
    Ok(Some(bytes))
}

/// Replaces a file as a whole: a reader, or a machine that lost its power, sees the old or the new content.
///
/// # Errors
/// What the system said; the old file is then untouched.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = folder(path);
    let mut fresh = fresh(folder, ".conn-")?;
    fresh.write_all(content)?;
    fresh.as_file().sync_all()?;
    put_in_place(fresh, path)?;
    // Windows opens no folder as a file, and NTFS keeps a journal of renames.
    #[cfg(unix)]
    sync_folder(folder)?;
    Ok(())
}

/// An empty file of a name that nobody else has, for this user alone. What goes wrong is told without that name: nobody
/// asked for it.
///
/// # Errors
/// What the system said.
pub(super) fn fresh(folder: &Path, prefix: &str) -> io::Result<NamedTempFile> {
    let made = |path: &Path| private_options().create_new(true).open(path);
    tempfile::Builder::new().prefix(prefix).suffix(".new").make_in(folder, made)
}

/// Lets a finished file take the place of another, whole or not at all.
///
/// # Errors
/// What the system said; the old file is then untouched and the new one is gone.
#[cfg(unix)]
pub(super) fn put_in_place(fresh: NamedTempFile, path: &Path) -> io::Result<()> {
    fresh.persist(path).map(drop).map_err(|error| error.error)
}

/// Lets a finished file take the place of another, whole or not at all. Windows refuses while somebody has the old one
/// open, a virus scanner for example; such looks are short. `fs::rename` does not mind a conn that reads it, where
/// `NamedTempFile::persist` does.
///
/// # Errors
/// What the system said; the old file is then untouched and the new one is gone.
#[cfg(windows)]
pub(super) fn put_in_place(fresh: NamedTempFile, path: &Path) -> io::Result<()> {
    // ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION.
    const HELD: [i32; 3] = [5, 32, 33];
    const PATIENCE: Duration = Duration::from_secs(2);
    // It is no temporary file any more, so nobody else clears it away.
    let fresh = fresh.into_temp_path().keep().map_err(|error| error.error)?;
    let end = Instant::now() + PATIENCE;
    loop {
        match fs::rename(&fresh, path) {
            Ok(()) => return Ok(()),
            Err(error)
                if Instant::now() < end && error.raw_os_error().is_some_and(|code| HELD.contains(&code)) =>
            {
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(error) => {
                let _ = fs::remove_file(&fresh);
                return Err(error);
            }
        }
    }
}

/// A lock between processes, freed when it is dropped or its process dies.
#[derive(Debug)]
pub struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// Takes the lock of a path (`PATH.lock`), waiting for at most the deadline.
///
/// # Errors
/// `ResourceBusy` where another process holds it for longer, else what the system said.
pub fn lock(path: &Path, deadline: Duration) -> io::Result<Lock> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = make_file(Path::new(&name))?;
    let end = Instant::now() + deadline;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Lock(file)),
            Err(fs::TryLockError::Error(error)) => return Err(error),
            Err(fs::TryLockError::WouldBlock) if Instant::now() >= end => {
                return Err(io::ErrorKind::ResourceBusy.into());
            }
            Err(fs::TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}

#[cfg(unix)]
fn private_options() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600).custom_flags(no_follow());
    options
}

#[cfg(not(unix))]
fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    options
}

/// A named pipe in the file's place must not block either.
#[cfg(unix)]
fn no_follow() -> i32 {
    use rustix::fs::OFlags;
    (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed()
}

#[cfg(unix)]
fn open_unfollowed(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().read(true).custom_flags(no_follow()).open(path)
}

#[cfg(not(unix))]
fn open_unfollowed(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(unix)]
fn check_owner(path: &Path, metadata: &fs::Metadata) -> Result<(), Refusal> {
    use std::os::unix::fs::MetadataExt as _;
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(Refusal::Foreign(path.to_owned()));
    }
    match metadata.mode() & 0o777 {
        mode if mode & 0o077 != 0 => Err(Refusal::Exposed { path: path.to_owned(), mode }),
        _ => Ok(()),
    }
}

/// Makes a rename durable, where the file system knows how: that of a share may not.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    use rustix::io::Errno;
    let unknown = [Errno::INVAL, Errno::NOTSUP, Errno::OPNOTSUPP].map(Errno::raw_os_error);
    match File::open(folder)?.sync_all() {
        Err(error) if error.raw_os_error().is_some_and(|code| unknown.contains(&code)) => Ok(()),
        outcome => outcome,
    }
}
