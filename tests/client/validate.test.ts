import { describe, expect, test } from '@jest/globals'
import type { StandardSchema } from '../../src/client/standard-schema.js'
import { validate } from '../../src/client/validate.js'

/** A schema of some library that finds these issues. */
function finding(issues: { message: string; path?: (PropertyKey | { key: PropertyKey })[] }[]): StandardSchema {
  return { '~standard': { version: 1, vendor: 'test', validate: () => Promise.resolve({ issues }) } }
}

const hide = (quoted: string) => quoted.replaceAll('canary', '[redacted]')

describe('an answer that does not fit', () => {
  test('is told by the path of the first issue, in whichever form a library writes it', async () => {
    const schema = finding([
      { message: 'expected a string', path: ['entities', { key: 3 }, 'id'] },
      { message: 'other' },
    ])
    await expect(validate({}, schema, 'GET /things', hide)).rejects.toMatchObject({
      code: 'schema_mismatch',
      path: 'entities.3.id',
      message: 'The answer to GET /things does not fit its schema at entities.3.id: expected a string.',
    })
  })

  test('as a whole has an empty path', async () => {
    await expect(validate({}, finding([{ message: 'expected an object' }]), 'GET /things', hide)).rejects.toMatchObject(
      {
        path: '',
        message: 'The answer to GET /things does not fit its schema: expected an object.',
      },
    )
  })

  test('for no reason that is given is an error all the same', async () => {
    for (const issues of [[], [{ message: '' }]]) {
      await expect(validate({}, finding(issues), 'GET /things', hide)).rejects.toMatchObject({
        code: 'schema_mismatch',
        message: 'The answer to GET /things does not fit its schema: no reason given.',
      })
    }
  })

  test('is told on one line that is safe to print, whatever key a customer chose', async () => {
    const issue = { message: 'no\u001b[2J\nnumber', path: ['info', 'a\u001b[2J\u0007b'] }
    const error = await validate({}, finding([issue]), 'GET /things', hide).catch((thrown: unknown) => thrown as Error)
    expect(error).toMatchObject({ code: 'schema_mismatch', message: expect.not.stringMatching(/\p{Cc}/u) as unknown })
    expect((error as { path: string }).path).not.toMatch(/\p{Cc}/u)
  })

  test('is told without the token that its keys and values echo', async () => {
    const long = 'x'.repeat(290)
    const issues = [{ message: `received "canary" ${long}canary`, path: ['info', 'canary'] }]
    const error = await validate({}, finding(issues), 'GET /things', hide).catch((thrown: unknown) => thrown as Error)
    expect(error).toMatchObject({ path: 'info.[redacted]', message: expect.stringContaining('received "[redacted]"') })
    expect((error as Error).message).not.toMatch(/can?a?r?y?\./)
  })
})
