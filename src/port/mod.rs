//! What operations ask of the world: traits only. The real world stands in `adapter` and `probe`; tests
//! bring their own.

pub mod browser;
pub mod carrier;
pub mod clock;
pub mod definitions;
pub mod doorway;
pub mod gateway;
pub mod ledger;
pub mod lock;
pub mod person;
pub mod prober;
pub mod secrets;
pub mod surroundings;

use std::future::Future;
use std::pin::Pin;

pub use browser::{Browser, BrowserError, Hindrance, Outlook};
pub use carrier::{Carrier, ClientIdentity, Exchange, Opened, Pieces, Route};
pub use clock::{Clock, Entropy};
pub use definitions::{DefinitionFile, EditError};
pub use doorway::{Doorway, DoorwayError, DoorwayHost, DoorwayPage, DoorwayWish, Listener};
pub use gateway::{Content, Gate, Gateway, Head, Host, LocalFuture, Reply};
pub use ledger::{
    AccountRecord, ControlRecord, HistoryRow, Ledger, LedgerError, LedgerFault, NoticeRow, PastRecord,
    RunRecord, StateRecord,
};
pub use lock::{Held, LockError, Locks};
pub use person::{Person, PersonError};
pub use prober::{Prober, Target};
pub use secrets::{ItemKey, ReferenceError, SecretReferences, SecretStore, StoreError, StoreFault};
pub use surroundings::Surroundings;

/// A future that a trait object can return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
