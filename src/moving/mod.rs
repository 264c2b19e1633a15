//! What other programs keep of connections, read into words that all formats share, and conn's own way of handing
//! connections over. Pure: texts in, values out; nothing here opens a file, asks a person or knows a store.
//!
//! The invariants: what is read may be secret, so a value is a [`Raw`] that nobody can print, and no refusal and no
//! reason holds a value of a file, only names, lines and words of ours. What does not map is listed with its reason.
//!
//! To add a format: a file with `read`, its `mod` line, its lines in [`format`].

pub mod address;
pub mod bruno;
pub mod bundle;
pub mod calls;
pub mod definition;
pub mod dotenv;
pub mod fit;
pub mod format;
pub mod found;
pub mod gh;
pub mod insomnia;
pub mod nango;
pub mod oauth;
pub mod openapi;
pub mod own;
pub mod parse;
pub mod postman;
pub mod rclone;
pub mod scope;
pub mod sealed;
pub mod unify;

pub use format::Format;
pub use found::{Found, Left, OAuth2, Place, Placed, Proof, Raw, Service, Value, Way};
pub use parse::Malformed;
pub use scope::Scope;

/// A file to be read.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// Its name, for people.
    pub name: &'a str,
    /// What it holds.
    pub text: &'a str,
}

/// Reads files of one import together: the variables of one may stand in the calls of another.
///
/// # Errors
/// The first file that is not what its format says.
pub fn read(sources: &[(Source<'_>, Format)]) -> Result<Found, Box<(String, Malformed)>> {
    let mut scope = Scope::default();
    for (source, format) in sources {
        let failed = |malformed| Box::new((source.name.to_owned(), malformed));
        format.variables(source, &mut scope).map_err(failed)?;
    }
    let mut found = Found::default();
    for (source, format) in sources.iter().filter(|(_, format)| *format != Format::Bruno) {
        let failed = |malformed| Box::new((source.name.to_owned(), malformed));
        found.join(format.read(source, &scope).map_err(failed)?);
    }
    // The files of one collection are nothing without each other.
    let bruno = sources.iter().filter(|(_, format)| *format == Format::Bruno);
    let bruno: Vec<Source<'_>> = bruno.map(|(source, _)| *source).collect();
    if !bruno.is_empty() {
        found.join(bruno::read(&bruno, &scope)?);
    }
    Ok(found)
}
