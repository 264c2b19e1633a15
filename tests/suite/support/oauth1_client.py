"""Walks the three legs of OAuth 1 with oauthlib's own client, once for each method and placement.

    oauth1_client.py BASE

Prints one line for each: `HMAC-SHA1 header ops`, with who the API says it is. Ends with an error where a leg fails.
"""

import json
import sys
import urllib.error
import urllib.request
from urllib.parse import parse_qs, parse_qsl, urlsplit

from oauthlib.oauth1 import Client

CALLBACK = "http://127.0.0.1:17891/callback"
METHODS = [
    "HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA512", "RSA-SHA1", "RSA-SHA256", "RSA-SHA512", "PLAINTEXT",
]
PLACES = {"header": "AUTH_HEADER", "form": "BODY", "query": "QUERY"}


class Still(urllib.request.HTTPRedirectHandler):
    """Lets a redirect be an answer."""

    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), Still())


def send(address, body=None, headers=None):
    try:
        return OPENER.open(urllib.request.Request(address, data=body, headers=headers or {}), timeout=30)
    except urllib.error.HTTPError as answer:
        return answer


def signed(address, key, place, **further):
    """Sends a signed request: a form where the signature stands in one, else without a body."""
    client = Client(**key, **further, signature_type=PLACES[place])
    if place == "form":
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        address, headers, body = client.sign(address, "POST", "", form)
        return send(address, body.encode(), headers)
    address, headers, _ = client.sign(address, "POST")
    return send(address, b"", headers)


def walk(base, key, place):
    """All legs; who the API says it is."""
    asked = dict(parse_qsl(signed(f"{base}/request_token", key, place, callback_uri=CALLBACK).read().decode()))
    assert asked["oauth_callback_confirmed"] == "true", asked
    page = send(f"{base}/authorize?oauth_token={asked['oauth_token']}&decision=allow")
    back = parse_qs(urlsplit(page.headers["Location"]).query)
    held = {"resource_owner_key": asked["oauth_token"], "resource_owner_secret": asked["oauth_token_secret"]}
    answer = signed(f"{base}/access_token", key, place, **held, verifier=back["oauth_verifier"][0])
    token = dict(parse_qsl(answer.read().decode()))
    held = {"resource_owner_key": token["oauth_token"], "resource_owner_secret": token["oauth_token_secret"]}
    good = signed(f"{base}/api/me", key, place, **held)
    bad = signed(f"{base}/api/me", key, place, **{**held, "resource_owner_key": "unknown"})
    assert (good.status, bad.status) == (200, 401), (good.status, bad.status)
    return json.load(good)["sub"]


def main(base):
    pem = json.load(send(f"{base}/control/key"))["pem"]
    for method in METHODS:
        key = {"client_key": "conn-oauth1", "client_secret": "consumer-secret-0123456789", "signature_method": method}
        if method.startswith("RSA"):
            key = {"client_key": "conn-rsa", "rsa_key": pem, "signature_method": method}
        for place in PLACES:
            print(method, place, walk(base, key, place))


if __name__ == "__main__":
    main(sys.argv[1])
