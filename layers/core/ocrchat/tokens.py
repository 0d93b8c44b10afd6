"""API tokens, and the random names and codes beside them. Pure.

    ocrc_ + 43 characters + 6 characters
            HMAC    CRC32 of all that stands before

A token is derived from a secret of the service, so that an account's owner can be shown it again, and stored as its
digest alone: docs/adr/0009-tokens-are-derived.md. Prefix and checksum let scanners of repositories find a leaked one,
and let a mistyped one be refused without a look into the table.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
import zlib

PREFIX = "ocrc_"

_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_BODY = 43  # 62**43 > 2**256
_CHECK = 6  # 62**6 > 2**32
_LIKE_A_TOKEN = re.compile(rf"{PREFIX}[0-9A-Za-z]+")
_TOKEN = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{_BODY + _CHECK}}}")

_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_ID = 20  # 100 random bits
_CODE_BYTES = 32
_CODE = re.compile(r"[A-Za-z0-9_-]{43}")


def derive(secret: str, account: str, token_id: str, version: int) -> str:
    """The token of that id; rotation raises its version."""
    message = f"token|{account}|{token_id}|{version}"
    mac = hmac.digest(secret.encode(), message.encode(), "sha256")
    body = PREFIX + _base62(int.from_bytes(mac), _BODY)
    return body + _checksum(body)


def is_well_formed(token: str) -> bool:
    """Whether a token of this service may look like that."""
    return bool(_TOKEN.fullmatch(token)) and _checksum(token[:-_CHECK]) == token[-_CHECK:]


def hidden(text: str) -> str:
    """`text` without the tokens in it, for a log."""
    return _LIKE_A_TOKEN.sub("[token]", text)


def digest(token: str) -> str:
    """SHA-256 as 64 hexadecimal digits: what is stored of tokens, codes and sessions."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_id(kind: str) -> str:
    """A random name such as `acct_` and 20 characters."""
    return f"{kind}_" + "".join(secrets.choice(_BASE32) for _ in range(_ID))


def new_code() -> str:
    """A secret of 256 random bits for a link or a session, safe in URLs and cookies."""
    return secrets.token_urlsafe(_CODE_BYTES)


def is_code(text: str) -> bool:
    return bool(_CODE.fullmatch(text))


def _checksum(text: str) -> str:
    return _base62(zlib.crc32(text.encode()), _CHECK)


def _base62(number: int, width: int) -> str:
    digits = ""
    for _ in range(width):
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return digits
