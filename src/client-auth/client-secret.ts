import { TokenError } from '../base/errors.js'
import type { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'
import { Secret } from '../base/secret.js'
import { functionError } from './function-error.js'

/** A client secret, or where to read it: a function is called anew for every token request, so a secret can rotate. */
export type ClientSecret = string | Secret | (() => string | Secret | Promise<string | Secret>)

/** Throws {@link EverbearerError} `invalid_option` for what can be no secret. */
export function checkSecret(option: string, value: unknown): asserts value is ClientSecret {
  if (isSecret(value) || typeof value === 'function') return
  throw invalidOption(option, 'must be a string that is not empty, a Secret, or a function that gives one')
}

/** The secret as it is now. Throws {@link TokenError} `grant_failed`, which names the option. */
export async function readSecret(option: string, given: ClientSecret): Promise<string> {
  const secret = typeof given === 'function' ? await askedSecret(option, given) : given
  if (!isSecret(secret)) {
    throw new TokenError('grant_failed', `The ${option} function gave no secret: check where it reads it.`, {
      requestSent: false,
    })
  }
  return secret instanceof Secret ? secret.reveal() : secret
}

/** A secret in words of advice: the white space of the file that it was read from is what nobody sees. */
export function describeSecret(name: string, secret: ClientSecret): string {
  const isPadded = typeof secret === 'string' && secret !== secret.trim()
  return isPadded ? `${name}, which begins or ends with white space` : name
}

async function askedSecret(option: string, ask: () => string | Secret | Promise<string | Secret>) {
  try {
    return await ask()
  } catch (error) {
    throw functionError(option, error, 'check where it reads the secret', { retryable: true, requestSent: false })
  }
}

function isSecret(value: unknown): value is string | Secret {
  return value instanceof Secret || (typeof value === 'string' && value !== '')
}
