//! squid as a proxy for CONNECT: `api.test` is this machine, `denied.test` is forbidden, and its second port
//! asks for a login, which may be anything.

use std::process::Command;

use super::program::{Running, free_port, require};

/// A running squid.
pub struct Squid {
    pub open: u16,
    pub guarded: u16,
    _running: Running,
    _folder: tempfile::TempDir,
}

impl Squid {
    /// Starts squid; `None` where it is not installed.
    pub fn start() -> Option<Self> {
        let program = require("squid")?;
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        let (open, guarded) = (free_port(), free_port());
        let here = folder.path().display();
        std::fs::write(folder.path().join("hosts"), "127.0.0.1 api.test denied.test\n").unwrap();
        let config = format!(
            "http_port 127.0.0.1:{open}\nhttp_port 127.0.0.1:{guarded}\nhosts_file {here}/hosts\n\
             dns_nameservers 127.0.0.1\npid_filename none\ncache_log /dev/null\naccess_log none\ncache deny all\n\
             cache_mem 1 MB\ncoredump_dir {here}\nicon_directory {here}\nshutdown_lifetime 0 seconds\n\
             auth_param basic program /usr/lib/squid/basic_fake_auth\nauth_param basic realm conn-tests\n\
             acl guarded localport {guarded}\nacl known proxy_auth REQUIRED\nacl denied dstdomain denied.test\n\
             http_access deny denied\nhttp_access deny guarded !known\nhttp_access allow all\n"
        );
        let file = folder.path().join("squid.conf");
        std::fs::write(&file, config).unwrap();
        // squid leaves root for a user of its own.
        super::set_mode(folder.path(), 0o777);
        let mut command = Command::new(program);
        command.arg("-N").arg("-n").arg(format!("conn{open}")).arg("-f").arg(&file);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        Some(Self { open, guarded, _running: Running::start(command, open), _folder: folder })
    }
}
