//! How a connection's calls travel: its deadlines, the authorities that it trusts, and its client certificate.

use std::path::PathBuf;
use std::time::Duration;

use zeroize::Zeroizing;

use super::exchange::{Caller, local};
use crate::base::Secret;
use crate::diagnosis::Fault;
use crate::diagnosis::fact::{TlsFault, Unusable};
use crate::port::{ClientIdentity, Route};
use crate::scheme::key::PrivateKey;

/// The parameters whose values prove a client in the TLS handshake.
const CERTIFICATE: &str = "certificate";
const PRIVATE_KEY: &str = "private_key";

impl Caller<'_> {
    /// The route of this connection.
    ///
    /// # Errors
    /// A local fault: its client certificate cannot be presented.
    pub fn route(&self) -> Result<Route, Fault> {
        let settings = self.world.settings();
        let mut route = Route::default();
        let seconds = self.prepared.connection.timeout.map(Duration::from_secs);
        if let Some(total) = settings.timeout.or(seconds) {
            route.total = total;
            route.connect = route.connect.min(total);
            route.first_byte = total;
            route.idle = total;
        }
        route.ca_file = self.ca_file();
        route.identity = self.identity()?;
        route.older_protocol = self.prepared.older_protocol;
        Ok(route)
    }

    /// The file with further certificate authorities.
    #[must_use]
    pub fn ca_file(&self) -> Option<PathBuf> {
        let own = self.prepared.connection.ca_file.as_ref();
        let own = own.map(|file| self.prepared.path.parent().unwrap_or(&self.prepared.path).join(file));
        self.world.settings().ca_file.clone().or(own)
    }

    /// The client certificate with its key, where the method asks for both (RFC 8705).
    fn identity(&self) -> Result<Option<ClientIdentity>, Fault> {
        let has = |name: &str| self.prepared.method.params.contains_key(name);
        let value = |name: &str| self.secrets.get(name).map(Secret::expose).filter(|value| !value.is_empty());
        let Some(certificate) = value(CERTIFICATE).filter(|_| has(CERTIFICATE) && has(PRIVATE_KEY)) else {
            return Ok(None);
        };
        let text = value(PRIVATE_KEY).ok_or_else(|| local("CONN-SEC-MISSING"))?;
        let key = PrivateKey::read(text, value("passphrase"));
        let key = key.map_err(|_| Fault::Tls(TlsFault::ClientCertificateUnusable(Unusable::Unreadable)))?;
        let certificate = Zeroizing::new(certificate.to_owned());
        Ok(Some(ClientIdentity { certificate, private_key: key.pkcs8().clone() }))
    }
}
