"""What SNS signs can be verified with the certificate that its messages name."""

import asyncio
import base64
import hashlib
import json

import pytest

from localaws.words.http import HttpRequest
from tests.unit.sns.world import FUNCTION, SnsWorld


@pytest.fixture
def world() -> SnsWorld:
    return SnsWorld()


def signed_digest(world, signature, url):
    """What is in a signature, read with the public key of the certificate at a URL."""
    signer = world.service.signer
    path = url.removeprefix("http://127.0.0.1:1")
    assert signer.admits(path)
    pem = asyncio.run(signer.download(HttpRequest("GET", path, "", {}, b""))).body.decode()
    lines = pem.strip().splitlines()
    assert (lines[0], lines[-1]) == ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----")
    certificate = base64.b64decode("".join(lines[1:-1]))
    # Two DER integers of 2048 bits in a row: the modulus and the public exponent
    start = certificate.index(b"\x02\x82\x01\x01\x00") + 5
    modulus = int.from_bytes(certificate[start : start + 256], "big")
    assert certificate[start + 256 : start + 258] == b"\x02\x82"
    length = int.from_bytes(certificate[start + 258 : start + 260], "big")
    exponent = int.from_bytes(certificate[start + 260 : start + 260 + length], "big")
    block = pow(int.from_bytes(base64.b64decode(signature), "big"), exponent, modulus)
    padded = block.to_bytes(256, "big")
    assert padded.startswith(b"\x00\x01\xff\xff")
    return padded


def text_of(content, *names):
    """https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html"""
    return "".join(f"{name}\n{content[name]}\n" for name in names).encode()


@pytest.mark.parametrize(("version", "digest"), [("1", hashlib.sha1), ("2", hashlib.sha256)])
def test_a_queue_s_envelope(world, version, digest):
    topic, queue = world.topic(SignatureVersion=version), world.queue("q")
    world.subscribe(topic, queue)
    for params, names in (
        ({"Subject": "S"}, ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")),
        ({}, ("Message", "MessageId", "Timestamp", "TopicArn", "Type")),
    ):
        world.publish(topic, "Grüße", **params)
        [message] = world.received(queue)
        envelope = json.loads(message["Body"])
        assert envelope["SignatureVersion"] == version
        padded = signed_digest(world, envelope["Signature"], envelope["SigningCertURL"])
        assert padded.endswith(digest(text_of(envelope, *names)).digest())
        world.queues.queue(queue).purge()
        world.pass_time(61)


def test_a_function_s_event_is_signed_in_the_old_way(world):
    # Given a topic of version 2 and a message with a text of its own for functions (fact D2)
    topic = world.topic(SignatureVersion="2")
    world.subscribe(topic, FUNCTION)
    texts = json.dumps({"default": "d", "lambda": "for functions"})
    world.publish(topic, texts, MessageStructure="json")
    [(_, event, _)] = world.invocations
    sns = event["Records"][0]["Sns"]
    assert (sns["SignatureVersion"], sns["Message"]) == ("1", "for functions")
    text = text_of(sns, "Message", "MessageId", "Timestamp", "TopicArn", "Type")
    padded = signed_digest(world, sns["Signature"], sns["SigningCertUrl"])
    assert padded.endswith(hashlib.sha1(text).digest())
