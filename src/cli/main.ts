#!/usr/bin/env node
import { parseArgs } from 'node:util'

import pc from 'picocolors'

import { progressDisplay, silentDisplay } from './display.js'
import { runMainJob } from './main-job.js'
import { openOrganization } from './organization.js'
import { platformNamed } from './platforms.js'
import { describe, succeeded, toJson, toText } from './summary.js'

const USAGE = `Usage: npm start --silent -- [--platform genesys|cxone] [--json] [--help]

Reads a month of conversations and all users of a Genesys Cloud organization, or of completed contacts and all agents of
a NICE CXone tenant: of a simulated one, in which much goes wrong, or of the one that the environment names by
GENESYS_CLIENT_ID, GENESYS_CLIENT_SECRET and GENESYS_REGION, or by CXONE_ACCESS_KEY_ID, CXONE_ACCESS_KEY_SECRET,
CXONE_CLIENT_ID and CXONE_CLIENT_SECRET.

  --platform  genesys (default) or cxone
  --json      print one JSON object instead of progress and summary
  --help      print this

Exit code: 0 when nothing is missing, doubled or surfaced, 1 otherwise, 2 for a wrong option.`

async function main(): Promise<number> {
  const { platform, json, help } = options()
  if (help) {
    console.log(USAGE)
    return 0
  }
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort(new Error('Interrupted.')))
  const organization = await openOrganization(platform, process.env)
  try {
    const { env, simulated } = organization
    // Rejects what is wrong with the environment before anything of it is printed.
    const reader = platform.read(env, { signal: interrupted.signal, simulated })
    if (!json) console.log(`Reading ${pc.bold(organization.name)}: ${organization.interval}`)
    const display = json ? silentDisplay : progressDisplay()
    const summary = await runMainJob(organization, reader, display)
    console.log(json ? toJson(summary) : toText(summary, organization))
    return succeeded(summary) ? 0 : 1
  } finally {
    organization.close()
  }
}

function options() {
  try {
    const { platform: name = 'genesys', ...rest } = parseArgs({
      options: { platform: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
    }).values
    const platform = platformNamed(name)
    if (!platform) throw new Error(`There is no platform ${word(name) ?? 'of this name'}.`)
    return { platform, ...rest }
  } catch (error) {
    console.error(`${complaint(error as NodeJS.ErrnoException)}\n\n${USAGE}`)
    process.exit(2)
  }
}

/** Says what is wrong with the options. Node's own words quote an argument, which may be a URL with a password. */
function complaint({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return 'This command takes options only.'
  if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return message
  return `Unknown option ${word(/'(.*)'/s.exec(message)?.[1]) ?? ''}`.trim() + '.'
}

function word(text = ''): string | undefined {
  return /^[\w-]{1,40}$/.test(text) ? text : undefined
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(pc.red(describe(error as Error)))
  process.exitCode = 1
}
