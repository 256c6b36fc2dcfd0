/** What an import took, beyond that of undici. */
export interface Imported {
  readonly milliseconds: number
  /** Milliseconds of CPU time. */
  readonly cpu: number
  /** Of the process' memory. */
  readonly bytes: number
}
