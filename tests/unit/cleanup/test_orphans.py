"""Where the walk over the bucket goes on, and when it doubts what it sees."""

from __future__ import annotations

import pytest

from cleanup.orphans import FOLDERS, first_of, folder_after, is_doubtful


def test_the_walk_goes_through_each_folder_once() -> None:
    folder: str | None = FOLDERS[0]
    seen = []
    while folder is not None:
        seen.append(folder)
        folder = folder_after(folder)
    assert seen == list(FOLDERS)


def test_a_walk_within_a_folder_that_there_is_no_more_begins_anew() -> None:
    assert folder_after("photographs") == FOLDERS[0]


def test_behind_the_last_folder_there_is_no_place() -> None:
    assert first_of(folder_after(FOLDERS[-1])) is None


@pytest.mark.parametrize(
    ("missing", "owners", "is_doubted"), [(100, 100, False), (101, 101, True), (101, 202, False), (600, 1000, True)]
)
def test_most_of_many_jobs_without_a_row_are_doubted(missing: int, owners: int, is_doubted: bool) -> None:
    assert is_doubtful(missing, owners) == is_doubted
