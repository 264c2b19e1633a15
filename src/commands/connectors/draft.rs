//! A connector of one's own, from the answers of the form to TOML.

use crate::base::{ConnectorId, Template, Text};
use crate::model::AuthKind;
use crate::operation::Failure;

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Placement {
    /// A header.
    Header,
    /// The query.
    Query,
    /// A form body.
    Form,
    /// A JSON body.
    Json,
    /// A place in the path, written `{key}` in the base URL or the test request.
    Path,
}

impl Placement {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Header, Self::Query, Self::Form, Self::Json, Self::Path];

    /// The word in `connectors.toml`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Query => "query",
            Self::Form => "form",
            Self::Json => "json",
            Self::Path => "path",
        }
    }

    /// The words for people.
    pub const fn text(self) -> Text {
        match self {
            Self::Header => Text::new("header", "ヘッダー"),
            Self::Query => Text::new("query string", "クエリー文字列"),
            Self::Form => Text::new("form data", "フォームデータ"),
            Self::Json => Text::new("JSON body", "JSON 本文"),
            Self::Path => Text::new("path", "パス"),
        }
    }
}

/// One parameter: the vendor's key and the words that the prompt shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name of the header, query parameter, form field, ….
    pub key: String,
    /// The display label.
    pub label: String,
}

/// The answers of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The id.
    pub id: ConnectorId,
    /// The display name.
    pub name: String,
    /// The auth kind.
    pub kind: AuthKind,
    /// Where the parameters travel; kind `api_key` only.
    pub placement: Placement,
    /// The parameters.
    pub fields: Vec<Field>,
    /// The addresses of the kinds `oauth1` and `oauth2`.
    pub oauth: Option<super::oauth::OAuth>,
    /// The base URL.
    pub base: String,
    /// The test request: `/path`, `METHOD /path` or `reach`.
    pub test: String,
}

/// The name under which a parameter's value is known: `X-Api-Key` becomes `x_api_key`.
pub fn place_name(key: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let name: String = key.chars().map(plain).collect();
    let name = name.trim_matches('_');
    if name.is_empty() { "value".to_owned() } else { name.to_owned() }
}

/// The base URL as a person types it: blanks and a final slash taken off, `https://` put in front of a bare host.
///
/// # Errors
/// When it is neither https nor on this machine, or a placeholder is not closed.
pub fn base(typed: &str) -> Result<String, Failure> {
    const HTTP: Text = Text::new(
        "The address must begin with https://; plain http is allowed to this machine only.",
        "URL は https:// で始めてください（http はこの端末宛てに限り使えます）。",
    );
    const EMPTY: Text = Text::new("The address needs a host.", "URL にホストを指定してください。");
    const TAIL: Text = Text::new(
        "The base URL ends with its path; leave out what follows ? or #.",
        "ベースURLはパスまでで終えてください（? や # 以降は指定できません）。",
    );
    let typed = typed.trim();
    let base = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    let base = base.trim_end_matches('/').to_owned();
    let lower = base.to_ascii_lowercase();
    let here = ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|start| {
        lower.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    });
    if lower.starts_with("http://") && !here || !lower.starts_with("http") {
        return Err(Failure::usage(HTTP.into(), None));
    }
    if base.contains(['?', '#']) {
        return Err(Failure::usage(TAIL.into(), None));
    }
    if base.split_once("://").is_none_or(|(_, rest)| rest.is_empty() || rest.starts_with('/')) {
        return Err(Failure::usage(EMPTY.into(), None));
    }
    template(&base).map(|_| base)
}

fn template(source: &str) -> Result<Template, Failure> {
    const WRONG: Text = Text::new(
        "A placeholder is a name between braces, such as {tenant}, with the filters base64, upper, lower, urlencode or \
         after:X.",
        "プレースホルダーは {tenant} のように名前を波かっこで囲みます（使えるフィルター: base64、upper、lower、urlencode、\
         after:X）。",
    );
    source.parse().map_err(|_: crate::base::template::TemplateError| Failure::usage(WRONG.into(), None))
}

impl Draft {
    /// The test request with its method: POST where parameters travel in a body, else GET.
    fn request(&self) -> String {
        let test = self.test.trim();
        let in_body =
            self.kind == AuthKind::ApiKey && matches!(self.placement, Placement::Form | Placement::Json);
        if test == "reach" {
            return test.to_owned();
        }
        if let Some((method, target)) = test.split_once(' ') {
            return format!("{method} {}", self.below(target.trim()));
        }
        let target = self.below(test);
        let slash = if target.starts_with('/') { "" } else { "/" };
        format!("{} {slash}{target}", if in_body { "POST" } else { "GET" })
    }

    /// A whole address below the base URL means its path.
    fn below<'t>(&self, target: &'t str) -> &'t str {
        let rest = target.strip_prefix(self.base.as_str());
        rest.filter(|rest| rest.starts_with('/')).unwrap_or(target)
    }

    /// The definition as TOML, with its headers.
    ///
    /// # Errors
    /// When the test request cannot be read, or a parameter of the path has no place in it.
    pub fn to_toml(&self) -> Result<String, Failure> {
        const NO_PLACE: Text = Text::new(
            "The parameter {key} travels in the path, but {place} is neither in the base URL nor in the test request.",
            "パラメーター「{key}」の送信方法はパスですが、ベースURLにもテストのパスにも {place} がありません。",
        );
        const REQUEST: Text = Text::new(
            "The test is a path such as /me, a method and a path such as HEAD /me, or reach.",
            "テストは /me のようなパス、HEAD /me のようなメソッドとパス、または reach で指定してください。",
        );
        const ELSEWHERE: Text = Text::new(
            "The test request does not lie below the base URL {base}.",
            "テストのリクエスト先は、ベースURL {base} 以下にしてください。",
        );
        const PATH: Text =
            Text::new("Give its path, for example --test /me", "パスで指定してください（例: --test /me）");
        let request = self.request();
        if request.split('?').next().is_some_and(|target| target.contains("://")) {
            let base = crate::base::safe_text::line(&self.base, 120);
            return Err(Failure::usage(ELSEWHERE.fill(&[("base", &base)]), Some(PATH.into())));
        }
        request.parse::<crate::model::RequestLine>().map_err(|_| Failure::usage(REQUEST.into(), None))?;
        let (base, target) = (template(&self.base)?, template(&request)?);
        let places: Vec<&str> = base.names().chain(target.names()).collect();
        let is_path = self.kind == AuthKind::ApiKey && self.placement == Placement::Path;
        if let Some(field) =
            self.fields.iter().find(|field| is_path && !places.contains(&place_name(&field.key).as_str()))
        {
            let place = format!("{{{}}}", place_name(&field.key));
            return Err(Failure::usage(NO_PLACE.fill(&[("key", &field.key), ("place", &place)]), None));
        }
        Ok(self.write(&request, &places))
    }

    fn write(&self, request: &str, places: &[&str]) -> String {
        let id = &self.id;
        let mut toml =
            format!("[connectors.{id}]\nname = {}\nbase = {}\n", quote(&self.name), quote(&self.base));
        let mut written = Vec::new();
        for place in places {
            let is_param =
                self.oauth.is_none() && self.fields.iter().any(|field| place_name(&field.key) == *place);
            if !is_param && !written.contains(place) {
                written.push(place);
                toml.push_str(&format!("\n[connectors.{id}.vars.{place}]\nlabel = {}\n", quote(place)));
            }
        }
        toml.push_str(&self.write_auth());
        toml.push_str(&format!("\n[connectors.{id}.test]\nrequest = {}\n", quote(request)));
        toml
    }

    fn write_auth(&self) -> String {
        let (id, kind) = (&self.id, self.kind.code());
        let method = if self.kind == AuthKind::ApiKey { "key" } else { kind };
        let mut toml = format!("\n[connectors.{id}.auth.{method}]\nkind = {}\n", quote(kind));
        let names: Vec<String> = self.fields.iter().map(|field| place_name(&field.key)).collect();
        let sent = |index: usize| format!("{{{}}}", names[index]);
        match self.kind {
            AuthKind::ApiKey if self.placement != Placement::Path => {
                for (index, field) in self.fields.iter().enumerate() {
                    let place = self.placement.code();
                    toml.push_str(&format!("{place}.{} = {}\n", quote(&field.key), quote(&sent(index))));
                }
            }
            AuthKind::Basic | AuthKind::Digest => {
                toml.push_str(&format!("user = {}\npassword = {}\n", quote(&sent(0)), quote(&sent(1))));
            }
            AuthKind::Bearer => {
                toml.push_str(&format!("header.Authorization = {}\n", quote(&format!("Bearer {}", sent(0)))));
            }
            AuthKind::OAuth1 | AuthKind::OAuth2 => {
                let key = self.fields.first().map(|field| field.key.as_str());
                let lines = self.oauth.as_ref().map(|oauth| oauth.lines(self.placement, key));
                return toml + &lines.unwrap_or_default();
            }
            _ => {}
        }
        let open = matches!(self.kind, AuthKind::Basic | AuthKind::Digest);
        for (index, field) in self.fields.iter().enumerate() {
            let not_secret = if open && index == 0 { "secret = false\n" } else { "" };
            let table = format!("[connectors.{id}.auth.{method}.params.{}]", names[index]);
            toml.push_str(&format!("\n{table}\nlabel = {}\n{not_secret}", quote(&field.label)));
        }
        toml
    }
}

/// A text as TOML writes it on one line.
pub(super) fn quote(text: &str) -> String {
    toml_edit::Value::from(text).to_string().trim().to_owned()
}
