import { CREDENTIALS } from './tokens.js'
import type { Hosts } from './hosts.js'

/** An access token, and when it ends by the wall clock. */
export interface TokenByHand {
  readonly token: string
  readonly until: number
}

/** Asked for by hand, for libraries that are given one by their caller. */
export async function tokenFrom({ tokenEndpoint }: Hosts): Promise<TokenByHand> {
  const { clientId: client_id, clientSecret: client_secret } = CREDENTIALS
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret })
  const response = await fetch(tokenEndpoint, { method: 'POST', body })
  const answer = (await response.json()) as { access_token: string; expires_in: number }
  if (!response.ok) throw new Error(`The authorization server answered ${response.status}`)
  return { token: answer.access_token, until: Date.now() + answer.expires_in * 1000 }
}
