// Token exchange (RFC 8693) as a grant of its own: an access token for one with fewer rights.

import { load } from '../load.mjs';
import { EXCHANGE } from './settings.mjs';

const { errors } = await load('oidc-provider/lib/index.js');

const PARAMETERS = [
  'subject_token', 'subject_token_type', 'actor_token', 'actor_token_type', 'requested_token_type', 'scope', 'audience',
];
const TYPE = 'urn:ietf:params:oauth:token-type:access_token';

export function exchange(provider) {
  provider.registerGrantType(EXCHANGE, async (ctx) => {
    const { client, params } = ctx.oidc;
    if (params.subject_token_type !== TYPE) throw new errors.InvalidRequest('subject_token_type');
    const value = params.subject_token ?? '';
    const subject = await provider.AccessToken.find(value) ?? await provider.ClientCredentials.find(value);
    if (!subject || subject.isExpired) throw new errors.InvalidGrant('subject_token is not known');
    const held = (subject.scope ?? '').split(' ');
    const wanted = params.scope ? params.scope.split(' ') : held;
    if (wanted.some((scope) => !held.includes(scope))) {
      throw new errors.InvalidScope('more than the subject has', params.scope);
    }
    const token = new provider.ClientCredentials({ client, scope: wanted.join(' ') || undefined });
    ctx.body = {
      access_token: await token.save(),
      issued_token_type: TYPE,
      token_type: 'Bearer',
      expires_in: token.expiration,
      scope: token.scope,
    };
  }, PARAMETERS);
}
