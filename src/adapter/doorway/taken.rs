//! Who listens on a port: Linux tells it of the user's own programs.

use std::fs;
use std::path::{Path, PathBuf};

use crate::base::safe_text;

/// The name and the number of the process that listens on a port, where the system tells.
pub(super) fn by(port: u16) -> Option<String> {
    let tables =
        ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| fs::read_to_string(table).unwrap_or_default());
    let sockets: Vec<PathBuf> = tables
        .iter()
        .flat_map(|table| inodes(table, port))
        .map(|inode| PathBuf::from(format!("socket:[{inode}]")))
        .collect();
    if sockets.is_empty() {
        return None;
    }
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let number = processes
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .find(|number| holds(&Path::new("/proc").join(number.to_string()).join("fd"), &sockets))?;
    let name = fs::read_to_string(format!("/proc/{number}/comm")).ok()?;
    Some(format!("{} (PID {number})", safe_text::line(&name, 32)))
}

fn holds(descriptors: &Path, sockets: &[PathBuf]) -> bool {
    let Ok(entries) = fs::read_dir(descriptors) else { return false };
    entries.flatten().any(|entry| fs::read_link(entry.path()).is_ok_and(|target| sockets.contains(&target)))
}

/// The sockets that listen on a port, out of a table of proc_net_tcp(5).
fn inodes(table: &str, port: u16) -> Vec<&str> {
    const LISTENING: &str = "0A";
    let end = format!(":{port:04X}");
    let listening = |line: &&str| {
        let mut columns = line.split_whitespace();
        columns.nth(1).is_some_and(|address| address.ends_with(&end)) && columns.nth(1) == Some(LISTENING)
    };
    table.lines().skip(1).filter(listening).filter_map(|line| line.split_whitespace().nth(9)).collect()
}

#[cfg(test)]
mod tests {
    use super::inodes;

    #[test]
    fn only_sockets_that_listen_on_the_port_are_found() {
        const TABLE: &str = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0 100 0 0 10 0
   1: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4712 1 0 100 0 0 10 0
   2: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 4713 1 0 100 0 0 10 0
   3: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 4714 1 0 100 0 0 10 0
   4: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 4715 1 0 1
broken";
        assert_eq!(inodes(TABLE, 8080), ["4711", "4715"]);
        assert_eq!(inodes(TABLE, 80), [""; 0]);
    }
}
