//! Giving tokens back: the service ends them before conn forgets them (RFC 7009). What cannot be given back is
//! named, and never keeps anybody from forgetting it here.

use std::time::Duration;

use super::{Talk, Trouble, custody, metadata};
use crate::base::{Phrase, Text};
use crate::flow::Exchange;
use crate::flow::revoke::{self, Token};
use crate::model::Obtaining;
use crate::model::grant::is_obtained;
use crate::model::refusal::Spent;
use crate::operation::check::{self, Loaded};
use crate::operation::secrets::{self, Secrets};
use crate::operation::{Failure, World};

/// How long a service may take to end the tokens of one credential.
const PATIENCE: Duration = Duration::from_secs(10);

/// What became of the tokens of one authorisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revocation {
    /// Whether the service ended a token.
    pub revoked: bool,
    /// What it did not end, and why.
    pub left: Vec<Phrase>,
}

/// Has the service end the tokens of a connection: those in use, and those that are kept for going back.
pub async fn revoke(world: &dyn World, loaded: &Loaded) -> Revocation {
    const LATE: Text = Text::new(
        "the service did not answer within {seconds} s",
        "外部サービスが {seconds} 秒以内に応答しませんでした",
    );
    let mut revocation = Revocation::default();
    let held = held(world, loaded);
    if held.is_empty() {
        return revocation;
    }
    if let Some(problem) = loaded.problems.iter().find(|problem| check::is_error(problem)) {
        let values: Vec<(&str, &str)> =
            problem.values.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        revocation.left.push(said(&Failure::cause(&problem.code, &values)));
        return revocation;
    }
    let giving_back = async {
        for secrets in &held {
            give_back(world, loaded, secrets, &mut revocation).await;
        }
    };
    if tokio::time::timeout(PATIENCE, giving_back).await.is_err() {
        revocation.left.push(LATE.fill(&[("seconds", &PATIENCE.as_secs().to_string())]));
    }
    revocation
}

/// The secrets with each set of tokens that the store holds.
fn held(world: &dyn World, loaded: &Loaded) -> Vec<Secrets> {
    let prepared = &loaded.prepared;
    let mut held = Vec::new();
    if loaded.secrets.iter().any(|(key, _)| is_obtained(key)) {
        held.push(loaded.secrets.duplicate());
    }
    let store = secrets::token_store(prepared).and_then(|source| secrets::store(world, &source));
    let item = prepared.item().before();
    let before = store.and_then(|store| secrets::read(store, &item).ok().flatten());
    if let Some(before) = before.filter(|before| before.values.keys().any(|key| is_obtained(key))) {
        let mut secrets = loaded.secrets.duplicate();
        custody::adopt(&mut secrets, &before);
        held.push(secrets);
    }
    held
}

async fn give_back(world: &dyn World, loaded: &Loaded, secrets: &Secrets, revocation: &mut Revocation) {
    const NO_WAY: Text = Text::new(
        "{service} offers no way to end it from here; withdraw the app's access in the settings of {service}",
        "{service} には、ここから無効にする方法がありません。{service} の設定画面でアプリのアクセス権を取り消してください",
    );
    let prepared = &loaded.prepared;
    let found = metadata::for_address(world, prepared, secrets, "revoke").await;
    let metadata = match found {
        Ok(metadata) => metadata,
        Err(trouble) => return revocation.left.push(why(&trouble)),
    };
    let talk =
        Talk { world, prepared, secrets, metadata: metadata.as_ref(), scopes: &[], spent: Spent::Nothing };
    for token in [Token::Refresh, Token::Access] {
        if secrets.get(token.hint()).is_none() {
            continue;
        }
        match talk.revoke(token).await {
            Ok(true) => revocation.revoked = true,
            // What conn asks for by itself ends by itself, soon.
            Ok(false) if prepared.method.obtaining() != Obtaining::ByConsent => return,
            Ok(false) => {
                let service = prepared.connector.display_name(&prepared.connection.connector);
                let say = |text: &str, service: &str| text.replace("{service}", service);
                let left = Phrase { en: say(NO_WAY.en, &service.en), ja: say(NO_WAY.ja, &service.ja) };
                return revocation.left.push(left);
            }
            Err(trouble) => {
                let why = why(&trouble);
                let left = Phrase {
                    en: format!("{}: {}", token.hint(), why.en),
                    ja: format!("{}: {}", token.hint(), why.ja),
                };
                revocation.left.push(left);
            }
        }
    }
}

impl Talk<'_> {
    /// Has the service end a token; `false` where it offers no way.
    async fn revoke(&self, token: Token) -> Result<bool, Trouble> {
        let values = |name: &str| self.prepared.value(name, self.secrets);
        let terms = self.terms(&values);
        let request = revoke::request(&terms, token, &self.world.moment());
        let Some(request) = request.map_err(|stop| self.stopped(stop, None))? else { return Ok(false) };
        let (response, fact) = self.ask(Exchange::Revocation, &request).await?;
        let Some(response) = response else { return Err(Trouble::Fact(Box::new(fact))) };
        revoke::read(&response).map_err(|_| Trouble::Fact(Box::new(fact)))?;
        Ok(true)
    }
}

/// Why a token was not given back.
fn why(trouble: &Trouble) -> Phrase {
    const STATUS: Text =
        Text::new("the service answers HTTP {status}", "外部サービスの応答は HTTP {status} です");
    const NO_ANSWER: Text = Text::new("the service does not answer", "外部サービスが応答しません");
    match trouble {
        Trouble::Failure(failure) => said(failure),
        Trouble::Problem(problem) => {
            let values: Vec<(&str, &str)> =
                problem.values.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
            said(&Failure::cause(&problem.code, &values))
        }
        Trouble::Fact(fact) => match &fact.answer {
            Some(answer) => STATUS.fill(&[("status", &answer.status.to_string())]),
            None => NO_ANSWER.into(),
        },
    }
}

fn said(failure: &Failure) -> Phrase {
    use crate::base::Language::{En, Ja};
    Phrase { en: failure.message(En), ja: failure.message(Ja) }
}
