import { describe, expect, it } from '@jest/globals'
import { Caller } from './caller.js'

const OPENID = '/.well-known/openid-configuration'
const CONFIGURATION = '/.well-known/cxone-configuration'

describe('the discovery documents', () => {
  it('name the token endpoint and the API, to everybody, at the origin that was asked', async () => {
    const caller = new Caller({ area: 'eu1' })
    const openid = await caller.get(OPENID)
    expect(await openid.json()).toMatchObject({
      issuer: 'https://cxone.test',
      token_endpoint: 'https://cxone.test/auth/token',
      token_endpoint_auth_methods_supported: ['client_secret_basic'],
    })
    const { tenantId } = caller.simulator
    const configuration = await caller.get(`${CONFIGURATION}?tenantId=${tenantId}`)
    expect(await configuration.json()).toMatchObject({ tenantId, area: 'eu1', api_endpoint: 'https://cxone.test' })
    expect(caller.simulator.counts).toMatchObject({ discoveryRequests: 2, requests: 0, tokenRequests: 0 })
  })

  it('are not there for another tenant, for none, by another name or method', async () => {
    const caller = new Caller()
    expect((await caller.get(`${CONFIGURATION}?tenantId=another`)).status).toBe(404)
    expect((await caller.get(`${CONFIGURATION}?tenantId=`)).status).toBe(400)
    expect((await caller.get(CONFIGURATION)).status).toBe(400)
    expect((await caller.get('/.well-known/another')).status).toBe(404)
    expect((await caller.send('POST', OPENID)).status).toBe(405)
  })
})
