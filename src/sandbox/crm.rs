//! The healthy service: identity, lists, single items, a contact that can be created, pages.

use serde_json::{Value, json};

use super::door::{self, Rights};
use super::fault;
use super::reply::Answer;
use super::request::{Received, Route};
use super::state::{State, open};

/// The contacts at the start.
pub(super) fn contacts() -> Vec<Value> {
    vec![
        json!({ "id": "c-1", "name": "Alice Example", "email": "alice@example.test" }),
        json!({ "id": "c-2", "name": "鈴木 一郎", "email": "ichiro@example.test" }),
    ]
}

/// The answer of the healthy service.
pub(super) fn answer(state: &State, request: &Received, route: &Route<'_>) -> Answer {
    let method = request.method.as_str();
    match (method, route.path) {
        ("GET" | "HEAD", "/") => {
            Answer::html(200, "Sandbox CRM", "<p>A fictional CRM. The API is at /api/.</p>")
        }
        ("GET" | "HEAD", "/login") => login(),
        ("GET" | "HEAD", "/api/version") => {
            Answer::json(200, &json!({ "name": "Sandbox CRM", "version": "4.2" }))
        }
        ("POST", "/sandbox/mode") => set_mode(state, request).by_the_control(),
        ("GET", "/sandbox/modes") => Answer::json(200, &modes()).by_the_control(),
        (_, path) if path.starts_with("/api/") => match door::enter(state, request, route) {
            Ok(rights) => inside(state, request, path, rights),
            Err(refusal) => refusal,
        },
        _ => unknown_path(),
    }
}

/// The page on which people log in.
pub(super) fn login() -> Answer {
    let form = "<form method=\"post\" action=\"/login\"><label>Email <input name=\"email\"></label> \
                <label>Password <input type=\"password\" name=\"password\"></label> <button>Log in</button></form>";
    Answer::html(200, "Log in - Sandbox CRM", form)
}

/// The answer for a path that does not exist.
pub(super) fn unknown_path() -> Answer {
    Answer::error(404, "path_unknown", "There is nothing at this path. The API is at /api/.")
}

fn inside(state: &State, request: &Received, path: &str, rights: Rights) -> Answer {
    match (request.method.as_str(), path) {
        ("POST", "/api/contacts") if creates(request) => create(state, request),
        ("GET" | "HEAD" | "POST", "/api/me") => me(),
        ("GET" | "HEAD" | "POST", "/api/contacts") => {
            Answer::json(200, &json!({ "contacts": &*open(&state.contacts) }))
        }
        ("GET" | "HEAD" | "POST", "/api/deals") => {
            Answer::json(200, &json!({ "deals": [{ "id": "d-1", "title": "Renewal", "amount": 120_000 }] }))
        }
        ("GET" | "HEAD" | "POST", "/api/accounts") if rights.accounts => {
            Answer::json(200, &json!({ "accounts": [{ "id": "a-1", "name": "Example K.K." }] }))
        }
        (_, "/api/accounts") => Answer::error(
            403,
            "right_missing",
            "This key may not read accounts. Its role lacks accounts.read.",
        ),
        ("GET" | "HEAD", path) if path.starts_with("/api/items/") => item(&path["/api/items/".len()..]),
        (_, "/api/me" | "/api/contacts" | "/api/deals") => {
            Answer::error(405, "method_unknown", "This path does not take this method.")
                .with("allow", "GET, POST")
        }
        _ => unknown_path(),
    }
}

/// The identity behind every good credential.
pub(super) fn identity() -> Value {
    json!({
        "user": { "id": "u-1001", "name": "山田 花子", "email": "hanako@example.test" },
        "organisation": { "id": "org-7", "name": "Example K.K." }
    })
}

fn me() -> Answer {
    Answer::json(200, &identity())
}

fn item(id: &str) -> Answer {
    if id.is_empty() || id == "0" || id.contains('/') {
        return Answer::error(404, "item_unknown", "There is no item with this ID.");
    }
    Answer::json(200, &json!({ "item": { "id": id, "name": format!("Item {id}") } }))
}

/// A POST with a name creates a contact; without one it is a list whose key travels in the body.
fn creates(request: &Received) -> bool {
    request.json_value("name").or_else(|| request.form_value("name")).is_some()
        || (request.json_value("api_key").is_none() && request.form_value("api_key").is_none())
}

fn create(state: &State, request: &Received) -> Answer {
    let Some(name) = request.json_value("name").or_else(|| request.form_value("name")) else {
        return fault::invalid_fields();
    };
    let mut contacts = open(&state.contacts);
    let id = format!("c-{}", contacts.len() + 1);
    let contact = json!({ "id": id, "name": name });
    contacts.push(contact.clone());
    Answer::json(201, &json!({ "contact": contact }))
}

fn modes() -> Value {
    let list =
        fault::modes().map(|mode| json!({ "name": mode.name, "en": mode.about.en, "ja": mode.about.ja }));
    json!({ "modes": list.collect::<Vec<_>>() })
}

fn set_mode(state: &State, request: &Received) -> Answer {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let mode = match body.get("mode") {
        Some(Value::Null) => None,
        Some(Value::String(name)) => match fault::find_mode(name) {
            Ok(mode) => Some(mode),
            Err(unknown) => return Answer::error(404, "mode_unknown", &unknown.to_string()),
        },
        _ => return Answer::error(400, "mode_missing", "Send {\"mode\": \"NAME\"} or {\"mode\": null}."),
    };
    state.set_mode(mode, None);
    Answer::json(200, &json!({ "mode": mode.map(|mode| mode.name) }))
}
