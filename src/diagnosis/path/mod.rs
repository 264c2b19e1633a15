//! The layers below the credential: from what a layer showed to its cause. One file for each layer; what is
//! only worth a look, although the path holds, is in `remarks`.

mod broken;
mod name;
mod proxy;
mod reach;
mod remarks;
mod tls;

pub use broken::{broken, fault, fault_after, yielding};
pub use remarks::remarks;
