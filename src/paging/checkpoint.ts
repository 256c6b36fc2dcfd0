import { createHash } from 'node:crypto'

import { EverbearerError } from '../base/errors.js'
import { parseJsonObject } from '../protocol/json.js'

/** What a checkpoint belongs to: the endpoint, and the query that was put to it. */
export interface CheckpointSubject {
  readonly endpoint: string
  readonly query: unknown
}

const VERSION = 1

/** A position in an iteration as an opaque string, good for the same endpoint and query only. */
export function writeCheckpoint(subject: CheckpointSubject, position: unknown): string {
  return Buffer.from(JSON.stringify({ version: VERSION, of: fingerprint(subject), position })).toString('base64url')
}

/** The position in a checkpoint. Throws {@link EverbearerError} `invalid_checkpoint`. */
export function readCheckpoint(subject: CheckpointSubject, checkpoint: string): unknown {
  const text: unknown = checkpoint
  const content = typeof text === 'string' ? parseJsonObject(Buffer.from(text, 'base64url').toString()) : undefined
  if (content?.['version'] !== VERSION) throw invalid('is not one, or of another version of everbearer')
  if (content['of'] !== fingerprint(subject))
    throw new EverbearerError(
      'invalid_checkpoint',
      `The checkpoint is not of ${subject.endpoint} with these options: pass the same ones as in the call that made it.`,
    )
  return content['position']
}

/** For a position that is not what the endpoint writes. */
export function damagedCheckpointError(): EverbearerError {
  return invalid('is damaged')
}

function fingerprint({ endpoint, query }: CheckpointSubject): string {
  return createHash('sha256')
    .update(JSON.stringify([endpoint, query], inOrder))
    .digest('base64url')
    .slice(0, 16)
}

/** Members by name: a query is the same however it was put together. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const members = value as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    Object.keys(members)
      .sort()
      .map((name) => [name, members[name]]),
  )
}

function invalid(what: string): EverbearerError {
  return new EverbearerError('invalid_checkpoint', `The checkpoint ${what}: start again without it.`)
}
