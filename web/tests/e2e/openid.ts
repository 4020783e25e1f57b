// SPDX-License-Identifier: Apache-2.0
// An OpenID provider on loopback whose user always agrees.
import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";

import { made_address, type Started } from "./service";

const b64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

async function form_of(request: IncomingMessage): Promise<URLSearchParams> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return new URLSearchParams(Buffer.concat(parts).toString());
}

export class OpenId implements Started {
  readonly client = "client-of-the-test";
  readonly user = { sub: randomUUID(), email: made_address(), email_verified: true };
  private readonly keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  private readonly nonces = new Map<string, string>();
  private constructor(
    readonly issuer: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<OpenId> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const provider = new OpenId(`http://127.0.0.1:${address.port}`, server);
    server.on("request", async (request, response) => {
      const url = new URL(request.url ?? "/", provider.issuer);
      if (url.pathname === "/authorize") return response.writeHead(302, { Location: provider.agree(url.searchParams) }).end();
      const answer = url.pathname === "/token" ? provider.tokens(await form_of(request)) : provider.published(url.pathname);
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
    });
    return provider;
  }

  get options(): string[] {
    return ["--oauth-google-client-id", this.client, "--oauth-google-issuer", this.issuer];
  }

  private published(path: string): object {
    if (path === "/jwks") return { keys: [{ ...this.keys.publicKey.export({ format: "jwk" }), kid: "1", use: "sig", alg: "RS256" }] };
    const [authorization_endpoint, token_endpoint, jwks_uri] = ["/authorize", "/token", "/jwks"].map((end) => this.issuer + end);
    return { issuer: this.issuer, authorization_endpoint, token_endpoint, jwks_uri, code_challenge_methods_supported: ["S256"], id_token_signing_alg_values_supported: ["RS256"] };
  }

  private agree(asked: URLSearchParams): string {
    const code = randomUUID();
    this.nonces.set(code, asked.get("nonce") ?? "");
    const back = new URL(asked.get("redirect_uri")!);
    back.search = new URLSearchParams({ code, state: asked.get("state") ?? "" }).toString();
    return back.href;
  }

  private tokens(form: URLSearchParams): object {
    const now = Math.floor(Date.now() / 1000);
    const nonce = this.nonces.get(form.get("code") ?? "");
    const said = `${b64({ alg: "RS256", kid: "1", typ: "JWT" })}.${b64({ iss: this.issuer, aud: this.client, nonce, iat: now, exp: now + 300, ...this.user })}`;
    const signature = sign("sha256", Buffer.from(said), this.keys.privateKey).toString("base64url");
    return { access_token: randomUUID(), token_type: "Bearer", expires_in: 300, id_token: `${said}.${signature}` };
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
