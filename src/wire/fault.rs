//! From the errors of the libraries to our own faults.
//!
//! No error of a library is ever printed: theirs hold addresses with query strings. They are taken apart by
//! type; the text of the operating system is never matched, for it comes in the system's language.

use std::error::Error;
use std::io;

use rustls::{AlertDescription, CertificateError, InvalidMessage};

use super::chain;
use super::trust::Rejection;
use crate::diagnosis::fact::{ConnectFault, TlsFault};

/// An error and everything below it, outermost first. An `io::Error` hides the error it carries from
/// `source`, so it is opened by hand.
#[must_use]
pub fn layers<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut found = vec![error];
    let mut current = Some(error);
    while let Some(error) = current {
        current = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => error.source(),
        };
        found.extend(current);
    }
    found
}

/// The first error of a kind within another.
#[must_use]
pub fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    layers(error).into_iter().find_map(|layer| layer.downcast_ref())
}

/// What the system calls too many open files: of this process, or of all.
#[cfg(unix)]
const TOO_MANY_OPEN: [i32; 2] =
    [rustix::io::Errno::MFILE.raw_os_error(), rustix::io::Errno::NFILE.raw_os_error()];
/// WSAEMFILE.
#[cfg(not(unix))]
const TOO_MANY_OPEN: [i32; 1] = [10024];

/// Why TCP failed.
#[must_use]
pub fn connect(error: &io::Error) -> ConnectFault {
    use io::ErrorKind as K;
    if error.raw_os_error().is_some_and(|code| TOO_MANY_OPEN.contains(&code)) {
        return ConnectFault::TooManyOpen;
    }
    match error.kind() {
        K::ConnectionRefused => ConnectFault::Refused,
        K::TimedOut => ConnectFault::Timeout,
        K::ConnectionReset | K::ConnectionAborted => ConnectFault::Reset,
        K::HostUnreachable => ConnectFault::HostUnreachable,
        K::NetworkUnreachable | K::NetworkDown => ConnectFault::NetworkUnreachable,
        _ => ConnectFault::Other(error.to_string()),
    }
}

/// Why a handshake failed, from the error of the stream.
#[must_use]
pub fn handshake(error: &io::Error, host: &str) -> TlsFault {
    use io::ErrorKind as K;
    match find::<rustls::Error>(error) {
        Some(error) => tls(error, host),
        None => match error.kind() {
            K::TimedOut => TlsFault::Timeout,
            K::UnexpectedEof | K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe => TlsFault::Reset,
            _ => TlsFault::Other(error.to_string()),
        },
    }
}

/// The rejected certificate within an error of the library.
#[must_use]
pub fn rejection(error: &rustls::Error) -> Option<&Rejection> {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::Other(other)) => other.0.downcast_ref(),
        _ => None,
    }
}

/// Why a handshake failed.
#[must_use]
pub fn tls(error: &rustls::Error, host: &str) -> TlsFault {
    use rustls::Error as E;
    if let Some(rejection) = rejection(error) {
        return chain::judge(rejection, host);
    }
    match error {
        E::AlertReceived(alert) => alerted(*alert),
        E::PeerIncompatible(_) => TlsFault::Protocol,
        E::InvalidMessage(InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion) => {
            TlsFault::NotTls
        }
        other => TlsFault::Other(other.to_string()),
    }
}

fn alerted(alert: AlertDescription) -> TlsFault {
    use AlertDescription as A;
    match alert {
        A::CertificateRequired => TlsFault::ClientCertificateRequired,
        // A server says these of what a client presented.
        A::BadCertificate
        | A::UnsupportedCertificate
        | A::CertificateRevoked
        | A::CertificateExpired
        | A::CertificateUnknown
        | A::UnknownCA => TlsFault::ClientCertificateRejected,
        A::ProtocolVersion | A::HandshakeFailure | A::InsufficientSecurity => TlsFault::Protocol,
        other => TlsFault::Other(format!("alert {other:?}")),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io;

    use rustix::io::Errno;

    use super::connect;
    use crate::diagnosis::fact::ConnectFault as F;

    #[test]
    fn what_this_machine_refuses_is_not_what_the_network_refuses() {
        for (code, expected) in [
            (Errno::MFILE, F::TooManyOpen),
            (Errno::NFILE, F::TooManyOpen),
            (Errno::CONNREFUSED, F::Refused),
            (Errno::HOSTUNREACH, F::HostUnreachable),
            (Errno::NETUNREACH, F::NetworkUnreachable),
        ] {
            assert_eq!(connect(&io::Error::from_raw_os_error(code.raw_os_error())), expected, "{code:?}");
        }
    }
}
