import { beforeAll, describe, expect, jest, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { startCxoneSimulator } from '../../src/testing/start-cxone-simulator.js'
import { startGenesysSimulator } from '../../src/testing/start-genesys-simulator.js'

// The whole main job takes about 20 s, most of it waiting.
jest.setTimeout(90_000)

const root = join(import.meta.dirname, '../..')

interface Run {
  exitCode: number
  stdout: string
  stderr: string
}

/** Runs the built command in an environment without credentials, but for the ones given. */
function run(args: string[], env: Record<string, string> = {}): Promise<Run> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(GENESYS|CXONE)/.test(name))
  // In CI the colours are on even where there is no terminal.
  const environment = { ...Object.fromEntries(inherited), NODE_OPTIONS: '', NO_COLOR: '1', ...env }
  return new Promise((resolve) => {
    const command = execFile(
      process.execPath,
      [join(root, 'dist/cli/main.js'), ...args],
      { env: environment, timeout: 80_000 },
      (_error, stdout, stderr) => resolve({ exitCode: command.exitCode ?? -1, stdout, stderr }),
    )
  })
}

const FIGURES = [
  'platform',
  'conversations',
  'expected',
  'missing',
  'duplicates',
  'users',
  'expectedUsers',
  'pages',
  'tokenRequests',
  'unauthorizedAbsorbed',
  'rateLimitsWaited',
  'serverErrorsRetried',
  'errorsSurfaced',
  'elapsedMs',
]

let nights: Readonly<Record<string, Promise<Run>>>
// Side by side, and beside all other tests, for both mostly wait.
beforeAll(() => {
  nights = { genesys: run(['--json']), cxone: run(['--platform', 'cxone', '--json']) }
})

describe('the main job', () => {
  test('reads the organization that the environment names, and says so', async () => {
    await using simulator = await startGenesysSimulator({
      users: 130,
      conversationsPerDay: (day) => (day.getUTCDate() === 15 ? 7 : 0),
    })
    const { exitCode, stdout, stderr } = await run([], simulator.env)
    expect(stdout).toContain(`Reading ${simulator.apiUrl}`)
    expect(stdout).toMatch(/conversations +7\n/)
    expect(stdout).toMatch(/users +130\n/)
    expect(stdout).toContain('missing, doubled      not known, 0')
    // Progress goes to standard error, in plain lines where there is no terminal.
    expect(stderr).toContain('tokens minted 1')
    expect(stderr).not.toContain('\u001b')
    expect(exitCode).toBe(0)
  })

  test('reads the tenant that the environment names, in the words of its platform', async () => {
    await using simulator = await startCxoneSimulator({
      agents: 30,
      contactsPerDay: (day) => (day.getUTCDate() === 15 ? 7 : 0),
    })
    const { exitCode, stdout } = await run(['--platform', 'cxone'], simulator.env)
    expect(stdout).toContain(`Reading ${simulator.issuer}`)
    expect(stdout).toMatch(/contacts +7\n/)
    expect(stdout).toMatch(new RegExp(`agents +${simulator.truth.agentIds().length}\n`))
    expect(exitCode).toBe(0)
  })

  test('has no figures for what nobody can know of a real organization', async () => {
    await using simulator = await startGenesysSimulator({ users: 1, conversationsPerDay: 0 })
    const { stdout } = await run(['--json'], simulator.env)
    expect(JSON.parse(stdout)).toMatchObject({ expected: null, missing: null, expectedUsers: null, users: 1 })
  })
})

describe('when it cannot be done', () => {
  test('an error that surfaces is counted, told with what to check first, and fails the run', async () => {
    await using simulator = await startGenesysSimulator()
    const env = { ...simulator.env, GENESYS_CLIENT_SECRET: 'not-the-secret' }
    const { exitCode, stdout, stderr } = await run([], env)
    expect(stdout).toContain('token_denied')
    expect(stdout).toMatch(/Check first the client secret, then the region/)
    expect(stdout + stderr).not.toContain('not-the-secret')
    expect(exitCode).toBe(1)

    const json = await run(['--json'], env)
    expect(JSON.parse(json.stdout)).toMatchObject({ conversations: 0, errorsSurfaced: 1 })
    expect(json.exitCode).toBe(1)
  })

  test('half of the credentials are an error that names the other half, not a simulated run', async () => {
    const { exitCode, stderr, stdout } = await run(['--json'], { GENESYS_CLIENT_ID: 'id' })
    expect(stderr).toContain('missing_environment')
    expect(stderr).toContain('GENESYS_CLIENT_SECRET, GENESYS_REGION')
    expect(stdout).toBe('')
    expect(exitCode).toBe(1)
  })

  // A password is printed by nobody: neither by the line that names the organization, nor by the error.
  test.each([
    ['GENESYS_API_URL', 'https://me:canary@api.example.com'],
    ['GENESYS_API_URL', 'https://api.example.com?canary'],
    ['GENESYS_API_URL', 'https://api.example.com#canary'],
    ['GENESYS_API_URL', 'https://me:can@canary/x@api.example.com'],
    ['GENESYS_API_URL', 'me:canary@api.example.com'],
    ['GENESYS_LOGIN_URL', 'https://me:canary@login.example.com'],
    ['GENESYS_REGION', 'https://me:canary@login.mypurecloud.com'],
    ['GENESYS_REGION', 'https://login.canary:x@mypurecloud.com'],
    ['GENESYS_REGION', 'canary'],
    ['CXONE_ISSUER', 'https://me:canary@cxone.example.com'],
    ['CXONE_ISSUER', 'https://cxone.example.com?canary'],
    ['CXONE_ACCESS_KEY_ENDPOINT', 'https://me:canary@cxone.example.com'],
    ['CXONE_AREA', 'https://me:canary@na1.example.com'],
  ])('%s with a secret in it is rejected before anything is printed of it: %s', async (name, value) => {
    const platform = name.startsWith('CXONE') ? 'cxone' : 'genesys'
    const genesys = { GENESYS_CLIENT_ID: 'id', GENESYS_CLIENT_SECRET: 'secret' }
    const urls = { GENESYS_LOGIN_URL: 'https://login.example.com', GENESYS_API_URL: 'https://api.example.com' }
    const cxone = { CXONE_ACCESS_KEY_ID: 'id', CXONE_ACCESS_KEY_SECRET: 'secret' }
    const client = { CXONE_CLIENT_ID: 'id', CXONE_CLIENT_SECRET: 'secret' }
    const others = {
      ...(platform === 'genesys' ? genesys : cxone),
      ...(name.endsWith('_URL') && urls),
      ...(name === 'CXONE_ISSUER' && client),
    }
    const { exitCode, stdout, stderr } = await run(['--platform', platform], { ...others, [name]: value })
    expect(stderr).toMatch(/invalid_option|invalid_origin/)
    expect(stdout).toBe('')
    expect(stderr).not.toContain('canary')
    expect(exitCode).toBe(1)
  })

  test('a query that is accepted is not printed either', async () => {
    await using simulator = await startCxoneSimulator({ agents: 1, contactsPerDay: 0 })
    const endpoint = `${simulator.accessKeyEnv.CXONE_ACCESS_KEY_ENDPOINT}?key=canary`
    const env = { ...simulator.accessKeyEnv, CXONE_ACCESS_KEY_ENDPOINT: endpoint }
    const { stdout, stderr } = await run(['--platform', 'cxone'], env)
    expect(stdout).toContain(`Reading ${simulator.issuer}: `)
    expect(stdout + stderr).not.toContain('canary')
  })

  test.each([
    [['https://me:canary@api.example.com']],
    [['--platform', 'https://me:canary@api.example.com']],
    [['--https://me:canary@api.example.com']],
    [['--client-secret=canary']],
    [['--json=canary']],
  ])('an argument that may hold a secret is not printed: %j', async (args) => {
    const { exitCode, stdout, stderr } = await run(args)
    expect(stderr).toContain('Usage: npm start')
    expect(stdout + stderr).not.toContain('canary')
    expect(exitCode).toBe(2)
  })

  test('a platform that there is not is told, with the usage', async () => {
    const { exitCode, stderr } = await run(['--platform', 'five9'])
    expect(stderr).toMatch(/five9[\s\S]*Usage: npm start/)
    expect(exitCode).toBe(2)
  })

  test('an unknown option is told, with the usage', async () => {
    const { exitCode, stderr } = await run(['--jason'])
    expect(stderr).toMatch(/--jason[\s\S]*Usage: npm start/)
    expect(exitCode).toBe(2)
  })

  test('--help prints the usage', async () => {
    const { exitCode, stdout } = await run(['--help'])
    expect(stdout).toMatch(/^Usage: npm start/)
    expect(exitCode).toBe(0)
  })
})

describe('a night at its end', () => {
  test.each(['genesys', 'cxone'])(
    'misses nothing of a simulated month at %s in which everything happens',
    async (platform) => {
      const { exitCode, stdout, stderr } = (await nights[platform])!
      expect(stderr).toBe('')
      const figures = JSON.parse(stdout) as Record<string, number>
      expect(Object.keys(figures)).toEqual(FIGURES)
      expect(figures).toMatchObject({ platform, missing: 0, duplicates: 0, errorsSurfaced: 0 })
      expect(figures['conversations']).toBe(figures['expected'])
      expect(figures['users']).toBe(figures['expectedUsers'])
      expect(figures['conversations']).toBeGreaterThan(30_000)
      expect(figures['users']).toBeGreaterThanOrEqual(4_000)
      expect(figures['pages']).toBeGreaterThan(300)
      // Tokens live 3 s, so there were many, and each kind of fault was met.
      expect(figures['tokenRequests']).toBeGreaterThanOrEqual(6)
      expect(figures['unauthorizedAbsorbed']).toBeGreaterThanOrEqual(2)
      expect(figures['rateLimitsWaited']).toBeGreaterThanOrEqual(3)
      expect(figures['serverErrorsRetried']).toBeGreaterThanOrEqual(5)
      expect(exitCode).toBe(0)
    },
  )
})
