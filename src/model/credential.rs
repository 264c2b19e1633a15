//! The secret values of one connection in one environment, as a store keeps them.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::Grant;
use crate::base::{Secret, Timestamp};

/// The secret values of one account, with the hosts to which they may travel.
#[derive(Debug)]
pub struct Credential {
    /// Parameter → value.
    pub values: IndexMap<String, Secret>,
    /// The hosts to which these values may travel. A definition that leads elsewhere needs consent first.
    pub hosts: Vec<String>,
    /// Counts up with each replacement.
    pub generation: u64,
    /// When it was stored.
    pub stored: Timestamp,
    /// What is known of the tokens among the values, where there are any.
    pub grant: Option<Grant>,
}

/// The stored form.
#[derive(Serialize, Deserialize)]
struct Record {
    v: u32,
    values: IndexMap<String, String>,
    hosts: Vec<String>,
    generation: u64,
    stored: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    grant: Option<Grant>,
}

/// The version of the stored form.
const VERSION: u32 = 1;

/// Why a stored item could not be read. Says nothing of what it holds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// It is not what conn wrote.
    #[error("it is not a credential that conn wrote")]
    Foreign,
    /// It was written by a newer conn.
    #[error("it was written by a newer conn")]
    Newer,
}

impl Credential {
    /// The text that a store keeps.
    #[must_use]
    pub fn to_item(&self) -> Secret {
        let values =
            self.values.iter().map(|(key, value)| (key.clone(), value.expose().to_owned())).collect();
        let record = Record {
            v: VERSION,
            values,
            hosts: self.hosts.clone(),
            generation: self.generation,
            stored: self.stored,
            grant: self.grant.clone(),
        };
        let text = serde_json::to_string(&record).unwrap_or_default();
        for value in record.values.into_values() {
            drop(zeroize::Zeroizing::new(value));
        }
        Secret::new(text)
    }

    /// Reads what a store kept.
    ///
    /// # Errors
    /// When it is not ours or newer.
    pub fn from_item(item: &Secret) -> Result<Self, CredentialError> {
        let record: Record = serde_json::from_str(item.expose()).map_err(|_| CredentialError::Foreign)?;
        if record.v > VERSION {
            return Err(CredentialError::Newer);
        }
        let mut record = record;
        let values = std::mem::take(&mut record.values)
            .into_iter()
            .map(|(key, value)| (key, Secret::new(value)))
            .collect();
        let Record { hosts, generation, stored, grant, .. } = record;
        Ok(Self { values, hosts, generation, stored, grant })
    }
}

#[cfg(test)]
mod tests {
    use super::{Credential, CredentialError};
    use crate::base::Secret;

    #[test]
    fn a_credential_comes_back_as_it_was_stored_and_nothing_else_is_taken_for_one() {
        let credential = Credential {
            values: [("api_key".to_owned(), Secret::new("鍵-1".into()))].into_iter().collect(),
            hosts: vec!["api.test".into()],
            generation: 3,
            stored: "2026-11-21T11:00:00Z".parse().unwrap(),
            grant: None,
        };
        let back = Credential::from_item(&credential.to_item()).unwrap();
        assert_eq!(back.values["api_key"].expose(), "鍵-1");
        assert_eq!((back.hosts, back.generation), (vec!["api.test".to_owned()], 3));
        let junk = Secret::new("hunter2".into());
        assert_eq!(Credential::from_item(&junk).unwrap_err(), CredentialError::Foreign);
    }
}
