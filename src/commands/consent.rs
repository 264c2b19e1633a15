//! How a person consents: the arguments that several verbs share.

use clap::Args;
use serde_json::{Value, json};

use super::Context;
use super::help::say;
use crate::base::{Text, shell};
use crate::cause::ExitClass;
use crate::model::connection::PRODUCTION;
use crate::operation::tokens::authorize::{Way, Wish};
use crate::operation::tokens::waiting::{Asked, Question};
use crate::output::machine;

/// How a person consents.
#[derive(Debug, Args)]
pub struct ConsentArguments {
    /// The way.
    #[arg(long, value_name = "WAY", value_enum, help = say("How to sign in: browser (on this machine), device (a code on another one), paste (the address at which the browser ends)", "サインインの方法: browser（この端末のブラウザー）、device（別の端末でコードを入力）、paste（最後のアドレスを貼り付け）"))]
    flow: Option<Flow>,
    /// Scopes.
    #[arg(long = "scope", value_name = "SCOPE", help = say("Scope to ask for (repeatable; those of the connector where none is given)", "要求するスコープ（複数指定可。省略時はコネクターの定義）"))]
    scope: Vec<String>,
}

/// A way to sign in.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Flow {
    /// A browser on this machine.
    Browser,
    /// A code on another one.
    Device,
    /// The address at which a browser ends.
    Paste,
}

impl ConsentArguments {
    /// What was chosen.
    #[must_use]
    pub fn wish(&self) -> Wish {
        let way = self.flow.map(|flow| match flow {
            Flow::Browser => Way::Browser,
            Flow::Device => Way::Device,
            Flow::Paste => Way::Paste,
        });
        Wish { way, scopes: self.scope.clone(), answer: None }
    }
}

/// The schema of a question.
const SCHEMA: &str = "conn.question/1";

/// Asks whoever drives conn, in one JSON object on standard output whatever the format; returns the exit that says
/// that an answer is missing.
pub fn ask(context: &Context, question: &Question) -> ExitClass {
    const TOLD: Text = Text::new(
        "A person has to consent, and nobody can be asked here. The question is on standard output; bring its answer with {resume}",
        "画面での同意が必要ですが、ここでは対話できません。標準出力の内容に従って同意し、{resume} で応答を渡してください",
    );
    const CHOOSE: Text = Text::new(
        "The service names several values for {variable}, and nobody can be asked here. They are on standard output; bring the one that is meant with {resume}",
        "{variable} の候補が複数ありますが、ここでは対話できません。標準出力の候補から選び、{resume} で渡してください",
    );
    let resume = &resume_command(question, context.settings.account.as_deref());
    context.print(&machine::pretty(&object(context, question, resume)));
    let told = match &question.asked {
        Asked::Choice(choice) => CHOOSE.fill(&[("variable", &choice.variable), ("resume", resume)]),
        Asked::Consent { .. } | Asked::Device(_) => TOLD.fill(&[("resume", resume)]),
    };
    context.remark(&told);
    ExitClass::Usage
}

/// The command that brings the answer to a question.
fn resume_command(question: &Question, account: Option<&str>) -> String {
    let value = if matches!(question.asked, Asked::Device(_)) { "" } else { " VALUE" };
    let environment = match question.environment.as_str() {
        PRODUCTION => String::new(),
        environment => format!(" --environment {environment}"),
    };
    let account = account.map(|label| format!(" --account {}", shell::quoted(label)));
    let account = account.unwrap_or_default();
    format!("conn connect {}{environment}{account} --resume{value}", question.link_name)
}

fn object(context: &Context, question: &Question, resume: &str) -> Value {
    let mut object = json!({
        "schema": SCHEMA,
        "tool": machine::tool(),
        "lang": context.language().tag(),
        "link_name": question.link_name,
        "environment": question.environment,
        "expires": machine::moment(Some(question.expires)),
        "resume": resume,
    });
    let asked = match &question.asked {
        Asked::Consent { address, redirect_uri } => {
            json!({ "kind": "consent", "address": address.as_str(), "redirect_uri": redirect_uri })
        }
        Asked::Device(code) => json!({
            "kind": "device",
            "code": code.code,
            "address": code.address.as_str(),
            "address_with_code": code.complete.as_ref().map(url::Url::as_str),
        }),
        Asked::Choice(choice) => json!({
            "kind": "choice",
            "variable": choice.variable,
            "label": choice.label.get(context.language()),
            "choices": choice.candidates,
        }),
    };
    if let (Some(object), Value::Object(asked)) = (object.as_object_mut(), asked) {
        object.extend(asked);
    }
    object
}
