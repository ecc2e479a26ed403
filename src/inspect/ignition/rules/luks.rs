//! Encrypted disks.

use super::super::node::{filled, flag, list, named, said, word};
use super::super::url;
use super::report::Rules;
use crate::source::Node;

impl Rules<'_> {
    pub(super) fn luks(&mut self, volume: &Node) {
        let name = word(volume, "name");
        if name.contains('/') {
            self.wrong(
                volume.span,
                format!("`{name}` is no name below /dev/mapper"),
                "write a name without `/`",
            );
        }
        if let Some(label) = named(volume, "label").filter(|label| label.value.len() > 47) {
            self.wrong(label.span, "a LUKS label has at most 47 bytes".to_owned(), "shorten it");
        }
        match volume.get("device").filter(|_| filled(volume, "device").is_some()) {
            Some(device) => self.path(device, "device"),
            None => self.wrong(
                volume.span,
                "nothing says which device is encrypted".to_owned(),
                "add `device`",
            ),
        }
        if let Some(key) = volume.get("keyFile") {
            self.resource(key, false, false);
            self.data(key);
        }
        self.texts_twice(list(volume, &["openOptions"]), "the option");
        let pinned = volume.get("clevis").is_some_and(|clevis| self.clevis(clevis));
        let cex = volume.get("cex").filter(|cex| flag(cex, "enabled"));
        let Some(cex) = cex else { return };
        if pinned {
            self.wrong(cex.span, "`cex` stands beside `clevis`".to_owned(), "keep one of the two");
        }
        if volume.get("keyFile").is_some_and(|key| filled(key, "source").is_some()) {
            self.wrong(
                cex.span,
                "`cex` stands beside a key file".to_owned(),
                "keep one of the two",
            );
        }
    }

    /// Judges how a disk is unlocked; returns whether anything unlocks it.
    fn clevis(&mut self, clevis: &Node) -> bool {
        let tang = list(clevis, &["tang"]);
        let others = !tang.is_empty()
            || flag(clevis, "tpm2")
            || clevis.get("threshold").and_then(said).is_some_and(|number| number != "0");
        let pin = clevis.get("custom").is_some_and(|custom| self.custom(clevis, custom, others));
        for server in tang {
            self.tang(server);
        }
        self.twice(tang, "the Tang server", "url");
        pin || others
    }

    /// Judges a pin of the config's own, beside `others` or not; returns whether it has a name.
    fn custom(&mut self, clevis: &Node, custom: &Node, others: bool) -> bool {
        let (pin, config) = (filled(custom, "pin"), filled(custom, "config"));
        // in 3.2 a custom pin is there as soon as it is written
        if (self.minor < 3 || pin.is_some()) && others {
            self.wrong(
                clevis.span,
                "a custom pin stands beside tang, tpm2 or a threshold".to_owned(),
                "keep one of them",
            );
        }
        let is_said =
            pin.is_some() || config.is_some() || self.minor > 2 && flag(custom, "needsNetwork");
        if !is_said {
            return false;
        }
        match &pin {
            None => self.wrong(custom.span, "a custom pin has no name".to_owned(), "add `pin`"),
            Some(pin) if self.minor < 6 && !["tpm2", "tang", "sss"].contains(&pin.as_str()) => {
                self.wrong(
                    custom.span,
                    format!("spec 3.{}.0 knows no pin `{pin}`", self.minor),
                    "write tpm2, tang or sss, or set `ignition.version` to 3.6.0",
                );
            }
            Some(_) => {}
        }
        if config.is_none() {
            self.wrong(custom.span, "a custom pin has no config".to_owned(), "add `config`");
        }
        pin.is_some()
    }

    fn tang(&mut self, server: &Node) {
        let address = word(server, "url");
        if !matches!(url::scheme(&address).as_deref(), Ok("http" | "https")) {
            let title = format!("`{address}` is no address of a Tang server");
            self.wrong(server.span, title, "write `http://…` or `https://…`");
        }
        if filled(server, "thumbprint").is_none() {
            let title = "a Tang server has no thumbprint".to_owned();
            self.wrong(server.span, title, "add `thumbprint`");
        }
        let said = word(server, "advertisement");
        if !said.is_empty() && serde_json::from_str::<serde::de::IgnoredAny>(&said).is_err() {
            let title = "the advertisement of a Tang server is not JSON".to_owned();
            self.wrong(server.span, title, "write what the server answers at /adv");
        }
    }
}
