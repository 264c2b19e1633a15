//! Two namespaces and the wire between them; the body of a case runs in one, conn in the other.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use super::vendor::{Heard, Vendor};
use super::zone::Zone;
use crate::support::certificate::{Authority, Identity};
use crate::support::cli::{self, Home, Run};
use crate::support::{program, variable};

/// Where the servers of a case listen.
pub const SERVER: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 77, 0, 2));
/// The key of the connection `crm`; no output may hold a piece of it.
pub const KEY: &str = "acmeKq7Zr2Wv9Xt4Lm1";

/// Tells the inner run which case it is, and of which laboratory.
const INSIDE: &str = "CONN_LAB";
/// The folder from which `ip netns exec` takes the files of a namespace.
const FILES: &str = "/etc/netns";
/// The first part of the names of all namespaces made here.
const FAMILY: &str = "connlab";

/// What a case has at hand.
pub struct Lab {
    cli: String,
    home: Home,
    vendors: Vec<Vendor>,
    below: tempfile::TempDir,
    /// The authority that conn trusts.
    pub root: Authority,
    /// The name server of `cli`.
    pub zone: Zone,
}

/// Runs a case: makes the namespaces and starts this test again inside one of them.
pub fn enter(case: &str, body: fn(&mut Lab)) {
    let case = case.split_once("::").map_or(case, |(_, below)| below);
    if let Some(lab) = variable(INSIDE) {
        return body(&mut Lab::inside(&lab));
    }
    let Some(made) = Namespaces::make() else { return };
    let mut again = exec(&made.srv);
    again.arg(std::env::current_exe().unwrap()).args(["--exact", case, "--nocapture", "--test-threads", "1"]);
    let output = again.env(INSIDE, &made.name).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

impl Lab {
    fn inside(name: &str) -> Self {
        let root = Authority::root("conn tests", "Lab Root");
        let home = Home::with("").knowing("SSL_CERT_FILE", root.file().to_str().unwrap());
        let home = home.knowing("ACME_KEY", KEY);
        let zone = Zone::serve(SocketAddr::new(SERVER, 53));
        let below = tempfile::tempdir_in("/tmp").unwrap();
        fs::set_permissions(below.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let lab = Self { cli: format!("{name}-cli"), home, vendors: vec![], below, root, zone };
        lab.connect("https://api.test");
        lab
    }

    /// Sets a variable of conn's environment.
    pub fn set(&mut self, name: &str, value: &str) {
        self.home.set(name, value);
    }

    /// Makes `crm` a connection to the baseline connector at this address.
    pub fn connect(&self, base: &str) {
        self.define(&crm(base));
    }

    /// Replaces the definitions.
    pub fn define(&self, definitions: &str) {
        fs::write(self.home.definitions(), definitions).unwrap();
    }

    /// The home in which conn runs.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// A new folder that goes with the laboratory.
    pub fn folder(&self, name: &str) -> PathBuf {
        let folder = self.below.path().join(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// The same program on the machine where conn runs.
    pub fn beside_conn(&self, program: &Command) -> Command {
        let mut command = exec(&self.cli);
        command.arg(program.get_program()).args(program.get_args());
        command
    }

    /// A file that only conn's namespace sees below `/etc`: `hosts`, `resolv.conf`, `nsswitch.conf`.
    pub fn etc(&self, file: &str, content: &str) {
        fs::write(PathBuf::from(FILES).join(&self.cli).join(file), content).unwrap();
    }

    /// A packet filter in conn's namespace: rules of the chains `input` and `output`.
    pub fn nft(&self, rules: &[&str]) {
        let mut script = String::from("flush ruleset\n");
        for hook in ["input", "output"] {
            script.push_str(&format!(
                "add table inet lab\nadd chain inet lab {hook} {{ type filter hook {hook} priority 0; }}\n"
            ));
        }
        for rule in rules {
            script.push_str(&format!("add rule inet lab {rule}\n"));
        }
        let file = self.home.definitions().with_extension("nft");
        fs::write(&file, script).unwrap();
        must(exec(&self.cli).arg("nft").arg("-f").arg(&file));
    }

    /// A command of `ip` in conn's namespace.
    pub fn ip(&self, line: &str) {
        must(exec(&self.cli).arg("ip").args(line.split(' ')));
    }

    /// The baseline service at `https://api.test`, with a certificate in good order.
    pub fn vendor(&mut self, says: impl Fn(&Heard) -> Vec<u8> + Send + Sync + 'static) {
        let identity = self.root.good();
        self.vendor_with(&identity, says);
    }

    /// The same with a certificate of the case's own.
    pub fn vendor_with(
        &mut self,
        identity: &Identity,
        says: impl Fn(&Heard) -> Vec<u8> + Send + Sync + 'static,
    ) {
        self.zone.address("api.test", SERVER);
        self.listen(Vendor::new(443).over(identity.server()).says(says));
    }

    /// Any further server.
    pub fn listen(&mut self, vendor: Vendor) {
        self.vendors.push(vendor.start(SERVER));
    }

    /// The requests that the servers of the case heard so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.vendors.iter().flat_map(Vendor::heard).collect()
    }

    /// Runs conn, no longer than 20 seconds.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_under(&["timeout", "-k", "1", "20"], arguments)
    }

    /// Runs conn under other programs: a stricter `timeout`, `faketime`.
    pub fn run_under(&self, under: &[&str], arguments: &[&str]) -> Run {
        self.execute(under, env!("CARGO_BIN_EXE_conn"), arguments)
    }

    /// Runs any program where conn runs, with the same environment.
    pub fn execute(&self, under: &[&str], program: &str, arguments: &[&str]) -> Run {
        let own = self.home.command(arguments);
        let mut command = exec(&self.cli);
        command.args(under).arg(program).args(own.get_args()).env_clear();
        for (name, value) in own.get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        command.current_dir(own.get_current_dir().unwrap());
        cli::finish(command, b"")
    }
}

/// The baseline connector at an address, and the connection `crm` to it.
pub fn crm(base: &str) -> String {
    format!("{}\n[connections.crm]\nconnector = \"acme\"\nsecrets.key = \"env:ACME_KEY\"\n", acme(base))
}

/// The baseline connector.
fn acme(base: &str) -> String {
    let permission = |name: &str| {
        let table = "[[connectors.acme.permissions]]";
        format!("{table}\nid = \"{name}\"\nlabel = \"{name}\"\nrequest = \"GET /{name}\"\n")
    };
    let permissions = ["contacts", "deals", "accounts"].map(permission).concat();
    format!(
        "[connectors.acme]\nbase = \"{base}\"\nlockout = false\n\
         auth.key = {{ kind = \"api_key\", header.X-Acme-Key = \"{{key}}\", params.key.label = \"API key\" }}\n\
         test.request = \"GET /me\"\ntest.identity.account = \"/acme/user\"\n\
         answer.shape = {{ json = {{ '/acme' = true }} }}\nanswer.request_id = \"header:x-acme-request-id\"\n{permissions}"
    )
}

/// The namespaces of one case; they go when this is dropped.
struct Namespaces {
    name: String,
    srv: String,
    cli: String,
}

impl Namespaces {
    /// Makes both; `None`, said aloud, where the machine forbids it.
    fn make() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        program::require("nft")?;
        sweep();
        let name = format!("{FAMILY}-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let made = Self { srv: format!("{name}-srv"), cli: format!("{name}-cli"), name };
        if !program::succeeds(&mut ip(&["netns", "add", &made.srv])) {
            program::missing("network namespaces cannot be made here (root on Linux can)");
            return None;
        }
        must(&mut ip(&["netns", "add", &made.cli]));
        let files = PathBuf::from(FILES).join(&made.cli);
        fs::create_dir_all(&files).unwrap();
        fs::write(files.join("resolv.conf"), format!("nameserver {SERVER}\n")).unwrap();
        fs::write(files.join("hosts"), "127.0.0.1 localhost\n::1 localhost\n").unwrap();
        fs::write(files.join("nsswitch.conf"), "hosts: files dns\n").unwrap();
        made.wire();
        Some(made)
    }

    fn wire(&self) {
        let (srv, cli) = (&self.srv, &self.cli);
        must(&mut ip(&[
            "link", "add", "wire", "netns", cli, "type", "veth", "peer", "name", "wire", "netns", srv,
        ]));
        for (place, addresses) in [
            (srv, ["10.77.0.2/24", "10.77.0.3/24", "fd77::2/64"].as_slice()),
            (cli, &["10.77.0.1/24", "fd77::1/64"]),
        ] {
            for address in addresses {
                let further: &[&str] = if address.contains(':') { &["nodad"] } else { &[] };
                must(ip(&["-n", place, "address", "add", address, "dev", "wire"]).args(further));
            }
            must(&mut ip(&["-n", place, "link", "set", "lo", "up"]));
            must(&mut ip(&["-n", place, "link", "set", "wire", "up"]));
        }
        must(&mut ip(&["-n", cli, "route", "add", "default", "via", "10.77.0.2"]));
    }
}

impl Drop for Namespaces {
    fn drop(&mut self) {
        remove(&self.srv);
        remove(&self.cli);
    }
}

fn remove(namespace: &str) {
    program::succeeds(&mut ip(&["netns", "delete", namespace]));
    let _ = fs::remove_dir_all(PathBuf::from(FILES).join(namespace));
}

/// Removes what a run left that was killed.
fn sweep() {
    let Ok(found) = fs::read_dir("/run/netns") else { return };
    for name in found.flatten().filter_map(|entry| entry.file_name().into_string().ok()) {
        let mut parts = name.split('-');
        let process = (parts.next() == Some(FAMILY)).then(|| parts.next()).flatten();
        if process.is_some_and(|id| !PathBuf::from("/proc").join(id).exists()) {
            remove(&name);
        }
    }
}

fn ip(arguments: &[&str]) -> Command {
    let mut command = Command::new("/usr/sbin/ip");
    command.args(arguments);
    command
}

fn exec(namespace: &str) -> Command {
    ip(&["netns", "exec", namespace])
}

fn must(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
