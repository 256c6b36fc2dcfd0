const PLACEHOLDER = '[redacted]'

/** Escapes within escapes, such as HTML within JSON. Deeper ones are not followed, so that reading stays linear. */
const MAX_LAYERS = 4

/** A character as JSON, JavaScript, HTML or a URL writes it. Each begins with a sign of its own and is short. */
const ESCAPE = new RegExp(
  [
    String.raw`\\u(?<high>d[89ab][\da-f]{2})\\u(?<low>d[c-f][\da-f]{2})`,
    String.raw`\\u(?<unit>[\da-f]{4})|\\x(?<byte>[\da-f]{2})|\\(?<short>["'\\/bfnrt])`,
    String.raw`&#(?<decimal>\d{1,7});|&#x(?<hex>[\da-f]{1,6});|&(?<entity>amp|lt|gt|quot|apos);`,
    String.raw`%(?<octet>[\da-f]{2})|(?<plus>\+)`,
  ].join('|'),
  'gi',
)

/** One or more ASCII capitals, or one character beyond ASCII. */
const CAPITALS = /[A-Z]+|[\u00c2-\u00f4][\u0080-\u00bf]{1,3}/g

const NAMED: Readonly<Record<string, string>> = {
  ...{ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' },
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" },
}

/**
 * Takes secrets out of a text that may quote them, however it writes them: as they are, in another case, escaped for
 * JSON, HTML or a URL, or several of these at once. What is compared are bytes, layer after layer of escapes taken off,
 * in time in proportion to the text.
 */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  const wanted = new Set(secrets.flatMap((secret) => layersOf(secret)).flatMap(({ bytes }) => [bytes, unended(bytes)]))
  wanted.delete('')
  const found: [start: number, end: number][] = []
  for (const { bytes, starts, ends } of layersOf(text)) {
    for (const secret of wanted) {
      for (let at = bytes.indexOf(secret); at >= 0; at = bytes.indexOf(secret, at + secret.length)) {
        found.push([Number(starts[at]), Number(ends[at + secret.length - 1])])
      }
    }
  }
  let hidden = ''
  let upTo = 0
  for (const [start, end] of found.sort(([a], [b]) => a - b)) {
    if (start >= upTo) hidden += text.slice(upTo, start) + PLACEHOLDER
    upTo = Math.max(upTo, end)
  }
  return hidden + text.slice(upTo)
}

/** A backslash at its end is lost where JSON stands in HTML: with the quote that comes next it reads as an escape of that. */
function unended(bytes: string): string {
  return bytes.replace(/\\+$/, '')
}

/** The text with no escape taken off, with one layer of them, and so on until none is left. */
function layersOf(text: string): Layer[] {
  const layers: Layer[] = []
  for (let layer: Layer | undefined = encoded(text); layer && layers.length < MAX_LAYERS; layer = unescaped(layer)) {
    layers.push({ ...layer, bytes: layer.bytes.replace(CAPITALS, inLowerCase) })
  }
  return layers
}

/** A text's bytes, and for each the place in the text where it is written. */
interface Layer {
  /** A character for each byte of UTF-8: an escape stands for a byte in a URL, and for a character elsewhere. */
  readonly bytes: string
  readonly starts: Uint32Array
  readonly ends: Uint32Array
}

function encoded(text: string): Layer {
  const layer = new LayerWriter(Buffer.byteLength(text))
  let at = 0
  for (const character of text) {
    layer.write(bytesOf(character), at, at + character.length)
    at += character.length
  }
  return layer.written()
}

function unescaped({ bytes, starts, ends }: Layer): Layer | undefined {
  // An escape is never shorter than what it stands for.
  const layer = new LayerWriter(bytes.length)
  let upTo = 0
  const keep = (to: number) => {
    for (; upTo < to; upTo++) layer.write(bytes.charAt(upTo), Number(starts[upTo]), Number(ends[upTo]))
  }
  for (const escape of bytes.matchAll(ESCAPE)) {
    keep(escape.index)
    upTo += escape[0].length
    layer.write(meaning(escape.groups as Escape), Number(starts[escape.index]), Number(ends[upTo - 1]))
  }
  if (upTo === 0) return undefined
  keep(bytes.length)
  return layer.written()
}

class LayerWriter {
  readonly #bytes: Buffer
  readonly #starts: Uint32Array
  readonly #ends: Uint32Array
  #length = 0

  constructor(mostBytes: number) {
    this.#bytes = Buffer.alloc(mostBytes)
    this.#starts = new Uint32Array(mostBytes)
    this.#ends = new Uint32Array(mostBytes)
  }

  write(bytes: string, start: number, end: number): void {
    for (let i = 0; i < bytes.length; i++) {
      this.#bytes[this.#length] = bytes.charCodeAt(i)
      this.#starts[this.#length] = start
      this.#ends[this.#length] = end
      this.#length += 1
    }
  }

  written(): Layer {
    return { bytes: this.#bytes.toString('latin1', 0, this.#length), starts: this.#starts, ends: this.#ends }
  }
}

/** What a match of {@link ESCAPE} found, by its names. */
type Escape = Readonly<Record<string, string | undefined>>

function meaning(escape: Escape): string {
  const { high, low, unit, byte, short, decimal, hex, entity, octet, plus } = escape
  // A form writes blanks as pluses: the two are not told apart.
  if (plus !== undefined) return ' '
  if (octet !== undefined) return String.fromCharCode(parseInt(octet, 16))
  const name = (short ?? entity)?.toLowerCase()
  if (name !== undefined) return NAMED[name] ?? name
  if (low !== undefined) return bytesOf(String.fromCharCode(parseInt(String(high), 16), parseInt(low, 16)))
  const code = decimal === undefined ? parseInt(String(unit ?? byte ?? hex), 16) : Number(decimal)
  return bytesOf(code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code))
}

/** Where lower case has as many bytes: their places stay as they are. */
function inLowerCase(bytes: string): string {
  const lower = bytesOf(Buffer.from(bytes, 'latin1').toString().toLowerCase())
  return lower.length === bytes.length ? lower : bytes
}

function bytesOf(text: string): string {
  return /^[\0-\u007f]*$/.test(text) ? text : Buffer.from(text).toString('latin1')
}
