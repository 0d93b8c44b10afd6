"""Whether a request is signed as AWS wants it: the signature is made again from the secret, and compared."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.model_server.errors import Refused

AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/bedrock/aws4_request, "
    r"SignedHeaders=([^,]+), Signature=([0-9a-f]{64})"
)


def check_signature(url: str, headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]) -> None:
    """`headers` have lower-case names; `secrets` are by access key. Raises Refused."""
    match = AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if match is None:
        raise Refused("Missing Authentication Token", 403)
    access_key, _, region, signed, signature = match.groups()
    if access_key not in secrets:
        raise Refused("The security token included in the request is invalid.", 403)
    names = signed.split(";")
    if "host" not in names or "x-amz-date" not in names:
        raise Refused("host and x-amz-date must be signed", 403)
    request = AWSRequest("POST", url, {name: headers.get(name, "") for name in names}, body)
    request.context["timestamp"] = headers["x-amz-date"]
    signer = SigV4Auth(Credentials(access_key, secrets[access_key]), "bedrock", region)
    expected = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    if not hmac.compare_digest(expected, signature):
        raise Refused("The request signature we calculated does not match the signature you provided.", 403)
