import * as z from 'zod'
import { lazy } from './lazy.js'

/** The two schemas for one kind of answer: `answer[validate]` is the one that a client was asked to use. */
export interface ResponseSchemas<T> {
  /** Looks only at what our own code reads, and hands rows on as they are. */
  readonly envelope: z.ZodType<T>
  /** Looks at every field, and hands on a copy. */
  readonly full: z.ZodType<T>
}

/** Both schemas are built on first use, and both count `null` as absent. */
export function responseSchemas<T>(envelope: () => z.ZodType, full: () => z.ZodType<T>): ResponseSchemas<T> {
  const schemas = {
    envelope: lazy(() => nullsAbsent(envelope()) as z.ZodType<T>),
    full: lazy(() => nullsAbsent(full()) as z.ZodType<T>),
  }
  return {
    get envelope() {
      return schemas.envelope()
    },
    get full() {
      return schemas.full()
    },
  }
}

/** Answers nest about ten levels deep. Without a limit, an answer of brackets alone would overflow the stack. */
const MAX_DEPTH = 100

/**
 * Takes fields that are `null` off the answer itself: the types say `field?: string`, and after this they are right.
 * In place, because the answer was just parsed and nobody else holds it: that takes a tenth of the time that parsing
 * took, and no memory. A `null` in an array stays, since taking it out would move the others, and the full schema refuses it.
 */
function nullsAbsent(schema: z.ZodType): z.ZodType {
  // Not z.preprocess: zod 4.6 remembers what a transform was given, so that each page outlived the next ones.
  const inPlace = z.unknown().check(({ value, issues }) => {
    if (dropNulls(value, MAX_DEPTH)) return
    issues.push({ code: 'custom', message: `nested more than ${MAX_DEPTH} levels deep`, input: value })
  })
  return inPlace.pipe(schema)
}

/** Whether it reached the bottom. */
function dropNulls(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (levels === 0) return false
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object' && !dropNulls(item, levels - 1)) return false
    return true
  }
  const fields = value as Record<string, unknown>
  // for…in is twice as fast as Object.keys here, and a parsed answer inherits nothing.
  for (const name in fields) {
    const field = fields[name]
    if (field === null) Reflect.deleteProperty(fields, name)
    else if (typeof field === 'object' && !dropNulls(field, levels - 1)) return false
  }
  return true
}
