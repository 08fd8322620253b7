"""What tests want of topics besides moto's: an address that takes what is pushed, certificates, and batches of which something
is left out.

Sources: Amazon SNS API Reference, "PublishBatch"; Amazon SNS Developer Guide, "HTTP/HTTPS endpoints".
"""

import collections
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from moto.core import DEFAULT_ACCOUNT_ID
from moto.sns import sns_backends

_pushed = collections.defaultdict(list)


def operation(headers, body):
    """The operation of a request that is a form; empty for another one."""
    if not headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return ""
    return dict(parse_qsl(body.decode("utf-8", "replace"))).get("Action", "")


def push(method, uri, body):
    """Takes what is pushed to an address, or says what was."""
    name = urlsplit(uri).path
    if method == "POST":
        _pushed[name].append(body.decode())
    return _pushed[name]


def certificate(region, name):
    """The certificate that moto signed a message with; empty for none."""
    return sns_backends[DEFAULT_ACCOUNT_ID][region]._message_public_keys.get(name, b"")


def leave(body, count):
    """A batch without its last entries, and their names."""
    pairs = parse_qsl(body.decode(), keep_blank_values=True)
    ids = {name.split(".")[2]: value for name, value in pairs if re.fullmatch(r".*\.member\.\d+\.Id", name)}
    left = sorted(ids, key=int)[-count:]
    kept = [(name, value) for name, value in pairs if ".member." not in name or name.split(".")[2] not in left]
    return urlencode(kept).encode(), [ids[number] for number in left]


def with_left(answer, ids):
    status, headers, content = answer
    members = "".join(
        f"<member><Id>{id}</Id><Code>Throttled</Code><SenderFault>false</SenderFault></member>" for id in ids)
    content = re.sub(r"<Failed\s*/>|<Failed></Failed>", "", content.decode())
    content = content.replace("</PublishBatchResult>", f"<Failed>{members}</Failed></PublishBatchResult>").encode()
    headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    return status, headers + [("Content-Length", str(len(content)))], content
