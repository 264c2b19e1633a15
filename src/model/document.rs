//! A whole `connectors.toml`.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::connection::Connection;
use super::connector::Connector;

/// A whole `connectors.toml`: definitions and connections.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Document {
    /// `[connectors.ID]`: definitions of services.
    pub connectors: IndexMap<String, Connector>,
    /// `[connections.LINK_NAME]`: named uses of them.
    pub connections: IndexMap<String, Connection>,
}

#[cfg(test)]
mod tests {
    use super::Document;

    #[test]
    fn the_format_reads_the_plain_case_and_the_odd_one() {
        let text = r#"
            [connectors.zoho]
            base = "https://www.zohoapis.{dc}"
            vars.dc = { label = { en = "Data centre", ja = "データセンター" }, choices = ["com", "jp"], default = "com" }
            vars.accounts = { from = "callback:accounts-server", map = { by = "dc", values = { ca = "https://accounts.zohocloud.ca" }, else = "https://accounts.zoho.{dc}" } }
            [connectors.zoho.auth.oauth2]
            kind = "oauth2"
            authorize = "{accounts}/oauth/v2/auth"
            token = "{accounts}/oauth/v2/token"
            scope_separator = ","
            extra.authorize = { access_type = "offline", prompt = "consent" }
            send.header.Authorization = "Zoho-oauthtoken {access_token}"
            scopes = ["a", { name = "b", label = "B", default = false }]
            [[connectors.zoho.rules]]
            id = "zoho/scope"
            when = { status = 401, json = { "/code" = "OAUTH_SCOPE_MISMATCH" } }
            cause = "CONN-PERM-SCOPE"
            strength = "proves"
            [connections.zoho-main]
            connector = "zoho"
            vars.dc = "jp"
            secrets.client_secret = "env:ZOHO_SECRET"
        "#;
        let document: Document = toml::from_str(text).unwrap();
        assert_eq!(document.connectors["zoho"].auth["oauth2"].scopes.len(), 2);
        assert_eq!(document.connections["zoho-main"].environment(), "production");
    }
}
