import { isDefaultAgent } from './default-agent.js'

let isChecked = false

/**
 * Warns once if Node was told to use the proxy of the environment, and undici's global dispatcher uses none. undici 8
 * replaces Node's proxy agent on Node 22, for the built-in fetch too, and Node 20 has no such agent.
 */
export function warnOfUnusedProxy(dispatcher: object): void {
  if (isChecked) return
  isChecked = true
  if (!isProxyWanted() || !isDefaultAgent(dispatcher)) return
  process.emitWarning(
    'everbearer sends requests directly, not through the proxy of NODE_USE_ENV_PROXY: the global dispatcher of undici ' +
      'is an Agent without a proxy. Call `setGlobalDispatcher(new EnvHttpProxyAgent())`, or use undici 7 on Node 22.',
    { type: 'EverbearerWarning', code: 'EVERBEARER_PROXY_UNUSED' },
  )
}

function isProxyWanted(): boolean {
  const { env, execArgv } = process
  const isOn = env['NODE_USE_ENV_PROXY'] === '1' || [...execArgv, env['NODE_OPTIONS']].join(' ').includes(FLAG)
  return isOn && PROXIES.some((name) => env[name])
}

const FLAG = '--use-env-proxy'
const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']
