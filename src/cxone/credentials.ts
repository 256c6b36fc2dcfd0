import type { Omitted } from '../base/omitted.js'
import type { OptionNames } from '../base/options.js'
import type { ClientSecret } from '../client-auth/client-secret.js'
import type { TokenSource } from '../token/token-source.js'

/** An access key, which stands for its owner: what that user's role allows, it allows. */
export interface CxoneAccessKey {
  accessKeyId: string
  /** A function is called anew for every sign-in. */
  accessKeySecret: ClientSecret
  /**
   * The origin of the authorization server, which knows where the tenant's API is. Default
   * `https://cxone.niceincontact.com`; `https://cxone-gov.niceincontact.com` is FedRAMP's.
   */
  issuer?: string | undefined
  /** The API's origin, where it is not to be asked for. Default: the `api_endpoint` of the tenant's `cxone-configuration`. */
  apiUrl?: string | undefined
  /**
   * Lists domains that the tenant's `api_endpoint` may be on besides NICE's; subdomains count. NICE's are niceincontact.com,
   * nice-incontact.com, nicecxone-sov1.au and nicecxone-sov1.eu. `apiUrl` needs no such list.
   *
   * @defaultValue none
   */
  apiDomains?: readonly string[] | undefined
}

/** An access key that signs in as an application of yours: `POST {issuer}/auth/token`, `grant_type=password`. */
export interface CxoneClient extends CxoneAccessKey {
  clientId: string
  /** A function is called anew for every token request. */
  clientSecret: ClientSecret
  /** Default `client_secret_basic`, which is what the issuer's OpenID configuration names. */
  clientAuthentication?: 'client_secret_basic' | 'client_secret_post' | undefined
  /**
   * Lists origins, besides the issuer's own, that its token endpoint may be on.
   *
   * @defaultValue none
   */
  endpointOrigins?: readonly string[] | undefined
  /** Taken, and not needed: the issuer knows it. */
  area?: string | undefined
}

/** An access key alone: `POST https://{area}.nice-incontact.com/authentication/v1/token/access-key`. */
export type CxoneAccessKeyAlone = CxoneAccessKey & {
  /** Where a token is renewed. Default: `/public/user/refresh` on the access-key endpoint's host. */
  refreshEndpoint?: string | undefined
  clientId?: Omitted
  clientSecret?: Omitted
} & (
    | {
        /** Such as `na1`, `au1` or `eu1`. */
        area: string
        accessKeyEndpoint?: string | undefined
      }
    | {
        /** Its whole URL, where it is another than that of the area. */
        accessKeyEndpoint: string
        area?: string | undefined
      }
  )

/** An access key, with an application's client or without, or a source of tokens that is already there. */
export type CxoneCredentials = CxoneClient | CxoneAccessKeyAlone | { tokens: TokenSource; apiUrl: string }

export const CREDENTIALS: OptionNames<CxoneCredentials> = {
  accessKeyId: 'defined',
  accessKeySecret: 'defined',
  issuer: true,
  apiUrl: true,
  apiDomains: true,
  endpointOrigins: true,
  clientId: 'defined',
  clientSecret: 'defined',
  clientAuthentication: true,
  area: true,
  accessKeyEndpoint: true,
  refreshEndpoint: true,
  tokens: true,
}
