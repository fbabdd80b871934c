import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { apis, kinds } from '../apis/index.ts'
import { secretPaths } from '../engine/documents/read-documents.ts'
import { load } from '../engine/load.ts'
import { rankKinds } from '../engine/plan/waves.ts'
import { withoutNames } from '../engine/read/lookup.ts'
import { findFiles } from '../engine/yaml/files.ts'
import { parse } from '../engine/yaml/parse.ts'
import type { Scope } from '../model/address.ts'
import { largest } from '../model/append.ts'
import type { DesiredObject } from '../model/desired/object.ts'
import type { Spec } from '../model/desired/spec.ts'
import { isRecord } from '../model/json.ts'
import { type ResourceKind, scopeKind } from '../model/kind/kind.ts'
import { formatPath, formatPosition, type Path, type Source } from '../model/position.ts'
import type { Problem } from '../model/problem.ts'
import type { SpecAnswer, SpecRequest, SpecResource } from './constructs/spec-answer.ts'
import { camelCase, type Gap, resourceConfig } from './resource-config.ts'
import { type Secrets, secretsOf } from './secret-names.ts'
import { specValidator } from './validator.ts'

/** Warnings about what only the command line does. */
const ELSEWHERE = ['OWNED_WITHOUT_LEDGER']
const TEXT_NAME = 'mailconfig.yaml'

/** Validates a spec as the command line does, and says which resources it means. Calls nothing; reads no secret. */
export async function readSpec(request: SpecRequest): Promise<SpecAnswer> {
  const { spec } = request
  if ('paths' in spec) return await readFiles(request, spec, {}, positionText)
  const folder = mkdtempSync(join(tmpdir(), 'mailconfig-'))
  try {
    const tokens = 'tokens' in spec ? spec.tokens : {}
    writeFileSync(join(folder, TEXT_NAME), 'text' in spec ? spec.text : spec.json, { mode: 0o600 })
    return await readFiles(
      request,
      { paths: [TEXT_NAME], cwd: folder },
      tokens,
      'text' in spec ? positionText : ({ source }) => (source === undefined ? '' : `${formatPath(source.path)} `),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function positionText({ at }: Problem): string {
  return at === undefined ? '' : `${formatPosition(at)} `
}

async function readFiles(
  request: SpecRequest,
  { paths, cwd }: { readonly paths: readonly string[]; readonly cwd: string },
  tokens: Readonly<Record<string, Path>>,
  place: (problem: Problem) => string,
): Promise<SpecAnswer> {
  const secrets = secretsOf(await secretReferences(paths, cwd), tokens)
  const read = await load({
    paths,
    cwd,
    kinds,
    validate: specValidator,
    env: { ...request.env, ...placeholders(tokens), ...secrets.env },
    vars: request.vars,
    emulated: true, // Terraform has the credentials
    apis,
  })
  const loaded = await withoutNames(read)
  const text = (problem: Problem) =>
    `${place(problem)}${problem.code} ${problem.message}${problem.hint === undefined ? '' : `\n  ${problem.hint}`}`
  if (!loaded.ok) return { ok: false, problems: loaded.problems.map(text) }
  const { resources, notes } = resourcesOf(loaded.spec, secrets, tokens, request.secretVersion)
  const warnings = loaded.warnings.filter(({ code }) => !ELSEWHERE.includes(code)).map(text)
  return { ok: true, resources, secrets: secrets.found(), warnings: [...warnings, ...notes] }
}

/** The names of all environment variables that stand where a secret does. */
async function secretReferences(paths: readonly string[], cwd: string): Promise<string[]> {
  const names: string[] = []
  for (const file of findFiles(paths, cwd).files) {
    const parsed = await parse(file)
    if (!parsed.ok) continue
    for (const document of parsed.documents.filter(isRecord))
      for (const kind of kinds)
        for (const entry of entriesOf(document[kind.name]))
          for (const path of secretPaths(kind.fields)) {
            const name = /^\$\{env:([^}]+)\}$/.exec(String(valueAt(entry, path)))?.[1]
            if (name !== undefined) names.push(name)
          }
  }
  return names
}

function entriesOf(section: unknown): readonly unknown[] {
  return Array.isArray(section) ? section : [section]
}

/** For each token a value that its field takes, so that the rest of the entry can be judged. */
function placeholders(tokens: Readonly<Record<string, Path>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tokens).map(([name, [section, , ...path]]) => {
      const kind = kinds.find((one) => one.name === section)
      const example = kind === undefined ? undefined : valueAt(kind.example, path)
      return [name, typeof example === 'string' ? example : 'example']
    }),
  )
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((part, name) => {
    if (Array.isArray(part)) return part[Number(name)] ?? part[0]
    return isRecord(part) ? part[name] : undefined
  }, value)
}

function resourcesOf(
  spec: Spec,
  secrets: Secrets,
  tokens: Readonly<Record<string, Path>>,
  secretVersion: number | undefined,
): { readonly resources: readonly SpecResource[]; readonly notes: readonly string[] } {
  const names = new Map(Object.entries(tokens).map(([name, path]) => [JSON.stringify(path), name]))
  const usual = usualAccounts(spec.accounts)
  const present = spec.objects.filter(({ state }) => state === 'present')
  const known = new Map(present.map((one) => [idOf(one.kind, one.scope, one.key, usual), one.kind]))
  const ranks = rankKinds(kinds)
  const depth = largest(ranks.values()) + 1
  const rank = ({ kind, scope }: DesiredObject) => (ranks.get(kind.name) ?? 0) + (scope.subaccount === null ? 0 : depth)
  const resources = [...present]
    .sort((a, b) => rank(a) - rank(b))
    .map((object): SpecResource => {
      const { kind, key, scope, protect, source } = object
      const reference = (name: string, other: string, inside = scope): Gap | undefined => {
        const target = kinds.find((one) => one.name === name)
        if (target === undefined) return undefined
        const id = idOf(target, inside, other, usual)
        return known.has(id) ? { $resource: id, attribute: camelCase(target.key) } : undefined
      }
      const config = resourceConfig(object, {
        secret: (value, path) => secrets.gap(value, `${object.address}.${path.join('.')}`),
        token: (path) => {
          const name = names.get(JSON.stringify([...source.path, ...path]))
          return name === undefined ? undefined : { $token: name }
        },
        reference,
        secretVersion,
      })
      const parents = scopeKind(kinds, kind.api)
      const parent =
        parents === undefined || scope.subaccount === null
          ? undefined
          : reference(parents.name, scope.subaccount, { ...scope, subaccount: null })
      return {
        id: idOf(kind, scope, key, usual),
        section: kind.name,
        key,
        api: kind.api.name,
        account: scope.account,
        subaccount: scope.subaccount,
        protect,
        config: scope.subaccount === null ? config : { ...config, subaccount: parent ?? scope.subaccount },
      }
    })
  return { resources, notes: notesOf(spec.objects, tokens) }
}

/** The account of each API that needs no name in the names of constructs: the first that is declared. */
function usualAccounts(accounts: Spec['accounts']): ReadonlySet<string> {
  const first = new Map([...accounts.values()].reverse().map(({ api, name }) => [api, name]))
  return new Set(first.values())
}

/** The name of a construct, and with it Terraform's name of a resource: the same object has the same name for ever. */
function idOf(kind: ResourceKind, scope: Scope, key: string, usual: ReadonlySet<string>): string {
  const outer = [
    ...(usual.has(scope.account) ? [] : [scope.account]),
    ...(scope.subaccount === null ? [] : [scope.subaccount]),
  ]
  const place = outer.map((name) => name.replace(/[-%/]/g, encode))
  return [...place, kind.resource, ...(key === '' ? [] : [key.replace(/[%/]/g, encode)])].join('-')
}

function encode(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16)}`
}

/** What a spec says that Terraform has other words for. */
function notesOf(objects: readonly DesiredObject[], tokens: Readonly<Record<string, Path>>): string[] {
  const isKey = (object: DesiredObject) =>
    Object.values(tokens).some((path) => samePath(object.source, path, object.kind.key))
  const asked = objects.find(isKey)
  if (asked !== undefined)
    throw new TypeError(`the ${asked.kind.key} of a ${asked.kind.title} names its resource, and cannot be a token`)
  return objects.flatMap(({ address, state, moved }) => {
    if (state === 'absent') return [`${address} is absent: nothing is made of it, and nothing is deleted`]
    return moved === undefined ? [] : [`${address} has moved from "${moved}": Terraform needs a moved block for that`]
  })
}

function samePath(source: Source, path: Path, field: string): boolean {
  return JSON.stringify([...source.path, field]) === JSON.stringify(path)
}
