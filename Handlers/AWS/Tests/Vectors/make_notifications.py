"""Writes notifications.json: what SNS sends to addresses, signed by OpenSSL in both versions.

    python3 make_notifications.py > notifications.json

Source: Amazon SNS Developer Guide, "Verifying the signatures of Amazon SNS messages".
"""

import base64
import datetime
import json

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

TOPIC = "arn:aws:sns:us-east-1:123456789012:a"
key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
certificate = (
    x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    .serial_number(x509.random_serial_number()).not_valid_before(datetime.datetime(2026, 1, 1))
    .not_valid_after(datetime.datetime(2036, 1, 1)).sign(key, hashes.SHA256())
)


def document(version, members):
    kind = members["Type"]
    third = ["Subject"] if kind == "Notification" else ["SubscribeURL"]
    names = ["Message", "MessageId", *third, "Timestamp", *([] if kind == "Notification" else ["Token"]), "TopicArn", "Type"]
    text = "".join(f"{name}\n{members[name]}\n" for name in names if name in members)
    signature = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA1() if version == "1" else hashes.SHA256())
    more = {"SignatureVersion": version, "Signature": base64.b64encode(signature).decode(),
            "SigningCertURL": "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem"}
    return json.dumps({**members, **more}, ensure_ascii=False)


common = {"MessageId": "1", "TopicArn": TOPIC, "Timestamp": "2026-01-31T09:05:00.000Z"}
notification = {"Type": "Notification", "Message": "é\n\"1\"", **common}
question = {"Type": "SubscriptionConfirmation", "Message": "Confirm.", "Token": "the-token", **common,
            "SubscribeURL": "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription"}
documents = [document("1", notification), document("2", {**notification, "Subject": "s"}), document("1", question),
             document("2", {**question, "Type": "UnsubscribeConfirmation"})]
pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
print(json.dumps({"certificate": pem, "documents": documents}, indent=1))
