//! What a role says about the discovery of its etcd: protocol, version, size, and where the token is written.

use anyhow::bail;

use crate::cli::talk;
use crate::cli::workspace::{Workspace, said};
use crate::diagnostic::{Diagnostics, Reported};
use crate::grammar::GRAMMAR;
use crate::lower;
use crate::model::Role;
use crate::profile::{self, Inputs, Loader, Source, resolve, sole_variable};
use crate::service;
use crate::service::etcd::{Bootstrap, Etcd};
use crate::source::{Kind, Node, Sources, Span};

/// A token of the right form, for looking at a role before there is one.
const PLACEHOLDER: &str = "00000000000000000000000000000000";

/// The discovery protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Protocol {
    /// A URL with the token, for etcd up to 3.6
    V2,
    /// A token and endpoints, for etcd from 3.6
    V3,
}

impl Protocol {
    /// Returns the key of `etcd` that takes the token, a usual name for its variable, and the variable's type.
    pub(super) fn key(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::V2 => ("discovery", "discovery_url", "url"),
            Self::V3 => ("discovery_token", "discovery_token", "string"),
        }
    }

    /// Returns a value of the right form.
    pub(super) fn placeholder(self) -> String {
        match self {
            Self::V2 => format!("https://discovery.etcd.io/{PLACEHOLDER}"),
            Self::V3 => PLACEHOLDER.to_owned(),
        }
    }
}

/// Where a profile writes its token.
#[derive(Debug)]
pub(super) struct Slot {
    /// As it stands in the profile.
    pub(super) text: String,
    span: Span,
}

/// A role as it is compiled, and its etcd.
pub(super) struct Formed {
    pub(super) role: Role,
    /// The etcd that is discovered.
    pub(super) etcd: Etcd,
}

/// A role while its token is looked for.
pub(super) struct Discovery<'a> {
    pub(super) name: String,
    workspace: &'a Workspace,
    written: Node,
    sources: Sources,
}

impl<'a> Discovery<'a> {
    /// Reads a role's profile; an `Err` inside has been told.
    pub(super) fn open(
        name: &str,
        workspace: &'a Workspace,
    ) -> anyhow::Result<Result<Self, Reported>> {
        workspace.role(name)?;
        let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
        let role = said(name, &mut sources);
        let mut loader = Loader::new(&workspace.door);
        match profile::written(&role, &mut loader, &GRAMMAR, &mut sources, &mut diags) {
            Ok(written) if written.get("etcd").is_some_and(|etcd| etcd.kind != Kind::Null) => {
                Ok(Ok(Self { name: name.to_owned(), workspace, written, sources }))
            }
            Ok(_) => bail!("role `{name}` runs no etcd: its profile has no section `etcd`"),
            Err(reported) => {
                talk::findings(&sources, &diags)?;
                Ok(Err(reported))
            }
        }
    }

    /// Returns where the token of a protocol is written.
    pub(super) fn slot(&self, protocol: Protocol) -> Option<Slot> {
        let node = self.written.get("etcd")?.get(protocol.key().0)?;
        match &node.kind {
            Kind::Scalar(text, _) if !text.is_empty() => {
                Some(Slot { text: text.clone(), span: node.span })
            }
            Kind::Scalar(..) | Kind::Null | Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// Returns the protocol that the keys of the profile are for, if it is one.
    pub(super) fn protocol(&self) -> Option<Protocol> {
        let has = |key| self.written.get("etcd").and_then(|etcd| etcd.get(key)).is_some();
        match (has("discovery"), has("discovery_token") || has("discovery_endpoints")) {
            (true, false) => Some(Protocol::V2),
            (false, true) => Some(Protocol::V3),
            _ => None,
        }
    }

    /// Returns `file:line` of a slot.
    pub(super) fn place(&self, slot: &Slot) -> String {
        let (line, _) = self.sources.line_column(slot.span);
        format!("{}:{line}", self.sources.name(slot.span.file))
    }

    /// Compiles the role as far as its cluster, with the variable of `protocol` set to something of the right form, and
    /// with `bootstrap` in place of its own; every relation of its services is held. An `Err` inside has been told.
    pub(super) fn cluster(
        &self,
        inputs: &Inputs,
        protocol: Option<Protocol>,
        bootstrap: Option<&Bootstrap>,
    ) -> anyhow::Result<Result<Formed, Reported>> {
        let mut inputs = inputs.clone();
        let text = protocol.and_then(|protocol| Some((protocol, self.slot(protocol)?.text)));
        if let Some((protocol, (before, name, _))) =
            text.as_ref().and_then(|(protocol, text)| Some((protocol, sole_variable(text)?)))
        {
            let value =
                if before.is_empty() { protocol.placeholder() } else { PLACEHOLDER.to_owned() };
            inputs.sources.push(Source::Set(name.to_owned(), value));
        }
        let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
        let role = said(&self.name, &mut sources);
        let mut loader = Loader::new(&self.workspace.door);
        let result = resolve(&role, &mut loader, &GRAMMAR, &inputs, &mut sources, &mut diags)
            .map_err(|refused| refused.reported)
            .and_then(|resolved| lower::lower(&role, &resolved, &mut diags))
            .and_then(|(role, mut services)| {
                let mut formed = None;
                for one in &mut services.all {
                    let Some(found) = one.service.as_any().downcast_ref::<Etcd>() else { continue };
                    let mut etcd = found.clone();
                    if let Some(bootstrap) = bootstrap {
                        etcd.bootstrap.value.clone_from(bootstrap);
                    }
                    one.service = Box::new(etcd.clone());
                    formed.get_or_insert(etcd);
                }
                service::validate(&services, &role, &mut diags);
                diags.stop()?;
                Ok(Formed { role, etcd: formed.expect("a role without etcd is not opened") })
            });
        // warnings are a build's business: the token is none of theirs
        if result.is_err() {
            talk::findings(&sources, &diags)?;
        }
        Ok(result)
    }
}
