import { describe, expect, test } from '@jest/globals'
import { itemType, models } from './facts.js'
import { fileOf, generated } from './generated-types.js'
import { officialModel } from './official-sdk.js'

/** As the official SDK's, except that a model which is none of ours may hold anything. */
function expectedType(type: string): string {
  const inner = itemType(type) ?? type
  return ['string', 'number', 'boolean'].includes(inner) || generated.has(inner) ? type : type.replace(inner, 'unknown')
}

/** A predicate's `type` names the field that it compares; Genesys lists types also where there is no such field. */
function knownValues(model: string, field: string): readonly string[] {
  const values = models[model]?.[field]?.values ?? []
  return model.endsWith('Predicate') && field === 'type' ? values.filter((value) => value in models[model]!) : values
}

const isAsked = (model: string) => /(query|search)\.ts$/.test(fileOf(model)!)

describe.each([...generated])('the type %s', (model, fields) => {
  test('has every field that the official SDK has, each of the same type, and no other', () => {
    const official = Object.entries(officialModel(model) ?? {})
    expect(Object.fromEntries(Object.entries(fields).map(([name, { type }]) => [name, type]))).toEqual(
      Object.fromEntries(official.map(([name, { type }]) => [name, expectedType(type)])),
    )
  })

  test('lists the values that Genesys knows, and takes others in answers alone', () => {
    for (const [name, { values, open }] of Object.entries(fields)) {
      const known = knownValues(model, name)
      expect([...values].sort()).toEqual([...known].sort())
      expect(open).toBe(known.length > 0 && !isAsked(model))
    }
  })
})

test('there is a type for every model that is known', () => {
  expect([...generated.keys()].sort()).toEqual(Object.keys(models).sort())
})

// Those of predicates are told by what compiles: conversation-query.test.ts.
test.each([...generated].filter(([model]) => isAsked(model) && !model.endsWith('Predicate')))(
  'a request with a %s must have in it what Genesys asks for, and nothing more',
  (model, fields) => {
    for (const [name, { required }] of Object.entries(fields)) {
      expect([name, required]).toEqual([name, models[model]?.[name]?.required ?? false])
    }
  },
)
