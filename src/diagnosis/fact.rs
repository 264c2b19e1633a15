//! What was observed. Facts hold no secret: bodies and headers are scrubbed before they become facts.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::body::Body;
use super::correlation::Neighbour;
use super::definition::DefinitionFact;
use super::experiment::Experiment;
use super::flap::Stretch;
use super::grant::GrantFact;
use super::last_good::{LastGood, Setting};
use super::share::Tally;
use super::stage::{Glance, NameLook, Peek, ProxyLook, ReachLook};
use crate::base::{Peer, Phrase, Timestamp};
use crate::model::{AuthKind, State};

/// Everything that was observed about one connection in one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// `conn.facts/1`.
    pub schema: String,
    /// When.
    pub at: Timestamp,
    /// What was looked at.
    pub connection: Subject,
    /// What is wrong before any traffic, and what the secret store said.
    pub problems: Vec<Problem>,
    /// The layers below HTTP, ground up. Empty where nothing was probed.
    pub stages: Vec<StageFact>,
    /// The requests that were made, with their answers or faults.
    pub answers: Vec<AnswerFact>,
    /// What is known from earlier runs.
    pub history: Past,
    /// What is known of the authorisation, where tokens were obtained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<GrantFact>,
    /// What the run was made with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting: Option<Setting>,
    /// Parameter → the end that its value itself names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ends: BTreeMap<String, Timestamp>,
    /// When the first value is too old, as the definition says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aged: Option<Timestamp>,
    /// What the definition says, as far as a repair could change it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<DefinitionFact>,
    /// The control experiments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub experiments: Vec<Experiment>,
    /// How many requests were made beside the calls that stand here: for tokens, and for what the service publishes.
    #[serde(default, skip_serializing_if = "is_none")]
    pub beside: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_none(count: &u32) -> bool {
    *count == 0
}

impl Facts {
    /// The calls of this run: those that were due, then the control experiments.
    pub fn calls(&self) -> impl Iterator<Item = &AnswerFact> {
        let now = self.experiments.iter().filter(|experiment| experiment.remembered.is_none());
        self.answers.iter().chain(now.filter_map(|experiment| experiment.fact.as_ref()))
    }
}

/// The schema identifier of [`Facts`].
pub const SCHEMA: &str = "conn.facts/1";

/// The connection under examination, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Its link name.
    pub link_name: String,
    /// The connector's id.
    pub connector: String,
    /// The service's display name.
    pub service: Phrase,
    /// The auth method's name in the connector.
    pub method: String,
    /// The auth kind.
    pub kind: AuthKind,
    /// The environment.
    pub environment: String,
    /// The base URL with its variables filled in.
    pub base: String,
    /// The host of the base URL.
    pub host: String,
    /// Where the connection is defined, `FILE:LINE`.
    pub origin: String,
    /// Its lasting state before this run.
    pub state: State,
    /// Parameter → keyed fingerprint of its value (four hex digits).
    pub fingerprints: BTreeMap<String, String>,
    /// Parameter → where its value is kept.
    pub sources: BTreeMap<String, String>,
    /// The redirect address to register at the service, where a consent needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect: Option<String>,
    /// What a command needs beside the link name to mean the same credential: `--environment`, `--account`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// The account whose credential it is, where each person authorises for themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

/// Something wrong that needs no traffic to be seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The cause's code.
    pub code: String,
    /// Whether it is only worth a look here, whatever the cause says.
    #[serde(default)]
    pub lowered: bool,
    /// Values for the cause's sentences.
    pub values: BTreeMap<String, String>,
    /// What was seen.
    pub evidence: Vec<Phrase>,
}

/// A layer of the path to an API, ground up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Definition and connection.
    Config,
    /// The stored values.
    Secrets,
    /// Name resolution.
    Dns,
    /// TCP, to the host or to the proxy.
    Connect,
    /// The proxy's answer to CONNECT.
    Proxy,
    /// The TLS handshake.
    Tls,
    /// A well-formed answer.
    Http,
    /// The credential.
    Auth,
    /// The rights, one by one.
    Access,
    /// The calls that are left.
    Quota,
}

impl Stage {
    /// All layers, ground up.
    pub const ALL: [Self; 10] = [
        Self::Config,
        Self::Secrets,
        Self::Dns,
        Self::Connect,
        Self::Proxy,
        Self::Tls,
        Self::Http,
        Self::Auth,
        Self::Access,
        Self::Quota,
    ];

    /// The word in JSON, JUnit and on screen.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Secrets => "secrets",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Proxy => "proxy",
            Self::Tls => "tls",
            Self::Http => "http",
            Self::Auth => "auth",
            Self::Access => "access",
            Self::Quota => "quota",
        }
    }
}

/// How far a layer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageStatus {
    /// In order.
    Ok,
    /// In order, with something to look at.
    Warning,
    /// The first broken layer.
    Failed,
    /// Above the first broken layer: nothing is known about it.
    NotReached,
    /// There is no such layer on this path (no proxy, no TLS on loopback).
    Absent,
    /// Reached, but nothing could be proved.
    Unverified,
}

/// What one layer showed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageFact {
    /// The layer.
    pub stage: Stage,
    /// How far it came.
    pub status: StageStatus,
    /// How long it took, in milliseconds.
    pub ms: Option<f64>,
    /// What it showed.
    pub detail: StageDetail,
}

/// What a layer showed, in its own terms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageDetail {
    /// Nothing to add.
    Nothing,
    /// Name resolution.
    Dns {
        /// The name that was asked.
        host: String,
        /// The addresses found.
        addresses: Vec<String>,
        /// The name servers of this machine.
        servers: Vec<String>,
        /// Why there are none.
        fault: Option<DnsFault>,
        /// The name as everybody who could be asked knows it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        look: Option<NameLook>,
    },
    /// TCP.
    Connect {
        /// Each address that was tried.
        attempts: Vec<Attempt>,
        /// What surrounds a failure.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        look: Option<ReachLook>,
    },
    /// The proxy.
    Proxy {
        /// The proxy, without user or password.
        proxy: String,
        /// The variable or flag that names it.
        source: String,
        /// The status of its answer to CONNECT.
        status: Option<u16>,
        /// The headers of its answer that explain it.
        headers: Vec<(String, String)>,
        /// Why it failed.
        fault: Option<ProxyFault>,
        /// What it said, and why it was asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        look: Option<ProxyLook>,
    },
    /// TLS.
    Tls {
        /// The version agreed.
        version: Option<String>,
        /// The protocol agreed (`h2`, `http/1.1`).
        protocol: Option<String>,
        /// The chain as the server sent it, leaf first.
        chain: Vec<Certificate>,
        /// Where the authorities came from against which it was checked.
        #[serde(default)]
        roots: Option<Roots>,
        /// Why it failed.
        fault: Option<TlsFault>,
        /// What a passer-by sees where it failed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        peek: Option<Peek>,
    },
    /// The answer.
    Http {
        /// Status and protocol in words, for example `200 over HTTP/2`.
        summary: String,
        /// Why there is none.
        fault: Option<HttpFault>,
        /// The answer of somebody else than the service.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        look: Option<Glance>,
    },
}

/// Where the trusted certificate authorities came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Roots {
    /// The operating system.
    System,
    /// One file (`SSL_CERT_FILE`).
    File(String),
    /// The list that comes with conn, because the operating system has none.
    Bundled,
}

/// One TCP attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// `ADDRESS:PORT`.
    pub address: String,
    /// How long it took, in milliseconds.
    pub ms: f64,
    /// Why it failed.
    pub fault: Option<ConnectFault>,
}

/// A certificate of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The subject.
    pub subject: String,
    /// The issuer.
    pub issuer: String,
    /// The names it is valid for.
    pub names: Vec<String>,
    /// The first moment of its validity.
    pub not_before: Timestamp,
    /// The last moment of its validity.
    pub not_after: Timestamp,
    /// Whether it names an address from which its issuer's certificate can be had.
    pub has_issuer_address: bool,
    /// The SHA-256 of the whole certificate, in hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The certificate itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pem: Option<String>,
}

/// Why a name has no address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DnsFault {
    /// NXDOMAIN.
    NoSuchName,
    /// The name exists and has no address.
    NoAddress,
    /// SERVFAIL.
    ServerFailure,
    /// REFUSED.
    Refused,
    /// No answer.
    Timeout,
    /// No name server is configured.
    NoServer,
    /// What the system said.
    Other(String),
}

/// Why TCP failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectFault {
    /// Nobody listens there.
    Refused,
    /// No answer in time.
    Timeout,
    /// Cut at once.
    Reset,
    /// A router says no.
    HostUnreachable,
    /// There is no way out of this machine.
    NetworkUnreachable,
    /// This machine lets no more files and connections be open at once.
    TooManyOpen,
    /// What the system said.
    Other(String),
}

/// Why the proxy failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProxyFault {
    /// Its name has no address.
    Unresolved(DnsFault),
    /// It cannot be reached.
    Unreachable(ConnectFault),
    /// 407; the scheme it asks for.
    NeedsLogin(String),
    /// It refuses the host (403 and the like).
    Denied(u16),
    /// It cannot reach the host (5xx).
    Upstream(u16),
    /// It does not answer CONNECT as a proxy does.
    Other(String),
}

/// Why TLS failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TlsFault {
    /// The certificate is past its time.
    Expired,
    /// The certificate is before its time.
    NotYetValid,
    /// Valid for other names only.
    WrongName {
        /// The name that was asked for.
        expected: String,
    },
    /// Signed by itself.
    SelfSigned,
    /// The server left out a certificate between its own and the authority's.
    ChainIncomplete,
    /// Signed by a known inspection appliance or program.
    Intercepted(String),
    /// Signed by an authority that this machine does not trust.
    UnknownIssuer,
    /// Withdrawn.
    Revoked,
    /// This machine trusts no authority at all.
    NoTrustStore,
    /// No common protocol version or cipher.
    Protocol,
    /// The server asks for a client certificate.
    ClientCertificateRequired,
    /// The server does not accept our client certificate.
    ClientCertificateRejected,
    /// Our client certificate cannot be presented.
    ClientCertificateUnusable(Unusable),
    /// The other side does not speak TLS.
    NotTls,
    /// Cut during the handshake.
    Reset,
    /// No answer in time.
    Timeout,
    /// What the library said.
    Other(String),
}

/// Why a client certificate cannot be presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unusable {
    /// No certificate is in the text.
    NoCertificate,
    /// X.509 version 1, which rustls does not present.
    FirstVersion,
    /// The key belongs to another certificate.
    OtherKey,
    /// It cannot be read.
    Unreadable,
}

/// Why there is no well-formed answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HttpFault {
    /// Sent, and no first byte in time.
    NoAnswer,
    /// The answer began and stopped.
    Stalled,
    /// Closed without a byte.
    Empty,
    /// What came is not HTTP.
    NotHttp(String),
    /// The body ended before its stated length.
    Truncated,
    /// The body's compression is broken.
    BadEncoding,
    /// The head is larger than any sane one.
    HeadTooLarge,
    /// An HTTP/2 error, with its reason.
    Http2(String),
    /// Cut.
    Reset,
    /// What the library said.
    Other(String),
}

/// Why a request has no answer, as the carrying client saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// No address.
    Dns(DnsFault),
    /// No TCP connection.
    Connect(ConnectFault),
    /// No way through the proxy.
    Proxy(ProxyFault),
    /// No TLS.
    Tls(TlsFault),
    /// No well-formed answer.
    Http(HttpFault),
    /// Refused by ourselves before anything was sent; the cause's code.
    Local(String),
    /// The deadline of the whole request passed; the layer is not known.
    Deadline,
}

impl Fault {
    /// Whether a request that failed this way may have reached the service.
    #[must_use]
    pub const fn may_have_arrived(&self) -> bool {
        !matches!(self, Self::Local(_) | Self::Dns(_) | Self::Connect(_) | Self::Tls(_) | Self::Proxy(_))
    }

    /// Whether the server refused the certificate that we presented.
    #[must_use]
    pub const fn is_of_our_certificate(&self) -> bool {
        matches!(self, Self::Tls(TlsFault::ClientCertificateRejected))
    }
}

/// One request with its answer or fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnswerFact {
    /// `test`, or the id of a permission.
    pub request: String,
    /// The method.
    pub method: String,
    /// The address, secrets masked.
    pub url: String,
    /// Whether a credential was sent.
    pub credentialed: bool,
    /// How long it took, in milliseconds.
    pub ms: f64,
    /// The redirects followed within the same origin.
    pub redirects: Vec<Hop>,
    /// The answer.
    pub answer: Option<Answered>,
    /// Why there is none.
    pub fault: Option<Fault>,
}

/// A redirect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    /// The status.
    pub status: u16,
    /// The target, secrets masked.
    pub to: String,
}

/// An answer, scrubbed of every known secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// The protocol.
    pub version: String,
    /// The headers, names in lower case; `set-cookie` without its value.
    pub headers: Vec<(String, String)>,
    /// The first mebibyte of the decoded body, as text.
    pub body: Body,
    /// The length of the decoded body in bytes, as far as it was read.
    pub length: usize,
    /// Whether the body was longer than what was read.
    pub truncated: bool,
    /// Who answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<Box<Peer>>,
}

impl Answered {
    /// The first value of a header, by name in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// What is known from earlier runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// The last success.
    pub last_ok: Option<Timestamp>,
    /// The fingerprints at the last success.
    pub fingerprints: BTreeMap<String, String>,
    /// The account at the last success.
    pub account: Option<String>,
    /// The organisation at the last success.
    pub organisation: Option<String>,
    /// What stood at the last success.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_good: Option<Arc<LastGood>>,
    /// What is known of the allowance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tally: Option<Tally>,
    /// The results of the last hours, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stretches: Vec<Stretch>,
    /// What other connections showed, where this one cannot be reached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Neighbour>,
}
