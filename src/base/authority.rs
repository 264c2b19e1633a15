//! Which host an address leads to.

use url::Url;

/// The host of an address, with its port where that is not the usual one.
#[must_use]
pub fn authority(url: &Url) -> Option<String> {
    let host = url.host_str()?.to_ascii_lowercase();
    Some(url.port().map_or(host.clone(), |port| format!("{host}:{port}")))
}
