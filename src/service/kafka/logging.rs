//! Where a broker logs: to the console alone, in the words of log4j 2 or of its predecessor.

use super::broker::Kafka;

/// Logging to the console alone: the distribution's own also fills the container's disk, hour by hour.
const LOG4J2: &str = "\
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p %m (%c)%n
rootLogger.level = INFO
rootLogger.appenderRef.console.ref = console
";

/// The same for Kafka 3.9, which logs with reload4j.
const LOG4J: &str = "\
log4j.rootLogger=INFO, console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%p %m (%c)%n
";

/// How a version of Kafka is told where to log.
pub(super) struct Logging {
    /// Name of the file.
    pub(super) file: &'static str,
    /// What it says.
    pub(super) contents: &'static str,
    /// JVM option that names it.
    pub(super) option: &'static str,
}

impl Logging {
    /// Returns what its version takes; the newest where that is not known.
    pub(super) fn of(kafka: &Kafka) -> Self {
        if kafka.version().is_some_and(|version| version.value < (4, 0)) {
            let option = "-Dlog4j.configuration";
            return Self { file: "log4j.properties", contents: LOG4J, option };
        }
        let option = "-Dlog4j2.configurationFile";
        Self { file: "log4j2.properties", contents: LOG4J2, option }
    }
}
