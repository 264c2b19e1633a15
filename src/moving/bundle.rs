//! What travels sealed from one conn to another: definitions, and the credentials that go with them.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::base::{Secret, Text, Timestamp};

/// The form and its version.
const SCHEMA: &str = "conn.bundle/1";

/// A bundle. No `Debug`: it holds secrets.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    schema: String,
    /// When it was made.
    pub made: Timestamp,
    /// From when on no conn imports it any more.
    pub expires: Timestamp,
    /// Definitions, as `connectors.toml` writes them.
    pub definitions: String,
    /// The credentials.
    pub credentials: Vec<Item>,
}

/// One credential of a bundle.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The connection.
    pub link_name: String,
    /// The environment.
    pub environment: String,
    /// The account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The credential as a store keeps it.
    credential: String,
}

impl Item {
    /// A credential for a bundle.
    #[must_use]
    pub fn new(link_name: &str, environment: &str, account: Option<String>, credential: &Secret) -> Self {
        let credential = credential.expose().to_owned();
        Self { link_name: link_name.to_owned(), environment: environment.to_owned(), account, credential }
    }

    /// The credential as a store keeps it.
    #[must_use]
    pub fn credential(&self) -> Secret {
        Secret::new(self.credential.clone())
    }
}

impl Drop for Item {
    fn drop(&mut self) {
        self.credential.zeroize();
    }
}

/// Why a bundle is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Another program sealed it.
    Foreign,
    /// A newer conn made it.
    Newer,
    /// It has expired.
    Expired(Timestamp),
}

impl Unfit {
    /// The reason.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::Foreign => Text::new("it holds no connections of conn", "conn の接続ではありません"),
            Self::Newer => Text::new(
                "a newer conn made it; update conn",
                "新しいバージョンの conn で作成されています。conn を更新してください",
            ),
            Self::Expired(_) => Text::new(
                "it expired on {expires}; ask for a new one",
                "有効期限（{expires}）を過ぎています。新しいファイルを依頼してください",
            ),
        }
    }
}

impl Bundle {
    /// A bundle.
    #[must_use]
    pub fn new(made: Timestamp, expires: Timestamp, definitions: String, credentials: Vec<Item>) -> Self {
        Self { schema: SCHEMA.to_owned(), made, expires, definitions, credentials }
    }

    /// The text to be sealed.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(serde_json::to_string(self).unwrap_or_default())
    }

    /// Reads what was sealed.
    ///
    /// # Errors
    /// When it is not ours, too new, or expired.
    pub fn read(text: &[u8], now: Timestamp) -> Result<Self, Unfit> {
        #[derive(Deserialize)]
        struct Head {
            schema: String,
        }
        let head: Head = serde_json::from_slice(text).map_err(|_| Unfit::Foreign)?;
        match head.schema.strip_prefix("conn.bundle/") {
            Some(_) if head.schema == SCHEMA => {}
            Some(_) => return Err(Unfit::Newer),
            None => return Err(Unfit::Foreign),
        }
        let bundle: Self = serde_json::from_slice(text).map_err(|_| Unfit::Foreign)?;
        if bundle.expires <= now { Err(Unfit::Expired(bundle.expires)) } else { Ok(bundle) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bundle, Item, Unfit};
    use crate::base::{Secret, Timestamp};

    #[test]
    fn a_bundle_comes_back_whole_until_it_expires() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (made, expires) = (at("2026-11-22T10:00:00Z"), at("2026-11-29T10:00:00Z"));
        let item = Item::new("crm", "production", None, &Secret::new("hunter2-hunter2".into()));
        let text = Bundle::new(made, expires, "[connections.crm]".into(), vec![item]).to_text();
        let back = Bundle::read(text.as_bytes(), at("2026-11-29T09:59:59Z")).unwrap();
        assert_eq!(back.credentials[0].credential().expose(), "hunter2-hunter2");
        let refused = |text: &str, now| Bundle::read(text.as_bytes(), now).err();
        assert_eq!(refused(&text, expires), Some(Unfit::Expired(expires)));
        assert_eq!(refused(&text.replace("bundle/1", "bundle/2"), made), Some(Unfit::Newer));
        assert_eq!(refused(&text.replace("conn.bundle/1", "other/1"), made), Some(Unfit::Foreign));
        assert_eq!(refused("hunter2", made), Some(Unfit::Foreign));
    }
}
