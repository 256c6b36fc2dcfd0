import { serve } from '../../src/testing/serve.js'
import type { CxoneOptions } from '../../src/cxone/index.js'
import { HurriedClock } from '../http/hurried-clock.js'
import { closeLater, connectTo } from './connect.js'

const JOBS = '/data-extraction/v1/jobs'
/** Of every address of a result. */
export const SIGNATURE = 'canary-signature-9c1d'

/** What becomes of a job: what it says of itself look by look, and for ever the last; null: it is not there. */
export type Fate = readonly (string | null)[]

/** What becomes of a download: a refusal, or after how many bytes it breaks off. */
export type Mishap = { readonly status: number } | { readonly cutAt: number }

interface Job {
  readonly id: string
  readonly fate: Fate
  looks: number
}

/** A tenant whose jobs all bring the same file, from a server of its own. */
export class ExtractionTenant {
  /** Of the jobs in turn; then all goes well. */
  fates: Fate[] = []
  /** Of the downloads in turn; then all goes well. */
  mishaps: Mishap[] = []
  /** What answers a submission in its place, in turn. */
  refusals: (() => Response)[] = []
  /** How often somebody else's job is still running. */
  foreign = 0
  /** When a download that is to break off does so; by itself, in a moment. */
  cut: Promise<void> | undefined
  errorMessage = 'The data\u001b[31m are gone'
  csv: string
  /** What was asked, in short. */
  readonly asked: string[] = []
  /** Every Authorization that a download carried. */
  readonly tokens: (string | null)[] = []
  readonly bodies: unknown[] = []
  readonly jobs: Job[] = []
  resultOrigin = ''
  /** Whether jobs that have succeeded say where their result is. */
  tellsAddress = true
  /** Before an answer about a job. */
  onLook: () => void = () => undefined
  /** In place of the file. */
  body: ReadableStream<Uint8Array> | undefined

  constructor(csv: string) {
    this.csv = csv
  }

  readonly api = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/results/')) return this.result(request)
    if (!pathname.startsWith(JOBS)) return new Promise<never>(() => undefined)
    if (request.method === 'POST') return this.#submit(await request.json())
    return pathname === JOBS ? this.#list() : this.#status(pathname.slice(JOBS.length + 1))
  }

  readonly result = (request: Request): Response => {
    this.asked.push('download')
    this.tokens.push(request.headers.get('authorization'))
    const mishap = this.mishaps.shift()
    if (mishap && 'status' in mishap) return new Response('<Error/>', { status: mishap.status })
    if (this.body) return new Response(this.body)
    const bytes = new TextEncoder().encode(this.csv)
    return new Response(mishap ? this.#brokenOff(bytes.subarray(0, mishap.cutAt)) : bytes)
  }

  #submit(body: unknown): Response {
    this.asked.push('submit')
    this.bodies.push(body)
    const refusal = this.refusals.shift()
    if (refusal) return refusal()
    const job = { id: `j${this.jobs.length + 1}`, fate: this.fates.shift() ?? ['SUCCEEDED'], looks: 0 }
    this.jobs.push(job)
    return Response.json(job.id, { status: 202 })
  }

  #brokenOff(bytes: Uint8Array): ReadableStream<Uint8Array> {
    // Or what was written goes down with the connection.
    const cut = () => this.cut ?? new Promise<void>((resolve) => setTimeout(resolve, 5))
    return new ReadableStream(
      {
        start: (controller) => bytes.length > 0 && controller.enqueue(bytes),
        pull: async (controller) => cut().then(() => controller.error(new Error('cut'))),
      },
      { highWaterMark: 0 },
    )
  }

  #list(): Response {
    this.asked.push('list')
    return Response.json({ jobs: this.foreign-- > 0 ? [{ id: 'other', status: 'RUNNING' }] : [] })
  }

  #status(id: string): Response {
    this.asked.push(`get ${id}`)
    this.onLook()
    const job = this.jobs.find((job) => job.id === id)
    const status = job?.fate[Math.min(job.looks++, job.fate.length - 1)] ?? null
    if (status === null) return Response.json({}, { status: 404 })
    const url = `${this.resultOrigin}/results/${id}.csv?X-Amz-Signature=${SIGNATURE}-${this.asked.length}`
    const result = { ...(this.tellsAddress && { url }), errorMessage: this.errorMessage }
    return Response.json({ jobStatus: { id, status, result } })
  }
}

/** A client of such a tenant, which sleeps through none of its waits. */
export async function connectToTenant(csv: string, options: CxoneOptions = {}) {
  const tenant = new ExtractionTenant(csv)
  const results = await serve(tenant.result)
  closeLater(results)
  tenant.resultOrigin = results.origin
  const clock = new HurriedClock()
  return { tenant, clock, ...(await connectTo(tenant.api, { clock, ...options })) }
}
