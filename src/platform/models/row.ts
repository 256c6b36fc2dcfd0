import * as z from 'zod'

/** The fields of a row that can be asked for, and what each is: a text, or a whole number. */
type RequiredFields<Row> = {
  readonly [Name in keyof Row]?: Row[Name] extends string ? 'string' : Row[Name] extends number ? 'number' : never
}

/**
 * An object with these fields in it, not looked at any further and handed on as it is: `z.looseObject` would copy every
 * row field by field, at many times the cost. A number is an id, so it must be exact: one past 2^53 was rounded, and may
 * by now be the id of another row.
 */
export function row<Row>(required: RequiredFields<Row>): z.ZodType<Row> {
  const fields = Object.entries(required) as [name: string, type: 'string' | 'number'][]
  const schema = z.unknown().check(({ value, issues }) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      issues.push({ code: 'invalid_type', expected: 'object', input: value })
      return
    }
    for (const [name, type] of fields) {
      const field = (value as Record<string, unknown>)[name]
      if (type === 'string' ? typeof field === 'string' : Number.isSafeInteger(field)) continue
      issues.push({ code: 'invalid_type', expected: type === 'string' ? type : 'int', input: field, path: [name] })
    }
  })
  return schema as z.ZodType<Row>
}
