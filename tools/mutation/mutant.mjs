import { readFileSync } from 'node:fs'
import { relative } from 'node:path'

const UNDETECTED = ['Survived', 'NoCoverage']

/** What a reader needs to know of one of Stryker's results, in the words of the source. */
export function mutantOf({ fileName, location, replacement, status }) {
  const lines = readFileSync(fileName, 'utf8').split('\n')
  const { start, end } = location
  const text = lines.slice(start.line - 1, end.line)
  text.push(text.pop().slice(0, end.column - 1))
  text.unshift(text.shift().slice(start.column - 1))
  return {
    file: relative('.', fileName),
    lineNumber: start.line,
    line: lines[start.line - 1].trim(),
    original: oneLine(text.join('\n')),
    mutated: oneLine(replacement),
    status,
    survived: UNDETECTED.includes(status),
  }
}

function oneLine(text) {
  return text.replace(/\s+/g, ' ').trim()
}

/** How many mutants there are, what became of them, and the share of those found out among those that could run. */
export function tally(mutants) {
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length
  const [killed, timedOut, survived] = [count('Killed'), count('Timeout'), count(...UNDETECTED)]
  const found = killed + timedOut
  return {
    mutants: mutants.length,
    killed,
    'timed out': timedOut,
    survived,
    'did not load': mutants.length - found - survived,
    score: ((100 * found) / (found + survived)).toFixed(2),
  }
}
