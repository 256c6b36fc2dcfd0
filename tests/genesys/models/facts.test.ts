import { expect, test } from '@jest/globals'
import { models } from './facts.js'
import { officialModel } from './official-sdk.js'

test.each(Object.keys(models))("%s is the official SDK's, field by field", (model) => {
  const facts = Object.entries(models[model] ?? {}).map(([name, { type, required }]) => [
    name,
    { type, ...(required && { required }) },
  ])
  expect(Object.fromEntries(facts)).toEqual(officialModel(model))
})
