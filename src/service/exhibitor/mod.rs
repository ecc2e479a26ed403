//! ZooKeeper below Netflix's Exhibitor: no profile asks for it, written units still run it.

pub mod contract;
