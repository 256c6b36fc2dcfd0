import { describe, expect, test } from '@jest/globals'
import { GENESYS_REGIONS } from '../../src/genesys/index.js'
import { regionUrls } from '../../src/genesys/regions.js'

/** As the reference lists them: the name in SDKs, the name at AWS, the domain. */
const REGIONS = [
  ['us_east_1', 'us-east-1', 'mypurecloud.com'],
  ['us_east_2', 'us-east-2', 'use2.us-gov-pure.cloud'],
  ['us_west_2', 'us-west-2', 'usw2.pure.cloud'],
  ['ca_central_1', 'ca-central-1', 'cac1.pure.cloud'],
  ['mx_central_1', 'mx-central-1', 'mxc1.pure.cloud'],
  ['sa_east_1', 'sa-east-1', 'sae1.pure.cloud'],
  ['eu_west_1', 'eu-west-1', 'mypurecloud.ie'],
  ['eu_west_2', 'eu-west-2', 'euw2.pure.cloud'],
  ['eu_central_1', 'eu-central-1', 'mypurecloud.de'],
  ['eu_central_2', 'eu-central-2', 'euc2.pure.cloud'],
  ['eusc_de_east_1', 'eusc-de-east-1', 'edee1.eusc-pure.cloud'],
  ['me_central_1', 'me-central-1', 'mec1.pure.cloud'],
  ['ap_south_1', 'ap-south-1', 'aps1.pure.cloud'],
  ['ap_southeast_1', 'ap-southeast-1', 'apse1.pure.cloud'],
  ['ap_southeast_2', 'ap-southeast-2', 'mypurecloud.com.au'],
  ['ap_northeast_1', 'ap-northeast-1', 'mypurecloud.jp'],
  ['ap_northeast_2', 'ap-northeast-2', 'apne2.pure.cloud'],
  ['ap_northeast_3', 'ap-northeast-3', 'apne3.pure.cloud'],
] as const

describe('a region', () => {
  test.each(REGIONS)('%s, %s and %s are one', (sdk, aws, domain) => {
    const urls = { loginUrl: `https://login.${domain}`, apiUrl: `https://api.${domain}` }
    for (const name of [sdk, aws, domain]) expect(regionUrls(name)).toEqual(urls)
  })

  test('there are 18 by name', () => {
    expect(Object.keys(GENESYS_REGIONS)).toEqual(REGIONS.map(([, aws]) => aws))
  })

  test('may be any domain, since regions are added', () => {
    expect(regionUrls('new1.pure.cloud').apiUrl).toBe('https://api.new1.pure.cloud')
  })

  test('is read whatever its case, and with blanks around it', () => {
    expect(regionUrls(' US-East-1\n')).toEqual(regionUrls('us-east-1'))
    expect(regionUrls('MyPureCloud.IE')).toEqual(regionUrls('eu-west-1'))
  })

  test.each([
    '',
    'us-east-9',
    'us east 1',
    'mypurecloud',
    'localhost',
    'mypurecloud.com/path',
    'mypurecloud.com:443',
    'user@mypurecloud.com',
    'mypurecloud.com#',
    '-a.com',
    '.com',
    'a..com',
    '127.0.0.1',
    'constructor',
    '__proto__',
    undefined,
    null,
  ])('%p is refused, and the known ones are named', (region) => {
    expect(() => regionUrls(region as string)).toThrow(
      expect.objectContaining({
        code: 'invalid_option',
        message: expect.stringMatching(/`region`.*us-east-1.*apne3|us-east-1/),
      }),
    )
  })

  test.each(['https://login.canary:x@mypurecloud.com', 'api.canary@mypurecloud.com'])(
    'a user name in the region is not printed: %s',
    (region) => {
      expect(() => regionUrls(region)).toThrow(
        expect.objectContaining({ code: 'invalid_option', message: expect.not.stringContaining('canary') }),
      )
    },
  )

  test.each(['https://login.mypurecloud.com', 'api.mypurecloud.com', 'https://APPS.mypurecloud.com/directory'])(
    'is the domain alone: %s is refused with that',
    (region) => {
      expect(() => regionUrls(region)).toThrow(
        expect.objectContaining({
          code: 'invalid_option',
          message: expect.stringMatching(/`region` is the domain alone.*: mypurecloud\.com\.$/) as unknown,
        }),
      )
    },
  )

  test('that is refused is not shown: somebody may have put a secret there', () => {
    expect(() => regionUrls('canary secret')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('canary') }),
    )
  })
})
