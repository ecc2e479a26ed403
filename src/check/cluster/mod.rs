//! Checks of the cluster: identities, quorums, replication, ports, disks, images, secrets, reboots, boots that fail.

mod bind_of_mount_root;
mod bind_source_missing;
mod bind_target_twice;
mod data_on_root_disk;
mod device_unstable;
mod disk_wiped_at_first_boot;
mod file_hidden_by_volume;
mod image_abandoned;
mod image_tag_floating;
mod memory_overcommitted;
mod nobody_can_log_in;
mod node_address_not_routable;
mod node_id_shared;
mod paths;
mod port_clash;
mod port_ephemeral;
mod port_privileged;
mod ports;
mod quorum;
mod quorum_even;
mod quorum_lost_with_one_zone;
mod quorum_not_kept;
mod quorum_on_instance_store;
mod quorum_too_large;
mod ready_port_not_declared;
mod reboot_uncoordinated;
mod registry_auth_not_secret;
mod registry_images_clash;
mod secret_default;
mod secret_in_profile;
mod secret_in_unit;
mod secret_in_user_data;
mod secret_path_taken;
mod stop_timeout_short;
mod unit_undefined;
mod update_config_written;
mod update_window_shared;
mod values;
mod volume_inside_data;
mod volume_not_mounted;
mod volume_option_unknown;
mod volume_option_unsafe;
mod volume_unused;
mod volume_wiped;
mod wipes;

use super::Check;

use values::{containers, is_default};

/// The checks of this room, in the order of their names.
pub(super) const CHECKS: &[Check] = &[
    bind_of_mount_root::CHECK,
    bind_source_missing::CHECK,
    bind_target_twice::CHECK,
    data_on_root_disk::CHECK,
    device_unstable::CHECK,
    disk_wiped_at_first_boot::CHECK,
    file_hidden_by_volume::CHECK,
    image_abandoned::CHECK,
    image_tag_floating::CHECK,
    memory_overcommitted::CHECK,
    node_address_not_routable::CHECK,
    node_id_shared::CHECK,
    nobody_can_log_in::CHECK,
    port_clash::CHECK,
    port_ephemeral::CHECK,
    port_privileged::CHECK,
    quorum_even::CHECK,
    quorum_lost_with_one_zone::CHECK,
    quorum_not_kept::CHECK,
    quorum_on_instance_store::CHECK,
    quorum_too_large::CHECK,
    ready_port_not_declared::CHECK,
    reboot_uncoordinated::CHECK,
    registry_auth_not_secret::CHECK,
    registry_images_clash::CHECK,
    secret_default::CHECK,
    secret_in_profile::CHECK,
    secret_in_unit::CHECK,
    secret_in_user_data::CHECK,
    secret_path_taken::CHECK,
    stop_timeout_short::CHECK,
    unit_undefined::CHECK,
    update_config_written::CHECK,
    update_window_shared::CHECK,
    volume_inside_data::CHECK,
    volume_not_mounted::CHECK,
    volume_option_unknown::CHECK,
    volume_option_unsafe::CHECK,
    volume_unused::CHECK,
    volume_wiped::CHECK,
];
