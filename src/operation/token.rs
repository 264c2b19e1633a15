//! A fresh token for a script. A stored one that still lives costs no client and no runtime.

use super::check::{self, Loaded};
use super::exchange::Caller;
use super::prepare::prepare;
use super::{Failure, World, request, tokens, usage};
use crate::base::{Request, Text, safe_text};
use crate::model::Obtaining;
use crate::model::grant::ACCESS_TOKEN;
use zeroize::Zeroizing;

/// What a script wants.
#[derive(Clone, Debug, Default)]
pub struct TokenRequest {
    /// The connection.
    pub link_name: String,
    /// The environment; the connection's own where nothing is said.
    pub environment: Option<String>,
    /// Whether whole header lines are wanted.
    pub header: bool,
    /// Which value is wanted, where a connection has several.
    pub parameter: Option<String>,
}

/// A connection whose value can be given out, and whether that takes traffic first.
pub struct Wanted {
    pub(super) loaded: Loaded,
    /// Whether the token must be renewed first.
    pub due: bool,
}

/// Finds the connection and reads what is stored.
///
/// # Errors
/// When it is not `connected`, or its secrets cannot be read.
pub fn find(world: &dyn World, wanted: &TokenRequest) -> Result<Wanted, Failure> {
    let prepared = prepare(world, &wanted.link_name, wanted.environment.as_deref())?;
    let record = world.ledger().state(&prepared.item())?;
    request::gate(&prepared, &record)?;
    usage::note(world, &prepared, &record);
    let loaded = check::known(world, prepared, record);
    if let Some(failure) = check::blocked(&loaded) {
        return Err(failure);
    }
    let due = loaded.prepared.method.obtaining() != Obtaining::Given && tokens::is_due(world, &loaded);
    Ok(Wanted { loaded, due })
}

/// Renews the token where it is due.
///
/// # Errors
/// Why there is no token.
pub async fn renew(world: &dyn World, wanted: &mut Wanted) -> Result<(), Failure> {
    match tokens::ready(world, &mut wanted.loaded).await {
        Ok(_) => Ok(()),
        Err(trouble) => Err(check::failure_of(world, &wanted.loaded, trouble).await),
    }
}

/// The value, or the header lines, that the script asked for.
///
/// # Errors
/// When there are several values and none was named, or the kind proves itself by no header.
pub fn give(
    world: &dyn World,
    wanted: &Wanted,
    request: &TokenRequest,
) -> Result<Vec<Zeroizing<String>>, Failure> {
    const SEVERAL: Text =
        Text::new("{name} has several secret values: {keys}.", "{name} には複数の秘密の値があります: {keys}");
    const WHICH: Text = Text::new(
        "Say which: conn token {name} --parameter KEY, or take the header: conn token {name} --header",
        "conn token {name} --parameter キー で指定するか、conn token {name} --header でヘッダーを取得してください",
    );
    const NONE: Text =
        Text::new("{name} proves itself by no header.", "{name} の認証ではヘッダーを使用しません。");
    const OTHERWISE: Text = Text::new(
        "conn request {name} and conn proxy {name} send what it needs; conn token {name} gives the value alone",
        "conn request {name} と conn proxy {name} なら必要な値が付きます。値だけなら conn token {name} で取得できます",
    );
    let Loaded { prepared, secrets, .. } = &wanted.loaded;
    let name = request.link_name.as_str();
    if request.header {
        let base =
            prepared.base(secrets).map_err(|problem| Failure::cause(&problem.code, &[("name", name)]))?;
        let mut example = Request::new("GET", base);
        let caller = Caller { world, prepared, secrets };
        caller.sign(&mut example).map_err(|_| Failure::cause("CONN-SEC-MISSING", &[("name", name)]))?;
        let secret = example.headers.iter().filter(|header| header.secret);
        let lines: Vec<_> = secret
            .map(|header| Zeroizing::new(format!("{}: {}", header.name, header.value.as_str())))
            .collect();
        return if lines.is_empty() {
            let values = [("name", name)];
            Err(Failure::usage(NONE.fill(&values), Some(OTHERWISE.fill(&values))))
        } else {
            Ok(lines)
        };
    }
    let obtained = (prepared.method.obtaining() != Obtaining::Given).then(|| ACCESS_TOKEN.to_owned());
    let keys: Vec<&str> = prepared.method.secret_keys().collect();
    let single = if let [only] = keys.as_slice() { Some((*only).to_owned()) } else { None };
    let key = request.parameter.clone().or(obtained).or(single);
    let value = key.as_ref().and_then(|key| secrets.get(key));
    let Some(value) = value else {
        let keys = keys.join(", ");
        let values = [("name", name), ("keys", keys.as_str())];
        return Err(match &request.parameter {
            Some(asked) => unknown(name, asked, &keys),
            None => Failure::usage(SEVERAL.fill(&values), Some(WHICH.fill(&values))),
        });
    };
    Ok(vec![Zeroizing::new(value.expose().to_owned())])
}

fn unknown(name: &str, asked: &str, keys: &str) -> Failure {
    const NO_SECRET: Text = Text::new(
        "{name} has no secret value {asked}; it has: {keys}.",
        "{name} に {asked} という秘密の値はありません。指定できるもの: {keys}",
    );
    let asked = safe_text::line(asked, 80);
    Failure::usage(NO_SECRET.fill(&[("name", name), ("asked", &asked), ("keys", keys)]), None)
}
