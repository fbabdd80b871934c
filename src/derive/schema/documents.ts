import { apisOf } from '../../model/kind/api.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { auditLines } from '../../model/ledger/audit-line.ts'
import { adoptDocument, historyDocument } from '../../model/ledger/documents.ts'
import { applyDocument } from '../../model/run/apply-document.ts'
import { dnsDocument } from '../../model/run/dns-document.ts'
import { driftDocument } from '../../model/run/drift-document.ts'
import { type KnownNames, validateDocument } from '../../model/run/plan-document.ts'
import { planOrSaved } from '../../model/run/plan-file.ts'
import type { Shape } from '../../model/shape.ts'
import type { JsonSchema } from './json-schema.ts'

const DRAFT = { $schema: 'http://json-schema.org/draft-07/schema#' }

/** The schemas of everything that a command prints or writes as JSON, by the name of the document. */
export function documentSchemas(kinds: readonly ResourceKind[]): Readonly<Record<string, JsonSchema>> {
  const names: KnownNames = { apis: apisOf(kinds).map(({ name }) => name), kinds: kinds.map(({ name }) => name) }
  return {
    plan: titled('A mailconfig plan', planOrSaved(names)),
    apply: titled('The report of a mailconfig apply', applyDocument),
    drift: titled('What changed outside a mailconfig spec', driftDocument(names)),
    dns: titled('The DNS records of sender domains, and what name servers say of them', dnsDocument),
    adopt: titled('What mailconfig adopt took into the ledger', adoptDocument),
    history: titled('Earlier runs of mailconfig', historyDocument),
    audit: {
      ...DRAFT,
      title: 'A line of the audit log of mailconfig',
      oneOf: auditLines.map(({ schema }) => schema),
    },
    validate: titled('The problems of a mailconfig spec', validateDocument),
  }
}

function titled(title: string, { schema }: Shape<unknown>): JsonSchema {
  return { ...DRAFT, title, ...schema }
}
