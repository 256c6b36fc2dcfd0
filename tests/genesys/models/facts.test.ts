import { expect, test } from '@jest/globals'
import { factsOf } from '../../platform/models/facts.js'
import { officialModel } from './official-sdk.js'

const models = factsOf('genesys')

test.each(Object.keys(models))("%s is the official SDK's, field by field", (model) => {
  const facts = Object.entries(models[model] ?? {}).map(([name, { type, required }]) => [
    name,
    { type, ...(required && { required }) },
  ])
  expect(Object.fromEntries(facts)).toEqual(officialModel(model))
})
