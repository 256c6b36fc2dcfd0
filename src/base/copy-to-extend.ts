/**
 * A shallow copy that members will be added to. Node 20 takes ten times as long to add one to a copy that was made by
 * spreading.
 */
export function copyToExtend<Members extends object>(from: Members): Members {
  // Object.assign would take a member of that name for the prototype.
  return Object.hasOwn(from, '__proto__') ? { ...from } : Object.assign({}, from)
}
