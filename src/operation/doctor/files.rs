//! conn's own files and folders: where they are, who can reach them, whether they can be read.

use std::path::Path;

use super::Check;
use crate::base::{Phrase, Text, shell};
use crate::operation::{Failure, World};
use crate::port::surroundings::FileSeen;

/// Who may reach a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guard {
    /// This user alone, who writes into it as it stands.
    Written,
    /// This user alone.
    Private,
    /// Others may read it, but not write it.
    Readable,
}

impl Guard {
    const fn forbidden(self) -> u32 {
        match self {
            Self::Written | Self::Private => 0o077,
            Self::Readable => 0o022,
        }
    }
}

pub(super) fn checks(world: &dyn World) -> Vec<Check> {
    let folders = &world.settings().folders;
    let own = world.own_definitions().path();
    let mut checks = vec![
        place(world, "files.config", &folders.config, Guard::Readable),
        place(world, "files.definitions", own, Guard::Readable),
        place(world, "files.state", &folders.state, Guard::Written),
        place(world, "files.database", &folders.state.join("state.db"), Guard::Written),
        place(world, "files.vault", &folders.state.join("vault.json"), Guard::Private),
    ];
    checks.push(definitions(world));
    checks.extend(ledger(world));
    checks
}

/// One file or folder.
fn place(world: &dyn World, id: &'static str, path: &Path, guard: Guard) -> Check {
    let shown = path.display().to_string();
    match world.surroundings().file(path) {
        Ok(Some(seen)) => judge(id, &shown, seen, guard),
        Ok(None) => {
            let text = Text::new(
                "{path} is not there yet; conn makes it when it is needed",
                "{path} はまだありません（必要になったときに作成されます）",
            );
            Check::fine(id, text.fill(&[("path", &shown)]))
        }
        Err(reason) => {
            let text = Text::new("{path} cannot be looked at: {reason}", "{path} を確認できません: {reason}");
            Check::failed(id, text.fill_phrases(&[("path", Phrase::same(shown)), ("reason", reason)])).then(Text::new(
                "Give this user access to the folder, or set CONN_HOME to another one.",
                "このユーザーにフォルダーへのアクセス権を与えるか、CONN_HOME で別のフォルダーを指定してください。",
            ))
        }
    }
}

fn judge(id: &'static str, path: &str, seen: FileSeen, guard: Guard) -> Check {
    let mode = seen.mode.map(|mode| format!("{mode:04o}")).unwrap_or_default();
    let values = [("path", path), ("mode", &*mode)];
    if seen.foreign {
        let text = Text::new("{path} belongs to another user", "{path} は別のユーザーが所有しています");
        return Check::failed(id, text.fill(&values)).then(Text::new(
            "Run conn as the user who owns it, or set CONN_HOME to a folder of your own.",
            "所有者のユーザーで conn を実行するか、CONN_HOME で自分のフォルダーを指定してください。",
        ));
    }
    if seen.mode.is_some_and(|mode| mode & guard.forbidden() != 0) {
        let right = if seen.folder { "700" } else { "600" };
        let text = match guard {
            Guard::Written | Guard::Private => Text::new(
                "Other users can reach {path} (mode {mode})",
                "他のユーザーが {path} にアクセスできます（モード {mode}）",
            ),
            Guard::Readable => Text::new(
                "Other users can change {path} (mode {mode})",
                "他のユーザーが {path} を変更できます（モード {mode}）",
            ),
        };
        let step = Text::new("Keep it to yourself:", "自分だけが使えるようにします:");
        return Check::failed(id, text.fill(&values))
            .run(step, format!("chmod {right} {}", shell::quoted(path)));
    }
    if guard == Guard::Written && !seen.writable {
        let text = Text::new(
            "This user cannot write {path}: states and history are not kept",
            "{path} に書き込む権限がないため、状態と履歴を保存できません",
        );
        let step = Text::new(
            "Give yourself the right to write; where the disk itself is read-only, set CONN_HOME to another folder.",
            "書き込み権限を与えてください。ディスク自体が読み取り専用の場合は、CONN_HOME で別のフォルダーを指定してください。",
        );
        return Check::failed(id, text.fill(&values)).run(step, format!("chmod u+w {}", shell::quoted(path)));
    }
    let text = if mode.is_empty() {
        Text::new("{path}", "{path}")
    } else {
        Text::new("{path} (mode {mode})", "{path}（モード {mode}）")
    };
    Check::fine(id, text.fill(&values))
}

/// Whether every layer of definitions can be read.
fn definitions(world: &dyn World) -> Check {
    const ID: &str = "files.mistakes";
    let definitions = match world.definitions() {
        Ok(definitions) => definitions,
        Err(error) => return Check::because(ID, Failure::from(error)),
    };
    let mistakes = definitions.mistakes().len().to_string();
    let files = definitions.layers().count().to_string();
    let connections = definitions.link_names().map_or(0, |names| names.len()).to_string();
    let values = [("mistakes", &*mistakes), ("files", &*files), ("connections", &*connections)];
    if mistakes == "0" {
        let text = Text::new(
            "Definitions: {files} file(s) and {connections} connection(s), no mistakes",
            "定義ファイル: {files}件、接続: {connections}件。誤りはありません",
        );
        return Check::fine(ID, text.fill(&values));
    }
    let text = Text::new(
        "Definitions: {mistakes} mistake(s) in {files} file(s)",
        "定義ファイル: {files}件のファイルに{mistakes}件の誤りがあります",
    );
    let step = Text::new("See each with its place and way out:", "位置と直し方を確認します:");
    Check::failed(ID, text.fill(&values)).run(step, "conn lint".to_owned())
}

/// Whether the state database can be read; one that is not there yet is not made for that.
fn ledger(world: &dyn World) -> Option<Check> {
    const ID: &str = "files.ledger";
    let path = world.settings().folders.state.join("state.db");
    if !matches!(world.surroundings().file(&path), Ok(Some(_))) {
        return None;
    }
    Some(match world.ledger().states() {
        Ok(states) => {
            let text = Text::new(
                "State database: readable, {count} connection state(s)",
                "状態データベース: 読み取り可能（接続の状態{count}件）",
            );
            Check::fine(ID, text.fill(&[("count", &states.len().to_string())]))
        }
        Err(error) => {
            let what: Phrase = error.explain();
            Check { what, ..Check::because(ID, Failure::from(error)) }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Guard, judge};
    use crate::operation::doctor::Grade;
    use crate::port::surroundings::FileSeen;

    #[test]
    fn a_file_is_judged_by_who_can_reach_it() {
        let cases = [
            (Some(0o600), false, true, Guard::Private, Grade::Fine),
            (Some(0o640), false, true, Guard::Private, Grade::Failed),
            (Some(0o644), false, true, Guard::Readable, Grade::Fine),
            (Some(0o664), false, true, Guard::Readable, Grade::Failed),
            (Some(0o600), true, true, Guard::Private, Grade::Failed),
            (None, false, true, Guard::Private, Grade::Fine),
            (Some(0o600), false, true, Guard::Written, Grade::Fine),
            (Some(0o400), false, false, Guard::Written, Grade::Failed),
            (None, false, false, Guard::Written, Grade::Failed),
            // It is replaced as a whole.
            (Some(0o400), false, false, Guard::Private, Grade::Fine),
            (Some(0o444), false, false, Guard::Readable, Grade::Fine),
        ];
        for (mode, foreign, writable, guard, grade) in cases {
            let seen = FileSeen { folder: false, mode, foreign, writable };
            let check = judge("files.state", "/x", seen, guard);
            assert_eq!(check.grade, grade, "{mode:?} {foreign} {writable}");
            assert_eq!(check.steps.is_empty(), grade == Grade::Fine, "{check:?}");
        }
    }
}
