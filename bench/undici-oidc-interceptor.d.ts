// It brings no types.
declare module 'undici-oidc-interceptor' {
  import type { Dispatcher } from 'undici'
  export function createOidcInterceptor(options: Record<string, unknown>): Dispatcher.DispatcherComposeInterceptor
}
