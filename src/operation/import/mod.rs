//! Moving in: what other programs keep of connections becomes connectors and connections of conn's own. First a
//! plan that changes nothing, then, once somebody agreed, the change. What is there already is never written over
//! unasked, and an import that was interrupted is completed by the next one.

mod apply;
mod compare;
mod own;
mod place;
mod plan;
mod services;
mod shelf;
mod values;

pub use apply::{Imported, apply};
pub use plan::{Change, Further, NewConnection, NewConnector, Plan, Request, plan};
