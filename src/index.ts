/**
 * mailconfig as a library: the typed clients of both APIs, the kinds, and the engine that validates, plans and applies.
 * `openMailconfig` is the way in; the parts below it stand for themselves. The emulator is at `mailconfig/emulator`.
 */

export { type Backoffice, type BackofficeOptions, backoffice } from './apis/backoffice/client/client.ts'
export type {
  BackofficeProvider,
  BackofficeProviderInput,
  BackofficeProviderPatch,
} from './apis/backoffice/client/provider.ts'
export type { BackofficeProviders, ProviderVerdict } from './apis/backoffice/client/providers.ts'
export type { BackofficeSession, BackofficeToken, SignedIn } from './apis/backoffice/client/session.ts'
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
export { type AccountConnection, type CallStats, type Sender, type SenderOptions, sender } from './apis/sender.ts'
export { type Smtp2go, type Smtp2goOptions, smtp2go } from './apis/smtp2go/client/client.ts'
export { type Region, SMTP2GO_HOSTS } from './apis/smtp2go/client/regions.ts'
export type { BodyArgument, TypedCalls } from './apis/smtp2go/client/typed.ts'
export type * as domainOperations from './apis/smtp2go/operations/domains.ts'
export type * as mailOperations from './apis/smtp2go/operations/mail.ts'
export {
  type Holds,
  OPERATIONS,
  type OperationCall,
  type OperationFacts,
  type OperationName,
  type Operations,
  type PatchPath,
  type PostPath,
} from './apis/smtp2go/operations/operations.ts'
export type * as senderOperations from './apis/smtp2go/operations/senders.ts'
export type * as statisticOperations from './apis/smtp2go/operations/statistics.ts'
export type * as subaccountOperations from './apis/smtp2go/operations/subaccounts.ts'
export type * as templateOperations from './apis/smtp2go/operations/templates.ts'
export type * as userOperations from './apis/smtp2go/operations/users.ts'
export type * as webhookOperations from './apis/smtp2go/operations/webhooks.ts'
export type { JsonSchema } from './derive/schema/json-schema.ts'
export { entrySchema, specSchema } from './derive/schema/spec.ts'
export { compileValidator } from './derive/schema/validator.ts'
export { apply } from './engine/apply/apply.ts'
export { reportJson } from './engine/apply/document.ts'
export type { ApplyOptions } from './engine/apply/options.ts'
export { readBack } from './engine/apply/read-back.ts'
export { type Diff, diff } from './engine/diff/diff.ts'
export type { Unmanaged } from './engine/diff/unmanaged.ts'
export type { LintOptions, LoadOptions } from './engine/documents/options.ts'
export type { ExportDetail } from './engine/export/entry.ts'
export { type Exported, exportSpec } from './engine/export/export.ts'
export type { DraftGate } from './engine/gates/draft-gate.ts'
export type { Gate, GateContext } from './engine/gates/gate.ts'
export { load } from './engine/load.ts'
export { planJson, type Summary, summarise } from './engine/plan/document.ts'
export { type Plan, type Planned, plan } from './engine/plan/plan.ts'
export { type Risk, riskOf } from './engine/plan/risk.ts'
export type { Unread } from './engine/plan/unread.ts'
export { type ReadOptions, read } from './engine/read/read.ts'
export type { Run } from './engine/read/run.ts'
export type { Selection } from './engine/read/selection.ts'
export { everything, type Wanted, wantedBy } from './engine/read/wanted.ts'
export { type CarryOutOptions, carryOut, type PrepareContext, prepare } from './engine/reconcile.ts'
export type { CallEvent } from './http/connection.ts'
export type { WholeRun } from './ledger/runs/whole-runs.ts'
export { LedgerError } from './ledger/stores/store.ts'
export { type Mailconfig, type MailconfigOptions, openMailconfig } from './library/open-mailconfig.ts'
export type { Applied, ApplyRequest, Impossible, Planned as PlanOutcome, PlanRequest } from './library/outcomes.ts'
export { SpecError } from './library/spec-error.ts'
export { formatScope, type Scope } from './model/address.ts'
export { MODES, type Mode } from './model/desired/document-fields.ts'
export type { DesiredObject } from './model/desired/object.ts'
export type { OutsideFinding } from './model/desired/outside-finding.ts'
export type {
  Account,
  IgnoreRule,
  Limit,
  Loaded,
  Reference,
  Safety,
  ScopeSpec,
  SectionSpec,
  Spec,
} from './model/desired/spec.ts'
export {
  EXPECTATIONS,
  type Expectation,
  SENDING_RULES,
  type SendingRule,
  type SpecTest,
} from './model/desired/spec-test.ts'
export {
  type Api,
  type ApiCheck,
  type ApiCredential,
  type ApiDefinition,
  type ApiMail,
  type ApiPlace,
  defineApi,
  type MailLogin,
} from './model/kind/api.ts'
export type { Call, CallEncoding, CallOptions, ListCall, ListCallOptions, ListPaging } from './model/kind/call.ts'
export * as calls from './model/kind/call.ts'
export type { FieldChange, MemberChanges, Reason } from './model/kind/difference.ts'
export type {
  ComputedFields,
  EntryOf,
  Field,
  FieldShape,
  Fields,
  Flags,
  FlagsOf,
  RequiredFields,
} from './model/kind/field.ts'
export * as fields from './model/kind/field.ts'
export type { Danger, Finding, JudgedBase, JudgedChange, RiskRule, Surroundings } from './model/kind/judgement.ts'
export { defineKind, type KindCalls, type KindOf, type Members, type ResourceKind } from './model/kind/kind.ts'
export type { LiveObject } from './model/kind/live-object.ts'
export type { RiskLevel, RiskTurn, Risky } from './model/kind/risk.ts'
export type { Journal } from './model/ledger/journal.ts'
export type { Memory } from './model/ledger/memory.ts'
export type { LedgerChange, LedgerCommand, LedgerEntry, LedgerRun, RunAbout } from './model/ledger/record.ts'
export { ledgerChange, ledgerCommands, ledgerEntry, ledgerRun, runAbout } from './model/ledger/record.ts'
export type { HtmlFaults } from './model/lint/html-faults.ts'
export { LINT_LEVELS, type LintLevel, type LintSettings } from './model/lint/lint.ts'
export type { MailReader, TemplateFault, TemplateGap, TemplateReading, TextPlace } from './model/lint/mail-reader.ts'
export type { Path, Position, Source } from './model/position.ts'
export type { Problem } from './model/problem.ts'
export { type ApplyDocument, applyDocument } from './model/run/apply-document.ts'
export type { Change, ChangeBase, EffectiveChange } from './model/run/change.ts'
export type { Delivery, DeliveryAnswer, Target } from './model/run/delivery.ts'
export type { Collection, Live, LiveScope } from './model/run/live.ts'
export type {
  ChangeDocument,
  GateDocument,
  KnownNames,
  ObjectPlace,
  PlanDocument,
  ProblemDocument,
  SendingDocument,
} from './model/run/plan-document.ts'
export { gateDocument, objectPlace, planDocument, problemDocument } from './model/run/plan-document.ts'
export type { Outcome, Result } from './model/run/result.ts'
export { Secret } from './model/secret.ts'
export { faultIn, fits, type Shape, type TypeOf } from './model/shape.ts'
export type {
  ApiTraffic,
  CallAccount,
  Days,
  EventQuery,
  MailCounts,
  MailEvent,
  MailToSend,
  PlanUse,
  SendAnswer,
  SubaccountUse,
  TrafficGroup,
  TrafficRow,
} from './model/traffic/traffic.ts'
export type {
  Client,
  ClientOptions,
  Clock,
  EndpointLimit,
  LimitOptions,
  Login,
  OpenClient,
  TransportOptions,
} from './model/transport.ts'
export type { StructuralError, Validate } from './model/validation.ts'
export { ApiError, type ApiErrorKind, type Send, type WireRequest } from './model/wire.ts'
