// SPDX-License-Identifier: Apache-2.0
// A real OpenID provider (npm oidc-provider) on loopback for the tests of sign-in: one client, PKCE
// required, and a user who always agrees. CADLENS_TEST_NODE_MODULES says where npm put it.
//   node openid_provider.mjs '{"clientId", "clientSecret", "redirectUris", "users": {"sub": {claims}}}'
// Prints "issuer http://127.0.0.1:PORT" when it is ready. GET /test/user?sub=... chooses who signs in.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(join(process.env.CADLENS_TEST_NODE_MODULES, 'x.js'));
const { default: Provider } = await import(pathToFileURL(require.resolve('oidc-provider')).href);

const settings = JSON.parse(process.argv[2]);
let user = Object.keys(settings.users)[0];

const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: settings.clientId,
    client_secret: settings.clientSecret,
    redirect_uris: settings.redirectUris,
    token_endpoint_auth_method: settings.authMethod ?? 'client_secret_basic',
  }],
  clientAuthMethods: [settings.authMethod ?? 'client_secret_basic'],
  pkce: { required: () => true },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  conformIdTokenClaims: false, // as Google does: the claims are in the ID token
  findAccount: (context, sub) => settings.users[sub] && {
    accountId: sub,
    claims: () => ({ sub, ...settings.users[sub] }),
  },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (context, interaction) => `/interaction/${interaction.uid}` },
  cookies: { keys: ['only for tests'] },
  loadExistingGrant: async (context) => {
    const { client, session } = context.oidc;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
});

const answer = provider.callback();
server.on('request', async (request, response) => {
  const url = new URL(request.url, issuer);
  if (url.pathname === '/test/user') {
    user = url.searchParams.get('sub');
    response.end();
  } else if (url.pathname.startsWith('/interaction/')) {
    const result = user === 'nobody'
      ? { error: 'access_denied', error_description: 'The user said <b>no</b>.' }
      : { login: { accountId: user } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  } else {
    answer(request, response);
  }
});
console.log(`issuer ${issuer}`);
