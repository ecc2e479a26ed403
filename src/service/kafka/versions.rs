//! Which version of Kafka an image holds, and whose it is.

use crate::model;
use crate::service::contract::tag;
use crate::settings::Version;

/// Repositories whose tags are versions of Kafka.
pub(super) const VERSIONED: &[&str] = &["apache/kafka", "apache/kafka-native"];

/// What Bitnami's images have before the name of a property.
pub(super) const BITNAMI_PREFIX: &str = "KAFKA_CFG_";

const BITNAMI: [&str; 2] = ["bitnami/kafka", "bitnamilegacy/kafka"];

/// Returns whether an image is one of Bitnami's, which have a grammar of their own.
pub(super) fn is_bitnami(image: &model::Image) -> bool {
    BITNAMI.iter().any(|name| image.is_copy_of(name))
}

/// Repositories of Confluent, which numbers its images four ahead of Kafka, from 7.0 on.
const CONFLUENT: [&str; 2] = ["confluentinc/cp-kafka", "confluentinc/cp-server"];

/// Returns the version of Kafka in an image whose tag says it.
pub(super) fn version(image: &model::Image) -> Option<Version> {
    if let Some((major, minor)) = tag(image, &CONFLUENT) {
        return Some((major.checked_sub(4)?, minor));
    }
    tag(image, VERSIONED).or_else(|| tag(image, &BITNAMI))
}
