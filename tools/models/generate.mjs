/**
 * Writes src/genesys/models from genesys.json and src/cxone/models from cxone.json: types for what a platform is asked,
 * types and zod schemas for what it answers.
 *
 *   node tools/models/generate.mjs          writes the files
 *   node tools/models/generate.mjs --check  exits 1 when they are not what it would write
 *
 * To cover more: add models to the facts of a platform, and in the script of its name their roots to AREAS and what our
 * code reads of them to READ.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { cxone } from './cxone.mjs'
import { genesys } from './genesys.mjs'
import { SourceFile } from './source-file.mjs'

const PLATFORMS = [genesys, cxone]

for (const platform of PLATFORMS) {
  const stale = []
  for (const { path, text } of await generated(platform)) {
    if (!process.argv.includes('--check')) write(path, text)
    else if (readOrNothing(path) !== text) stale.push(basename(path))
  }
  if (stale.length > 0) {
    console.error(
      `Not what ${platform.facts.name} says: ${platform.folder}/${stale.join(', ')}. Write with generate.mjs.`,
    )
    process.exitCode = 1
  }
}

/** The text of every file of a platform, as prettier likes it. */
function generated(platform) {
  const ledger = new Map()
  const files = platform.areas.map((area) => new SourceFile(area, platform, ledger))
  const borrowed = new Set(files.flatMap((file) => file.borrowed()))
  return Promise.all(
    files.map(async (file) => {
      const path = fileURLToPath(new URL(`../../${platform.folder}/${file.file}`, import.meta.url))
      return { path, text: await format(file.text(borrowed), { ...(await resolveConfig(path)), filepath: path }) }
    }),
  )
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function readOrNothing(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}
