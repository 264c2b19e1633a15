// An OAuth 2 and OpenID server on npm oidc-provider, with a small API behind it and controls for tests.
//
// Run `node server.mjs` in the folder whose node_modules hold oidc-provider. It prints `READY <port>`. PORT is the
// port, and settings.mjs says which other variables there are and which clients. Controls, all by GET:
//
//   /control/counts            requests by grant type at the token endpoint, by the name of the route elsewhere;
//                              `token` counts those that arrived, answered or not
//   /control/expire            access tokens end now · /control/revoke-all  refresh tokens and consents too
//   /control/forget-clients    those that registered themselves
//   /control/slow?ms=          each token answer waits so long · /control/lose?times=  answers that never arrive
//   /control/secrets           what came and went at the token endpoint that nobody else may see
//   /control/life?seconds=     how long new access tokens live
//   /control/reset             counts and controls as at the start
//   /control/key/ES256         the private key of `conn-jwt`; also RS256

import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

import { load } from '../load.mjs';
import { api } from './api.mjs';
import { exchange } from './exchange.mjs';
import { interaction } from './pages.mjs';
import { keys, life, settings, tls } from './settings.mjs';
import { forget } from './memory.mjs';

const { Provider } = await load('oidc-provider/lib/index.js');

let counts = {};
/** What the next token requests meet: a pause before each, and how many answers get lost. */
let slow = 0;
let lose = 0;

let secrets = [];
const SECRET = ['code', 'code_verifier', 'refresh_token', 'device_code', 'access_token'];
const note = (fields) => secrets.push(...SECRET.map((name) => fields?.[name]).filter(Boolean));

const count = (name) => {
  counts[name] = (counts[name] ?? 0) + 1;
};

const server = tls ? createTlsServer(identity()) : createServer();
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  const { port } = server.address();
  const provider = new Provider(`${tls ? 'https' : 'http'}://127.0.0.1:${port}`, settings());
  exchange(provider);
  provider.use(async (ctx, next) => {
    const token = ctx.path === '/token';
    if (token) count('token');
    await next();
    const route = ctx.oidc?.route;
    if (route === 'device_authorization' && ctx.status === 200) ctx.body.interval = Number(process.env.INTERVAL ?? 1);
    if (route) count(token ? (ctx.oidc.params?.grant_type ?? 'unknown') : route);
    if (token) [ctx.oidc?.params, ctx.body].forEach(note);
    if (token) await pause(slow);
    if (token && lose > 0) {
      // The request was acted upon; its answer never arrives.
      lose -= 1;
      ctx.req.socket.destroy();
    }
  });
  const callback = provider.callback();
  server.on('request', async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, provider.issuer);
    const [, room, name, further] = pathname.split('/');
    try {
      if (room === 'control') {
        answer(response, control(name, further, searchParams));
      } else if (room === 'api') {
        count('api');
        await api(provider, name, request, response);
      } else if (room === 'interaction') {
        await interaction(provider, request, response);
      } else {
        await callback(request, response);
      }
    } catch (error) {
      answer(response, { error: error.name, detail: error.message }, 500);
    }
  });
  process.stdout.write(`READY ${port}\n`);
});

function identity() {
  const [cert, key, ca] = [tls.cert, tls.key, tls.clients].map((file) => file && readFileSync(file));
  return { cert, key, ca, requestCert: Boolean(ca), rejectUnauthorized: false };
}

function control(name, further, parameters) {
  switch (name) {
    case 'counts':
      return counts;
    case 'reset':
      [counts, slow, lose, secrets] = [{}, 0, 0, []];
      return {};
    case 'expire':
      return { forgotten: forget('AccessToken', 'ClientCredentials') };
    case 'revoke-all':
      return { forgotten: forget('AccessToken', 'ClientCredentials', 'RefreshToken', 'Grant', 'Session') };
    case 'forget-clients':
      return { forgotten: forget('Client') };
    case 'slow':
      slow = Number(parameters.get('ms'));
      return { slow };
    case 'lose':
      lose = Number(parameters.get('times') ?? 1);
      return { lose };
    case 'secrets':
      return [...new Set(secrets)];
    case 'life':
      life.seconds = Number(parameters.get('seconds'));
      return life;
    case 'key':
      return { pem: keys[further].pem };
    default:
      throw new Error(`no control ${name}`);
  }
}

function answer(response, body, status = 200) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
