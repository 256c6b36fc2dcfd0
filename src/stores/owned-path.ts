import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

import { TokenError } from '../base/errors.js'

/** Bits of a mode: what lets others than the owner write, and what lets them in at all. */
const OTHERS_WRITE = 0o022
const OTHERS = 0o077

/** As many as Linux follows. */
const MAX_LINKS = 40

/**
 * Resolves the symbolic links of a path. Each must belong to this process's user or to root, because its owner can turn it to
 * another directory. Throws {@link TokenError} `token_store_corrupt`, as all here do.
 */
export function realPath(path: string, links = 0): string {
  const parent = dirname(path)
  if (parent === path) return path
  const real = join(realPath(parent, links), basename(path))
  const stats = lstatSync(real, { throwIfNoEntry: false })
  if (!stats?.isSymbolicLink()) return real
  const target = resolve(dirname(real), readlinkSync(real))
  checkOwner(
    real,
    stats,
    (user) => `Give the store the directory ${target}, or type \`chown -h ${user} ${typed(real)}\``,
  )
  if (links === MAX_LINKS)
    throw untrusted(real, 'it leads through too many symbolic links', `Type \`rm ${typed(real)}\``)
  return realPath(target, links + 1)
}

/**
 * Checks a directory: nobody but this process's user and root may own it or write to it. Says whether it is there. `otherwise`
 * is what to do if its mode is to stay.
 */
export function checkDirectory(path: string, otherwise = ''): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined || !knowsUsers()) return stats !== undefined
  if (stats.isSymbolicLink()) throw untrusted(path, 'it is a symbolic link', `Type \`rm ${typed(path)}\``)
  checkOwner(path, stats)
  if (stats.mode & OTHERS_WRITE) {
    const remedy = `Type \`chmod 700 ${typed(path)}\`${otherwise}`
    throw untrusted(path, `its mode ${octal(stats)} lets other users write to it`, remedy)
  }
  return true
}

/** Opens a file that nobody but this process's user and root may own, and nobody else read or write. Follows no link. */
export function openOwned(path: string, flags: number): number {
  const fd = openUnfollowed(path, flags)
  try {
    checkFile(path, fstatSync(fd))
    return fd
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

function openUnfollowed(path: string, flags: number): number {
  try {
    // A FIFO would be waited for.
    return openSync(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOOP') throw error
    throw untrusted(path, 'it is a symbolic link', `Type \`rm ${typed(path)}\``)
  }
}

function checkFile(path: string, stats: Stats): void {
  if (!stats.isFile()) throw untrusted(path, 'it is no file', `Type \`rm -r ${typed(path)}\``)
  if (!knowsUsers()) return
  checkOwner(path, stats)
  if (stats.mode & OTHERS) {
    const remedy = `Find out who opened it, then type \`chmod 600 ${typed(path)}\``
    throw untrusted(path, `its mode ${octal(stats)} lets other users use it`, remedy)
  }
}

function checkOwner(path: string, { uid }: Stats, remedy = adoptOrRemove(path)): void {
  const user = process.geteuid?.()
  if (user === undefined || uid === user || uid === 0) return
  throw untrusted(path, `it belongs to uid ${uid}, and this process is uid ${user}`, remedy(user))
}

function adoptOrRemove(path: string) {
  return (user: number) => `If you made it, type \`chown ${user} ${typed(path)}\`, otherwise \`rm -r ${typed(path)}\``
}

/** Windows has no uids and makes modes up. */
function knowsUsers(): boolean {
  return process.geteuid !== undefined
}

function octal({ mode }: Stats): string {
  return (mode & 0o7777).toString(8).padStart(4, '0')
}

/** As a shell takes it. */
function typed(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}

function untrusted(path: string, why: string, remedy: string): TokenError {
  const message = `The token store does not trust ${path}: ${why}. ${remedy}.`
  return new TokenError('token_store_corrupt', message, { requestSent: false })
}
