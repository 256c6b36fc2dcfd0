import type { Event, Recording, TokenOutcome, Ending } from './record.js'

/** A history as a table that a person can follow: when, who, what. The event that broke the promise is marked. */
export function table({ events, settings }: Recording, marked?: number): string {
  const { grant, heedsAbort, refresh, timeout, verdict, prompt, habit } = settings
  const first = events[0]!.at
  const rows = events.flatMap((event, i) => {
    const words = wordsOf(event)
    if (words === undefined) return []
    const monotonic = event.at.monotonic - first.monotonic
    const drift = event.at.wall - first.wall - monotonic
    const time = `${seconds(monotonic)}${Math.abs(drift) < 1 ? '' : ` (wall ${drift > 0 ? '+' : '−'}${seconds(Math.abs(drift))})`}`
    return [[i === marked ? '>' : '', time, ...words]]
  })
  const all = [['', 'time', 'who', 'what'], ...rows]
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]!.length)))
  const lines = all.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const server =
    prompt === undefined
      ? ''
      : `, the server answers at once with ${life(prompt)}${habit === undefined ? '' : ` and ${habit.kind}`}`
  const abort = heedsAbort ? '' : ', the grant does not heed its signal'
  return [
    `${grant} grant, refresh ${refresh}, timeout ${seconds(timeout)}, verdict by ${verdict}${abort}${server}`,
    ...lines,
  ].join('\n')
}

function wordsOf(event: Event): [who: string, what: string] | undefined {
  switch (event.what) {
    case 'called': {
      const { call, through, url, body, rejected } = event
      const what = rejected === undefined ? through : `getToken, because ${rejected} was refused`
      return [`call ${call}`, [what, url, body && `with the body “${body}”`].filter(Boolean).join(' ')]
    }
    case 'given up':
      return [`call ${event.call}`, 'is given up by its caller']
    case 'ended':
      return [`call ${event.call}`, `ends with ${ending(event.as)}`]
    case 'misdelivered':
      return [`call ${event.call}`, `its handler is told: ${event.events}`]
    case 'token requested':
      return [
        'manager',
        `token request ${event.request} (flight ${event.flight})${event.refreshToken ? ` with ${event.refreshToken}` : ''}`,
      ]
    case 'token answered':
      return ['authorization server', `answers token request ${event.request} with ${outcome(event.outcome)}`]
    case 'flight aborted':
      return ['manager', `ends flight ${event.flight}: ${event.reason}`]
    case 'revocation requested':
      return ['manager', 'asks for revocation']
    case 'dispatched': {
      const { request, call, url, tokens } = event
      return [`call ${call}`, `request ${request} leaves for ${url} with ${tokens.join(' and ') || 'no token'}`]
    }
    case 'body read':
      return ['API', `reads “${event.text}” of request ${event.request}${event.whole ? '' : ', then it breaks off'}`]
    case 'answered':
      return [
        'API',
        `answers request ${event.request} with ${event.answer === 'as it should' ? event.status : event.answer}`,
      ]
    case 'finished':
      return ['API', event.broken ? `cuts request ${event.request} off` : `ends its answer to request ${event.request}`]
    case 'request aborted':
      return ['API', `loses request ${event.request}: ${event.reason}`]
    case 'revoked':
      return ['API', `takes ${event.token} no longer`]
    case 'waited':
      return event.milliseconds > 0 ? ['clock', `${seconds(event.milliseconds)} go by`] : undefined
    case 'jumped':
      return [
        'clock',
        `the wall clock is set ${event.milliseconds < 0 ? 'back' : 'forward'} by ${seconds(Math.abs(event.milliseconds))}`,
      ]
    case 'slept':
      return ['clock', `the machine sleeps for ${seconds(event.milliseconds)}`]
    case 'outage':
      return ['authorization server', event.begins ? 'goes down' : 'comes back']
    case 'invalidated':
      return ['program', 'calls invalidate()']
    case 'reset':
      return ['program', 'calls reset()']
    case 'close called':
      return ['program', `calls close(${event.revoke ? '{ revoke: true }' : ''})`]
    case 'closed':
      return ['manager', event.error === undefined ? 'is closed' : `close fails: ${event.error}`]
    case 'turn':
      return undefined
    case 'epilogue':
      return ['', '— from here on everything is answered —']
    case 'broke':
      return ['', `— breaks off: ${event.error} —`]
    case 'aftermath': {
      const listeners = event.listeners.reduce((sum, count) => sum + count, 0)
      return [
        '',
        `— at the end: ${event.timers} timers, ${listeners} listeners, ${event.openCalls.length} open calls —`,
      ]
    }
  }
}

function ending(as: Ending): string {
  if ('token' in as) return as.token
  if ('givenUp' in as) return `the abort of call ${as.givenUp}`
  return 'error' in as ? as.error : `${as.status} “${as.text}”`
}

function outcome(of: TokenOutcome): string {
  if ('error' in of) return `${of.error}${of.retryAfter > 0 ? `, Retry-After ${seconds(of.retryAfter)}` : ''}`
  const { token, lifetime, refreshToken } = of
  return `${token} for ${life(lifetime)}${refreshToken ? ` and ${refreshToken}` : ''}`
}

function life(lifetime: number | undefined): string {
  return lifetime === undefined ? 'ever' : seconds(lifetime)
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds) / 1_000} s`
}
