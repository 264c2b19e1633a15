//! HTTP Basic (RFC 7617), UTF-8, sent with the first request: services answer 404 to those who wait to be asked.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::api_key::place;
use super::{Moment, Scheme, SignError, Values};
use crate::base::{Header, Request, Template};
use crate::model::AuthMethod;

/// User name and password in one header.
pub struct Basic;

impl Scheme for Basic {
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
        let (user, password) = pair(method, values)?;
        if user.contains(':') {
            return Err(SignError::Character("user".to_owned()));
        }
        let joined = Zeroizing::new(format!("{}:{}", user.as_str(), password.as_str()));
        let value = Zeroizing::new(format!("Basic {}", STANDARD.encode(joined.as_bytes())));
        request.set_header(Header::secret("Authorization", value));
        Ok(())
    }
}

/// The user name and password of a method: its templates, else the parameters `user` and `password`; a half
/// that is declared nowhere is empty.
///
/// # Errors
/// When a placeholder has no value.
pub(super) fn pair(
    method: &AuthMethod,
    values: &Values<'_>,
) -> Result<(Zeroizing<String>, Zeroizing<String>), SignError> {
    let half = |template: &Option<Template>, names: [&str; 2]| {
        if let Some(template) = template {
            return template.expand(values).map_err(SignError::from);
        }
        let value = names.into_iter().find_map(values);
        Ok(Zeroizing::new(value.map(std::borrow::Cow::into_owned).unwrap_or_default()))
    };
    Ok((half(&method.user, ["user", "username"])?, half(&method.password, ["password", "token"])?))
}
