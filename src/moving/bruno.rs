//! Bruno: the `.bru` files of a collection, its settings and its environments, read together.
//!
//! <https://docs.usebruno.com/bru-lang/overview>

use super::calls::{self, Call};
use super::found::{Found, Left, Login, OAuth2, Place, Placed, Proof, Raw};
use super::parse::{self, text};
use super::scope::Scope;
use super::{Malformed, Source, oauth};
use crate::base::Text;

/// Whether a text is of Bruno: it begins with one of its blocks.
#[must_use]
pub fn is(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let block = first.strip_suffix(['{', '[']).map(str::trim_end);
    let known =
        ["meta", "vars", "headers", "auth", "docs", "script:pre-request", "script:post-response", "tests"];
    block.is_some_and(|name| known.contains(&name) || name.starts_with("auth:") || name.starts_with("vars:"))
}

/// The name of the file in which a collection says what it is called.
pub const MANIFEST: &str = "bruno.json";

/// A block: its name and its pairs.
struct Block {
    name: String,
    pairs: Vec<(String, String)>,
}

impl Block {
    fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

const OUTSIDE: Text =
    Text::new("this line stands in no block of Bruno's", "この行は Bruno のどのブロックにも属していません");
const OPEN: Text =
    Text::new("a block begins here and never ends", "ここで始まるブロックが閉じられていません");

/// The blocks of a text. Scripts, bodies and docs are passed over.
fn blocks(text: &str) -> Result<Vec<Block>, Malformed> {
    let mut all = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let line = line.trim_start_matches('\u{feff}').trim_end();
        if line.trim().is_empty() {
            continue;
        }
        let open = line.strip_suffix(['{', '[']).filter(|_| !line.starts_with([' ', '\t']));
        let name = open.ok_or_else(|| Malformed::line(index + 1, OUTSIDE))?.trim().to_owned();
        let end = if line.ends_with('[') { "]" } else { "}" };
        let mut pairs = Vec::new();
        loop {
            let (_, inner) = lines.next().ok_or_else(|| Malformed::line(index + 1, OPEN))?;
            // Only the end of a block stands at the beginning of a line.
            if inner.trim_end() == end {
                break;
            }
            let inner = inner.trim().trim_end_matches(',');
            match inner.split_once(':') {
                Some((key, value)) => pairs.push((key.trim().to_owned(), value.trim().to_owned())),
                None if !inner.is_empty() => pairs.push((inner.to_owned(), String::new())),
                None => {}
            }
        }
        all.push(Block { name, pairs });
    }
    Ok(all)
}

/// Reads the files of a collection together.
///
/// # Errors
/// The first file whose blocks have no valid form.
pub fn read(sources: &[Source<'_>], scope: &Scope) -> Result<Found, Box<(String, Malformed)>> {
    const OTHER: Text = Text::new(
        "its values differ from those of {used}, which were taken; import this environment alone for its own",
        "先に読み込んだ環境 {used} と値が異なるため使っていません。この環境だけを指定して取り込んでください",
    );
    let (manifests, sources): (Vec<Source<'_>>, Vec<Source<'_>>) =
        sources.iter().partition(|source| parse::is_json(source.text));
    let name = called(&manifests)?.unwrap_or_else(|| folder_name(&sources));
    let mut found = Found::default();
    let mut own = Scope::default();
    let mut environment: Option<&str> = None;
    let mut files = Vec::new();
    for source in &sources {
        let blocks = blocks(source.text).map_err(|wrong| Box::new((source.name.to_owned(), wrong)))?;
        let is_request = blocks.iter().any(|block| METHODS.contains(&block.name.as_str()));
        let is_settings = source.name.ends_with("collection.bru") || source.name.ends_with("folder.bru");
        let vars: Vec<&Block> = blocks.iter().filter(|block| block.name == "vars").collect();
        if !is_request && !is_settings && !vars.is_empty() {
            let differs = vars
                .iter()
                .flat_map(|block| &block.pairs)
                .any(|(name, value)| own.get(name).is_some_and(|known| known.expose() != value));
            if let Some(used) = environment.filter(|_| differs) {
                let (what, place) = (source.name.to_owned(), source.name.to_owned());
                found.left.push(Left { what, place, reason: OTHER.fill(&[("used", used)]) });
                continue;
            }
            environment.get_or_insert(source.name);
        }
        for (name, value) in vars.iter().flat_map(|block| &block.pairs) {
            own.learn(name.trim_start_matches('~'), value);
        }
        files.push((source, blocks));
    }
    let root = files.iter().find(|(source, _)| source.name.ends_with("collection.bru"));
    let above = root.map(|(_, blocks)| proof(blocks, mode(blocks, "auth").unwrap_or("none")));
    let mut calls = Vec::new();
    for (source, blocks) in &files {
        let Some(block) = blocks.iter().find(|block| METHODS.contains(&block.name.as_str())) else {
            continue;
        };
        let said = match block.get("auth").unwrap_or("none") {
            "inherit" => above.as_ref().map_or(Ok(None), |_| {
                root.map_or(Ok(None), |(_, blocks)| proof(blocks, mode(blocks, "auth").unwrap_or("none")))
            }),
            mode => proof(blocks, mode),
        };
        match said {
            Ok(proof) => calls.push(call(source.name, block, blocks, proof)),
            Err(kind) => leave(&mut found, &kind, source.name),
        }
    }
    let services = calls::services(&name, calls, &scope.clone().over(&own));
    found.join(services);
    Ok(found)
}

const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

fn leave(found: &mut Found, kind: &str, place: &str) {
    const KIND: Text = Text::new(
        "conn cannot take over this kind of authentication from Bruno; write its definition into connectors.toml \
         (conn generate schema describes every key)",
        "この種類の認証は Bruno から取り込めません。connectors.toml に定義を書いてください\
         （書ける項目は conn generate schema で確認できます）",
    );
    let what = format!("auth {kind}");
    if !found.left.iter().any(|left| left.what == what) {
        found.left.push(Left { what, place: place.to_owned(), reason: KIND.into() });
    }
}

fn mode<'b>(blocks: &'b [Block], name: &str) -> Option<&'b str> {
    blocks.iter().find(|block| block.name == name)?.get("mode")
}

/// What the collection says that it is called.
fn called(manifests: &[Source<'_>]) -> Result<Option<String>, Box<(String, Malformed)>> {
    for source in manifests {
        let tree = parse::json(source.text).map_err(|wrong| Box::new((source.name.to_owned(), wrong)))?;
        if let Some(name) = text(&tree, "name").map(str::trim).filter(|name| !name.is_empty()) {
            return Ok(Some(name.to_owned()));
        }
    }
    Ok(None)
}

/// The folder of its settings, else of its first file.
fn folder_name(sources: &[Source<'_>]) -> String {
    let settings = sources.iter().find(|source| source.name.ends_with("collection.bru"));
    let first = settings.or(sources.first()).map_or("bruno", |source| source.name);
    let mut parts = first.rsplit(['/', '\\']);
    let file = parts.next().unwrap_or(first);
    let folder = parts.find(|part| !matches!(*part, "" | "." | "environments"));
    folder.unwrap_or_else(|| file.strip_suffix(".bru").unwrap_or(file)).to_owned()
}

fn call(file: &str, block: &Block, blocks: &[Block], proof: Option<Proof>) -> Call {
    let all = |name: &str| {
        let found = blocks.iter().find(|block| block.name == name);
        let pairs = found.into_iter().flat_map(|block| &block.pairs);
        // A tilde switches a line off.
        pairs.filter(|(key, _)| !key.starts_with('~')).cloned().collect::<Vec<_>>()
    };
    Call {
        place: file.to_owned(),
        method: block.name.to_ascii_uppercase(),
        address: block.get("url").unwrap_or_default().to_owned(),
        headers: all("headers"),
        query: if blocks.iter().any(|block| block.name == "params:query") {
            all("params:query")
        } else {
            all("query")
        },
        proof,
    }
}

/// The proof of a mode; its name where conn cannot take it over, `None` where there is none.
fn proof(blocks: &[Block], mode: &str) -> Result<Option<Proof>, String> {
    let block = blocks.iter().find(|block| block.name == format!("auth:{mode}"));
    let get = |key: &str| block.and_then(|block| block.get(key)).filter(|value| !value.is_empty());
    let raw = |key: &str| get(key).map(Raw::new);
    let login = || Login { user: raw("username"), password: raw("password") };
    match mode {
        "none" | "inherit" => Ok(None),
        "bearer" => Ok(Some(Proof::bearer(raw("token")))),
        "basic" => Ok(Some(Proof::Basic(login()))),
        "digest" => Ok(Some(Proof::Digest(login()))),
        "apikey" => Ok(Some(Proof::Placed(vec![Placed {
            place: if get("placement") == Some("queryparams") { Place::Query } else { Place::Header },
            name: get("key").unwrap_or("X-Api-Key").to_owned(),
            prefix: String::new(),
            value: raw("value"),
        }]))),
        "oauth2" => {
            let address = |key: &str| get(key).map(str::to_owned);
            let grant = oauth::grant(get("grant_type").unwrap_or_default()).ok_or("oauth2")?;
            let oauth2 = OAuth2 {
                grant,
                authorize: address("authorization_url"),
                token: address("access_token_url"),
                refresh: address("refresh_token_url"),
                scopes: get("scope").map(oauth::scopes).unwrap_or_default(),
                client_auth: get("credentials_placement").and_then(oauth::client_auth),
                client_id: raw("client_id"),
                client_secret: raw("client_secret"),
                ..OAuth2::default()
            };
            if oauth2.is_usable() {
                Ok(Some(Proof::OAuth2(Box::new(oauth2))))
            } else {
                Err("oauth2".to_owned())
            }
        }
        other => Err(crate::base::safe_text::line(other, 40)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Proof, Scope, Source};
    use super::read;

    const SETTINGS: &str = "auth {\n  mode: bearer\n}\n\nauth:bearer {\n  token: {{token}}\n}\n";
    const REQUEST: &str = "meta {\n  name: Me\n  type: http\n  seq: 1\n}\n\nget {\n  url: {{base}}/me?a=1\n  body: none\n  auth: inherit\n}\n\nheaders {\n  ~Off: 1\n}\n\nscript:pre-request {\n  if (a) {\n  }\n}\n";
    const ENVIRONMENT: &str =
        "vars {\n  base: https://api.shop.test\n  token: abc-def\n}\nvars:secret [\n  other\n]\n";

    #[test]
    fn a_collection_is_read_with_its_settings_and_its_environment() {
        let staging = ENVIRONMENT.replace("api.shop", "staging.shop");
        let sources = [
            Source { name: "shop/collection.bru", text: SETTINGS },
            Source { name: "shop/me.bru", text: REQUEST },
            Source { name: "shop/environments/production.bru", text: ENVIRONMENT },
            Source { name: "shop/environments/staging.bru", text: &staging },
        ];
        let found = read(&sources, &Scope::default()).unwrap();
        let service = &found.services[0];
        assert_eq!((service.name.as_str(), service.base.as_str()), ("shop", "https://api.shop.test"));
        assert_eq!(service.test.as_deref(), Some("/me"));
        let Proof::Placed(placed) = &service.ways[0].proof else { panic!() };
        assert_eq!(placed[0].value.as_ref().unwrap().expose(), "abc-def");
        assert_eq!(found.left[0].what, "shop/environments/staging.bru");
        let manifest = Source { name: "shop/bruno.json", text: r#"{"type":"collection","name":"Tea Shop"}"# };
        let named: Vec<Source<'_>> = sources.into_iter().chain([manifest]).collect();
        assert_eq!(read(&named, &Scope::default()).unwrap().services[0].name, "Tea Shop");
    }

    #[test]
    fn a_line_without_a_block_and_a_block_without_an_end_are_named() {
        for (text, line) in [("meta {\n  name: x\n", 1), ("hunter2\n", 1), ("meta {\n}\nhunter2: x", 3)] {
            let wrong = read(&[Source { name: "a.bru", text }], &Scope::default()).unwrap_err();
            assert_eq!((wrong.0.as_str(), wrong.1.line), ("a.bru", Some(line)), "{text}");
        }
    }
}
