"""A second OAuth 2 server, on PyPI authlib: what oidc-provider does not offer, or does the other way round.

Prints `READY <port>`. It takes Basic credentials as they are, without form encoding (RFC 6749, section 2.3.1, wants
it; many services do not know), and a refreshed answer brings no new refresh token.

    /token            password, client_credentials, refresh_token, jwt-bearer (RFC 7523, ES256)
    /revoke           revocation (RFC 7009)
    /api/me           {"sub", "scope", "client_id"}, else 401
    /control/counts /control/expire /control/revoke-all /control/key (the private key of `conn-bearer`)

User `ops`, password `passwd`. ACCESS_TTL is the life of an access token in seconds.
"""

import os
import time

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin, grants
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7523 import JWTBearerGrant
from flask import Flask, jsonify, request
from joserfc.jwk import ECKey
from werkzeug.serving import WSGIRequestHandler, make_server

JWT_BEARER = JWTBearerGrant.GRANT_TYPE
KEY = ECKey.generate_key("P-256", {"use": "sig"}, private=True)
TTL = int(os.environ.get("ACCESS_TTL", "3600"))
TOKENS = []
COUNTS = {}


class Client(ClientMixin):
    """A client that is known from the start."""

    def __init__(self, client_id, secret, *kinds):
        self.client_id, self.secret, self.kinds = client_id, secret, kinds

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return None

    def get_allowed_scope(self, scope):
        return " ".join(word for word in (scope or "").split() if word in ("read", "write"))

    def check_redirect_uri(self, redirect_uri):
        return False

    def check_client_secret(self, client_secret):
        return self.secret == client_secret

    def check_endpoint_auth_method(self, method, endpoint):
        return method in ("client_secret_basic", "client_secret_post")

    def check_response_type(self, response_type):
        return False

    def check_grant_type(self, grant_type):
        return grant_type in self.kinds


class User:
    """The only user."""

    name = "ops"

    def get_user_id(self):
        return self.name


class Token(TokenMixin):
    """What was given to whom."""

    def __init__(self, token, client, user):
        self.token, self.client, self.user = token, client, user
        self.ends = time.time() + token["expires_in"]
        self.revoked = False

    def check_client(self, client):
        return self.client is client

    def get_scope(self):
        return self.token.get("scope", "")

    def get_expires_in(self):
        return self.token["expires_in"]

    def is_expired(self):
        return self.ends <= time.time()

    def is_revoked(self):
        return self.revoked

    def get_user(self):
        return self.user

    def get_client(self):
        return self.client


CLIENTS = [
    Client("conn-machine", "machine-secret-0123456789", "client_credentials"),
    # A secret that form encoding would change.
    Client("conn-odd", "odd+secret/with %and:more=", "client_credentials"),
    Client("conn-password", "password-secret-0123456789", "password", "refresh_token"),
    Client("conn-bearer", "bearer-secret-0123456789", JWT_BEARER),
]


def client_named(name):
    return next((client for client in CLIENTS if client.client_id == name), None)


class Password(grants.ResourceOwnerPasswordCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]

    def authenticate_user(self, username, password):
        return User() if (username, password) == ("ops", "passwd") else None


class Machine(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]


class Refresh(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]

    def authenticate_refresh_token(self, refresh_token):
        return next(
            (held for held in TOKENS if held.token.get("refresh_token") == refresh_token and not held.revoked), None
        )

    def authenticate_user(self, refresh_token):
        return refresh_token.user

    def revoke_old_credential(self, refresh_token):
        """The refresh token goes on."""


class Bearer(JWTBearerGrant):
    def resolve_issuer_client(self, issuer):
        return client_named(issuer)

    def resolve_client_public_key(self, client):
        return KEY

    def authenticate_user(self, subject):
        return User() if subject == User.name else None

    def get_audiences(self):
        return [request.base_url, request.host_url.rstrip("/")]

    def has_granted_permission(self, client, user):
        return True


class Revocation(RevocationEndpoint):
    def query_token(self, token_string, token_type_hint):
        values = ("access_token", "refresh_token")
        return next((held for held in TOKENS if token_string in (held.token.get(name) for name in values)), None)

    def revoke_token(self, token, request):
        token.revoked = True


class Validator(BearerTokenValidator):
    def authenticate_token(self, token_string):
        return next((held for held in TOKENS if held.token["access_token"] == token_string), None)


app = Flask(__name__)
app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
app.config["OAUTH2_TOKEN_EXPIRES_IN"] = dict.fromkeys(("password", "client_credentials", "refresh_token", JWT_BEARER), TTL)
server = AuthorizationServer(
    app, client_named, lambda token, asked: TOKENS.append(Token(token, asked.client, asked.user))
)
for grant in (Password, Machine, Refresh, Bearer):
    server.register_grant(grant)
server.register_endpoint(Revocation)
protect = ResourceProtector()
protect.register_token_validator(Validator())


@app.post("/token")
def token():
    kind = request.form.get("grant_type", "unknown")
    COUNTS[kind] = COUNTS.get(kind, 0) + 1
    return server.create_token_response()


@app.post("/revoke")
def revoke():
    COUNTS["revocation"] = COUNTS.get("revocation", 0) + 1
    return server.create_endpoint_response(Revocation.ENDPOINT_NAME)


@app.get("/api/me")
@protect()
def me():
    COUNTS["api"] = COUNTS.get("api", 0) + 1
    client, user = current_token.client.client_id, current_token.user
    return jsonify(sub=user.name if user else client, scope=current_token.get_scope(), client_id=client)


@app.get("/control/<name>")
def control(name):
    if name == "expire":
        for held in TOKENS:
            held.ends = 0
    elif name == "revoke-all":
        TOKENS.clear()
    elif name == "key":
        return jsonify(pem=KEY.as_pem(private=True).decode())
    return jsonify(COUNTS)


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_):
        """Silence."""


if __name__ == "__main__":
    # Its own word says that it wants https; on this machine it has to do without.
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    listening = make_server("127.0.0.1", int(os.environ.get("PORT", "0")), app, threaded=True, request_handler=Quiet)
    print(f"READY {listening.port}", flush=True)
    listening.serve_forever()
