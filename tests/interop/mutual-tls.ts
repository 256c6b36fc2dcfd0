import { createPublicKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { ServerOptions } from 'node:https'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'

import type { ClientMetadata, Configuration, KoaContextWithOIDC } from 'oidc-provider'
import { Agent } from 'undici'
import { kept } from '../http/agents.js'

const file = (path: string) => readFileSync(join(import.meta.dirname, path), 'utf8')

/** Whom the provider knows, by the name of its certificate and by its key. */
const SERVICE = { cert: file('certificates/service.pem'), key: file('certificates/service-key.pem') }
/** The provider itself; nobody vouches for it as a client. */
const SERVER = {
  cert: file('../docs/certificates/example.com.pem'),
  key: file('../docs/certificates/example.com-key.pem'),
}

/** A server that asks for a certificate, and leaves it to the provider what that is worth. */
export const TLS_SERVER: ServerOptions = { ...SERVER, ca: SERVICE.cert, requestCert: true, rejectUnauthorized: false }

const CERTIFICATES = { 'its own': SERVICE, "another's": SERVER, 'no certificate': {} }

/** A dispatcher that connects to it with a certificate. */
export function certified(by: keyof typeof CERTIFICATES): Agent {
  return kept(new Agent({ connect: { ca: SERVER.cert, servername: 'login.example.com', ...CERTIFICATES[by] } }))
}

/** How a client is registered of which the provider knows the certificate. */
export const CERTIFICATE_METADATA: Pick<ClientMetadata, 'jwks'> & { readonly subject: string } = {
  subject: new X509Certificate(SERVICE.cert).subject,
  jwks: {
    keys: [
      {
        ...createPublicKey(SERVICE.cert).export({ format: 'jwk' }),
        x5c: [new X509Certificate(SERVICE.cert).raw.toString('base64')],
      },
    ],
  },
}

const connectionOf = ({ req }: KoaContextWithOIDC) => (req.socket instanceof TLSSocket ? req.socket : undefined)

/** How the provider looks at certificates (RFC 8705 section 2). */
export const MUTUAL_TLS: NonNullable<Configuration['features']>['mTLS'] = {
  enabled: true,
  tlsClientAuth: true,
  selfSignedTlsClientAuth: true,
  getCertificate: (ctx) => connectionOf(ctx)?.getPeerX509Certificate()?.toString(),
  certificateAuthorized: (ctx) => connectionOf(ctx)?.authorized === true,
  certificateSubjectMatches: (ctx, property, expected) =>
    property === 'tls_client_auth_subject_dn' && connectionOf(ctx)?.getPeerX509Certificate()?.subject === expected,
}
