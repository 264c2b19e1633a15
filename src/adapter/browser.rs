//! The person's browser: the one of `BROWSER`, else the one that the desktop knows. Started without a shell,
//! with nothing on its streams, and never waited for.

use std::path::Path;
use std::process::{Command, Stdio};

use url::Url;

use super::command::split;
use crate::base::Variables;
use crate::port::browser::{Browser, BrowserError, Outlook};

/// What separates the programs in `BROWSER`.
const SEPARATOR: char = if cfg!(windows) { ';' } else { ':' };

/// The browser of this machine.
pub struct SystemBrowser {
    variables: Variables,
}

impl SystemBrowser {
    /// The browser as these variables describe it.
    #[must_use]
    pub const fn new(variables: Variables) -> Self {
        Self { variables }
    }
}

impl Browser for SystemBrowser {
    fn open(&self, url: &Url) -> Result<(), BrowserError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BrowserError::NotWeb);
        }
        let commands = match self.variables.get("BROWSER") {
            Some(wish) => chosen(wish, url.as_str())?,
            None => open::commands(url.as_str()),
        };
        let mut tried = Vec::new();
        for command in commands {
            let program = command.get_program().to_string_lossy().into_owned();
            if start(prepared(command, &self.variables)) {
                return Ok(());
            }
            tried.push(program);
        }
        Err(BrowserError::NotStarted(tried))
    }

    fn outlook(&self) -> Outlook {
        let container = ["/.dockerenv", "/run/.containerenv"].iter().any(|mark| Path::new(mark).exists());
        outlook(&self.variables, System::THIS, container)
    }
}

/// The programs of `BROWSER`, to be tried in order: each is split into words, `%s` stands for the address,
/// and where it does not occur the address comes last.
fn chosen(wish: &str, url: &str) -> Result<Vec<Command>, BrowserError> {
    let mut commands = Vec::new();
    for line in wish.split(SEPARATOR) {
        let words = split(line).map_err(|_| BrowserError::Unreadable)?;
        let Some((program, arguments)) = words.split_first() else { continue };
        let mut command = Command::new(program.as_str());
        command.args(arguments.iter().map(|argument| argument.replace("%s", url)));
        if !arguments.iter().any(|argument| argument.contains("%s")) {
            command.arg(url);
        }
        commands.push(command);
    }
    Ok(commands)
}

/// Quiet, in a group of its own so that Ctrl-C at the terminal ends conn and not the browser, and without the
/// variables of conn itself, which may hold secrets.
fn prepared(mut command: Command, variables: &Variables) -> Command {
    for (name, _) in variables.iter().filter(|(name, _)| name.starts_with("CONN_")) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        command.process_group(0);
    }
    #[cfg(windows)]
    {
        use std::os::windows::process::CommandExt as _;
        const NEW_PROCESS_GROUP: u32 = 0x0000_0200;
        const NO_WINDOW: u32 = 0x0800_0000;
        command.creation_flags(NEW_PROCESS_GROUP | NO_WINDOW);
    }
    command
}

/// Starts a program; a thread takes note of its end.
fn start(mut command: Command) -> bool {
    let child = command.spawn();
    child.map(|mut child| std::thread::spawn(move || child.wait())).is_ok()
}

/// How a system shows windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum System {
    /// Always, as macOS and Windows do.
    Desktop,
    /// Where a variable names a display.
    Unix,
}

impl System {
    const THIS: Self = if cfg!(any(target_os = "macos", windows)) { Self::Desktop } else { Self::Unix };
}

/// What variables, system and container say about a browser. WSL opens the browser of Windows.
fn outlook(variables: &Variables, system: System, container: bool) -> Outlook {
    let is_set = |names: &[&str]| names.iter().any(|name| variables.get(name).is_some());
    Outlook {
        ci: variables.is_on("CI"),
        chosen: is_set(&["BROWSER"]),
        remote: is_set(&["SSH_CONNECTION", "SSH_TTY"]),
        container,
        display: system == System::Desktop
            || is_set(&["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "WSL_INTEROP"]),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use url::Url;

    use super::{SEPARATOR, System, SystemBrowser, chosen, outlook};
    use crate::base::Variables;
    use crate::port::browser::{Browser as _, BrowserError, Hindrance};

    fn variables(pairs: &[(&str, &str)]) -> Variables {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_stands_in_the_way_of_a_browser_is_told_by_variables_system_and_container() {
        use Hindrance::{Ci, Container, NoDisplay, Remote};
        use System::{Desktop, Unix};
        let display = ("DISPLAY", ":0");
        let ssh = ("SSH_CONNECTION", "10.0.0.1 50000 10.0.0.2 22");
        let cases: &[(&[(&str, &str)], System, bool, Option<Hindrance>)] = &[
            (&[], Unix, false, Some(NoDisplay)),
            (&[("DISPLAY", "")], Unix, false, Some(NoDisplay)),
            (&[display], Unix, false, None),
            (&[("WAYLAND_DISPLAY", "wayland-0")], Unix, false, None),
            (&[("WSL_DISTRO_NAME", "Ubuntu")], Unix, false, None),
            (&[], Desktop, false, None),
            (&[ssh], Desktop, false, Some(Remote)),
            (&[ssh, display], Unix, false, Some(Remote)),
            (&[("SSH_TTY", "/dev/pts/0")], Unix, true, Some(Remote)),
            (&[ssh, ("BROWSER", "/vscode/bin/helper")], Unix, true, None),
            (&[], Unix, true, Some(Container)),
            (&[display], Unix, true, None),
            (&[("CI", "true"), display, ("BROWSER", "firefox")], Unix, false, Some(Ci)),
            (&[("CI", "false"), display], Unix, false, None),
        ];
        for (pairs, system, container, expected) in cases {
            let seen = outlook(&variables(pairs), *system, *container);
            assert_eq!(seen.hindrance(), *expected, "{pairs:?} {system:?} {container}");
        }
    }

    fn words(command: &Command) -> Vec<String> {
        let all = std::iter::once(command.get_program()).chain(command.get_args());
        all.map(|word| word.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn the_chosen_browser_gets_the_address_as_one_argument() {
        const URL: &str = "https://acme.test/authorize?a=1&b=$(id)'%20";
        let cases: &[(&str, &[&[&str]])] = &[
            ("firefox", &[&["firefox", URL]]),
            ("firefox --new-window %s -P work", &[&["firefox", "--new-window", URL, "-P", "work"]]),
            ("'/opt/My Browser/run' --url=%s", &[&["/opt/My Browser/run", &format!("--url={URL}")]]),
            ("one:two -x:", &[&["one", URL], &["two", "-x", URL]]),
        ];
        for (wish, expected) in cases {
            let wish = wish.replace(':', &SEPARATOR.to_string());
            let commands: Vec<Vec<String>> = chosen(&wish, URL).unwrap().iter().map(words).collect();
            assert_eq!(commands, *expected, "{wish}");
        }
        assert_eq!(chosen("'firefox", URL).unwrap_err(), BrowserError::Unreadable);
    }

    #[test]
    fn only_web_addresses_are_opened() {
        let browser = SystemBrowser::new(variables(&[("BROWSER", "true")]));
        for url in ["file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "vscode://x"] {
            assert_eq!(browser.open(&Url::parse(url).unwrap()), Err(BrowserError::NotWeb), "{url}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_first_program_that_starts_gets_the_address() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let wish = format!("/nowhere/browser:sh -c 'echo \"$#|$1\" > \"$0\"' {}", pipe.display());
        let browser = SystemBrowser::new(variables(&[("BROWSER", &wish)]));
        let url = Url::parse("https://acme.test/a?b=c d&e='\"$(id)`;|").unwrap();
        browser.open(&url).unwrap();
        // Reading a pipe waits for its writer.
        assert_eq!(std::fs::read_to_string(&pipe).unwrap(), format!("1|{url}\n"));
    }

    #[test]
    fn a_browser_gets_none_of_conns_own_variables() {
        let variables = variables(&[("CONN_VAULT_PASSPHRASE", "hunter2"), ("DISPLAY", ":0")]);
        let command = super::prepared(Command::new("firefox"), &variables);
        let changes: Vec<_> = command.get_envs().collect();
        assert_eq!(changes, [("CONN_VAULT_PASSPHRASE".as_ref(), None)]);
    }

    #[test]
    fn programs_that_cannot_be_started_are_named_without_the_address() {
        let wish = format!("/nowhere/a %s{SEPARATOR}/nowhere/b");
        let browser = SystemBrowser::new(variables(&[("BROWSER", &wish)]));
        let error = browser.open(&Url::parse("https://acme.test/?state=hunter2").unwrap()).unwrap_err();
        assert_eq!(error, BrowserError::NotStarted(vec!["/nowhere/a".into(), "/nowhere/b".into()]));
        let phrase = error.explain();
        assert!(!format!("{error}{}{}", phrase.en, phrase.ja).contains("hunter2"));
    }
}
