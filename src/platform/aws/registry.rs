//! Images in ECR, Amazon's own registry: it takes a password that lasts twelve hours, so each pull gets a new one.

use std::collections::BTreeSet;

use super::unit::{asks_aws, script};
use crate::model::Call;
use crate::model::UnitText;
use crate::model::{Container, Image};
use crate::platform::draft::{Draft, generated_unit};
use crate::platform::host::{Host, pulled};
use crate::source::{Sources, Spanned};

/// The unit that logs in.
pub(super) const UNIT: &str = "cfgbuild-registry-login.service";

/// Folder of the password, in memory.
const PASSWORDS: &str = "/run/cfgbuild/registry";

/// Adds the unit that logs in to the registries of the images that are not here yet.
///
/// Done is not active: it looks again whenever one of the containers starts.
pub(super) fn log_in(host: &Host<'_>, draft: &mut Draft) {
    let containers = host.containers().filter(|container| logs_in(host, container));
    let images: BTreeSet<String> =
        containers.map(|container| pulled(host.role, &container.image.value).to_string()).collect();
    if images.is_empty() {
        return;
    }
    let mut text = UnitText::new();
    text.push("Unit", "Description", "Log in to the registries of the images");
    asks_aws(host, [], &mut text);
    text.push("Service", "Type", "oneshot");
    text.push("Service", "TimeoutStartSec", "15min");
    text.push("Service", "Environment", passwords(host));
    let words: Vec<&str> = images.iter().map(String::as_str).collect();
    let contents =
        include_str!("registry-login.sh").replace("@CLIENT@", host.system.runtime.client);
    let command = script("registry-login", &contents, &words, draft);
    text.push("Service", "ExecStart", command);
    draft.units.push(generated_unit(Spanned::new(UNIT.to_owned(), Sources::NOWHERE), &text));
    for container in host.containers() {
        draft.calls.extend(pull(&pulled(host.role, &container.image.value)));
    }
}

/// Returns whether a container's image comes from ECR, and nobody has said a password for it.
pub(super) fn logs_in(host: &Host<'_>, container: &Container) -> bool {
    let registry = host.role.registry.as_ref();
    host.role.aws.is_some()
        && registry.is_none_or(|registry| registry.auth.is_none())
        && pull(&pulled(host.role, &container.image.value)).is_some()
}

/// Returns the assignment that leads the client to the password.
pub(super) fn passwords(host: &Host<'_>) -> String {
    host.system.runtime.registry.passwords_in(PASSWORDS)
}

/// The names of ECR: what stands between account and region, and the domains behind the region. The second one is for
/// IPv6 as well.
const REGISTRIES: [(&str, [&str; 2]); 2] = [
    (".dkr.ecr", [".amazonaws.com", ".amazonaws.com.cn"]),
    (".dkr-ecr", [".on.aws", ".on.amazonwebservices.com.cn"]),
];

/// Returns what pulling an image asks of AWS, if it lies in ECR: `ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY`, or
/// `ACCOUNT.dkr-ecr.REGION.on.aws/REPOSITORY`.
fn pull(image: &Image) -> Option<Call> {
    let (host, repository) = image.repository.split_once('/')?;
    let (account, region) = REGISTRIES.iter().find_map(|(between, domains)| {
        let (account, rest) = host.split_once(between)?;
        let rest = rest.strip_prefix("-fips").unwrap_or(rest).strip_prefix('.')?;
        Some((account, domains.iter().find_map(|domain| rest.strip_suffix(domain))?))
    })?;
    let fits = account.len() == 12
        && account.chars().all(|c| c.is_ascii_digit())
        && !region.is_empty()
        && !region.contains('.');
    fits.then(|| Call::PullImage {
        account: account.to_owned(),
        region: region.to_owned(),
        repository: repository.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_in_ecr() {
        for (image, region) in [
            (
                "123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/kafka:3.9.1",
                Some("eu-central-1"),
            ),
            ("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a:1", Some("us-gov-west-1")),
            ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a:1", Some("cn-north-1")),
            ("123456789012.dkr-ecr.us-east-1.on.aws/a:1", Some("us-east-1")),
            ("123456789012.dkr-ecr-fips.us-east-1.on.aws/a/b:1", Some("us-east-1")),
            ("123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn/a:1", Some("cn-north-1")),
            ("123456789012.dkr-ecr.us-east-1.amazonaws.com/a:1", None),
            ("123456789012.dkr.ecr.us-east-1.on.aws/a:1", None),
            ("public.ecr.aws/a/b:1", None),
            ("12345.dkr.ecr.eu-central-1.amazonaws.com/a:1", None),
            ("123456789012.dkr.ecr.eu.central.amazonaws.com/a:1", None),
            ("123456789012.dkr.ecr.eu-central-1.example.com/a:1", None),
            ("docker.io/library/zookeeper:3.8.6", None),
        ] {
            let found = pull(&Image::parse(image).expect("is a reference"));
            let expected = region.map(|region| format!("region: {region:?}"));
            assert_eq!(found.is_some(), region.is_some(), "{image}");
            assert!(format!("{found:?}").contains(&expected.unwrap_or_default()), "{image}");
        }
    }
}
