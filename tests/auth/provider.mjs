// A real OpenID Connect provider on this machine, for tests: anyone signs in as the person who was chosen.
// Arguments: the port, the site that answers come back to, the secret of its client; then, on its input, the key it signs with.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";

const { default: Provider } = await import(
  createRequire(new URL("../../embed/", import.meta.url)).resolve("oidc-provider")
);

const [port, site, secret] = process.argv.slice(2);
const key = JSON.parse(readFileSync(0, "utf8"));
let person = {};

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: "carte",
      client_secret: secret,
      redirect_uris: [`${site}/connexion/retour`],
      post_logout_redirect_uris: [`${site}/`],
      token_endpoint_auth_method: "client_secret_post",
      userinfo_signed_response_alg: "RS256",
    },
  ],
  claims: {
    openid: ["sub"],
    given_name: ["given_name"],
    usual_name: ["usual_name"],
    email: ["email", "email_verified"],
  },
  conformIdTokenClaims: true,
  cookies: { keys: ["essai"] },
  features: {
    devInteractions: { enabled: false },
    jwtUserinfo: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...person.claims }) }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  jwks: { keys: [key] },
  pkce: { required: () => true },
});

const answer = provider.callback();
createServer(async (request, response) => {
  if (request.url === "/person") {
    const parts = [];
    for await (const part of request) parts.push(part);
    person = JSON.parse(Buffer.concat(parts).toString());
    response.end();
  } else if (request.url.startsWith("/interaction/")) {
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (person.refuses) {
      await provider.interactionFinished(request, response, { error: "access_denied" });
    } else if (prompt.name === "login") {
      await provider.interactionFinished(request, response, { login: { accountId: person.sub } });
    } else {
      const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
      grant.addOIDCScope(params.scope);
      await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
    }
  } else {
    answer(request, response);
  }
}).listen(Number(port), "127.0.0.1");
