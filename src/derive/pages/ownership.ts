import { MODES, type Mode } from '../../model/desired/document-fields.ts'
import { isOneCall } from '../../model/kind/call.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'

/** What happens to an object. */
export type Fate = 'made' | 'updated' | 'deleted' | 'listed' | 'untouched' | 'refused'

/** A situation in which an object may be, and what each mode does to it. */
interface Situation {
  readonly name: string
  readonly when: string
  readonly fates: Readonly<Record<Mode, Fate>>
  /** More than the one word says: a gate, a warning, a problem. */
  readonly also?: string
}

function always(fate: Fate): Situation['fates'] {
  return { additive: fate, owned: fate, authoritative: fate }
}

/** Every situation, one row each; a test makes each of them happen. */
export const SITUATIONS: readonly Situation[] = [
  { name: 'new', when: 'The spec names it, and it is not live.', fates: always('made') },
  { name: 'differs', when: 'The spec names it, and a field that the spec names differs.', fates: always('updated') },
  {
    name: 'same',
    when: 'The spec names it, and only fields differ that the spec leaves out.',
    fates: always('untouched'),
  },
  {
    name: 'tombstone',
    when: 'The spec says `state: absent`, and it is live.',
    fates: always('deleted'),
    also: 'subaccounts are closed, behind a gate',
  },
  {
    name: 'protected',
    when: 'The spec says `state: absent` and `protect: true`.',
    fates: always('refused'),
    also: 'the problem `PROTECTED`',
  },
  {
    name: 'foreign',
    when: 'The spec does not name it, and its owner is unknown: there is no ledger, or it is not in it.',
    fates: { additive: 'listed', owned: 'listed', authoritative: 'deleted' },
    also: 'without a ledger `owned` warns: `OWNED_WITHOUT_LEDGER`',
  },
  {
    name: 'ours',
    when: 'The spec no longer names it, and the ledger says that mailconfig made or adopted it.',
    fates: { additive: 'listed', owned: 'deleted', authoritative: 'deleted' },
  },
  {
    name: 'changed',
    when: 'The spec no longer names it, and the ledger says that mailconfig changed it but did not make it.',
    fates: { additive: 'listed', owned: 'listed', authoritative: 'deleted' },
    also: '`owned` warns: `OWNED_KEPT`',
  },
  {
    name: 'unproven',
    when: 'The spec no longer names it, and the ledger was written with another credential.',
    fates: { additive: 'listed', owned: 'listed', authoritative: 'deleted' },
    also: '`owned` warns: `OWNED_UNPROVEN`',
  },
  {
    name: 'ignored',
    when: 'The spec does not name it, and a rule of `ignore:` covers it.',
    fates: always('untouched'),
    also: 'it is not listed either',
  },
  {
    name: 'emptied',
    when: 'The section names nothing (`[]`), and the mode would delete it.',
    fates: { additive: 'listed', owned: 'refused', authoritative: 'refused' },
    also: 'the gate `EMPTY_COLLECTION`, unless `allowEmpty` is said',
  },
  {
    name: 'left out',
    when: 'The whole section is left out, or the file that held it is gone.',
    fates: always('untouched'),
    also: 'it is not even read',
  },
  {
    name: 'account renamed',
    when: 'The account got another name in the spec.',
    fates: always('untouched'),
    also: 'the section is compared as before; `owned` starts to remember again',
  },
  {
    name: 'excluded',
    when: 'Whatever it is, `--exclude` covers it, or `--only` does not.',
    fates: always('untouched'),
    also: 'nor is what cannot be done without it: `EXCLUDED_TOO`',
  },
  {
    name: 'unread',
    when: 'Its collection could not be read to the end.',
    fates: always('refused'),
    also: 'the problem `CANNOT_READ`; there is no plan at all',
  },
]

const WORDS: Readonly<Record<Fate, string>> = {
  made: 'made',
  updated: 'updated',
  deleted: '**deleted**',
  listed: 'left alone, listed',
  untouched: 'left alone',
  refused: 'refused',
}

/** How objects of one kind are matched, updated and deleted, in words. */
interface Ownership {
  readonly kind: string
  readonly matchedBy: string
  readonly made: string
  readonly updated: string
  /** Fields that no update changes. */
  readonly fixed: readonly string[]
  readonly deleted: Readonly<Record<Mode | 'tombstone', string>>
}

/** What mailconfig does with objects of a kind, from the kind's own data. */
export function ownershipOf(kind: ResourceKind): Ownership {
  const fixed = Object.entries(kind.fields).flatMap(([name, field]) =>
    field.computed !== true && field.immutable === true ? [name] : [],
  )
  return {
    kind: kind.name,
    matchedBy: matchedBy(kind),
    made: kind.calls.create === undefined ? 'never: every scope has it' : 'when the spec names it and it is not live',
    updated: updatedWhen(kind),
    fixed,
    deleted: deletedBy(kind),
  }
}

/** How an entry finds its live object. */
export function matchedBy(kind: ResourceKind): string {
  if (kind.singleton === 'one') return 'nothing: a scope has one'
  if (kind.singleton !== undefined) return `its name: ${kind.singleton.join(' or ')}`
  const { update } = kind.calls
  const renames = update !== undefined && isOneCall(update) && update.renames !== undefined
  return `${kind.key}${renames ? '; can be renamed with moved:' : ''}`
}

function updatedWhen({ calls, members }: ResourceKind): string {
  if (members !== undefined) return 'when a field that the spec names differs; its entries one by one'
  return calls.update === undefined ? 'never: the API cannot' : 'when a field that the spec names differs'
}

function deletedBy(kind: ResourceKind): Ownership['deleted'] {
  const { calls, members, deleteVerb } = kind
  if (members !== undefined)
    return {
      tombstone: 'never as a whole; what follows is about its entries',
      additive: 'no entry',
      owned: 'entries that mailconfig added, once the spec no longer names them',
      authoritative: 'every entry that the spec does not name',
    }
  const verb = deleteVerb === undefined ? '' : ` (the API calls it ${deleteVerb})`
  if (calls.delete === undefined)
    return { tombstone: 'never: the API cannot', additive: 'nothing', owned: 'nothing', authoritative: 'nothing' }
  const tombstone = `on "state: absent", in every mode${verb}`
  if (calls.delete.byWhat === 'secret') {
    const never = 'nothing: it can only be removed with the whole key, by "state: absent"'
    return { tombstone, additive: 'nothing else', owned: never, authoritative: never }
  }
  return {
    tombstone,
    additive: 'nothing else',
    owned: 'what mailconfig made or adopted, once the spec no longer names it',
    authoritative: 'whatever the spec does not name',
  }
}

/** The ownership of kinds as people read it in a terminal. */
export function ownershipText(kinds: readonly ResourceKind[]): string {
  return kinds
    .map(ownershipOf)
    .map((one) => {
      const rows: [string, string][] = [
        ['matched by', one.matchedBy],
        ['made', one.made],
        ['updated', one.updated + (one.fixed.length === 0 ? '' : `; never ${one.fixed.join(', ')}`)],
        ['deleted', one.deleted.tombstone],
        ...MODES.map((mode): [string, string] => [`  ${mode}`, one.deleted[mode]]),
      ]
      return `${one.kind}\n${rows.map(([name, text]) => `  ${name.padEnd(15)}  ${text}\n`).join('')}`
    })
    .join('\n')
}

/** The generated page: what is deleted when, by situation and by kind. */
export function ownershipPage(kinds: readonly ResourceKind[]): string {
  const situations = SITUATIONS.map(
    ({ when, fates, also }) => `| ${when} | ${MODES.map((mode) => WORDS[fates[mode]]).join(' | ')} | ${also ?? ''} |`,
  )
  const rows = kinds.map(ownershipOf).map(({ kind, matchedBy: by, updated, fixed, deleted }) => {
    const never = fixed.length === 0 ? '' : `; never ${fixed.map((name) => `\`${name}\``).join(', ')}`
    return `| [\`${kind}\`](${kind}.md) | ${by} | ${updated}${never} | ${deleted.tombstone} | ${deleted.owned} | ${deleted.authoritative} |`
  })
  return `<!-- Generated by "npm run generate" from src/derive/pages/ownership.ts and src/apis. Do not edit. -->
# What is deleted when

The mode of a section stands under \`manage\`; without one it is \`additive\`. A test makes every row of the first table happen.
\`mailconfig explain --ownership\` prints the second one, \`explain --ownership smtpUsers\` one kind of it.

| An object | additive | owned | authoritative | |
| --- | --- | --- | --- | --- |
${situations.join('\n')}

Every deletion passes the [gates](../safety.md#gates), and comes after everything that builds. \`destroy\` deletes what the spec
names, as if each entry said \`state: absent\`, and nothing else.

## By kind

\`additive\` deletes on \`state: absent\` alone.

| Kind | matched by | updated | deleted in every mode | owned, beside | authoritative, beside |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`
}
