"""AWS's services on loopback for the tests: moto behind a strict check of every signature, made with botocore's signer.

    store.py PORT

The check rebuilds each signature from what arrived, also those of chunks and trailers, and checks bodies against the
checksums that came with them. What S3's reference says of conditions and moto leaves out is done here, and in services.py what
it leaves out of other services. Faults are asked for over HTTP, by those who test:

    POST /_store/keys   {"ACCESS KEY": {"secret": "…", "token": "…" or null, "expired": true or false}}
    POST /_store/faults [{"match": "PUT /bucket/key", "times": 1, "status": 503, …}]   see class Fault
    POST /_store/clock  {"ahead": SECONDS}    of the check of dates
    POST /_store/time   {"pass": SECONDS}     of what hides and delays messages
    POST /_store/forget                       which actions were taken
    POST /_store/reset
    GET  /_store        what was asked for so far, and which actions of AWS's policies that took
    GET  /_store/noted/FUNCTION             what a function has noted
    GET  /_store/certificates/REGION/NAME   what a message was signed with
    POST /_push/ADDRESS                     takes what a topic pushes, which GET says
"""

import base64
import collections
import datetime
import email.utils
import hashlib
import hmac
import io
import json
import logging
import re
import socket
import struct
import sys
import threading
import time
import xml.sax.saxutils
import zlib
from urllib.parse import parse_qsl, unquote, urlsplit

import crc32c
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, run_simple

import actions
import functions
import services
import topics

LONGEST_SKEW = 900
EMPTY = hashlib.sha256(b"").hexdigest()


class Refusal(Exception):
    """What S3 answers a request with that it does not carry out."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Fault:
    """What happens to requests whose method and address match a pattern.

    status, headers, code: they are answered so, and not carried out.
    drop: "before" or "after" they are carried out the connection is reset.
    truncate: their answer breaks off after so many bytes. corrupt: one byte of its body is another.
    leave: so many entries of a batch are left out. skip: so many of them pass first.
    delay: they wait so many seconds first, or until other faults are asked for.
    times: how many are hit.
    """

    def __init__(self, wanted):
        self.match = re.compile(wanted["match"])
        self.over = threading.Event()
        self.skip, self.times = wanted.get("skip", 0), wanted.get("times", 1)
        self.wanted = wanted

    def hits(self, line):
        if self.times <= 0 or not self.match.search(line):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= 1
        return True


class Store:
    def __init__(self, app):
        self.app = app
        # Conditions are judged together with the change: one request at a time.
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        self.keys = {"AKIDEXAMPLE": {"secret": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "token": None}}
        self.faults, self.ahead = [], 0
        self.requests, self.refusals = [], collections.Counter()
        self.last_refusal = ""
        self.actions = set()

    @property
    def now(self):
        return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=self.ahead)

    def __call__(self, environ, start_response):
        uri = environ.get("REQUEST_URI") or environ["RAW_URI"]
        method = environ["REQUEST_METHOD"]
        body = read_body(environ)
        if uri.startswith("/_push/"):
            # Not under the lock: it is moto itself that pushes.
            content = json.dumps(topics.push(method, uri, body)).encode()
            start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
            return [content]
        if uri.startswith("/_store"):
            return self.control(method, uri, body, start_response)
        line = f"{method} {uri}"
        target = environ.get("HTTP_X_AMZ_TARGET")
        if target:
            line += f" {target}"
            # moto reads strongly whatever is asked for.
            if b'"ConsistentRead":true' in body.replace(b" ", b""):
                line += " strong"
        elif action := topics.operation(request_headers(environ), body):
            line += f" {action}"
        with self.lock:
            fault = next((f for f in self.faults if f.hits(line)), None)
            self.requests.append(line)
        wanted = fault.wanted if fault else {}
        if "delay" in wanted:
            fault.over.wait(wanted["delay"])
        if wanted.get("drop") == "before":
            return reset_connection(environ)
        try:
            if "status" in wanted:
                raise Refusal(wanted["status"], wanted.get("code", ""), "asked for by a test")
            headers = request_headers(environ)
            if target:
                answer = services.answer(self, environ, uri, headers, body, wanted)
            else:
                with self.lock:
                    answer = self.answer(environ, method, uri, headers, body, wanted)
        except Refusal as refusal:
            self.refusals[refusal.code] += 1
            self.last_refusal = f"{line}: {refusal.code}: {refusal.message}"
            if uri.startswith("/2015-03-31/functions/"):
                answer = functions.refusal_answer(refusal)
            else:
                answer = services.refusal_answer(refusal) if target else refusal_answer(refusal, method)
        status, headers, content = answer
        if wanted.get("drop") == "after":
            return reset_connection(environ)
        headers = [(name, value) for name, value in headers if name.lower() not in ("date", "connection")]
        headers += list(wanted.get("headers", {}).items())
        if wanted.get("corrupt") and content:
            content = bytes([content[0] ^ 1]) + content[1:]
        start_response(status, headers)
        if "truncate" in wanted:
            return truncated(content[:wanted["truncate"]], environ)
        return [content]

    def answer(self, environ, method, uri, headers, body, wanted):
        service, body = self.check_request(method, uri, headers, body)
        if service == "lambda":
            return functions.answer(Refusal, uri, headers, body)
        left = None
        if service == "sns" and "leave" in wanted:
            body, left = topics.leave(body, wanted["leave"])
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        # moto takes chunks apart once more where it is told of them.
        if headers.get("x-amz-content-sha256", "").startswith("STREAMING-"):
            environ["HTTP_X_AMZ_CONTENT_SHA256"] = hashlib.sha256(body).hexdigest()
            for name in ("HTTP_X_AMZ_TRAILER", "HTTP_X_AMZ_DECODED_CONTENT_LENGTH"):
                environ.pop(name, None)
            if environ.get("HTTP_CONTENT_ENCODING") == "aws-chunked":
                del environ["HTTP_CONTENT_ENCODING"]
        if service == "s3":
            uri = in_path_style(uri, environ)
            headers = request_headers(environ)
            refuse_what_moto_would_not(method, uri, headers, body)
            changed = change_what_moto_cannot(method, uri, headers, environ)
            if changed is not None:
                return changed
        status, answer_headers, content = self.carry_out(environ)
        if method == "HEAD":
            content = b""
        elif not any(name.lower() == "content-length" for name, _ in answer_headers):
            answer_headers = answer_headers + [("Content-Length", str(len(content)))]
        return topics.with_left((status, answer_headers, content), left) if left else (status, answer_headers, content)

    def carry_out(self, environ):
        """What moto answers."""
        captured = []
        content = b"".join(self.app(environ, lambda status, headers, *rest: captured.append((status, headers))))
        return *captured[0], content

    # What proves who calls, and that the bytes are the sender's

    def check_request(self, method, uri, headers, body):
        split = urlsplit(uri)
        query = parse_qsl(split.query, keep_blank_values=True)
        parameters = dict(query)
        authorization = headers.get("authorization")
        if authorization:
            algorithm, _, rest = authorization.partition(" ")
            fields = dict(field.strip().split("=", 1) for field in rest.split(","))
            credential, names, signature = fields["Credential"], fields["SignedHeaders"], fields["Signature"]
            date, token = headers.get("x-amz-date", ""), headers.get("x-amz-security-token")
        elif "X-Amz-Signature" in parameters:
            algorithm, credential = parameters["X-Amz-Algorithm"], parameters["X-Amz-Credential"]
            names, signature = parameters["X-Amz-SignedHeaders"], parameters["X-Amz-Signature"]
            date, token = parameters["X-Amz-Date"], parameters.get("X-Amz-Security-Token")
        elif parameters.get("Action") == "AssumeRoleWithWebIdentity" or b"AssumeRoleWithWebIdentity" in body[:200]:
            return "sts", body
        else:
            raise Refusal(403, "MissingAuthenticationToken", "there is no signature")
        if algorithm != "AWS4-HMAC-SHA256":
            raise Refusal(400, "InvalidRequest", f"the algorithm is {algorithm}")
        access_key, day, region, service, end = credential.split("/")
        if end != "aws4_request" or day != date[:8]:
            raise Refusal(403, "SignatureDoesNotMatch", f"the scope is {credential}")
        secret = self.secret(access_key, token)
        self.check_date(date, None if authorization else int(parameters["X-Amz-Expires"]))
        signed_names = names.split(";")
        if signed_names != sorted(signed_names) or "host" not in signed_names:
            raise Refusal(403, "SignatureDoesNotMatch", f"the signed headers are {names}")
        for name in headers:
            if name.startswith("x-amz-") and name not in signed_names:
                raise Refusal(403, "AccessDenied", f"the header {name} is not signed")
        request = AWSRequest(
            method=method,
            url=f"http://{headers['host']}{split.path}",
            params=Parameters(query),
            data=body,
            headers={name: headers[name] for name in signed_names},
        )
        request.context["timestamp"] = date
        kind = S3SigV4Auth if service == "s3" else SigV4Auth
        signer = kind(Credentials(access_key, secret), service, region)
        claim = headers.get("x-amz-content-sha256")
        if not authorization:
            request.headers["X-Amz-Content-SHA256"] = "UNSIGNED-PAYLOAD"
            every = signer.headers_to_sign

            def without_hash(request):
                headers = every(request)
                del headers["x-amz-content-sha256"]
                return headers

            signer.headers_to_sign = without_hash
        elif service == "s3" and claim is None:
            raise Refusal(400, "MissingSecurityHeader", "x-amz-content-sha256")
        canonical = signer.canonical_request(request)
        text = signer.string_to_sign(request, canonical)
        if not hmac.compare_digest(signer.signature(text, request), signature):
            raise Refusal(403, "SignatureDoesNotMatch", canonical)
        key = signing_key(secret, day, region, service)
        body, trailer = decoded_body(headers, body, claim, key, date, f"{day}/{region}/{service}/aws4_request", signature)
        check_sums({**headers, **trailer}, body)
        self.actions.update(actions.taken(service, region, method, uri, headers, body))
        return service, body

    def secret(self, access_key, token):
        known = self.keys.get(access_key)
        if known is None:
            # Those that moto's STS made.
            from moto.iam.models import iam_backends
            from moto.sts.models import sts_backends

            roles = [r for b in sts_backends.values() for p in b.values() for r in p.assumed_roles]
            role = next((r for r in roles if r.access_key_id == access_key), None)
            if role is None:
                raise Refusal(403, "InvalidAccessKeyId", access_key)
            known = {"secret": role.secret_access_key, "token": role.session_token}
        if known.get("token") and token != known["token"]:
            raise Refusal(403, "InvalidToken", "the session token is another one")
        if known.get("expired"):
            raise Refusal(400, "ExpiredToken", "the token has expired")
        return known["secret"]

    def check_date(self, date, seconds):
        moment = datetime.datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
        age = (self.now - moment).total_seconds()
        if seconds is None and abs(age) > LONGEST_SKEW:
            raise Refusal(403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.")
        if seconds is not None and (age > seconds or age < -LONGEST_SKEW):
            raise Refusal(403, "AccessDenied", "Request has expired")

    # What tests ask for

    def control(self, method, uri, body, start_response):
        with self.lock:
            if method == "POST":
                wanted = json.loads(body) if body else None
                if uri == "/_store/keys":
                    self.keys.update(wanted)
                elif uri == "/_store/faults":
                    for fault in self.faults:
                        fault.over.set()
                    self.faults = [Fault(fault) for fault in wanted]
                elif uri == "/_store/clock":
                    self.ahead = wanted["ahead"]
                elif uri == "/_store/time":
                    services.pass_time(wanted["pass"])
                elif uri == "/_store/forget":
                    self.actions.clear()
                elif uri == "/_store/reset":
                    self.reset()
            state = {"requests": self.requests, "refusals": self.refusals, "lastRefusal": self.last_refusal,
                     "actions": [{"action": action, "resource": resource} for action, resource in sorted(self.actions)]}
            if uri.startswith("/_store/noted/"):
                state = functions.noted(uri.rpartition("/")[2])
            content = json.dumps(state).encode()
            if uri.startswith("/_store/certificates/"):
                content = topics.certificate(*uri.split("/")[-2:])
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
        return [content]


class Parameters(dict):
    """A query in its order, for botocore, which encodes it anew: one that was not encoded as it should be is refused."""

    def __init__(self, pairs):
        self.pairs = [(name, value) for name, value in pairs if name != "X-Amz-Signature"]
        super().__init__(self.pairs)

    def items(self):
        return self.pairs


def in_path_style(uri, environ):
    """The address with the bucket in its path, where it stands in the host's name: BUCKET.localhost."""
    bucket, stands_there, port = environ["HTTP_HOST"].partition(".localhost")
    if not stands_there:
        return uri
    environ["HTTP_HOST"] = f"localhost{port}"
    environ["PATH_INFO"] = f"/{bucket}{environ['PATH_INFO']}"
    environ["REQUEST_URI"] = environ["RAW_URI"] = f"/{bucket}{uri}"
    return environ["REQUEST_URI"]


def read_body(environ):
    length = environ.get("CONTENT_LENGTH")
    if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
        return environ["wsgi.input"].read()
    return environ["wsgi.input"].read(int(length)) if length else b""


def request_headers(environ):
    headers = {}
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            headers[name[5:].replace("_", "-").lower()] = " ".join(value.split())
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            headers[name.replace("_", "-").lower()] = environ[name]
    return headers


def signing_key(secret, day, region, service):
    key = ("AWS4" + secret).encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def decoded_body(headers, body, claim, key, date, scope, seed):
    """The bytes of a body, and the headers after it."""
    if claim is None or claim == "UNSIGNED-PAYLOAD":
        return body, {}
    if not claim.startswith("STREAMING-"):
        if claim != hashlib.sha256(body).hexdigest():
            raise Refusal(400, "XAmzContentSHA256Mismatch", claim)
        return body, {}
    is_signed, has_trailer = "HMAC" in claim, claim.endswith("-TRAILER")
    decoded, previous, offset = b"", seed, 0

    def sign(*lines):
        text = "\n".join([lines[0], date, scope, previous, *lines[1:]])
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    while True:
        end = body.index(b"\r\n", offset)
        size, _, extension = body[offset:end].partition(b";")
        count = int(size, 16)
        chunk = body[end + 2:end + 2 + count]
        offset = end + 2 + count
        if is_signed:
            signature = sign("AWS4-HMAC-SHA256-PAYLOAD", EMPTY, hashlib.sha256(chunk).hexdigest())
            if extension != b"chunk-signature=" + signature.encode():
                raise Refusal(403, "SignatureDoesNotMatch", f"a chunk of {count} bytes")
            previous = signature
        decoded += chunk
        if count == 0:
            break
        if count < 8192 and int(headers["x-amz-decoded-content-length"]) != len(decoded):
            raise Refusal(403, "InvalidChunkSizeError", f"a chunk of {count} bytes is not the last one")
        if body[offset:offset + 2] != b"\r\n":
            raise Refusal(400, "IncompleteBody", "a chunk does not end")
        offset += 2
    if len(decoded) != int(headers["x-amz-decoded-content-length"]):
        raise Refusal(400, "IncompleteBody", f"{len(decoded)} bytes")
    lines = [line for line in body[offset:].decode().split("\r\n") if line]
    trailer = dict(line.split(":", 1) for line in lines)
    if has_trailer:
        if is_signed:
            given = trailer.pop("x-amz-trailer-signature")
            text = "".join(f"{name}:{value}\n" for name, value in sorted(trailer.items()))
            if given != sign("AWS4-HMAC-SHA256-TRAILER", hashlib.sha256(text.encode()).hexdigest()):
                raise Refusal(403, "SignatureDoesNotMatch", "the trailer")
        if sorted(trailer) != sorted(headers["x-amz-trailer"].split(",")):
            raise Refusal(400, "MalformedTrailerError", str(sorted(trailer)))
    return decoded, trailer


SUMS = {
    "x-amz-checksum-crc32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
    "x-amz-checksum-crc32c": lambda body: crc32c.crc32c(body).to_bytes(4, "big"),
    "x-amz-checksum-sha256": lambda body: hashlib.sha256(body).digest(),
    "content-md5": lambda body: hashlib.md5(body).digest(),
}


def check_sums(headers, body):
    # Of an upload's end it is the object's, which is checked where that is.
    if "x-amz-mp-object-size" in headers:
        return
    for name, compute in SUMS.items():
        if name in headers and headers[name] != base64.b64encode(compute(body)).decode():
            raise Refusal(400, "BadDigest", f"{name} is {headers[name]}")


# What S3 does and moto does not. Source: Amazon S3 API Reference.

def bucket_and_key(uri):
    path = unquote(urlsplit(uri).path)[1:]
    bucket, _, key = path.partition("/")
    return bucket, key


def backend():
    return s3_backends[DEFAULT_ACCOUNT_ID]["aws"]


def stored(bucket, key):
    return backend().get_object(bucket, key) if bucket in backend().buckets else None


def unquoted(tag):
    return tag.strip('"')


def refuse_what_moto_would_not(method, uri, headers, body):
    bucket, key = bucket_and_key(uri)
    if bucket not in backend().buckets or not key:
        return
    parameters = dict(parse_qsl(urlsplit(uri).query, keep_blank_values=True))
    if "x-amz-copy-source" in headers:
        source_bucket, source_key = unquote(headers["x-amz-copy-source"]).lstrip("/").split("/", 1)
        source = stored(source_bucket, source_key)
        if source is None:
            raise Refusal(404, "NoSuchKey", "the source of a copy")
        wanted = headers.get("x-amz-copy-source-if-match")
        if wanted and unquoted(wanted) != unquoted(source.etag):
            raise Refusal(412, "PreconditionFailed", "x-amz-copy-source-If-Match")
    if method == "PUT" and any(name in headers for name in ("if-match", "if-none-match")):
        check_conditions(headers, stored(bucket, key))
    if "uploadId" in parameters:
        multiparts = backend().buckets[bucket].multiparts
        upload = multiparts.get(parameters["uploadId"])
        if upload is None or upload.key_name != key:
            raise Refusal(404, "NoSuchUpload", "the upload has ended or never began")
        if method == "POST":
            check_conditions(headers, stored(bucket, key))
            check_completion(headers, upload, body)


def check_conditions(headers, found):
    if headers.get("if-none-match") == "*" and found is not None:
        raise Refusal(412, "PreconditionFailed", "If-None-Match")
    wanted = headers.get("if-match")
    if wanted is None:
        return
    if found is None:
        raise Refusal(404, "NoSuchKey", "If-Match")
    if unquoted(wanted) != unquoted(found.etag):
        raise Refusal(412, "PreconditionFailed", "If-Match")


def check_completion(headers, upload, body):
    parts = re.findall(r"<PartNumber>(\d+)</PartNumber><ETag>(.*?)</ETag>", body.decode())
    numbers = [int(number) for number, _ in parts]
    if numbers != sorted(set(numbers)):
        raise Refusal(400, "InvalidPartOrder", str(numbers))
    found = [upload.parts.get(number) for number in numbers]
    for part, (_, tag) in zip(found, parts):
        if part is None or unquoted(xml.sax.saxutils.unescape(tag, {"&quot;": '"'})) != unquoted(part.etag):
            raise Refusal(400, "InvalidPart", str(numbers))
    if any(len(part.value) < 5 << 20 for part in found[:-1]):
        raise Refusal(400, "EntityTooSmall", str(numbers))
    whole = b"".join(part.value for part in found)
    if int(headers.get("x-amz-mp-object-size", len(whole))) != len(whole):
        raise Refusal(400, "InvalidRequest", "x-amz-mp-object-size")
    for name, compute in SUMS.items():
        if name in headers and headers[name] != base64.b64encode(compute(whole)).decode():
            raise Refusal(400, "BadDigest", name)


def change_what_moto_cannot(method, uri, headers, environ):
    """An answer in moto's place, or None."""
    bucket, key = bucket_and_key(uri)
    if method == "GET" and key and headers.get("range") and "uploadId" not in urlsplit(uri).query:
        found = stored(bucket, key)
        match = re.fullmatch(r"bytes=(\d+)-(\d*)", headers["range"])
        if found is not None and match and int(match[1]) >= len(found.value):
            raise Refusal(416, "InvalidRange", headers["range"])
        if match and match[2]:
            # moto takes no numbers beyond the end that are too large for a file.
            environ["HTTP_RANGE"] = f"bytes={match[1]}-{min(int(match[2]), 1 << 40)}"
    return None


def refusal_answer(refusal, method):
    text = xml.sax.saxutils.escape(refusal.message)
    content = b""
    if method != "HEAD" and refusal.status != 304 and refusal.code:
        content = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{refusal.code}</Code><Message>{text}</Message>'
            "<RequestId>TESTREQUEST</RequestId></Error>"
        ).encode()
    headers = [("Content-Type", "application/xml"), ("Content-Length", str(len(content))),
               ("x-amz-request-id", "TESTREQUEST")]
    return f"{refusal.status} Refused", headers, content


def reset_connection(environ):
    connection = environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.shutdown(socket.SHUT_RD)
    connection.close()
    raise ConnectionResetError("asked for by a test")


def truncated(content, environ):
    yield content
    connection = environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError("asked for by a test")


class Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    store = None

    def date_time_string(self, timestamp=None):
        return email.utils.format_datetime(self.store.now, usegmt=True)

    def log_request(self, *arguments):
        pass


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    application = DomainDispatcherApplication(create_backend_app)
    Handler.store = Store(application)
    run_simple("127.0.0.1", int(sys.argv[1]), Handler.store, threaded=True, request_handler=Handler)
