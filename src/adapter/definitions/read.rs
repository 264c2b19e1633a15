//! Finding and reading the files.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::base::{Phrase, Text, system_error};
use crate::config::{ConfigError, Layer, LayerKind, Mistake};

/// The name of a file of definitions.
pub const FILE_NAME: &str = "connectors.toml";

/// The most bytes that a file may have.
pub const FILE_LIMIT: u64 = 1024 * 1024;

/// Reads every layer there is: the user's file in `config_folder`, a project's file in or above
/// `working_folder`, and the explicit one.
///
/// # Errors
/// When a file is there but cannot be read, or the explicit one is not there.
pub fn layers(
    config_folder: &Path,
    working_folder: &Path,
    explicit: Option<&Path>,
) -> Result<Vec<Layer>, ConfigError> {
    let user = config_folder.join(FILE_NAME);
    let explicit = explicit.map(|path| working_folder.join(path));
    let known: Vec<PathBuf> = [Some(&user), explicit.as_ref()]
        .into_iter()
        .flatten()
        .filter_map(|path| path.canonicalize().ok())
        .collect();
    let project = project_file(working_folder, &known);
    let mut layers = Vec::new();
    let mut mistakes = Vec::new();
    let wanted =
        [(LayerKind::User, Some(user)), (LayerKind::Project, project), (LayerKind::Explicit, explicit)];
    for (kind, path) in wanted {
        let Some(path) = path else { continue };
        match read(&path) {
            Ok(Some(text)) => layers.push(Layer { kind, path, text }),
            Ok(None) if kind == LayerKind::Explicit => {
                mistakes.push(Mistake { hint: Some(NAMED.phrase()), ..absent(&path) });
            }
            Ok(None) => {}
            Err(error) => mistakes.extend(error.mistakes),
        }
    }
    ConfigError::check(mistakes).map(|()| layers)
}

/// Reads one file alone, as the explicit layer.
///
/// # Errors
/// When it is not there or cannot be read.
pub fn only(path: &Path) -> Result<Layer, ConfigError> {
    let text = read(path)?.ok_or_else(|| absent(path))?;
    Ok(Layer { kind: LayerKind::Explicit, path: path.to_owned(), text })
}

/// The nearest file in or above a folder that is none of the known ones.
fn project_file(working_folder: &Path, known: &[PathBuf]) -> Option<PathBuf> {
    let is_other = |path: &PathBuf| path.canonicalize().is_ok_and(|path| !known.contains(&path));
    working_folder.ancestors().map(|folder| folder.join(FILE_NAME)).find(is_other)
}

/// Reads one file; `None` where there is none.
///
/// # Errors
/// When it is no regular file, too large, not UTF-8 or not readable.
pub fn read(path: &Path) -> Result<Option<String>, ConfigError> {
    let bytes = match read_bytes(path) {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(reason)) => return Err(mistake(path, reason).into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(mistake(path, system_error::explained(&error)).into()),
    };
    String::from_utf8(bytes).map(Some).map_err(|error| {
        let good = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
        let line = good.matches('\n').count() + 1;
        let column = good.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let hint = Some(SAVE_AS.phrase());
        Mistake { line, column, code: "CONN-CFG-SYNTAX", hint, ..mistake(path, NOT_UTF8) }.into()
    })
}

fn read_bytes(path: &Path) -> io::Result<Result<Vec<u8>, Text>> {
    if !std::fs::metadata(path)?.is_file() {
        return Ok(Err(NOT_REGULAR));
    }
    let file = open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Ok(Err(NOT_REGULAR));
    }
    let size = usize::try_from(metadata.len().min(FILE_LIMIT)).unwrap_or_default();
    let mut bytes = Vec::with_capacity(size + 1);
    file.take(FILE_LIMIT + 1).read_to_end(&mut bytes)?;
    Ok(if bytes.len() as u64 > FILE_LIMIT { Err(TOO_LARGE) } else { Ok(bytes) })
}

/// Opens without waiting, should the file have become a pipe since we looked.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    options.open(path)
}

const NAMED: Text = Text::new(
    "--config or CONN_CONFIG names it: correct the path, or make the file",
    "--config または CONN_CONFIG で指定されています。パスを直すか、ファイルを作成してください",
);
const NOT_REGULAR: Text = Text::new("this is not a regular file", "通常のファイルではありません");
const TOO_LARGE: Text = Text::new("the file is larger than 1 MiB", "ファイルが 1 MiB を超えています");
const NOT_UTF8: Text = Text::new("the file is not UTF-8 text", "ファイルがUTF-8のテキストではありません");
const SAVE_AS: Text =
    Text::new("save it as UTF-8 in your editor", "エディターでUTF-8として保存し直してください");

fn absent(path: &Path) -> Mistake {
    mistake(path, system_error::explained(&io::ErrorKind::NotFound.into()))
}

fn mistake(path: &Path, message: impl Into<Phrase>) -> Mistake {
    Mistake {
        path: path.to_owned(),
        line: 1,
        column: 1,
        code: "CONN-CFG-FILE",
        message: message.into(),
        hint: None,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{FILE_LIMIT, FILE_NAME, layers, read};
    use crate::config::LayerKind;

    #[test]
    fn the_users_file_the_nearest_project_file_and_the_explicit_one_are_layers() {
        let home = tempfile::tempdir().unwrap();
        let (config, deep) = (home.path().join("config"), home.path().join("work/deep"));
        fs::create_dir_all(&config).unwrap();
        fs::create_dir_all(&deep).unwrap();
        let kinds = |explicit: Option<&str>| {
            let found = layers(&config, &deep, explicit.map(std::path::Path::new)).unwrap();
            found.into_iter().map(|layer| layer.kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds(None), []);
        fs::write(config.join(FILE_NAME), "").unwrap();
        fs::write(home.path().join("work").join(FILE_NAME), "").unwrap();
        assert_eq!(kinds(None), [LayerKind::User, LayerKind::Project]);
        fs::write(deep.join("other.toml"), "").unwrap();
        assert_eq!(kinds(Some("other.toml")), [LayerKind::User, LayerKind::Project, LayerKind::Explicit]);
        assert!(layers(&config, &deep, Some("absent.toml".as_ref())).is_err());
    }

    #[test]
    fn the_users_own_file_is_never_taken_for_a_projects() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join(FILE_NAME), "").unwrap();
        let found = layers(home.path(), home.path(), None).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].kind, LayerKind::User);
    }

    #[test]
    fn folders_pipes_huge_files_and_other_encodings_are_refused() {
        let home = tempfile::tempdir().unwrap();
        let path = |name: &str| home.path().join(name);
        assert_eq!(read(&path("absent")), Ok(None));
        assert!(read(home.path()).is_err());
        fs::write(path("huge"), vec![b'#'; usize::try_from(FILE_LIMIT).unwrap() + 1]).unwrap();
        assert!(read(&path("huge")).is_err());
        fs::write(path("latin"), b"a = 1\nb = '\xe9'\n").unwrap();
        let mistake = read(&path("latin")).unwrap_err().mistakes.remove(0);
        assert_eq!((mistake.line, mistake.column), (2, 6));
        #[cfg(unix)]
        {
            assert!(std::process::Command::new("mkfifo").arg(path("pipe")).status().unwrap().success());
            assert!(read(&path("pipe")).is_err());
        }
    }
}
