//! A line that a person pastes, perhaps while something else is awaited as well.
//!
//! The terminal is read key by key: in its own line mode the system would cut a line at 4,095 bytes, and tokens and
//! callback addresses are longer. On Unix it is read without crossterm, which waits for ever when more than about a
//! thousand bytes come at once: it is told only of what newly arrives, and leaves a part unread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, poll, read};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use crate::base::system_error;
use crate::port::person::PersonError;

/// How often the reader looks whether it is still wanted.
const LOOK: Duration = Duration::from_millis(100);

/// Ends the reading when the wait is given up.
struct Wanted(Arc<AtomicBool>);

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

/// Reads one line, not shown. Dropping the future ends the reading and gives the terminal back.
///
/// # Errors
/// When the person cancelled or the terminal failed.
pub async fn line() -> Result<Zeroizing<String>, PersonError> {
    let wanted = Arc::new(AtomicBool::new(true));
    let guard = Wanted(Arc::clone(&wanted));
    let (send, receive) = oneshot::channel();
    let reader = std::thread::Builder::new().name("paste".to_owned()).spawn(move || {
        let _ = send.send(read_line(&wanted, false));
    });
    let outcome = match reader {
        Ok(_) => receive.await.unwrap_or(Err(PersonError::Cancelled)),
        Err(error) => Err(failed(error)),
    };
    drop(guard);
    outcome
}

fn failed(error: std::io::Error) -> PersonError {
    PersonError::Terminal(system_error::explained(&error))
}

/// Reads one line, not shown, and waits for nothing else.
///
/// # Errors
/// When the person cancelled or the terminal failed.
pub fn hidden() -> Result<Zeroizing<String>, PersonError> {
    read_line(&AtomicBool::new(true), true)
}

fn read_line(wanted: &AtomicBool, empty: bool) -> Result<Zeroizing<String>, PersonError> {
    enable_raw_mode().map_err(failed)?;
    #[cfg(unix)]
    let outcome = bytes::read(wanted, empty).unwrap_or_else(|| keys(wanted, empty));
    #[cfg(not(unix))]
    let outcome = keys(wanted, empty);
    let _ = disable_raw_mode();
    outcome
}

/// The terminal, byte by byte.
#[cfg(unix)]
mod bytes {
    use std::fs::{File, OpenOptions};
    use std::io::{ErrorKind, Read as _};
    use std::os::unix::fs::OpenOptionsExt as _;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use zeroize::Zeroizing;

    use super::failed;
    use crate::port::person::PersonError;

    /// How long to rest where nothing came.
    const REST: Duration = Duration::from_millis(20);

    /// One line; `None` where the terminal cannot be opened by itself.
    pub(super) fn read(wanted: &AtomicBool, empty: bool) -> Option<Result<Zeroizing<String>, PersonError>> {
        let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
        let terminal = OpenOptions::new().read(true).custom_flags(flags).open("/dev/tty").ok()?;
        Some(line(terminal, wanted, empty))
    }

    fn line(mut terminal: File, wanted: &AtomicBool, empty: bool) -> Result<Zeroizing<String>, PersonError> {
        let mut line = Zeroizing::new(Vec::with_capacity(16 * 1024));
        let mut come = Zeroizing::new([0; 4096]);
        while wanted.load(Ordering::Acquire) {
            match terminal.read(come.as_mut_slice()) {
                Ok(0) => return Err(PersonError::Cancelled),
                Ok(count) => {
                    if let Some(end) = take(&come[..count], &mut line, empty) {
                        return end.map(|()| Zeroizing::new(String::from_utf8_lossy(&line).into_owned()));
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::sleep(REST),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Err(PersonError::Cancelled)
    }

    /// Adds what was typed to the line; an end, where one of the keys is one.
    pub(super) fn take(come: &[u8], line: &mut Vec<u8>, empty: bool) -> Option<Result<(), PersonError>> {
        if come == b"\x1b" {
            return Some(Err(PersonError::Cancelled));
        }
        let mut keys = come.iter().copied().peekable();
        while let Some(key) = keys.next() {
            match key {
                b'\r' | b'\n' if line.is_empty() && !empty => {}
                b'\r' | b'\n' => return Some(Ok(())),
                // Ctrl-C, Ctrl-D.
                0x03 | 0x04 => return Some(Err(PersonError::Cancelled)),
                // Ctrl-U.
                0x15 => line.clear(),
                0x08 | 0x7f => {
                    // A letter may be several bytes.
                    while line.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {}
                }
                // An arrow, or the mark of a paste: `ESC [ … letter`.
                0x1b => {
                    if keys.next_if(|next| matches!(next, b'[' | b'O')).is_some() {
                        while keys.next().is_some_and(|next| !(0x40..=0x7e).contains(&next)) {}
                    }
                }
                0x00..0x20 => {}
                letter => line.push(letter),
            }
        }
        None
    }

    #[cfg(test)]
    mod tests {
        use super::take;

        #[test]
        fn keys_become_a_line_and_arrows_and_paste_marks_do_not() {
            for (come, expected) in [
                (&[&b"abc\r"[..]][..], "abc"),
                (&[b"\r\n", b"abc", b"\x7fd\n"], "abd"),
                (&["日本\u{8}語\r".as_bytes()], "日語"),
                (&[b"x\x15\x1b[200~https://a/?b=c\x1b[201~\r"], "https://a/?b=c"),
                (&[b"\x1b[A\x1bOBab\x07\r"], "ab"),
            ] {
                let mut line = vec![];
                let end = come.iter().find_map(|part| take(part, &mut line, false));
                assert!(matches!(end, Some(Ok(()))), "{come:?}");
                assert_eq!(String::from_utf8_lossy(&line), expected);
            }
            assert!(matches!(take(b"\r", &mut vec![], true), Some(Ok(()))), "a value may be left out");
            for stop in [b"\x1b", b"\x03", b"\x04"] {
                assert!(matches!(take(stop, &mut vec![], false), Some(Err(_))), "{stop:?}");
            }
        }
    }
}

fn keys(wanted: &AtomicBool, empty: bool) -> Result<Zeroizing<String>, PersonError> {
    let mut line = Zeroizing::new(String::with_capacity(8192));
    while wanted.load(Ordering::Acquire) {
        if !poll(LOOK).map_err(failed)? {
            continue;
        }
        let Event::Key(key) = read().map_err(failed)? else { continue };
        if key.kind == KeyEventKind::Release {
            continue;
        }
        // Windows tells AltGr, which types `@` on many keyboards, as both.
        let control =
            key.modifiers.contains(KeyModifiers::CONTROL) && !key.modifiers.contains(KeyModifiers::ALT);
        match key.code {
            KeyCode::Enter if line.is_empty() && !empty => {}
            KeyCode::Enter => return Ok(line),
            KeyCode::Esc => return Err(PersonError::Cancelled),
            KeyCode::Char('c' | 'd') if control => return Err(PersonError::Cancelled),
            KeyCode::Char('u') if control => line.clear(),
            KeyCode::Char(letter) if !control => line.push(letter),
            KeyCode::Backspace => {
                line.pop();
            }
            _ => {}
        }
    }
    Err(PersonError::Cancelled)
}
