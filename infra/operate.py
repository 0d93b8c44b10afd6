"""What an operator does: `python -m infra.operate token|grant`, called by `make token` and `make grant`, by the
function that alone may; and `python -m infra.operate job UUID`, which only looks. For the service that runs on this
machine or, with `--aws`, one on AWS, by one's own credentials."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from infra import job
from infra.local.deploy import STACK, describe, outputs
from infra.local.service import DEFAULT_STATE
from infra.local.stack import PORT_FILE, client_of

Clients = Callable[[str], Any]


class NotDone(Exception):
    """The message is one line for the operator."""


def main() -> int:
    arguments = _arguments()
    try:
        clients = _aws if arguments.aws else _local(arguments.state)
        found = outputs(describe(clients("cloudformation"), arguments.stack))
        if arguments.command == "job":
            lines = job.told(clients, found, arguments.uuid)
        else:
            command = {"token": _token, "grant": _grant}[arguments.command]
            lines = command(partial(_invoke, clients, found["OperateFunctionName"]), arguments)
    except EndpointConnectionError as failure:
        print(failure if arguments.aws else _not_running(arguments.state), file=sys.stderr)
    except (NotDone, job.NoUuid, BotoCoreError, ClientError) as failure:
        print(failure, file=sys.stderr)
    else:
        print("\n".join(lines))
        return 0
    return 1


def _token(perform: Callable[[dict[str, Any]], dict[str, Any]], arguments: argparse.Namespace) -> list[str]:
    """A token of a new account, or of the one that has this e-mail address."""
    wanted = {"email": arguments.email, "plan": arguments.plan}
    account = perform({"do": "account", **{name: value for name, value in wanted.items() if value}})
    told = f"Account {account['account']}, plan {account['plan']}"
    if arguments.credits:
        order = {"do": "grant", "account": account["account"], "credits": arguments.credits, "reason": "with a token"}
        granted = perform(order | {"key": uuid4().hex})
        told = f"Account {account['account']}, plan {granted['plan']}, {granted['balance']} credits"
    return [told, perform({"do": "token", "account": account["account"]})["token"]]


def _grant(perform: Callable[[dict[str, Any]], dict[str, Any]], arguments: argparse.Namespace) -> list[str]:
    whose = "email" if "@" in arguments.account else "account"
    order = {"do": "grant", whose: arguments.account, "credits": arguments.credits, "reason": arguments.reason}
    done = perform(order | {"key": arguments.key or uuid4().hex})  # here, since a lost answer is asked for again
    what = f"{arguments.credits} credits granted" if done["granted"] else "That key was used before: nothing granted"
    return [f"{what}. Account {done['account']}, plan {done['plan']}, {done['balance']} credits"]


def _invoke(clients: Clients, function: str, order: dict[str, Any]) -> dict[str, Any]:
    """Raises NotDone with the function's own reason."""
    answer = clients("lambda").invoke(FunctionName=function, Payload=json.dumps(order).encode())
    result: dict[str, Any] = json.loads(answer["Payload"].read())
    if answer.get("FunctionError"):
        raise NotDone(f"The function failed: {result.get('errorMessage', result)}")
    if "error" in result:
        raise NotDone(result["error"]["message"])
    return result


def _local(state: Path) -> Clients:
    if not (state / PORT_FILE).exists():
        raise NotDone(_not_running(state))
    return partial(client_of, state)


def _not_running(state: Path) -> str:
    return f"No service runs on {state}: start it with `make serve`"


def _aws(service: str) -> Any:
    import boto3

    return boto3.client(service)


def _arguments() -> argparse.Namespace:
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("--aws", action="store_true", help="the service on AWS, not the one on this machine")
    where.add_argument("--stack", default=STACK, help="name of the CloudFormation stack")
    where.add_argument("--state", type=Path, default=DEFAULT_STATE / "serve", help="state folder of the local service")
    parser = argparse.ArgumentParser(prog="python -m infra.operate", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    token = commands.add_parser("token", parents=[where], help="print a token, alone on the last line")
    token.add_argument("--email", help="whose; without it a new account is made")
    token.add_argument("--plan", help="the account's plan from now on")
    token.add_argument("--credits", type=int, help="credits to grant first")
    grant = commands.add_parser("grant", parents=[where], help="give an account credits")
    grant.add_argument("account", help="its id or its e-mail address")
    grant.add_argument("credits", type=int)
    grant.add_argument("reason", help="what the ledger says of it")
    grant.add_argument("--key", help="grants with the same key happen once")
    one = commands.add_parser("job", parents=[where], help="tell what there is of a job; changes nothing")
    one.add_argument("uuid")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
