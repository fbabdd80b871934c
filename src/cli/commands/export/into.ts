import { realpathSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { kinds } from '../../../apis/index.ts'
import { type MergeResult, merge } from '../../../engine/merge/merge.ts'
import { wantedForMerge } from '../../../engine/merge/wanted.ts'
import { read } from '../../../engine/read/read.ts'
import { findFiles } from '../../../engine/yaml/files.ts'
import { qualify } from '../../../model/address.ts'
import type { Spec } from '../../../model/desired/spec.ts'
import type { Live } from '../../../model/run/live.ts'
import { fileWord } from '../../../model/text/shell.ts'
import { exactText } from '../../files/read-utf8.ts'
import { replaceFile } from '../../files/write.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import type { Io } from '../../invocation/io.ts'
import type { Options } from '../../options/vocabulary.ts'
import { isChosen } from '../../runs/chosen.ts'
import { connectTo } from '../../session/connection.ts'
import { loadOptions, openSpec } from '../../session/spec.ts'
import { paint, printable } from '../../terminal/paint.ts'
import { progress } from '../../terminal/progress.ts'
import { mergeJson, mergeText, mergeVerdict } from '../../text/merge.ts'

/** Merges live state into a file of the spec. Sends nothing that changes anything; writes the file if it is another one then. */
export async function exportInto(name: string, invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  for (const [flag, given] of Object.entries({ '--out': options.out, '--subaccounts': options.subaccounts }))
    if (given !== undefined) throw new Stop(`"--into" and "${flag}" are mutually exclusive`)
  if (options.format === 'terraform') throw new Stop('"--into" merges into YAML, not into Terraform')
  const { into, paths } = fileOf(name, io, options)
  const narrowed = { ...invocation, options: { ...options, file: paths } }
  const located = await openSpec(narrowed)
  if ('code' in located) return located.code
  const { text, mark } = exactText(into, name)
  const live = await readLive(located.spec, narrowed)
  const merged = await merge(located.spec, {
    load: await loadOptions(narrowed),
    into,
    live,
    wanted: (scope, address) => isChosen(options, scope, address),
    allSections: options.allSections === true,
    updateFiles: options.updateFiles === true,
  })
  for (const [path, content] of merged.files) replaceFile(path, content)
  if (merged.isChanged && merged.text !== text) replaceFile(into, mark + merged.text)
  report(merged, name, invocation)
  const isLeft = merged.items.some(({ outcome }) => outcome !== 'updated' && outcome !== 'added')
  return options.detailedExitcode === true && isLeft ? EXIT.changes : EXIT.ok
}

/** The file as the loader calls it, and the paths of the spec that it is part of. */
function fileOf(name: string, io: Io, { file }: Options): { readonly into: string; readonly paths: readonly string[] } {
  const real = realPath(resolve(io.cwd, name))
  if (real === undefined)
    throw new Stop(`there is no file "${name}"`, { hint: `"export -o ${fileWord(name)}" writes a new one` })
  const found = findFiles(file, io.cwd).files.find((one) => realPath(one.path) === real)
  if (found !== undefined) return { into: found.path, paths: file }
  if (file.length > 0) throw new Stop(`"${name}" is not a file of the spec`, { hint: `add it: -f ${fileWord(name)}` })
  return { into: resolve(io.cwd, name), paths: [name] }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

async function readLive(spec: Spec, invocation: Invocation): Promise<Live> {
  const { io, options } = invocation
  const all = wantedForMerge(spec, kinds, options.allSections === true)
  const wanted = all.filter(({ scope }) => options.account.length === 0 || options.account.includes(scope.account))
  const names = new Set(wanted.map(({ scope }) => scope.account))
  const connection = await connectTo(
    [...spec.accounts.values()].filter(({ name }) => names.has(name)),
    invocation,
    spec,
  )
  const line = progress(io)
  try {
    const onProgress = (done: number, total: number) => line.show(`reading ${done}/${total}`)
    const live = await read(wanted, { kinds, send: connection.send, signal: io.signal, onProgress })
    line.clear()
    stopAtUnread(spec, live, invocation)
    return live
  } finally {
    line.clear()
    await connection.close()
  }
}

/** A section that is managed has to be read to its end; one that is not is left out and said. */
function stopAtUnread(spec: Spec, live: Live, { io }: Invocation): void {
  for (const [name, { collections }] of live)
    for (const [kind, collection] of collections) {
      if (collection.known) continue
      const { message, hint, path, kind: cause } = collection.error
      const isManaged = spec.scopes.some((one) => one.sections.has(kind))
      if (isManaged || cause !== 'permission')
        throw new Stop(`${name}:${kind} could not be read: ${path}: ${message}`, hint === undefined ? {} : { hint })
      io.stderr.write(`note: ${printable(`${name}:${kind}: left out, for the key may not call ${path}`)}\n`)
    }
}

function report(merged: MergeResult, name: string, { io, options }: Invocation): void {
  const color = paint(io.stderr, io.env, options.color)
  const hasScopes = new Set(merged.items.map(({ scope }) => qualify(scope, ''))).size > 1
  io.stderr.write(mergeText(merged, hasScopes, color))
  for (const note of secretNotes(merged)) io.stderr.write(`note: ${printable(note)}\n`)
  const texts = [...merged.files.keys()].map((path) => relative(io.cwd, path))
  io.stderr.write(mergeVerdict(merged, name, texts, color))
  if (options.format === 'json') io.stdout.write(`${JSON.stringify(mergeJson(merged, name), null, 2)}\n`)
}

/** What of new entries no API shows. */
function secretNotes({ items }: MergeResult): string[] {
  return kinds.flatMap((kind) => {
    const secrets = Object.entries(kind.fields).filter(([, one]) => one.secret === true && one.required === 'create')
    const isNew = items.some(({ outcome, address }) => outcome === 'added' && address.startsWith(`${kind.name}/`))
    if (!isNew || secrets.length === 0) return []
    const names = secrets.map(([word]) => word).join(', ')
    return [`${kind.name}: ${names} cannot be read; add it as a reference where it is to be managed`]
  })
}
