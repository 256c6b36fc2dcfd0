/** A fenced code block of a Markdown page. */
export interface CodeBlock {
  /** The line of its first line of code, from 1. */
  readonly line: number
  readonly code: string
}

/** The blocks of a page that are marked with this language and nothing else. */
export function codeBlocks(markdown: string, language: string): CodeBlock[] {
  const blocks: CodeBlock[] = []
  let open: { fence: string; wanted: boolean; line: number; code: string[] } | undefined
  for (const [index, text] of markdown.split('\n').entries()) {
    const [, fence = '', info = ''] = /^(`{3,})\s*(.*?)\s*$/.exec(text) ?? []
    if (open === undefined) {
      if (fence !== '') open = { fence, wanted: info === language, line: index + 2, code: [] }
    } else if (fence !== '' && fence.length >= open.fence.length && info === '') {
      if (open.wanted) blocks.push({ line: open.line, code: open.code.join('\n') })
      open = undefined
    } else {
      open.code.push(text)
    }
  }
  if (open !== undefined) throw new Error(`The code block at line ${open.line - 1} has no end.`)
  return blocks
}
