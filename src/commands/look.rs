//! How a diagnosis looks: flags of `conn diagnose`.

use clap::Args;

use super::help::say;
use crate::base::Text;
use crate::cause::{self, Cause};
use crate::diagnosis::Stage;
use crate::operation::check::Depth;
use crate::operation::diagnose::Wish;

/// How to look, and what to account for.
#[derive(Debug, Args)]
pub struct Look {
    /// Show everything that was weighed.
    #[arg(long, help = say("Show every cause that was weighed, with what speaks for and against it", "検討したすべての原因を、根拠・反証とともに表示します"))]
    pub(super) why: bool,
    /// Why not this one?
    #[arg(long, value_name = "CODE", value_parser = code, help = say("Show what would have been needed to name this cause (code or number)", "この原因（コードまたは番号）と判定するのに不足していた事実を表示します"))]
    pub(super) why_not: Option<&'static Cause>,
    /// Without traffic.
    #[arg(long, help = say("Look only at what needs no traffic", "通信せずに確認できる範囲だけを診断します"))]
    pub(super) offline: bool,
    /// Without control experiments.
    #[arg(long, help = say("Make no control experiments (without a key, with a made-up one, other addresses)", "比較確認（キーなし、架空のキー、別アドレスでの要求）を行いません"))]
    no_control: bool,
    /// Only so far.
    #[arg(long, value_name = "LAYER", value_parser = stage, conflicts_with = "offline", help = say("Look only as far as this layer: dns, tcp, proxy, tls, http, auth, access, quota", "この段階まで診断します: dns、tcp、proxy、tls、http、auth、access、quota"))]
    stage: Option<Stage>,
    /// Show the request.
    #[arg(long, help = say("Show the test request as it travels, secrets masked", "テスト要求の内容を表示します（秘密の値は伏せます）"))]
    show_request: bool,
}

impl Look {
    /// The same as a wish.
    pub(super) fn wish(&self) -> Wish {
        Wish {
            depth: if self.offline { Depth::Offline } else { Depth::Diagnose },
            controls: !self.no_control,
            why_not: self.why_not,
            stage: self.stage,
            show_request: self.show_request,
        }
    }
}

/// A cause by its code, in any spelling, or its number.
fn code(text: &str) -> Result<&'static Cause, String> {
    let upper = text.trim().to_ascii_uppercase();
    let by_number =
        || upper.parse::<u16>().ok().and_then(|number| cause::all().find(|cause| cause.number == number));
    let found = cause::find(&upper).or_else(|| cause::find(&format!("CONN-{upper}"))).or_else(by_number);
    found.ok_or_else(|| {
        const UNKNOWN: (&str, &str) = (
            "no cause has this code; conn explain --list shows them all",
            "このコードの原因はありません。一覧は conn explain --list で表示できます",
        );
        say(UNKNOWN.0, UNKNOWN.1).to_owned()
    })
}

fn stage(text: &str) -> Result<Stage, String> {
    const UNKNOWN: Text = Text::new(
        "the layers are dns, tcp, proxy, tls, http, auth, access, quota",
        "段階は dns、tcp、proxy、tls、http、auth、access、quota のいずれかです",
    );
    let wanted = if text == "tcp" { "connect" } else { text };
    let found = Stage::ALL.into_iter().find(|stage| stage.code() == wanted);
    found.ok_or_else(|| say(UNKNOWN.en, UNKNOWN.ja).to_owned())
}
