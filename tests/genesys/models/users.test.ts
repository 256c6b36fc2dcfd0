import { describe, expect, test } from '@jest/globals'
import { userEntityListing, type User } from '../../../src/genesys/models/users.js'

const { envelope, full } = userEntityListing

describe('a listing of users', () => {
  test('without entities is no listing: an answer of another kind must not look like the last page', () => {
    expect(envelope.safeParse({ message: 'try later' }).error?.issues[0]?.path).toEqual(['entities'])
    expect(full.safeParse({}).error?.issues[0]?.path).toEqual(['entities'])
  })

  test('hands rows on as they are', () => {
    const row = { id: '1', version: 'not a number', manager: 7 }
    expect(envelope.parse({ entities: [row] }).entities[0]).toBe(row)
  })

  test('is refused in full where a field has the wrong type, with the path', () => {
    const listing = { entities: [{ id: '1' }, { id: '2', images: [{ imageUri: 'a' }, { imageUri: 5 }] }] }
    expect(full.safeParse(listing).error?.issues).toMatchObject([{ path: ['entities', 1, 'images', 1, 'imageUri'] }])
  })

  test('is checked in full through managers of managers and owners of groups', () => {
    const user = (manager?: object): object => ({ id: 'x', ...(manager && { manager }) })
    expect(full.parse({ entities: [user(user(user()))] })).toEqual({ entities: [user(user(user()))] })
    const wrong = { entities: [user(user(user({ id: 1 })))] }
    expect(full.safeParse(wrong).error?.issues[0]?.path).toEqual(['entities', 0, 'manager', 'manager', 'manager', 'id'])
    const owners = { entities: [{ id: '1', groups: [{ owners: [{ id: '2', outOfOffice: { user: { id: 3 } } }] }] }] }
    expect(full.safeParse(owners).error?.issues[0]?.path).toEqual([
      'entities',
      0,
      'groups',
      0,
      'owners',
      0,
      'outOfOffice',
      'user',
      'id',
    ])
  })

  test('has types that complete known values and take others', () => {
    const known: User = { id: '1', state: 'active' }
    const unknown: User = { id: '1', state: 'furloughed' }
    // @ts-expect-error the code itself needs an id
    const nobody: User = { state: 'active' }
    // @ts-expect-error an absent field is absent, not undefined
    const half: User = { id: '1', name: undefined }
    expect([known, unknown, nobody, half]).toHaveLength(4)
  })
})
