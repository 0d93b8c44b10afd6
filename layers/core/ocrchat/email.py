"""E-mail addresses, in the one form in which they are compared, stored and written to."""

from __future__ import annotations

import re
import unicodedata

from ocrchat.errors import ParameterInvalid

LONGEST = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets
_LONGEST_LOCAL = 64  # section 4.5.3.1.1

_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
"""A dot-atom (RFC 5322, section 3.2.3): quoted and non-ASCII ones are not taken by SES."""

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"({_LABEL}\.)+(?=[a-z0-9-]*[a-z]){_LABEL}")
"""At least two labels, the last one not a number."""


def normalised(text: str) -> str:
    """The address trimmed, in lower case, its domain in ASCII. Raises ParameterInvalid."""
    address = text.strip()
    local, at, domain = address.partition("@")
    if len(address) > LONGEST or not at or "@" in domain:
        raise _invalid()
    result = f"{local.lower()}@{_ascii_domain(domain)}"
    local, _, domain = result.partition("@")
    if (
        len(result) > LONGEST
        or len(local) > _LONGEST_LOCAL
        or not _LOCAL.fullmatch(local)
        or not _DOMAIN.fullmatch(domain)
    ):
        raise _invalid()
    return result


def _ascii_domain(domain: str) -> str:
    """IDNA 2003, which Python brings. The few letters (such as ß) that it turns into others, and so into somebody
    else's domain, are not taken."""
    domain = (
        unicodedata.normalize("NFKC", domain).lower().replace("\u3002", ".")
    )  # the full stop of Chinese and Japanese
    try:
        encoded = domain.encode("idna")
        same = domain.isascii() or encoded.decode("idna") == domain
    except UnicodeError as error:
        raise _invalid() from error
    if not same:
        raise ParameterInvalid("`email` has a domain that must be written in its ASCII form, xn--…", parameter="email")
    return encoded.decode("ascii")


def _invalid() -> ParameterInvalid:
    return ParameterInvalid("`email` is an address such as name@example.com", parameter="email")
