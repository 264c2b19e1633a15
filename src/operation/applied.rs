//! What an environment changes in the definition of a service.

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
