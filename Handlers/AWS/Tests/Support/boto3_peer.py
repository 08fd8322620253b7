"""Reads with boto3 what Aura wrote and says what it saw; then writes something of its own.

    boto3_peer.py objects BUCKET   reads every object, and writes the same keys below 'boto3/'
    boto3_peer.py items TABLE      reads every item, and stores some of its own in the partition 'boto3'
    boto3_peer.py messages QUEUE   receives every message, and sends some of its own
    boto3_peer.py topics REGION/TOPIC/SUBSCRIPTION  receives every message of the subscription, and publishes one of its own
    boto3_peer.py secrets NAME     stores secrets and a parameter, and makes a key
    boto3_peer.py rotate KEY       rotates a key
"""

import hashlib
import io
import json
import sys
from decimal import Decimal

import boto3
from boto3.s3.transfer import TransferConfig


def objects(bucket):
    client = boto3.client("s3")
    seen = {}
    keys = [entry["Key"] for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 3})
            for entry in page.get("Contents", [])]
    for key in keys:
        answer = client.get_object(Bucket=bucket, Key=key)
        body = answer["Body"].read()
        if key == "large":
            seen[key] = hashlib.sha256(body).hexdigest()
            config = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
            client.upload_fileobj(io.BytesIO(body[::-1]), bucket, "boto3/large", Config=config)
            seen["boto3/large"] = hashlib.sha256(body[::-1]).hexdigest()
            continue
        number = answer["Metadata"]["number"]
        seen[key] = f"{body.decode()} {answer['ContentType']} {number}"
        client.put_object(Bucket=bucket, Key=f"boto3/{key}", Body=f"by boto3 {number}".encode(), Metadata={"number": number})
    return seen


def plain(value):
    """A value of boto3's as JSON has it."""
    if isinstance(value, Decimal):
        return str(value)
    if hasattr(value, "value"):
        return value.value.hex()
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list) else value


def items(name):
    table = boto3.resource("dynamodb").Table(name)
    seen = {item["sk"]: json.dumps(plain(item), sort_keys=True, ensure_ascii=False) for item in table.scan()["Items"]}
    table.put_item(Item={"pk": "boto3", "sk": "1", "n": 7, "price": Decimal("1.25"), "big": Decimal("1E+20"), "tags": {"a", "b"},
                         "data": b"\x00\xff", "none": None, "map": {"list": [True, "text"]}})
    table.put_item(Item={"pk": "boto3", "sk": "2", "aura:expires": 1})
    return seen


def drained(client, url):
    """The messages of a queue and their attributes, which are deleted."""
    seen = {}
    while True:
        received = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]).get("Messages", [])
        if not received:
            break
        for message in received:
            attributes = {name: value.get("StringValue", "") for name, value in message.get("MessageAttributes", {}).items()}
            seen[message["Body"]] = json.dumps(attributes, sort_keys=True)
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return seen


def messages(name):
    client = boto3.client("sqs")
    url = client.get_queue_url(QueueName=name)["QueueUrl"]
    seen = drained(client, url)
    client.send_message(QueueUrl=url, MessageBody="by boto3 é", MessageAttributes={"a": {"DataType": "Number", "StringValue": "7"}})
    return seen


def topics(names):
    region, topic, subscription = names.split("/")
    queues, client = boto3.client("sqs", region_name=region), boto3.client("sns", region_name=region)
    seen = drained(queues, queues.get_queue_url(QueueName=subscription)["QueueUrl"])
    arn = next(found["TopicArn"] for found in client.list_topics()["Topics"] if found["TopicArn"].endswith(f":{topic}"))
    number = {"DataType": "Number", "StringValue": "7"}
    client.publish(TopicArn=arn, Message="by boto3 é", Subject="s", MessageAttributes={"a": number})
    return seen


def secrets(name):
    manager = boto3.client("secretsmanager")
    manager.create_secret(Name=name, SecretString="the secret é")
    manager.create_secret(Name=f"{name}/json", SecretString=json.dumps({"user": "app", "password": "the member é"}))
    manager.create_secret(Name=f"{name}/bytes", SecretBinary=b"\xff\x00")
    boto3.client("ssm").put_parameter(Name=f"/{name}", Value="the parameter é", Type="SecureString")
    return {"key": boto3.client("kms").create_key()["KeyMetadata"]["KeyId"]}


def rotate(key):
    boto3.client("kms").rotate_key_on_demand(KeyId=key)
    return {}


kinds = {
    "objects": objects, "items": items, "messages": messages, "topics": topics, "secrets": secrets, "rotate": rotate,
}
print(json.dumps(kinds[sys.argv[1]](sys.argv[2])))
