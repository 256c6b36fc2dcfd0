import type { ApiResponse } from './history.js'

/** Where things are. The token may go to the first two. */
export const URLS = {
  a: 'https://a.example',
  b: 'https://b.example',
  'other port': 'https://a.example:8443',
  'plain http': 'http://a.example',
  evil: 'https://evil.example',
} as const

/** What an answer is made of. */
export interface Head {
  readonly status: number
  readonly challenge?: string
  readonly location?: string
  /** It says that the token is no longer good. */
  readonly refuses?: boolean
}

export const HEADS: Readonly<Record<Exclude<ApiResponse, 'as it should' | 'cut'>, Head>> = {
  '200': { status: 200 },
  '401 invalid_token': { status: 401, challenge: 'Bearer error="invalid_token"', refuses: true },
  '401 bare Bearer': { status: 401, challenge: 'Bearer realm="api"', refuses: true },
  '401 without a challenge': { status: 401, refuses: true },
  '401 unreadable challenge': { status: 401, challenge: '=,"', refuses: true },
  '401 insufficient_scope': { status: 401, challenge: 'Bearer error="insufficient_scope"' },
  '401 Basic only': { status: 401, challenge: 'Basic realm="api"' },
  '403': { status: 403 },
  '503': { status: 503 },
  'redirect to a': { status: 302, location: URLS.a },
  'redirect to b': { status: 302, location: URLS.b },
  'redirect to evil': { status: 302, location: URLS.evil },
}

/** The word in a body by which the hook of the `body` verdict knows a refused token. */
export const REFUSED = 'token refused'
