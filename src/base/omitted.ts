declare const omitted: unique symbol

/**
 * The type of an option that is left out. No value has it. Unlike `never`, it keeps `process.env.X`, which may be
 * undefined, from matching an optional property when `exactOptionalPropertyTypes` is off.
 */
export type Omitted = string & { readonly [omitted]: never }

/** All of these options, or none: each has a value, or is not there. */
export type Omittable<Options> = Options | { [Name in keyof Options]?: Omitted }
