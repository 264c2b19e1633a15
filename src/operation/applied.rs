//! What an environment changes in the definition of a service.

use std::sync::Arc;

use super::prepare::Prepared;
use crate::model::{AuthMethod, Connector};

/// A connector and its method as they are in an environment.
pub(super) fn to(connector: &Connector, method: &AuthMethod, environment: &str) -> (Connector, AuthMethod) {
    let (mut connector, mut method) = (connector.clone(), method.clone());
    if let Some(own) = connector.environments.get(environment).cloned() {
        connector.base = own.base.or(connector.base);
        connector.console = own.console.or(connector.console);
        connector.hosts.extend(own.hosts);
        for (place, address) in [
            (&mut method.authorize, own.authorize),
            (&mut method.token, own.token),
            (&mut method.refresh, own.refresh),
            (&mut method.revoke, own.revoke),
            (&mut method.issuer, own.issuer),
        ] {
            *place = address.or(place.take());
        }
    }
    point(&mut method, &connector);
    (connector, method)
}

/// Where nobody says how a value is found, the service's own screens or its documentation do.
fn point(method: &mut AuthMethod, connector: &Connector) {
    for parameter in method.params.values_mut().filter(|parameter| parameter.steps.is_none()) {
        parameter.steps = connector.console.as_ref().or(connector.docs.as_ref()).cloned();
    }
}

impl Prepared {
    /// The same connection by another method of its connector.
    #[must_use]
    pub fn by_method(&self, name: &str) -> Option<Self> {
        let mut method = self.connector.method(Some(name))?.1.clone();
        point(&mut method, &self.connector);
        let mut other = self.clone();
        other.method = Arc::new(method);
        name.clone_into(&mut other.method_name);
        other.connection.method = Some(name.to_owned());
        Some(other)
    }
}
