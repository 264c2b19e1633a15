//! Which issuer an authorization server is: names are compared as texts, never as addresses (RFC 8414, section
//! 3.3; RFC 9207, section 2.4). One character more is another issuer.

use super::{Stop, Terms};

/// Hosts of the one service whose shared issuers publish a place holder instead of their name.
const SHARED: [&str; 3] =
    ["login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"];

const TENANT: &str = "{tenantid}";

/// The issuer that the service publishes, else the one that the definition names; `None` where neither does.
///
/// # Errors
/// When the definition's text lacks a value.
pub fn expected(terms: &Terms<'_>) -> Result<Option<String>, Stop> {
    if let Some(metadata) = terms.metadata {
        return Ok(Some(metadata.issuer.clone()));
    }
    terms.method.issuer.as_ref().map(|issuer| terms.expand(issuer)).transpose()
}

/// Whether metadata may name this issuer: the very text that was asked for, or the place holder that Microsoft
/// publishes for `common` and `organizations`.
#[must_use]
pub fn may_publish(asked: &str, published: &str) -> bool {
    let shared = || {
        let (head, tenant, tail) = parts(asked)?;
        (matches!(tenant, "common" | "organizations") && published == format!("{head}{TENANT}{tail}"))
            .then_some(())
    };
    asked == published || shared().is_some()
}

/// Whether an issuer named in a callback or an identity token is the expected one. Where that holds
/// Microsoft's place holder, a tenant's id stands in its place.
#[must_use]
pub fn is_same(expected: &str, named: &str) -> bool {
    let tenant = || {
        let (head, holder, tail) = parts(expected)?;
        let tenant = named.strip_prefix(head)?.strip_suffix(tail)?;
        let is_id = tenant.len() == 36 && tenant.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
        (holder == TENANT && is_id).then_some(())
    };
    expected == named || tenant().is_some()
}

/// An issuer of the shared hosts: what stands before the tenant, the tenant, what stands behind it.
fn parts(issuer: &str) -> Option<(&str, &str, &str)> {
    let rest = issuer.strip_prefix("https://")?;
    let (host, path) = rest.split_once('/')?;
    if !SHARED.contains(&host) {
        return None;
    }
    let tenant = path.split('/').next().unwrap_or(path);
    let start = issuer.len() - path.len();
    Some((&issuer[..start], tenant, &issuer[start + tenant.len()..]))
}

#[cfg(test)]
mod tests {
    use super::{is_same, may_publish};

    const MICROSOFT: &str = "https://login.microsoftonline.com";

    #[test]
    fn metadata_names_the_very_issuer_that_was_asked_for() {
        for (asked, published, allowed) in [
            ("https://as.test", "https://as.test", true),
            ("https://as.test", "https://as.test/", false),
            ("https://as.test/", "https://as.test", false),
            ("https://as.test", "https://AS.test", false),
            ("https://as.test", "https://as.test:443", false),
            ("https://as.test/common/v2.0", "https://as.test/{tenantid}/v2.0", false),
            (&format!("{MICROSOFT}/common/v2.0"), &format!("{MICROSOFT}/{{tenantid}}/v2.0"), true),
            (&format!("{MICROSOFT}/organizations/v2.0"), &format!("{MICROSOFT}/{{tenantid}}/v2.0"), true),
            (&format!("{MICROSOFT}/contoso/v2.0"), &format!("{MICROSOFT}/{{tenantid}}/v2.0"), false),
            (&format!("{MICROSOFT}/common/v2.0"), "https://login.evil.test/{tenantid}/v2.0", false),
        ] {
            assert_eq!(may_publish(asked, published), allowed, "{asked} {published}");
        }
    }

    #[test]
    fn a_named_issuer_is_the_expected_one_or_a_tenant_of_it() {
        let shared = format!("{MICROSOFT}/{{tenantid}}/v2.0");
        let id = "9188040d-6c67-4c5b-b112-36a304b66dad";
        for (expected, named, same) in [
            ("https://as.test", "https://as.test", true),
            ("https://as.test", "https://evil.test", false),
            ("https://as.test/{tenantid}", &format!("https://as.test/{id}"), false),
            (&shared, &format!("{MICROSOFT}/{id}/v2.0"), true),
            (&shared, &format!("{MICROSOFT}/{id}/v1.0"), false),
            (&shared, &format!("{MICROSOFT}/{id}/x/v2.0"), false),
            (&shared, &format!("https://evil.test/{id}/v2.0"), false),
            (&shared, &format!("{MICROSOFT}//v2.0"), false),
        ] {
            assert_eq!(is_same(expected, named), same, "{expected} {named}");
        }
    }
}
