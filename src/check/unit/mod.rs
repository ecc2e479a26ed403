//! Checks of written unit files: what systemd and the container runtime would make of them.
//!
//! Each unit is read once, into a [`RawUnit`](crate::unitfile::RawUnit); a profile without raw units costs nothing
//! here. They know no service: what a unit that runs one must get right is asked of the service's contract.

mod catalogue;
mod container_bind_before_mount;
mod container_bind_not_mounted;
mod container_bind_unlabelled;
mod container_client_missing;
mod container_data_not_kept;
mod container_flag_unknown;
mod container_flag_value;
mod container_flags_conflict;
mod container_heap_unset;
mod container_host_unresolvable;
mod container_ignores_stop;
mod container_image_abandoned;
mod container_image_malformed;
mod container_killed_before_start;
mod container_name_mismatch;
mod container_name_shared;
mod container_open_files_unset;
mod container_port_not_listened;
mod container_port_not_published;
mod container_port_taken;
mod container_setting_refused;
mod container_setting_unknown;
mod container_stop_too_short;
mod container_verb_unknown;
mod exhibitor_published_openly;
mod exhibitor_region_defaulted;
mod fleet_section_not_emitted;
mod hard_coded_advertised_host;
mod hard_coded_member_id;
mod hard_coded_peer_address;
mod mount_unit_name_mismatch;
mod refused;
mod told;
mod unit_enabled_without_install;
mod unit_environment_file_shared;
mod unit_environment_file_unused;
mod unit_image_floating;
mod unit_image_short;
mod unit_line_not_read;
mod unit_line_too_long;
mod unit_logs_unbounded;
mod unit_never_started;
mod unit_not_ordered_after_metadata;
mod unit_not_ordered_after_network;
mod unit_option_before_section;
mod unit_percent_unescaped;
mod unit_placeholder;
mod unit_pulls_on_every_start;
mod unit_quote_not_closed;
mod unit_restart_of_oneshot;
mod unit_secret_in_environment;
mod unit_service_without_exec_start;
mod unit_shell_syntax;
mod unit_start_without_timeout;
mod unit_unknown_directive;
mod unit_unknown_section;
mod unit_value_not_recognised;
mod unit_variable_of_other_os;
mod unit_variable_unknown;
mod unit_variable_without_braces;
mod unit_without_restart;
mod view;

use crate::diagnostic::Diagnostics;

use view::Check;

pub use view::View;

/// Checks that say something of a profile, which user data from elsewhere has not.
const OF_PROFILES: &[&str] = &[unit_never_started::CHECK.code];

/// Runs the checks of written units on a machine that no profile describes.
pub fn run_units(view: &View<'_>, diags: &mut Diagnostics) {
    let mut found = Diagnostics::new();
    for check in CHECKS.iter().filter(|check| !OF_PROFILES.contains(&check.code)) {
        (check.run)(view, &mut found);
    }
    for mut finding in found.into_findings() {
        // a template of a profile helps nobody here
        if finding.help.as_ref().is_some_and(|help| help.contains("{{")) {
            finding.help = None;
            finding.edits.clear();
        }
        diags.report(finding);
    }
}

/// The checks of this room, in the order of their names.
pub(super) const CHECKS: &[Check] = &[
    container_bind_before_mount::CHECK,
    container_bind_not_mounted::CHECK,
    container_bind_unlabelled::CHECK,
    container_client_missing::CHECK,
    container_data_not_kept::CHECK,
    container_flag_unknown::CHECK,
    container_flag_value::CHECK,
    container_flags_conflict::CHECK,
    container_heap_unset::CHECK,
    container_host_unresolvable::CHECK,
    container_ignores_stop::CHECK,
    container_image_abandoned::CHECK,
    container_image_malformed::CHECK,
    container_killed_before_start::CHECK,
    container_name_mismatch::CHECK,
    container_name_shared::CHECK,
    container_open_files_unset::CHECK,
    container_port_not_listened::CHECK,
    container_port_not_published::CHECK,
    container_port_taken::CHECK,
    container_setting_refused::CHECK,
    container_setting_unknown::CHECK,
    container_stop_too_short::CHECK,
    container_verb_unknown::CHECK,
    exhibitor_published_openly::CHECK,
    exhibitor_region_defaulted::CHECK,
    fleet_section_not_emitted::CHECK,
    hard_coded_advertised_host::CHECK,
    hard_coded_member_id::CHECK,
    hard_coded_peer_address::CHECK,
    mount_unit_name_mismatch::CHECK,
    unit_enabled_without_install::CHECK,
    unit_environment_file_shared::CHECK,
    unit_environment_file_unused::CHECK,
    unit_image_floating::CHECK,
    unit_image_short::CHECK,
    unit_line_not_read::CHECK,
    unit_line_too_long::CHECK,
    unit_logs_unbounded::CHECK,
    unit_never_started::CHECK,
    unit_not_ordered_after_metadata::CHECK,
    unit_not_ordered_after_network::CHECK,
    unit_option_before_section::CHECK,
    unit_percent_unescaped::CHECK,
    unit_placeholder::CHECK,
    unit_pulls_on_every_start::CHECK,
    unit_quote_not_closed::CHECK,
    unit_restart_of_oneshot::CHECK,
    unit_secret_in_environment::CHECK,
    unit_service_without_exec_start::CHECK,
    unit_shell_syntax::CHECK,
    unit_start_without_timeout::CHECK,
    unit_unknown_directive::CHECK,
    unit_unknown_section::CHECK,
    unit_value_not_recognised::CHECK,
    unit_variable_of_other_os::CHECK,
    unit_variable_unknown::CHECK,
    unit_variable_without_braces::CHECK,
    unit_without_restart::CHECK,
];
