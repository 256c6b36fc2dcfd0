import * as z from 'zod'
import { telemetry } from '../../base/telemetry.js'

const unknownValue = telemetry('everbearer:unknown-value')

/**
 * A string of which we know some values. A platform adds values without a new version of its API, so any string passes;
 * one that is not listed is told by the event `everbearer:unknown-value`, with `path` (`Model.field`) and not the value.
 */
export function openEnum<Value extends string>(path: string, values: readonly NoInfer<Value>[]): z.ZodType<Value> {
  const known: readonly string[] = values
  const schema = z.string().check(({ value }) => {
    if (unknownValue.hasSubscribers && !known.includes(value)) unknownValue.publish({ path })
  })
  return schema as z.ZodType<string> as z.ZodType<Value>
}
