//! A token in its place: obtained by a flow, or signed by ourselves.

use super::api_key::{add_form, add_query, place, set_headers};
use super::{SignError, Values, required};
use crate::base::{Header, Request};
use crate::model::AuthMethod;
use crate::model::oauth::AccessTemplates;

/// Fills the placements of a method, then puts the value `access_token` where `send` says; where nothing says
/// where it goes, into `Authorization` behind a word.
pub(super) fn place_token(
    request: &mut Request,
    method: &AuthMethod,
    values: &Values<'_>,
    word: &str,
) -> Result<(), SignError> {
    place(request, method, values)?;
    if let Some(AccessTemplates { header, query, form }) = &method.send {
        set_headers(request, header, values)?;
        for (name, template) in query {
            add_query(request, name, &template.expand(values)?);
        }
        if !form.is_empty() {
            add_form(request, form, values)?;
        }
        return Ok(());
    }
    let placed =
        method.templates().iter().any(|(_, template)| template.names().any(|name| name == "access_token"));
    if placed {
        return Ok(());
    }
    let token = required(values, "access_token")?;
    let value = super::api_key::travels("Authorization", zeroize::Zeroizing::new(format!("{word} {token}")))?;
    request.set_header(Header::secret("Authorization", value));
    Ok(())
}
