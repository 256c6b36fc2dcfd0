/** What a process is to read, and how. */
export interface PageReading {
  readonly page: 'conversations' | 'users'
  /** What looks at it. None: it is parsed, and no more. */
  readonly schema?: 'envelope' | 'full'
  readonly times: number
}
