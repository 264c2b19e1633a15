//! `conn generate schema|fields|catalog|completions|man`: files for editors, shells and the manual.

use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory as _, Subcommand};

use super::help::{localise, say};
use super::{Cli, Context};
use crate::base::Text;
use crate::cause::ExitClass;
use crate::config::schema::schema;
use crate::operation::Failure;

/// The arguments of `conn generate`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The schema.
    #[command(about = say("The JSON Schema of connectors.toml, for editors", "connectors.toml の JSON Schema（エディター用）"))]
    Schema,
    /// The fields.
    #[command(about = say("Every field of connectors.toml as Markdown (in English)", "connectors.toml の全項目の一覧（Markdown、英語）"))]
    Fields,
    /// The table of connectors.
    #[command(about = say("The built-in connectors as a Markdown table", "組み込みコネクターの一覧表（Markdown）"))]
    Catalog,
    /// Completions.
    #[command(about = say("Completions for a shell", "シェルの補完スクリプト"))]
    Completions {
        /// The shell.
        #[arg(value_name = "SHELL")]
        shell: clap_complete::Shell,
    },
    /// An identity.
    #[command(about = say("An age identity that opens sealed bundles of conn export, into a new file", "conn export の暗号化ファイルを開く age の identity（新しいファイルに保存）"))]
    Identity {
        /// The file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Man pages.
    #[command(about = say("The man page, or all of them into a folder", "man ページ（フォルダーを指定するとすべて出力）"))]
    Man {
        /// The folder.
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
}

/// Writes to standard output, or man pages into a folder.
///
/// # Errors
/// When the folder cannot be written.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    match &arguments.what {
        What::Schema => context.print(&format!("{:#}\n", schema())),
        What::Fields => context.print(&crate::config::fields::markdown()),
        What::Catalog => context.print(&super::connectors::table::markdown()?),
        What::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut localise(Cli::command()), "conn", &mut script);
            context.print_bytes(&script);
        }
        What::Identity { file } => identity(file, context)?,
        What::Man { folder: None } => {
            let mut page = Vec::new();
            clap_mangen::Man::new(localise(Cli::command()))
                .render(&mut page)
                .map_err(|_| unwritable(Path::new("-")))?;
            context.print_bytes(&page);
        }
        What::Man { folder: Some(folder) } => {
            let folder = context.process.folder.join(folder);
            std::fs::create_dir_all(&folder)
                .and_then(|()| clap_mangen::generate_to(localise(Cli::command()), &folder))
                .map_err(|_| unwritable(&folder))?;
        }
    }
    Ok(ExitClass::Healthy)
}

/// Makes an identity: the secret half goes into a file of this user alone, the recipient to standard output.
fn identity(file: &Path, context: &Context) -> Result<(), Failure> {
    const THERE: Text = Text::new(
        "{file} is there already; an identity is never written over, since it may be the only one that opens a bundle.",
        "{file} はすでにあります。既存のファイルを開ける唯一の identity の可能性があるため、上書きしません。",
    );
    const WRITTEN: Text = Text::new(
        "Wrote the identity to {file}; keep it to yourself. Give the recipient above to whoever exports.",
        "identity を {file} に保存しました。他の人に渡さないでください。書き出す人には上の受信者を伝えてください。",
    );
    let path = context.process.folder.join(file);
    let shown = path.display().to_string();
    if path.symlink_metadata().is_ok() {
        return Err(Failure::usage(THERE.fill(&[("file", &shown)]), None));
    }
    let (secret, recipient) = crate::moving::sealed::identity();
    let text = zeroize::Zeroizing::new(format!("# recipient: {recipient}\n{}\n", secret.expose()));
    let written = context.world.write_private(&path, text.as_bytes());
    written.map_err(|error| super::diagnose::file_failure(&path, &error))?;
    context.print(&format!("{recipient}\n"));
    context.remark(&WRITTEN.fill(&[("file", &shown)]));
    Ok(())
}

fn unwritable(folder: &Path) -> Failure {
    let message = Text::new("cannot write to {folder}", "{folder} に書き込めません");
    Failure::usage(message.fill(&[("folder", &folder.display().to_string())]), None)
}
