//! The browser of the person at this machine.

use url::Url;

use crate::base::{Phrase, Text};

/// Opens addresses in the person's browser.
pub trait Browser: Send + Sync {
    /// Opens an address, and returns as soon as a browser has been started. That it was started does not
    /// mean that anybody sees it, so the address is shown as well.
    ///
    /// # Errors
    /// When the address is no web address, or nothing could be started.
    fn open(&self, url: &Url) -> Result<(), BrowserError>;

    /// What stands in the way of a browser here.
    fn outlook(&self) -> Outlook;
}

/// Why no browser was started. Holds nothing of the address, which may carry secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrowserError {
    /// Neither http nor https.
    #[error("only web addresses are opened")]
    NotWeb,
    /// `BROWSER` cannot be split into words.
    #[error("BROWSER cannot be read: a quote is not closed")]
    Unreadable,
    /// None of these programs could be started.
    #[error("none of these programs could be started: {}", .0.join(", "))]
    NotStarted(Vec<String>),
}

impl BrowserError {
    /// What is wrong, in both languages.
    #[must_use]
    pub fn explain(&self) -> Phrase {
        match self {
            Self::NotWeb => Text::new(
                "Only web addresses are opened in a browser.",
                "ブラウザーで開けるのは http または https のアドレスだけです。",
            )
            .phrase(),
            Self::Unreadable => Text::new(
                "The variable BROWSER cannot be read: a quote is not closed.",
                "環境変数 BROWSER を解釈できません。引用符が閉じられていません。",
            )
            .phrase(),
            Self::NotStarted(programs) => Text::new(
                "No browser could be started ({programs}).",
                "ブラウザーを起動できませんでした（{programs}）。",
            )
            .fill(&[("programs", &programs.join(", "))]),
        }
    }
}

/// What is known about this machine and a browser on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// A pipeline runs, and nobody watches.
    pub ci: bool,
    /// The person chose a browser (`BROWSER`).
    pub chosen: bool,
    /// The person sits at another machine (ssh).
    pub remote: bool,
    /// A container, which has its own loopback.
    pub container: bool,
    /// There is a screen.
    pub display: bool,
}

impl Outlook {
    /// What stands in the way of a browser here; `None` where one may be opened. A browser that the person
    /// chose counts as one that works, except where nobody watches.
    #[must_use]
    pub const fn hindrance(self) -> Option<Hindrance> {
        match self {
            Self { ci: true, .. } => Some(Hindrance::Ci),
            Self { chosen: true, .. } => None,
            Self { remote: true, .. } => Some(Hindrance::Remote),
            Self { display: true, .. } => None,
            Self { container: true, .. } => Some(Hindrance::Container),
            Self { .. } => Some(Hindrance::NoDisplay),
        }
    }
}

/// What stands in the way of a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// A pipeline runs, and nobody watches.
    Ci,
    /// The person sits at another machine.
    Remote,
    /// A container without a screen.
    Container,
    /// No screen.
    NoDisplay,
}

impl Hindrance {
    /// The reason in both languages.
    #[must_use]
    pub const fn words(self) -> Text {
        match self {
            Self::Ci => Text::new("no browser is opened in a CI job", "CI ジョブではブラウザーを開きません"),
            Self::Remote => Text::new(
                "you are connected to this machine over SSH, so a browser here would not be yours",
                "この端末には SSH で接続しているため、ここでブラウザーを開いても手元に表示されません",
            ),
            Self::Container => Text::new(
                "conn runs in a container without a screen",
                "conn は画面のないコンテナー内で動作しています",
            ),
            Self::NoDisplay => Text::new("this machine has no screen", "この端末には画面がありません"),
        }
    }
}
