//! What a group's instances may ask of AWS: what their own units call, to what that is about, and nothing more.

use std::collections::BTreeSet;

use crate::model::{Assets, Aws, Call, Role};

use super::arn::Resource;
use super::tags;

/// Something that is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The actions, in the words of IAM.
    pub actions: Vec<&'static str>,
    /// What they may be done to.
    pub on: Vec<Resource>,
    /// When; always where `None`.
    pub when: Option<Condition>,
}

/// What must hold for a grant, in the words of IAM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// How values are compared.
    pub operator: &'static str,
    /// What is compared, and with what.
    pub entries: Vec<(String, String)>,
}

/// Who asks.
pub(super) struct Asker<'a> {
    /// What its instances are called.
    pub(super) name: &'a str,
    /// The name in the stack's zone that is its own, if it has one.
    pub(super) address: Option<&'a str>,
    /// What its units ask.
    pub(super) calls: &'a BTreeSet<Call>,
}

/// Returns everything that the asker's instances may do.
pub(super) fn grants(role: &Role, aws: &Aws, asker: &Asker<'_>) -> Vec<Grant> {
    let calls = asker.calls.iter().flat_map(|call| of_call(role, asker, call));
    let reads = aws.assets.iter().map(|assets| reads(&assets.value));
    calls.chain(reads).chain(decrypts(aws, asker)).collect()
}

/// Returns a grant for each thing that a call is about; their actions are the call's, no more and no fewer.
fn of_call(role: &Role, asker: &Asker<'_>, call: &Call) -> Vec<Grant> {
    let mut made: Vec<Grant> = Vec::new();
    for action in call.actions() {
        let (on, when) = scope(role, asker, call, action);
        match made.iter_mut().find(|grant| grant.on == on && grant.when == when) {
            Some(grant) => grant.actions.push(action),
            None => made.push(Grant { actions: vec![action], on, when }),
        }
    }
    made
}

/// Returns what an action of a call may be done to, and when.
fn scope(
    role: &Role,
    asker: &Asker<'_>,
    call: &Call,
    action: &str,
) -> (Vec<Resource>, Option<Condition>) {
    match call {
        Call::AttachVolume if action == "ec2:AttachVolume" => {
            let owner = tags::owner(role, asker.name).into_iter();
            let owner = owner.map(|tag| (format!("aws:ResourceTag/{}", tag.key), tag.value));
            let when = Condition { operator: "StringEquals", entries: owner.collect() };
            (vec![Resource::Volumes, Resource::Instances], Some(when))
        }
        Call::SetName if action == "route53:ChangeResourceRecordSets" => {
            let name = asker.address.unwrap_or_default();
            let own =
                [("NormalizedRecordNames", name), ("RecordTypes", "A"), ("Actions", "UPSERT")];
            let own = own.map(|(key, value)| (format!("{action}{key}"), value.to_owned()));
            let when = Condition { operator: "ForAllValues:StringEquals", entries: own.into() };
            (vec![Resource::Zone], Some(when))
        }
        Call::SetName => (vec![Resource::Changes], None),
        Call::Signal => (vec![Resource::Stack], None),
        Call::ReadParameter(name) => (vec![Resource::Parameter(name.clone())], None),
        Call::ReadSecret(name) => (vec![Resource::Secret(name.clone())], None),
        Call::PullImage { account, region, repository }
            if action != "ecr:GetAuthorizationToken" =>
        {
            let repository = Resource::Repository {
                account: account.clone(),
                region: region.clone(),
                name: repository.clone(),
            };
            (vec![repository], None)
        }
        // What only lists, or opens a door, is about nothing in particular: IAM knows no narrower word for it.
        Call::AttachVolume | Call::PullImage { .. } => (vec![Resource::Anything], None),
    }
}

/// Using a key of one's own for kept volumes: whoever attaches one lets EC2 decrypt it, and only that.
fn decrypts(aws: &Aws, asker: &Asker<'_>) -> Vec<Grant> {
    let Some(key) = aws.kms_key.as_ref() else { return Vec::new() };
    if !asker.calls.contains(&Call::AttachVolume) {
        return Vec::new();
    }
    let on = vec![Resource::Key(key.value.clone())];
    let for_aws = Condition {
        operator: "Bool",
        entries: vec![("kms:GrantIsForAWSResource".to_owned(), "true".to_owned())],
    };
    vec![
        Grant { actions: vec!["kms:DescribeKey"], on: on.clone(), when: None },
        Grant { actions: vec!["kms:CreateGrant"], on, when: Some(for_aws) },
    ]
}

/// Reading what is published: by Ignition or by the first stage, before any unit of ours runs.
fn reads(assets: &Assets) -> Grant {
    Grant { actions: vec!["s3:GetObject"], on: vec![Resource::Objects(assets.clone())], when: None }
}
