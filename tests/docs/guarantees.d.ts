export declare const root: string

export interface Guarantee {
  readonly id: string
  readonly guarantee: string
  readonly files: readonly string[]
  readonly tests: number
}

/** What Jest says of one file. */
export interface FileResult {
  readonly testFilePath: string
  readonly testResults: readonly { ancestorTitles: readonly string[]; title: string; status: string }[]
}

export declare function guarantees(page?: string): Guarantee[]
export declare function tagsIn(text: string): string[]
export declare function countTags(): Map<string, number>
export declare function untested(
  testResults: readonly FileResult[],
  options: { maySkip: boolean; read?: (path: string) => string },
): string[]
