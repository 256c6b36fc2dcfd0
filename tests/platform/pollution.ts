/** Members of `Object.prototype` that every call of such a client would take for its options, or for an answer's. */
export const POLLUTION_OF_ANY = { schema: 'x', idempotent: true, patience: -1, rows: 'x', rowId: 'x', revoke: true }
