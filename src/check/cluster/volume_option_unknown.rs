//! The file system of a volume has no such mount option.
//!
//! # Why
//! The kernel refuses a mount at the first option that it does not know: the volume is not there, and what needs it
//! waits. xfs lost `barrier` and `nobarrier` with Linux 4.19.
//!
//! # Fix
//! Write the name that `mount(8)`, `ext4(5)` or `xfs(5)` has; allow it where the kernel of the machines is newer.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest};
use crate::model::FilesystemType;
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "volume-option-unknown", source: include_str!("volume_option_unknown.rs"), run };

/// What mount(8) or systemd.mount(5) takes for every file system.
const ALL: &str = "_netdev async atime auto comment context defaults defcontext dev diratime dirsync exec fscontext \
    group helper iversion lazytime loud mand noatime noauto nodev nodiratime noexec nofail noiversion nolazytime \
    nomand norelatime nostrictatime nosuid nosymfollow nouser owner relatime ro rootcontext rw silent strictatime \
    suid sync user users";

const EXT4: &str = "abort acl auto_da_alloc barrier bh block_validity bsddf bsdgroups check commit data data_err dax \
    debug delalloc dioread_lock dioread_nolock discard errors grpid grpjquota grpquota i_version init_itable \
    inode_readahead_blks journal_async_commit journal_checksum journal_dev journal_ioprio journal_path jqfmt \
    max_batch_time max_dir_size_kb mb_optimize_scan mblk_io_submit min_batch_time minixdf no_mbcache \
    no_prefetch_block_bitmaps noacl noauto_da_alloc nobarrier nobh noblock_validity nocheck nodelalloc nodiscard \
    nogrpid noinit_itable nojournal_checksum noload nombcache nomblk_io_submit noorlov noquota norecovery \
    noreservation nouser_xattr nowarn_on_error oldalloc orlov prefetch_block_bitmaps prjquota quota reservation \
    resgid resuid sb stripe sysvgroups test_dummy_encryption user_xattr usrjquota usrquota warn_on_error";

const XFS: &str = "allocsize attr2 bsdgroups dax discard filestreams gqnoenforce gquota grpid grpquota ikeep inode32 \
    inode64 largeio lifetime logbsize logbufs logdev max_atomic_write max_open_zones noalign noattr2 nodiscard \
    nogrpid noikeep nolargeio nolifetime noquota norecovery nouuid pqnoenforce pquota prjquota qnoenforce quota rtdev \
    sunit swalloc swidth sysvgroups uqnoenforce uquota usrquota wsync";

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    for volume in &facts.role.volumes {
        let (format, own) = match volume.filesystem.value {
            FilesystemType::Ext4 => ("ext4", EXT4),
            FilesystemType::Xfs => ("xfs", XFS),
        };
        let known = || ALL.split_ascii_whitespace().chain(own.split_ascii_whitespace());
        for written in &volume.options {
            // several in one text are handed on as they are
            for option in written.value.split(',') {
                let name = option.split('=').next().unwrap_or(option);
                // for programs of the user's own, which mount(8) leaves alone
                if name.is_empty()
                    || name.starts_with("x-")
                    || name.starts_with("X-")
                    || known().any(|known| known == name)
                {
                    continue;
                }
                let title = format!("{format} has no mount option `{name}`");
                let found = Diagnostic::warning(
                    CHECK.code,
                    written.span,
                    title,
                    "the kernel does not mount the volume",
                );
                diags.report(match nearest(name, known()) {
                    Some(near) => found
                        .help(format!("did you mean `{near}`?"))
                        .edit(Edit::replace(written.span, name, near)),
                    None => found.help("remove it").edit(if written.value == option {
                        Edit::remove(written.span)
                    } else {
                        Edit::replace(written.span, format!(",{option}"), "")
                    }),
                });
            }
        }
    }
}
