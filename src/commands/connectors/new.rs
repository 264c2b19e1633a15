//! Making a connector of one's own: the form, by questions on a terminal and by flags without one.

use clap::Args;
use serde_json::json;

use super::draft::{Draft, Field, Placement, base, place_name};
use super::{SCHEMA, is_machine, page, print_json};
use crate::base::{ConnectorId, Text, name, safe_text, suggest};
use crate::commands::Context;
use crate::commands::help::say;
use crate::model::AuthKind;
use crate::operation::Failure;
use crate::output::paint::Meaning;
use crate::port::Person;
use crate::port::person::Choice;

/// The arguments of `conn connectors new`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The display name.
    #[arg(long, value_name = "NAME", help = say("Name of the service", "サービス名"))]
    name: Option<String>,
    /// The id.
    #[arg(long, value_name = "ID", help = say("ID of the connector (default: made from the name)", "コネクターの ID（省略時はサービス名から作成）"))]
    id: Option<String>,
    /// The auth kind.
    #[arg(long, value_name = "KIND", help = say("api_key, basic, bearer, digest or none", "認証の種類: api_key、basic、bearer、digest、none"))]
    auth: Option<String>,
    /// Where parameters travel.
    #[arg(long, value_name = "PLACE", help = say("Where api_key parameters travel: header, query, form, json or path", "api_key のパラメーターの送信方法: header、query、form、json、path"))]
    placement: Option<Placement>,
    /// Parameters.
    #[arg(long = "param", value_name = "KEY=LABEL", help = say("A parameter's key and the label shown for it; repeat for more", "パラメーターキーと表示名（複数指定可）"))]
    params: Vec<String>,
    /// The base URL.
    #[arg(long, value_name = "URL", help = say("Base URL, for example https://api.acme.com/v1", "ベースURL（例: https://api.acme.com/v1）"))]
    base: Option<String>,
    /// The test request.
    #[arg(long, value_name = "PATH", help = say("Path of a harmless call that proves the key, or reach", "キーを確認できる安全な API のパス（なければ reach）"))]
    test: Option<String>,
    /// Print only.
    #[arg(long, help = say("Print the definition; write nothing", "定義を表示するだけで、保存しません"))]
    print: bool,
}

/// Runs `conn connectors new`.
pub fn run(arguments: Arguments, context: &Context<'_>) -> Result<(), Failure> {
    let print = arguments.print;
    let draft = Form { context, person: context.world.person() }.fill(arguments)?;
    let fragment = draft.to_toml()?;
    if print {
        context.print(&fragment);
        return Ok(());
    }
    let file = context.world.own_definitions();
    file.put_connector(&draft.id, &fragment)?;
    report(&draft, file.path(), context);
    Ok(())
}

fn report(draft: &Draft, path: &std::path::Path, context: &Context<'_>) {
    const WRITTEN: Text =
        Text::new("Wrote connector {id} to {file}.", "コネクター「{id}」を {file} に保存しました。");
    const NEXT: Text = Text::new("Next: {command}", "次の操作: {command}");
    let id = draft.id.as_str();
    if is_machine(context) {
        return print_json(context, json!({ "schema": SCHEMA, "id": id, "path": path, "written": true }));
    }
    let page = page(context);
    let file = path.display().to_string();
    let command = page.paint(Meaning::Command, &format!("conn add --connector {id}"));
    let written = page.fill(WRITTEN, &[("id", id), ("file", &file)]);
    context.print(&format!("{written}\n{}\n", page.fill(NEXT, &[("command", &command)])));
}

/// The form: an answer comes from its flag, else from the person.
struct Form<'a, 'b> {
    context: &'a Context<'b>,
    person: &'a dyn Person,
}

impl Form<'_, '_> {
    fn fill(&self, given: Arguments) -> Result<Draft, Failure> {
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
        self.refuse_half_a_form(&given)?;
        let name = self.text(given.name, NAME, None, None)?;
        let id = self.id(self.text_or(given.id, ID, name::slug(&name))?)?;
        let kind = self.kind(given.auth)?;
        let placement = self.placement(kind, given.placement)?;
        let fields = self.fields(kind, given.params)?;
        let base = base(&self.text(given.base, BASE, None, Some(BASE_HELP))?)?;
        let test = self.text(given.test, TEST, Some("/"), Some(TEST_HELP))?;
        Ok(Draft { id, name, kind, placement, fields, base, test })
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
        .filter_map(|(flag, missing)| missing.then_some(flag))
        .collect();
        if missing.is_empty() || self.person.is_present() {
            return Ok(());
        }
        Err(Failure::usage(MISSING.into(), Some(PASS.fill(&[("flags", &missing.join(" "))]))))
    }

    fn words(&self, text: Text) -> &'static str {
        text.get(self.context.language())
    }

    fn text(
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

    /// An answer that has a good default: asked with it, taken where nobody is there.
    fn text_or(&self, given: Option<String>, question: Text, default: String) -> Result<String, Failure> {
        match given {
            None if !self.person.is_present() => Ok(default),
            given => self.text(given, question, Some(&default), None),
        }
    }

    fn id(&self, typed: String) -> Result<ConnectorId, Failure> {
        const WRONG: Text = Text::new("The ID cannot be used: {reason}.", "この ID は使えません: {reason}");
        const TAKEN: Text =
            Text::new("There is a connector {id} already.", "コネクター「{id}」はすでにあります。");
        const HINT: Text = Text::new(
            "Choose another with --id, or see it with: conn connectors show {id}",
            "--id で別の ID を指定してください。内容は conn connectors show {id} で確認できます。",
        );
        let id: ConnectorId = typed.parse().map_err(|error: crate::base::NameError| {
            Failure::usage(WRONG.fill(&[("reason", &error.to_string())]), None)
        })?;
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
        const QUESTION: Text =
            Text::new("Parameter kind (where it travels)", "パラメーターの種類（送信方法）");
        if let Some(given) = given {
            return Ok(given);
        }
        if kind != AuthKind::ApiKey {
            return Ok(Placement::Header);
        }
        let choice = |place: Placement| Choice {
            value: place.code().to_owned(),
            shown: self.words(place.text()).to_owned(),
        };
        let offered: Vec<Choice> = Placement::ALL.into_iter().map(choice).collect();
        let picked = self.person.choose(self.words(QUESTION), &offered, None)?;
        Ok(Placement::ALL.into_iter().find(|place| place.code() == picked).unwrap_or(Placement::Header))
    }

    fn fields(&self, kind: AuthKind, given: Vec<String>) -> Result<Vec<Field>, Failure> {
        let given = given.iter().map(|pair| field(pair)).collect::<Result<Vec<Field>, _>>()?;
        let standard: &[(&str, Text)] = match kind {
            AuthKind::Basic | AuthKind::Digest => &[
                ("user", Text::new("User name", "ユーザー名")),
                ("password", Text::new("Password", "パスワード")),
            ],
            AuthKind::Bearer => &[("token", Text::new("Token", "トークン"))],
            AuthKind::ApiKey => return self.asked_fields(given).and_then(distinct),
            _ => &[],
        };
        let label = |(index, (key, label)): (usize, &(&str, Text))| match given.get(index) {
            Some(field) => field.clone(),
            None => Field { key: (*key).to_owned(), label: self.words(*label).to_owned() },
        };
        distinct(standard.iter().enumerate().map(label).collect())
    }

    /// Any number of parameters, at least one.
    fn asked_fields(&self, mut fields: Vec<Field>) -> Result<Vec<Field>, Failure> {
        const KEY: Text = Text::new("Parameter key", "パラメーターキー");
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
            let key = self.text(None, KEY, None, Some(KEY_HELP))?;
            let label = self.text(None, LABEL, Some(&key), None)?;
            fields.push(Field { key, label });
            if !self.person.confirm(self.words(MORE), false)? {
                return Ok(fields);
            }
        }
    }
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
    const WRONG: Text =
        Text::new("--param takes KEY=LABEL.", "--param は「キー=表示名」の形式で指定してください。");
    let (key, label) = pair.split_once('=').unwrap_or((pair, pair));
    let (key, label) = (key.trim(), label.trim());
    let sane = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | ':' | ';');
    if key.is_empty() || !key.chars().all(sane) {
        return Err(Failure::usage(WRONG.into(), None));
    }
    Ok(Field { key: key.to_owned(), label: if label.is_empty() { key } else { label }.to_owned() })
}

/// The kinds that the form asks everything for. The others have more to say than a form can ask.
const FORM: [AuthKind; 5] =
    [AuthKind::ApiKey, AuthKind::Basic, AuthKind::Bearer, AuthKind::Digest, AuthKind::None];

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
