"""What is asked of an upload, and what its form is signed for."""

from __future__ import annotations

import pytest

from ocrchat.errors import ParameterInvalid
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.bucket import Bucket
from ocrchat.store.uploads_table import UploadsTable
from submit.uploads import Uploads, media_type_of, name_and_size


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("scan.pdf", "application/pdf"),
        ("SCAN.PDF", "application/pdf"),
        ("fax.tiff", "image/tiff"),
        ("fax.tif", "image/tiff"),
        ("photo.jpeg", "image/jpeg"),
        ("a.b.webp", "image/webp"),
        ("page.html", "application/octet-stream"),
        ("pdf", "application/octet-stream"),
        (".pdf", "application/octet-stream"),
        ("a.pdf ", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_a_form_is_signed_for_the_type_that_the_name_says_or_for_any(name: str, media_type: str) -> None:
    assert media_type_of(name) == media_type


def test_a_name_and_a_size_are_taken_whatever_stands_beside_them() -> None:
    assert name_and_size('{"filename": "契約.pdf", "size": 7, "more": [1]}'.encode()) == ("契約.pdf", 7)


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        (b'{"filename": "", "size": 1}', "filename"),
        (b'{"filename": null, "size": 1}', "filename"),
        (b'{"filename": "a", "size": null}', "size"),
        (b'{"filename": "a", "size": NaN}', "size"),
        (b'{"filename": "a", "size": 1e3}', "size"),
        (b'{"filename": "a", "size": false}', "size"),
    ],
)
def test_what_is_wrong_is_named(body: bytes, parameter: str) -> None:
    with pytest.raises(ParameterInvalid) as refusal:
        name_and_size(body)
    assert refusal.value.extra == {"parameter": parameter}


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"{", b"7", b"null", b"[" * 100_000, b"9" * 10_000])
def test_what_is_no_object_is_told_what_it_should_be(body: bytes) -> None:
    with pytest.raises(ParameterInvalid, match=r"filename.*size"):
        name_and_size(body)


class StoreAway:
    """An S3 that does not answer."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def delete_object(self, **request: str) -> None:
        self.asked.append(request["Key"])
        raise ConnectionError


def test_an_upload_that_cannot_be_deleted_does_not_undo_the_job_that_it_became() -> None:
    store = StoreAway()
    uploads = Uploads(UploadsTable(None, "jobs"), Bucket(store, "bucket"), BalancesTable(None, "balances"))
    uploads.clear("0" * 32)
    assert store.asked == [f"incoming/{'0' * 32}"]
