//! The contracts of all services whose images written units may run.

use super::contract::Contract;
pub use super::judged::is_slip;
use super::{KINDS, exhibitor};

/// Returns the contract of every kind, and of Exhibitor, which no profile asks for.
pub fn contracts() -> impl Iterator<Item = &'static Contract> {
    KINDS.iter().map(|kind| &kind.contract).chain([&exhibitor::contract::CONTRACT])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn an_image_is_listed_once_and_an_owner_is_gone_as_a_whole() {
        let mut seen: BTreeMap<&str, bool> = BTreeMap::new();
        for image in contracts().flat_map(|contract| contract.images) {
            let known = seen.insert(image.repository, image.gone.is_some());
            assert_eq!(known, None, "{} is listed twice", image.repository);
        }
        for (repository, gone) in &seen {
            let Some((owner, _)) = repository.split_once('/') else { continue };
            for (other, other_gone) in &seen {
                let is_same = other.split_once('/').is_some_and(|(other, _)| other == owner);
                assert!(!is_same || gone == other_gone, "{repository} and {other}");
            }
        }
    }
}
