//! Why layers cannot be used together.

use std::path::Path;

use super::mistake::{ConfigError, Mistake};
use super::shown;
use crate::base::Text;

fn at(path: &Path, line: usize, code: &'static str, message: crate::base::Phrase, hint: Text) -> Mistake {
    Mistake { path: path.to_owned(), line, column: 1, code, message, hint: Some(hint.phrase()) }
}

pub(super) fn unfit(path: &Path, name: &str, line: usize) -> ConfigError {
    let message =
        Text::new("{name} does not have the form of a definition", "{name} は定義の形式に合っていません");
    let hint = Text::new(
        "run `conn lint` to see each mistake",
        "`conn lint` を実行すると誤りが一つずつ表示されます",
    );
    at(path, line, "CONN-CFG-SCHEMA", message.fill(&[("name", &shown::name(name))]), hint).into()
}

pub(super) fn twice(name: &str, first: &Path, first_line: usize, second: &Path, line: usize) -> Mistake {
    let message = Text::new(
        "the link name {name} is already taken, in {first}:{line}",
        "リンク名 {name} はすでに {first}:{line} で使われています",
    );
    let first = first.display().to_string();
    let first_line = first_line.to_string();
    let name = shown::name(name);
    let values = [("name", name.as_str()), ("first", first.as_str()), ("line", first_line.as_str())];
    let hint = Text::new(
        "give one of the two connections another link name",
        "どちらか一方の接続に別のリンク名を付けてください",
    );
    at(second, line, "CONN-CFG-LINKNAME-DUP", message.fill(&values), hint)
}

pub(super) fn no_parent(path: &Path, id: &str, parent: &str, line: usize) -> ConfigError {
    let message = Text::new(
        "{id} extends {parent}, but there is no such connector",
        "{id} は {parent} を継承していますが、そのコネクターはありません",
    );
    let hint =
        Text::new("`conn connectors list` shows the ids", "IDは `conn connectors list` で確認できます");
    at(
        path,
        line,
        "CONN-CFG-SCHEMA",
        message.fill(&[("id", &shown::name(id)), ("parent", &shown::name(parent))]),
        hint,
    )
    .into()
}

pub(super) fn circle(path: &Path, id: &str, line: usize) -> Mistake {
    let message = Text::new("{id} extends itself in a circle", "{id} の継承が循環しています");
    let hint = Text::new(
        "remove one `extends` of the circle",
        "循環している extends のどれか一つを削除してください",
    );
    at(path, line, "CONN-CFG-SCHEMA", message.fill(&[("id", &shown::name(id))]), hint)
}

pub(super) fn project_command(path: &Path, name: &str, line: usize) -> Mistake {
    let message = PROJECT_COMMAND.fill(&[("name", &shown::name(name))]);
    at(path, line, "CONN-CFG-PROJECT-SECRET", message, PROJECT_COMMAND_HINT)
}

pub(super) const PROJECT_COMMAND: Text = Text::new(
    "{name} takes a secret from a command, which a project file may not do",
    "{name} は秘密情報をコマンドから取得していますが、プロジェクトのファイルでは許可されていません",
);
pub(super) const PROJECT_COMMAND_HINT: Text = Text::new(
    "use env:VARIABLE here, or move the connection to your own connectors.toml",
    "env:変数名 を使うか、この接続をご自身の connectors.toml に移してください",
);
