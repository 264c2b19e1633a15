//! What every built-in definition must keep to.

#[path = "answers/tests.rs"]
mod answers;
#[path = "tokens/tests.rs"]
mod tokens;
#[path = "vendors/tests.rs"]
mod vendors;

use std::sync::LazyLock;

use super::{all, find, near, search};
use crate::base::Template;
use crate::config::{BuiltIn, Definitions, Layer, LayerKind, check_connector};
use crate::model::{AuthMethod, Confidence, Connector, RequestLine};

/// What the services of one vendor share. Nobody speaks to such a family itself, so it has no test request.
const FAMILIES: &[&str] = &["google", "zoho"];

/// Test requests and permissions that are not GET: services that speak by POST alone.
const POST_BY_NATURE: &[&str] = &[
    "ashby",
    "clockwork-sms",
    "dropbox",
    "hoiio",
    "linear",
    "monday",
    "next-engine",
    "payflow-pro",
    "payments-pro",
    "slack",
    "uptime-robot",
    "zoho-sheet",
];

/// The least that an entry may tell.
const LEAST_SCORE: u32 = 5;

const BUILT_IN: BuiltIn = BuiltIn { find: super::text, ids: super::ids };

/// Every definition, with what it inherits: parsed once for all tests.
static DEFINITIONS: LazyLock<Vec<(&'static str, Connector)>> = LazyLock::new(|| {
    let definitions = Definitions::new(Vec::new()).with_built_in(BUILT_IN);
    let read = |id: &'static str| match definitions.connector(id) {
        Ok(found) => (id, found.unwrap_or_else(|| panic!("there is no {id}")).value),
        Err(error) => panic!("{id}: {:?}", error.mistakes),
    };
    super::ids().into_iter().map(read).collect()
});

/// A definition, with what it inherits.
fn definition(id: &str) -> &'static Connector {
    let place = DEFINITIONS.binary_search_by_key(&id, |(id, _)| id);
    &DEFINITIONS[place.unwrap_or_else(|_| panic!("there is no {id}"))].1
}

fn definitions() -> impl Iterator<Item = (&'static str, &'static Connector)> {
    DEFINITIONS.iter().map(|(id, connector)| (*id, connector))
}

/// Those that somebody has worked through, so that nothing may be missing.
fn checked() -> impl Iterator<Item = (&'static str, &'static Connector)> {
    definitions().filter(|(_, connector)| connector.confidence.is_none())
}

/// What may stand between braces in this method's templates and in requests made with it.
fn known<'a>(connector: &'a Connector, method: &'a AuthMethod) -> Vec<&'a str> {
    let names = connector.vars.keys().chain(method.params.keys()).chain(method.path.keys());
    names.map(String::as_str).collect()
}

#[test]
fn every_service_follows_the_format_and_says_what_a_person_needs() {
    for (id, connector) in definitions() {
        assert_eq!(find(id).unwrap().id, id);
        for (field, missing) in [
            ("name", connector.name.is_none()),
            ("category", connector.category.is_none()),
            ("docs", connector.docs.is_none()),
            ("base", connector.base.is_none()),
            ("auth", connector.auth.is_empty()),
            ("test", connector.test.is_none() != FAMILIES.contains(&id)),
        ] {
            assert!(!missing, "{id} has no {field}");
        }
        let told = super::score::score(connector);
        assert!(told >= LEAST_SCORE, "{id} tells too little: {told}");
        if let Some(successor) = &connector.replaced_by {
            assert!(find(successor).is_some(), "{id} is replaced by {successor}, which is not here");
        }
    }
    for (id, connector) in checked().filter(|(id, _)| !FAMILIES.contains(id)) {
        assert!(connector.fixtures.len() > 1, "{id} has fewer than two sample answers");
    }
    assert!(all().is_sorted_by_key(|service| service.id));
}

#[test]
fn there_are_five_hundred_services_and_the_japanese_ones_are_named_in_japanese() {
    assert!(all().len() >= 500, "{}", all().len());
    for service in all().iter().filter(|service| service.country == "jp" && !service.retired) {
        let connector = definition(service.id);
        let japanese = |text: &crate::base::Phrase| !text.ja.is_ascii();
        let labels = connector.auth.values().flat_map(|method| method.params.values());
        let steps = labels.filter_map(|param| param.steps.as_ref());
        assert!(steps.clone().count() > 0, "{}: nobody says where the values stand", service.id);
        for steps in steps {
            assert!(japanese(steps), "{}: {}", service.id, steps.ja);
        }
        assert!(connector.fixtures.len() > 1, "{} has fewer than two sample answers", service.id);
    }
}

#[test]
fn the_table_agrees_with_the_definitions() {
    for service in all() {
        let connector = definition(service.id);
        let name = connector.display_name(service.id);
        assert_eq!((service.name_en, service.name_ja), (name.en.as_str(), name.ja.as_str()));
        assert_eq!(Some(service.category), connector.category.as_deref());
        assert_ne!(super::category_words(service.category).en, "", "{}", service.id);
        assert_eq!(service.country, connector.country.as_deref().unwrap_or_default(), "{}", service.id);
        let confidence = connector.confidence.map_or("", Confidence::code);
        assert_eq!(service.confidence, confidence, "{}", service.id);
        assert_eq!(service.retired, connector.retired.is_some(), "{}", service.id);
        for method in connector.auth.values() {
            assert!(service.kinds().any(|kind| kind == method.kind.code()), "{}", service.id);
        }
    }
}

#[test]
fn credentials_travel_over_https_or_to_this_machine() {
    for (id, connector) in definitions() {
        let source = connector.base.as_ref().unwrap().source();
        if source.starts_with("https://") || begins_with_https(connector, source) {
            continue;
        }
        let default = source
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
            .and_then(|name| connector.vars.get(name)?.default.as_ref())
            .unwrap_or_else(|| panic!("{id}: {source}"));
        assert!(default.source().starts_with("http://127.0.0.1:"), "{id}: {}", default.source());
    }
}

/// Whether an address begins with a variable that can be nothing but an https address.
fn begins_with_https(connector: &Connector, source: &str) -> bool {
    let name = source.strip_prefix('{').and_then(|rest| rest.split_once('}')).map_or("", |(name, _)| name);
    let Some(variable) = connector.vars.get(name) else { return false };
    let is_https = |text: &str| text.starts_with("https://");
    match &variable.pattern {
        Some(pattern) => is_https(pattern),
        None => !variable.choices.is_empty() && variable.choices.iter().all(|choice| is_https(choice)),
    }
}

#[test]
fn every_placeholder_has_a_source() {
    for (id, connector) in definitions() {
        for (name, method) in &connector.auth {
            let known = known(connector, method);
            let check = |place: &str, template: &Template| {
                for wanted in template.names() {
                    assert!(known.contains(&wanted), "{id}, {name}, {place}: {{{wanted}}} is not known");
                }
            };
            for (place, template) in method.templates() {
                check(&place, template);
            }
            connector.base.iter().for_each(|base| check("base", base));
            connector.headers.iter().for_each(|(header, value)| check(header, value));
            connector.hosts.iter().for_each(|host| check("hosts", host));
            connector
                .environments
                .values()
                .filter_map(|e| e.base.as_ref())
                .for_each(|base| check("environment", base));
            let rows = connector.permissions.iter().map(|row| (row.id.clone(), row.as_test()));
            for (row, request) in rows.chain(connector.test.clone().map(|test| ("test".to_owned(), test))) {
                if let RequestLine::Call { target, .. } = &request.request {
                    check(&row, target);
                }
                let fields =
                    request.headers.values().chain(request.query.values()).chain(request.form.values());
                fields.chain(&request.body).for_each(|template| check(&row, template));
            }
        }
    }
}

/// The host of an address, as its template writes it.
fn host(address: &str) -> Option<&str> {
    address.strip_prefix("https://")?.split(['/', '?']).next()
}

#[test]
fn a_request_goes_to_the_hosts_that_a_credential_may_see_and_a_given_key_needs_no_token_to_find_them() {
    for (id, connector) in definitions() {
        let mut hosts: Vec<&str> = connector.hosts.iter().map(Template::source).collect();
        for method in connector.auth.values() {
            let addresses = method.addresses().into_iter().map(|(_, address)| address);
            hosts.extend(
                addresses.chain(&method.base).chain(&connector.base).filter_map(|a| host(a.source())),
            );
            let base = method.base.as_ref().or(connector.base.as_ref()).unwrap();
            let comes_later = |name: &str| {
                let variable = connector.vars.get(name);
                variable.is_some_and(|one| one.from.is_some() && one.default.is_none() && one.map.is_none())
            };
            let given = method.obtaining() == crate::model::Obtaining::Given;
            assert!(!given || !base.names().any(comes_later), "{id}: {}", base.source());
        }
        let test = connector.test.as_ref().map(|test| &test.request);
        for line in connector.permissions.iter().map(|row| &row.request).chain(test) {
            let RequestLine::Call { target, .. } = line else { continue };
            let goes = host(target.source());
            assert!(goes.is_none_or(|host| hosts.contains(&host)), "{id}: {target}");
        }
    }
}

#[test]
fn every_question_is_asked_in_both_languages_and_says_where_the_answer_stands() {
    let japanese = |text: &crate::base::Phrase| !text.ja.is_empty() && !text.en.is_empty();
    for (id, connector) in definitions() {
        let asked = connector.vars.iter().filter(|(_, v)| v.from.is_none() && v.map.is_none());
        for (name, variable) in asked {
            assert!(variable.label.as_ref().is_some_and(japanese), "{id}: {name} has no label");
        }
        let whole = connector.confidence.is_none();
        for method in connector.auth.values() {
            // One word on where an app is registered is enough for all that stands there.
            let natural =
                |name: &str| is_natural(method, name) && method.params.values().any(|p| p.steps.is_some());
            for (name, param) in &method.params {
                assert!(japanese(&param.label), "{id}: {name} has no label");
                // Of an unchecked service, the vendor's documentation says it.
                let found = param.steps.as_ref().map_or(natural(name) || !whole, japanese);
                assert!(found, "{id}: nobody says where {name} is found");
            }
            for scope in &method.scopes {
                let label = scope.label.as_ref();
                assert!(label.map_or(!whole, japanese), "{id}: {} has no label", scope.name);
            }
        }
    }
}

/// Whether a kind asks for a parameter by its nature.
fn is_natural(method: &AuthMethod, name: &str) -> bool {
    let mut bare = AuthMethod { params: indexmap::IndexMap::new(), ..method.clone() };
    bare.complete();
    bare.params.contains_key(name)
}

#[test]
fn patterns_are_regular_expressions_and_examples_fit_them() {
    let whole = |pattern: &str| regex_lite::Regex::new(&format!("^(?:{pattern})$"));
    for (id, connector) in definitions() {
        for (name, variable) in &connector.vars {
            let Some(pattern) = &variable.pattern else { continue };
            let pattern = whole(pattern).unwrap_or_else(|error| panic!("{id}: {name}: {error}"));
            if let Some(example) = &variable.example {
                assert!(pattern.is_match(example), "{id}: the example of {name} does not fit its pattern");
            }
        }
        for (name, param) in connector.auth.values().flat_map(|method| &method.params) {
            if let Some(pattern) = &param.pattern {
                whole(pattern).unwrap_or_else(|error| panic!("{id}: {name}: {error}"));
            }
        }
    }
}

#[test]
fn no_test_request_writes() {
    for (id, connector) in definitions() {
        let test = connector.test.as_ref().map(|test| &test.request);
        for line in connector.permissions.iter().map(|row| &row.request).chain(test) {
            let RequestLine::Call { method, target } = line else { continue };
            let harmless = method == "GET" || (method == "POST" && POST_BY_NATURE.contains(&id));
            assert!(harmless, "{id}: {method} {target}");
        }
    }
}

#[test]
fn payment_services_allow_one_connection_of_the_admin_kind() {
    for (id, connector) in definitions() {
        let payment = connector.category.as_deref() == Some("payment");
        let narrow = connector.max_connections == Some(1)
            && connector.allowed_kinds == [crate::model::ConnectionKind::Admin];
        assert_eq!(payment, narrow, "{id}");
    }
}

#[test]
fn a_service_is_found_by_id_name_category_and_by_a_slip_of_the_pen() {
    let ids = |words: &str| search(words).iter().map(|service| service.id).collect::<Vec<_>>();
    assert_eq!(ids("freshsales")[0], "freshsales");
    assert_eq!(ids("FRESHSA")[0], "freshsales");
    assert_eq!(ids("freshslaes"), [""; 0]);
    assert_eq!(near("freshslaes")[0].id, "freshsales");
    for (word, id) in [
        ("セールスフォース", "salesforce"),
        ("せーるすふぉーす", "salesforce"),
        ("ｷﾝﾄｰﾝ", "kintone"),
        ("楽天", "rakuten-rms"),
        ("ＳＬＡＣＫ", "slack"),
        ("google sheets", "google-sheet"),
        ("big query", "google-bigquery"),
        ("twitter", "x"),
    ] {
        assert_eq!(ids(word).first(), Some(&id), "{word}: {:?}", ids(word));
    }
    assert!(ids("会計").contains(&"freee"));
    // Each part of a category's name is one that people look for.
    for word in ["チャット", "メッセージ"] {
        assert!(ids(word).contains(&"chatwork"), "{word}: {:?}", ids(word));
    }
    assert_eq!(ids("payments pro")[0], "payments-pro");
    assert!(ids("sms").contains(&"twilio"));
    assert!(ids("サンドボックス").contains(&"sandbox"));
    assert!(ids("zzzzzz").is_empty());
    assert_eq!(search("").len(), all().len());
}

#[test]
fn every_service_passes_the_check_that_people_run_on_their_own() {
    let definitions = Definitions::new(Vec::new()).with_built_in(BUILT_IN);
    for service in all() {
        let path = std::path::PathBuf::from(format!("{}.toml", service.id));
        let mistakes = check_connector(&definitions, &path, service.id, super::text(service.id).unwrap());
        assert_eq!(mistakes, []);
    }
}

#[test]
fn a_freshsales_host_works_in_each_of_its_spellings() {
    let connector = definition("freshsales");
    for (written, used) in [
        ("acme.myfreshworks.com", "https://acme.myfreshworks.com/crm/sales/api"),
        ("https://acme.myfreshworks.com/", "https://acme.myfreshworks.com/crm/sales/api"),
        ("acme.myfreshworks.com/crm/sales", "https://acme.myfreshworks.com/crm/sales/api"),
        ("https://crm.acme.test/crm/sales", "https://crm.acme.test/crm/sales/api"),
        ("acme.freshsales.io", "https://acme.freshsales.io/api"),
    ] {
        let text = format!("[connections.main]\nconnector = 'freshsales'\nvars.host = '{written}'\n");
        let layer = Layer { kind: LayerKind::User, path: "connectors.toml".into(), text };
        assert_eq!(Definitions::new(vec![layer]).with_built_in(BUILT_IN).mistakes(), [], "{written}");
        let host = connector.vars["host"].settle(written);
        let base = connector.base.as_ref().unwrap().expand(|_| Some(host.clone())).unwrap();
        assert_eq!(base.as_str(), used, "{written}");
    }
}

#[test]
fn a_declared_way_to_page_is_whole_and_says_where_the_vendor_says_so() {
    let mut declared = 0;
    for (id, connector) in &*DEFINITIONS {
        let Some(paging) = &connector.paging else { continue };
        declared += 1;
        assert!(paging.is_whole(), "{id}");
        let docs = paging.docs.as_ref().map_or("", |docs| &docs.en);
        assert!(docs.starts_with("https://"), "{id}");
    }
    assert!(declared >= 25, "{declared}");
}
