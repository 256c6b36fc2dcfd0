import { expect, test } from '@jest/globals'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8')
const rooms = readdirSync(join(root, 'src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => `src/${name}`)

test('docs/architecture.md names each room of src, and no other', () => {
  const named = [...page.matchAll(/`(src\/[a-z-]+)`/g)].map(([, room]) => room!)
  expect([...new Set(named)].sort()).toEqual(rooms.sort())
})

test('docs/architecture.md names files that are there', () => {
  const named = [...page.matchAll(/`(src\/[a-z-]+\/[a-z-]+\.ts)`/g)].map(([, file]) => file!)
  const names = rooms.map((room) => room.replace('src/', '')).join('|')
  const short = [...page.matchAll(new RegExp(`(?<!src/)\\b(?:${names})/[a-z-]+`, 'g'))].map(([at]) => `src/${at}.ts`)
  expect(named.length).toBeGreaterThan(20)
  expect(short.length).toBeGreaterThan(5)
  expect([...named, ...short].filter((file) => !existsSync(join(root, file)))).toEqual([])
})
