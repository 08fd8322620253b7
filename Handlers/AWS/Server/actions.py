"""Which actions of AWS's policies a request takes, and on which resources.

Source: AWS Service Authorization Reference, "Actions, resources, and condition keys" of each service.
"""

import json
import re
from urllib.parse import parse_qsl, unquote, urlsplit

ACCOUNT = "123456789012"
# Operations whose action has another name.
RENAMED = {"SendMessageBatch": "SendMessage", "DeleteMessageBatch": "DeleteMessage", "PublishBatch": "Publish"}
# What each change of a transaction is.
CHANGES = {"Put": "PutItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem", "Update": "UpdateItem"}


def taken(service, region, method, uri, headers, body):
    """The actions of a request, each with its resource."""
    if service == "s3":
        return of_objects(method, uri, headers)

    def resource(name):
        return f"arn:aws:{service}:{region}:{ACCOUNT}:{name}"

    if service == "lambda":
        path = urlsplit(uri)
        qualifier = dict(parse_qsl(path.query)).get("Qualifier")
        function = unquote(path.path.split("/")[3]) + (f":{qualifier}" if qualifier else "")
        return [("lambda:InvokeFunction", resource(f"function:{function}"))]
    if service == "sns":
        form = dict(parse_qsl(body.decode()))
        operation = form["Action"]
        name = resource(form["Name"]) if "Name" in form else form.get("TopicArn", "*")
        return [(f"sns:{RENAMED.get(operation, operation)}", name)]
    operation = headers.get("x-amz-target", "").rpartition(".")[2]
    if not operation:
        return []
    document = json.loads(body)

    if service == "dynamodb":
        if operation == "TransactWriteItems":
            changes = [(kind, change) for item in document["TransactItems"] for kind, change in item.items()]
            return [(f"dynamodb:{CHANGES[kind]}", resource(f"table/{change['TableName']}")) for kind, change in changes]
        tables = [document["TableName"]] if "TableName" in document else list(document.get("RequestItems", {}))
        return [(f"dynamodb:{operation}", resource(f"table/{table}")) for table in tables]
    if service == "sqs":
        name = document.get("QueueName") or document.get("QueueUrl", "*").rpartition("/")[2]
        # Tags that a queue is made with take an action of their own.
        also = [("sqs:TagQueue", resource(name))] if operation == "CreateQueue" and document.get("tags") else []
        return [(f"sqs:{RENAMED.get(operation, operation)}", resource(name))] + also
    if service == "secretsmanager":
        name = document.get("SecretId") or document.get("Name", "*")
        return [(f"secretsmanager:{operation}", name if name.startswith("arn:") else resource(f"secret:{name}-??????"))]
    if service == "ssm":
        return [(f"ssm:{operation}", resource("parameter/" + document.get("Name", "*").lstrip("/")))]
    if service == "kms" and "KeyId" in document:
        name = document["KeyId"]
        return [(f"kms:{operation}", name if name.startswith("arn:") else resource(f"key/{name}"))]
    return [(f"{service}:{operation}", "*")]


def of_objects(method, uri, headers):
    split = urlsplit(uri)
    bucket, _, key = unquote(split.path)[1:].partition("/")
    query = dict(parse_qsl(split.query, keep_blank_values=True))
    if not key:
        action = {"PUT": "CreateBucket", "DELETE": "DeleteBucket"}.get(method, "ListBucket")
        if "uploads" in query:
            action = "ListBucketMultipartUploads"
        if "versions" in query:
            action = "ListBucketVersions"
        return [(f"s3:{action}", f"arn:aws:s3:::{bucket}")]
    objects = f"arn:aws:s3:::{bucket}/*"
    if method == "DELETE":
        return [("s3:AbortMultipartUpload" if "uploadId" in query else "s3:DeleteObject", objects)]
    if method in ("GET", "HEAD"):
        return [("s3:ListMultipartUploadParts" if "uploadId" in query else "s3:GetObject", objects)]
    taken = [("s3:PutObject", objects)]
    if "x-amz-copy-source" in headers:
        source = re.match(r"/?([^/]+)/", unquote(headers["x-amz-copy-source"]))[1]
        taken.append(("s3:GetObject", f"arn:aws:s3:::{source}/*"))
    return taken
