import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { DesiredObject } from '../../../model/desired/object.ts'
import { errorCode } from '../../../model/error-code.ts'
import { isRecord, parseJson } from '../../../model/json.ts'
import { revealed } from '../../../model/secret.ts'
import { renderTemplates } from '../../../templates/render.ts'
import { writeResult } from '../../files/write.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { openSpec } from '../../session/spec.ts'
import { printable } from '../../terminal/paint.ts'

/** A template, filled in, or why not. */
interface Rendered {
  readonly id: string
  readonly subject?: string
  readonly html?: string
  readonly text?: string
  readonly error?: string
}

/** Fills templates of the spec in; needs no credential and sends nothing. Exit 1 if one cannot be filled in. */
export async function renderCommand(invocation: Invocation): Promise<number> {
  const { io, options, args } = invocation
  const located = await openSpec(invocation, { formOnly: true })
  if ('code' in located) return located.code
  const all = located.spec.objects.filter(({ kind, state }) => kind.name === 'templates' && state === 'present')
  const unknown = args.find((id) => !all.some(({ key }) => key === id))
  if (unknown !== undefined)
    throw new Stop(`the spec has no template "${unknown}"`, {
      hint: `it has: ${all.map(({ key }) => key).join(', ') || 'none'}`,
    })
  const chosen = all.filter(({ key }) => args.length === 0 || args.includes(key))
  if (chosen.length === 0) throw new Stop('the spec has no template')
  const data = options.data === undefined ? undefined : readData(options.data, invocation)
  const rendered: Rendered[] = []
  for (const one of chosen) rendered.push(await render(one, data, invocation))
  invocation.tell({ isPrinted: true })
  if (options.format === 'json')
    io.stdout.write(`${JSON.stringify({ formatVersion: '1.0', templates: rendered }, null, 2)}\n`)
  else if (options.dir === undefined) io.stdout.write(rendered.map(shown).join('\n'))
  if (options.dir !== undefined) write(rendered, options.dir, invocation)
  for (const { id, error } of rendered)
    if (error !== undefined) io.stderr.write(`error: ${printable(`templates/${id}: ${error}`)}\n`)
  return rendered.every(({ error }) => error === undefined) ? EXIT.ok : EXIT.failed
}

const FIELDS = ['subject', 'html', 'text'] as const

async function render(
  { key, values }: DesiredObject,
  data: Readonly<Record<string, unknown>> | undefined,
  { io }: Invocation,
): Promise<Rendered> {
  const own = values['variables']
  const answer = await renderTemplates(io.file('template-worker.js'), {
    bodies: FIELDS.map((field) => ({ text: String(revealed(values[field]) ?? ''), isHtml: field === 'html' })),
    values: data ?? (isRecord(own) ? own : {}),
  })
  if ('error' in answer) return { id: key, error: answer.error }
  const [subject = '', html = '', text = ''] = answer.texts
  return { id: key, subject, html, text }
}

function shown({ id, subject = '', html = '', text = '', error }: Rendered): string {
  if (error !== undefined) return ''
  const lines = (body: string) => body.trimEnd().split('\n').map(printable).join('\n')
  return `${printable(id)}\nSubject: ${printable(subject)}\n\n${lines(text)}\n\n${lines(html)}\n`
}

function write(rendered: readonly Rendered[], dir: string, { io, options }: Invocation): void {
  const folder = resolve(io.cwd, dir)
  try {
    mkdirSync(folder, { recursive: true })
  } catch (cause) {
    throw new Stop(`cannot make the folder "${dir}" (${errorCode(cause, 'unknown reason')})`)
  }
  for (const { id, subject, html, text, error } of rendered) {
    if (error !== undefined) continue
    const name = id.replace(/[^\w-]/g, '_') // an id may have any character
    const files = { [`${name}.subject.txt`]: subject, [`${name}.html`]: html, [`${name}.txt`]: text }
    for (const [file, body = ''] of Object.entries(files))
      writeResult(io, join(dir, file), body, options.force === true)
  }
  const count = rendered.filter(({ error }) => error === undefined).length
  io.stderr.write(`Wrote ${count} ${count === 1 ? 'template' : 'templates'} to ${printable(dir)}.\n`)
}

function readData(name: string, { io }: Invocation): Readonly<Record<string, unknown>> {
  let text: string
  try {
    text = readFileSync(resolve(io.cwd, name), 'utf8')
  } catch (cause) {
    throw new Stop(`cannot read "${name}" (${errorCode(cause, 'unknown reason')})`)
  }
  const json = parseJson(text)
  if (isRecord(json)) return json
  throw new Stop(`"${name}" is not a JSON object`)
}
