//! `conn import` and `conn export`: what other programs keep moves in, and connections move between two homes.

mod accounts;
mod bundles;
mod imports;
mod malformed;
mod secrecy;

use std::path::PathBuf;

use crate::support::cli::Home;

/// The folder of the files to be imported.
fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/moving")
}

/// A home with a vault, and the fixtures in its working folder with `MARKER` replaced.
fn home(marker: &str) -> Home {
    let home = Home::with("").knowing("CONN_VAULT_PASSPHRASE", "correct-horse-battery");
    copy(&fixtures(), &home.folder().join("work"), marker);
    home
}

fn copy(from: &std::path::Path, to: &std::path::Path, marker: &str) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target, marker);
        } else {
            let text = std::fs::read_to_string(path).unwrap();
            std::fs::write(target, text.replace("MARKER", marker)).unwrap();
        }
    }
}

/// Writes a file into the working folder of a home.
fn write(home: &Home, name: &str, content: impl AsRef<[u8]>) {
    std::fs::write(home.folder().join("work").join(name), content).unwrap();
}

/// Makes an identity in a home; its recipient.
fn identity(home: &Home, file: &str) -> String {
    let run = home.run(&["generate", "identity", file]);
    assert_eq!(run.code, 0, "{run:?}");
    run.out.trim().to_owned()
}
