//! Checks of the cluster: identities, quorums, replication, ports, disks, images, secrets, reboots, boots that fail.

mod account_id_taken;
mod account_undefined;
mod bind_of_mount_root;
mod bind_source_missing;
mod bind_target_twice;
mod data_on_root_disk;
mod device_unstable;
mod disk_wiped_at_first_boot;
mod file_hidden_by_volume;
mod filesystem_label_too_long;
mod hard_link_to_directory;
mod image_abandoned;
mod image_tag_floating;
mod kernel_argument_conflict;
mod memory_overcommitted;
mod nobody_can_log_in;
mod node_address_not_routable;
mod node_id_shared;
mod partition_clash;
mod partition_malformed;
mod path_below_file;
mod path_written_twice;
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
mod raid_spares_useless;
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
mod storage_device_twice;
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
mod written;

use super::Check;

use values::{containers, is_default};

/// The checks of this room, in the order of their names.
pub(super) const CHECKS: &[Check] = &[
    account_id_taken::CHECK,
    account_undefined::CHECK,
    bind_of_mount_root::CHECK,
    bind_source_missing::CHECK,
    bind_target_twice::CHECK,
    data_on_root_disk::CHECK,
    device_unstable::CHECK,
    disk_wiped_at_first_boot::CHECK,
    file_hidden_by_volume::CHECK,
    filesystem_label_too_long::CHECK,
    hard_link_to_directory::CHECK,
    image_abandoned::CHECK,
    image_tag_floating::CHECK,
    kernel_argument_conflict::CHECK,
    memory_overcommitted::CHECK,
    node_address_not_routable::CHECK,
    node_id_shared::CHECK,
    nobody_can_log_in::CHECK,
    partition_clash::CHECK,
    partition_malformed::CHECK,
    path_below_file::CHECK,
    path_written_twice::CHECK,
    port_clash::CHECK,
    port_ephemeral::CHECK,
    port_privileged::CHECK,
    quorum_even::CHECK,
    quorum_lost_with_one_zone::CHECK,
    quorum_not_kept::CHECK,
    quorum_on_instance_store::CHECK,
    quorum_too_large::CHECK,
    raid_spares_useless::CHECK,
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
    storage_device_twice::CHECK,
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
