//! Programs by the names that people give them.

use std::ffi::{OsStr, OsString};
use std::io;

/// The endings under which Windows keeps scripts (`npm`, `gcloud`, `az`). It looks for a program without them, and
/// for a script only where its ending is written.
const ENDINGS: &[&str] = if cfg!(windows) { &[".cmd", ".bat"] } else { &[] };

/// Starts a program by its name, or by that of a script where there is no such program.
///
/// # Errors
/// What the system said of the name as it was given, or of the script that it found.
pub(super) fn start<T>(program: &OsStr, run: impl FnMut(&OsStr) -> io::Result<T>) -> io::Result<T> {
    start_among(ENDINGS, program, run)
}

fn start_among<T>(
    endings: &[&str],
    program: &OsStr,
    mut run: impl FnMut(&OsStr) -> io::Result<T>,
) -> io::Result<T> {
    let missing = match run(program) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => error,
        outcome => return outcome,
    };
    for ending in endings {
        let mut script = OsString::from(program);
        script.push(ending);
        match run(&script) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            outcome => return outcome,
        }
    }
    Err(missing)
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::start_among;

    #[test]
    fn a_script_is_started_where_there_is_no_program_of_its_name() {
        for (there, expected, asked) in [
            (&["npm", "npm.cmd"][..], Some("npm"), &["npm"][..]),
            (&["npm.bat"], Some("npm.bat"), &["npm", "npm.cmd", "npm.bat"]),
            (&[], None, &["npm", "npm.cmd", "npm.bat"]),
        ] {
            let mut tried = Vec::new();
            let found = start_among(&[".cmd", ".bat"], "npm".as_ref(), |name| {
                let name = name.to_str().unwrap().to_owned();
                tried.push(name.clone());
                if there.contains(&name.as_str()) { Ok(name) } else { Err(io::ErrorKind::NotFound.into()) }
            });
            assert_eq!(found.ok().as_deref(), expected);
            assert_eq!(tried, asked);
        }
        let mut count = 0;
        let refused = start_among(&[".cmd"], "npm".as_ref(), |_| {
            count += 1;
            Err::<(), _>(io::ErrorKind::PermissionDenied.into())
        });
        assert_eq!((refused.unwrap_err().kind(), count), (io::ErrorKind::PermissionDenied, 1));
    }
}
