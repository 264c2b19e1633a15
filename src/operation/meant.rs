//! What a command needs to mean the same credential: without it another environment or account would be meant.

use super::prepare::Prepared;
use crate::base::shell;

impl Prepared {
    /// What a command needs beside the link name to mean this environment and this account.
    pub(super) fn options(&self) -> Vec<String> {
        let environment = (self.environment != self.connection.environment()).then_some(&self.environment);
        let option = |flag: &str, value: &String| format!("--{flag} {}", shell::word(value));
        let environment = environment.map(|environment| option("environment", environment));
        let account = self.named_account.as_ref().map(|account| option("account", account));
        environment.into_iter().chain(account).collect()
    }

    /// The command of a verb that means this environment and this account.
    #[must_use]
    pub fn command(&self, verb: &str) -> String {
        let words = ["conn", verb, &self.link_name].map(str::to_owned);
        words.into_iter().chain(self.options()).collect::<Vec<_>>().join(" ")
    }
}
