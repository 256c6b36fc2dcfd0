// `npm run walk`: counts the calls of everbearer's own functions that a token's life takes. V8 counts them, in modules
// that are compiled one by one. Prints one line for each step.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { Session } from 'node:inspector/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { build } from 'esbuild'
import { Agent } from 'undici'

const root = join(import.meta.dirname, '..')
const src = join(root, 'src')
// Inside node_modules, so that the modules find the packages.
const outdir = mkdtempSync(join(root, 'node_modules/.walk-'))
const session = new Session()
const server = createServer(respond)
let refusals = 0

try {
  const entryPoints = readdirSync(src, { recursive: true }).filter((path) => /(?<!\.d)\.ts$/.test(path))
  await build({
    entryPoints: entryPoints.map((path) => join(src, path)),
    outdir,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  })
  const { TokenManager, bearer, clientCredentials } = await import(pathToFileURL(join(outdir, 'index.js')))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${server.address().port}`
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })

  let dispatcher
  let tokens
  const request = async () => {
    const { body } = await dispatcher.request({ origin, path: '/things', method: 'GET' })
    await body.text()
  }
  await step('construct', async () => {
    const grant = clientCredentials({ tokenEndpoint: `${origin}/token`, clientId: 'id', clientSecret: 'secret' })
    tokens = new TokenManager(grant)
    dispatcher = new Agent().compose(bearer(tokens, { origins: [origin] }))
  })
  await step('first request', request)
  await step('warm request', request)
  await step('a 401', async () => {
    refusals = 1
    await request()
  })
  await tokens.close()
  await dispatcher.close()
} finally {
  server.close()
  session.disconnect()
  rmSync(outdir, { recursive: true, force: true })
}

async function step(name, run) {
  await session.post('Profiler.takePreciseCoverage')
  await run()
  const { result } = await session.post('Profiler.takePreciseCoverage')
  const own = result.filter(({ url }) => url.startsWith(pathToFileURL(outdir).href))
  // A module itself is a function without a name that begins with the file.
  const calls = own.flatMap(({ url, functions }) =>
    functions
      .filter(({ ranges }) => ranges[0].startOffset > 0 && ranges[0].count > 0)
      .map(({ functionName, ranges }) => ({
        at: `${url.slice(url.indexOf('.walk-') + 13)} ${functionName}`,
        count: ranges[0].count,
      })),
  )
  console.log(`${name}: ${calls.reduce((sum, { count }) => sum + count, 0)} calls`)
  if (process.argv.includes('--list')) for (const { at, count } of calls) console.log(`  ${count} ${at}`)
}

function respond(request, response) {
  request.resume()
  request.on('end', () => {
    if (request.url === '/token') {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ access_token: `t${Math.random()}`, token_type: 'Bearer', expires_in: 3600 }))
    } else if (refusals > 0) {
      refusals -= 1
      response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' })
      response.end('refused')
    } else response.end('ok')
  })
}
