import type { Clock } from '../base/clock.js'
import type { EverbearerError } from '../base/errors.js'
import { TokenError } from '../base/errors.js'

/**
 * Locks an open file if nobody else has, and says whether it did. The kernel lets go when the file is closed, and so at the
 * very moment that its holder dies; whoever opens the file anew is another holder, also in the same process. Many may
 * share a lock that nobody has alone.
 */
export type TryLock = (fd: number, options?: { shared?: boolean }) => boolean

/** What a wait for a file needs. */
export interface FileWait {
  readonly clock: Clock
  readonly tryLock: TryLock
  readonly signal: AbortSignal | undefined
  /** Whether the process must not end meanwhile. */
  readonly keepAlive: boolean
}

let loading: Promise<TryLock> | undefined

/** Node itself knows no file locks. Throws {@link EverbearerError} `dependency_missing`. */
export async function fileLock(): Promise<TryLock> {
  // There nobody can read a file that another has locked.
  if (process.platform === 'win32') throw missing('those of Windows keep others from reading')
  return (loading ??= load())
}

async function load(): Promise<TryLock> {
  try {
    const { tryLock } = await import('fs-native-extensions')
    return tryLock
  } catch {
    throw missing('the package fs-native-extensions is not installed, or has no build for this system, such as musl')
  }
}

function missing(why: string): TokenError {
  const message = `A FileTokenStore needs file locks as Linux with glibc and macOS have them: ${why}. Use another TokenStore here.`
  return new TokenError('dependency_missing', message, { requestSent: false })
}
