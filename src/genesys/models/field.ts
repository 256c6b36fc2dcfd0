import * as z from 'zod'

/*
 * The kinds of field that most models are made of, built once: some 400 fields share these schemas. Optional ones are
 * exact (the key may be missing, it may not be undefined): that is what JSON can say and what the types promise.
 */

export const text = z.string()
export const number = z.number()
export const truth = z.boolean()

export const optional = z.exactOptional
export const optionalText = optional(text)
export const optionalNumber = optional(number)
export const optionalBoolean = optional(truth)
export const optionalTexts = optional(z.array(text))
