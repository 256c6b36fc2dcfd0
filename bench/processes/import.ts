// Imports what its parent names, after undici, and tells what that took.
import type { Imported } from '../imported.js'

const [specifier] = process.argv.slice(2)
await import('undici')
const before = process.memoryUsage()
const cpu = process.cpuUsage()
const start = performance.now()
if (specifier !== undefined) await import(specifier)
const milliseconds = performance.now() - start
const { user, system } = process.cpuUsage(cpu)
const after = process.memoryUsage()
process.send!({ milliseconds, cpu: (user + system) / 1000, bytes: after.rss - before.rss } satisfies Imported)
