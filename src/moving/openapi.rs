//! OpenAPI 3 and Swagger 2: servers and security schemes; of the paths only what a test needs.
//!
//! <https://spec.openapis.org/oas/v3.1.1.html>, <https://spec.openapis.org/oas/v2.0.html>

use indexmap::IndexMap;
use serde_json::Value;

use super::calls::rank;
use super::found::{Found, Left, Login, OAuth2, Place, Placed, Proof, Service, Variable, Way};
use super::parse::{list, text, tree};
use super::{Malformed, Source, oauth};
use crate::base::{Text, is_loopback};

/// Whether a tree is such a document.
#[must_use]
pub fn is(tree: &Value) -> bool {
    tree.get("openapi").is_some() || tree.get("swagger").is_some()
}

/// Reads a document.
///
/// # Errors
/// When it is neither JSON nor YAML, or of no version that is known.
pub fn read(source: &Source<'_>) -> Result<Found, Malformed> {
    const VERSION: Text =
        Text::new("this is neither OpenAPI 3 nor Swagger 2", "OpenAPI 3 でも Swagger 2 でもありません");
    let tree = tree(source.text)?;
    let old = match (text(&tree, "openapi"), text(&tree, "swagger")) {
        (Some(version), _) if version.starts_with("3.") => false,
        (_, Some(version)) if version.starts_with("2.") => true,
        _ => {
            return Err(Malformed::at(
                if tree.get("swagger").is_some() { "/swagger" } else { "/openapi" },
                VERSION,
            ));
        }
    };
    let mut reader = Reader { file: source.name, tree: &tree, old, left: Vec::new() };
    let service = reader.service(source.name);
    Ok(Found { services: service.into_iter().collect(), values: Vec::new(), left: reader.left })
}

struct Reader<'t> {
    file: &'t str,
    tree: &'t Value,
    old: bool,
    left: Vec<Left>,
}

impl<'t> Reader<'t> {
    fn leave(&mut self, what: &str, pointer: &str, reason: Text) {
        let place = format!("{}#{pointer}", self.file);
        self.left.push(Left { what: what.to_owned(), place, reason: reason.into() });
    }

    fn service(&mut self, file: &str) -> Option<Service> {
        const NONE: Text = Text::new(
            "it declares no security scheme that conn can use, so there is nothing to connect",
            "利用できる securitySchemes がないため、接続にするものがありません",
        );
        let info = self.tree.get("info");
        let name = info.and_then(|info| text(info, "title")).unwrap_or(file).to_owned();
        let (base, vars) = self.base()?;
        let ways = self.ways();
        if ways.is_empty() {
            self.leave(&name, "/components/securitySchemes", NONE);
            return None;
        }
        let docs = self.tree.get("externalDocs").and_then(|docs| text(docs, "url"));
        Some(Service {
            name,
            place: self.file.to_owned(),
            base,
            vars,
            docs: docs.filter(|docs| docs.starts_with("http")).map(str::to_owned),
            test: self.test(),
            ways,
            ..Service::default()
        })
    }

    /// The base address with its variables; the first server that may carry a credential.
    fn base(&mut self) -> Option<(String, IndexMap<String, Variable>)> {
        const CLEAR: Text = Text::new(
            "it speaks http, where everybody on the way reads the credential; write the https address into the document",
            "http では認証情報が経路上で読み取られます。https のアドレスを文書に書いてください",
        );
        let servers = if self.old { self.old_servers() } else { self.servers() };
        let mut clear = None;
        for (pointer, address, vars) in servers {
            let rest = address.strip_prefix("https://");
            let here = address
                .strip_prefix("http://")
                .is_some_and(|rest| is_loopback(rest.split(['/', ':']).next().unwrap_or_default()));
            if rest.is_some() || here {
                return Some((address.trim_end_matches('/').to_owned(), vars));
            }
            if address.starts_with("http://") {
                clear.get_or_insert(pointer);
                continue;
            }
            // Relative: where the document was fetched from, which nobody knows here.
            let path = address.trim_matches('/');
            let path = if path.is_empty() { String::new() } else { format!("/{path}") };
            let mut vars = vars;
            vars.insert("host".to_owned(), Variable::default());
            return Some((format!("https://{{host}}{path}"), vars));
        }
        if let Some(pointer) = clear {
            self.leave("http", &pointer, CLEAR);
            return None;
        }
        let host = IndexMap::from([("host".to_owned(), Variable::default())]);
        Some(("https://{host}".to_owned(), host))
    }

    fn servers(&self) -> Vec<(String, String, IndexMap<String, Variable>)> {
        let mut all = Vec::new();
        for (index, server) in list(self.tree, "servers").iter().enumerate() {
            let Some(url) = text(server, "url") else { continue };
            let mut vars = IndexMap::new();
            let mut address = url.to_owned();
            let declared = server.get("variables").and_then(Value::as_object);
            for (name, variable) in declared.into_iter().flatten() {
                let plain = super::definition::place_name(name);
                address = address.replace(&format!("{{{name}}}"), &format!("{{{plain}}}"));
                let choices = list(variable, "enum").iter().filter_map(Value::as_str).map(str::to_owned);
                let value = text(variable, "default").filter(|value| !value.is_empty()).map(str::to_owned);
                vars.insert(plain, Variable { value, choices: choices.collect() });
            }
            all.push((format!("/servers/{index}/url"), address, vars));
        }
        all
    }

    fn old_servers(&self) -> Vec<(String, String, IndexMap<String, Variable>)> {
        let path = text(self.tree, "basePath").unwrap_or_default().trim_matches('/');
        let path = if path.is_empty() { String::new() } else { format!("/{path}") };
        let Some(host) = text(self.tree, "host") else {
            return vec![("/basePath".to_owned(), path, IndexMap::new())];
        };
        let schemes: Vec<&str> = list(self.tree, "schemes").iter().filter_map(Value::as_str).collect();
        // Where the schemes are left out, the one of the fetch counts; https is the one that is safe to assume.
        let clear = !schemes.is_empty() && !schemes.contains(&"https");
        let scheme = if clear { "http" } else { "https" };
        vec![("/schemes".to_owned(), format!("{scheme}://{host}{path}"), IndexMap::new())]
    }

    fn schemes(&self) -> IndexMap<&'t str, &'t Value> {
        let all = if self.old {
            self.tree.get("securityDefinitions")
        } else {
            self.tree.get("components").and_then(|components| components.get("securitySchemes"))
        };
        let all = all.and_then(Value::as_object);
        all.into_iter().flatten().map(|(name, scheme)| (name.as_str(), self.referred(scheme))).collect()
    }

    /// What a local reference leads to.
    fn referred(&self, value: &'t Value) -> &'t Value {
        let target = text(value, "$ref").and_then(|target| target.strip_prefix('#'));
        target.and_then(|pointer| self.tree.pointer(pointer)).unwrap_or(value)
    }

    /// The ways to authenticate: first what the document asks for everywhere, then the other schemes.
    fn ways(&mut self) -> Vec<Way> {
        let schemes = self.schemes();
        let pointer = if self.old { "/securityDefinitions" } else { "/components/securitySchemes" };
        let mut ways: Vec<Way> = Vec::new();
        for demand in list(self.tree, "security").iter().filter_map(Value::as_object) {
            let names: Vec<&str> = demand.keys().map(String::as_str).collect();
            // Several keys that travel together are one way.
            if names.len() > 1 {
                let keys: Option<Vec<Placed>> =
                    names.iter().map(|name| schemes.get(name).and_then(|scheme| key(scheme))).collect();
                if let Some(keys) = keys {
                    ways.push(Way { name: names.join("-"), proof: Proof::Placed(keys) });
                }
            } else if let Some(way) =
                names.first().and_then(|name| way(name, schemes.get(name)?, self.old).ok())
            {
                ways.push(way);
            }
        }
        let joined: Vec<String> =
            ways.iter().filter(|way| way.name.contains('-')).map(|way| way.name.clone()).collect();
        for (name, scheme) in schemes {
            let within = joined.iter().any(|whole| whole.split('-').any(|part| part == name));
            if within || ways.iter().any(|way| way.name == name) {
                continue;
            }
            match way(name, scheme, self.old) {
                Ok(way) => ways.push(way),
                Err(reason) => self.leave(name, &format!("{pointer}/{name}"), reason),
            }
        }
        ways
    }

    /// A harmless call without parameters that asks for a credential.
    fn test(&self) -> Option<String> {
        let everywhere = !list(self.tree, "security").is_empty();
        let paths = self.tree.get("paths").and_then(Value::as_object)?;
        let asks = |operation: &Value| match operation.get("security").and_then(Value::as_array) {
            Some(own) => own.iter().any(|demand| demand.as_object().is_some_and(|demand| !demand.is_empty())),
            None => everywhere,
        };
        let free = |parameters: &[Value]| {
            parameters.iter().all(|one| self.referred(one).get("required") != Some(&Value::Bool(true)))
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '~');
        let fit = paths.iter().filter(|(path, item)| {
            let Some(get) = item.get("get") else { return false };
            path.starts_with('/')
                && path.chars().all(plain)
                && !path.contains("..")
                && asks(get)
                && free(list(get, "parameters"))
                && free(list(item, "parameters"))
        });
        fit.map(|(path, _)| path).min_by_key(|path| (rank(path), path.len())).cloned()
    }
}

/// The way behind one scheme; why there is none.
fn way(name: &str, scheme: &Value, old: bool) -> Result<Way, Text> {
    const KIND: Text =
        Text::new("conn has no such kind of authentication", "この種類の認証には対応していません");
    const CERTIFICATE: Text = Text::new(
        "a client certificate is declared by hand: see client_auth = \"mtls\" in conn generate schema",
        "クライアント証明書は手作業で定義してください（conn generate schema の client_auth = \"mtls\" を参照）",
    );
    let kind = text(scheme, "type").unwrap_or_default();
    let proof = match kind {
        "apiKey" => key(scheme).map(|key| Proof::Placed(vec![key])),
        "basic" => Some(Proof::Basic(Login::default())),
        "http" => match text(scheme, "scheme").unwrap_or_default().to_ascii_lowercase().as_str() {
            "bearer" => Some(Proof::bearer(None)),
            "basic" => Some(Proof::Basic(Login::default())),
            "digest" => Some(Proof::Digest(Login::default())),
            _ => None,
        },
        "oauth2" => {
            return oauth2(scheme, old)
                .map(|oauth2| Way { name: name.to_owned(), proof: Proof::OAuth2(Box::new(oauth2)) });
        }
        "openIdConnect" => {
            text(scheme, "openIdConnectUrl").filter(|url| url.starts_with("https://")).map(|url| {
                let issuer = url.split("/.well-known/").next().unwrap_or(url);
                Proof::OAuth2(Box::new(OAuth2 { issuer: Some(issuer.to_owned()), ..OAuth2::default() }))
            })
        }
        "mutualTLS" => return Err(CERTIFICATE),
        _ => None,
    };
    proof.map(|proof| Way { name: name.to_owned(), proof }).ok_or(KIND)
}

/// An API key's place.
fn key(scheme: &Value) -> Option<Placed> {
    let place = match text(scheme, "in")? {
        "header" => Place::Header,
        "query" => Place::Query,
        "cookie" => Place::Cookie,
        _ => return None,
    };
    if text(scheme, "type")? != "apiKey" {
        return None;
    }
    let name = text(scheme, "name")?.to_owned();
    Some(Placed { place, name, prefix: String::new(), value: None })
}

/// The flow that suits a program; a browser's implicit flow hands the token to whoever reads the address.
fn oauth2(scheme: &Value, old: bool) -> Result<OAuth2, Text> {
    const IMPLICIT: Text = Text::new(
        "only the implicit flow is declared, which gives programs no token that they could keep (RFC 9700, section \
         2.1.2); ask the vendor for an authorization code or a client credentials flow",
        "宣言されているのは implicit フローだけです。このフローではプログラムが保持できるトークンを得られません\
         （RFC 9700 2.1.2節）。認可コードまたはクライアントクレデンシャルのフローを提供元に確認してください",
    );
    const RELATIVE: Text = Text::new(
        "its token address is not an https address",
        "トークンのアドレスが https のアドレスではありません",
    );
    let flows: Vec<(&str, &Value)> = if old {
        vec![(text(scheme, "flow").unwrap_or_default(), scheme)]
    } else {
        let flows = scheme.get("flows").and_then(Value::as_object);
        flows.into_iter().flatten().map(|(name, flow)| (name.as_str(), flow)).collect()
    };
    let wanted = ["authorizationCode", "accessCode", "clientCredentials", "application", "password"];
    let flow = wanted.iter().find_map(|wanted| flows.iter().find(|(name, _)| name == wanted));
    let (name, flow) = flow.ok_or(IMPLICIT)?;
    let address = |key: &str| text(flow, key).map(str::to_owned);
    let here = |url: &str| {
        url.starts_with("https://")
            || url.starts_with("http://127.0.0.1")
            || url.starts_with("http://localhost")
    };
    let token = address("tokenUrl").filter(|url| here(url)).ok_or(RELATIVE)?;
    let scopes = flow.get("scopes").and_then(Value::as_object);
    Ok(OAuth2 {
        grant: oauth::grant(name).flatten(),
        authorize: address("authorizationUrl"),
        token: Some(token),
        refresh: address("refreshUrl").filter(|url| here(url)),
        scopes: scopes.into_iter().flatten().map(|(scope, _)| scope.clone()).collect(),
        ..OAuth2::default()
    })
}
