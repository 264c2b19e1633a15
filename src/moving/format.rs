//! The formats that are read, and which one a text is.

use super::parse::{self, tree};
use super::{Found, Malformed, Scope, Source, bruno, dotenv, gh, insomnia, nango, openapi, postman, rclone};
use crate::base::Text;

/// A format that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.env` files.
    Dotenv,
    /// Postman collections and environments.
    Postman,
    /// OpenAPI 3 and Swagger 2.
    OpenApi,
    /// Insomnia exports.
    Insomnia,
    /// Bruno collections.
    Bruno,
    /// Nango's `providers.yaml`.
    Nango,
    /// rclone's `rclone.conf`.
    Rclone,
    /// `hosts.yml` of `gh`.
    Gh,
    /// What `conn export` wrote.
    Conn,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Dotenv,
        Self::Postman,
        Self::OpenApi,
        Self::Insomnia,
        Self::Bruno,
        Self::Nango,
        Self::Rclone,
        Self::Gh,
        Self::Conn,
    ];

    /// The word on the command line and in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dotenv => "dotenv",
            Self::Postman => "postman",
            Self::OpenApi => "openapi",
            Self::Insomnia => "insomnia",
            Self::Bruno => "bruno",
            Self::Nango => "nango",
            Self::Rclone => "rclone",
            Self::Gh => "gh",
            Self::Conn => "conn",
        }
    }

    /// The words for people.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::Dotenv => Text::new(".env file", ".env ファイル"),
            Self::Postman => Text::new("Postman", "Postman"),
            Self::OpenApi => Text::new("OpenAPI", "OpenAPI"),
            Self::Insomnia => Text::new("Insomnia", "Insomnia"),
            Self::Bruno => Text::new("Bruno", "Bruno"),
            Self::Nango => Text::new("Nango providers", "Nango のプロバイダー定義"),
            Self::Rclone => Text::new("rclone", "rclone"),
            Self::Gh => Text::new("gh hosts", "gh のホスト一覧"),
            Self::Conn => Text::new("written by conn export", "conn export の出力"),
        }
    }

    /// The format of this word.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        let word = match word {
            "env" | ".env" => "dotenv",
            "swagger" => "openapi",
            other => other,
        };
        Self::ALL.into_iter().find(|format| format.code() == word)
    }

    /// The format that a text is, from its content; a file's name decides only between those that its content allows.
    #[must_use]
    pub fn recognise(source: &Source<'_>) -> Option<Self> {
        let name = source.name.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
        if name.starts_with(".env") || name.rsplit('.').next() == Some("env") {
            return Some(Self::Dotenv);
        }
        if name == bruno::MANIFEST {
            return Some(Self::Bruno);
        }
        if let Ok(tree) = tree(source.text) {
            let by_tree: [(fn(&serde_json::Value) -> bool, Self); 5] = [
                (postman::is, Self::Postman),
                (openapi::is, Self::OpenApi),
                (insomnia::is, Self::Insomnia),
                (gh::is, Self::Gh),
                (nango::is, Self::Nango),
            ];
            if let Some((_, format)) = by_tree.into_iter().find(|(is, _)| is(&tree)) {
                return Some(format);
            }
        }
        if parse::is_json(source.text) {
            // A damaged file is still told by what it says of itself.
            return Self::by_words(source.text);
        }
        let is_bru = std::path::Path::new(&name).extension().is_some_and(|extension| extension == "bru");
        if is_bru || bruno::is(source.text) {
            return Some(Self::Bruno);
        }
        let lines =
            || source.text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let assigns =
            |line: &str| line.split_once('=').is_some_and(|(name, _)| !name.trim().contains([' ', ':', '[']));
        let own = |line: &str| line.starts_with("[connectors.") || line.starts_with("[connections.");
        if lines().next().is_some_and(own) {
            return Some(Self::Conn);
        }
        if rclone::is(source.text) {
            return Some(Self::Rclone);
        }
        let first = lines().next().map(|line| line.strip_prefix("export ").unwrap_or(line));
        match first {
            Some(line) if assigns(line) => Some(Self::Dotenv),
            _ => Self::by_words(source.text),
        }
    }

    fn by_words(text: &str) -> Option<Self> {
        let has = |word: &str| text.contains(word);
        if has("schema.getpostman.com") || has("_postman_") {
            Some(Self::Postman)
        } else if has("\"openapi\"") || has("\"swagger\"") || has("openapi:") || has("swagger:") {
            Some(Self::OpenApi)
        } else if has("__export_format") || has("collection.insomnia.rest") {
            Some(Self::Insomnia)
        } else if has("auth_mode:") {
            Some(Self::Nango)
        } else if has("oauth_token:") || has("git_protocol:") {
            Some(Self::Gh)
        } else {
            None
        }
    }

    /// Learns the variables of a file that others of the same import may use.
    ///
    /// # Errors
    /// When it is not what its format says.
    pub fn variables(self, source: &Source<'_>, scope: &mut Scope) -> Result<(), Malformed> {
        match self {
            Self::Postman => postman::variables(source, scope),
            _ => Ok(()),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it is not what its format says.
    pub fn read(self, source: &Source<'_>, scope: &Scope) -> Result<Found, Malformed> {
        match self {
            Self::Dotenv => dotenv::read(source),
            Self::Postman => postman::read(source, scope),
            Self::OpenApi => openapi::read(source),
            Self::Insomnia => insomnia::read(source, scope),
            Self::Nango => nango::read(source),
            Self::Rclone => rclone::read(source),
            Self::Gh => gh::read(source),
            // A collection is read as a whole, definitions by who knows the other layers.
            Self::Bruno | Self::Conn => Ok(Found::default()),
        }
    }
}
