import { inspect } from 'node:util'
import type { Iteration } from '../../src/paging/iteration.js'
import { but, CHECKPOINT, NO_SIZE, NO_TEXT, NO_TRUTH, ofType, present, SIGNAL, WRONG } from './cases.js'
import type { Call, Case, WrongOption } from './cases.js'

const PATH = '/api/v2/x'
const circle: unknown[] = []
circle.push({ circle })

const QUERY: WrongOption = [
  'query',
  [
    // But for an object without members, which is a query.
    ...but(undefined).filter((value) => inspect(value).replace('[Object: null prototype] ', '') !== '{}'),
    new URLSearchParams('a=1'),
    ...[null, NaN, Infinity, 10n, Symbol('s'), {}, [[]], [null], Array(1), () => 1].map((value) => ({ a: value })),
  ],
]
const SCHEMA: WrongOption = ['schema', [...but(undefined), { '~standard': {} }, { '~standard': { validate: true } }]]

/** What every platform's client has. */
interface EndpointClient {
  request(method: never, path: string, options?: never): Promise<unknown>
  pages(path: string, options?: never): Iteration<unknown>
  close(options: never): Promise<void>
}

/** Its calls, and the options that they take; some queries would lead from page to page. */
export function callsOfAny(client: EndpointClient, counted: readonly object[]): readonly Call[] {
  return [
    [
      'request',
      (options) => client.request('POST' as never, PATH, options),
      [SIGNAL, QUERY, SCHEMA, ['body', [() => 1, Symbol('s'), 10n, circle]], ['idempotent', NO_TRUTH]],
    ],
    [
      'pages',
      (options) => client.pages(PATH, options),
      [
        SIGNAL,
        CHECKPOINT,
        QUERY,
        SCHEMA,
        ['query', counted],
        ['pageSize', NO_SIZE],
        ['rows', NO_TEXT],
        ['rowId', NO_TEXT],
      ],
    ],
    ['close', (options) => client.close(options), [['revoke', NO_TRUTH]]],
  ]
}

/** What else its calls refuse, and whoever makes such a client, given options. */
export function casesOfAny(client: EndpointClient, make: (options: never) => unknown): readonly Case[] {
  const withOption = (name: string) => (value: never) => make({ [name]: value } as never)
  const request = (method: string, body: unknown) => client.request(method as never, PATH, { body } as never)
  return [
    ['path', [...ofType('string'), ''], (value) => client.request('GET' as never, value)],
    ['path', [...ofType('string'), ''], (value) => client.pages(value)],
    ['method', [...WRONG, 'get', 'CONNECT', 'GET /x'], (value) => client.request(value, PATH)],
    ['body', [null, {}, ''], (value) => request('GET', value)],
    ['body', [null, {}, ''], (value) => request('HEAD', value)],
    ['limits', present, withOption('limits')],
    ['concurrency', [...ofType('number', 'undefined'), 0, 1.5, NaN], withOption('concurrency')],
    ['requestsPerMinute', [...ofType('number', 'undefined'), 0, NaN], withOption('requestsPerMinute')],
    ['patience', [...ofType('number', 'undefined'), -1, NaN], withOption('patience')],
    ['validate', but(undefined), withOption('validate')],
  ]
}
