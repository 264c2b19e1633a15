//! A line that a person may paste while something else is awaited as well.
//!
//! The terminal is read key by key: in its own line mode the system would cut a line at 4,095 bytes, and tokens and
//! callback addresses are longer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, poll, read};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use tokio::sync::oneshot;
use zeroize::Zeroizing;

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
        let _ = send.send(read_line(&wanted));
    });
    let outcome = match reader {
        Ok(_) => receive.await.unwrap_or(Err(PersonError::Cancelled)),
        Err(error) => Err(PersonError::Terminal(error.to_string())),
    };
    drop(guard);
    outcome
}

fn failed(error: std::io::Error) -> PersonError {
    PersonError::Terminal(error.to_string())
}

fn read_line(wanted: &AtomicBool) -> Result<Zeroizing<String>, PersonError> {
    enable_raw_mode().map_err(failed)?;
    let outcome = keys(wanted);
    let _ = disable_raw_mode();
    outcome
}

fn keys(wanted: &AtomicBool) -> Result<Zeroizing<String>, PersonError> {
    let mut line = Zeroizing::new(String::with_capacity(8192));
    while wanted.load(Ordering::Acquire) {
        if !poll(LOOK).map_err(failed)? {
            continue;
        }
        let Event::Key(key) = read().map_err(failed)? else { continue };
        if key.kind == KeyEventKind::Release {
            continue;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Enter if line.is_empty() => {}
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
