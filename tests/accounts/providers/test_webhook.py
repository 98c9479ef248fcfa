"""The webhook: signed as the standard says, dialled at public addresses alone, never redirected."""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from accounts.domain.webhook_targets import is_public
from accounts.providers import Address, Text
from accounts.providers.webhook import Webhook, new_secret, signature

TEXT = Text(id="msg_1", topic="ordering.placed", title="订单 DD-1", body="x", link="https://t.example/")


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def receiver():
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    server.seen, server.status = [], 204
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def _plain(settings):
    settings.DEBUG = True


def _post(server, **how):
    secret = new_secret()
    url = f"http://localhost:{server.server_port}/hook?x=1"
    return secret, Webhook(**how).send(Address(url, secret), TEXT)


def test_the_signature_can_be_checked_by_the_receiver(receiver):
    secret, outcome = _post(receiver, may_dial=lambda address: True)
    assert outcome.sent
    path, headers, body = receiver.seen[0]
    assert path == "/hook?x=1"
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    assert headers["webhook-id"] == "msg_1"
    assert json.loads(body)["data"]["title"] == "订单 DD-1"


def test_the_signature_is_that_of_the_standards_own_example():
    signed = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_nothing_is_dialled_inside(receiver):
    _secret, outcome = _post(receiver)
    assert (outcome.sent, outcome.again, outcome.detail) == (False, False, "private")
    assert not receiver.seen


def test_a_redirect_is_not_followed(receiver):
    receiver.status = 302
    _secret, outcome = _post(receiver, may_dial=lambda address: True)
    assert not outcome.sent
    assert not outcome.again
    assert [path for path, _headers, _body in receiver.seen] == ["/hook?x=1"]


@pytest.mark.parametrize(
    ("status", "again"), [(500, True), (503, True), (429, True), (404, False), (410, False)]
)
def test_what_may_pass_is_tried_again(receiver, status, again):
    receiver.status = status
    _secret, outcome = _post(receiver, may_dial=lambda address: True)
    assert (outcome.sent, outcome.again) == (False, again)


def test_a_name_with_one_inner_address_is_not_dialled(receiver, monkeypatch):
    answers = [(2, 1, 6, "", (address, 80)) for address in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr("accounts.providers.webhook.socket.getaddrinfo", lambda *args, **kwargs: answers)
    assert _post(receiver)[1].detail == "private"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "fec0::1",
        "3fff::1",
        "192.0.0.8",
        "2606:4700::5efe:10.0.0.1",
        "2606:4700::200:5efe:7f00:1",
        "2002:7f00:1::",
        "not-an-address",
        "",
    ],
)
def test_an_inner_address_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8", "2606:4700::5efe:8.8.8.8"],
)
def test_a_public_one_is(address):
    assert is_public(address)
