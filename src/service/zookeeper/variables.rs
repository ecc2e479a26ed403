//! The variables of Docker Hub's own image that become lines of `zoo.cfg`.

/// All of them, each with the line that the start script writes of it.
pub(super) const ALL: [(&str, &str); 9] = [
    ("ZOO_4LW_COMMANDS_WHITELIST", "4lw.commands.whitelist"),
    ("ZOO_ADMINSERVER_ENABLED", "admin.enableServer"),
    ("ZOO_AUTOPURGE_PURGEINTERVAL", "autopurge.purgeInterval"),
    ("ZOO_AUTOPURGE_SNAPRETAINCOUNT", "autopurge.snapRetainCount"),
    ("ZOO_INIT_LIMIT", "initLimit"),
    ("ZOO_MAX_CLIENT_CNXNS", "maxClientCnxns"),
    ("ZOO_STANDALONE_ENABLED", "standaloneEnabled"),
    ("ZOO_SYNC_LIMIT", "syncLimit"),
    ("ZOO_TICK_TIME", "tickTime"),
];

/// Returns the line of `zoo.cfg` that the image's start script writes of a variable.
pub(super) fn setting(variable: &str) -> Option<&'static str> {
    ALL.iter().find(|(name, _)| *name == variable).map(|(_, setting)| *setting)
}
