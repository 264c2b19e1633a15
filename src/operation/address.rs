//! The address of a connection, read once: everything that is done with a connection asks for it again.

use std::fmt;
use std::sync::OnceLock;

use url::Url;
use zeroize::Zeroizing;

/// What was read, and from which text: values that become known later may change it.
#[derive(Clone, Default)]
pub struct Address(OnceLock<(Zeroizing<String>, Url)>);

impl Address {
    /// The address that this text is; `None` where it is none.
    pub(super) fn of(&self, text: &Zeroizing<String>) -> Option<Url> {
        match self.0.get() {
            Some((known, url)) if known == text => Some(url.clone()),
            Some(_) => Url::parse(text).ok(),
            None => {
                let url = Url::parse(text).ok()?;
                let _ = self.0.set((text.clone(), url.clone()));
                Some(url)
            }
        }
    }
}

/// A base may hold a secret.
impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Address")
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::Address;

    #[test]
    fn another_text_is_another_address() {
        let address = Address::default();
        for (text, url) in [
            ("no address", None),
            ("https://one.test", Some("https://one.test/")),
            ("https://one.test", Some("https://one.test/")),
            ("https://two.test", Some("https://two.test/")),
            ("no address", None),
        ] {
            let found = address.of(&Zeroizing::new(text.to_owned()));
            assert_eq!(found.as_ref().map(url::Url::as_str), url);
        }
        assert_eq!(format!("{address:?}"), "Address");
    }
}
