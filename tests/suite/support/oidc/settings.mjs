// What the server offers and whom it knows. Variables:
//
//   ACCESS_TTL, REFRESH_TTL, DEVICE_TTL  seconds until access tokens, refresh tokens and device codes end
//   INTERVAL                             seconds between two questions of a device
//   ROTATE=0                             a refresh token works more than once
//   DPOP_NONCE=1                         proofs need a nonce (RFC 9449, section 8)
//   CALLBACK                             the one callback of `conn-fixed`
//   TLS_CERT, TLS_KEY, TLS_CLIENTS       files: the server speaks TLS and, with the last, trusts client certificates

import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';

import { Memory } from './memory.mjs';

const { env } = process;
const seconds = (name, otherwise) => Number(env[name] ?? otherwise);

/** The files for TLS, where the server speaks TLS. */
export const tls = env.TLS_CERT && { cert: env.TLS_CERT, key: env.TLS_KEY, clients: env.TLS_CLIENTS };

/** Keys made anew at each start: the server's own, and those of `conn-jwt`. */
export const keys = both('conn');
const own = both('server');

function both(name) {
  return {
    ES256: pair('ec', { namedCurve: 'P-256' }, 'ES256', name),
    RS256: pair('rsa', { modulusLength: 2048 }, 'RS256', name),
  };
}

function pair(type, options, algorithm, name) {
  const { privateKey } = generateKeyPairSync(type, options);
  const named = { alg: algorithm, kid: `${name}-${algorithm}`, use: 'sig' };
  return {
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    jwk: { ...privateKey.export({ format: 'jwk' }), ...named },
    public: { ...createPublicKey(privateKey).export({ format: 'jwk' }), ...named },
  };
}

/** How long access tokens live from now on, in seconds. */
export const life = { seconds: seconds('ACCESS_TTL', 3600) };

const CODE = ['authorization_code', 'refresh_token'];
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
/** The name of token exchange (RFC 8693). */
export const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
/** Native clients may use any port of these. */
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']
  .flatMap((host) => [`http://${host}/callback`, `http://${host}/`]);

const consenting = { application_type: 'native', grant_types: CODE, redirect_uris: LOOPBACK, response_types: ['code'] };
const alone = { grant_types: ['client_credentials'], redirect_uris: [], response_types: [] };
const anyone = { token_endpoint_auth_method: 'none' };

const clients = [
  { client_id: 'conn-native', ...consenting, ...anyone },
  { client_id: 'conn-web', client_secret: 'web-secret-0123456789', ...consenting },
  {
    client_id: 'conn-post',
    client_secret: 'post-secret-0123456789',
    ...consenting,
    token_endpoint_auth_method: 'client_secret_post',
  },
  {
    // A callback that must be registered to the letter, port included.
    client_id: 'conn-fixed',
    ...consenting,
    ...anyone,
    application_type: 'web',
    redirect_uris: [env.CALLBACK ?? 'http://127.0.0.1:17890/callback'],
  },
  { client_id: 'conn-par', ...consenting, ...anyone, require_pushed_authorization_requests: true },
  { client_id: 'conn-dpop', ...consenting, ...anyone, dpop_bound_access_tokens: true },
  { client_id: 'conn-device', ...alone, ...anyone, grant_types: [DEVICE, 'refresh_token'] },
  {
    client_id: 'conn-machine',
    client_secret: 'machine-secret-0123456789',
    ...alone,
    grant_types: ['client_credentials', EXCHANGE],
  },
  // A secret that form encoding changes (RFC 6749, section 2.3.1).
  { client_id: 'conn-odd', client_secret: 'odd+secret/with %and:more=', ...alone },
  {
    client_id: 'conn-jwt',
    ...alone,
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [keys.ES256.public, keys.RS256.public] },
  },
  {
    client_id: 'conn-shared',
    client_secret: 'shared-secret-with-at-least-32-bytes',
    ...alone,
    token_endpoint_auth_method: 'client_secret_jwt',
  },
];
if (tls?.clients) {
  clients.push({
    client_id: 'conn-tls',
    ...alone,
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_san_dns: 'client.test',
    tls_client_certificate_bound_access_tokens: true,
  });
}

const METHODS = ['none', 'client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt'];

/** Client certificates (RFC 8705), judged by what the TLS layer says. */
const mTLS = {
  enabled: Boolean(tls?.clients),
  certificateBoundAccessTokens: true,
  tlsClientAuth: true,
  getCertificate: (ctx) => ctx.socket.getPeerX509Certificate(),
  certificateAuthorized: (ctx) => ctx.socket.authorized,
  certificateSubjectMatches: (ctx, _, name) => ctx.socket.getPeerX509Certificate().checkHost(name) === name,
};

/** Everything that oidc-provider wants to know. */
export function settings() {
  const on = { enabled: true };
  return {
    adapter: Memory,
    clients,
    clientAuthMethods: [...METHODS, ...(tls?.clients ? ['tls_client_auth'] : [])],
    clientDefaults: { id_token_signed_response_alg: 'RS256' },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
    scopes: ['openid', 'offline_access', 'profile', 'email', 'read', 'write'],
    jwks: { keys: [own.RS256.jwk, own.ES256.jwk] },
    findAccount: (_, id) => {
      const claims = { sub: id, name: id, email: `${id}@example.test` };
      return { accountId: id, claims: () => claims };
    },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    rotateRefreshToken: env.ROTATE !== '0',
    issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
    ttl: {
      AccessToken: () => life.seconds,
      ClientCredentials: () => life.seconds,
      RefreshToken: seconds('REFRESH_TTL', 86400),
      DeviceCode: seconds('DEVICE_TTL', 600),
      AuthorizationCode: 60, IdToken: 3600, Grant: 86400, Interaction: 600, Session: 86400,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: on,
      deviceFlow: on,
      dPoP: env.DPOP_NONCE ? { ...on, nonceSecret: randomBytes(32), requireNonce: () => true } : on,
      introspection: { ...on, allowedPolicy: () => true },
      mTLS,
      pushedAuthorizationRequests: on,
      registration: on,
      registrationManagement: on,
      resourceIndicators: { enabled: false },
      revocation: on,
    },
  };
}
