/**
 * The members that an object has itself. To be read in its place where one may be absent: whoever has polluted
 * `Object.prototype` (CWE-1321) would have a say in every option and detail that was left out.
 */
export function ownMembers<T extends object>(object: T): T {
  return Object.create(null, Object.getOwnPropertyDescriptors(object)) as T
}
