//! Opening a sealed bundle: the identity comes from a file, its passphrase from a variable or a hidden prompt.

use std::path::Path;

use super::files::{self, Sealed};
use crate::base::{Phrase, Secret, Text, time};
use crate::commands::Context;
use crate::moving::bundle::{Bundle, Unfit};
use crate::moving::sealed::{self, Refused};
use crate::operation::Failure;

/// The variable with the passphrase of an identity.
const PASSPHRASE: &str = "CONN_IDENTITY_PASSPHRASE";

/// What a sealed file holds; nothing where there is none.
///
/// # Errors
/// When the identity is missing, is none or does not fit, or the bundle is damaged, too new or expired.
pub fn open(
    file: Option<Sealed>,
    identity: Option<&Path>,
    context: &Context,
) -> Result<Option<(String, Bundle)>, Failure> {
    const WHICH: Text = Text::new(
        "{file} is sealed; --identity names the file of the identity that opens it.",
        "{file} は暗号化されています。--identity で identity のファイルを指定してください。",
    );
    const MAKE: Text = Text::new(
        "conn generate identity FILE makes one; who exports needs its recipient (age1…)",
        "identity は conn generate identity ファイル で作成できます。書き出す人に受信者（age1…）を伝えてください",
    );
    let Some((name, bytes)) = file else { return Ok(None) };
    let Some(path) = identity else {
        return Err(Failure::usage(WHICH.fill(&[("file", &name)]), Some(MAKE.into())));
    };
    let shown = path.display().to_string();
    let key = files::bytes(&context.process.folder.join(path), &shown)?;
    let key = zeroize::Zeroizing::new(key);
    let identities = match sealed::identities(&key, None) {
        Err(Refused::NeedsPassphrase) => {
            let passphrase = passphrase(&shown, context)?;
            sealed::identities(&key, Some(&passphrase))
        }
        other => other,
    };
    let identities = identities.map_err(|refused| said(&shown, refused.text(), None))?;
    let plain =
        sealed::open(&identities, &bytes).map_err(|refused| said(&name, refused.text(), Some(AGAIN)))?;
    let now = context.world.clock().now();
    match Bundle::read(&plain, now) {
        Ok(bundle) => Ok(Some((name, bundle))),
        Err(unfit) => {
            let expires = match unfit {
                Unfit::Expired(expires) => time::local(expires, &context.world.clock().zone()),
                Unfit::Foreign | Unfit::Newer => String::new(),
            };
            let reason = unfit.text().fill(&[("expires", &expires)]);
            Err(refusal(&name, reason, None))
        }
    }
}

const AGAIN: Text = Text::new(
    "nothing was imported; have it sealed again for your recipient (age1…)",
    "何も取り込んでいません。ご自分の受信者（age1…）宛てに書き出し直してもらってください",
);

fn said(file: &str, reason: Text, hint: Option<Text>) -> Failure {
    refusal(file, reason.into(), hint)
}

fn refusal(file: &str, reason: Phrase, hint: Option<Text>) -> Failure {
    const WHY: Text = Text::new("{file}: {reason}.", "{file}: {reason}。");
    let message = WHY.fill_phrases(&[("file", Phrase::same(file)), ("reason", reason)]);
    Failure::usage(message, hint.map(Into::into))
}

fn passphrase(file: &str, context: &Context) -> Result<Secret, Failure> {
    const ASK: Text = Text::new("Passphrase of {file}", "{file} のパスフレーズ");
    const HOW: Text = Text::new(
        "set CONN_IDENTITY_PASSPHRASE, or run it on a terminal",
        "CONN_IDENTITY_PASSPHRASE を設定するか、端末で実行してください",
    );
    if let Some(value) = context.process.variables.get(PASSPHRASE) {
        return Ok(Secret::new(value.to_owned()));
    }
    let person = context.world.person();
    if !person.is_present() {
        return Err(said(file, Refused::NeedsPassphrase.text(), Some(HOW)));
    }
    Ok(person.secret(ASK.fill(&[("file", file)]).get(context.language()), None)?)
}
