//! How a person consents: the arguments that several verbs share.

use clap::Args;

use super::help::say;
use crate::operation::tokens::authorize::{Way, Wish};

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
        Wish { way, scopes: self.scope.clone() }
    }
}
