//! Any other platform: whoever provisions a machine writes what it must know to a file.

use super::table::{BARE, Platform};
use crate::os::{FactSource, Variables};

pub(super) static PLATFORM: Platform =
    Platform { facts: |_| Some(&FACTS), may_bring_keys: true, ..BARE };

/// The file; nothing says that all of it is there.
static FACTS: FactSource = FactSource {
    agent: None,
    file: "/etc/cfgbuild/host.env",
    links: &[],
    prefix: "CFGBUILD_",
    variables: Variables {
        private_ipv4: "CFGBUILD_PRIVATE_IPV4",
        public_ipv4: "CFGBUILD_PUBLIC_IPV4",
        hostname: "CFGBUILD_HOSTNAME",
        zone: "CFGBUILD_ZONE",
        region: "CFGBUILD_REGION",
        instance_id: "CFGBUILD_INSTANCE_ID",
    },
};
