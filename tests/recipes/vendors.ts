import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { assertionFault, privateKey } from './assertion.js'
import type { VendorResponse, Vendor } from './vendor.js'

const SECRET = 'an-example-secret'
const BASIC = `Basic ${Buffer.from(`an-example-client:${SECRET}`).toString('base64')}`
const PRIVATE_KEY = String(privateKey.export({ format: 'pem', type: 'pkcs8' }))
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** Emptied by nobody: it goes with the machine's temporary folder. */
const folder = mkdtempSync(join(tmpdir(), 'everbearer-recipes-'))

const THINGS = { 'https://things.acme.com/things': [{ name: 'the first thing' }] }
const INVALID_TOKEN = {
  headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  body: { error: 'invalid_token' },
}

const bearer = (access_token: string, more: object = {}): VendorResponse => ({
  body: { access_token, token_type: 'Bearer', expires_in: 3600, ...more },
})

const refuse = (error: string, error_description: string, status = 400): VendorResponse => ({
  status,
  body: { error, error_description },
})

function auth0(): Vendor {
  return {
    tokenEndpoint: 'https://acme.eu.auth0.com/oauth/token',
    issue({ headers, form }, token) {
      const isKnown = headers.authorization === undefined && form.get('client_secret') === SECRET
      if (!isKnown) return refuse('access_denied', 'Unauthorized', 401)
      const audience = form.get('audience')
      if (audience === 'https://things.acme.com/') return bearer(token, { expires_in: 86_400, scope: 'things:read' })
      return refuse('access_denied', `Service not found: ${audience}`, 403)
    },
    refusal: INVALID_TOKEN,
    api: THINGS,
  }
}

function okta(): Vendor {
  const issuer = 'https://acme.okta.com/oauth2/default'
  const tokenEndpoint = `${issuer}/v1/token`
  const used = new Set<unknown>()
  return {
    env: { PRIVATE_KEY, KEY_ID: 'key 1' },
    tokenEndpoint,
    documents: { [`${issuer}/.well-known/openid-configuration`]: { issuer, token_endpoint: tokenEndpoint } },
    async issue({ headers, form }, token) {
      const expected = { audience: tokenEndpoint, issuer: 'an-example-client', subject: 'an-example-client' }
      const { fault, protectedHeader } = await assertionFault(form.get('client_assertion'), expected, used)
      const isOne = headers.authorization === undefined && !form.has('client_secret')
      if (fault !== undefined || protectedHeader.kid !== 'key 1' || !isOne) {
        return refuse('invalid_client', `The client_assertion is not right: ${fault}`, 401)
      }
      if (form.get('scope') === 'things:read') return bearer(token, { scope: 'things:read' })
      return refuse('invalid_scope', 'The authorization server resource does not have any configured default scopes.')
    },
    refusal: INVALID_TOKEN,
    api: THINGS,
  }
}

function entraId(): Vendor {
  const CERTIFICATE = readFileSync(join(import.meta.dirname, 'certificates/acme.pem'), 'utf8')
  const certificate = new X509Certificate(CERTIFICATE)
  const thumbprint = createHash('sha256').update(certificate.raw).digest('base64url')
  const tokenEndpoint = 'https://login.microsoftonline.com/1f2e3d4c/oauth2/v2.0/token'
  const used = new Set<unknown>()
  return {
    env: {
      TENANT_ID: '1f2e3d4c',
      CERTIFICATE,
      PRIVATE_KEY: readFileSync(join(import.meta.dirname, 'certificates/acme-key.pem'), 'utf8'),
    },
    tokenEndpoint,
    async issue({ form }, token) {
      const client = 'an-example-client'
      const expected = { audience: tokenEndpoint, issuer: client, subject: client, algorithms: ['PS256', 'RS256'] }
      const assertion = form.get('client_assertion')
      const { fault, protectedHeader } = await assertionFault(assertion, expected, used, certificate.publicKey)
      if (fault !== undefined || protectedHeader['x5t#S256'] !== thumbprint || form.get('client_id') !== client) {
        return refuse('invalid_client', `AADSTS700027: The certificate is not registered. ${fault}`, 401)
      }
      if (form.get('scope') !== 'https://graph.microsoft.com/.default') {
        return refuse('invalid_scope', 'AADSTS70011: The provided value for scope is not valid.')
      }
      // As the v1 endpoint writes it.
      return bearer(token, { expires_in: '3599', ext_expires_in: '3599' })
    },
    refusal: {
      headers: {
        'www-authenticate': 'Bearer realm="", error="invalid_token", error_description="Lifetime validation failed"',
      },
      body: { error: { code: 'InvalidAuthenticationToken', message: 'Access token has expired or is not yet valid.' } },
    },
    api: { 'https://graph.microsoft.com/v1.0/users': { value: [{ displayName: 'Ada' }] } },
  }
}

function keycloak(): Vendor {
  const issuer = 'https://id.acme.com/realms/things'
  const tokenEndpoint = `${issuer}/protocol/openid-connect/token`
  let current: string | undefined = 'refresh 0'
  return {
    env: { REFRESH_TOKEN: 'refresh 0', USER_ID: 'ada', SESSIONS: join(folder, 'sessions', String(Math.random())) },
    tokenEndpoint,
    documents: { [`${issuer}/.well-known/openid-configuration`]: { issuer, token_endpoint: tokenEndpoint } },
    issue({ headers, form }, token) {
      if (headers.authorization !== BASIC) return refuse('unauthorized_client', 'Invalid client credentials', 401)
      if (current === undefined || form.get('refresh_token') !== current) {
        current = undefined
        return refuse('invalid_grant', 'Maximum allowed refresh token reuse exceeded')
      }
      current = `refresh after ${token}`
      const others = { 'not-before-policy': 0, session_state: 'd7a1', id_token: 'id.to.ken', scope: 'openid profile' }
      return bearer(token, { expires_in: 300, refresh_expires_in: 1800, refresh_token: current, ...others })
    },
    refusal: INVALID_TOKEN,
    api: THINGS,
  }
}

function google(): Vendor {
  const tokenEndpoint = 'https://oauth2.googleapis.com/token'
  const account = {
    type: 'service_account',
    private_key_id: 'key 1',
    private_key: PRIVATE_KEY,
    client_email: 'robot@acme.iam.gserviceaccount.com',
    token_uri: tokenEndpoint,
  }
  const path = join(folder, 'service-account.json')
  writeFileSync(path, JSON.stringify(account))
  const used = new Set<unknown>()
  return {
    env: { GOOGLE_APPLICATION_CREDENTIALS: path },
    tokenEndpoint,
    async issue({ headers, form }, token) {
      const expected = { audience: tokenEndpoint, issuer: account.client_email, algorithms: ['RS256'] }
      const { fault, payload, protectedHeader } = await assertionFault(form.get('assertion'), expected, used)
      if (fault !== undefined) return refuse('invalid_grant', `Invalid JWT: ${fault}`)
      const names = [...form.keys(), ...Object.keys(headers).filter((name) => name === 'authorization')]
      const isBare = names.sort().join() === 'assertion,grant_type' && form.get('grant_type') === JWT_BEARER
      if (!isBare || protectedHeader.kid !== 'key 1') return refuse('invalid_request', 'Bad Request')
      if (payload['scope'] !== 'https://www.googleapis.com/auth/devstorage.read_only') {
        return refuse('invalid_scope', 'Empty or missing scope not allowed.')
      }
      return bearer(token, { expires_in: 3599 })
    },
    // With the dots that it pads its tokens with.
    tokenOf: (count) => `ya29.c.token-${count}......`,
    refusal: {
      headers: { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
      body: { error: { code: 401, message: 'Invalid Credentials' } },
    },
    api: { 'https://storage.googleapis.com/storage/v1/b?project=acme': { items: [{ name: 'a bucket' }] } },
  }
}

function salesforce(): Vendor {
  const used = new Set<unknown>()
  return {
    env: { PRIVATE_KEY, USER_NAME: 'robot@acme.com' },
    tokenEndpoint: 'https://acme.my.salesforce.com/services/oauth2/token',
    async issue({ form }, token) {
      const expected = { audience: 'https://login.salesforce.com', issuer: 'an-example-client', algorithms: ['RS256'] }
      const { fault, payload } = await assertionFault(form.get('assertion'), expected, used)
      if (fault !== undefined) return refuse('invalid_grant', fault.includes('"aud"') ? 'audience is invalid' : fault)
      if (payload.sub !== 'robot@acme.com') return refuse('invalid_grant', "user hasn't approved this consumer")
      const id = 'https://login.salesforce.com/id/00D/005'
      const instance_url = 'https://acme.my.salesforce.com'
      return { body: { access_token: token, scope: 'api', instance_url, id, token_type: 'Bearer' } }
    },
    tokenOf: (count) => `00D5g000000abcd!AQoAQ.token_${count}`,
    refusal: {
      headers: { 'www-authenticate': 'Token' },
      body: [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }],
    },
    api: {
      'https://acme.my.salesforce.com/services/data/v62.0/query?q=SELECT+Name+FROM+Account': {
        records: [{ Name: 'Acme' }],
      },
    },
  }
}

function zoom(): Vendor {
  return {
    env: { ACCOUNT_ID: 'account 7' },
    tokenEndpoint: 'https://zoom.us/oauth/token',
    issue({ headers, form }, token) {
      if (headers.authorization !== BASIC) {
        return { status: 400, body: { reason: 'Invalid client_id or client_secret', error: 'invalid_client' } }
      }
      if (form.get('grant_type') !== 'account_credentials' || form.get('account_id') !== 'account 7') {
        return { status: 400, body: { reason: 'Bad Request', error: 'invalid_request' } }
      }
      return bearer(token, { token_type: 'bearer', scope: 'user:read:admin', api_url: 'https://api.zoom.us' })
    },
    refusal: { body: { code: 124, message: 'Access token is expired.' } },
    api: { 'https://api.zoom.us/v2/users': { users: [{ email: 'ada@acme.com' }] } },
  }
}

function spotify(): Vendor {
  return {
    env: { REFRESH_TOKEN: 'AQD-refresh', USER_ID: 'ada' },
    tokenEndpoint: 'https://accounts.spotify.com/api/token',
    issue({ headers, form }, token) {
      if (headers.authorization !== BASIC) return refuse('invalid_client', 'Invalid client')
      if (form.get('grant_type') === 'client_credentials') return bearer(token)
      if (form.get('refresh_token') === 'AQD-refresh') return bearer(token, { scope: 'user-read-private' })
      return refuse('invalid_grant', 'Refresh token revoked')
    },
    refusal: {
      headers: { 'www-authenticate': 'Bearer realm="spotify", error="invalid_token"' },
      body: { error: { status: 401, message: 'The access token expired' } },
    },
    api: {
      'https://api.spotify.com/v1/artists/0OdUWJ0sBjDrqHygGUXeCF': { name: 'Band of Horses' },
      'https://api.spotify.com/v1/me': { display_name: 'Ada' },
    },
  }
}

function paypal(): Vendor {
  return {
    tokenEndpoint: 'https://api-m.sandbox.paypal.com/v1/oauth2/token',
    issue({ headers, form }, token) {
      if (headers.authorization !== BASIC) return refuse('invalid_client', 'Client Authentication failed', 401)
      if (form.get('grant_type') !== 'client_credentials') return refuse('unsupported_grant_type', 'Unknown grant type')
      const scope = Array.from({ length: 60 }, (_, n) => `https://uri.paypal.com/services/area-${n}`).join(' ')
      const nonce = '2020-04-03T15:35:36ZaYZlGvEkV4yVSz8g6bAKFoGSEzuy3CQcz3ljhibkOHg'
      return bearer(token, { scope, app_id: 'APP-80W284485P519543T', expires_in: 31_668, nonce })
    },
    tokenOf: (count) => `A21AAF-token_${count}`,
    refusal: { body: { error: 'invalid_token', error_description: 'Token signature verification failed' } },
    api: { 'https://api-m.sandbox.paypal.com/v2/checkout/orders': { status: 'CREATED' } },
  }
}

function githubApps(): Vendor {
  const denied = (status: number, message: string): VendorResponse => ({
    status,
    body: { message, status: String(status) },
  })
  return {
    env: { PRIVATE_KEY: String(privateKey.export({ format: 'pem', type: 'pkcs1' })), INSTALLATION_ID: '42' },
    tokenEndpoint: 'https://api.github.com/app/installations/42/access_tokens',
    async issue({ headers, body, method }, token) {
      if (headers['user-agent'] === undefined) return denied(403, 'Request forbidden by administrative rules.')
      const expected = { issuer: 'an-example-client', algorithms: ['RS256'], maxTokenAge: '10m' }
      const { fault } = await assertionFault(String(headers.authorization).replace('Bearer ', ''), expected)
      if (fault !== undefined) return denied(401, 'A JSON web token could not be decoded')
      if (method !== 'POST' || headers['content-type'] !== 'application/json' || body !== '{}') {
        return denied(400, 'Problems parsing JSON')
      }
      const expires_at = `${new Date(Date.now() + 3_600_000).toISOString().slice(0, 19)}Z`
      return {
        status: 201,
        body: { token, expires_at, permissions: { contents: 'read' }, repository_selection: 'all' },
      }
    },
    tokenOf: (count) => `ghs_token${count}`,
    refusal: { body: { message: 'Bad credentials', status: '401' } },
    api: { 'https://api.github.com/installation/repositories': { total_count: 1, repositories: [] } },
  }
}

export const VENDORS = {
  'auth0.md': auth0,
  'entra-id.md': entraId,
  'github-apps.md': githubApps,
  'google.md': google,
  'keycloak.md': keycloak,
  'okta.md': okta,
  'paypal.md': paypal,
  'salesforce.md': salesforce,
  'spotify.md': spotify,
  'zoom.md': zoom,
} satisfies Readonly<Record<string, () => Vendor>>
