"""What who starts the service keeps in the embedded Secrets Manager, and nowhere else."""

from __future__ import annotations

from typing import Any


def keep_secret(secrets_manager: Any, name: str, value: str) -> str:
    """The ARN of the secret of that name, which holds this value from now on; empty without one, and then an older one
    is deleted."""
    missing = secrets_manager.exceptions.ResourceNotFoundException
    try:
        if not value:
            secrets_manager.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
            return ""
        return str(secrets_manager.put_secret_value(SecretId=name, SecretString=value)["ARN"])
    except missing:
        return str(secrets_manager.create_secret(Name=name, SecretString=value)["ARN"]) if value else ""
