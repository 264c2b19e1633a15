//! What the definition of a connection says, as far as a repair could change it. No secret stands in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The part of a definition that a repair could change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefinitionFact {
    /// The template of the base URL.
    pub base: String,
    /// Whether it stands in the connector itself, not in an environment or a method of it.
    pub base_is_plain: bool,
    /// Name → variable that the connection itself sets.
    pub variables: BTreeMap<String, VariableFact>,
    /// The constant headers of the test request.
    pub headers: Vec<HeaderFact>,
    /// Whether the connector is defined in a file that conn may change.
    pub own_connector: bool,
    /// The rules that stand in such a file, rather than in what it inherits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own_rules: Vec<String>,
    /// Whether the connection trusts an authority of its own already.
    pub has_ca_file: bool,
    /// Whether other people use the file as well.
    pub shared: bool,
    /// The hosts that the service itself named when it gave tokens.
    pub token_hosts: Vec<String>,
    /// Another data centre than the one that is set, which what came with the tokens names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<ElsewhereFact>,
    /// The choices by which the connection would be at another host that the connector lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub siblings: Vec<ElsewhereFact>,
}

/// Another choice of a variable, and where it leads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElsewhereFact {
    /// The variable.
    pub variable: String,
    /// Its value now.
    pub from: String,
    /// Its value there.
    pub to: String,
    /// The host there.
    pub host: String,
    /// What the tokens came with; empty where they do not tell.
    pub named: String,
}

/// A variable with its value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariableFact {
    /// The value as it was typed.
    pub value: String,
    /// The only values there are.
    pub choices: Vec<String>,
    /// A right value, or what it should look like.
    pub example: Option<String>,
}

/// A constant header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeaderFact {
    /// Whether the test request sets it; else the connector does, for every request.
    pub of_test: bool,
    /// Its name as it is written.
    pub name: String,
    /// Its template.
    pub value: String,
}
