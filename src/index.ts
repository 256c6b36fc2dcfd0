export { allowInsecure } from './base/allow-insecure.js'
export type { InsecureOriginsOption } from './base/allow-insecure.js'
export type { Clock, Timer } from './base/clock.js'
export { ApiError, ERROR_CODES, EverbearerError, SchemaError, TokenError } from './base/errors.js'
export type {
  ApiErrorCode,
  ApiErrorDetails,
  ErrorCode,
  ErrorDetails,
  TokenErrorCode,
  TokenErrorDetails,
} from './base/errors.js'
export { Secret } from './base/secret.js'
export type { TelemetryEvents } from './base/telemetry.js'
export { authorizationCode } from './grants/authorization-code.js'
export type { AuthorizationCodeOptions } from './grants/authorization-code.js'
export { authorizationRequest } from './grants/authorization-request.js'
export type { AuthorizationRequest, AuthorizationRequestOptions } from './grants/authorization-request.js'
export type { ClientAuthentication, ClientOptions, UnauthenticatedClient } from './client-auth/client-authentication.js'
export type { AccessOptions } from './grants/requested-access.js'
export type { ConnectionOptions, OAuthClientOptions } from './grants/oauth-client.js'
export type { OptionalClientOptions } from './grants/optional-client.js'
export { clientCredentials } from './grants/client-credentials.js'
export type { ClientCredentialsOptions } from './grants/client-credentials.js'
export type { ClientSecret } from './client-auth/client-secret.js'
export { customGrant } from './grants/custom-grant.js'
export type { CustomGrantOptions } from './grants/custom-grant.js'
export type { CustomHeaders } from './grants/custom-headers.js'
export type { PrivateKey } from './client-auth/private-key.js'
export { refreshToken } from './grants/refresh-token.js'
export type { RefreshTokenOptions, SessionOptions } from './grants/refresh-token.js'
export { jwtBearer } from './grants/jwt-bearer.js'
export type { JwtAssertion, JwtBearerOptions } from './grants/jwt-bearer.js'
export { saml2Bearer } from './grants/saml2-bearer.js'
export type { Saml2BearerOptions } from './grants/saml2-bearer.js'
export { tokenExchange } from './grants/token-exchange.js'
export type { TokenExchangeOptions } from './grants/token-exchange.js'
export type { BasicEncoding } from './protocol/basic-credentials.js'
export { bearer } from './http/bearer.js'
export type { OriginsOption } from './http/allowed-origins.js'
export type { BearerOptions } from './http/bearer-options.js'
export type { UnlistedPolicy } from './http/unlisted-origins.js'
export { discover } from './server/discover.js'
export type { DiscoverOptions, IssuerOptions } from './server/discover.js'
export type { AuthorizationServerMetadata, MtlsEndpointAliases } from './server/authorization-server-metadata.js'
export type { ServerOptions } from './server/server-endpoints.js'
export { cachePerToken } from './http/cache-per-token.js'
export type { CachePerTokenOptions } from './http/cache-per-token.js'
export { createFetch } from './http/create-fetch.js'
export type { CreateFetchOptions } from './http/create-fetch.js'
export { FileTokenStore } from './stores/file-token-store.js'
export type { FileTokenStoreOptions } from './stores/file-token-store.js'
export type { EncryptionKey } from './base/encryption.js'
export { MemoryTokenStore } from './stores/memory-token-store.js'
export type { MemoryTokenStoreOptions } from './stores/memory-token-store.js'
export { AccessToken } from './token/access-token.js'
export type { AccessTokenInit } from './token/access-token.js'
export type {
  Grant,
  GrantCredentials,
  GrantIdentity,
  RevocationOptions,
  TokenRequestOptions,
  TokenSet,
} from './token/grant.js'
export type { ProvenRequest, Prover } from './token/prover.js'
export { staticToken } from './token/static-token.js'
export type { CompareAndSetOptions, Lease, StoredValue, TokenStore } from './token/token-store.js'
export { TokenManager } from './token/token-manager.js'
export { TokenManagerPool } from './token/token-manager-pool.js'
export type { TokenManagerCounts, TokenManagerPoolOptions } from './token/token-manager-pool.js'
export type { CloseOptions, TokenManagerOptions } from './token/manager-options.js'
export type { GetTokenOptions, TokenSource } from './token/token-source.js'
export type { TokenStatus } from './token/token-status.js'
