//! A bearer token (RFC 6750), in the `Authorization` header unless the definition says where.

use zeroize::Zeroizing;

use super::api_key::{place, travels};
use super::{Moment, Scheme, SignError, Values};
use crate::base::template::Unresolved;
use crate::base::{Header, Request};
use crate::model::AuthMethod;

/// The first secret parameter as a bearer token.
pub struct Bearer;

impl Scheme for Bearer {
    fn draws(&self, _: &AuthMethod) -> bool {
        false
    }

    fn sign(
        &self,
        request: &mut Request,
        method: &AuthMethod,
        values: &Values<'_>,
        _: &Moment,
    ) -> Result<(), SignError> {
        place(request, method, values)?;
        let placed = !(method.header.is_empty() && method.query.is_empty() && method.form.is_empty());
        if placed {
            return Ok(());
        }
        let key = method.secret_keys().next().unwrap_or("token");
        let token = values(key).ok_or_else(|| Unresolved(key.to_owned()))?;
        let value = travels("Authorization", Zeroizing::new(["Bearer ", &token].concat()))?;
        request.set_header(Header::secret("Authorization", value));
        Ok(())
    }
}
