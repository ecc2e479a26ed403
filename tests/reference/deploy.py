"""What an edit of the profile does to a stack that exists, as the real `aws cloudformation deploy` would ask for it.

The command line of AWS runs in this process. CloudFormation's answers are made up, and so is its rule for values: a
parameter that is sent with `UsePreviousValue` keeps what the stack has, whatever the new template's default is.
"""

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

STACK = "st"
PLACES = {"Vpc": "vpc-0123", "Subnet": "subnet-0123"}


class CloudFormation:
    """One stack: knows the values its parameters have, and the template that was sent last."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.template: dict[str, Any] = {}

    def answer(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Answers what `deploy` asks; makes the change at once."""
        from botocore.exceptions import ClientError

        if operation == "DescribeStacks":
            if not self.template:
                error = {"Code": "ValidationError", "Message": f"Stack with id {STACK} does not exist"}
                raise ClientError({"Error": error}, operation)
            return {"Stacks": [{"StackName": STACK, "StackStatus": "UPDATE_COMPLETE"}]}
        if operation == "GetTemplateSummary":
            return {"Parameters": [{"ParameterKey": name} for name in self.values]}
        if operation == "CreateChangeSet":
            self.change(json.loads(asked["TemplateBody"]), asked["Parameters"])
            return {"Id": "change", "StackId": STACK}
        if operation == "DescribeChangeSet":
            return {"Status": "CREATE_COMPLETE"}
        raise AssertionError(f"nobody expected {operation}")

    def change(self, template: dict[str, Any], sent: list[dict[str, Any]]) -> None:
        given = {one["ParameterKey"]: one for one in sent}
        values = {}
        for name, parameter in template["Parameters"].items():
            one = given.get(name)
            if one is None:
                values[name] = parameter["Default"]
            else:
                values[name] = self.values[name] if one.get("UsePreviousValue") else one["ParameterValue"]
        self.template, self.values = template, values


def deploy(stack: CloudFormation, template: dict[str, Any], *overrides: str) -> None:
    """Types `aws cloudformation deploy` for a template."""
    import awscli.clidriver

    with tempfile.TemporaryDirectory() as folder, mock.patch.dict("os.environ", environment(folder)):
        file = Path(folder) / "template.json"
        file.write_text(json.dumps(template))
        words = ["cloudformation", "deploy", "--stack-name", STACK, "--template-file", str(file)]
        words += ["--no-execute-changeset", "--capabilities", "CAPABILITY_IAM"]
        if overrides:
            words += ["--parameter-overrides", *overrides]

        def call(_: object, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
            return stack.answer(operation, asked)

        with mock.patch("botocore.client.BaseClient._make_api_call", call), mock.patch.object(sys, "stdout"):
            code = awscli.clidriver.create_clidriver().main(words)
    if code:
        raise SystemExit(f"aws cloudformation deploy exits with {code}")


def environment(folder: str) -> dict[str, str]:
    """Returns an environment in which the command line finds no file of whoever runs it."""
    return {
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "y",
        "AWS_DEFAULT_REGION": "us-west-2",
        "AWS_CONFIG_FILE": f"{folder}/none",
        "AWS_SHARED_CREDENTIALS_FILE": f"{folder}/none",
    }


def resolved(stack: CloudFormation, value: Any) -> Any:
    """Returns a property with the stack's values in the place of its references."""
    if isinstance(value, list):
        return [resolved(stack, one) for one in value]
    if not isinstance(value, dict):
        return value
    if "Ref" in value:
        return stack.values.get(value["Ref"], value)
    return {name: resolved(stack, one) for name, one in value.items()}


def seen(stack: CloudFormation) -> dict[str, Any]:
    """Returns what the stack's instances are started with, and who may reach SSH."""
    resources = stack.template["Resources"].values()
    launch = next(one for one in resources if one["Type"] == "AWS::EC2::LaunchTemplate")
    data = resolved(stack, launch["Properties"]["LaunchTemplateData"])
    ssh = [one["Properties"] for one in resources if one["Properties"].get("FromPort") == 22]
    return {
        "instance_type": data["InstanceType"],
        "ami": data["ImageId"],
        "key_pair": data["KeyName"],
        "public_ip": data["NetworkInterfaces"][0]["AssociatePublicIpAddress"],
        "ssh_from": [resolved(stack, one["CidrIp"]) for one in ssh],
    }


def holds(template: dict[str, Any], values: dict[str, str], subnets: dict[str, dict[str, str]]) -> set[str]:
    """Returns the rules of a template that hold for values of its parameters, where subnets are so; as AWS says rules
    are read: AWS itself is not asked."""

    def of_type(kind: str) -> list[str]:
        return [values[name] for name, one in template["Parameters"].items() if one["Type"] == kind]

    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            return [read(one) for one in value] if isinstance(value, list) else value
        ((word, of),) = value.items()
        if word == "Ref":
            return values[of]
        if word == "Fn::RefAll":
            return of_type(of)
        if word == "Fn::ValueOf":
            return subnets[values[of[0]]][of[1]]
        if word == "Fn::ValueOfAll":
            return [subnets[subnet][of[1]] for subnet in of_type(of[0])]
        words: dict[str, Callable[..., bool]] = {
            "Fn::Not": lambda one: not one,
            "Fn::Equals": lambda one, other: one == other,
            "Fn::Contains": lambda many, one: one in many,
            "Fn::EachMemberIn": lambda some, many: set(some) <= set(many),
        }
        return words[word](*read(of))

    rules = template["Rules"].items()
    return {name for name, rule in rules if all(read(one["Assert"]) for one in rule["Assertions"])}


def as_default(template: dict[str, Any]) -> dict[str, Any]:
    """Returns a template whose instance type is the default of a parameter: the fault that must be noticed."""
    copy = json.loads(json.dumps(template))
    for one in copy["Resources"].values():
        if one["Type"] == "AWS::EC2::LaunchTemplate":
            data = one["Properties"]["LaunchTemplateData"]
            copy["Parameters"]["InstanceType"] = {"Type": "String", "Default": data["InstanceType"]}
            data["InstanceType"] = {"Ref": "InstanceType"}
    return copy
