//! Virtual machines of QEMU: the config comes by `fw_cfg`, of any size, and nothing tells a machine where it is.

use super::table::{BARE, Delivery, Platform};

pub(super) static PLATFORM: Platform =
    Platform { taker: "QEMU", delivery: Delivery::File("docs/tutorial.md"), ..BARE };
