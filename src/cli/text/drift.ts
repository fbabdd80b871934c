import { formatScope } from '../../model/address.ts'
import { largest } from '../../model/append.ts'
import { formatPosition } from '../../model/position.ts'
import type { DriftDocument, DriftedDocument } from '../../model/run/drift-document.ts'
import { type Paint, printable } from '../terminal/paint.ts'
import { between, happened, winner } from './drift-words.ts'

/** Drift as people read it: by scope, each object with what happened to it and what the next apply makes of that. */
export function driftText(document: DriftDocument, color: Paint): string {
  const scopes = [...new Set(document.drift.map(formatScope))]
  const blocks = scopes.map((scope) => {
    const here = document.drift.filter((one) => formatScope(one) === scope)
    const account = document.accounts.find(({ name }) => name === here[0]?.account)
    const where = account === undefined ? '' : color.dim(` ${account.api}, ${printable(account.url)}`)
    return `${color.bold(printable(scope))}${where}\n\n${here.map((one) => block(one, color)).join('\n')}`
  })
  return [...blocks, `${verdict(document, color)}\n`].join('\n')
}

function block(one: DriftedDocument, color: Paint): string {
  const sign = { changed: color.yellow('~'), deleted: color.red('-'), made: color.green('+') }[one.what]
  const source = one.source === null ? '' : color.dim(`  ${printable(formatPosition(one.source))}`)
  const width = Math.min(
    28,
    largest(
      one.fields.map(({ path }) => path.length),
      0,
    ),
  )
  const lines = [
    `  ${sign} ${printable(one.address)}  ${color.bold(happened(one))}${source}`,
    ...one.fields.map((field) => `      ${printable(field.path).padEnd(width)}  ${between(field, color)}`),
    `      ${winner(one)}`,
  ]
  return `${lines.join('\n')}\n`
}

function verdict({ summary, accounts, drift }: DriftDocument, color: Paint): string {
  const { changed, deleted, made, unknown, unmanaged } = summary
  const loose = unmanaged === 0 ? '' : ` ${unmanaged} not managed, not compared.`
  const fresh =
    unknown === 0
      ? ''
      : ` ${unknown} ${unknown === 1 ? 'object differs and is' : 'objects differ and are'} not in the ledger yet: plan shows what, adopt takes in.`
  if (drift.length === 0) return `${color.green('No drift.')}${loose}${fresh}`
  const told = accounts.every(({ known }) => known)
  const counts = `${changed} changed, ${deleted} deleted, ${made} made`
  return `${color.bold(told ? 'Drift:' : 'Differences:')} ${counts}.${loose}${fresh}`
}
