// The API behind the server: it looks the token up itself, as a resource server does.
//
//   /api/me      who the token is for
//   /api/orders  the same, with the scope `write`
//   /api/strangers   takes no token · /api/broken  answers nobody
//   /api/organisations  those of ORGANISATIONS (`id=name,id=name`); the header `orgid` comes back from the others

import { createHash, randomBytes } from 'node:crypto';

import { load } from '../load.mjs';

const { EmbeddedJWK, calculateJwkThumbprint, jwtVerify } = await load('jose/dist/webapi/index.js');

const nonce = process.env.DPOP_NONCE && randomBytes(12).toString('base64url');
const seen = new Set();

export async function api(provider, name, request, response) {
  const refuse = (status, scheme, error, words) => {
    const rest = error ? ` error="${error}", error_description="${words}"` : ' realm="api"';
    const headers = { 'content-type': 'application/json', 'www-authenticate': `${scheme}${rest}` };
    if (error === 'use_dpop_nonce') headers['dpop-nonce'] = nonce;
    if (error === 'insufficient_scope') headers['www-authenticate'] += ', scope="write"';
    response.writeHead(status, headers);
    response.end(JSON.stringify({ error: error ?? 'unauthorized', message: words ?? 'no token' }));
  };
  const [scheme, value] = (request.headers.authorization ?? '').split(' ');
  if (!value) return refuse(401, 'Bearer');
  if (name === 'strangers') return refuse(401, 'Bearer', 'invalid_token', 'for another audience');
  const token = await provider.AccessToken.find(value) ?? await provider.ClientCredentials.find(value);
  if (!token || token.isExpired) return refuse(401, scheme, 'invalid_token', 'unknown or ended');
  const wanted = token.jkt ? 'DPoP' : 'Bearer';
  if (scheme !== wanted) return refuse(401, wanted, 'invalid_token', 'wrong scheme');
  if (token.jkt) {
    const fault = await proof(provider, request, value, token.jkt);
    if (fault) return refuse(401, 'DPoP', ...fault);
  }
  if (token['x5t#S256'] && token['x5t#S256'] !== certificate(request)) {
    return refuse(401, 'Bearer', 'invalid_token', 'bound to another certificate');
  }
  if (name === 'broken') {
    response.writeHead(503).end();
    return undefined;
  }
  const scope = token.scope ?? '';
  if (name === 'orders' && !scope.split(' ').includes('write')) {
    return refuse(403, scheme, 'insufficient_scope', 'needs write');
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  if (name === 'organisations') {
    const all = (process.env.ORGANISATIONS ?? '').split(',').filter(Boolean).map((one) => one.split('='));
    response.end(JSON.stringify({ data: all.map(([id, name]) => ({ id, name })) }));
    return;
  }
  const organisation = request.headers.orgid;
  response.end(JSON.stringify({ sub: token.accountId ?? token.clientId, scope, client_id: token.clientId, organisation }));
}

/** What is wrong with the proof of possession (RFC 9449, section 4.3); nothing where it is good. */
async function proof(provider, request, value, thumbprint) {
  const bad = (words) => ['invalid_dpop_proof', words];
  try {
    const { payload, protectedHeader } = await jwtVerify(request.headers.dpop ?? '', EmbeddedJWK, {
      typ: 'dpop+jwt',
    });
    const hash = createHash('sha256').update(value).digest('base64url');
    const address = new URL(request.url, provider.issuer);
    if (payload.htm !== request.method) return bad('htm');
    if (payload.htu !== `${address.origin}${address.pathname}`) return bad('htu');
    if (payload.ath !== hash) return bad('ath');
    if (Math.abs(Date.now() / 1000 - payload.iat) > 60) return bad('iat');
    if (await calculateJwkThumbprint(protectedHeader.jwk) !== thumbprint) return bad('key');
    if (nonce && payload.nonce !== nonce) return ['use_dpop_nonce', 'nonce'];
    if (seen.has(payload.jti)) return bad('jti');
    seen.add(payload.jti);
    return undefined;
  } catch (error) {
    return bad(error.code ?? 'unreadable');
  }
}

function certificate(request) {
  const { raw } = request.socket.getPeerX509Certificate?.() ?? {};
  return raw && createHash('sha256').update(raw).digest('base64url');
}
