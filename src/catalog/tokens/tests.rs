//! What the built-in definitions that obtain tokens must keep to.

use serde_json::json;

use super::{checked, definition, definitions};
use crate::base::{Template, Timestamp};
use crate::flow::{self, Input, Step, Terms};
use crate::model::{AuthKind, AuthMethod, Connector, Fixture, Obtaining, Variable};
use crate::scheme::Moment;
use crate::scheme::fixture::RSA_PKCS8;

#[test]
fn every_way_to_obtain_tokens_has_a_sample_of_success_and_of_refusal_and_successes_are_read() {
    let mut wrong = Vec::new();
    for (id, connector) in definitions() {
        let mut obtains = connector.auth.iter().filter(|(_, method)| method.obtaining() != Obtaining::Given);
        let first = obtains.clone().next().map(|(name, _)| name);
        // Nobody has seen the answers of a service that is not worked through.
        if connector.confidence.is_none() && obtains.any(|(_, method)| method.kind != AuthKind::Session) {
            let of_method = |ok: bool| {
                connector.fixtures.iter().any(|f| f.exchange.is_some() && (f.expect == "ok") == ok)
            };
            let complete = of_method(true) && of_method(false);
            if !complete {
                wrong.push(format!("{id}: {first:?} has no sample of a token endpoint"));
            }
        }
        for fixture in connector.fixtures.iter().filter(|f| f.exchange.is_some() && f.expect == "ok") {
            match flow::sample::read(connector, fixture) {
                Some(Ok(())) => {}
                other => wrong.push(format!("{id}: {}: {other:?}", fixture.name)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a variable takes a value from an answer or a callback.
fn takes(variable: &Variable, value: &str) -> bool {
    let fits =
        |pattern: &String| regex_lite::Regex::new(&format!("^(?:{pattern})$")).unwrap().is_match(value);
    variable.choices.iter().any(|choice| choice == value) || variable.pattern.as_ref().is_some_and(fits)
}

#[test]
fn an_answer_by_the_book_is_read_where_a_definition_does_not_say_otherwise() {
    let by_the_book: Fixture = toml::from_str(
        "name = 'tokens'\nexchange = 'code'\nstatus = 200\nexpect = 'ok'\nheaders = { content-type = 'application/json' }\n\
         body = '{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"refresh_token\":\"r\"}'",
    )
    .unwrap();
    for (id, connector) in definitions().filter(|(_, connector)| connector.confidence.is_some()) {
        for (name, method) in connector.auth.iter().filter(|(_, m)| m.kind == AuthKind::OAuth2) {
            let fixture = Fixture { method: Some(name.clone()), ..by_the_book.clone() };
            let keeps = connector.vars.values().any(|variable| variable.from.is_some());
            if method.response.is_none() && !keeps {
                assert!(matches!(flow::sample::read(connector, &fixture), Some(Ok(()))), "{id}: {name}");
            }
        }
    }
}

#[test]
fn what_comes_with_a_callback_or_a_token_leads_to_no_strange_host() {
    for (id, connector) in definitions() {
        for (name, variable) in connector.vars.iter().filter(|(_, variable)| variable.from.is_some()) {
            let limited = variable.pattern.is_some() || !variable.choices.is_empty();
            assert!(limited, "{id}: {name} takes anything");
            for own in ["www.zohoapis.jp", "accounts.zoho.com", "acme.my.salesforce.com", "1234567890"] {
                for strange in [
                    format!("https://{own}.evil.test"),
                    format!("https://{own}@evil.test"),
                    format!("https://evil.test/{own}"),
                    format!("https://evil.test#.{own}"),
                    format!("https://evil.test\\.{own}"),
                    format!("https://{own}:8443"),
                    format!("http://{own}"),
                    format!("{own}/../evil"),
                    format!("https://{own}\n"),
                ] {
                    assert!(!takes(variable, &strange), "{id}: {name} takes {strange}");
                }
            }
        }
    }
}

#[test]
fn each_data_centre_of_zoho_has_hosts_of_its_own() {
    let zoho = definition("zoho");
    let looked_up = |name: &str, dc: &str| {
        let map = zoho.vars[name].map.as_ref().unwrap();
        let template = map.values.get(dc).or(map.otherwise.as_ref()).unwrap();
        template.expand(|_| Some(dc.into())).unwrap().to_string()
    };
    for (dc, accounts, api, domain) in [
        ("com", "accounts.zoho.com", "www.zohoapis.com", "zoho.com"),
        ("eu", "accounts.zoho.eu", "www.zohoapis.eu", "zoho.eu"),
        ("in", "accounts.zoho.in", "www.zohoapis.in", "zoho.in"),
        ("com.au", "accounts.zoho.com.au", "www.zohoapis.com.au", "zoho.com.au"),
        ("jp", "accounts.zoho.jp", "www.zohoapis.jp", "zoho.jp"),
        ("ca", "accounts.zohocloud.ca", "www.zohoapis.ca", "zohocloud.ca"),
        ("sa", "accounts.zoho.sa", "www.zohoapis.sa", "zoho.sa"),
        ("com.cn", "accounts.zoho.com.cn", "www.zohoapis.com.cn", "zoho.com.cn"),
    ] {
        assert!(zoho.vars["dc"].choices.iter().any(|choice| choice == dc), "{dc}");
        assert_eq!(looked_up("accounts", dc), format!("https://{accounts}"));
        assert_eq!(looked_up("api", dc), format!("https://{api}"));
        assert_eq!(looked_up("domain", dc), domain);
        assert!(takes(&zoho.vars["accounts"], &looked_up("accounts", dc)), "{dc}");
        assert!(takes(&zoho.vars["api"], &looked_up("api", dc)), "{dc}");
    }
    assert_eq!(zoho.vars["dc"].choices.len(), 8);
}

#[test]
fn a_consent_can_be_renewed_or_its_token_does_not_end() {
    for (id, connector) in checked() {
        let consents = connector.auth.iter().filter(|(_, method)| {
            method.kind == AuthKind::OAuth2 && method.obtaining() == Obtaining::ByConsent
        });
        for (name, method) in consents {
            let offline = method.scopes.iter().any(|scope| {
                scope.default && (scope.name.contains("offline") || scope.name.contains("refresh"))
            });
            let asks = method
                .extra
                .as_ref()
                .is_some_and(|extra| extra.authorize.keys().any(|key| key.ends_with("access_type")));
            let told = method.refresh_single_use.is_some() || method.refresh_lifetime.is_some();
            assert!(offline || asks || told, "{id}: nothing is known of renewing {name}");
        }
    }
}

/// A value for a variable as a person would give it, or as it is looked up.
fn value(connector: &Connector, method: &AuthMethod, name: &str) -> Option<String> {
    if let Some(parameter) = method.params.get(name) {
        return match name {
            _ if parameter.optional => None,
            "private_key" if method.params.contains_key("client_id") => Some(RSA_PKCS8.to_owned()),
            "private_key" => {
                let file = json!({ "private_key": RSA_PKCS8, "client_email": "conn@acme.test" });
                Some(file.to_string())
            }
            _ => Some(format!("{name}-1")),
        };
    }
    let variable = connector.vars.get(name)?;
    let other = |name: &str| value(connector, method, name).map(Into::into);
    let expand = |template: &Template| template.expand(other).ok().map(|text| text.to_string());
    let looked_up = variable.map.as_ref().and_then(|map| {
        let key = value(connector, method, &map.by)?;
        expand(map.values.get(&key).or(map.otherwise.as_ref())?)
    });
    looked_up.or_else(|| expand(variable.default.as_ref()?)).or_else(|| variable.example.clone())
}

#[test]
fn the_first_request_of_every_conversation_can_be_made_and_goes_over_https() {
    for (id, connector) in definitions() {
        for (name, method) in connector.auth.iter().filter(|(_, m)| m.obtaining() != Obtaining::Given) {
            let values = |name: &str| value(connector, method, name).map(Into::into);
            let scopes: Vec<String> =
                method.scopes.iter().filter(|scope| scope.default).map(|scope| scope.name.clone()).collect();
            let terms = Terms {
                method,
                variables: &connector.vars,
                values: &values,
                metadata: None,
                scopes: &scopes,
            };
            let moment = Moment::new(Timestamp::UNIX_EPOCH, |_| {});
            let mut conversation = flow::interactive(method, "http://127.0.0.1:8484/callback")
                .unwrap_or_else(|| flow::alone(method));
            let address = match conversation.advance(&terms, Input::Start, &moment) {
                Ok(Step::Send { request, .. }) => request.url.clone(),
                Ok(Step::Consent(consent)) => consent.address.clone(),
                other => panic!("{id}: {name}: {other:?}"),
            };
            assert_eq!(address.scheme(), "https", "{id}: {name}");
            assert!(!address.as_str().contains("%7B"), "{id}: {name}: {address}");
        }
    }
}
