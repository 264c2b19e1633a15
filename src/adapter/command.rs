//! Runs the program of a `command:` source: split into words as a shell would, run without one.
//!
//! Standard input is closed, standard error is thrown away, and neither arguments nor output enter an error:
//! all of them may hold secrets.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::program;
use crate::base::{Secret, system_error};
use crate::port::ReferenceError;

/// How long a program may take.
pub const DEADLINE: Duration = Duration::from_secs(30);
/// The most bytes it may write.
pub const LONGEST: usize = 64 * 1024;

/// What a program writes, one line end at its end taken away.
///
/// # Errors
/// Names the program and what it did instead.
pub fn read(line: &str, deadline: Duration) -> Result<Secret, ReferenceError> {
    let words = split(line)?;
    let Some((program, arguments)) = words.split_first() else {
        return Err(ReferenceError::Line { program: String::new(), reason: "it is empty".to_owned() });
    };
    let bytes = run(program, arguments, deadline)?;
    let text =
        std::str::from_utf8(&bytes).map_err(|_| ReferenceError::NotText { program: program.to_string() })?;
    let text = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
    if text.is_empty() {
        return Err(ReferenceError::Empty { program: program.to_string() });
    }
    Ok(Secret::new(text.to_owned()))
}

/// What a backslash does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Backslash {
    /// In `"…"` it escapes `"` and `\`, outside of quotes any character.
    Escapes,
    /// It stands for itself, as in `C:\Tools\op.exe`; only in `"…"` it escapes `"`.
    Separates,
}

impl Backslash {
    const HERE: Self = if cfg!(windows) { Self::Separates } else { Self::Escapes };

    /// Whether it escapes this character, in quotes or outside of them.
    const fn escapes(self, quoted: bool, next: char) -> bool {
        match (self, quoted) {
            (_, true) if next == '"' => true,
            (Self::Escapes, true) => next == '\\',
            (Self::Escapes, false) => true,
            (Self::Separates, _) => false,
        }
    }
}

/// The words of a line: white space separates, `'…'` is taken as it stands, and a backslash is what it is on this
/// system. Nothing is expanded.
pub(super) fn split(line: &str) -> Result<Vec<Zeroizing<String>>, ReferenceError> {
    split_with(Backslash::HERE, line)
}

fn split_with(backslash: Backslash, line: &str) -> Result<Vec<Zeroizing<String>>, ReferenceError> {
    let mut words = Vec::new();
    let mut word: Option<Zeroizing<String>> = None;
    let mut quote = None;
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match (quote, c) {
            (Some(open), close) if open == close => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, space) if space.is_whitespace() => words.extend(word.take()),
            (None | Some('"'), '\\') => {
                let escaped = characters.next_if(|next| backslash.escapes(quote.is_some(), *next));
                word.get_or_insert_default().push(escaped.unwrap_or('\\'));
            }
            (_, plain) => word.get_or_insert_default().push(plain),
        }
    }
    if quote.is_some() {
        let program = words.first().map(|word| word.to_string()).unwrap_or_default();
        return Err(ReferenceError::Line { program, reason: "a quote is not closed".to_owned() });
    }
    words.extend(word);
    Ok(words)
}

fn run(
    program: &str,
    arguments: &[Zeroizing<String>],
    deadline: Duration,
) -> Result<Zeroizing<Vec<u8>>, ReferenceError> {
    let name = || program.to_owned();
    let start =
        |error: io::Error| ReferenceError::Start { program: name(), reason: system_error::explained(&error) };
    let end = Instant::now() + deadline;
    let child = program::start(program.as_ref(), |name| command(name, arguments).spawn());
    let mut child = Running(child.map_err(start)?);
    let output = child.0.stdout.take().ok_or_else(|| start(io::Error::other("no output")))?;
    // A grandchild may hold the pipe open: the thread is left behind then.
    let (done, wait) = mpsc::sync_channel(1);
    std::thread::spawn(move || {
        let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
        let read = output.take(LONGEST as u64 + 1).read_to_end(&mut bytes);
        let _ = done.send(read.map(|_| bytes));
    });
    let hung = || ReferenceError::Hung { program: name(), seconds: deadline.as_secs() };
    let bytes = wait.recv_timeout(deadline).map_err(|_| hung())?.map_err(start)?;
    if bytes.len() > LONGEST {
        return Err(ReferenceError::TooLong { program: name(), limit: LONGEST });
    }
    match child.wait_until(end).map_err(start)? {
        None => Err(hung()),
        Some(status) if status.success() => Ok(bytes),
        Some(status) => Err(ReferenceError::Status { program: name(), status: status.to_string() }),
    }
}

fn command(program: &OsStr, arguments: &[Zeroizing<String>]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments.iter().map(|argument| argument.as_str()));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        command.process_group(0);
    }
    command
}

/// A program that is killed, with all it started, when nobody waits for it any more.
struct Running(Child);

impl Running {
    /// The output is closed already, so the end is near: it is looked for every few milliseconds.
    fn wait_until(&mut self, end: Instant) -> io::Result<Option<ExitStatus>> {
        loop {
            match self.0.try_wait()? {
                None if Instant::now() < end => std::thread::sleep(Duration::from_millis(2)),
                status => return Ok(status),
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that ended has no process group of its own any more.
        if matches!(self.0.try_wait(), Ok(Some(_))) {
            return;
        }
        #[cfg(unix)]
        if let Some(group) = i32::try_from(self.0.id()).ok().and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        #[cfg(windows)]
        {
            // Windows knows no process groups to kill; this program of its own goes down the tree.
            let mut end = Command::new("taskkill");
            end.args(["/T", "/F", "/PID", &self.0.id().to_string()]);
            let _ = end.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::{Backslash, split, split_with};

    fn words(backslash: Backslash, line: &str) -> Vec<String> {
        split_with(backslash, line).unwrap().iter().map(|word| word.to_string()).collect()
    }

    #[test]
    fn a_line_is_split_as_a_shell_splits_it_and_nothing_is_expanded() {
        let cases: [(&str, &[&str]); 8] = [
            ("pass show acme", &["pass", "show", "acme"]),
            ("  a \t b  ", &["a", "b"]),
            ("op read 'op://Team Vault/acme/key'", &["op", "read", "op://Team Vault/acme/key"]),
            (r#"x "a \"b\" \n $HOME" ''"#, &["x", r#"a "b" \n $HOME"#, ""]),
            (r"a\ b c\\d", &["a b", r"c\d"]),
            ("echo a'b c'd", &["echo", "ab cd"]),
            ("echo $(id) ; rm *", &["echo", "$(id)", ";", "rm", "*"]),
            ("鍵 \"日 本\"", &["鍵", "日 本"]),
        ];
        for (line, expected) in cases {
            assert_eq!(words(Backslash::Escapes, line), expected, "{line}");
        }
        assert!(split("pass 'show").is_err() && split("pass \"").is_err());
    }

    #[test]
    fn on_windows_a_backslash_belongs_to_the_path() {
        let cases: [(&str, &[&str]); 4] = [
            (r"C:\Tools\op.exe read x", &[r"C:\Tools\op.exe", "read", "x"]),
            (r#""C:\Program Files\op.exe" read"#, &[r"C:\Program Files\op.exe", "read"]),
            (r#""\\server\share\op.exe" "say \"x\"""#, &[r"\\server\share\op.exe", r#"say "x""#]),
            (r"'C:\My Tools\op.exe' \\server\op", &[r"C:\My Tools\op.exe", r"\\server\op"]),
        ];
        for (line, expected) in cases {
            assert_eq!(words(Backslash::Separates, line), expected, "{line}");
        }
    }
}
