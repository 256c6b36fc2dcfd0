const FORM = 'application/x-www-form-urlencoded'

/** The form that a token endpoint is sent, undefined for any other body. */
export async function readForm(request: Request): Promise<URLSearchParams | undefined> {
  if (!request.headers.get('content-type')?.toLowerCase().startsWith(FORM)) return undefined
  return new URLSearchParams(await request.text())
}
