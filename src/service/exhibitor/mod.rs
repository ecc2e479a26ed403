//! ZooKeeper below Netflix's Exhibitor: no profile asks for it, written units still run it.

mod contract;

pub(super) use contract::CONTRACT;
