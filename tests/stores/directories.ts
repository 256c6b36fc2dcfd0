import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const made: string[] = []

/** A directory of its own for a test; {@link removeDirectories} ends it. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'everbearer-'))
  made.push(path)
  return path
}

export function removeDirectories(): void {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true })
}
