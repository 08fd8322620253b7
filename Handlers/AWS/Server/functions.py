"""AWS Lambda's Invoke as its reference describes it, with functions of this file: moto runs functions in containers alone.

A function's name is what it does, a hyphen, and a name of the caller's own:

    echo-…     answers with its payload
    failing-…  fails, and says its payload
    noting-…   notes its payload
    slow-…     runs for too long

Sources: AWS Lambda API Reference, "Invoke"; AWS Lambda Developer Guide, "Quotas", "Using aliases".
"""

import base64
import collections
import json
import re
import threading
from urllib.parse import parse_qsl, unquote, urlsplit

MOST_BYTES = {"RequestResponse": 6 << 20, "Event": 256 << 10}
VERSIONS = {"$LATEST": "$LATEST", "1": "1", "live": "1"}

_noted = collections.defaultdict(list)


class Failure(Exception):
    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


def given(body):
    event = json.loads(body)
    if isinstance(event, dict) and list(event) == ["aura.base64"]:
        return base64.b64decode(event["aura.base64"], validate=True)
    return body


def echo(name, body):
    return body


def failing(name, body):
    raise Failure("ValueError", given(body).decode())


def noting(name, body):
    _noted[name].append(base64.b64encode(given(body)).decode())
    return b'{"aura.base64":""}'


def slow(name, body):
    raise Failure("Sandbox.Timedout", "RequestId: TESTREQUEST Error: Task timed out after 3.00 seconds")


FUNCTIONS = {"echo": echo, "failing": failing, "noting": noting, "slow": slow}


def noted(name):
    return _noted[name]


def answer(refuse, uri, headers, body):
    """The answer to a signed request; `refuse` makes what is raised."""
    split = urlsplit(uri)
    match = re.fullmatch(r"/2015-03-31/functions/([^/]+)/invocations", split.path)
    name = unquote(match[1]) if match else ""
    function = FUNCTIONS.get(name.partition("-")[0])
    qualifier = dict(parse_qsl(split.query)).get("Qualifier", "$LATEST")
    if function is None or qualifier not in VERSIONS:
        raise refuse(404, "ResourceNotFoundException", f"Function not found: {name}:{qualifier}")
    kind = headers.get("x-amz-invocation-type", "RequestResponse")
    if len(body) > MOST_BYTES[kind]:
        raise refuse(413, "RequestTooLargeException", f"{len(body)} bytes")
    try:
        json.loads(body, parse_constant=lambda name: 1 / 0)
    except (ValueError, ZeroDivisionError):
        raise refuse(400, "InvalidRequestContentException", "Could not parse request body into json")
    if kind == "Event":
        threading.Thread(target=function, args=(name, body)).start()
        return "202 Accepted", [("Content-Length", "0")], b""
    answers = [("Content-Type", "application/json"), ("X-Amz-Executed-Version", VERSIONS[qualifier])]
    try:
        content = function(name, body)
    except Failure as failure:
        content = json.dumps({"errorMessage": str(failure), "errorType": failure.kind, "stackTrace": []}).encode()
        answers.append(("X-Amz-Function-Error", "Unhandled"))
    if headers.get("x-amz-log-type") == "Tail":
        log = f"START RequestId: TESTREQUEST\nthe log of {name}\nEND RequestId: TESTREQUEST\n"
        answers.append(("X-Amz-Log-Result", base64.b64encode(log.encode()).decode()))
    return "200 OK", answers + [("Content-Length", str(len(content)))], content


def refusal_answer(refusal):
    content = json.dumps({"Type": "User", "Message": str(refusal)}).encode()
    return f"{refusal.status} Refused", [
        ("Content-Type", "application/json"), ("Content-Length", str(len(content))), ("x-amzn-ErrorType", refusal.code),
        ("x-amzn-RequestId", "TESTREQUEST")], content
