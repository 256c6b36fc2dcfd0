/** Builds on the first call and keeps the result, so that importing a module builds no schema. */
export function lazy<T>(build: () => T): () => T {
  let built: T | undefined
  return () => (built ??= build())
}
