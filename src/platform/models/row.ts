import * as z from 'zod'

/**
 * An object with these strings in it, not looked at any further and handed on as it is: `z.looseObject` would copy every
 * row field by field, at many times the cost.
 */
export function row<Row>(...required: (keyof Row & string)[]): z.ZodType<Row> {
  const schema = z.unknown().check(({ value, issues }) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      issues.push({ code: 'invalid_type', expected: 'object', input: value })
      return
    }
    for (const name of required) {
      const field = (value as Record<string, unknown>)[name]
      if (typeof field === 'string') continue
      issues.push({ code: 'invalid_type', expected: 'string', input: field, path: [name] })
    }
  })
  return schema as z.ZodType<Row>
}
