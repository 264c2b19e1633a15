//! Has a person consent: by their browser and a callback to this machine, by a code typed elsewhere, or by pasting
//! the address at which their browser ended. Whatever the way, the address is shown.

use std::time::Duration;

use url::Url;

use super::{Talk, Trouble, custody, metadata, register, registration, renew, waiting};
use crate::base::{Phrase, Secret, Text, shell};
use crate::diagnosis::Problem;
use crate::diagnosis::finding::WITHOUT_DEVICE;
use crate::flow::authorize::AuthorizationCode;
use crate::flow::device::Device;
use crate::flow::oauth1::OUT_OF_BAND;
use crate::flow::{self, Consent, Conversation, Metadata, UserCode};
use crate::model::AuthKind;
use crate::model::grant::DPOP_KEY;
use crate::model::refusal::Spent;
use crate::operation::prepare::Prepared;
use crate::operation::secrets::Secrets;
use crate::operation::tokens::converse::{Brought, Consenting};
use crate::operation::{Failure, World};
use crate::port::browser::Hindrance;
use crate::port::doorway::{DoorwayHost, DoorwayPage, DoorwayWish, Listener};
use crate::port::{BoxFuture, PersonError};

/// How a person consents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A browser on this machine, and a callback to it.
    Browser,
    /// A code that is typed on any device (RFC 8628).
    Device,
    /// A browser anywhere; the address at which it ends is pasted here.
    Paste,
}

impl Way {
    /// The word of `--flow`.
    const fn word(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Device => "device",
            Self::Paste => "paste",
        }
    }
}

/// What was chosen for a consent.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The way; chosen by what this machine can do where nothing is said.
    pub way: Option<Way>,
    /// The scopes; those of the definition where none is named.
    pub scopes: Vec<String>,
    /// The answer to a question that waits; empty for a code that was typed elsewhere.
    pub answer: Option<Answer>,
}

impl Wish {
    /// The arguments that choose the same again.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let way = self.way.map(|way| format!("--flow {}", way.word()));
        let scopes = self.scopes.iter().map(|scope| format!("--scope {}", shell::word(scope)));
        way.into_iter().chain(scopes).collect()
    }
}

/// What was brought back: the address at which a browser ended, or what a person copied from it.
#[derive(Debug)]
pub struct Answer(pub Secret);

impl Clone for Answer {
    fn clone(&self) -> Self {
        Self(self.0.duplicate())
    }
}

/// What a consent gave, and the browser that still waits to hear how it ended.
pub struct Authorised {
    /// The connection's secrets with the new tokens among them.
    pub secrets: Secrets,
    /// The waiting browser.
    pub waiting: Option<Box<dyn Listener>>,
}

/// How long a person may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// Has a person consent and obtains tokens. Nothing is stored.
///
/// # Errors
/// Why there are none.
pub async fn authorize(
    world: &dyn World,
    prepared: &Prepared,
    given: &Secrets,
    wish: &Wish,
) -> Result<Authorised, Trouble> {
    if let Some(Answer(answer)) = &wish.answer {
        let secrets = waiting::resume(world, prepared, given, answer).await?;
        return Ok(Authorised { secrets, waiting: None });
    }
    let published = metadata::published(world, prepared, given).await?;
    let way = choose(world, prepared, published.as_ref(), wish.way)?;
    let scopes = if wish.scopes.is_empty() { renew::scopes(prepared) } else { wish.scopes.clone() };
    let offers_device = metadata::offers_device(prepared, published.as_ref());
    let waiting = if way == Way::Device { None } else { doorway(world, prepared, offers_device)? };
    let redirect = match &waiting {
        Some(listener) => listener.redirect_uri(),
        // Without a callback to this machine: the address that is registered, or OAuth 1 out of band.
        None => register::redirect(prepared).unwrap_or_else(|| OUT_OF_BAND.to_owned()),
    };
    let mut conversation: Box<dyn Conversation> = match way {
        Way::Device => Box::new(Device::new()),
        Way::Browser | Way::Paste => flow::interactive(&prepared.method, &redirect)
            .unwrap_or_else(|| Box::new(AuthorizationCode::new(&redirect))),
    };
    let mut secrets = given.duplicate();
    registration::ensure(world, prepared, &mut secrets, published.as_ref()).await?;
    let mut desk = Desk { world, prepared, way, offers_device, waiting };
    let spent = if way == Way::Device { Spent::Device } else { Spent::Code };
    // Tokens of a new consent are bound to a new key.
    secrets.remove(DPOP_KEY);
    custody::make_key(world, prepared, &mut secrets);
    let metadata = published.as_ref();
    let talk = Talk { world, prepared, secrets: &secrets, metadata, scopes: &scopes, spent };
    let held = talk.hold(conversation.as_mut(), Some(&mut desk)).await;
    let obtained = match held {
        Ok(obtained) => obtained,
        Err(trouble) => {
            close(world, desk.waiting, false).await;
            return Err(trouble);
        }
    };
    custody::take_in(&mut secrets, obtained, world.clock().now(), true, &scopes);
    metadata::keep(&mut secrets, metadata, world.clock().now());
    Ok(Authorised { secrets, waiting: desk.waiting })
}

/// Tells the waiting browser how it ended.
pub async fn close(world: &dyn World, waiting: Option<Box<dyn Listener>>, success: bool) {
    const DONE: Text = Text::new("Connected", "接続しました");
    const DONE_TEXT: Text = Text::new(
        "conn has proven the connection. You can close this page.",
        "接続を確認しました。このページを閉じてかまいません。",
    );
    const FAILED: Text = Text::new("Not connected", "接続できませんでした");
    const FAILED_TEXT: Text = Text::new(
        "The terminal in which conn runs says why and what to do next.",
        "原因と対処は、conn を実行した端末に表示されています。",
    );
    let Some(listener) = waiting else { return };
    let language = world.settings().language;
    let (title, text) = if success { (DONE, DONE_TEXT) } else { (FAILED, FAILED_TEXT) };
    let page =
        DoorwayPage { success, title: title.get(language).to_owned(), text: text.get(language).to_owned() };
    listener.finish(page).await;
}

/// Opens the door for the callback; `None` where the registered address is not this machine.
fn doorway(
    world: &dyn World,
    prepared: &Prepared,
    offers_device: bool,
) -> Result<Option<Box<dyn Listener>>, Trouble> {
    let method = &prepared.method;
    if method.kind == AuthKind::OAuth1 && method.callback.as_deref() == Some(OUT_OF_BAND) {
        return Ok(None);
    }
    let redirect = method.redirect.clone().unwrap_or_default();
    let host = redirect.host.unwrap_or_else(|| "127.0.0.1".to_owned());
    if !crate::base::is_loopback(&host) {
        return Ok(None);
    }
    let wish = DoorwayWish {
        host: if host.eq_ignore_ascii_case("localhost") {
            DoorwayHost::Localhost
        } else {
            DoorwayHost::Address
        },
        port: redirect.port,
        path: register::path(prepared),
        https: redirect.https.unwrap_or(false),
        form_post: method
            .extra
            .as_ref()
            .and_then(|extra| extra.authorize.get("response_mode"))
            .is_some_and(|mode| mode.source() == "form_post"),
    };
    match world.doorway().open(&wish) {
        Ok(listener) => Ok(Some(listener)),
        Err(error) => {
            let mut problem = unreached(prepared, offers_device);
            problem.values.extend(wish.port.map(|port| ("port".to_owned(), port.to_string())));
            problem.evidence.push(error.explain());
            Err(problem.into())
        }
    }
}

/// Whether the service knows no other consent than by a code.
pub(super) fn is_by_device(prepared: &Prepared, published: Option<&Metadata>) -> bool {
    let method = &prepared.method;
    let has_browser = method.kind == AuthKind::OAuth1
        || method.authorize.is_some()
        || published.is_some_and(|metadata| metadata.addresses.contains_key("authorize"));
    method.grant() == "device_code" || !has_browser
}

/// Nothing came back from the browser.
fn unreached(prepared: &Prepared, offers_device: bool) -> Problem {
    let mut problem = prepared.problem("CONN-OAUTH-CALLBACK", &[]);
    if !offers_device {
        problem.values.insert(WITHOUT_DEVICE.to_owned(), "device".to_owned());
    }
    problem
}

/// Chooses the way by what this machine can do, and says why where it is not the browser.
fn choose(
    world: &dyn World,
    prepared: &Prepared,
    published: Option<&Metadata>,
    wanted: Option<Way>,
) -> Result<Way, Trouble> {
    const NOBODY: Text = Text::new(
        "{service} wants a person's consent, and nobody can be asked here.",
        "{service} の利用には画面での同意が必要ですが、ここでは対話できません。",
    );
    const HOW: Text = Text::new(
        "Run conn connect {name} in a terminal, or choose a way: conn connect {name} --flow {ways}",
        "端末で conn connect {name} を実行するか、方法を指定してください: conn connect {name} --flow {ways}",
    );
    const NO_DEVICE: Text = Text::new(
        "{service} knows no sign-in by a code on another device.",
        "{service} は、別の端末でコードを入力する方式に対応していません。",
    );
    let has_device = metadata::offers_device(prepared, published);
    let service = prepared.connector.display_name(&prepared.connection.connector);
    let say = |text: Text| Phrase {
        en: text.en.replace("{service}", &service.en).replace("{name}", &prepared.link_name),
        ja: text.ja.replace("{service}", &service.ja).replace("{name}", &prepared.link_name),
    };
    if let Some(way) = wanted {
        if way == Way::Device && !has_device {
            return Err(Failure::usage(say(NO_DEVICE), None).into());
        }
        return Ok(way);
    }
    if is_by_device(prepared, published) {
        return Ok(Way::Device);
    }
    if !world.person().is_present() {
        let ways = if has_device { "browser|device" } else { "browser" };
        let how = say(HOW);
        let how = Phrase { en: how.en.replace("{ways}", ways), ja: how.ja.replace("{ways}", ways) };
        return Err(Failure::usage(say(NOBODY), Some(how)).into());
    }
    let Some(hindrance) = world.browser().outlook().hindrance() else { return Ok(Way::Browser) };
    let way = if has_device { Way::Device } else { Way::Paste };
    because(world, hindrance, way);
    Ok(way)
}

fn because(world: &dyn World, hindrance: Hindrance, way: Way) {
    const DEVICE: Text = Text::new(
        "{why}: signing in with a code instead.\n(--flow browser opens one all the same.)",
        "{why}。代わりにコードでサインインします。\n（--flow browser でブラウザーを開くこともできます）",
    );
    const PASTE: Text = Text::new(
        "{why}.\nOpen the address in any browser, and paste here the address at which it ends.\n(--flow browser opens one on this machine all the same.)",
        "{why}。\n任意のブラウザーで下のアドレスを開き、最後に表示されたアドレスをここに貼り付けてください。\n（--flow browser でこの端末のブラウザーを開くこともできます）",
    );
    let language = world.settings().language;
    let text = if way == Way::Device { DEVICE } else { PASTE };
    world.person().say(&text.get(language).replace("{why}", hindrance.words().get(language)));
}

/// The person at their desk, with the door that their browser comes back to.
struct Desk<'a> {
    world: &'a dyn World,
    prepared: &'a Prepared,
    way: Way,
    offers_device: bool,
    waiting: Option<Box<dyn Listener>>,
}

impl Desk<'_> {
    fn say(&self, text: Text, values: &[(&str, &str)]) {
        let language = self.world.settings().language;
        self.world.person().say(text.fill(values).get(language));
    }

    fn announce(&self, address: &Url) {
        const OPENED: Text = Text::new(
            "A browser opens. If none does, open this address yourself:",
            "ブラウザーを開きます。開かない場合は、次のアドレスを開いてください:",
        );
        const OPEN: Text =
            Text::new("Open this address in a browser:", "次のアドレスをブラウザーで開いてください:");
        let opened = if self.way == Way::Browser {
            match self.world.browser().open(address) {
                Ok(()) => true,
                Err(error) => {
                    self.world.person().say(error.explain().get(self.world.settings().language));
                    false
                }
            }
        } else {
            false
        };
        self.say(if opened { OPENED } else { OPEN }, &[]);
        self.world.person().say(&format!("  {address}"));
        if self.world.person().is_present() {
            const PASTE: Text = Text::new(
                "Waiting for the browser. If it ends on a page that cannot be shown, paste that page's address here.",
                "ブラウザーからの応答を待っています。最後のページを表示できない場合は、そのアドレスをここに貼り付けてください。",
            );
            self.say(PASTE, &[]);
        }
    }

    async fn answer(&mut self, consent: &Consent) -> Result<Brought, Trouble> {
        let (world, prepared) = (self.world, self.prepared);
        let mark = consent.mark.as_ref().map(|(name, value)| (name.as_str(), value.as_str()));
        let callback = async {
            match self.waiting.as_mut() {
                Some(listener) => listener.next(mark).await,
                None => std::future::pending().await,
            }
        };
        let pasted = async {
            if world.person().is_present() {
                world.person().pasted().await
            } else {
                std::future::pending().await
            }
        };
        tokio::select! {
            parameters = callback => Ok(Brought::Callback(parameters)),
            line = pasted => {
                let line = line.map_err(|error| match error {
                    PersonError::Cancelled => Trouble::from(Failure::Cancelled),
                    other => Trouble::from(Failure::from(other)),
                })?;
                Ok(Brought::Pasted(line))
            }
            () = tokio::time::sleep(PATIENCE) => Err(late(prepared, self.offers_device)),
        }
    }
}

/// Nobody came back in time.
fn late(prepared: &Prepared, offers_device: bool) -> Trouble {
    const LATE: Text = Text::new(
        "nobody came back from the browser within {minutes} minutes",
        "{minutes} 分以内にブラウザーからの応答がありませんでした",
    );
    let minutes = (PATIENCE.as_secs() / 60).to_string();
    let mut problem = unreached(prepared, offers_device);
    problem.evidence.push(LATE.fill(&[("minutes", &minutes)]));
    problem.into()
}

impl Consenting for Desk<'_> {
    fn consent<'a>(&'a mut self, consent: &'a Consent) -> BoxFuture<'a, Result<Brought, Trouble>> {
        Box::pin(async move {
            self.announce(&consent.address);
            self.answer(consent).await
        })
    }

    fn again<'a>(&'a mut self, consent: &'a Consent) -> BoxFuture<'a, Result<Brought, Trouble>> {
        const FOREIGN: Text = Text::new(
            "That answer does not belong to this sign-in. Paste the whole address at which the browser ended.",
            "今回のサインインの応答ではありません。ブラウザーが最後に表示したアドレス全体を貼り付けてください。",
        );
        Box::pin(async move {
            self.say(FOREIGN, &[]);
            self.answer(consent).await
        })
    }

    fn tell<'a>(&'a mut self, code: &'a UserCode) -> BoxFuture<'a, Result<(), Trouble>> {
        const TYPE: Text = Text::new(
            "On any device, open {address} and enter the code {code}",
            "任意の端末で {address} を開き、コード {code} を入力してください",
        );
        const COMPLETE: Text = Text::new("or open: {address}", "または次のアドレスを開きます: {address}");
        Box::pin(async move {
            self.say(TYPE, &[("address", code.address.as_str()), ("code", &code.code)]);
            if let Some(complete) = &code.complete {
                self.say(COMPLETE, &[("address", complete.as_str())]);
            }
            Ok(())
        })
    }
}
