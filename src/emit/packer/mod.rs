//! Packer templates, HCL 2 and its JSON spelling (<https://developer.hashicorp.com/packer/docs/templates/hcl_templates>):
//! one image per role, baked from what its nodes have in common.
//!
//! Prints a [`Bake`] and knows no node. `packer build` reads every file of a folder, so each spelling has its own.

mod body;
mod builders;
mod hcl;
mod json;

use serde_json::Value;

use super::{Request, ignition};
use crate::diagnostic::Diagnostics;
use crate::machine::Bake;
use crate::model::{Format, Provisioner, Role};
use crate::output::Tree;
use crate::platform;

use body::{Block, Body, Expr, Piece};
use builders::{Amazon, Qemu, USER_DATA, Variable};

/// How a script runs: user `core` may do everything by `sudo`, and nothing need be executable.
const AS_ROOT: &str = "sudo env {{ .Vars }} bash {{ .Path }}";

/// What installs the plugins, for a Packer that has none built in.
const PLUGINS: &str = "plugins/plugins.pkr.hcl";

/// The plugins, each with the oldest version known to read the templates.
const REQUIRED: [(&str, &str, &str); 2] = [
    ("amazon", "github.com/hashicorp/amazon", ">= 1.0.0"),
    ("qemu", "github.com/hashicorp/qemu", ">= 1.0.0"),
];

/// Prints everything below `packer/` if the target wants it.
pub fn emit(role: &Role, bake: &Bake, tree: &mut Tree, diags: &mut Diagnostics) {
    let target = &role.target;
    if !target.formats.value.contains(&Format::Packer) {
        return;
    }
    let request = Request::new(target, &bake.machine);
    let config = ignition::print(&request, diags).into_bytes();
    if diags.stop().is_err() {
        return;
    }
    let secret = role.provisioners.iter().any(|provisioner| provisioner.secret);
    let name = &role.name;
    let header = header(role);
    let document = document(role, bake, "");
    tree.add_guarded(format!("packer/{name}.pkr.hcl"), hcl::print(&header, &document), secret);
    let document = self::document(role, bake, "../");
    tree.add_guarded(format!("packer/json/{name}.pkr.json"), json::print(&document), secret);
    tree.add(format!("packer/{PLUGINS}"), hcl::print(PLUGINS_HEADER, &plugins()));
    tree.add(format!("packer/{USER_DATA}"), config);
    tree.add("packer/wait.sh", bake.wait.as_str());
    tree.add("packer/reset.sh", bake.reset.as_str());
}

/// Returns what stands at the top of the document.
fn header(role: &Role) -> String {
    let name = &role.name;
    format!(
        "Bakes a machine image for role {name}: the images of its containers are on it, nothing of any node is.\n\
         Written by cfgbuild; `packer build .` in this folder builds it, docs/packer.md explains it."
    )
}

/// What stands at the top of the file that installs plugins.
const PLUGINS_HEADER: &str = "For Packer 1.7 and later, once per machine: packer init plugins\n\
    In a folder of its own because older Packers, which have these plugins built in, refuse the block.";

/// Returns the whole document, for a folder that lies `up` from the user data.
fn document(role: &Role, bake: &Bake, up: &'static str) -> Body {
    let os = role.target.os.value;
    let name = format!("{}-{os}", role.name);
    let mut body = Body::default();
    let auth = bake.asks_auth.then(auth);
    let aws = role.aws.as_ref();
    let variables = Amazon::variables(os, aws).into_iter().chain(Qemu::variables()).chain(auth);
    body.blocks.extend(variables.map(Variable::block));
    let description = &role.description;
    body.blocks
        .push(Amazon { name: name.clone(), description, role: &role.name, os, aws, up }.block());
    body.blocks.push(Qemu { name, up }.block(&role.name));
    body.blocks.push(build(role, bake, up));
    body
}

/// Returns the variable that opens the registry.
fn auth() -> Variable {
    let description = "What opens the registry: base64 of user:password";
    Variable { sensitive: true, ..Variable::text("registry_auth", "", description) }
}

/// Returns the build: of the target's platform, with the profile's own provisioners in the middle.
fn build(role: &Role, bake: &Bake, up: &str) -> Block {
    let name = &role.name;
    let builder = platform::of(role.target.platform.value).builder;
    let source = format!("source.{builder}.{name}");
    let mut body = Body::default();
    body.set("name", name.as_str());
    body.set("sources", Expr::List(vec![source.into()]));
    let mut wait = script(&format!("{up}wait.sh"));
    if bake.asks_auth {
        let auth = [Piece::Literal(format!("{}=", Bake::AUTH)), Piece::Code("var.registry_auth")];
        wait.body.set("environment_vars", Expr::List(vec![Expr::Template(auth.to_vec())]));
    }
    body.blocks.push(wait);
    body.blocks.extend(role.provisioners.iter().map(provisioner));
    body.blocks.push(script(&format!("{up}reset.sh")));
    Block {
        kind: "build",
        labels: Vec::new(),
        comment: Some(
            "The builder of the target's platform; the other one is there for a build of your own.",
        ),
        body,
    }
}

/// Returns a provisioner that runs one of our scripts.
fn script(file: &str) -> Block {
    let mut body = Body::default();
    body.set("script", Expr::beside("", file));
    body.set("execute_command", AS_ROOT);
    Block { kind: "provisioner", labels: vec!["shell".to_owned()], comment: None, body }
}

/// Returns a provisioner as the profile says it.
fn provisioner(provisioner: &Provisioner) -> Block {
    let Provisioner { kind, settings, secret: _ } = provisioner;
    let attributes =
        settings.iter().map(|(name, value)| (name.clone(), expression(value))).collect();
    let body = Body { attributes, blocks: Vec::new() };
    Block { kind: "provisioner", labels: vec![kind.value.clone()], comment: None, body }
}

/// Returns a value of the profile as one of the language.
fn expression(value: &Value) -> Expr {
    match value {
        Value::Null => Expr::Code("null"),
        Value::Bool(truth) => Expr::Bool(*truth),
        Value::Number(number) => Expr::Number(number.clone()),
        Value::String(text) => Expr::Text(text.clone()),
        Value::Array(items) => Expr::List(items.iter().map(expression).collect()),
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| (key.clone(), expression(value)));
            Expr::Map(entries.collect())
        }
    }
}

/// Returns the document that makes Packer install the plugins.
fn plugins() -> Body {
    let mut required = Body::default();
    for (name, source, version) in REQUIRED {
        let entry = [("version", version), ("source", source)];
        let entry = entry.map(|(key, value)| (key.to_owned(), value.into()));
        required.set(name, Expr::Map(entry.to_vec()));
    }
    let mut packer = Body::default();
    packer.nest("required_plugins", required);
    let mut body = Body::default();
    body.nest("packer", packer);
    body
}

#[cfg(test)]
mod tests {
    use ::hcl::eval::{Context, Evaluate as _};
    use proptest::prelude::*;

    use super::*;

    /// Texts that both languages of a template could take for more than text.
    fn hostile() -> impl Strategy<Value = String> {
        prop_oneof![any::<String>(), "[a-z${}%\"\\\\\n`u0-9#/]{0,16}"]
    }

    fn one(name: &str, value: Expr) -> Body {
        let mut body = Body::default();
        body.set(name, value);
        body
    }

    /// Evaluates the attribute `x` of an HCL document, with `path.root` being `/root`.
    fn read_hcl(document: &[u8]) -> ::hcl::Value {
        let text = std::str::from_utf8(document).expect("is UTF-8");
        let mut context = Context::new();
        context.declare_var("path", ::hcl::value!({ root = "/root" }));
        let mut body: ::hcl::Value = ::hcl::eval::from_str(text, &context).expect("is HCL");
        body.as_object_mut().and_then(|body| body.swap_remove("x")).expect("has x")
    }

    /// Reads the attribute `x` of a JSON document as HCL does: every text is a template.
    fn read_json(document: &[u8]) -> ::hcl::Value {
        let body: serde_json::Value = serde_json::from_slice(document).expect("is JSON");
        let text = body.get("x").and_then(serde_json::Value::as_str).expect("is a text");
        let mut context = Context::new();
        context.declare_var("path", ::hcl::value!({ root = "/root" }));
        let template: ::hcl::Template = text.parse().expect("is a template");
        template.evaluate(&context).expect("can be evaluated").into()
    }

    proptest! {
        #[test]
        fn every_text_arrives_as_it_is(text in hostile()) {
            let body = one("x", Expr::Text(text.clone()));
            prop_assert_eq!(read_hcl(&hcl::print("", &body)), ::hcl::Value::from(text.clone()));
            prop_assert_eq!(read_json(&json::print(&body)), ::hcl::Value::from(text.clone()));
            let body = one("x", Expr::beside("file=", &text));
            let expected = ::hcl::Value::from(format!("file=/root/{text}"));
            prop_assert_eq!(read_hcl(&hcl::print("", &body)), expected.clone());
            prop_assert_eq!(read_json(&json::print(&body)), expected);
        }

        #[test]
        fn comments_never_become_code(words in "[^\r\n]*") {
            let printed = hcl::print(&words, &one("x", Expr::from(1_u64)));
            prop_assert_eq!(read_hcl(&printed), ::hcl::Value::from(1_u64));
        }
    }
}
