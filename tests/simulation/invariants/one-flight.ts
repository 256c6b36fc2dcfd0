import type { Invariant } from './invariant.js'

/** However many callers wait. A request whose flight was ended counts no more, even if its server still works on it. */
export const oneFlight: Invariant = ({ events }) => {
  const promise = 'One token request is under way at a time'
  const openRequests = new Map<number, number>()
  let newest = 0
  for (const [event, happening] of events.entries()) {
    switch (happening.what) {
      case 'token requested': {
        const { request, flight } = happening
        const other = [...openRequests.keys()][0]
        if (other !== undefined)
          return { promise, why: `Request ${request} leaves while request ${other} is under way.`, event }
        if (flight < newest) return { promise, why: `Flight ${flight} goes on after flight ${newest} began.`, event }
        newest = flight
        openRequests.set(request, flight)
        break
      }
      case 'token answered':
        openRequests.delete(happening.request)
        break
      case 'flight aborted':
        for (const [request, flight] of openRequests) if (flight === happening.flight) openRequests.delete(request)
        break
      default:
    }
  }
  return undefined
}
