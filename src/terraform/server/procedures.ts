import { Codecs, named, type Part, type Wire } from '../protocol/codec.ts'
import { decodeValue, encodeValue, isMap } from '../protocol/cty.ts'
import { diagnosticMessages, pathMessage } from '../protocol/diagnostic-messages.ts'
import { parseJson } from '../protocol/lossless-json.ts'
import { type DiagnosticMessage, type IdentityMessage, RPC, SEVERITY } from '../protocol/messages.ts'
import type { CtyType, Diagnostic, Plugin, StateAnswer, ValueMap } from '../protocol/plugin.ts'
import { decode, encode, type Message } from '../protocol/protobuf.ts'
import { functionMessage, identityMessage, schemaMessage } from '../protocol/schema-messages.ts'
import type { GrpcCall } from './grpc.ts'
import type { Log } from './log.ts'

const SERVICE = '/tfplugin6.Provider/'

/** The provider's remote procedures by path. Those that are not there are "Unimplemented", which Terraform expects. */
export function providerCalls(plugin: Plugin, log: Log): ReadonlyMap<string, GrpcCall> {
  const { schema } = plugin
  const codecs = new Codecs(schema)
  const calls = new Map<string, GrpcCall>()

  /** One answer for one request; `onBug` is the answer when the plugin throws. */
  const unary = <Q, A>(
    name: keyof typeof RPC,
    { request, response }: { readonly request: Message<Q, never>; readonly response: Message<unknown, A> },
    handle: (request: Q) => Promise<A>,
    onBug: (bug: DiagnosticMessage, request: Q) => A,
  ) => {
    calls.set(SERVICE + name, async (bytes) => {
      const asked = decode(request, bytes)
      log('debug', name)
      try {
        return encode(response, await handle(asked))
      } catch (error) {
        return encode(response, onBug(bugMessage(name, error, log), asked))
      }
    })
  }
  const onlyBug = (bug: DiagnosticMessage) => ({ diagnostics: [bug] })

  const serverCapabilities = { planDestroy: true, getProviderSchemaOptional: true, moveResourceState: true }
  const names = (part: Part) => Object.keys(schema[part]).map((typeName) => ({ typeName }))
  const functions = () => mapOf(schema.functions, functionMessage)

  unary(
    'GetMetadata',
    RPC.GetMetadata,
    async () => ({
      serverCapabilities,
      dataSources: names('dataSources'),
      resources: names('resources'),
      functions: Object.keys(schema.functions).map((name) => ({ name })),
      ephemeralResources: names('ephemeralResources'),
      listResources: names('listResources'),
    }),
    onlyBug,
  )
  unary(
    'GetProviderSchema',
    RPC.GetProviderSchema,
    async () => ({
      provider: schemaMessage(schema.provider),
      resourceSchemas: mapOf(schema.resources, schemaMessage),
      dataSourceSchemas: mapOf(schema.dataSources, schemaMessage),
      serverCapabilities,
      functions: functions(),
      ephemeralResourceSchemas: mapOf(schema.ephemeralResources, schemaMessage),
      listResourceSchemas: mapOf(schema.listResources, schemaMessage),
    }),
    onlyBug,
  )
  unary('GetFunctions', RPC.GetFunctions, async () => ({ functions: functions() }), onlyBug)
  unary(
    'GetResourceIdentitySchemas',
    RPC.GetResourceIdentitySchemas,
    async () => ({ identitySchemas: mapOf(schema.identities, identityMessage) }),
    onlyBug,
  )

  unary(
    'ValidateProviderConfig',
    RPC.ValidateProviderConfig,
    async ({ config }) => {
      const { provider } = codecs
      const found = await plugin.validateProvider(provider.readConfig(config))
      return { diagnostics: diagnosticMessages(found, provider.type) }
    },
    onlyBug,
  )
  unary(
    'ConfigureProvider',
    RPC.ConfigureProvider,
    async ({ config, terraformVersion }) => {
      const { provider } = codecs
      const found = await plugin.configure(provider.readConfig(config), terraformVersion)
      return { diagnostics: diagnosticMessages(found, provider.type) }
    },
    onlyBug,
  )

  type Config = { readonly typeName: string; readonly config: Parameters<typeof codecs.provider.read>[0] }
  const validated =
    (part: Part, validate: (type: string, config: ValueMap) => Promise<readonly Diagnostic[]>) =>
    async ({ typeName, config }: Config) => {
      const codec = codecs.of(part, typeName)
      const found = await validate(typeName, codec.readConfig(config))
      return { diagnostics: diagnosticMessages(found, codec.type) }
    }
  unary(
    'ValidateResourceConfig',
    RPC.ValidateResourceConfig,
    (request) => {
      const { writeOnlyAttributesAllowed = false, deferralAllowed = false } = request.clientCapabilities ?? {}
      const capabilities = { writeOnlyAttributes: writeOnlyAttributesAllowed, deferral: deferralAllowed }
      return validated('resources', (type, config) => plugin.validateResource(type, config, capabilities))(request)
    },
    onlyBug,
  )
  unary(
    'ValidateDataResourceConfig',
    RPC.ValidateDataResourceConfig,
    validated('dataSources', (type, config) => plugin.validateData(type, config)),
    onlyBug,
  )
  unary(
    'ValidateEphemeralResourceConfig',
    RPC.ValidateEphemeralResourceConfig,
    validated('ephemeralResources', (type, config) => plugin.validateEphemeral(type, config)),
    onlyBug,
  )
  unary(
    'ValidateListResourceConfig',
    RPC.ValidateListResourceConfig,
    validated('listResources', (type, config) => plugin.validateList(type, config)),
    onlyBug,
  )

  /** An answer's state, diagnostics and identity; `known` is the identity that Terraform already has. */
  const stateParts = (type: string, answer: StateAnswer, known?: IdentityMessage) => {
    const codec = codecs.of('resources', type)
    const identity = answer.identity === undefined ? undefined : codecs.identity(type)?.write(answer.identity)
    return {
      state: codec.write(answer.state),
      diagnostics: diagnosticMessages(answer.diagnostics, codec.type),
      identity: answer.state === null || identity === undefined ? known : { identityData: identity },
    }
  }

  unary(
    'UpgradeResourceState',
    RPC.UpgradeResourceState,
    async ({ typeName, version, rawState }) => {
      const stored = parseState(rawState?.json)
      const { state, diagnostics } = stateParts(typeName, await plugin.upgrade(typeName, version, stored))
      return { upgradedState: state, diagnostics }
    },
    onlyBug,
  )
  unary(
    'UpgradeResourceIdentity',
    RPC.UpgradeResourceIdentity,
    async ({ typeName, version, rawIdentity }) => {
      const { version: own } = named(schema.identities, typeName)
      if (version !== own) throw new Error(`the stored identity has version ${version}, and this provider knows ${own}`)
      const codec = codecs.identity(typeName)
      const json = rawIdentity?.json ?? new Uint8Array()
      const identityData = codec?.write(codec.read({ msgpack: new Uint8Array(), json }))
      return { upgradedIdentity: { identityData } }
    },
    onlyBug,
  )
  unary(
    'ReadResource',
    RPC.ReadResource,
    async (request) => {
      const { typeName, currentState, currentIdentity } = request
      const before = codecs.of('resources', typeName).read(currentState)
      if (before === null) return { newState: currentState, private: request.private, newIdentity: currentIdentity }
      const answer = await plugin.read(typeName, before, request.private)
      const { state, diagnostics, identity } = stateParts(typeName, answer, currentIdentity)
      return { newState: state, diagnostics, private: answer.private ?? request.private, newIdentity: identity }
    },
    (bug, { currentState, currentIdentity, private: kept }) => ({
      newState: currentState,
      private: kept,
      newIdentity: currentIdentity,
      diagnostics: [bug],
    }),
  )
  unary(
    'PlanResourceChange',
    RPC.PlanResourceChange,
    async ({ typeName, priorState, proposedNewState, config, priorPrivate, priorIdentity }) => {
      const codec = codecs.of('resources', typeName)
      const prior = codec.read(priorState)
      const answer = await plugin.plan(typeName, {
        prior,
        proposed: isSameWire(priorState, proposedNewState) ? prior : codec.read(proposedNewState),
        config: codec.read(config),
        private: priorPrivate,
      })
      const { state, diagnostics, identity } = stateParts(typeName, answer, priorIdentity)
      return {
        plannedState: state,
        requiresReplace: answer.requiresReplace.map((path) => pathMessage(path, codec.type)),
        plannedPrivate: answer.private ?? priorPrivate,
        diagnostics,
        plannedIdentity: identity,
      }
    },
    (bug, { priorState, priorPrivate, priorIdentity }) => ({
      plannedState: priorState,
      plannedPrivate: priorPrivate,
      plannedIdentity: priorIdentity,
      diagnostics: [bug],
    }),
  )
  unary(
    'ApplyResourceChange',
    RPC.ApplyResourceChange,
    async ({ typeName, priorState, plannedState, config, plannedPrivate, plannedIdentity }) => {
      const codec = codecs.of('resources', typeName)
      const answer = await plugin.apply(typeName, {
        prior: codec.read(priorState),
        planned: codec.read(plannedState),
        config: codec.read(config),
        private: plannedPrivate,
      })
      const { state, diagnostics, identity } = stateParts(typeName, answer, plannedIdentity)
      return { newState: state, private: answer.private ?? plannedPrivate, diagnostics, newIdentity: identity }
    },
    (bug, { priorState, plannedPrivate, plannedIdentity }) => ({
      newState: priorState,
      private: plannedPrivate,
      newIdentity: plannedIdentity,
      diagnostics: [bug],
    }),
  )
  unary(
    'ImportResourceState',
    RPC.ImportResourceState,
    async ({ typeName, id, identity }) => {
      const given = identity === undefined ? null : (codecs.identity(typeName)?.read(identity.identityData) ?? null)
      const answer = await plugin.import(typeName, given === null ? { id } : { id, identity: given })
      const type = codecs.of('resources', typeName).type
      return {
        importedResources: answer.resources.map((one) => {
          const parts = stateParts(one.type, { ...one, diagnostics: [] })
          return { typeName: one.type, state: parts.state, identity: parts.identity }
        }),
        diagnostics: diagnosticMessages(answer.diagnostics, type),
      }
    },
    onlyBug,
  )
  unary(
    'MoveResourceState',
    RPC.MoveResourceState,
    async (request) => {
      const answer = await plugin.move(
        {
          provider: request.sourceProviderAddress,
          type: request.sourceTypeName,
          version: request.sourceSchemaVersion,
          state: parseState(request.sourceState?.json),
        },
        request.targetTypeName,
      )
      const { state, diagnostics, identity } = stateParts(request.targetTypeName, answer)
      const { private: targetPrivate } = answer
      return { targetState: state, diagnostics, targetPrivate, targetIdentity: identity }
    },
    onlyBug,
  )
  unary(
    'ReadDataSource',
    RPC.ReadDataSource,
    async ({ typeName, config }) => {
      const codec = codecs.of('dataSources', typeName)
      const answer = await plugin.readData(typeName, codec.readConfig(config))
      return { state: codec.write(answer.state), diagnostics: diagnosticMessages(answer.diagnostics, codec.type) }
    },
    onlyBug,
  )

  unary(
    'OpenEphemeralResource',
    RPC.OpenEphemeralResource,
    async ({ typeName, config }) => {
      const codec = codecs.of('ephemeralResources', typeName)
      const answer = await plugin.openEphemeral(typeName, codec.readConfig(config))
      return {
        result: codec.write(answer.result),
        private: answer.private,
        diagnostics: diagnosticMessages(answer.diagnostics, codec.type),
      }
    },
    onlyBug,
  )
  // Terraform renews only what was opened with a time to renew at, and no answer of ours has one. Who asks all the same
  // is told that what was opened stays as it is, with its private bytes, and is not to be renewed again.
  unary(
    'RenewEphemeralResource',
    RPC.RenewEphemeralResource,
    async ({ typeName, private: kept }) => {
      codecs.of('ephemeralResources', typeName) // a type that is not there is an error here as in every call
      return { private: kept }
    },
    onlyBug,
  )
  unary(
    'CloseEphemeralResource',
    RPC.CloseEphemeralResource,
    async ({ typeName, private: kept = new Uint8Array() }) => {
      const { type } = codecs.of('ephemeralResources', typeName)
      return { diagnostics: diagnosticMessages(await plugin.closeEphemeral(typeName, kept), type) }
    },
    onlyBug,
  )

  calls.set(`${SERVICE}ListResource`, async function* (bytes) {
    const { request, response } = RPC.ListResource
    const { typeName, config, includeResourceObject, limit } = decode(request, bytes)
    try {
      const { type, readConfig } = codecs.of('listResources', typeName)
      const codec = codecs.of('resources', typeName)
      const wanted = { resource: includeResourceObject, limit }
      for await (const one of plugin.list(typeName, readConfig(config), wanted)) {
        yield encode(response, {
          identity: { identityData: codecs.identity(typeName)?.write(one.identity) },
          displayName: one.name,
          resourceObject: one.resource === undefined ? undefined : codec.write(one.resource),
          diagnostic: diagnosticMessages(one.diagnostics, type),
        })
      }
    } catch (error) {
      yield encode(response, { diagnostic: [bugMessage('ListResource', error, log)] })
    }
  })

  unary(
    'CallFunction',
    RPC.CallFunction,
    async (request) => {
      const { parameters, variadic, returns } = named(schema.functions, request.name)
      const args = request.arguments.map((one, index) => {
        const type: CtyType = parameters[index]?.type ?? variadic?.type ?? 'dynamic'
        return decodeValue(type, one)
      })
      const answer = await plugin.call(request.name, args)
      if ('error' in answer) return { error: { text: answer.error, functionArgument: answer.argument } }
      return { result: { msgpack: encodeValue(returns, answer.result) } }
    },
    ({ summary, detail }) => ({ error: { text: `${summary}: ${detail}` } }),
  )
  unary(
    'StopProvider',
    RPC.StopProvider,
    async () => {
      plugin.stop()
      return {}
    },
    ({ detail }) => ({ error: detail ?? '' }),
  )
  return calls
}

function bugMessage(call: string, error: unknown, log: Log): DiagnosticMessage {
  const message = error instanceof Error ? error.message : String(error)
  log('error', `${call}: ${error instanceof Error ? (error.stack ?? message) : message}`)
  return {
    severity: SEVERITY.error,
    summary: `mailconfig failed in ${call}`,
    detail: `${message}\n\nThis is a bug in the provider mailconfig, not in your configuration; please report it.`,
  }
}

/** Whether two values are the same bytes, as they are where nothing changes. */
function isSameWire(a: Wire | undefined, b: Wire | undefined): boolean {
  if (a === undefined || b === undefined) return false
  return a.msgpack.length > 0 && Buffer.compare(a.msgpack, b.msgpack) === 0
}

/** A stored state; what an ancient Terraform stored as a flat map is not read. */
function parseState(json: Uint8Array | undefined): ValueMap {
  const state = json === undefined || json.length === 0 ? null : parseJson(Buffer.from(json).toString('utf8'))
  if (!isMap(state)) throw new Error('the stored state is not a JSON object')
  return state
}

function mapOf<T, R>(all: Readonly<Record<string, T>>, change: (one: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, change(one)]))
}
