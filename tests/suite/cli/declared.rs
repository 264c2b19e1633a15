//! `conn request --all-pages` at services whose definitions say how they page: the real definitions, at a server that
//! pages as those services do.

use serde_json::{Value, json};

use crate::support::cli::Home;
use crate::support::scripted::answer;
use crate::support::vendor::{Asked, Vendor};

/// One service: its definition, what a connection needs beside a key, a list, and what each page answers.
struct Service {
    id: &'static str,
    method: &'static str,
    key: &'static str,
    vars: &'static str,
    list: &'static str,
    /// The header line, `{at}` for the server, and the body of each page; then how the next page is asked for.
    pages: &'static [(&'static str, &'static str, &'static str)],
}

const SERVICES: &[Service] = &[
    Service {
        id: "github",
        method: "token",
        key: "token",
        vars: "",
        list: "/user/repos?per_page=1",
        pages: &[
            ("Link: <{at}/user/repos?page=2>; rel=\"next\"\r\n", "[{\"id\":1}]", "page=2"),
            ("Link: <{at}/user/repos?page=1>; rel=\"prev\"\r\n", "[{\"id\":2}]", ""),
        ],
    },
    Service {
        id: "slack",
        method: "token",
        key: "token",
        vars: "",
        list: "/conversations.list",
        pages: &[
            (
                "",
                "{\"ok\":true,\"channels\":[{\"id\":1}],\"response_metadata\":{\"next_cursor\":\"dGVhbQ==\"}}",
                "cursor=dGVhbQ%3D%3D",
            ),
            ("", "{\"ok\":true,\"channels\":[{\"id\":2}],\"response_metadata\":{\"next_cursor\":\"\"}}", ""),
        ],
    },
    Service {
        id: "stripe",
        method: "key",
        key: "secret_key",
        vars: "",
        list: "/v1/customers?limit=1",
        pages: &[
            (
                "",
                "{\"object\":\"list\",\"data\":[{\"id\":\"cus_1\"}],\"has_more\":true}",
                "starting_after=cus_1",
            ),
            ("", "{\"object\":\"list\",\"data\":[{\"id\":\"cus_2\"}],\"has_more\":false}", ""),
        ],
    },
    Service {
        id: "zendesk",
        method: "token",
        key: "api_token",
        vars: "vars.subdomain = 'acme'\nvars.email = 'hanako@example.test'\n",
        list: "/tickets.json?page[size]=1",
        pages: &[
            (
                "",
                "{\"tickets\":[{\"id\":1}],\"meta\":{\"has_more\":true},\"links\":{\"next\":\"{at}/tickets.json?page[after]=x\"}}",
                "page[after]=x",
            ),
            (
                "",
                "{\"tickets\":[{\"id\":2}],\"meta\":{\"has_more\":false},\"links\":{\"next\":\"{at}/tickets.json?page[after]=y\"}}",
                "",
            ),
        ],
    },
    Service {
        id: "hubspot",
        method: "token",
        key: "token",
        vars: "",
        list: "/crm/v3/objects/contacts?limit=1",
        pages: &[
            (
                "",
                "{\"results\":[{\"id\":1}],\"paging\":{\"next\":{\"after\":\"100\",\"link\":\"?after=100\"}}}",
                "after=100",
            ),
            ("", "{\"results\":[{\"id\":2}]}", ""),
        ],
    },
    Service {
        id: "backlog",
        method: "key",
        key: "api_key",
        vars: "vars.space = 'acme'\n",
        list: "/issues?count=1",
        pages: &[("", "[{\"id\":1}]", "offset=1"), ("", "[{\"id\":2}]", "offset=2"), ("", "[]", "")],
    },
    Service {
        id: "smarthr",
        method: "token",
        key: "access_token",
        vars: "vars.tenant = 'acme'\n",
        list: "/crews?per_page=1",
        pages: &[
            (
                "Link: <{at}/crews?page=1>; rel=\"first\", <{at}/crews?page=2>; rel=\"next\"\r\n",
                "[{\"id\":1}]",
                "page=2",
            ),
            ("", "[{\"id\":2}]", ""),
        ],
    },
];

fn start(service: &'static Service) -> Vendor {
    Vendor::start(move |asked: &Asked, before: usize| {
        let host = asked.header("host").unwrap_or_default().to_owned();
        let Some((header, body, _)) = service.pages.get(before) else {
            return answer("500 Internal Server Error", "", b"one page too many");
        };
        let at = format!("http://{host}");
        let headers = format!("Content-Type: application/json\r\n{}", header.replace("{at}", &at));
        answer("200 OK", &headers, body.replace("{at}", &at).as_bytes())
    })
}

#[test]
fn the_definition_of_a_service_leads_to_every_page_of_its_lists_and_no_further() {
    for service in SERVICES {
        let Service { id, method, key, vars, list, pages } = service;
        let vendor = start(service);
        let home = Home::with(&format!(
            "[connectors.mine]\nextends = '{id}'\nbase = 'http://{}'\ntest.request = 'reach'\n\
             [connections.mine]\nconnector = 'mine'\nmethod = '{method}'\nsecrets.{key} = 'env:KEY'\n{vars}",
            vendor.address
        ))
        .knowing("KEY", "key-0123456789abcdef");
        let connected = home.run(&["connect", "mine"]);
        assert_eq!(connected.code, 0, "{id} {connected:#?}");
        let run = home.run(&["request", "mine", list, "--all-pages"]);
        assert_eq!(run.code, 0, "{id} {run:#?}");
        let items: Vec<Value> = serde_json::from_str(&run.out).unwrap();
        assert_eq!(items.len(), 2, "{id} {items:?}");
        assert!(items[0] != items[1] && items[0] != json!(null), "{id} {items:?}");
        assert!(!run.err.contains("Nothing declares"), "{id} {}", run.err);
        let heard: Vec<String> = vendor.heard().into_iter().map(|asked| asked.head).collect();
        let asked: Vec<&str> = heard.iter().filter_map(|head| head.split(' ').nth(1)).collect();
        let asked: Vec<&&str> =
            asked.iter().filter(|target| target.starts_with(list.split('?').next().unwrap())).collect();
        assert_eq!(asked.len(), pages.len(), "{id} {asked:?}");
        for (target, (_, _, next)) in asked.iter().skip(1).zip(*pages) {
            let plain = target.replace("%5B", "[").replace("%5D", "]");
            assert!(plain.contains(next), "{id} {target}");
        }
    }
}
