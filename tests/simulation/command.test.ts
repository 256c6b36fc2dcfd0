import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bundleSimulation } from './bundle.js'

// Inside node_modules, so that the bundle finds the packages.
const folder = mkdtempSync(join(import.meta.dirname, '../../node_modules/.everbearer-'))
const program = join(folder, 'simulation.mjs')
beforeAll(() => bundleSimulation(program))
afterAll(() => rmSync(folder, { recursive: true }))

function ran(...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...parameters], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

describe('npm run histories', () => {
  it('ends with one line that says how many were looked at, and by which seed, however many workers there are', () => {
    const stdout = 'histories: 300, violations: 0, seed: -5\n'
    for (const workers of ['1', '2']) {
      expect(ran('300', '--seed=-5', '--workers', workers)).toEqual({ status: 0, stdout, stderr: '' })
    }
  }, 60_000)

  it('says in one line what is wrong with what it is told, and ends with status 1', () => {
    expect(ran('many')).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^The number.*\n$/) })
  }, 60_000)
})
