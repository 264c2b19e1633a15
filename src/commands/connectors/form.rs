//! The form of a connector of one's own: an answer comes from its flag, else from the person.

use super::draft::{Draft, Field, Placement, base, place_name};
use super::new::Arguments;
use super::oauth::OAuthArguments;
use crate::base::{ConnectorId, Text, name, safe_text, suggest};
use crate::cause::ExitClass;
use crate::commands::Context;
use crate::model::AuthKind;
use crate::operation::Failure;
use crate::port::Person;
use crate::port::person::Choice;

/// The id of a service whose name has no letters that an id could be made of.
const NAMELESS: &str = "my-service";

/// An id made from the name, else from the host.
fn proposal(name: &str, base: Option<&str>) -> Option<String> {
    let plain = |text: &str| text.contains(|c: char| c.is_ascii_alphanumeric());
    if plain(name) {
        return Some(name::slug(name));
    }
    let host = base?.split("://").last()?.split(['/', ':']).next()?;
    let first = host.split('.').find(|label| !matches!(*label, "api" | "www") && plain(label));
    first.filter(|_| host.contains(|c: char| c.is_ascii_alphabetic())).map(name::slug)
}

/// The form: an answer comes from its flag, else from the person.
pub(super) struct Form<'a, 'b> {
    pub(super) context: &'a Context<'b>,
    pub(super) person: &'a dyn Person,
}

impl Form<'_, '_> {
    /// Fills it in.
    ///
    /// # Errors
    /// When an answer is missing or wrong and nobody can be asked, or the person cancelled.
    pub(super) fn fill(&self, given: Arguments) -> Result<Draft, Failure> {
        const NAME: Text = Text::new("Name of the service", "サービス名");
        const ID: Text = Text::new("ID (used in commands)", "コネクター ID（コマンドで使う名前）");
        const BASE: Text = Text::new("Base URL", "ベースURL");
        const BASE_HELP: Text =
            Text::new("for example https://api.acme.com/v1", "例: https://api.acme.com/v1");
        const TEST: Text = Text::new("Path of the test request", "テストに使うパス");
        const TEST_HELP: Text = Text::new(
            "a harmless call that needs the key, for example /me; reach if there is none",
            "キーが必要で、データを変更しない API のパス（例: /me）。なければ reach",
        );
        const ID_HELP: Text =
            Text::new("lower-case letters, digits, - and _", "英小文字、数字、-、_ で入力してください");
        self.refuse_half_a_form(&given)?;
        let name = self.text(given.name, NAME, None, None)?;
        let proposed = proposal(&name, given.base.as_deref());
        let id = match given.id {
            None if !self.person.is_present() => self.id(proposed.as_deref().unwrap_or(NAMELESS))?,
            given => self.right(given, ID, proposed.as_deref(), Some(ID_HELP), |typed| self.id(typed))?,
        };
        let kind = self.kind(given.auth)?;
        refuse_idle(kind, given.placement, &given.oauth)?;
        let placement = self.placement(kind, given.placement)?;
        let fields = self.fields(kind, placement, given.params)?;
        let oauth = self.oauth(kind, given.oauth)?;
        let base = self.right(given.base, BASE, None, Some(BASE_HELP), base)?;
        let mut draft = Draft { id, name, kind, placement, fields, oauth, base, test: String::new() };
        self.right(given.test, TEST, Some("/"), Some(TEST_HELP), |typed| {
            typed.clone_into(&mut draft.test);
            draft.to_toml().map(drop)
        })?;
        Ok(draft)
    }

    /// Without a person every flag that is missing is named at once.
    fn refuse_half_a_form(&self, given: &Arguments) -> Result<(), Failure> {
        const MISSING: Text = Text::new(
            "Answers are missing and nobody can be asked here.",
            "入力が不足していますが、ここでは対話による入力ができません。",
        );
        const PASS: Text = Text::new("Pass: {flags}", "次の引数を指定してください: {flags}");
        let keyed = given.auth.as_deref() == Some("api_key");
        let missing: Vec<&str> = [
            ("--name", given.name.is_none()),
            ("--auth", given.auth.is_none()),
            ("--placement", keyed && given.placement.is_none()),
            ("--param", keyed && given.params.is_empty()),
            ("--base", given.base.is_none()),
            ("--test", given.test.is_none()),
        ]
        .into_iter()
        .chain(given.oauth.missing(given.auth.as_deref()))
        .filter_map(|(flag, missing)| missing.then_some(flag))
        .collect();
        if missing.is_empty() || self.person.is_present() {
            return Ok(());
        }
        Err(Failure::usage(MISSING.into(), Some(PASS.fill(&[("flags", &missing.join(" "))]))))
    }

    pub(super) fn words(&self, text: Text) -> &'static str {
        text.get(self.context.language())
    }

    pub(super) fn text(
        &self,
        given: Option<String>,
        question: Text,
        initial: Option<&str>,
        help: Option<Text>,
    ) -> Result<String, Failure> {
        const EMPTY: Text = Text::new("{field} needs a value.", "「{field}」を入力してください。");
        let is_asked = given.is_none() && self.person.is_present();
        let mut given = given;
        loop {
            let answer = match given.take() {
                Some(given) => given,
                None => self.person.text(self.words(question), initial, help.map(|help| self.words(help)))?,
            };
            let answer = answer.trim().to_owned();
            if !answer.is_empty() {
                return Ok(answer);
            }
            let message = crate::base::Phrase {
                en: EMPTY.en.replace("{field}", question.en),
                ja: EMPTY.ja.replace("{field}", question.ja),
            };
            if !is_asked {
                return Err(Failure::usage(message, None));
            }
            self.person.say(message.get(self.context.language()));
        }
    }

    /// An answer of the right form. A person who slips is asked again, so that no other answer is lost.
    pub(super) fn right<T>(
        &self,
        given: Option<String>,
        question: Text,
        initial: Option<&str>,
        help: Option<Text>,
        mut read: impl FnMut(&str) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        if let Some(given) = given {
            return read(&self.text(Some(given), question, None, None)?);
        }
        loop {
            match read(&self.text(None, question, initial, help)?) {
                Ok(value) => return Ok(value),
                Err(failure) if failure.exit() == ExitClass::Usage => {
                    self.person.say(&failure.message(self.context.language()));
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    fn id(&self, typed: &str) -> Result<ConnectorId, Failure> {
        const WRONG: Text = Text::new(
            "An ID holds lower-case letters, digits, - and _, at most 64, and begins with a letter or digit.",
            "ID には英小文字、数字、-、_ を 64 文字まで使えます（先頭は英小文字か数字）。",
        );
        const TAKEN: Text =
            Text::new("There is a connector {id} already.", "コネクター「{id}」はすでにあります。");
        const HINT: Text = Text::new(
            "Choose another with --id, or see it with: conn connectors show {id}",
            "--id で別の ID を指定してください。内容は conn connectors show {id} で確認できます。",
        );
        let id: ConnectorId = typed.parse().map_err(|_| Failure::usage(WRONG.into(), None))?;
        if self.context.world.definitions()?.connector_ids()?.iter().any(|known| known == id.as_str()) {
            let values = [("id", id.as_str())];
            return Err(Failure::usage(TAKEN.fill(&values), Some(HINT.fill(&values))));
        }
        Ok(id)
    }

    fn kind(&self, given: Option<String>) -> Result<AuthKind, Failure> {
        const QUESTION: Text = Text::new("Auth kind", "認証の種類");
        if let Some(given) = given {
            return kind_named(&given);
        }
        let choice = |kind: AuthKind| Choice {
            value: kind.code().to_owned(),
            shown: format!("{} ({})", self.words(kind.text()), kind.code()),
        };
        let offered = FORM.map(choice);
        kind_named(&self.person.choose(self.words(QUESTION), &offered, None)?)
    }

    fn placement(&self, kind: AuthKind, given: Option<Placement>) -> Result<Placement, Failure> {
        const TOKEN: Text = Text::new(
            "A token travels in a header, the query or a form.",
            "トークンの送信方法は header、query、form のいずれかです。",
        );
        const QUESTION: Text =
            Text::new("Parameter kind (where it travels)", "パラメーターの種類（送信方法）");
        let is_oauth = matches!(kind, AuthKind::OAuth1 | AuthKind::OAuth2);
        if let Some(given) = given {
            let fits = !is_oauth || Placement::ALL[..3].contains(&given);
            return if fits { Ok(given) } else { Err(Failure::usage(TOKEN.into(), None)) };
        }
        if kind != AuthKind::ApiKey && !(is_oauth && self.person.is_present()) {
            return Ok(Placement::Header);
        }
        let choice = |place: Placement| Choice {
            value: place.code().to_owned(),
            shown: self.words(place.text()).to_owned(),
        };
        let places = if is_oauth { &Placement::ALL[..3] } else { &Placement::ALL[..] };
        let offered: Vec<Choice> = places.iter().copied().map(choice).collect();
        let picked = self.person.choose(self.words(QUESTION), &offered, None)?;
        Ok(Placement::ALL.into_iter().find(|place| place.code() == picked).unwrap_or(Placement::Header))
    }

    fn fields(
        &self,
        kind: AuthKind,
        placement: Placement,
        given: Vec<String>,
    ) -> Result<Vec<Field>, Failure> {
        let given = given.iter().map(|pair| field(pair)).collect::<Result<Vec<Field>, _>>()?;
        none_too_many(kind, &given)?;
        let standard: &[(&str, Text)] = match kind {
            AuthKind::Basic | AuthKind::Digest => &[
                ("user", Text::new("User name", "ユーザー名")),
                ("password", Text::new("Password", "パスワード")),
            ],
            AuthKind::Bearer => &[("token", Text::new("Token", "トークン"))],
            AuthKind::ApiKey => return self.asked_fields(given).and_then(distinct),
            // What carries the token, where it is not the usual header.
            AuthKind::OAuth2 if placement != Placement::Header && given.is_empty() => {
                let key = self.token_key()?;
                return Ok(vec![Field { label: key.clone(), key }]);
            }
            AuthKind::OAuth2 => return Ok(given),
            _ => &[],
        };
        let label = |(index, (key, label)): (usize, &(&str, Text))| match given.get(index) {
            Some(field) => field.clone(),
            None => Field { key: (*key).to_owned(), label: self.words(*label).to_owned() },
        };
        distinct(standard.iter().enumerate().map(label).collect())
    }

    /// The name under which a token travels in a query or a form.
    fn token_key(&self) -> Result<String, Failure> {
        const KEY: Text = Text::new("Parameter key of the token", "トークンを送るパラメーターのキー");
        const USUAL: &str = "access_token";
        if self.person.is_present() { self.text(None, KEY, Some(USUAL), None) } else { Ok(USUAL.to_owned()) }
    }

    /// Any number of parameters, at least one.
    fn asked_fields(&self, mut fields: Vec<Field>) -> Result<Vec<Field>, Failure> {
        const KEY: Text = Text::new("Parameter key", "パラメーターのキー");
        const KEY_HELP: Text = Text::new(
            "as the service calls it, for example X-Api-Key",
            "サービスが指定する名前（例: X-Api-Key）",
        );
        const LABEL: Text = Text::new("Display label", "パラメーターの項目の表示名");
        const MORE: Text = Text::new("Another parameter?", "パラメーターを追加しますか");
        if !fields.is_empty() {
            return Ok(fields);
        }
        loop {
            let key =
                self.right(None, KEY, None, Some(KEY_HELP), |typed| field(typed).map(|field| field.key))?;
            let label = self.text(None, LABEL, Some(&key), None)?;
            fields.push(Field { key, label });
            if !self.person.confirm(self.words(MORE), false)? {
                return Ok(fields);
            }
        }
    }
}

/// What was said must not be left unheeded.
fn refuse_idle(kind: AuthKind, placement: Option<Placement>, oauth: &OAuthArguments) -> Result<(), Failure> {
    const IDLE: Text =
        Text::new("--auth {kind} takes no {flags}.", "--auth {kind} では {flags} を指定できません。");
    let placed = matches!(kind, AuthKind::ApiKey | AuthKind::OAuth1 | AuthKind::OAuth2);
    let mut idle = oauth.idle(kind);
    idle.extend(placement.filter(|_| !placed).map(|_| "--placement"));
    if idle.is_empty() {
        return Ok(());
    }
    Err(Failure::usage(IDLE.fill(&[("kind", kind.code()), ("flags", &idle.join(", "))]), None))
}

/// A parameter that nothing would send is a misunderstanding.
fn none_too_many(kind: AuthKind, given: &[Field]) -> Result<(), Failure> {
    const NONE: Text = Text::new(
        "The auth kind {kind} has no place for the parameter {key}.",
        "認証の種類「{kind}」では、パラメーター「{key}」を送信する場所がありません。",
    );
    const HINT: Text = Text::new(
        "Leave --param out, or choose --auth api_key, which sends any number of parameters.",
        "--param を省略するか、任意の数のパラメーターを送信できる --auth api_key を指定してください。",
    );
    let most = match kind {
        AuthKind::ApiKey => return Ok(()),
        AuthKind::Basic | AuthKind::Digest => 2,
        AuthKind::Bearer | AuthKind::OAuth2 => 1,
        _ => 0,
    };
    let Some(extra) = given.get(most) else { return Ok(()) };
    let values = [("kind", kind.code()), ("key", &safe_text::line(&extra.key, 40))];
    Err(Failure::usage(NONE.fill(&values), Some(HINT.into())))
}

/// Two parameters may not end up under one name.
fn distinct(fields: Vec<Field>) -> Result<Vec<Field>, Failure> {
    const TWICE: Text =
        Text::new("There are two parameters {key}.", "パラメーター「{key}」が重複しています。");
    for (index, field) in fields.iter().enumerate() {
        if fields[..index].iter().any(|other| place_name(&other.key) == place_name(&field.key)) {
            return Err(Failure::usage(TWICE.fill(&[("key", &safe_text::line(&field.key, 40))]), None));
        }
    }
    Ok(fields)
}

/// `KEY=LABEL`; a key alone is its own label.
fn field(pair: &str) -> Result<Field, Failure> {
    const EMPTY: Text =
        Text::new("--param takes KEY=LABEL.", "--param は「キー=表示名」の形式で指定してください。");
    const KEY: Text = Text::new(
        "A parameter's key is ASCII, without blanks, quotes, colons or semicolons: {key}",
        "パラメーターのキーは、空白・引用符・コロン・セミコロンを除く ASCII 文字です: {key}",
    );
    const HINT: Text = Text::new(
        "Write the key as the service does, and its words as the label, for example X-Api-Key='API key'.",
        "キーはサービスが指定する名前で、表示名は自由に指定できます（例: X-Api-Key='APIキー'）。",
    );
    let (key, label) = pair.split_once('=').unwrap_or((pair, pair));
    let (key, label) = (key.trim(), label.trim());
    let sane = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | ':' | ';');
    if key.is_empty() {
        return Err(Failure::usage(EMPTY.into(), None));
    }
    if !key.chars().all(sane) {
        let message = KEY.fill(&[("key", &safe_text::line(key, 40))]);
        return Err(Failure::usage(message, Some(HINT.into())));
    }
    Ok(Field { key: key.to_owned(), label: if label.is_empty() { key } else { label }.to_owned() })
}

/// The kinds that the form asks everything for. The others have more to say than a form can ask.
const FORM: [AuthKind; 7] = [
    AuthKind::ApiKey,
    AuthKind::Basic,
    AuthKind::Bearer,
    AuthKind::OAuth2,
    AuthKind::OAuth1,
    AuthKind::Digest,
    AuthKind::None,
];

/// The kind of this name, if the form knows it.
fn kind_named(typed: &str) -> Result<AuthKind, Failure> {
    const BY_HAND: Text = Text::new(
        "The form does not ask for a service of the auth kind {kind}; write its definition into connectors.toml.",
        "認証の種類「{kind}」はこのフォームでは作成できません。connectors.toml に定義を書いてください。",
    );
    const SAMPLE: Text = Text::new(
        "conn connectors list shows the built-in services of that kind; conn generate schema describes every key",
        "同じ種類の組み込みサービスは conn connectors list、書ける項目は conn generate schema で確認できます",
    );
    const WRONG: Text =
        Text::new("There is no auth kind {kind}.", "「{kind}」という認証の種類はありません。");
    const TAKES: Text = Text::new("The form knows: {kinds}", "使える種類: {kinds}");
    const NEAREST: Text = Text::new("Did you mean {nearest}?", "「{nearest}」のことですか。");
    let word = typed.trim().to_ascii_lowercase().replace('-', "_");
    let codes = || AuthKind::ALL.into_iter().map(AuthKind::code);
    let takes = TAKES.fill(&[("kinds", &FORM.map(AuthKind::code).join(", "))]);
    match AuthKind::ALL.into_iter().find(|kind| kind.code() == word) {
        Some(kind) if FORM.contains(&kind) => Ok(kind),
        Some(kind) => Err(Failure::usage(BY_HAND.fill(&[("kind", kind.code())]), Some(SAMPLE.into()))),
        None => {
            let hint = suggest::nearest(&word, codes()).map(|nearest| NEAREST.fill(&[("nearest", nearest)]));
            Err(Failure::usage(WRONG.fill(&[("kind", &safe_text::line(typed, 30))]), hint.or(Some(takes))))
        }
    }
}
