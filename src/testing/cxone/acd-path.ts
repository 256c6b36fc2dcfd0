const ACD = /^\/incontactapi\/services\/(v\d+\.0)(\/.*)$/

/** Whether a path is one of the ACD APIs, whatever the version. Letters' case does not matter there. */
export function isAcdPath(path: string): boolean {
  return ACD.test(path.toLowerCase())
}

/** The path by which routes are found: the ACD's in lower case, with `acd` for all that is in front. */
export function routedPath(path: string, versions: readonly string[] | undefined): string {
  const [, version = '', rest] = ACD.exec(path.toLowerCase()) ?? []
  if (rest === undefined) return path
  return versions && !versions.includes(version) ? '' : `/acd${rest}`
}
