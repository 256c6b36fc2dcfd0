import { describe, expect, test } from '@jest/globals'
import { factsOf, typeKnown } from './facts.js'
import { generatedTypes } from './generated-types.js'

describe.each(['genesys', 'cxone'] as const)('the types of %s', (platform) => {
  const models = factsOf(platform)
  const generated = generatedTypes(platform)

  /** A predicate's `type` names the field that it compares; Genesys lists types also where there is no such field. */
  function knownValues(model: string, field: string): readonly string[] {
    const values = models[model]?.[field]?.values ?? []
    return model.endsWith('Predicate') && field === 'type' ? values.filter((value) => value in models[model]!) : values
  }

  test('are there for every model that is known, and for no other', () => {
    expect([...generated.keys()].sort()).toEqual(Object.keys(models).sort())
  })

  test.each([...generated])('%s has every field that is known, each of its type, and no other', (model, { fields }) => {
    const known = Object.entries(models[model] ?? {})
    expect(Object.fromEntries(Object.entries(fields).map(([name, { type }]) => [name, type]))).toEqual(
      Object.fromEntries(known.map(([name, { type }]) => [name, typeKnown(models, type)])),
    )
  })

  test.each([...generated])('%s lists the values that are known, others fit in answers', (model, { fields, asked }) => {
    for (const [name, { values, open }] of Object.entries(fields)) {
      const known = knownValues(model, name)
      expect([...values].sort()).toEqual([...known].sort())
      expect(open).toBe(known.length > 0 && !asked)
    }
  })

  // Those of predicates are told by what compiles: conversation-query.test.ts.
  test.each([...generated].filter(([model, { asked }]) => asked && !model.endsWith('Predicate')))(
    'a request with a %s must have in it what the platform asks for, and nothing more',
    (model, { fields }) => {
      for (const [name, { required }] of Object.entries(fields)) {
        expect([name, required]).toEqual([name, models[model]?.[name]?.required ?? false])
      }
    },
  )
})
