import { afterEach, expect, test } from '@jest/globals'
import { Agent, interceptors } from 'undici'
import { bearer } from '../../src/http/bearer.js'
import { closeServers, loopback } from './loopback.js'
import { ScriptedSource } from './scripted-source.js'

afterEach(closeServers)

test.each(['inside', 'outside'])(
  'a POST redirected by an interceptor %s bearer is sent once, and its target’s 401 exchanges nothing',
  async (place) => {
    const target = await loopback((_incoming, outgoing) => void outgoing.writeHead(401).end())
    const api = await loopback((_incoming, outgoing) => void outgoing.writeHead(302, { location: target.origin }).end())
    const source = new ScriptedSource(['one', 'two'])
    const redirect = interceptors.redirect({ maxRedirections: 3 })
    const stamped = bearer(source, { origins: [api.origin] })
    const agent = new Agent().compose(...(place === 'inside' ? [redirect, stamped] : [stamped, redirect]))
    const { statusCode, body } = await agent.request({ origin: api.origin, path: '/', method: 'POST', body: 'x' })
    await body.text()
    expect(statusCode).toBe(401)
    expect(api.hits).toHaveLength(1)
    expect(target.tokens()).toEqual([''])
    expect(source.rejected).toEqual([])
  },
)
