"""What moto leaves out of services whose requests are JSON: DynamoDB, SQS.

Sources: Amazon DynamoDB API Reference, "TransactWriteItems"; Amazon SQS API Reference, "SendMessage", "ReceiveMessage".
"""

import datetime
import io
import json
import socket
import time
import zlib

import moto.core.utils
from moto.sqs.models import DEDUPLICATION_TIME_IN_SECONDS, Queue

# How moto's messages see the time.
_passed = datetime.timedelta()
_now = moto.core.utils.utcnow
moto.core.utils.utcnow = lambda: _now() + _passed


def pass_time(seconds):
    global _passed
    _passed += datetime.timedelta(seconds=seconds)


def answer(store, environ, uri, headers, body, wanted):
    """The answer to a request, under the store's lock."""
    service, body = store.check_request("POST", uri, headers, body)
    operation = headers["x-amz-target"].rpartition(".")[2]
    document = json.loads(body)
    left = leave(operation, document, wanted["leave"]) if "leave" in wanted else None
    end = time.monotonic() + document.get("WaitTimeSeconds", 0)
    if operation == "ReceiveMessage":
        document["WaitTimeSeconds"] = 0
    body = json.dumps(document).encode()
    while True:
        with store.lock:
            # Looked at right before: what is taken for a receiver that is gone is hidden from all others.
            if operation == "ReceiveMessage" and is_gone(environ):
                raise ConnectionResetError("the receiver is gone")
            answer = once(store, environ, service, operation, document, body)
        # Waiting is done here: while moto waits, it would answer nobody else.
        if operation != "ReceiveMessage" or b'"Messages"' in answer[2] or time.monotonic() >= end:
            break
        time.sleep(0.01)
    return with_left(operation, answer, left) if left else answer


def once(store, environ, service, operation, document, body):
    token = document.get("ClientRequestToken") if operation == "TransactWriteItems" else None
    if token in _transactions:
        return _transactions[token]
    environ = dict(environ)
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    status, headers, content = store.carry_out(environ)
    if not any(name.lower() == "content-length" for name, _ in headers):
        headers = headers + [("Content-Length", str(len(content)))]
    if token and status.startswith("200"):
        _transactions[token] = (status, headers, content)
    return status, headers, content


# Those that went through, by their names: they are not carried out again.
_transactions = {}


def is_gone(environ):
    try:
        return environ["werkzeug.socket"].recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


# Batches of which something is left out

def leave(operation, document, count):
    """Takes so many entries out of a batch."""
    if operation in ("BatchWriteItem", "BatchGetItem"):
        table, wanted = next(iter(document["RequestItems"].items()))
        entries = wanted["Keys"] if operation == "BatchGetItem" else wanted
    else:
        table, entries = None, document["Entries"]
    left = entries[-count:]
    del entries[-count:]
    return table, left


def with_left(operation, answer, left):
    status, headers, content = answer
    table, entries = left
    document = json.loads(content)
    if operation == "BatchWriteItem":
        document["UnprocessedItems"] = {table: entries}
    elif operation == "BatchGetItem":
        document["UnprocessedKeys"] = {table: {"Keys": entries}}
    else:
        failed = [{"Id": entry["Id"], "Code": "ThrottlingException", "SenderFault": False} for entry in entries]
        document["Failed"] = document.get("Failed", []) + failed
    content = json.dumps(document).encode()
    headers = [(name, value) for name, value in headers if name.lower() not in ("content-length", "x-amz-crc32")]
    if operation.startswith("Batch"):
        headers.append(("x-amz-crc32", str(zlib.crc32(content))))
    return status, headers + [("Content-Length", str(len(content)))], content


def refusal_answer(refusal):
    document = {"__type": f"com.amazonaws.tests#{refusal.code}", "message": str(refusal)} if refusal.code else {}
    content = json.dumps(document).encode()
    headers = [("Content-Type", "application/x-amz-json-1.0"), ("Content-Length", str(len(content))),
               ("x-amzn-RequestId", "TESTREQUEST")]
    return f"{refusal.status} Refused", headers, content


# SQS knows the name of a message also once it was removed; moto looks among those that are there.

_add_message = Queue.add_message


def add_message(self, message):
    if self.fifo_queue and message.deduplication_id:
        known = self.__dict__.setdefault("known_names", {})
        first = known.get(message.deduplication_id)
        if first and (message.sent_timestamp - first) / 1000 < DEDUPLICATION_TIME_IN_SECONDS:
            return
        known[message.deduplication_id] = message.sent_timestamp
    _add_message(self, message)


Queue.add_message = add_message
