//! One connector: what `conn add` will ask for, where the answers are found, and what is tested.

use clap::Args;
use serde_json::json;

use super::list::{category_cell, kind_words};
use super::{SCHEMA, is_machine, page, print_json};
use crate::base::{Phrase, Text, safe_text, suggest};
use crate::catalog::score;
use crate::commands::Context;
use crate::commands::help::say;
use crate::config::Located;
use crate::model::{AuthMethod, Confidence, Connector, Parameter, RequestLine, Variable};
use crate::operation::Failure;
use crate::output::paint::Meaning;
use crate::output::wrap;
use crate::output::{Page, explanation};

/// The arguments of `conn connectors show`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The connector.
    #[arg(value_name = "ID", help = say("ID of the connector, as in conn connectors list", "コネクターの ID（conn connectors list で確認できます）"))]
    id: String,
}

/// Runs `conn connectors show`.
pub fn run(arguments: &Arguments, context: &Context<'_>) -> Result<(), Failure> {
    let definitions = context.world.definitions()?;
    let id = arguments.id.to_lowercase();
    let Some(found) = definitions.connector(&id)? else {
        return Err(unknown(&id, &definitions.connector_ids()?));
    };
    if is_machine(context) {
        let body = serde_json::to_value(&found.value).unwrap_or_default();
        let points = score::score(&found.value);
        let origin = json!({ "kind": found.kind.code(), "path": found.path, "line": found.line });
        print_json(
            context,
            json!({ "schema": SCHEMA, "id": id, "origin": origin, "score": points, "connector": body }),
        );
    } else {
        let page = page(context);
        context.print(&page.finish(Screen::new(&page).connector(&found, context)));
    }
    Ok(())
}

/// The failure for an id that nobody defines.
pub fn unknown(id: &str, known: &[String]) -> Failure {
    const WRONG: Text = Text::new("There is no connector {id}.", "コネクター「{id}」はありません。");
    const NEAREST: Text = Text::new("Did you mean {nearest}?", "「{nearest}」のことですか。");
    const SEARCH: Text = Text::new(
        "Find one with: conn connectors search WORDS",
        "検索するには: conn connectors search 検索語",
    );
    let hint = match suggest::nearest(id, known.iter().map(String::as_str)) {
        Some(nearest) => NEAREST.fill(&[("nearest", nearest)]),
        None => SEARCH.into(),
    };
    Failure::usage(WRONG.fill(&[("id", &safe_text::line(id, 40))]), Some(hint))
}

/// A screen of labelled lines.
struct Screen<'a> {
    page: &'a Page,
    text: String,
}

const INDENT: usize = 4;
const COMMA: Text = Text::new(", ", "、");

impl<'a> Screen<'a> {
    const fn new(page: &'a Page) -> Self {
        Self { page, text: String::new() }
    }

    fn connector(mut self, found: &Located<Connector>, context: &Context<'_>) -> String {
        let (id, connector) = (&found.name, &found.value);
        let title = self.page.paint(Meaning::Strong, self.words(&connector.display_name(id)));
        self.text = format!("{title}  {id}\n");
        self.about(found);
        for (name, variable) in connector.vars.iter().filter(|(_, v)| v.from.is_none() && v.map.is_none()) {
            self.variable(name, variable);
        }
        for (name, method) in &connector.auth {
            self.method(name, method, context);
        }
        self.tests(connector);
        self.limits(connector);
        self.answers(connector);
        self.score(connector);
        let next = format!("conn add --connector {id}");
        self.line(Text::new("Next", "次の操作"), &self.page.paint(Meaning::Command, &next));
        self.text
    }

    fn about(&mut self, found: &Located<Connector>) {
        let connector = &found.value;
        if let Some(retired) = &connector.retired {
            self.phrase(Text::new("Retired", "提供終了"), retired);
        }
        if let Some(successor) = &connector.replaced_by {
            self.line(Text::new("Replaced by", "後継"), successor);
        }
        if let Some(category) = &connector.category {
            self.line(Text::new("Category", "分類"), &category_cell(category, self.page));
        }
        self.line(Text::new("Origin", "定義元"), self.page.say(found.kind.text()));
        if let Some(base) = &connector.base {
            self.line(Text::new("Base URL", "ベースURL"), base.source());
        }
        let links = [
            (Text::new("Docs", "ドキュメント"), &connector.docs),
            (Text::new("Console", "管理画面"), &connector.console),
            (Text::new("Status page", "稼働状況"), &connector.status_page),
            (Text::new("Support", "サポート"), &connector.support),
        ];
        for (label, link) in links {
            if let Some(link) = link {
                self.phrase(label, link);
            }
        }
        if !connector.environments.is_empty() {
            let names: Vec<&str> = connector.environments.keys().map(String::as_str).collect();
            self.line(Text::new("Environments", "環境"), &format!("production, {}", names.join(", ")));
        }
        self.restrictions(connector);
    }

    fn restrictions(&mut self, connector: &Connector) {
        const KINDS: Text = Text::new("Connection kinds", "接続の種別");
        const MOST: Text = Text::new("Connections at most", "接続数の上限");
        const LOCKS: Text = Text::new(
            "repeated wrong log-ins lock the account",
            "ログインの失敗が続くとアカウントがロックされます",
        );
        const AGREED: Text = Text::new(
            "several sources agree; nobody has worked through every detail yet",
            "複数の情報源が一致しています（細部は未検証です）",
        );
        const SINGLE: Text = Text::new(
            "rests on a single source; tell us when something is different",
            "情報源が1つだけの定義です。相違があればお知らせください",
        );
        if !connector.allowed_kinds.is_empty() {
            let kinds: Vec<&str> =
                connector.allowed_kinds.iter().map(|kind| self.page.say(kind.text())).collect();
            self.line(KINDS, &kinds.join(", "));
        }
        if let Some(most) = connector.max_connections {
            self.line(MOST, &most.to_string());
        }
        if connector.lockout == Some(true) {
            self.line(Text::new("Caution", "注意"), self.page.say(LOCKS));
        }
        match connector.confidence {
            Some(Confidence::SingleSource) => {
                self.line(Text::new("Confidence", "確度"), self.page.say(SINGLE));
            }
            Some(Confidence::Agreed) => self.line(Text::new("Confidence", "確度"), self.page.say(AGREED)),
            None => {}
        }
    }

    fn variable(&mut self, name: &str, variable: &Variable) {
        self.heading(&format!("--set {name}=…"), variable.label.as_ref());
        if !variable.choices.is_empty() {
            self.detail(Text::new("one of", "選択肢"), &variable.choices.join(", "));
        }
        if let Some(example) = &variable.example {
            self.detail(Text::new("for example", "例"), example);
        }
        if let Some(default) = &variable.default {
            self.detail(Text::new("if nothing is said", "省略時"), default.source());
        }
        self.hint(variable.hint.as_ref());
    }

    fn method(&mut self, name: &str, method: &AuthMethod, context: &Context<'_>) {
        let kind = kind_words(method.kind.code(), context);
        let label = method.label.as_ref().map_or(kind, |label| self.words(label));
        let title = Text::new("Auth method", "認証の種類");
        self.line(title, &format!("{} — {label}", self.page.paint(Meaning::Strong, name)));
        for (key, param) in &method.params {
            self.param(key, param);
        }
    }

    fn param(&mut self, key: &str, param: &Parameter) {
        let flag = if param.secret { "--secret" } else { "--set" };
        self.heading(&format!("{flag} {key}=…"), Some(&param.label));
        if let Some(steps) = &param.steps {
            self.detail(Text::new("found at", "確認場所"), self.words(steps));
        }
        if let Some(age) = &param.max_age {
            self.detail(Text::new("good for", "有効期間"), age);
        }
        self.hint(param.hint.as_ref());
    }

    fn tests(&mut self, connector: &Connector) {
        const REACH: Text = Text::new(
            "only whether the service answers; it has no harmless call",
            "応答の有無だけを確認します（安全に試せる API がありません）",
        );
        if let Some(test) = &connector.test {
            let request = match &test.request {
                RequestLine::Reach => self.page.say(REACH).to_owned(),
                call @ RequestLine::Call { .. } => String::from(call.clone()),
            };
            self.line(Text::new("Test", "テスト"), &request);
        }
        for row in &connector.permissions {
            let label = self.words(&row.label);
            self.line(
                Text::new("Permission", "権限"),
                &format!("{label}  {}", String::from(row.request.clone())),
            );
        }
    }

    fn limits(&mut self, connector: &Connector) {
        let Some(limits) = &connector.limits else { return };
        if let Some(scope) = &limits.scope {
            self.phrase(Text::new("Limits", "利用上限"), scope);
        }
        for (plan, words) in &limits.plans {
            let words = self.words(words);
            self.text.push_str(&format!("{:INDENT$}{plan}: {words}\n", ""));
        }
    }

    /// What the service's own errors are known to mean.
    fn answers(&mut self, connector: &Connector) {
        const KNOWN: Text = Text::new("Known errors", "判別できるエラー");
        if !connector.rules.is_empty() {
            self.line(KNOWN, &connector.rules.len().to_string());
        }
        for rule in &connector.rules {
            let line = format!("{}: {}", rule.cause, self.words(&explanation::trust(rule)));
            for line in wrap::lines(&safe_text::line(&line, 200), self.page.text_width() - INDENT) {
                self.text.push_str(&format!("{:INDENT$}{line}\n", ""));
            }
        }
    }

    fn score(&mut self, connector: &Connector) {
        const ALL: Text = Text::new("{points} of 100", "{points} / 100");
        const SOME: Text =
            Text::new("{points} of 100; not told: {lacking}", "{points} / 100（未記載: {lacking}）");
        let points = score::score(connector).to_string();
        let lacking: Vec<&str> = score::lacking(connector).map(|part| self.page.say(part.text)).collect();
        let points = [("points", points.as_str()), ("lacking", &*lacking.join(self.page.say(COMMA)))];
        let told = if lacking.is_empty() { ALL } else { SOME }.fill(&points);
        self.line(Text::new("Definition", "定義の充実度"), self.words(&told));
    }

    fn words<'b>(&self, phrase: &'b Phrase) -> &'b str {
        phrase.get(self.page.language)
    }

    fn line(&mut self, label: Text, value: &str) {
        let label = self.page.paint(Meaning::Label, self.page.say(label));
        self.text.push_str(&format!("{label}: {value}\n"));
    }

    fn phrase(&mut self, label: Text, phrase: &Phrase) {
        let words = safe_text::line(self.words(phrase), 400);
        self.line(label, &words);
    }

    fn heading(&mut self, flag: &str, label: Option<&Phrase>) {
        let label = label.map_or("", |label| self.words(label));
        let flag = self.page.paint(Meaning::Command, flag);
        self.text.push_str(&format!("  {label}  {flag}\n"));
    }

    fn detail(&mut self, label: Text, words: &str) {
        let line = format!("{}: {words}", self.page.say(label));
        for line in wrap::lines(&line, self.page.text_width() - INDENT) {
            self.text.push_str(&format!("{:INDENT$}{line}\n", ""));
        }
    }

    fn hint(&mut self, hint: Option<&Phrase>) {
        if let Some(hint) = hint {
            self.detail(Text::new("note", "補足"), self.words(hint));
        }
    }
}
