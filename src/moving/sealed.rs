//! Sealing for named recipients, as age does it (<https://age-encryption.org/v1>): whoever holds one of the
//! identities can open it, and nobody can change it unnoticed.

use std::io::{Read as _, Write as _};

use age::armor::ArmoredReader;
use age::secrecy::{ExposeSecret as _, SecretString};
use age::x25519;
use zeroize::Zeroizing;

use crate::base::{Secret, Text};

/// How every age file begins.
const BEGINNING: &[u8] = b"age-encryption.org/v1";

/// The work that opening an identity with a passphrase may take, as a power of two: seconds, not hours.
const MOST_WORK: u8 = 20;

/// How every age file begins that was written as text for mail and chat (`age --armor`).
const ARMORED: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";

/// Whether bytes are an age file.
#[must_use]
pub fn is(bytes: &[u8]) -> bool {
    let bytes = bytes.trim_ascii_start();
    bytes.starts_with(BEGINNING) || bytes.starts_with(ARMORED)
}

/// The bytes below the armour, where there is one. What surrounds armour in a mail is no part of it.
fn bare(sealed: &[u8]) -> impl std::io::BufRead {
    let armored = sealed.trim_ascii_start().starts_with(ARMORED);
    ArmoredReader::new(if armored { sealed.trim_ascii() } else { sealed })
}

/// Somebody who may open what is sealed.
#[derive(Clone)]
pub struct Recipient(x25519::Recipient);

impl Recipient {
    /// The recipient of this word, `age1…`.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        word.trim().parse().ok().map(Self)
    }
}

/// What opens a sealed text.
pub struct Identities(Vec<x25519::Identity>);

/// Why a text was not opened or an identity not read. Holds nothing of either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It was sealed for others.
    OtherRecipient,
    /// It is cut off or changed.
    Damaged,
    /// The identity is itself sealed with a passphrase.
    NeedsPassphrase,
    /// The passphrase does not open the identity.
    WrongPassphrase,
    /// The file holds no identity.
    NoIdentity,
}

impl Refused {
    /// The reason.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::OtherRecipient => Text::new(
                "it was sealed for other recipients than this identity",
                "この identity 以外の受信者宛てに暗号化されています",
            ),
            Self::Damaged => Text::new(
                "it is damaged: cut off, or changed after it was sealed",
                "壊れています（途中で切れているか、暗号化後に変更されています）",
            ),
            Self::NeedsPassphrase => Text::new(
                "the identity is sealed with a passphrase",
                "identity がパスフレーズで保護されています",
            ),
            Self::WrongPassphrase => Text::new(
                "the passphrase does not open the identity",
                "パスフレーズが identity と一致しません",
            ),
            Self::NoIdentity => Text::new(
                "the file holds no age identity (AGE-SECRET-KEY-…)",
                "age の identity（AGE-SECRET-KEY-…）が含まれていません",
            ),
        }
    }
}

/// Seals a text; `None` where there is no recipient.
#[must_use]
pub fn seal(recipients: &[Recipient], plain: &[u8]) -> Option<Vec<u8>> {
    let all = recipients.iter().map(|recipient| &recipient.0 as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(all).ok()?;
    let mut sealed = Vec::new();
    let mut writer = encryptor.wrap_output(&mut sealed).ok()?;
    writer.write_all(plain).ok()?;
    writer.finish().ok()?;
    Some(sealed)
}

/// Opens a sealed text.
///
/// # Errors
/// When it was sealed for others, or is not whole.
pub fn open(identities: &Identities, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let decryptor = age::Decryptor::new_buffered(bare(sealed)).map_err(|_| Refused::Damaged)?;
    let all = identities.0.iter().map(|identity| identity as &dyn age::Identity);
    let mut reader = decryptor.decrypt(all).map_err(|error| match error {
        age::DecryptError::NoMatchingKeys => Refused::OtherRecipient,
        _ => Refused::Damaged,
    })?;
    let mut plain = Zeroizing::new(Vec::new());
    reader.read_to_end(&mut plain).map_err(|_| Refused::Damaged)?;
    Ok(plain)
}

/// The identities of a file: one a line, or the whole sealed with a passphrase, as `age -p` makes it.
///
/// # Errors
/// When there is none, or the passphrase is missing or wrong.
pub fn identities(file: &[u8], passphrase: Option<&Secret>) -> Result<Identities, Refused> {
    let text = if is(file) {
        let passphrase = passphrase.ok_or(Refused::NeedsPassphrase)?;
        let mut identity = age::scrypt::Identity::new(SecretString::from(passphrase.expose().to_owned()));
        identity.set_max_work_factor(MOST_WORK);
        let decryptor = age::Decryptor::new_buffered(bare(file)).map_err(|_| Refused::NoIdentity)?;
        let one = std::iter::once(&identity as &dyn age::Identity);
        let mut reader = decryptor.decrypt(one).map_err(|_| Refused::WrongPassphrase)?;
        let mut plain = Zeroizing::new(String::new());
        reader.read_to_string(&mut plain).map_err(|_| Refused::WrongPassphrase)?;
        plain
    } else {
        Zeroizing::new(String::from_utf8(file.to_vec()).map_err(|_| Refused::NoIdentity)?)
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let all = lines.map(|line| line.parse().map_err(|_| Refused::NoIdentity));
    let all: Vec<x25519::Identity> = all.collect::<Result<_, _>>()?;
    if all.is_empty() { Err(Refused::NoIdentity) } else { Ok(Identities(all)) }
}

/// The recipients of a file: one a line.
#[must_use]
pub fn recipients(text: &str) -> Option<Vec<Recipient>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let all: Option<Vec<Recipient>> = lines.map(Recipient::find).collect();
    all.filter(|all| !all.is_empty())
}

/// A new identity: the text of its file, and its recipient.
#[must_use]
pub fn identity() -> (Secret, String) {
    let identity = x25519::Identity::generate();
    let recipient = identity.to_public().to_string();
    let text = Zeroizing::new(identity.to_string().expose_secret().to_owned());
    (Secret::new(text.to_string()), recipient)
}

#[cfg(test)]
mod tests {
    use super::{Recipient, Refused, identities, identity, open, recipients, seal};

    #[test]
    fn what_is_sealed_opens_for_each_recipient_and_for_nobody_else() {
        let all = [identity(), identity(), identity()];
        let named: Vec<Recipient> = all[..2].iter().map(|(_, word)| Recipient::find(word).unwrap()).collect();
        let sealed = seal(&named, b"hunter2-hunter2").unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains("hunter2"));
        for (index, (secret, _)) in all.iter().enumerate() {
            let identities = identities(secret.expose().as_bytes(), None).unwrap();
            let opened = open(&identities, &sealed);
            match index {
                2 => assert_eq!(opened.unwrap_err(), Refused::OtherRecipient),
                _ => assert_eq!(&**opened.unwrap(), b"hunter2-hunter2"),
            }
        }
        assert!(seal(&[], b"x").is_none());
    }

    #[test]
    fn a_sealed_text_that_is_cut_off_or_changed_anywhere_is_damaged() {
        let (secret, word) = identity();
        let mine = identities(secret.expose().as_bytes(), None).unwrap();
        let sealed = seal(&[Recipient::find(&word).unwrap()], &[7; 300]).unwrap();
        for cut in [0, 10, 100, sealed.len() - 1] {
            assert!(open(&mine, &sealed[..cut]).is_err(), "cut at {cut}");
        }
        for place in (0..sealed.len()).step_by(7) {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(open(&mine, &changed).is_err(), "changed at {place}");
        }
    }

    #[test]
    fn files_of_identities_and_recipients_hold_comments_and_nothing_else() {
        let (secret, word) = identity();
        let file = format!("# created: today\n# public key: {word}\n\n{}\n", secret.expose());
        assert!(identities(file.as_bytes(), None).is_ok());
        for wrong in ["", "# only a comment", "hunter2", &word] {
            assert_eq!(identities(wrong.as_bytes(), None).err(), Some(Refused::NoIdentity), "{wrong}");
        }
        assert_eq!(recipients(&format!("# team\n{word}\n{word}")).unwrap().len(), 2);
        assert!(recipients("# nobody").is_none() && recipients("age1wrong").is_none());
    }
}
