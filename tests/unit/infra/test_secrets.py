"""Secrets are found in files and in history. Those planted here are made anew each time, of random letters."""

from __future__ import annotations

import secrets
import string
import subprocess
from pathlib import Path

import pytest

from ocrchat import tokens

ROOT = Path(__file__).parents[3]


def random_text(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


def git(folder: Path, *arguments: str) -> None:
    author = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.com")
    subprocess.run(["git", *author, *arguments], cwd=folder, check=True, capture_output=True)


def scan(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "scripts/secrets.sh", folder], capture_output=True, text=True, check=False)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "settings.py").write_text('REGION = "eu-central-1"\n')
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "Settings")
    return tmp_path


def test_nothing_is_found_where_there_is_nothing(repository: Path) -> None:
    done = scan(repository)
    assert done.returncode == 0, done.stdout + done.stderr


def test_secrets_are_found_in_files_that_git_would_take_and_in_history_and_not_printed(repository: Path) -> None:
    aws_key = "AKIA" + random_text(string.ascii_uppercase + "234567", 16)
    aws_secret = random_text(string.ascii_letters + string.digits, 40)
    token = tokens.derive(secrets.token_hex(), "acct_a", "tok_a", 1)
    (repository / "deleted.py").write_text(f'AWS_ACCESS_KEY_ID = "{aws_key}"\nAWS_SECRET_ACCESS_KEY = "{aws_secret}"\n')
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "-m", "A mistake")
    git(repository, "rm", "--quiet", "deleted.py")
    git(repository, "commit", "--quiet", "-m", "Its end")
    (repository / "not-added.sh").write_text(f'TOKEN="{token}"\n')

    done = scan(repository)

    assert done.returncode == 1
    assert "deleted.py" in done.stdout
    assert "not-added.sh" in done.stdout
    assert not any(secret in done.stdout + done.stderr for secret in (aws_key, aws_secret, token))
