import { parseUrl } from './parse-url.js'

/**
 * Returns a copy of a URL that is fit to be printed: no user name, password, query or fragment. Returns undefined for a text
 * that is not a URL with a host, and for a URL that has an `@` behind its host: a password with a bare `@` and `/` in it
 * moves there, so that `https://me:p@ss/word@host` names the host `ss`.
 */
export function shownUrl(given: string | URL): URL | undefined {
  const url = parseUrl(given)
  if (url === undefined || url.host === '' || `${url.pathname}${url.search}${url.hash}`.includes('@')) return undefined
  url.username = url.password = url.search = url.hash = ''
  return url
}
