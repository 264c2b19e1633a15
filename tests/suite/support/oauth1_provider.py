"""An OAuth 1.0a provider (RFC 5849) on PyPI oauthlib. Prints `READY <port>`.

    /request_token /authorize /access_token   the three legs; header, form or query, all methods of oauthlib
    /api/me                                   with a token that came from the legs, or that was set up beforehand
    /api/signed                               with the consumer's key alone (two legs)
    /control/counts /control/revoke-all       for tests
    /control/key                              the private key of `conn-rsa`, made anew at each start

`/authorize` shows a form; `&decision=allow` or `&decision=deny` answers it at once. `conn-tba` with its token works
without any leg (token-based). Whatever is not signed as it must be gets 401 with the problem's name.
"""

import base64
import hashlib
import html
import json
import os
import secrets
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from oauthlib.common import add_params_to_uri
from oauthlib.oauth1 import RequestValidator, SignatureOnlyEndpoint, WebApplicationServer
from oauthlib.oauth1.rfc5849 import (
    SIGNATURE_HMAC_SHA1, SIGNATURE_HMAC_SHA256, SIGNATURE_HMAC_SHA512, SIGNATURE_PLAINTEXT, SIGNATURE_RSA_SHA1,
    SIGNATURE_RSA_SHA256, SIGNATURE_RSA_SHA512,
)
from oauthlib.oauth1.rfc5849.errors import OAuth1Error

CONSUMERS = {"conn-oauth1": "consumer-secret-0123456789", "conn-tba": "tba-consumer-secret-0123", "conn-rsa": ""}
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
COUNTS = {}


class Memory(RequestValidator):
    """What oauthlib asks about keys, tokens and nonces."""

    allowed_signature_methods = (
        SIGNATURE_HMAC_SHA1, SIGNATURE_HMAC_SHA256, SIGNATURE_HMAC_SHA512, SIGNATURE_RSA_SHA1,
        SIGNATURE_RSA_SHA256, SIGNATURE_RSA_SHA512, SIGNATURE_PLAINTEXT,
    )
    enforce_ssl = False
    dummy_client = dummy_request_token = dummy_access_token = "nobody"

    def __init__(self):
        super().__init__()
        self.requested = {}
        self.granted = {("conn-tba", "tba-token-0123456789"): "tba-token-secret-0123456789"}
        self.nonces = set()

    # Names and nonces may look as they like.
    def check_client_key(self, client_key):
        return bool(client_key)

    check_request_token = check_access_token = check_nonce = check_verifier = check_client_key

    def check_realms(self, realms):
        return True

    def get_client_secret(self, client_key, request):
        return CONSUMERS.get(client_key, "nobody")

    def get_request_token_secret(self, client_key, token, request):
        return self.requested.get(token, {}).get("secret", "nobody")

    def get_access_token_secret(self, client_key, token, request):
        return self.granted.get((client_key, token), "nobody")

    def get_default_realms(self, client_key, request):
        return []

    def get_realms(self, token, request):
        return []

    def get_redirect_uri(self, token, request):
        return self.requested[token]["callback"]

    def get_rsa_key(self, client_key, request):
        public = RSA_KEY.public_key()
        return public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ).decode()

    def invalidate_request_token(self, client_key, request_token, request):
        self.requested.pop(request_token, None)

    def validate_client_key(self, client_key, request):
        return client_key in CONSUMERS

    def validate_request_token(self, client_key, token, request):
        return self.requested.get(token, {}).get("client") == client_key

    def validate_access_token(self, client_key, token, request):
        return (client_key, token) in self.granted

    def validate_timestamp_and_nonce(
        self, client_key, timestamp, nonce, request, request_token=None, access_token=None
    ):
        used = (client_key, timestamp, nonce, request_token, access_token)
        fresh = used not in self.nonces
        self.nonces.add(used)
        return fresh

    def validate_redirect_uri(self, client_key, redirect_uri, request):
        return redirect_uri == "oob" or urlsplit(redirect_uri).hostname in ("127.0.0.1", "localhost", "::1")

    def validate_requested_realms(self, client_key, realms, request):
        return True

    def validate_realms(self, client_key, token, request, uri=None, realms=None):
        return True

    def validate_verifier(self, client_key, token, verifier, request):
        return secrets.compare_digest(self.requested[token].get("verifier", ""), verifier)

    def verify_request_token(self, token, request):
        return token in self.requested

    def verify_realms(self, token, realms, request):
        return True

    def save_access_token(self, token, request):
        self.granted[(request.client_key, token["oauth_token"])] = token["oauth_token_secret"]

    def save_request_token(self, token, request):
        self.requested[token["oauth_token"]] = {
            "client": request.client_key, "secret": token["oauth_token_secret"], "callback": request.redirect_uri,
        }

    def save_verifier(self, token, verifier, request):
        self.requested[token]["verifier"] = verifier["oauth_verifier"]


MEMORY = Memory()
SERVER = WebApplicationServer(MEMORY)
TWO_LEGS = SignatureOnlyEndpoint(MEMORY)


class Door(BaseHTTPRequestHandler):
    """The addresses of the provider."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        path = urlsplit(self.path).path
        self.address = f"http://{self.headers['Host']}{self.path}"
        name = path.strip("/")
        if not name.startswith("control"):
            COUNTS[name] = COUNTS.get(name, 0) + 1
        page = {
            "request_token": self.request_token, "authorize": self.authorize, "access_token": self.access_token,
            "api/me": self.me, "api/signed": self.signed, "control/counts": lambda: self.say(COUNTS),
            "control/key": self.key, "control/revoke-all": self.revoke_all,
        }.get(name)
        try:
            page() if page else self.say({"error": "not found"}, 404)
        except OAuth1Error as error:
            self.write(error.status_code, error.urlencoded, "application/x-www-form-urlencoded")

    do_POST = do_GET

    def asked(self):
        return self.address, self.command, self.body, dict(self.headers)

    def request_token(self):
        headers, body, status = SERVER.create_request_token_response(*self.asked())
        self.write(status, body or "", headers.get("Content-Type", "text/plain"))

    def access_token(self):
        asked = self.asked()
        headers, body, status = SERVER.create_access_token_response(*asked, credentials={"user_id": "ops"})
        self.write(status, body or "", headers.get("Content-Type", "text/plain"))

    def authorize(self):
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        token, decision = query.get("oauth_token", ""), query.get("decision")
        if token not in MEMORY.requested:
            return self.say({"error": "unknown token"}, 400)
        if decision is None:
            return self.page(FORM.format(token=html.escape(token)))
        if decision == "deny":
            callback = MEMORY.requested.pop(token)["callback"]
            if callback == "oob":
                return self.page("<p>Denied.</p>")
            return self.redirect(add_params_to_uri(callback, [("denied", token)]))
        headers, body, status = SERVER.create_authorization_response(*self.asked())
        if status == 302:
            return self.redirect(headers["Location"])
        verifier = parse_qs(body)["oauth_verifier"][0]
        return self.page(f"<p>Type this number: <code>{html.escape(verifier)}</code></p>")

    def me(self):
        valid, request = SERVER.validate_protected_resource_request(*self.asked())
        self.protected(valid, request)

    def signed(self):
        self.protected(*TWO_LEGS.validate_request(*self.asked()))

    def protected(self, valid, request):
        parameters = dict(request.params or []) if request is not None else {}
        digest = parameters.get("oauth_body_hash")
        if valid and digest is not None:
            valid = digest == base64.b64encode(hashlib.sha1(self.body.encode()).digest()).decode()
        if not valid:
            problem = problem_of(request)
            refusal = {"WWW-Authenticate": f'OAuth realm="api", oauth_problem="{problem}"'}
            return self.say({"error": problem}, 401, refusal)
        return self.say({"sub": "ops", "consumer": request.client_key, "method": request.signature_method})

    def key(self):
        pem = RSA_KEY.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.say({"pem": pem.decode()})

    def revoke_all(self):
        MEMORY.granted.clear()
        self.say({})

    def redirect(self, address):
        self.write(302, "", "text/plain", {"Location": address})

    def page(self, text):
        self.write(200, f"<!doctype html><title>Consent</title>{text}", "text/html; charset=utf-8")

    def say(self, value, status=200, headers=None):
        self.write(status, json.dumps(value), "application/json", headers)

    def write(self, status, text, kind, headers=None):
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Silence."""


def problem_of(request):
    """The name of what is wrong."""
    log = getattr(request, "validator_log", None) or {}
    rejected = (f"{name}_rejected" for name in ("client", "resource_owner") if log.get(name) is False)
    return next(rejected, "signature_invalid")


FORM = """<form method="get" action="/authorize"><input type="hidden" name="oauth_token" value="{token}">
<button name="decision" value="allow">Allow</button><button name="decision" value="deny">Deny</button></form>"""

if __name__ == "__main__":
    door = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "0"))), Door)
    print(f"READY {door.server_port}", flush=True)
    door.serve_forever()
