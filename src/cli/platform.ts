/** What a client that misses nothing must have read. */
export interface Expected {
  readonly conversationIds: readonly string[]
  readonly userIds: readonly string[]
}

/** The main job's reads of one organization, by the ids of the rows. */
export interface Reader {
  conversations(interval: string): AsyncIterable<string>
  users(): AsyncIterable<string>
  close(): Promise<void>
}

/** A simulator of a platform's organization on a night on which everything happens. */
export interface SimulatedOrganization {
  /** The environment in which {@link Platform.read} finds it. */
  readonly env: Record<string, string>
  expected(interval: string): Expected
  close(): Promise<void>
}

/** A platform that the main job can read. */
export interface Platform {
  readonly name: 'genesys' | 'cxone'
  readonly title: string
  /** What the platform calls its conversations, and its users. */
  readonly words: { readonly conversations: string; readonly users: string }
  /** The variables that name an organization. */
  readonly credentials: RegExp
  /** Of these the first that is set says which organization it is. */
  readonly places: readonly string[]
  /** How the paths begin that pages come from. */
  readonly pages: string
  /** A client for the organization that the environment names. */
  read(env: Readonly<Record<string, string | undefined>>, options: { signal: AbortSignal; simulated: boolean }): Reader
  simulate(): Promise<SimulatedOrganization>
}
