import { ApiError } from '../base/errors.js'

/** The answer to a request, or undefined when there is nothing there. */
export async function undefinedIfMissing<Output>(request: Promise<Output>): Promise<Output | undefined> {
  try {
    return await request
  } catch (error) {
    if (error instanceof ApiError && error.code === 'api_not_found') return undefined
    throw error
  }
}
