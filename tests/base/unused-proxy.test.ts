import { expect, test } from '@jest/globals'
import { runSource } from './run-source.js'

/** Looks up the dispatcher twice, and prints the codes of the warnings. */
function warnings(env: Record<string, string>, before = 'setGlobalDispatcher(new Agent())', given = 'undefined') {
  return runSource(
    `import { Agent, EnvHttpProxyAgent, setGlobalDispatcher } from 'undici'
     import { dispatcherFor } from './src/base/dispatcher.js'
     process.on('warning', ({ name, code, message }) => console.log(name, code, message))
     ${before}
     for (let i = 0; i < 2; i += 1) dispatcherFor(${given})
     setGlobalDispatcher(new Agent())
     await new Promise(setImmediate)`,
    { env, nodeArguments: ['--no-warnings'] },
  )
}

const WANTED = { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: 'http://127.0.0.1:1' }
const ours = (output: string) => output.split('\n').filter((line) => line.startsWith('EverbearerWarning'))

test('warns once if Node was told to use the proxy of the environment, and the global dispatcher uses none', async () => {
  expect(ours(await warnings(WANTED))).toEqual([
    'EverbearerWarning EVERBEARER_PROXY_UNUSED everbearer sends requests directly, not through the proxy of ' +
      'NODE_USE_ENV_PROXY: the global dispatcher of undici is an Agent without a proxy. ' +
      'Call `setGlobalDispatcher(new EnvHttpProxyAgent())`, or use undici 7 on Node 22.',
  ])
})

test('does not warn if the process set a proxy, wants none or names none, or if the caller gives a dispatcher', async () => {
  const silent = [
    warnings(WANTED, 'setGlobalDispatcher(new EnvHttpProxyAgent())'),
    warnings({ HTTPS_PROXY: 'http://127.0.0.1:1' }),
    warnings({ NODE_USE_ENV_PROXY: '1' }),
    warnings({ NODE_USE_ENV_PROXY: '0', http_proxy: 'http://127.0.0.1:1' }),
    warnings(WANTED, '', 'new Agent()'),
  ]
  for (const output of await Promise.all(silent)) expect(ours(output)).toEqual([])
})

test('knows the flag as well as the variable', async () => {
  const output = await runSource(
    `import { Agent, setGlobalDispatcher } from 'undici'
     import { dispatcherFor } from './src/base/dispatcher.js'
     process.on('warning', ({ code }) => console.log(code))
     process.execArgv.push('--use-env-proxy')
     setGlobalDispatcher(new Agent())
     dispatcherFor(undefined)
     await new Promise(setImmediate)`,
    { env: { http_proxy: 'http://127.0.0.1:1' }, nodeArguments: ['--no-warnings'] },
  )
  expect(output).toContain('EVERBEARER_PROXY_UNUSED')
})
