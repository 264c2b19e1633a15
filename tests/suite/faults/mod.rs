//! The fault laboratory: each fault is made with real tools between two network namespaces, and conn must
//! name its one cause.
//!
//! `cli` is where conn runs: 10.77.0.1 and fd77::1, its own `resolv.conf`, `hosts` and `nsswitch.conf`. `srv`
//! is everybody else: 10.77.0.2, 10.77.0.3 and fd77::2. The test's body runs in `srv`, so whatever it binds, or
//! starts as a program, is a server there; nothing leaves the machine, and ports need not be free.
//!
//! To add a case, write it into the file of its kind (or a new file, with its `mod` line here):
//!
//! ```ignore
//! case!(o33_a_key_that_nobody_knows, |lab| {
//!     lab.vendor(|heard| vendor::acme(heard));      // https://api.test, by closure; `lab.heard()` is its log
//!     lab.connect("https://api.test");              // the connection `crm` of the baseline connector `acme`
//!     lab.set("ACME_KEY", "some-other-key-0123");   // any variable of conn's environment
//!     let run = lab.expect(&Expect::root("AUTH-KEY-UNKNOWN").exit(4).never(&["NET-", "AUTH-KEY-ROTATED"]));
//!     assert!(run.out.contains("…"));
//! });
//! ```
//!
//! `lab.expect` runs `diagnose` in both languages and `test`, and holds every run against the rules for all
//! cases: root code, forbidden codes, exit code, steps, no secret in any stream or file, at most twelve
//! requests, twenty seconds, and nothing claimed above the broken layer. `lab.define` writes other definitions,
//! `lab.run` is any command, `lab.zone` the name server, `lab.nft` a packet filter where conn runs.
//! Namespaces need root on Linux; elsewhere the cases say aloud that they are skipped.

/// A case: its name, and what happens in the laboratory. What it needs besides (`after`) is installed first: nothing
/// can be fetched from inside.
macro_rules! case {
    ($name:ident, after $needs:path, $body:expr) => {
        #[test]
        fn $name() {
            if $needs().is_some() {
                super::lab::enter(concat!(module_path!(), "::", stringify!($name)), $body);
            }
        }
    };
    ($name:ident, $body:expr) => {
        #[test]
        fn $name() {
            super::lab::enter(concat!(module_path!(), "::", stringify!($name)), $body);
        }
    };
}

mod answers;
mod certificates;
mod comparison;
mod expect;
mod keys;
mod lab;
mod limits;
mod local;
mod names;
mod network;
mod programs;
mod proxies;
mod repairs;
mod rows;
mod tokens;
mod vendor;
mod zone;
