//! Which proxy a request takes.
//!
//! Only https goes through a proxy: plain http is sent to loopback alone, and loopback is never proxied. That
//! is why no request ever takes `HTTP_PROXY`, which also closes the CGI hole (a `Proxy:` header that becomes
//! `HTTP_PROXY`). It is only named where it may explain something.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use url::Url;
use zeroize::Zeroizing;

use super::no_proxy::NoProxy;
use crate::base::Secret;
use crate::base::is_loopback;
use crate::base::process::Variables;
use crate::diagnosis::stage::ProxyNote;

/// The variables that name a proxy for https, in the order in which they count.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
/// The variables that name a proxy for plain http only.
const PLAIN: [&str; 2] = ["HTTP_PROXY", "http_proxy"];
/// The variables that name hosts without a proxy.
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The proxy of this run and the hosts that do without it.
#[derive(Debug, Default)]
pub struct ProxySettings {
    proxy: Option<ProxyAddress>,
    exceptions: NoProxy,
    /// The variable that holds the exceptions.
    excepting: &'static str,
    /// The proxy for plain http, which no request ever takes.
    plain: Option<ProxyAddress>,
    /// Variables that name a proxy and do not count, with the proxy.
    unused: Vec<(&'static str, String)>,
}

impl ProxySettings {
    /// No proxy at all.
    #[must_use]
    pub fn direct() -> Self {
        Self::default()
    }

    /// The explicit proxy (`--proxy`), else the one that the environment names.
    ///
    /// `NO_PROXY` counts for both; an explicit proxy that is empty means none.
    ///
    /// # Errors
    /// When the value is no proxy address.
    pub fn gather(explicit: Option<&str>, variables: &Variables) -> Result<Self, ProxyError> {
        let first = |names: &[&'static str]| {
            names.iter().find_map(|name| variables.get(name).map(|value| (*name, value)))
        };
        let named = match explicit {
            Some(value) => Some(("--proxy", value)).filter(|(_, value)| !value.trim().is_empty()),
            None => first(&VARIABLES),
        };
        let proxy = named.map(|(source, value)| ProxyAddress::parse(value, source)).transpose()?;
        let (excepting, list) = first(&EXCEPTIONS).unwrap_or_default();
        let others = VARIABLES.iter().chain(&PLAIN).filter_map(|name| {
            let value = variables.get(name).filter(|value| !value.trim().is_empty())?;
            let address = ProxyAddress::parse(value, name).ok()?;
            (proxy.as_ref().is_none_or(|used| used.source != *name)).then(|| (*name, address.shown()))
        });
        let plain = PLAIN.iter().find_map(|name| ProxyAddress::parse(variables.get(name)?, name).ok());
        Ok(Self { plain, unused: others.collect(), proxy, exceptions: NoProxy::parse(list), excepting })
    }

    /// The proxy that plain http to a host would take. Nothing of value is ever sent that way.
    #[must_use]
    pub fn plain(&self, host: &str) -> Option<&ProxyAddress> {
        self.plain.as_ref().filter(|_| !is_loopback(host) && !self.exceptions.covers(host, 80))
    }

    /// What may surprise about the proxy of a host over TLS, or about there being none.
    #[must_use]
    pub fn explain(&self, host: &str, port: u16) -> Vec<ProxyNote> {
        let mut notes = Vec::new();
        if is_loopback(host) {
            return notes;
        }
        let entry = |entry: &str| (self.excepting.to_owned(), entry.to_owned());
        if let Some(proxy) = &self.proxy {
            let twin = self
                .unused
                .iter()
                .find(|(name, shown)| name.eq_ignore_ascii_case(proxy.source) && *shown != proxy.shown());
            if let Some((name, _)) = twin {
                notes.push(ProxyNote::Differ { used: proxy.source.to_owned(), unused: (*name).to_owned() });
            }
            if let Some((variable, entry)) = self.exceptions.covering(host, port).map(entry) {
                notes.push(ProxyNote::Excepted { variable, entry, proxy: proxy.shown() });
            } else if let Some((variable, entry)) = self.exceptions.missing(host, port).map(entry) {
                notes.push(ProxyNote::Missed { variable, entry });
            }
        } else if let Some((name, shown)) = self.unused.first() {
            notes.push(ProxyNote::Elsewhere { place: (*name).to_owned(), proxy: shown.clone() });
        }
        notes
    }

    /// The proxy itself, whatever its exceptions.
    #[must_use]
    pub const fn proxy(&self) -> Option<&ProxyAddress> {
        self.proxy.as_ref()
    }

    /// The proxy for a host over TLS, if it takes one.
    #[must_use]
    pub fn choose(&self, host: &str, port: u16) -> Option<&ProxyAddress> {
        let proxy = self.proxy.as_ref()?;
        (!is_loopback(host) && !self.exceptions.covers(host, port)).then_some(proxy)
    }
}

/// How a proxy is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyScheme {
    /// CONNECT over plain TCP.
    Http,
    /// CONNECT over TLS.
    Https,
    /// SOCKS 5 with names resolved here.
    Socks5,
    /// SOCKS 5 with names resolved by the proxy.
    Socks5h,
}

impl ProxyScheme {
    const fn code(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Socks5 => "socks5",
            Self::Socks5h => "socks5h",
        }
    }

    const fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
            Self::Socks5 | Self::Socks5h => 1080,
        }
    }

    /// Whether it is a SOCKS proxy.
    #[must_use]
    pub const fn is_socks(self) -> bool {
        matches!(self, Self::Socks5 | Self::Socks5h)
    }
}

/// A proxy. Neither `Display` nor `Debug` shows its user or password.
pub struct ProxyAddress {
    /// How it is spoken to.
    pub scheme: ProxyScheme,
    /// Its host, without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The user and password it asks for.
    pub login: Option<ProxyLogin>,
    /// The variable or flag that names it.
    pub source: &'static str,
}

/// A user and password for a proxy.
#[derive(Debug)]
pub struct ProxyLogin {
    /// The user.
    pub user: Secret,
    /// The password.
    pub password: Secret,
}

/// A value that is no proxy address. The value itself may hold a password and is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{source_name} holds no proxy address that conn understands")]
pub struct ProxyError {
    /// The variable or flag that holds it.
    pub source_name: &'static str,
}

impl ProxyAddress {
    /// Reads `[scheme://][user:password@]host[:port]`.
    ///
    /// # Errors
    /// When it is none, or its scheme is not one of http, https, socks5 and socks5h.
    pub fn parse(value: &str, source: &'static str) -> Result<Self, ProxyError> {
        let wrong = ProxyError { source_name: source };
        let value = value.trim();
        let whole = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
        let url = Url::parse(&whole).map_err(|_| wrong)?;
        let scheme = match url.scheme() {
            "http" => ProxyScheme::Http,
            "https" => ProxyScheme::Https,
            "socks5" => ProxyScheme::Socks5,
            "socks5h" => ProxyScheme::Socks5h,
            _ => return Err(wrong),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(wrong)?;
        Ok(Self {
            scheme,
            host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
            port: url.port().unwrap_or(scheme.port()),
            login: login(&url),
            source,
        })
    }

    /// The address with scheme and port, without user and password.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("{}://{}", self.scheme.code(), authority(&self.host, self.port))
    }
}

/// `HOST:PORT`, with brackets around an IPv6 address.
#[must_use]
pub fn authority(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

fn login(url: &Url) -> Option<ProxyLogin> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let plain = |text: &str| Secret::new(percent_decode_str(text).decode_utf8_lossy().into_owned());
    Some(ProxyLogin { user: plain(url.username()), password: plain(url.password().unwrap_or_default()) })
}

impl ProxyLogin {
    /// The value of `Proxy-Authorization` (RFC 7617).
    #[must_use]
    pub fn basic(&self) -> Zeroizing<String> {
        let pair = Zeroizing::new(format!("{}:{}", self.user.expose(), self.password.expose()));
        Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())))
    }
}

impl fmt::Display for ProxyAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.shown())
    }
}

impl fmt::Debug for ProxyAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self} from {}", self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::{ProxySettings, Variables};

    fn chosen(explicit: Option<&str>, variables: &[(&str, &str)], host: &str) -> Option<String> {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let settings = ProxySettings::gather(explicit, &variables.collect()).unwrap();
        settings.choose(host, 443).map(|proxy| format!("{} {}", proxy.shown(), proxy.source))
    }

    #[test]
    fn the_flag_wins_over_the_environment_and_no_proxy_over_both() {
        let both = [("HTTPS_PROXY", "http://p:3128"), ("ALL_PROXY", "socks5h://s")];
        // Windows has one variable for both spellings.
        let name = if cfg!(windows) { "HTTPS_PROXY" } else { "https_proxy" };
        let small = |proxy: &str| format!("{proxy} {name}");
        for (explicit, variables, host, expected) in [
            (None, &[][..], "api.test", None),
            (None, &both[..], "api.test", Some("http://p:3128 HTTPS_PROXY")),
            (None, &both[1..], "api.test", Some("socks5h://s:1080 ALL_PROXY")),
            (Some("https://q"), &both[..], "api.test", Some("https://q:443 --proxy")),
            (Some(""), &both[..], "api.test", None),
            (None, &[("https_proxy", "p:8080")][..], "api.test", Some(&small("http://p:8080"))),
            (None, &[("https_proxy", "[::1]:8080")][..], "api.test", Some(&small("http://[::1]:8080"))),
            (None, &[("HTTP_PROXY", "http://p:1")][..], "api.test", None),
            (Some("p:1"), &[("NO_PROXY", ".test")][..], "api.test", None),
            (Some("p:1"), &[][..], "127.0.0.1", None),
            (Some("p:1"), &[][..], "localhost", None),
            (Some("p:1"), &[][..], "::1", None),
        ] {
            assert_eq!(
                chosen(explicit, variables, host).as_deref(),
                expected,
                "{explicit:?} {variables:?} {host}"
            );
        }
    }

    #[test]
    fn user_and_password_of_a_proxy_are_never_shown() {
        let settings =
            ProxySettings::gather(Some("http://marker-user:marker-pass@p:1"), &Variables::default()).unwrap();
        let proxy = settings.choose("api.test", 443).unwrap();
        let shown = format!("{settings:?} {settings:#?} {proxy} {proxy:?} {}", proxy.shown());
        assert!(!shown.contains("marker"), "{shown}");
        assert_eq!(proxy.login.as_ref().unwrap().password.expose(), "marker-pass");
    }

    #[test]
    fn a_value_that_is_no_proxy_is_an_error_without_the_value() {
        for value in ["ftp://marker@p", "http://", "http://marker:marker@", "::marker::"] {
            let error = ProxySettings::gather(Some(value), &Variables::default()).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("marker"), "{value}");
        }
    }
}
