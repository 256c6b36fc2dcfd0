const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

let tokens = 0

/** A JSON Web Token, for one of the clients takes nothing else. Each is another; nobody looks at its signature. */
export function unsignedToken(lifetime: number): string {
  const now = Math.floor(Date.now() / 1000)
  return `${part({ alg: 'none', typ: 'JWT' })}.${part({ iat: now, exp: now + lifetime, sub: 'bench', jti: tokens++ })}.c2lnbmF0dXJl`
}
