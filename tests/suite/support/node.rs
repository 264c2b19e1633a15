//! Services from npm below `target`, installed once for all tests of this machine, with the Node.js they want.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::program::{missing, require, succeeds};

/// The folder whose `node_modules` hold these packages, one of which is `node` itself. Looks at the variable
/// first, then below `target`, where it installs what is not there yet. `None`, said aloud, where that fails.
pub fn with(variable: &str, folder: &str, packages: &[&str]) -> Option<PathBuf> {
    if let Some(named) = super::variable(variable) {
        let home = PathBuf::from(named);
        assert!(holds(&home, packages), "{variable}: {} lacks some of {packages:?}", home.display());
        return Some(home);
    }
    let peers = Path::new(env!("CARGO_TARGET_TMPDIR")).parent()?.join("peers");
    std::fs::create_dir_all(&peers).unwrap();
    let lock = File::create(peers.join(format!("{folder}.lock"))).unwrap();
    lock.lock().unwrap();
    let home = peers.join(folder);
    if holds(&home, packages) {
        return Some(home);
    }
    let mut install = Command::new(require("npm")?);
    install.args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"]).arg(&home).args(packages);
    if succeeds(&mut install) && holds(&home, packages) {
        return Some(home);
    }
    missing(&format!(
        "{packages:?} cannot be installed from npm; {variable} can name a folder that has them"
    ));
    None
}

/// The program in such a folder.
pub fn program(home: &Path) -> PathBuf {
    home.join("node_modules/.bin/node")
}

fn holds(home: &Path, packages: &[&str]) -> bool {
    let names = packages.iter().map(|package| package.split('@').next().unwrap());
    names
        .map(|name| home.join("node_modules").join(name))
        .all(|package| package.join("package.json").is_file())
        && program(home).is_file()
}
