export declare const root: string

/** A test, or a group of them, by its file and its titles from the outermost on, with ` › ` between. */
export interface NamedTest {
  readonly file: string
  readonly name: string
}

export interface Guarantee {
  readonly id: string
  readonly promise: string
  readonly keepers: readonly string[]
  readonly proofs: readonly NamedTest[]
}

/** What Jest says of one file. */
export interface FileResult {
  readonly testFilePath: string
  readonly testResults: readonly { ancestorTitles: readonly string[]; title: string; status: string }[]
}

export declare function guarantees(page?: string): Guarantee[]
export declare function brokenProofs(
  rows: readonly Guarantee[],
  testResults: readonly FileResult[],
  options: { maySkip: boolean },
): string[]
