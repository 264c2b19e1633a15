//! Why a private key cannot be read: which shape was seen, and what is missing. Never a byte of it.

use std::fmt;

use crate::base::{Phrase, Text};

/// The shape in which a key came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// PEM, `RSA PRIVATE KEY` (RFC 8017, appendix A.1.2).
    Pkcs1,
    /// PEM, `EC PRIVATE KEY` (RFC 5915).
    Sec1,
    /// PEM, `PRIVATE KEY` (RFC 5958).
    Pkcs8,
    /// PEM, `ENCRYPTED PRIVATE KEY` (RFC 5958, section 3).
    Encrypted,
    /// PEM with the header `Proc-Type: 4,ENCRYPTED` (RFC 1421).
    OldEncrypted,
    /// PEM, `OPENSSH PRIVATE KEY`.
    OpenSsh,
    /// PEM, a public key.
    Public,
    /// PEM, a certificate.
    Certificate,
    /// PEM, something else.
    OtherPem,
    /// A JSON Web Key (RFC 7517).
    Jwk,
    /// The JSON file of a Google service account.
    ServiceAccount,
    /// Another JSON object.
    Json,
    /// Base64 without a frame.
    Base64,
    /// None of these.
    Unknown,
}

impl Shape {
    /// The words for people.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::Pkcs1 => Text::new("a PEM key of the form PKCS#1", "PKCS#1形式のPEM鍵"),
            Self::Sec1 => Text::new("a PEM key of the form SEC1", "SEC1形式のPEM鍵"),
            Self::Pkcs8 => Text::new("a PEM key of the form PKCS#8", "PKCS#8形式のPEM鍵"),
            Self::Encrypted => Text::new("an encrypted PKCS#8 key", "暗号化されたPKCS#8形式の鍵"),
            Self::OldEncrypted => {
                Text::new("a PEM key in the old encrypted form", "旧形式で暗号化されたPEM鍵")
            }
            Self::OpenSsh => Text::new("an OpenSSH key", "OpenSSH形式の鍵"),
            Self::Public => Text::new("a public key", "公開鍵"),
            Self::Certificate => Text::new("a certificate", "証明書"),
            Self::OtherPem => Text::new("a PEM block of another kind", "別の種類のPEMデータ"),
            Self::Jwk => Text::new("a JSON Web Key", "JWK"),
            Self::ServiceAccount => {
                Text::new("the JSON file of a service account", "サービスアカウントのJSONファイル")
            }
            Self::Json => Text::new("a JSON object of another kind", "別の種類のJSON"),
            Self::Base64 => Text::new("base64 without a PEM frame", "PEMの枠がないbase64"),
            Self::Unknown => Text::new("text of an unknown form", "不明な形式の文字列"),
        }
    }
}

/// What is missing for a key to be usable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The line that ends it.
    End,
    /// Base64 that can be decoded.
    Letters,
    /// Content of the kind that its frame promises.
    Content,
    /// The private part.
    Private,
    /// A passphrase.
    Passphrase,
    /// The right passphrase.
    RightPassphrase,
    /// An encryption that we can open.
    Encryption,
    /// A form that we read, which OpenSSH writes on demand.
    OpenSsh,
    /// An algorithm or curve that we sign with.
    Algorithm,
    /// A member of the JSON object.
    Member(&'static str),
    /// A private key.
    Key,
}

impl Lack {
    /// The words for people.
    #[must_use]
    pub fn phrase(self) -> Phrase {
        const MEMBER: Text = Text::new("the member {member} is missing", "項目 {member} がありません");
        let text = match self {
            Self::End => Text::new(
                "its last line (-----END …-----) is missing: it was cut off",
                "最終行（-----END …-----）がなく、途中で切れています",
            ),
            Self::Letters => Text::new(
                "its base64 cannot be decoded: it was cut off or changed",
                "base64として解釈できません。途中で切れたか、書き換えられています",
            ),
            Self::Content => Text::new(
                "its content is not a key of that form: it was cut off or changed",
                "内容がその形式の鍵ではありません。途中で切れたか、書き換えられています",
            ),
            Self::Private => Text::new("it holds no private part", "秘密鍵の部分が含まれていません"),
            Self::Passphrase => Text::new(
                "it is encrypted and needs its passphrase",
                "暗号化されており、パスフレーズが必要です",
            ),
            Self::RightPassphrase => {
                Text::new("this passphrase does not open it", "このパスフレーズでは開けません")
            }
            Self::Encryption => Text::new(
                "it is encrypted in a way that conn cannot open; \
                 `openssl pkcs8 -topk8 -v2 aes-256-cbc` writes it anew",
                "conn が対応していない方式で暗号化されています。\
                 `openssl pkcs8 -topk8 -v2 aes-256-cbc` で変換できます",
            ),
            Self::OpenSsh => Text::new(
                "conn does not read this form; `ssh-keygen -p -m PKCS8` rewrites it",
                "conn が対応していない形式です。`ssh-keygen -p -m PKCS8` で変換できます",
            ),
            Self::Algorithm => Text::new(
                "its algorithm or curve is none of RSA, P-256, P-384 and Ed25519",
                "アルゴリズムまたは曲線が RSA、P-256、P-384、Ed25519 のいずれでもありません",
            ),
            Self::Key => Text::new("no private key is in it", "秘密鍵が含まれていません"),
            Self::Member(member) => return MEMBER.fill(&[("member", member)]),
        };
        text.phrase()
    }
}

/// Why a private key cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyError {
    /// What was seen.
    pub shape: Shape,
    /// What is missing.
    pub lack: Lack,
}

impl KeyError {
    /// The reason in both languages. Holds nothing of the key.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let (shape, lack) = (self.shape.text(), self.lack.phrase());
        Phrase { en: format!("{}: {}", shape.en, lack.en), ja: format!("{}: {}", shape.ja, lack.ja) }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.phrase().en)
    }
}

impl std::error::Error for KeyError {}
