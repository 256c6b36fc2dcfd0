declare module 'fs-native-extensions' {
  /** Whether the lock was granted; it is held until the file descriptor is closed. Throws what the system says. */
  export function tryLock(fd: number, options?: { shared?: boolean }): boolean
}
