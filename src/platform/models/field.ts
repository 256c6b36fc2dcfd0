import * as z from 'zod'
import { lazy } from './lazy.js'

/*
 * The kinds of field that most models are made of: some 400 fields share these schemas, each built on first use (at
 * import they would take 4 ms). Optional ones are exact (the key may be missing, it may not be undefined): that is what
 * JSON can say and what the types promise.
 */

export const text = lazy(() => z.string())
export const number = lazy(() => z.number())
export const textOrNumber = lazy(() => z.union([z.string(), z.number()]))
/** A whole number as JSON can carry it: one past 2^53 was rounded, and may by now be the id of something else. */
export const id = lazy(() => z.int())
export const truth = lazy(() => z.boolean())

export const optional = z.exactOptional
export const optionalText = lazy(() => optional(text()))
export const optionalNumber = lazy(() => optional(number()))
export const optionalTruth = lazy(() => optional(truth()))
export const optionalTexts = lazy(() => optional(z.array(text())))
