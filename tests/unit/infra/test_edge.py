"""The edge: what its functions do to requests, what is cached, what is logged. Its functions run as they stand in the
template, on another engine than CloudFront's."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import quickjs
from starlette.requests import Request

from infra.local.api_paths import PAGES, PREFIX
from infra.local.front import _request_too_large
from infra.local.service import SITE
from infra.local.site import HEADERS, POLICY
from ocrchat.http.problems import MEDIA_TYPE, problem_response
from ocrchat.limits import LIMITS
from tests.unit.infra.deployed import FUNCTIONS, HTTP, RESOURCES, TEMPLATE, of_type

WEB = SITE.parent
EDGE = RESOURCES["Edge"]["Properties"]["DistributionConfig"]
UNCACHED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
"""Managed policies: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
and using-managed-origin-request-policies.html beside it."""


def run(function: str, uri: str, headers: dict[str, str] | None = None, ip: str = "203.0.113.9") -> dict[str, Any]:
    """What the function makes of a viewer's request: a request, or a response with `statusCode`."""
    event = {
        "version": "1.0",
        "context": {"requestId": "abc=="},
        "viewer": {"ip": ip},
        "request": {
            "method": "POST",
            "uri": uri,
            "headers": {name: {"value": value} for name, value in (headers or {}).items()},
        },
    }
    return evaluated(function, event)


def evaluated(function: str, event: dict[str, Any]) -> dict[str, Any]:
    engine = quickjs.Context()
    engine.eval(RESOURCES[function]["Properties"]["FunctionCode"])
    answer: dict[str, Any] = json.loads(engine.eval(f"JSON.stringify(handler({json.dumps(event)}))"))
    return answer


@pytest.mark.parametrize(
    ("asked", "kept_at"),
    [
        ("/", "/index.html"),
        ("/pricing", "/pricing.html"),
        ("/pricing/", "/pricing.html"),
        ("/api", "/api.html"),
        ("/bs/api", "/bs/api.html"),
        ("/assets/app.3f2a.js", "/assets/app.3f2a.js"),
        ("/robots.txt", "/robots.txt"),
        ("/pricing.html", "/pricing.html"),
        ("/index.html", "/index.html"),
        ("/assets/", "/assets/"),
        ("/prices", "/404.html"),
        ("/bs/pricing", "/404.html"),
        ("/wp-login.php", "/404.html"),
        ("/pricing/api", "/404.html"),
        ("//pricing", "/404.html"),
        ("/docs-of-ours", "/404.html"),
    ],
)
def test_pages_of_the_site_have_clean_paths_and_what_there_is_not_is_a_page_that_says_so(
    asked: str, kept_at: str
) -> None:
    assert run("SitePaths", asked)["uri"] == kept_at


def test_the_edge_knows_the_pages_and_files_that_the_site_is_built_of() -> None:
    source = (WEB / "src/pages/render.tsx").read_text()
    languages = re.findall(
        r'"(\w+)"', re.findall(r"LANGUAGES = (\[.*\])", (WEB / "src/strings/languages.ts").read_text())[0]
    )
    made = {f"/{name}" for name in re.findall(r'"([\w.]+)": <', source)}
    made |= {"/api.html" if language == "en" else f"/{language}/api.html" for language in languages}
    assert {run("SitePaths", path)["uri"] for path in made} == made
    texts = {f"/{name}" for name in re.findall(r'"([\w.]+)": \w+\(\)', source)}
    files = texts | {f"/{file.relative_to(WEB / 'public')}" for file in (WEB / "public").rglob("*") if file.is_file()}
    assert len(made) == 9
    assert len(files) == 4
    assert {run("SitePaths", path)["uri"] for path in files} == files


@pytest.mark.parametrize(("headers", "status"), [({}, 200), ({"x-amz-meta-status": {"value": "404"}}, 404)])
def test_the_page_for_what_there_is_not_is_answered_as_such(headers: dict[str, Any], status: int) -> None:
    """It is asked for like any other: CloudFront calls nothing for answers of an origin that are errors."""
    event = {"version": "1.0", "response": {"statusCode": 200, "statusDescription": "OK", "headers": headers}}
    assert evaluated("SiteStatus", event)["statusCode"] == status


def test_an_error_of_the_api_reaches_its_caller() -> None:
    assert "CustomErrorResponses" not in EDGE


def test_a_request_that_is_too_large_is_answered_as_the_front_of_one_machine_answers_it() -> None:
    answer = run("ApiRequests", "/api/v1/ocr/", {"content-length": str(LIMITS.direct_request_bytes + 1)})
    request = Request({"type": "http", "state": {"request_id": "abc=="}})
    expected = problem_response(_request_too_large(LIMITS), request)
    assert answer["statusCode"] == expected.status_code
    assert json.loads(answer["body"]) == json.loads(bytes(expected.body))
    assert answer["headers"]["content-type"]["value"] == MEDIA_TYPE
    assert answer["headers"]["x-request-id"]["value"] == "abc=="


@pytest.mark.parametrize("headers", [{}, {"content-length": "0"}, {"content-length": str(LIMITS.direct_request_bytes)}])
def test_every_other_request_passes_with_the_callers_address_and_the_origin_it_names(headers: dict[str, str]) -> None:
    forged = {"x-viewer-address": "1.2.3.4", "x-viewer-origin": "https://a.example"}
    sent = headers | {"origin": "https://b.example", "authorization": "Bearer a"}
    passed = run("ApiRequests", "/api/v1/ocr/", sent | forged, ip="2001:db8::1")
    assert passed["uri"] == "/api/v1/ocr/"
    assert {name: header["value"] for name, header in passed["headers"].items()} == (
        sent | {"x-viewer-address": "2001:db8::1"}
    )


def test_no_function_of_the_edge_is_larger_than_cloudfront_takes() -> None:
    for function in of_type("AWS::CloudFront::Function").values():
        assert len(function["FunctionCode"].encode()) < 10_000


def test_the_paths_of_the_api_go_to_it_uncached_with_all_that_was_sent() -> None:
    assert {behaviour["PathPattern"] for behaviour in EDGE["CacheBehaviors"]} == {
        f"{PREFIX}*",
        *("/schemas/*" if page.startswith("/schemas/") else page for page in PAGES),
    }
    for behaviour in EDGE["CacheBehaviors"]:
        assert behaviour["TargetOriginId"] == "api"
        assert behaviour["CachePolicyId"] == UNCACHED
        assert behaviour["OriginRequestPolicyId"] == ALL_BUT_HOST
        assert "POST" in behaviour["AllowedMethods"]
        assert behaviour["ViewerProtocolPolicy"] == "https-only"  # a redirect would come after the token was sent
        (function,) = behaviour["FunctionAssociations"]
        assert function["FunctionARN"] == {"Fn::GetAtt": ["ApiRequests", "FunctionARN"]}


def test_the_edge_proves_itself_to_the_api_by_the_secret_that_the_functions_read() -> None:
    (api,) = (origin for origin in EDGE["Origins"] if origin["Id"] == "api")
    (header,) = api["OriginCustomHeaders"]
    assert header["HeaderName"].lower() == "x-origin-verify"
    assert header["HeaderValue"] == {"Fn::Sub": "{{resolve:secretsmanager:${OriginSecret}}}"}
    for name in set(HTTP) - {"PaymentsFunction"}:  # which knows who calls by a signature, wherever that comes from
        secret = FUNCTIONS[name]["Environment"]["Variables"]["ORIGIN_SECRET"]
        assert secret == {"Fn::GetAtt": ["OriginSecret", "Id"]}


def test_what_strangers_send_lies_behind_no_url_of_the_edge() -> None:
    buckets = {origin["DomainName"]["Fn::GetAtt"][0] for origin in EDGE["Origins"] if "S3OriginConfig" in origin}
    assert buckets == {"SiteBucket"}
    assert "cloudfront" not in str(RESOURCES["BucketPolicy"])
    for policy in RESOURCES["SiteBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]:
        if policy["Effect"] == "Allow":
            assert "distribution/${Edge}" in str(policy["Condition"]["StringEquals"]["aws:SourceArn"])


def test_other_sites_may_not_read_what_signed_urls_give() -> None:
    (rule,) = RESOURCES["Bucket"]["Properties"]["CorsConfiguration"]["CorsRules"]
    address = TEMPLATE["Outputs"]["Url"]["Value"]
    assert rule["AllowedOrigins"] == [address]
    assert "PUT" not in rule["AllowedMethods"]
    for name in set(HTTP) - {"PaymentsFunction"}:  # which links to nothing
        assert FUNCTIONS[name]["Environment"]["Variables"]["PUBLIC_URL"] == address


def test_the_site_runs_no_script_and_no_style_that_is_not_its_own() -> None:
    """And may reach nothing but its own host and, on AWS, the bucket that signed forms are sent to."""
    headers = RESOURCES["SiteHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    policy = headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    assert "'unsafe-inline'" not in policy
    assert "'unsafe-eval'" not in policy
    bucket = " https://*.s3.${AWS::Region}.${AWS::URLSuffix}"
    assert directives(policy.replace(bucket, "")) == directives(POLICY)


def test_the_site_has_the_headers_that_it_has_on_one_machine() -> None:
    config = RESOURCES["SiteHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    security, own = config["SecurityHeadersConfig"], config["CustomHeadersConfig"]["Items"]
    given = {item["Header"]: item["Value"] for item in own}
    given["Referrer-Policy"] = security["ReferrerPolicy"]["ReferrerPolicy"]
    given["X-Content-Type-Options"] = "nosniff" if "ContentTypeOptions" in security else ""
    assert given == {name: value for name, value in HEADERS.items() if name != "Content-Security-Policy"}


def test_other_hosts_of_a_domain_are_left_to_their_owner() -> None:
    for policy in of_type("AWS::CloudFront::ResponseHeadersPolicy").values():
        tls = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]["StrictTransportSecurity"]
        assert tls["IncludeSubdomains"] is False


def directives(policy: str) -> dict[str, set[str]]:
    return {name: set(values) for name, *values in map(str.split, policy.split(";"))}


def test_the_edge_logs_neither_paths_nor_queries_nor_what_else_may_hold_a_token() -> None:
    fields = set(RESOURCES["EdgeLogDelivery"]["Properties"]["RecordFields"])
    assert not fields & {"cs-uri-stem", "cs-uri-query", "cs(Referer)", "cs(Cookie)", "x-forwarded-for"}
    assert "Logging" not in EDGE  # the older kind, whose fields nobody can choose


def test_the_gateway_logs_neither_paths_nor_queries() -> None:
    line = RESOURCES["HttpStage"]["Properties"]["AccessLogSettings"]["Format"]
    assert set(json.loads(line)) == {"request", "ip", "method", "route", "status", "ms"}
    assert not {"$context.path", "$context.requestOverride"} & set(json.loads(line).values())
