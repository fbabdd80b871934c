/** What two runs differ in: nothing but their secrets. */
export interface Planted {
  /** The secrets of the spec, by shape. */
  readonly now: Readonly<Record<Shape, string>>
  /** Those that the accounts hold when the run begins. */
  readonly before: Readonly<Record<Shape, string>>
  readonly apiKey: string
  readonly token: string
  /** The whole API key of an object that the spec changes. */
  readonly objectKey: string
}

/** Secrets of every awkward shape; `x` is what tells two of one shape apart, and they have the same length. */
const SHAPES = {
  one: (x: string) => x.slice(0, 1),
  digit: (x: string) => x.slice(1, 2),
  sign: (x: string) => (({ q7: '.', z3: '$', j5: '"', w9: '\\' }) as Readonly<Record<string, string>>)[x] ?? '',
  word: (x: string) =>
    (({ q7: 'true', z3: 'null', j5: 'main', w9: 'plan' }) as Readonly<Record<string, string>>)[x] ?? '',
  plain: (x: string) => WORDS[x] ?? '',
  digits: (x: string) => `4815162${x.charCodeAt(0)}${x.charCodeAt(1)}`.padEnd(13, '4'),
  quotes: (x: string) => `k'${x}"q\`w'${x}"9`,
  backslashes: (x: string) => `k\\${x}\\n\\t\\\\u0041${x}\\`,
  regex: (x: string) => `${x}.*+(c)[d]$^|?\\w{2}`,
  json: (x: string) => `"${x}"},{"z":[null],"k":"`,
  dollars: (x: string) => `$&${x}$1$$\`$'$<a>${x}`,
  percents: (x: string) => `k%20%41%zz${x}&a=b+c%00`,
  html: (x: string) => `<b>${x}</b>&amp;<!--`,
  markdown: (x: string) => `[${x}](x) **|** ~~\`\`\`${x}`,
  unicode: (x: string) => `ключ-鍵-🔑-${x}-é\u0301`,
  lines: (x: string) => `first ${x}\nsecond\r\n\tthird ${x}`,
  spaces: (x: string) => `  two  ${x}  words  ${x}`,
  terminal: (x: string) => `\u001B[31m${x}\u001B[0m\u0007 ${x}`,
  long: (x: string) => `${x}-`.repeat(400),
} as const

const WORDS: Readonly<Record<string, string>> = { q7: 'password', z3: 'username', j5: 'account', w9: 'example' }

/** The name of a shape. */
export type Shape = keyof typeof SHAPES

/** All shapes, in their order. */
export const ALL_SHAPES = Object.keys(SHAPES).filter((name): name is Shape => name in SHAPES)

function shaped(x: string): Record<Shape, string> {
  const made = ALL_SHAPES.map((name): [Shape, string] => [name, SHAPES[name](x)])
  return { ...EMPTY, ...Object.fromEntries(made) }
}

const EMPTY: Record<Shape, string> = {
  ...{
    one: '',
    digit: '',
    sign: '',
    word: '',
    plain: '',
    digits: '',
    quotes: '',
    backslashes: '',
    regex: '',
    json: '',
  },
  ...{ dollars: '', percents: '', html: '', markdown: '', unicode: '', lines: '', spaces: '', terminal: '', long: '' },
}

/** The secrets of the one run and of the other. Of keys the API itself shows the first 16 characters, which are the same. */
export const VARIANTS: readonly [Planted, Planted] = [planted('q7', 'j5'), planted('z3', 'w9')]

function planted(now: string, before: string): Planted {
  return {
    now: shaped(now),
    before: shaped(before),
    apiKey: `api-KeyOfAccount${now.repeat(20)}`.slice(0, 36),
    token: `token.of/the=office+${now.repeat(8)}`,
    objectKey: `api-KeyOfObject1${before.repeat(20)}`.slice(0, 36),
  }
}

/** The environment variables that the spec takes its secrets from. */
export function environmentOf({ now, apiKey, token, objectKey }: Planted): Record<string, string> {
  const secrets = ALL_SHAPES.map((name): [string, string] => [`SECRET_${name.toUpperCase()}`, now[name]])
  return { ...Object.fromEntries(secrets), KEY: apiKey, TOKEN: token, OBJECT_KEY: objectKey }
}

/** The values that are long and odd enough to be looked for, in every spelling that a report may have. */
export function findable(planted: Planted): string[] {
  const values = [...Object.values(planted.now), ...Object.values(planted.before), planted.token]
  const tails = [planted.apiKey, planted.objectKey].map((key) => key.slice(16))
  return [...values, ...tails].filter(isFindable)
}

/** Whether a value is long and odd enough to be found in a text. */
export function isFindable(value: string): boolean {
  return value.length >= 8 && !Object.values(WORDS).includes(value)
}

/** The spellings of a value. */
export function formsOf(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1)
  const html = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return [
    ...[value, json, JSON.stringify(json).slice(1, -1), encodeURIComponent(value), html],
    ...[html.replaceAll('"', '&quot;'), Buffer.from(value).toString('base64'), Buffer.from(value).toString('hex')],
  ]
}
