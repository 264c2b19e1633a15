//! The addresses of a connector: whole, encrypted, and its own.

use std::collections::BTreeSet;

use super::leaves::Say;
use super::shown;
use crate::base::{Text, is_loopback};
use crate::model::{AuthMethod, Connector};

/// The hosts of everything that a connector names as an address. An address that is a variable as a whole stands for
/// itself.
pub(super) fn hosts(connector: &Connector) -> BTreeSet<String> {
    let environments = connector.environments.values().filter_map(|environment| environment.base.as_ref());
    let of_method = |method: &AuthMethod| {
        let bases = method.base.iter();
        let addresses = method.addresses().into_iter().map(|(_, address)| address);
        bases.chain(addresses).map(|address| host(address.source()).to_owned()).collect::<Vec<_>>()
    };
    let own = connector.base.iter().chain(environments).chain(&connector.hosts);
    let own = own.map(|address| host(address.source()).to_owned());
    own.chain(connector.auth.values().flat_map(of_method)).collect()
}

/// The host of an address, as it is written, with its port.
fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// An address that is none, or would send credentials in the clear.
pub(super) fn whole(place: &str, text: &str, say: &mut Say<'_>) {
    let host = |rest: &str| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        let name = host.strip_prefix('[').and_then(|v6| v6.split(']').next());
        name.unwrap_or_else(|| host.split(':').next().unwrap_or_default()).to_owned()
    };
    if let Some(rest) = text.strip_prefix("http://") {
        let host = host(rest);
        if !is_loopback(&host) {
            say("CONN-CFG-HOST-INSECURE", INSECURE.fill(&[("place", place)]), Some(INSECURE_HINT.phrase()));
        }
    } else if !text.starts_with("https://") && !text.starts_with('{') {
        say("CONN-CFG-HOST-FORM", NO_SCHEME.fill(&[("place", place)]), Some(NO_SCHEME_HINT.phrase()));
    }
}

/// A base that goes on behind its path: what comes after it there would not be part of the path.
pub(super) fn ends_with_path(place: &str, text: &str, say: &mut Say<'_>) {
    if has_tail(text) {
        say("CONN-CFG-HOST-FORM", TAIL.fill(&[("place", place)]), Some(TAIL_HINT.phrase()));
    }
}

/// Whether an address goes on behind its path. What stands between braces is a name.
fn has_tail(text: &str) -> bool {
    let outside = |part: &str| part.split_once('}').map_or(part, |(_, rest)| rest).contains(['?', '#']);
    let mut parts = text.split('{');
    parts.next().is_some_and(|first| first.contains(['?', '#'])) || parts.any(outside)
}

/// A whole address that is none of the connector's: the credential would not go there. One behind a slash is a slip.
pub(super) fn own(place: &str, target: &str, hosts: &BTreeSet<String>, say: &mut Say<'_>) {
    let slipped = ["/https://", "/http://"].iter().any(|start| target.starts_with(start));
    let is_whole = slipped || target.starts_with("https://");
    let host = host(target.trim_start_matches('/'));
    let is_open = hosts.iter().any(|known| known.starts_with('{') && !known.contains('.'));
    if is_whole && (slipped || !(is_open || hosts.contains(host))) {
        let host = shown::name(host.split(':').next().unwrap_or_default());
        let values = [("place", place), ("host", &host)];
        say("CONN-CFG-SCHEMA", ELSEWHERE.fill(&values), Some(ELSEWHERE_HINT.fill(&values)));
    }
}

const INSECURE: Text =
    Text::new("{place} would send credentials unencrypted", "{place} では認証情報が暗号化されずに送られます");
const INSECURE_HINT: Text = Text::new(
    "write https://; http:// is for 127.0.0.1 and localhost only",
    "https:// にしてください。http:// が使えるのは 127.0.0.1 と localhost だけです",
);
const NO_SCHEME: Text = Text::new("{place} is not a whole address", "{place} が完全なURLになっていません");
const NO_SCHEME_HINT: Text = Text::new("begin it with https://", "https:// から書いてください");
const TAIL: Text = Text::new(
    "{place} goes on behind its path, with ? or #",
    "{place} に ? または # 以降の部分が含まれています",
);
const TAIL_HINT: Text = Text::new(
    "end it with the path; each call brings its own query",
    "パスまでで終えてください。クエリーはリクエストごとに指定します",
);
const ELSEWHERE: Text = Text::new(
    "{place} leads to {host}, which is no host of this connector",
    "{place} の宛先 {host} は、このコネクターのホストではありません",
);
const ELSEWHERE_HINT: Text = Text::new(
    "write the path below base, such as GET /me, or name the host in hosts",
    "GET /me のように base 以下のパスを書くか、hosts にホストを追加してください",
);
