//! Asks the authorization server about the token in use (RFC 7662), where the definition or the service's own
//! metadata names an address for that.

use super::{Talk, Trouble, metadata};
use crate::diagnosis::Introspection;
use crate::flow::{Exchange, introspect};
use crate::model::grant::ACCESS_TOKEN;
use crate::model::refusal::Spent;
use crate::operation::World;
use crate::operation::check::Loaded;

/// What is said; `None` where there is no token or nobody to ask.
pub async fn look(world: &dyn World, loaded: &Loaded) -> Option<Introspection> {
    let (prepared, secrets) = (&loaded.prepared, &loaded.secrets);
    let method = &prepared.method;
    secrets.get(ACCESS_TOKEN)?;
    if method.introspect.is_none() && method.issuer.is_none() {
        return None;
    }
    let published = metadata::for_address(world, prepared, secrets, "introspect").await.ok()?;
    let metadata = published.as_ref();
    let talk = Talk { world, prepared, secrets, metadata, scopes: &[], spent: Spent::Nothing };
    match talk.introspect().await {
        Ok(said) => said,
        Err(code) => Some(Introspection { declined: Some(code), ..Introspection::default() }),
    }
}

impl Talk<'_> {
    /// What is said, or the cause for which nothing is.
    async fn introspect(&self) -> Result<Option<Introspection>, String> {
        let values = |name: &str| self.prepared.value(name, self.secrets);
        let terms = self.terms(&values);
        let moment = self.world.moment();
        let request = introspect::request(&terms, &moment).map_err(|stop| stop.code.to_owned())?;
        let Some(request) = request else { return Ok(None) };
        let asked = self.ask(Exchange::Introspection, &request).await;
        let (response, _) = asked.map_err(|trouble| match trouble {
            Trouble::Problem(problem) => problem.code,
            Trouble::Failure(_) | Trouble::Fact(_) => "CONN-OAUTH-SERVER".to_owned(),
        })?;
        let response = response.ok_or("CONN-OAUTH-SERVER")?;
        let said = introspect::read(&response, &moment).map_err(|stop| stop.code.to_owned())?;
        Ok(Some(Introspection {
            active: Some(said.active),
            expires: said.expires,
            scopes: said.scopes,
            subject: said.subject,
            declined: None,
        }))
    }
}
