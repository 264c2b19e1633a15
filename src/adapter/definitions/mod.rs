//! Files of definitions: finding and reading the layers, and changing one file.
//!
//! A file is read with a cap and only if it is a regular file; a change is made under a lock, into a new file
//! that takes the place of the old one, so that a reader sees the old text or the new one and never a part.

mod document;
mod edit;
mod read;
mod replace;

pub use edit::DefinitionFileOnDisk;
pub use read::{FILE_LIMIT, FILE_NAME, layers, only, read};
