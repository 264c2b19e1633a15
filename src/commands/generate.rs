//! `conn generate schema|catalog|completions|man`: files for editors, shells and the manual.

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
        What::Catalog => context.print(&super::connectors::table::markdown()?),
        What::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut localise(Cli::command()), "conn", &mut script);
            context.print_bytes(&script);
        }
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

fn unwritable(folder: &Path) -> Failure {
    let message = Text::new("cannot write to {folder}", "{folder} に書き込めません");
    Failure::usage(message.fill(&[("folder", &folder.display().to_string())]), None)
}
