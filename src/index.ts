/**
 * mailconfig as a library: the typed clients of both APIs, the kinds, and the engine that validates, plans and applies.
 * `openMailconfig` is the way in; the parts below it stand for themselves. The emulator is at `mailconfig/emulator`.
 */

export { type Backoffice, type BackofficeOptions, backoffice } from './apis/backoffice/client/client.ts'
export {
  allowedRecipients,
  allowedSenders,
  apiKey,
  apis,
  ipAllowlist,
  ipAuth,
  kinds,
  provider,
  senderDomain,
  singleSender,
  smtpUser,
  subaccount,
  suppression,
  template,
  webhook,
} from './apis/index.ts'
export { type AccountConnection, type Sender, type SenderOptions, sender } from './apis/sender.ts'
export { type Smtp2go, type Smtp2goOptions, smtp2go } from './apis/smtp2go/client/client.ts'
export { type Region, SMTP2GO_HOSTS } from './apis/smtp2go/client/regions.ts'
export { OPERATIONS, type OperationName, type Operations } from './apis/smtp2go/operations/operations.ts'
export type { JsonSchema } from './derive/schema/json-schema.ts'
export { entrySchema, specSchema } from './derive/schema/spec.ts'
export { compileValidator } from './derive/schema/validator.ts'
export { apply } from './engine/apply/apply.ts'
export { reportJson } from './engine/apply/document.ts'
export type { ApplyOptions } from './engine/apply/options.ts'
export { readBack } from './engine/apply/read-back.ts'
export { type Diff, diff } from './engine/diff/diff.ts'
export type { LoadOptions } from './engine/documents/options.ts'
export { type Exported, exportSpec } from './engine/export/export.ts'
export type { Gate, GateContext } from './engine/gates/gate.ts'
export { load } from './engine/load.ts'
export { planJson, type Summary, summarise } from './engine/plan/document.ts'
export { type Plan, type Planned, plan } from './engine/plan/plan.ts'
export { type Risk, riskOf } from './engine/plan/risk.ts'
export { type ReadOptions, read } from './engine/read/read.ts'
export type { Run } from './engine/read/run.ts'
export type { Selection } from './engine/read/selection.ts'
export { everything, type Wanted, wantedBy } from './engine/read/wanted.ts'
export { carryOut, prepare } from './engine/reconcile.ts'
export type { CallEvent } from './http/connection.ts'
export { LedgerError } from './ledger/stores/store.ts'
export { type Mailconfig, type MailconfigOptions, openMailconfig } from './library/open-mailconfig.ts'
export type { Applied, ApplyRequest, Impossible, Planned as PlanOutcome, PlanRequest } from './library/outcomes.ts'
export { SpecError } from './library/spec-error.ts'
export { formatScope, type Scope } from './model/address.ts'
export type { DesiredObject } from './model/desired/object.ts'
export type { Account, Limit, Loaded, Safety, Spec } from './model/desired/spec.ts'
export { type Api, type ApiDefinition, defineApi } from './model/kind/api.ts'
export * as calls from './model/kind/call.ts'
export type { FieldChange, Reason } from './model/kind/difference.ts'
export type { EntryOf, Field, Fields, Flags } from './model/kind/field.ts'
export * as fields from './model/kind/field.ts'
export type { RiskRule } from './model/kind/judgement.ts'
export { defineKind, type KindOf, type ResourceKind } from './model/kind/kind.ts'
export type { LiveObject } from './model/kind/live-object.ts'
export type { Risky } from './model/kind/risk.ts'
export type { Position, Source } from './model/position.ts'
export type { Problem } from './model/problem.ts'
export type { Change } from './model/run/change.ts'
export type { Delivery, Target } from './model/run/delivery.ts'
export type { Collection, Live, LiveScope } from './model/run/live.ts'
export type { ChangeDocument, PlanDocument } from './model/run/plan-document.ts'
export type { Outcome, Result } from './model/run/result.ts'
export { Secret } from './model/secret.ts'
export type { TransportOptions } from './model/transport.ts'
export { ApiError, type ApiErrorKind, type Send, type WireRequest } from './model/wire.ts'
