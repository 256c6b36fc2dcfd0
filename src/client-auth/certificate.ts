import { createHash, X509Certificate } from 'node:crypto'

import type { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'

/** Reads the certificate of the option `certificate`. Throws {@link EverbearerError} `invalid_option`. */
export function readCertificate(pem: unknown): X509Certificate {
  try {
    return new X509Certificate(pem as string)
  } catch {
    throw invalidOption('certificate', 'must be the PEM of a certificate')
  }
}

/** Returns `x5t#S256` (RFC 7515 section 4.1.8, RFC 8705 section 3.1). */
export function thumbprint({ raw }: X509Certificate): string {
  return createHash('sha256').update(raw).digest('base64url')
}
