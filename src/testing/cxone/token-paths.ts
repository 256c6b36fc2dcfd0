/** The token endpoint of RFC 6749. */
export const TOKEN_PATH = '/auth/token'

/** Where an access key alone gets a token, and where that is renewed. */
export const ACCESS_KEY_PATH = '/authentication/v1/token/access-key'
export const REFRESH_PATH = '/public/user/refresh'

export const TOKEN_PATHS = [TOKEN_PATH, ACCESS_KEY_PATH, REFRESH_PATH]
