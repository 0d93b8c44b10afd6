"""Everything in which the stack on one machine differs from the template, each with its reason.

The template is the same file; these are the only changes made to it before the embedded AWS deploys it. What its
CloudFormation ignores, S3 lifecycle rules and DynamoDB TTL, `deploy.py` sets by API from the same template.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Template = dict[str, Any]


def apply(template: Template, parameters: Mapping[str, str]) -> Template:
    """Changes `template` in place and returns it. `parameters`: what the stack is deployed with."""
    concurrency_as_number(template, parameters)
    for change in (
        image_function_as_zip,
        no_dependency_layers,
        tokens_of_any_machine,
        worker_without_ecs,
        mail_of_any_identity,
        no_tls_policy,
        no_access_log,
        no_edge_log,
    ):
        change(template["Resources"])
    return template


def image_function_as_zip(resources: Template) -> None:
    """The emulator runs container images by Docker only. The image holds this folder and what it imports anyway."""
    function = resources["OcrPageFunction"]
    del function["Metadata"], function["IgnoreGlobals"], function["Properties"]["PackageType"]
    function["Properties"]["Handler"] = "ocr_page.handler.records"


def no_dependency_layers(resources: Template) -> None:
    """The emulator's workers run on its own interpreter, whose packages they see: a zip holds our own code only, and
    nothing has to be built."""
    resources["CoreLayer"]["Properties"]["ContentUri"] = "../layers/core"
    names = ("WebLayer", "PdfLayer", "OfficeLayer", "LlmLayer", "PaymentsLayer")
    settings = resources["SettingsVersion"]["Properties"]["Content"]
    for name in names:
        del resources[name]
        settings["Fn::Sub"] = settings["Fn::Sub"].replace(f"${{{name}}}", "")
    for resource in resources.values():
        layers = resource.get("Properties", {}).get("Layers")
        if layers:
            layers[:] = [layer for layer in layers if layer.get("Ref") not in names]


def concurrency_as_number(template: Template, parameters: Mapping[str, str]) -> None:
    """The emulator compares MaximumConcurrency as it comes, and a parameter comes as text."""
    named = {name: body["Default"] for name, body in template["Parameters"].items()} | dict(parameters)
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        events = [event["Properties"] for event in properties.get("Events", {}).values()]
        for scaling in [one["ScalingConfig"] for one in (properties, *events) if "ScalingConfig" in one]:
            if isinstance(scaling["MaximumConcurrency"], dict):
                scaling["MaximumConcurrency"] = int(named[scaling["MaximumConcurrency"]["Ref"]])


def no_tls_policy(resources: Template) -> None:
    """The emulator speaks plain HTTP, on loopback: a policy that refuses that would refuse everything."""
    del resources["BucketPolicy"]


def tokens_of_any_machine(resources: Template) -> None:
    """The emulator's policy check does not know which state machine a task token belongs to; AWS does."""
    for resource in resources.values():
        for policy in resource.get("Properties", {}).get("Policies", []):
            for statement in policy.get("PolicyDocument", policy).get("Statement", []):
                if str(statement["Action"]).startswith("states:SendTask"):
                    statement["Resource"] = "*"


def worker_without_ecs(resources: Template) -> None:
    """The emulator lets nobody take a role on conditions that ECS alone meets; here the launcher takes it."""
    for statement in resources["VlmWorkerRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]:
        del statement["Condition"]


def mail_of_any_identity(resources: Template) -> None:
    """The emulator's policy check does not know which identity sends a mail; AWS does."""
    for policy in resources["AccountFunction"]["Properties"]["Policies"]:
        for statement in policy.get("Fn::If", [None, policy])[1]["Statement"]:
            if statement["Action"] == "ses:SendEmail":
                statement["Resource"] = "*"
                del statement["Condition"]


def no_access_log(resources: Template) -> None:
    """The emulator's gateway writes none; the front before it plays the edge."""
    del resources["HttpStage"]["Properties"]["AccessLogSettings"]


def no_edge_log(resources: Template) -> None:
    """The emulator knows no deliveries of logs; its distribution answers nobody, the front before it plays the edge."""
    for name in ("EdgeLogs", "EdgeLogSource", "EdgeLogDestination", "EdgeLogDelivery"):
        del resources[name]
