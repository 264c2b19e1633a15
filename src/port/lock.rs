//! One at a time, across all processes of this user.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::BoxFuture;
use crate::base::{Phrase, Text};

/// A lock that is held; dropping it frees it, and so does the death of its process.
pub trait Held: Send + fmt::Debug {}

/// Locks by name: whoever holds one is alone with what it stands for, in this process and in every other
/// of this user. Inside one process the first to ask is the first to get it.
pub trait Locks: Send + Sync {
    /// Takes the lock of a name, waiting for at most `patience`; without patience it is tried once.
    ///
    /// # Errors
    /// When somebody else holds it for longer, or the lock's file cannot be made or locked.
    fn take<'a>(
        &'a self,
        name: &'a str,
        patience: Duration,
    ) -> BoxFuture<'a, Result<Box<dyn Held>, LockError>>;
}

/// Why a lock was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// Another run held it for longer than we waited; the system does not tell which.
    #[error("another run of conn holds the lock")]
    Busy,
    /// The file of the lock cannot be made or locked.
    #[error("the lock {path}: {}", .reason.en)]
    Io {
        /// The file or its folder.
        path: PathBuf,
        /// Why.
        reason: Phrase,
    },
}

impl LockError {
    /// What is wrong, and the way out.
    #[must_use]
    pub fn explain(&self) -> Phrase {
        match self {
            Self::Busy => Text::new(
                "Another run of conn is working on the same credentials. Try again when it is done.",
                "別の conn が同じ認証情報を処理しています。終了してから再実行してください。",
            )
            .phrase(),
            Self::Io { path, reason } => Text::new(
                "The lock file {path} cannot be used: {reason}.",
                "ロックファイル {path} を使用できません: {reason}",
            )
            .fill_phrases(&[("path", path.display().to_string().into()), ("reason", reason.clone())]),
        }
    }

    /// The code of the cause.
    #[must_use]
    pub const fn cause(&self) -> &'static str {
        match self {
            Self::Busy => "CONN-SELF-LOCK",
            Self::Io { .. } => "CONN-SELF-STATE",
        }
    }
}
