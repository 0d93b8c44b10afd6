"""Deploys the template to the embedded AWS by CloudFormation, and then what its CloudFormation leaves out."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from infra.local.package import Package, load_template

STACK = "ocrchat"
CODE_BUCKET = "ocrchat-code"
DEPLOY_S = 60.0

MAIL_FROM = "service@ocrchat.local"
"""Who the mail of one machine is from; it is written to files and sent to nobody."""


class DeploymentFailed(Exception):
    """The stack did not come up; the message is CloudFormation's own reason."""


def deploy(clients: Any, package: Package, parameters: Mapping[str, str]) -> dict[str, str]:
    """Creates or updates the stack; returns its outputs. `clients(service)` gives a boto3 client."""
    s3, cloudformation = clients("s3"), clients("cloudformation")
    if CODE_BUCKET not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=CODE_BUCKET)
    for key, archive in package.archives.items():
        s3.put_object(Bucket=CODE_BUCKET, Key=key, Body=archive)
    template = f"template/{package.digest}.json"
    s3.put_object(Bucket=CODE_BUCKET, Key=template, Body=package.template.encode())
    request = {
        "StackName": STACK,
        "TemplateURL": f"{s3.meta.endpoint_url}/{CODE_BUCKET}/{template}",
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    }
    if _exists(cloudformation):
        _update(cloudformation, request)
    else:
        cloudformation.create_stack(**request)
    found = outputs(_settled(cloudformation))
    _finish(clients, found)
    return found


def outputs(stack: Mapping[str, Any]) -> dict[str, str]:
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def describe(cloudformation: Any, name: str = STACK) -> dict[str, Any]:
    stack: dict[str, Any] = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    return stack


def _exists(cloudformation: Any) -> bool:
    try:
        describe(cloudformation)
    except cloudformation.exceptions.ClientError as error:
        if "does not exist" in error.response["Error"]["Message"]:
            return False
        raise
    return True


def _update(cloudformation: Any, request: dict[str, Any]) -> None:
    try:
        cloudformation.update_stack(**request)
    except cloudformation.exceptions.ClientError as error:
        if "No updates are to be performed" not in error.response["Error"]["Message"]:
            raise


def _settled(cloudformation: Any) -> dict[str, Any]:
    deadline = time.monotonic() + DEPLOY_S
    while time.monotonic() < deadline:
        stack = describe(cloudformation)
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            break
        time.sleep(0.05)
    if stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
        reasons = [
            f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
            for event in events
            if "FAILED" in event["ResourceStatus"] and event.get("ResourceStatusReason")
        ]
        raise DeploymentFailed(f"{stack['StackStatus']}: {'; '.join(reasons) or stack.get('StackStatusReason', '')}")
    return stack


def _finish(clients: Any, found: Mapping[str, str]) -> None:
    """What the emulator's CloudFormation ignores of the template, lifecycle rules and TTL; and what on AWS is done
    before: the sender of mail is verified."""
    resources = load_template()["Resources"]
    clients("s3").put_bucket_lifecycle_configuration(
        Bucket=found["BucketName"],
        LifecycleConfiguration={
            "Rules": [_rule(rule) for rule in resources["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]]
        },
    )
    clients("sesv2").create_email_identity(EmailIdentity=MAIL_FROM)
    dynamodb = clients("dynamodb")
    for table in ("JobsTable", "BalancesTable", "ChatsTable"):
        ttl = resources[table]["Properties"]["TimeToLiveSpecification"]
        name = found[f"{table}Name"]
        status = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        if status["TimeToLiveStatus"] not in ("ENABLED", "ENABLING"):
            dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=ttl)


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A lifecycle rule of CloudFormation in the words of the S3 API."""
    result: dict[str, Any] = {"ID": rule["Id"], "Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}}
    if "ExpirationInDays" in rule:
        result["Expiration"] = {"Days": rule["ExpirationInDays"]}
    if "AbortIncompleteMultipartUpload" in rule:
        result["AbortIncompleteMultipartUpload"] = rule["AbortIncompleteMultipartUpload"]
    return result
