/** What a plan's text says of one resource. */
export interface Shown {
  readonly action: 'create' | 'update' | 'replace' | 'delete' | 'import' | 'read'
  readonly imports: boolean
  /** The attributes at the top that change, what is only known after apply included. */
  readonly changed: readonly string[]
  /** Those of them whose new value is known, or forgotten. */
  readonly given: readonly string[]
  readonly text: string
}

const VERBS = [
  ['will be created', 'create'],
  ['will be updated in-place', 'update'],
  ['must be replaced', 'replace'],
  ['will be destroyed', 'delete'],
  ['will be imported', 'import'],
  ['will be read during apply', 'read'],
] as const

/** The resources that a plan's text shows, by address. */
export function shown(stdout: string): Map<string, Shown> {
  const parts = stdout.split(/^ {2}# (?=[a-z])/m).slice(1)
  return new Map(
    parts.flatMap((part): [string, Shown][] => {
      const [first = ''] = part.split('\n')
      const address = first.split(' ')[0] ?? ''
      const action = VERBS.find(([words]) => first.includes(words))?.[1]
      if (action === undefined || address.startsWith('(')) return []
      const text = part.split(/^ {4}\}$/m)[0] ?? ''
      const lines = [...text.replaceAll(/<<-EOT.*?^ +EOT/gms, 'EOT').matchAll(/^ {6}([~+-]|-\/\+) (\w+) += (.*)$/gm)]
      const changed = lines.map(([, , name = '']) => name)
      const given = lines
        .filter(([, , , rest = '']) => !rest.includes('(known after apply)'))
        .map(([, , name = '']) => name)
      return [[address, { action, imports: /will be imported|\(imported from/.test(part), changed, given, text: part }]]
    }),
  )
}
