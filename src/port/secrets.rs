//! Keeping credentials.

use std::fmt;

use crate::base::{Phrase, Secret};
use crate::model::connection::SecretSource;

/// The name of one credential in a store.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemKey {
    /// The connection.
    pub link_name: String,
    /// The environment.
    pub environment: String,
    /// The account; `None` where a connection holds one authorisation.
    pub account: Option<String>,
    /// Whether this is the credential before the last reconnect.
    pub previous: bool,
}

impl ItemKey {
    /// The current credential of a connection in an environment.
    #[must_use]
    pub fn current(link_name: &str, environment: &str) -> Self {
        Self {
            link_name: link_name.to_owned(),
            environment: environment.to_owned(),
            account: None,
            previous: false,
        }
    }

    /// The credential before the last reconnect.
    #[must_use]
    pub fn before(&self) -> Self {
        Self { previous: true, ..self.clone() }
    }

    /// What has to be kept while a person's consent is awaited. No link name holds a space.
    #[must_use]
    pub fn waiting(&self) -> Self {
        Self { link_name: format!("{} (waiting)", self.link_name), ..self.clone() }
    }
}

/// `LINK_NAME`, `LINK_NAME@ENVIRONMENT` outside production, then `/ACCOUNT` and ` (previous)`.
impl fmt::Display for ItemKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.link_name)?;
        if self.environment != crate::model::connection::PRODUCTION {
            write!(formatter, "@{}", self.environment)?;
        }
        if let Some(account) = &self.account {
            write!(formatter, "/{account}")?;
        }
        if self.previous {
            formatter.write_str(" (previous)")?;
        }
        Ok(())
    }
}

/// A store of credentials: one item each, a JSON object.
///
/// Every sibling passes the contract suite in `tests/suite/contract/secrets.rs`.
pub trait SecretStore: Send + Sync {
    /// `keyring` or `vault`.
    fn name(&self) -> &'static str;

    /// Reads an item; `None` where there is none.
    ///
    /// # Errors
    /// Names the store and its fault.
    fn get(&self, key: &ItemKey) -> Result<Option<Secret>, StoreError>;

    /// Writes an item, replacing one of the same key.
    ///
    /// # Errors
    /// Names the store and its fault; the old item is then untouched.
    fn put(&self, key: &ItemKey, value: &Secret) -> Result<(), StoreError>;

    /// Removes an item; `false` where there was none.
    ///
    /// # Errors
    /// Names the store and its fault.
    fn delete(&self, key: &ItemKey) -> Result<bool, StoreError>;

    /// What the store is, for `conn doctor`: program or file, limits.
    fn describe(&self) -> Phrase;
}

/// A store's failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{store}: {fault}")]
pub struct StoreError {
    /// The store's name.
    pub store: &'static str,
    /// What went wrong.
    pub fault: StoreFault,
}

/// What went wrong in a store. Each has its own way out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreFault {
    /// There is no store on this machine or in this session.
    #[error("there is none here: {0}")]
    Absent(String),
    /// It is locked, and nobody unlocked it.
    #[error("it is locked")]
    Locked,
    /// It was started but never had its first unlock: reading looks empty, writing fails.
    #[error("it was never unlocked")]
    NeverUnlocked,
    /// It did not answer within the deadline (seconds).
    #[error("it did not answer within {0} s")]
    Hung(u64),
    /// It went away in the middle.
    #[error("it stopped while it was asked: {0}")]
    Died(String),
    /// Several items have the same name.
    #[error("{0} items have this name")]
    Ambiguous(usize),
    /// The value is longer than the store takes (bytes).
    #[error("the value is longer than {0} bytes")]
    TooLong(usize),
    /// The item or file is not what conn wrote.
    #[error("what it holds is damaged: {0}")]
    Corrupt(String),
    /// The whole file of the store is not what conn wrote.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// Another user of this machine can read or change the file.
    #[error("others can reach it: {0}")]
    Exposed(String),
    /// The vault's passphrase or key does not open it.
    #[error("the passphrase or key does not open it")]
    WrongKey,
    /// The vault needs a passphrase or key and got none.
    #[error("it needs a passphrase or key file")]
    NoKey,
    /// The key file that was named for the vault is not there.
    #[error("there is no key file {0}")]
    NoKeyFile(String),
    /// Reading or writing failed.
    #[error("{0}")]
    Io(String),
    /// The system refused to read or write its file.
    #[error("{}", .0.en)]
    File(Phrase),
}

impl StoreError {
    /// The store and its fault in both languages.
    #[must_use]
    pub fn words(&self) -> Phrase {
        let fault = self.fault.words();
        Phrase { en: format!("{}: {}", self.store, fault.en), ja: format!("{}: {}", self.store, fault.ja) }
    }
}

impl StoreFault {
    /// The fault in both languages.
    #[must_use]
    pub fn words(&self) -> Phrase {
        let ja = match self {
            Self::Absent(reason) => format!("この環境では利用できません（{reason}）"),
            Self::Locked => "ロックされています".to_owned(),
            Self::NeverUnlocked => "一度もロック解除されていません".to_owned(),
            Self::Hung(seconds) => format!("{seconds} 秒以内に応答しませんでした"),
            Self::Died(reason) => format!("問い合わせの途中で停止しました（{reason}）"),
            Self::Ambiguous(count) => format!("同じ名前の項目が {count} 件あります"),
            Self::TooLong(limit) => format!("値が上限の {limit} バイトを超えています"),
            Self::Corrupt(reason) => format!("内容が壊れています（{reason}）"),
            Self::Damaged(reason) => format!("ファイルが壊れています（{reason}）"),
            Self::Exposed(reason) => format!("他のユーザーからアクセスできます（{reason}）"),
            Self::WrongKey => "パスフレーズまたはキーが一致しません".to_owned(),
            Self::NoKey => "パスフレーズまたはキーファイルが必要です".to_owned(),
            Self::NoKeyFile(path) => format!("キーファイル {path} がありません"),
            Self::Io(reason) => format!("読み書きに失敗しました（{reason}）"),
            Self::File(reason) => reason.ja.clone(),
        };
        Phrase { en: self.to_string(), ja }
    }

    /// The code of the cause.
    #[must_use]
    pub const fn cause(&self) -> &'static str {
        match self {
            Self::Absent(_) => "CONN-SEC-STORE-ABSENT",
            Self::Locked => "CONN-SEC-STORE-LOCKED",
            Self::NeverUnlocked => "CONN-SEC-STORE-NEVER-UNLOCKED",
            Self::Hung(_) => "CONN-SEC-STORE-HUNG",
            Self::Died(_) => "CONN-SEC-STORE-DIED",
            Self::Ambiguous(_) => "CONN-SEC-AMBIGUOUS",
            Self::TooLong(_) => "CONN-SEC-TOO-LONG",
            Self::Corrupt(_) => "CONN-SEC-CORRUPT",
            Self::Damaged(_) => "CONN-SEC-VAULT-DAMAGED",
            Self::Exposed(_) => "CONN-SEC-VAULT-EXPOSED",
            Self::WrongKey => "CONN-SEC-VAULT-WRONG-KEY",
            Self::NoKey | Self::NoKeyFile(_) => "CONN-SEC-VAULT-KEY",
            Self::Io(_) | Self::File(_) => "CONN-SEC-STORE-ERROR",
        }
    }
}

/// Reads what conn does not keep itself: `env:` and `command:`, anew at each use.
pub trait SecretReferences: Send + Sync {
    /// The value behind a reference.
    ///
    /// # Errors
    /// Names the reference and why it gave nothing.
    fn read(&self, source: &SecretSource) -> Result<Secret, ReferenceError>;
}

/// Why a reference gave no value. Holds no argument and no output of a command: both may hold secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// The source is a store, not a reference.
    #[error("{0} is a store, not a reference")]
    NotAReference(String),
    /// The environment variable is not set, or it is empty.
    #[error("the environment variable {0} is not set, or it is empty")]
    Unset(String),
    /// The environment variable is not UTF-8.
    #[error("the environment variable {0} is not UTF-8")]
    VariableNotText(String),
    /// The command line cannot be split into words.
    #[error("the command {program} cannot be read: {reason}")]
    Line {
        /// The first word.
        program: String,
        /// What is wrong with it.
        reason: String,
    },
    /// There is no such program, or it cannot be started.
    #[error("{program} cannot be started: {}", .reason.en)]
    Start {
        /// The program.
        program: String,
        /// Why.
        reason: Phrase,
    },
    /// It ended with an error.
    #[error("{program} ended with {status}")]
    Status {
        /// The program.
        program: String,
        /// The exit status in words.
        status: String,
    },
    /// It did not end within the deadline (seconds).
    #[error("{program} did not end within {seconds} s")]
    Hung {
        /// The program.
        program: String,
        /// The deadline.
        seconds: u64,
    },
    /// It wrote nothing.
    #[error("{program} wrote nothing")]
    Empty {
        /// The program.
        program: String,
    },
    /// It wrote more than a secret is long (bytes).
    #[error("{program} wrote more than {limit} bytes")]
    TooLong {
        /// The program.
        program: String,
        /// The limit.
        limit: usize,
    },
    /// It wrote something else than UTF-8.
    #[error("{program} wrote something that is not UTF-8")]
    NotText {
        /// The program.
        program: String,
    },
}

impl ReferenceError {
    /// The reason in both languages.
    #[must_use]
    pub fn words(&self) -> Phrase {
        let ja = match self {
            Self::NotAReference(source) => format!("{source} は保管場所であり、参照ではありません"),
            Self::Unset(name) => format!("環境変数 {name} が未設定か、空です"),
            Self::VariableNotText(name) => format!("環境変数 {name} の値が UTF-8 ではありません"),
            Self::Line { program, reason } => format!("コマンド {program} を解釈できません: {reason}"),
            Self::Start { program, reason } => format!("{program} を起動できません: {}", reason.ja),
            Self::Status { program, status } => format!("{program} がエラーで終了しました（{status}）"),
            Self::Hung { program, seconds } => format!("{program} が {seconds} 秒以内に終了しませんでした"),
            Self::Empty { program } => format!("{program} は何も出力しませんでした"),
            Self::TooLong { program, limit } => {
                format!("{program} の出力が {limit} バイトを超えています")
            }
            Self::NotText { program } => format!("{program} の出力が UTF-8 ではありません"),
        };
        Phrase { en: self.to_string(), ja }
    }

    /// The code of the cause.
    #[must_use]
    pub const fn cause(&self) -> &'static str {
        match self {
            Self::NotAReference(_) => "CONN-SEC-MISSING",
            Self::Unset(_) => "CONN-SEC-ENV-MISSING",
            Self::VariableNotText(_) => "CONN-SEC-CORRUPT",
            _ => "CONN-SEC-COMMAND-FAILED",
        }
    }
}
