//! Services from PyPI in a virtual environment below `target`, made once for all tests of this machine.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::program::{missing, require, succeeds};

/// A Python that can import this module. Looks at the variable first, then at the environment below `target`,
/// which it makes where it is not there yet. `None`, said aloud, where that fails.
pub fn with(variable: &str, folder: &str, module: &str, packages: &[&str]) -> Option<PathBuf> {
    if let Some(named) = super::variable(variable) {
        let python = PathBuf::from(named);
        assert!(imports(&python, module), "{variable}: {} has no {module}", python.display());
        return Some(python);
    }
    let peers = Path::new(env!("CARGO_TARGET_TMPDIR")).parent()?.join("peers");
    std::fs::create_dir_all(&peers).unwrap();
    let lock = File::create(peers.join(format!("{folder}.lock"))).unwrap();
    lock.lock().unwrap();
    let home = peers.join(folder);
    let python = home.join("bin/python");
    if imports(&python, module) {
        return Some(python);
    }
    let system = require("python3")?;
    let made = succeeds(Command::new(system).args(["-m", "venv"]).arg(&home))
        && succeeds(
            Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
                .args(packages),
        );
    if made && imports(&python, module) {
        return Some(python);
    }
    missing(&format!("{module} cannot be installed from PyPI; {variable} can name a Python that has it"));
    None
}

fn imports(python: &Path, module: &str) -> bool {
    python.is_file() && succeeds(Command::new(python).arg("-c").arg(format!("import {module}")))
}
