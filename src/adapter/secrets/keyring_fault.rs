//! What the keyring's errors mean.
//!
//! No error text of a keyring is passed on where it could hold the value (`BadEncoding`, `BadDataFormat`).

use keyring_core::Error;

use crate::port::StoreFault;

/// What an error means when the keyring is opened: whatever fails now was never there.
pub(super) fn opening_fault(error: Error) -> StoreFault {
    match fault(error) {
        StoreFault::Io(reason) | StoreFault::Died(reason) => StoreFault::Absent(reason),
        other => other,
    }
}

/// Whether opening the keyring asks it anything. Keychain and Credential Manager are first asked when they are used.
const OPENING_ASKS: bool = cfg!(not(any(target_os = "macos", windows)));

/// What an error means when an open keyring is used: whatever is missing now was there before.
pub(super) fn using_fault(error: Error) -> StoreFault {
    match fault(error) {
        StoreFault::Absent(reason) if OPENING_ASKS => StoreFault::Died(reason),
        other => other,
    }
}

fn fault(error: Error) -> StoreFault {
    match error {
        Error::PlatformFailure(source) | Error::NoStorageAccess(source) => native(source.as_ref()),
        Error::Ambiguous(items) => StoreFault::Ambiguous(items.len()),
        Error::TooLong(_, limit) => StoreFault::TooLong(usize::try_from(limit).unwrap_or(usize::MAX)),
        Error::BadEncoding(_) => StoreFault::Corrupt("the item is not UTF-8".to_owned()),
        Error::BadDataFormat(..) => {
            StoreFault::Corrupt("the item is not in the keyring's own form".to_owned())
        }
        Error::BadStoreFormat(_) => StoreFault::Corrupt("the keyring is not in its own form".to_owned()),
        Error::NoDefaultStore => StoreFault::Absent("no store".to_owned()),
        Error::NotSupportedByStore(reason) => StoreFault::Io(reason),
        Error::Invalid(name, reason) => StoreFault::Io(format!("{name} {reason}")),
        Error::NoEntry => StoreFault::Died("an item that was just there is gone".to_owned()),
        other => StoreFault::Io(other.to_string()),
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn native(source: &(dyn std::error::Error + Send + Sync + 'static)) -> StoreFault {
    use dbus_secret_service::Error as Service;
    match source.downcast_ref::<Service>() {
        Some(Service::Locked | Service::Prompt) => StoreFault::Locked,
        // There is no default collection: nobody has unlocked this keyring yet.
        Some(Service::NoResult) => StoreFault::NeverUnlocked,
        Some(Service::Unavailable) => StoreFault::Absent("no Secret Service".to_owned()),
        Some(Service::Crypto(_)) => StoreFault::Died("its session key is no longer valid".to_owned()),
        Some(Service::Dbus(error)) => {
            bus_fault(error.name().unwrap_or_default(), error.message().unwrap_or_default())
        }
        Some(other) => StoreFault::Io(other.to_string()),
        None => StoreFault::Io(source.to_string()),
    }
}

#[cfg(target_os = "macos")]
fn native(source: &(dyn std::error::Error + Send + Sync + 'static)) -> StoreFault {
    let code = source.downcast_ref::<security_framework::base::Error>().map(|error| error.code());
    keychain_fault(code.unwrap_or_default(), source.to_string())
}

/// What a number of the Keychain means (SecBase.h). Its text is not asked: it comes in the person's language.
#[cfg(any(target_os = "macos", test))]
fn keychain_fault(code: i32, reason: String) -> StoreFault {
    match code {
        // Nobody can be asked to unlock it, the password was wrong, or the question was dismissed.
        -25308 | -25293 | -128 => StoreFault::Locked,
        // It is not available, does not exist, or this user has no default one.
        -25291 | -25294 | -25307 => StoreFault::Absent(reason),
        _ => StoreFault::Io(reason),
    }
}

/// A program that was started by the network or as a service has no logon session, and without one there are no
/// credentials. The names are those of the library, in no language.
#[cfg(windows)]
fn native(source: &(dyn std::error::Error + Send + Sync + 'static)) -> StoreFault {
    let reason = source.to_string();
    if reason.contains("ERROR_NO_SUCH_LOGON_SESSION") {
        return StoreFault::Absent(reason);
    }
    StoreFault::Io(reason)
}

/// What a message of the bus means. The library gives up on a silent service after two seconds.
#[cfg(all(unix, not(target_os = "macos")))]
fn bus_fault(name: &str, message: &str) -> StoreFault {
    const SILENCE: u64 = 2;
    let reason = format!("{message} ({name})");
    let name = name.rsplit('.').next().unwrap_or_default();
    match name {
        "NoReply" if message.contains("disconnected") => StoreFault::Died(reason),
        "NoReply" | "Timeout" | "TimedOut" => StoreFault::Hung(SILENCE),
        "IsLocked" => StoreFault::Locked,
        "NoServer" | "FileNotFound" | "ServiceUnknown" | "NameHasNoOwner" | "NotSupported" | "Spawn" => {
            StoreFault::Absent(reason)
        }
        "Disconnected" | "NoSession" | "NoSuchObject" | "UnknownObject" | "UnknownMethod" => {
            StoreFault::Died(reason)
        }
        _ => StoreFault::Io(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::{StoreFault, keychain_fault};

    #[test]
    fn numbers_of_the_keychain_are_told_apart() {
        let fault = |code| keychain_fault(code, "文".to_owned());
        for locked in [-25308, -25293, -128] {
            assert_eq!(fault(locked), StoreFault::Locked, "{locked}");
        }
        for absent in [-25291, -25294, -25307] {
            assert_eq!(fault(absent), StoreFault::Absent("文".to_owned()), "{absent}");
        }
        assert_eq!(fault(-61), StoreFault::Io("文".to_owned()));
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn messages_of_the_bus_are_told_apart() {
        use super::bus_fault;
        let silent =
            "Did not receive a reply. Possible causes include: the remote application did not send a reply";
        let gone = "Message recipient disconnected from message bus without replying";
        assert_eq!(bus_fault("org.freedesktop.DBus.Error.NoReply", silent), StoreFault::Hung(2));
        assert!(matches!(bus_fault("org.freedesktop.DBus.Error.NoReply", gone), StoreFault::Died(_)));
        assert!(matches!(bus_fault("org.freedesktop.DBus.Error.ServiceUnknown", ""), StoreFault::Absent(_)));
        assert!(matches!(bus_fault("org.freedesktop.Secret.Error.NoSession", ""), StoreFault::Died(_)));
        assert_eq!(bus_fault("org.freedesktop.Secret.Error.IsLocked", ""), StoreFault::Locked);
    }
}
