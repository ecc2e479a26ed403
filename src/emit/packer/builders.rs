//! Packer's two builders for one image, and what they ask of whoever runs them.
//!
//! Holds to what Packer 1.6 and the plugins of today both know: no `required_plugins`, no `metadata_options`, and a
//! volume of type gp3 says its speed.

use super::body::{Block, Body, Expr, escape_go};
use crate::model::{Ami, Aws, Os};
use crate::os::{self, Images};

/// The machine's user data, beside the document.
pub(super) const USER_DATA: &str = "ignition.json";

/// Where Ignition looks for its config on QEMU: upstream's name, and Flatcar's.
const FIRMWARE: [&str; 2] = ["opt/com.coreos/config", "opt/org.flatcar-linux/config"];

/// Most characters EC2 takes as the description of an image.
const DESCRIPTION: usize = 255;

/// A variable of the document.
pub(super) struct Variable {
    pub(super) name: &'static str,
    /// Its type, in the words of the language.
    pub(super) of: &'static str,
    /// Its value where nothing else sets one.
    pub(super) default: Expr,
    pub(super) description: &'static str,
    /// Whether Packer keeps it out of what it prints.
    pub(super) sensitive: bool,
}

/// The `amazon-ebs` builder.
pub(super) struct Amazon<'a> {
    /// What the image is called, before the time.
    pub(super) name: String,
    /// One line for people.
    pub(super) description: &'a str,
    /// The role, for the tags.
    pub(super) role: &'a str,
    /// Operating system.
    pub(super) os: Os,
    /// What the profile says of its stack.
    pub(super) aws: Option<&'a Aws>,
    /// Where the document lies below the folder of the user data: nothing, or `../`.
    pub(super) up: &'static str,
}

/// The `qemu` builder.
pub(super) struct Qemu {
    /// What the image is called.
    pub(super) name: String,
    /// As in [`Amazon`].
    pub(super) up: &'static str,
}

impl Variable {
    pub(super) fn text(name: &'static str, default: &str, description: &'static str) -> Self {
        Self { name, of: "string", default: default.into(), description, sensitive: false }
    }

    pub(super) fn block(self) -> Block {
        let Self { name, of, default, description, sensitive } = self;
        let mut body = Body::default();
        body.set("type", Expr::Type(of));
        body.set("description", description);
        body.set("default", default);
        if sensitive {
            body.set("sensitive", true);
        }
        Block { kind: "variable", labels: vec![name.to_owned()], comment: None, body }
    }
}

impl Amazon<'_> {
    pub(super) fn variables(os: Os, aws: Option<&Aws>) -> Vec<Variable> {
        let text = Variable::text;
        let ssh_from = aws.and_then(|aws| aws.ssh_from.as_ref());
        let ssh_from = ssh_from.map_or("0.0.0.0/0", |network| &network.value);
        vec![
            text("region", region(aws), "Region; that of the AWS environment where empty"),
            text(
                "instance_type",
                aws.map_or("m6i.large", |aws| &aws.instance_type.value),
                "Type of the instance that bakes",
            ),
            text("subnet_id", "", "Subnet of the instance; of the default VPC where empty"),
            text("ssh_from", ssh_from, "Network that may reach SSH while the instance bakes"),
            text("instance_profile", "", "Instance profile, for registries that ask for one"),
            text("kms_key_id", "", "Key that encrypts the image; the account's own where empty"),
        ]
        .into_iter()
        .chain(source_variables(os, aws))
        .collect()
    }

    pub(super) fn block(self) -> Block {
        let Self { name, description, role, os, aws, up } = self;
        let mut body = Body::default();
        body.set("ami_name", format!("{name}-{{{{timestamp}}}}"));
        let description: String = description.chars().take(DESCRIPTION).collect();
        body.set("ami_description", escape_go(&description));
        body.set("region", Expr::Code("var.region"));
        body.set("instance_type", Expr::Code("var.instance_type"));
        add_source(aws, &mut body);
        body.set("subnet_id", Expr::Code("var.subnet_id"));
        body.set("iam_instance_profile", Expr::Code("var.instance_profile"));
        body.set("user_data_file", Expr::beside("", &format!("{up}{USER_DATA}")));
        body.set("ssh_username", "core");
        let from = Expr::List(vec![Expr::Code("var.ssh_from")]);
        body.set("temporary_security_group_source_cidrs", from);
        body.set("encrypt_boot", true);
        body.set("kms_key_id", Expr::Code("var.kms_key_id"));
        let tags = [("cfgbuild:role", role.to_owned()), ("cfgbuild:os", os.to_string())];
        let tags = tags.map(|(name, value)| (name.to_owned(), Expr::Text(value)));
        body.set("tags", Expr::Map(tags.to_vec()));
        body.set("run_tags", Expr::Map(tags.to_vec()));
        body.nest("launch_block_device_mappings", root_disk(aws));
        Block {
            kind: "source",
            labels: vec!["amazon-ebs".to_owned(), role.to_owned()],
            comment: None,
            body,
        }
    }
}

/// Returns the region where the profile knows an image, if it knows any by region.
fn region(aws: Option<&Aws>) -> &str {
    match aws.map(|aws| &aws.ami.value) {
        Some(Ami::Regions(regions)) => regions.keys().next().map_or("", String::as_str),
        Some(Ami::Parameter(_) | Ami::Id(_)) | None => "",
    }
}

/// Returns the variables that say which image to begin with.
fn source_variables(os: Os, aws: Option<&Aws>) -> Vec<Variable> {
    let text = Variable::text;
    match aws.map(|aws| &aws.ami.value) {
        Some(Ami::Id(id)) => vec![text("source_ami", id, "Image to begin with")],
        Some(Ami::Regions(regions)) => {
            let by_region =
                regions.iter().map(|(region, id)| (region.clone(), Expr::from(id.value.as_str())));
            vec![Variable {
                name: "source_amis",
                of: "map(string)",
                default: Expr::Map(by_region.collect()),
                description: "Image to begin with, by region",
                sensitive: false,
            }]
        }
        // Packer 1.6 cannot read a parameter of SSM.
        Some(Ami::Parameter(_)) | None => {
            let Images { asks_with_token: _, gib: _, names, owner, list: _ } =
                &os::table(os).images;
            vec![
                text(
                    "source_ami_name",
                    names,
                    "Name of the image to begin with; the newest that fits",
                ),
                text("source_ami_owner", owner, "Account that publishes it"),
                text("architecture", "x86_64", "Architecture of the image: x86_64 or arm64"),
            ]
        }
    }
}

/// Adds what says which image to begin with.
fn add_source(aws: Option<&Aws>, body: &mut Body) {
    match aws.map(|aws| &aws.ami.value) {
        Some(Ami::Id(_)) => body.set("source_ami", Expr::Code("var.source_ami")),
        Some(Ami::Regions(_)) => {
            body.set("source_ami", Expr::Code("lookup(var.source_amis, var.region, \"\")"));
        }
        Some(Ami::Parameter(_)) | None => body.nest("source_ami_filter", newest_image()),
    }
}

fn newest_image() -> Body {
    let filters = [
        ("name", Expr::Code("var.source_ami_name")),
        ("architecture", Expr::Code("var.architecture")),
        ("root-device-type", "ebs".into()),
        ("virtualization-type", "hvm".into()),
    ];
    let mut body = Body::default();
    body.set("most_recent", true);
    body.set("owners", Expr::List(vec![Expr::Code("var.source_ami_owner")]));
    body.set("filters", Expr::Map(filters.map(|(name, value)| (name.to_owned(), value)).to_vec()));
    body
}

/// Returns the root disk of the instance, no larger than that of the nodes: an image cannot shrink.
fn root_disk(aws: Option<&Aws>) -> Body {
    let mut body = Body::default();
    body.set("device_name", "/dev/xvda");
    body.set("volume_size", aws.map_or(30, |aws| aws.root_gib.value));
    body.set("volume_type", "gp3");
    body.set("iops", 3000_u64);
    body.set("throughput", 125_u64);
    body.set("encrypted", true);
    body.set("delete_on_termination", true);
    body
}

impl Qemu {
    pub(super) fn variables() -> Vec<Variable> {
        let text = Variable::text;
        vec![
            text("disk_image", "image.qcow2", "Disk image to begin with: a path or a URL"),
            text("disk_image_checksum", "none", "Its checksum, as sha256:… or file:…"),
            text("disk_format", "qcow2", "Format of the new image: qcow2 or raw"),
            text("output_directory", "image", "Folder for the new image, which must not be there"),
            text("accelerator", "kvm", "What runs the machine: kvm, hvf or tcg"),
            text("ssh_private_key_file", "", "Private half of a key that user core has"),
            text("ssh_timeout", "15m", "How long the machine may take to boot"),
            Variable {
                name: "qemu_args",
                of: "list(list(string))",
                default: Expr::List(Vec::new()),
                description: "More words for QEMU's command line",
                sensitive: false,
            },
        ]
    }

    pub(super) fn block(self, role: &str) -> Block {
        let Self { name, up } = self;
        let mut body = Body::default();
        body.set("disk_image", true);
        body.set("iso_url", Expr::Code("var.disk_image"));
        body.set("iso_checksum", Expr::Code("var.disk_image_checksum"));
        body.set("format", Expr::Code("var.disk_format"));
        body.set("skip_resize_disk", true);
        body.set("disk_interface", "virtio");
        body.set("net_device", "virtio-net");
        body.set("accelerator", Expr::Code("var.accelerator"));
        body.set("headless", true);
        body.set("cpus", 2_u64);
        body.set("memory", 2048_u64);
        body.set("qemuargs", qemu_arguments(up));
        body.set("ssh_username", "core");
        body.set("ssh_private_key_file", Expr::Code("var.ssh_private_key_file"));
        body.set("ssh_timeout", Expr::Code("var.ssh_timeout"));
        body.set("shutdown_command", "sudo systemctl poweroff");
        body.set("output_directory", Expr::Code("var.output_directory"));
        body.set("vm_name", name);
        Block {
            kind: "source",
            labels: vec!["qemu".to_owned(), role.to_owned()],
            comment: None,
            body,
        }
    }
}

/// Returns the words that hand over the config, and whoever builds may add to.
fn qemu_arguments(up: &str) -> Expr {
    let config = FIRMWARE.map(|name| {
        let file = Expr::beside(&format!("name={name},file="), &format!("{up}{USER_DATA}"));
        Expr::List(vec!["-fw_cfg".into(), file])
    });
    Expr::Call("concat", vec![Expr::List(config.to_vec()), Expr::Code("var.qemu_args")])
}
