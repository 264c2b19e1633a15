//! The lasting state of a connection and the outcome of one run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::Text;

/// The lasting state of a connection. Only `connected` may carry traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Never proven: nobody has authorised it yet.
    #[default]
    Pending,
    /// Proven; may carry traffic.
    Connected,
    /// The service refused the credential; a new one is needed.
    NeedsReconnect,
    /// Switched off by a person.
    Disabled,
}

impl State {
    /// The word in JSON, the database and `--format` outputs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Connected => "connected",
            Self::NeedsReconnect => "needs_reconnect",
            Self::Disabled => "disabled",
        }
    }

    /// Reads [`State::code`] back.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Pending, Self::Connected, Self::NeedsReconnect, Self::Disabled]
            .into_iter()
            .find(|state| state.code() == code)
    }

    /// The word for people.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::Pending => Text::new("pending", "未接続"),
            Self::Connected => Text::new("connected", "接続済み"),
            Self::NeedsReconnect => Text::new("needs reconnect", "再接続が必要"),
            Self::Disabled => Text::new("disabled", "無効"),
        }
    }
}

/// The outcome of one run on one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Proven to work.
    Ok,
    /// Works, with something to look at.
    Warning,
    /// The vendor refused the credential.
    Rejected,
    /// The credential is good; a right, plan or setting at the service is missing.
    Forbidden,
    /// A limit is used up for now.
    Throttled,
    /// The service is down or in maintenance.
    ProviderDown,
    /// The path to the service is broken.
    Unreachable,
    /// Something answered, but not this API.
    Misaddressed,
    /// The answer is not in the expected form.
    Mismatch,
    /// Something on this machine is missing or wrong.
    LocalSetup,
    /// Reachable, but nothing could prove the credential.
    Unverified,
    /// Not tested.
    Skipped,
}

impl Verdict {
    /// All outcomes.
    pub const ALL: [Self; 12] = [
        Self::Ok,
        Self::Warning,
        Self::Rejected,
        Self::Forbidden,
        Self::Throttled,
        Self::ProviderDown,
        Self::Unreachable,
        Self::Misaddressed,
        Self::Mismatch,
        Self::LocalSetup,
        Self::Unverified,
        Self::Skipped,
    ];

    /// The outcome with this word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.code() == code)
    }

    /// The word in JSON, the database and `--format` outputs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Rejected => "rejected",
            Self::Forbidden => "forbidden",
            Self::Throttled => "throttled",
            Self::ProviderDown => "provider_down",
            Self::Unreachable => "unreachable",
            Self::Misaddressed => "misaddressed",
            Self::Mismatch => "mismatch",
            Self::LocalSetup => "local_setup",
            Self::Unverified => "unverified",
            Self::Skipped => "skipped",
        }
    }

    /// The word for people.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::Ok => Text::new("ok", "正常"),
            Self::Warning => Text::new("warning", "警告"),
            Self::Rejected => Text::new("rejected", "認証拒否"),
            Self::Forbidden => Text::new("forbidden", "権限不足"),
            Self::Throttled => Text::new("throttled", "回数制限"),
            Self::ProviderDown => Text::new("provider down", "サービス停止"),
            Self::Unreachable => Text::new("unreachable", "到達不可"),
            Self::Misaddressed => Text::new("misaddressed", "接続先の誤り"),
            Self::Mismatch => Text::new("mismatch", "形式の不一致"),
            Self::LocalSetup => Text::new("local setup", "設定の問題"),
            Self::Unverified => Text::new("unverified", "未確認"),
            Self::Skipped => Text::new("skipped", "対象外"),
        }
    }

    /// Whether the connection counts as healthy.
    #[must_use]
    pub const fn is_healthy(self) -> bool {
        matches!(self, Self::Ok | Self::Warning)
    }
}

#[cfg(test)]
mod tests {
    use super::State;

    #[test]
    fn every_state_reads_back_from_its_code() {
        for state in [State::Pending, State::Connected, State::NeedsReconnect, State::Disabled] {
            assert_eq!(State::from_code(state.code()), Some(state));
        }
        assert_eq!(State::from_code("healthy"), None);
    }
}
