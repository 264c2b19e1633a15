//! What others say about the same fault: with `CONN_COMPARE=FILE`, each case adds a line to that file with its
//! name, the exit code of curl, the error of a bare program on the HTTP library, and the code of conn.
//! `tests/benchmark/causes.sh` makes the table of the README out of it.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use super::lab::Lab;
use crate::support::cli::Run;
use crate::support::variable;

impl Lab {
    /// Adds the line of this case.
    pub fn compare(&self, under: &[&str], run: &Run) {
        let Some(file) = variable("CONN_COMPARE") else { return };
        let connection = run.connection();
        let Some(base) = connection["connection"]["base"].as_str() else { return };
        let address = format!("{}/me", base.trim_end_matches('/'));
        let folder = Path::new(env!("CARGO_BIN_EXE_conn")).parent().unwrap();
        let plain = folder.join("examples/bare").display().to_string();
        let curl = self.execute(under, "/usr/bin/curl", &["-sS", "-o", "/dev/null", "-m", "12", &address]);
        let reqwest = self.execute(under, &plain, &[&address]);
        let code = connection["findings"][0]["code"].as_str().unwrap_or("ok").to_owned();
        let case = std::thread::current().name().unwrap_or_default().to_owned();
        let line = [case, curl.code.to_string(), reqwest.out.trim().to_owned(), code].join("\t");
        let mut file = OpenOptions::new().create(true).append(true).open(file).unwrap();
        writeln!(file, "{line}").unwrap();
    }
}
