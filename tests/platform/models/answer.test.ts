import { describe, expect, jest, test } from '@jest/globals'
import * as z from 'zod'
import { responseSchemas } from '../../../src/platform/models/response-schemas.js'
import { errorBody } from '../../../src/genesys/models/errors.js'
import { userEntityListing } from '../../../src/genesys/models/users.js'

describe.each(['envelope', 'full'] as const)('%s', (validate) => {
  test('takes null for absent, at any depth', () => {
    const listing = {
      total: null,
      entities: [
        { id: '1', name: null, manager: { id: '2', images: null }, images: [{ imageUri: null }], later: null },
      ],
    }
    expect(userEntityListing[validate].parse(listing)).toEqual({
      entities: [{ id: '1', manager: { id: '2' }, images: [{}] }],
    })
  })

  test('takes null for absent in a map', () => {
    const body = { code: 'bad.request', messageParams: { field: null, value: 'x' } }
    expect(errorBody[validate].parse(body)).toEqual({ code: 'bad.request', messageParams: { value: 'x' } })
  })

  test('refuses null where something is required', () => {
    const paths = (body: unknown) => userEntityListing[validate].safeParse(body).error?.issues.map(({ path }) => path)
    expect(paths({ entities: null })).toEqual([['entities']])
    expect(paths({ entities: [{ id: '1' }, { id: null }] })).toEqual([['entities', 1, 'id']])
    expect(paths({ entities: [null] })).toEqual([['entities', 0]])
    expect(paths(null)).toEqual([[]])
  })

  test('keeps fields that nobody knows', () => {
    const listing = { entities: [{ id: '1', later: { more: [1] } }], later: true }
    expect(userEntityListing[validate].parse(structuredClone(listing))).toEqual(listing)
  })

  test('refuses what is nested without end, and does not overflow the stack', () => {
    let body: object = { message: 'innermost' }
    for (let level = 0; level < 100_000; level++) body = { errors: [body] }
    const { error } = errorBody[validate].safeParse(body)
    expect(error?.issues[0]?.message).toMatch('nested more than 100 levels deep')
  })

  test('is a Standard Schema that names the path', async () => {
    const result = await userEntityListing[validate]['~standard'].validate({ entities: [{ id: 7 }] })
    expect(result.issues?.[0]).toMatchObject({ path: ['entities', 0, 'id'] })
  })
})

test('a schema is built on first use, once', () => {
  const envelope = jest.fn(() => z.looseObject({}))
  const full = jest.fn(() => z.looseObject({}))
  const schemas = responseSchemas(envelope, full)
  expect(envelope).not.toHaveBeenCalled()
  expect(schemas.envelope).toBe(schemas.envelope)
  expect(envelope).toHaveBeenCalledTimes(1)
  expect(full).not.toHaveBeenCalled()
  expect(schemas.full).toBe(schemas.full)
  expect(full).toHaveBeenCalledTimes(1)
})
