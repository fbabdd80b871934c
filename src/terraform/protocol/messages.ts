import {
  bool,
  bytes,
  int,
  late,
  list,
  map,
  maybe,
  maybeBytes,
  maybeInt,
  maybeText,
  message,
  type Type,
  text,
  textMap,
} from './protobuf.ts'

// The messages of Terraform's plugin protocol 6, as far as they are used here: field numbers, names and types.

const dynamicValue = message({ msgpack: [1, bytes], json: [2, bytes] })

const step = message({ attributeName: [1, maybeText], elementKeyString: [2, maybeText], elementKeyInt: [3, maybeInt] })
const attributePath = message({ steps: [1, list(step)] })

export const SEVERITY = { error: 1, warning: 2 } as const
const diagnostic = message({
  severity: [1, int],
  summary: [2, text],
  detail: [3, text],
  attribute: [4, maybe(attributePath)],
})

const rawState = message({ json: [1, bytes], flatmap: [2, textMap] })
const identityData = message({ identityData: [1, maybe(dynamicValue)] })
const clientCapabilities = message({ deferralAllowed: [1, bool], writeOnlyAttributesAllowed: [2, bool] })
const serverCapabilities = message({
  planDestroy: [1, bool],
  getProviderSchemaOptional: [2, bool],
  moveResourceState: [3, bool],
})
const timestamp = message({ seconds: [1, int], nanos: [2, int] })

export const MARKDOWN = 1
export const NESTING = { single: 1, list: 2, set: 3, map: 4 } as const

/** An attribute that is written; reading schemas back is nobody's need here, and its type would refer to itself. */
export interface AttributeMessage {
  readonly name: string
  readonly type?: Uint8Array | undefined
  readonly description?: string
  readonly required?: boolean
  readonly optional?: boolean
  readonly computed?: boolean
  readonly sensitive?: boolean
  readonly descriptionKind?: number
  readonly deprecated?: boolean
  readonly nestedType?: { readonly attributes: readonly AttributeMessage[]; readonly nesting: number } | undefined
  readonly writeOnly?: boolean
}

const attribute: Type<unknown, AttributeMessage> = message({
  name: [1, text],
  type: [2, bytes],
  description: [3, text],
  required: [4, bool],
  optional: [5, bool],
  computed: [6, bool],
  sensitive: [7, bool],
  descriptionKind: [8, int],
  deprecated: [9, bool],
  nestedType: [10, maybe(late(() => nestedObject))],
  writeOnly: [11, bool],
})
const nestedObject: Type<unknown, { attributes: readonly AttributeMessage[]; nesting: number }> = message({
  attributes: [1, list(attribute)],
  nesting: [3, int],
})
const block = message({
  version: [1, int],
  attributes: [2, list(attribute)],
  description: [4, text],
  descriptionKind: [5, int],
})
export const schema = message({ version: [1, int], block: [2, maybe(block)] })

const identityAttribute = message({
  name: [1, text],
  type: [2, bytes],
  requiredForImport: [3, bool],
  optionalForImport: [4, bool],
  description: [5, text],
})
export const identitySchema = message({ version: [1, int], identityAttributes: [2, list(identityAttribute)] })

const parameter = message({
  name: [1, text],
  type: [2, bytes],
  allowNullValue: [3, bool],
  allowUnknownValues: [4, bool],
  description: [5, text],
  descriptionKind: [6, int],
})
export const functionSignature = message({
  parameters: [1, list(parameter)],
  variadicParameter: [2, maybe(parameter)],
  return: [3, maybe(message({ type: [1, bytes] }))],
  summary: [4, text],
  description: [5, text],
  descriptionKind: [6, int],
})

const nothing = message({})
const value = maybe(dynamicValue)
const capabilities = maybe(clientCapabilities)
const identity = maybe(identityData)
const diagnostics = list(diagnostic)
const schemas = map(schema)
const typeName = list(message({ typeName: [1, text] }))
const configOfType = message({ typeName: [1, text], config: [2, value] })
const capableConfig = message({ typeName: [1, text], config: [2, value], clientCapabilities: [3, capabilities] })
const onlyDiagnostics = message({ diagnostics: [1, diagnostics] })

/** What a message takes when it is written. */
export type Written<T> = T extends Type<infer _R, infer W> ? W : never
/** A diagnostic as it is sent. */
export type DiagnosticMessage = Written<typeof diagnostic>
/** An identity as it is sent. */
export type IdentityMessage = Written<typeof identityData>
/** A path as it is sent. */
export type PathMessage = Written<typeof attributePath>

/** The remote procedures: what each is asked and answers. */
export const RPC = {
  GetMetadata: {
    request: nothing,
    response: message({
      serverCapabilities: [1, maybe(serverCapabilities)],
      diagnostics: [2, diagnostics],
      dataSources: [3, typeName],
      resources: [4, typeName],
      functions: [5, list(message({ name: [1, text] }))],
      ephemeralResources: [6, typeName],
      listResources: [7, typeName],
    }),
  },
  GetProviderSchema: {
    request: nothing,
    response: message({
      provider: [1, maybe(schema)],
      resourceSchemas: [2, schemas],
      dataSourceSchemas: [3, schemas],
      diagnostics: [4, diagnostics],
      serverCapabilities: [6, maybe(serverCapabilities)],
      functions: [7, map(functionSignature)],
      ephemeralResourceSchemas: [8, schemas],
      listResourceSchemas: [9, schemas],
    }),
  },
  GetResourceIdentitySchemas: {
    request: nothing,
    response: message({ identitySchemas: [1, map(identitySchema)], diagnostics: [2, diagnostics] }),
  },
  GetFunctions: {
    request: nothing,
    response: message({ functions: [1, map(functionSignature)], diagnostics: [2, diagnostics] }),
  },
  ValidateProviderConfig: {
    request: message({ config: [1, value] }),
    response: message({ diagnostics: [2, diagnostics] }),
  },
  ValidateResourceConfig: { request: capableConfig, response: onlyDiagnostics },
  ValidateDataResourceConfig: { request: configOfType, response: onlyDiagnostics },
  ValidateEphemeralResourceConfig: { request: configOfType, response: onlyDiagnostics },
  ValidateListResourceConfig: { request: configOfType, response: onlyDiagnostics },
  ConfigureProvider: {
    request: message({ terraformVersion: [1, text], config: [2, value], clientCapabilities: [3, capabilities] }),
    response: onlyDiagnostics,
  },
  UpgradeResourceState: {
    request: message({ typeName: [1, text], version: [2, int], rawState: [3, maybe(rawState)] }),
    response: message({ upgradedState: [1, value], diagnostics: [2, diagnostics] }),
  },
  UpgradeResourceIdentity: {
    request: message({ typeName: [1, text], version: [2, int], rawIdentity: [3, maybe(rawState)] }),
    response: message({ upgradedIdentity: [1, identity], diagnostics: [2, diagnostics] }),
  },
  ReadResource: {
    request: message({
      typeName: [1, text],
      currentState: [2, value],
      private: [3, bytes],
      clientCapabilities: [5, capabilities],
      currentIdentity: [6, identity],
    }),
    response: message({
      newState: [1, value],
      diagnostics: [2, diagnostics],
      private: [3, bytes],
      newIdentity: [5, identity],
    }),
  },
  PlanResourceChange: {
    request: message({
      typeName: [1, text],
      priorState: [2, value],
      proposedNewState: [3, value],
      config: [4, value],
      priorPrivate: [5, bytes],
      clientCapabilities: [7, capabilities],
      priorIdentity: [8, identity],
    }),
    response: message({
      plannedState: [1, value],
      requiresReplace: [2, list(attributePath)],
      plannedPrivate: [3, bytes],
      diagnostics: [4, diagnostics],
      plannedIdentity: [7, identity],
    }),
  },
  ApplyResourceChange: {
    request: message({
      typeName: [1, text],
      priorState: [2, value],
      plannedState: [3, value],
      config: [4, value],
      plannedPrivate: [5, bytes],
      plannedIdentity: [7, identity],
    }),
    response: message({
      newState: [1, value],
      private: [2, bytes],
      diagnostics: [3, diagnostics],
      newIdentity: [5, identity],
    }),
  },
  ImportResourceState: {
    request: message({
      typeName: [1, text],
      id: [2, text],
      clientCapabilities: [3, capabilities],
      identity: [4, identity],
    }),
    response: message({
      importedResources: [
        1,
        list(message({ typeName: [1, text], state: [2, value], private: [3, bytes], identity: [4, identity] })),
      ],
      diagnostics: [2, diagnostics],
    }),
  },
  MoveResourceState: {
    request: message({
      sourceProviderAddress: [1, text],
      sourceTypeName: [2, text],
      sourceSchemaVersion: [3, int],
      sourceState: [4, maybe(rawState)],
      targetTypeName: [5, text],
      sourcePrivate: [6, bytes],
    }),
    response: message({
      targetState: [1, value],
      diagnostics: [2, diagnostics],
      targetPrivate: [3, bytes],
      targetIdentity: [4, identity],
    }),
  },
  ReadDataSource: {
    request: message({ typeName: [1, text], config: [2, value], clientCapabilities: [4, capabilities] }),
    response: message({ state: [1, value], diagnostics: [2, diagnostics] }),
  },
  OpenEphemeralResource: {
    request: capableConfig,
    response: message({
      diagnostics: [1, diagnostics],
      renewAt: [2, maybe(timestamp)],
      result: [3, value],
      private: [4, maybeBytes],
    }),
  },
  RenewEphemeralResource: {
    request: message({ typeName: [1, text], private: [2, maybeBytes] }),
    response: message({ diagnostics: [1, diagnostics], renewAt: [2, maybe(timestamp)], private: [3, maybeBytes] }),
  },
  CloseEphemeralResource: {
    request: message({ typeName: [1, text], private: [2, maybeBytes] }),
    response: onlyDiagnostics,
  },
  ListResource: {
    request: message({ typeName: [1, text], config: [2, value], includeResourceObject: [3, bool], limit: [4, int] }),
    response: message({
      identity: [1, identity],
      displayName: [2, text],
      resourceObject: [3, value],
      diagnostic: [4, diagnostics],
    }),
  },
  CallFunction: {
    request: message({ name: [1, text], arguments: [2, list(dynamicValue)] }),
    response: message({
      result: [1, value],
      error: [2, maybe(message({ text: [1, text], functionArgument: [2, maybeInt] }))],
    }),
  },
  StopProvider: { request: nothing, response: message({ error: [1, text] }) },
  Shutdown: { request: nothing, response: nothing },
} as const
