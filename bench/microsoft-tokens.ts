import { ConfidentialClientApplication } from '@azure/msal-node'
import type { Hosts } from './hosts.js'

const AUTHORITY = 'https://login.microsoftonline.com/6f2b5d9c-0000-4000-8000-000000000000'
const metadata = {
  authorization_endpoint: `${AUTHORITY}/authorize`,
  token_endpoint: `${AUTHORITY}/token`,
  issuer: AUTHORITY,
  jwks_uri: `${AUTHORITY}/keys`,
}

/** MSAL's warm getter. It is told all that it would look for, and its token request goes to the server of the run. */
export function microsoftTokens({ tokenEndpoint }: Hosts): () => Promise<string> {
  const post = async <T>() => {
    const response = await fetch(tokenEndpoint, { method: 'POST' })
    return { status: response.status, headers: {}, body: (await response.json()) as T }
  }
  const application = new ConfidentialClientApplication({
    auth: {
      clientId: 'bench',
      clientSecret: 'bench-secret',
      authority: AUTHORITY,
      knownAuthorities: ['login.microsoftonline.com'],
      authorityMetadata: JSON.stringify(metadata),
    },
    system: { networkClient: { sendGetRequestAsync: post, sendPostRequestAsync: post } },
  })
  return async () => {
    const answer = await application.acquireTokenByClientCredential({ scopes: ['https://api.test/.default'] })
    return answer!.accessToken
  }
}
