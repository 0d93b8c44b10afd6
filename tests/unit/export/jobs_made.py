"""The finished job that the tests of all formats begin with."""

from __future__ import annotations

from datetime import UTC, datetime

from ocrchat.jobs import Job

NOW = datetime(2026, 1, 2, 3, 5, 6, tzinfo=UTC)

JOB = Job(
    uuid="0123456789abcdef0123456789abcdef",
    account=None,
    holder="anon_1",
    filename="a.pdf",
    media_type="application/pdf",
    size=1,
    page_format="pdf",
    as_it_came=False,
    page_count=1,
    tier="cpu",
    language="auto",
    base_url="https://ocr.example.com",
    created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    price=1,
    queue="standard",
    result_hours=168,
    original_hours=24,
    status="done",
    detected_languages=("en",),
    settled_at=NOW,
)
