import {
  Annotations,
  type TerraformProvider,
  type TerraformResource,
  TerraformStack,
  TerraformVariable,
  Token,
} from 'cdktf'
import { Construct } from 'constructs'
import { makeResource, type Resources, resourceIn } from '../gen/cdktf/resources'
import type { SpecObject } from '../gen/cdktf/spec-object'
import { readNow } from './read-now'
import type { SpecAnswer, SpecRequest, SpecResource } from './spec-answer'

/** Where a spec comes from, and what its resources are made with. One of `file`, `text` and `spec` is given. */
export interface MailConfigSpecConfig {
  /** A YAML file, or a folder of them; from the working directory, unless it is absolute. */
  readonly file?: string | readonly string[]
  /** The text of a spec. `${file:…}` has no folder to look in there. */
  readonly text?: string
  /** A spec as an object. A token may stand for any text but a key, and for a secret. */
  readonly spec?: SpecObject
  /** Values for `${var:NAME}`. */
  readonly vars?: Readonly<Record<string, string>>
  /** Where `${env:NAME}` is looked up, but for secrets; the environment if left out. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /**
   * Values for secrets, by the name of their variable (`billing_password` for `${env:BILLING_PASSWORD}`). Give tokens: a text
   * that is written out stands in the synthesised JSON. Every secret without a value becomes a sensitive Terraform variable.
   */
  readonly secrets?: Readonly<Record<string, string>>
  /**
   * Raise it to send the secrets again. They go to write-only attributes (Terraform and OpenTofu 1.11 and later), which no
   * state keeps. 1 if left out.
   */
  readonly secretVersion?: number
  /** Keeps secrets in the state, in clear text, for Terraform before 1.11. */
  readonly secretsInState?: boolean
  /** The provider of each account of the spec, by the account's name; needed where an API has several. */
  readonly providers?: Readonly<Record<string, TerraformProvider>>
}

/**
 * Every object of a mailconfig spec as a resource. The spec is validated as the command line does it: what is wrong is thrown,
 * all of it, each with `file:line:column`. What one object says of another becomes a reference, so that Terraform keeps the order.
 */
export class MailConfigSpec extends Construct {
  /** All resources, by their place in this construct. */
  readonly resources: ReadonlyMap<string, TerraformResource>
  /** The variables of the secrets, by name. */
  readonly variables: ReadonlyMap<string, TerraformVariable>
  readonly #found: readonly SpecResource[]

  constructor(scope: Construct, id: string, config: MailConfigSpecConfig) {
    super(scope, id)
    const tokens = new Map<string, string>()
    const answer = readNow(requestOf(config, tokens))
    if (!answer.ok) throw new Error(problemsText(this.node.path, answer))
    for (const warning of answer.warnings) Annotations.of(this).addWarning(warning)
    this.#found = answer.resources
    this.variables = variablesOf(this, answer.secrets, config)
    this.resources = resourcesOf(this, answer.resources, {
      secret: (name) => config.secrets?.[name] ?? this.variables.get(name)?.stringValue,
      token: (name) => tokens.get(name),
      provider: providerOf(answer.resources, config.providers),
    })
  }

  /** The resource of an object: `spec.get('smtpUsers', 'billing-app').username`. Throws if the spec has no such object. */
  get<Section extends keyof Resources>(
    section: Section,
    key: string,
    subaccount: string | null = null,
  ): Resources[Section] {
    const found = this.#found.filter(
      (one) => one.section === section && one.key === key && one.subaccount === subaccount,
    )
    const [one] = found
    if (one !== undefined && found.length === 1) return resourceIn(this.resources, section, one.id)
    const there = this.#found.filter((other) => other.section === section).map((other) => `"${other.key}"`)
    throw new Error(
      `the spec has ${found.length} ${String(section)} "${key}"${there.length === 0 ? '' : `; there are ${there.join(', ')}`}`,
    )
  }
}

function requestOf(config: MailConfigSpecConfig, tokens: Map<string, string>): SpecRequest {
  const { file, text, spec, vars = {}, env = process.env, secretVersion = 1, secretsInState = false } = config
  if ([file, text, spec].filter((one) => one !== undefined).length !== 1)
    throw new Error('a MailConfigSpec needs one of "file", "text" and "spec"')
  const rest = { vars, env: { ...env }, ...(secretsInState ? {} : { secretVersion }) }
  if (text !== undefined) return { spec: { text }, ...rest }
  if (spec === undefined) return { spec: { paths: [file ?? []].flat(), cwd: process.cwd() }, ...rest }
  const places: Record<string, readonly (string | number)[]> = {}
  const take = (value: unknown, path: readonly (string | number)[]): unknown => {
    if (typeof value === 'string') return Token.isUnresolved(value) ? hide(value, path) : value
    if (Array.isArray(value)) return value.map((item, at) => take(item, [...path, at]))
    if (Token.isUnresolved(value))
      throw new Error(`a token for a text may stand in a spec, and ${path.join('.')} is another one`)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, take(part, [...path, name])]))
  }
  const hide = (token: string, path: readonly (string | number)[]): string => {
    const name = `CDK_TOKEN_${tokens.size}`
    tokens.set(name, token)
    places[name] = path
    return `\${env:${name}}`
  }
  return { spec: { json: JSON.stringify(take({ version: 1, ...spec }, [])), tokens: places }, ...rest }
}

function problemsText(path: string, { problems }: Extract<SpecAnswer, { ok: false }>): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  return `${path}: ${count} in the spec\n${problems.join('\n')}`
}

/** One variable for each secret that was not given; two specs of a stack that name the same secret share it. */
function variablesOf(
  scope: Construct,
  secrets: Readonly<Record<string, string>>,
  { secrets: given = {}, secretsInState = false }: MailConfigSpecConfig,
): ReadonlyMap<string, TerraformVariable> {
  const unknown = Object.keys(given).filter((name) => secrets[name] === undefined)
  if (unknown.length > 0)
    throw new Error(
      `the spec has no secret ${unknown.map((name) => `"${name}"`).join(', ')}; it has ${Object.keys(secrets).join(', ') || 'none'}`,
    )
  const stack = TerraformStack.of(scope)
  const missing = Object.entries(secrets).filter(([name]) => given[name] === undefined)
  return new Map(
    missing.map(([name, use]) => {
      const known = stack.node.tryFindChild(name)
      if (known instanceof TerraformVariable) return [name, known]
      const made = new TerraformVariable(stack, name, { type: 'string', sensitive: true, description: `For ${use}.` })
      if (!secretsInState) made.addOverride('ephemeral', true) // in no plan file either
      return [name, made]
    }),
  )
}

interface Sources {
  secret(name: string): string | undefined
  token(name: string): string | undefined
  provider(account: string): TerraformProvider | undefined
}

function resourcesOf(
  scope: Construct,
  found: readonly SpecResource[],
  sources: Sources,
): ReadonlyMap<string, TerraformResource> {
  const made = new Map<string, TerraformResource>()
  for (const { id, section, account, protect, config } of found) {
    const provider = sources.provider(account)
    const whole = {
      ...filled(config, sources, made),
      ...(provider === undefined ? {} : { provider }),
      ...(protect ? { lifecycle: { preventDestroy: true } } : {}),
    }
    made.set(id, makeResource(section, scope, id, whole))
  }
  return made
}

function filled(
  config: Readonly<Record<string, unknown>>,
  sources: Sources,
  made: ReadonlyMap<string, TerraformResource>,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, fill(value, sources, made)]))
}

/** Puts tokens where the reader left gaps. */
function fill(value: unknown, sources: Sources, made: ReadonlyMap<string, TerraformResource>): unknown {
  if (Array.isArray(value)) return value.map((item) => fill(item, sources, made))
  if (typeof value !== 'object' || value === null) return value
  const gap: { $secret?: unknown; $token?: unknown; $resource?: unknown; attribute?: unknown } = value
  if (typeof gap.$secret === 'string') return sources.secret(gap.$secret)
  if (typeof gap.$token === 'string') return sources.token(gap.$token)
  const target = typeof gap.$resource === 'string' ? made.get(gap.$resource) : undefined
  if (target !== undefined) return Reflect.get(target, String(gap.attribute))
  return filled({ ...value }, sources, made)
}

/** The providers by account; without them every resource takes the stack's own, which has one account of each API. */
function providerOf(
  found: readonly SpecResource[],
  providers: Readonly<Record<string, TerraformProvider>> | undefined,
): (account: string) => TerraformProvider | undefined {
  for (const api of new Set(found.map((one) => one.api))) {
    const accounts = [...new Set(found.filter((one) => one.api === api).map((one) => one.account))]
    const without = accounts.filter((name) => providers?.[name] === undefined)
    if (accounts.length > 1 && without.length > 0)
      throw new Error(
        `the spec has ${accounts.length} ${api} accounts: say which provider has ${without.join(', ')} with "providers"`,
      )
  }
  return (account) => providers?.[account]
}
