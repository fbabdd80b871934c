import { kinds } from '../../../apis/index.ts'
import { fieldText, kindText, overviewText } from '../../../derive/pages/explain.ts'
import { lintsText, lintText } from '../../../derive/pages/lints.ts'
import { ownershipOf, ownershipText } from '../../../derive/pages/ownership.ts'
import { entryFields, schemaText } from '../../../derive/pages/schema-text.ts'
import { fieldSchema } from '../../../derive/schema/field.ts'
import { entrySchema, testsSchema } from '../../../derive/schema/spec.ts'
import type { Field, Fields } from '../../../model/kind/field.ts'
import { allLints } from '../../../model/lint/all-lints.ts'
import { closest } from '../../../model/text/closest.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'

/** Says what a kind or a field means: `explain smtpUsers.rateLimit.per`. */
export async function explain({ io, options, args }: Invocation): Promise<number> {
  const [path] = args
  const json = options.format === 'json'
  const print = (text: string, value: unknown) => io.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : text)
  if (path === undefined && options.ownership === true) {
    print(ownershipText(kinds), kinds.map(ownershipOf))
    return EXIT.ok
  }
  if (path === undefined) {
    print(
      overviewText(kinds),
      kinds.map(({ name, api, title, doc }) => ({ name, api, title, doc })),
    )
    return EXIT.ok
  }
  const [name = '', ...steps] = path.split(/[./]/)
  const ofLint = options.ownership === true ? undefined : lintWord(name, steps)
  if (ofLint !== undefined) {
    print(ofLint.text, ofLint.value)
    return EXIT.ok
  }
  if (name === 'tests' && options.ownership !== true) {
    const { text, value } = testsWord(path, steps)
    print(text, value)
    return EXIT.ok
  }
  const kind = kinds.find((one) => one.name === name)
  if (kind === undefined)
    throw new Stop(`there is no kind "${name}"`, {
      hint: guess(
        name,
        kinds.map((one) => one.name),
      ),
    })
  if (options.ownership === true) {
    if (steps.length > 0) throw new Stop(`"${path}" is not a kind`, { hint: `ownership applies to ${name} as a whole` })
    print(ownershipText([kind]), ownershipOf(kind))
    return EXIT.ok
  }
  if (steps.length === 0) {
    print(kindText(kind), entrySchema(kind))
    return EXIT.ok
  }
  let fields: Fields = kind.fields
  let field: Field | undefined
  for (const step of steps) {
    const known = fields
    field = known[step]
    if (field === undefined)
      throw new Stop(`"${path}" is not a field: there is no "${step}"`, { hint: guess(step, Object.keys(known)) })
    const inner = 'items' in field ? field.items : field
    fields = inner.type === 'object' ? inner.fields : {}
  }
  if (field !== undefined) print(fieldText(path, field), fieldSchema(field))
  return EXIT.ok
}

/** What `tests` or one of its fields means. */
function testsWord(path: string, [step]: readonly string[]): { readonly text: string; readonly value: unknown } {
  const section = testsSchema()
  if (step === undefined) return { text: schemaText(path, section), value: section }
  const fields = entryFields(section)
  const field = fields[step]
  if (field === undefined)
    throw new Stop(`"${path}" is not a field: there is no "${step}"`, { hint: guess(step, Object.keys(fields)) })
  return { text: schemaText(path, field), value: field }
}

/** What a word says of lints: `lint` lists them, `lint.CODE` and the code alone explain one; undefined for anything else. */
function lintWord(
  name: string,
  steps: readonly string[],
): { readonly text: string; readonly value: unknown } | undefined {
  const codes: readonly string[] = allLints.map(({ code }) => code)
  if (name !== 'lint' && !codes.includes(name)) return undefined
  const [code = name] = steps
  if (code === 'lint') return { text: lintsText(allLints), value: allLints }
  const lint = allLints.find((one) => one.code === code)
  if (lint === undefined) throw new Stop(`there is no lint "${code}"`, { hint: guess(code, codes) })
  return { text: lintText(lint), value: lint }
}

function guess(word: string, known: readonly string[]): string {
  const near = closest(word, known)
  return near === undefined ? `there are: ${known.join(', ')}` : `did you mean "${near}"?`
}
