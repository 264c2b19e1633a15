// Log-in and consent as plain forms. Any name and password will do; a box that is not ticked takes its scope away.

export async function interaction(provider, request, response) {
  const details = await provider.interactionDetails(request, response);
  const login = details.prompt.name === 'login';
  if (request.method !== 'POST') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(page(login ? 'Log in' : 'Consent', login ? LOGIN : boxes(asked(details))));
    return;
  }
  const form = await read(request);
  const answers = async () => {
    if (form.get('decision') === 'deny') return { error: 'access_denied', error_description: 'The user said no.' };
    if (login) return { login: { accountId: form.get('login') } };
    return { consent: { grantId: await grant(provider, details, form) } };
  };
  const result = await answers();
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: !result.error });
}

const LOGIN = '<input name="login" placeholder="name"><input name="password" type="password">';

const asked = ({ prompt }) => prompt.details.missingOIDCScope ?? [];

const boxes = (scopes) => scopes
  .map((scope) => `<label><input type="checkbox" name="scope" value="${scope}" checked>${scope}</label>`).join('');

const page = (title, fields) => `<!doctype html><title>${title}</title><h1>${title}</h1><form method="post">${fields}
<button name="decision" value="allow">Continue</button>
<button name="decision" value="deny">Cancel</button></form>`;

async function grant(provider, details, form) {
  const { grantId, params, prompt, session } = details;
  const found = grantId && await provider.Grant.find(grantId);
  const granted = found || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  const ticked = new Set(form.getAll('scope'));
  // `openid` is no right that a person could keep back.
  const [given, kept] = [true, false].map((wanted) =>
    asked(details).filter((scope) => (scope === 'openid' || ticked.has(scope)) === wanted));
  if (given.length) granted.addOIDCScope(given.join(' '));
  if (kept.length) granted.rejectOIDCScope(kept.join(' '));
  if (prompt.details.missingOIDCClaims) granted.addOIDCClaims(prompt.details.missingOIDCClaims);
  return granted.save();
}

async function read(request) {
  let body = '';
  for await (const part of request) body += part;
  return new URLSearchParams(body);
}
