import { MODES, type Mode } from '../../model/desired/document-fields.ts'
import type { SectionSpec } from '../../model/desired/spec.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { type Source, step } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import type { Document } from '../documents/document.ts'

/** What one document says about how a section is managed. */
export interface SaidMode {
  /** For this section by its name. */
  readonly own: Mode | undefined
  /** For every section of the document. */
  readonly usual: Mode | undefined
  readonly allowEmpty: boolean
  readonly source: Source
}

/** What a document says of a kind. */
export function saidBy({ manage, source }: Document, kind: ResourceKind): SaidMode {
  const { allowEmpty } = manage
  return {
    own: modeOf(manage[kind.name]),
    usual: modeOf(manage['default']),
    allowEmpty: allowEmpty === true || (Array.isArray(allowEmpty) && allowEmpty.includes(kind.name)),
    source: step(step(source, 'manage'), kind.name),
  }
}

/**
 * The section that several documents make together, whatever their order: what one says for it by name counts before what one says for
 * all of its sections, and two that disagree are a problem. A document that says nothing agrees with the others.
 */
export function sectionOf(kind: ResourceKind, said: readonly SaidMode[], problems: Problem[]): SectionSpec {
  const own = said.filter((one) => one.own !== undefined)
  const counting = own.length > 0 ? own : said.filter((one) => one.usual !== undefined)
  const modeIn = (one: SaidMode) => one.own ?? one.usual ?? 'additive'
  const [first = said[0]] = counting
  const other = counting.find((one) => first !== undefined && modeIn(one) !== modeIn(first))
  if (first !== undefined && other !== undefined)
    problems.push({
      code: 'CONFLICTING_MODE',
      message: `"${kind.name}" is ${modeIn(other)} here and ${modeIn(first)} elsewhere`,
      hint: 'use the same mode in both places, or set it in only one',
      source: other.source,
      also: { message: 'the other place', source: first.source },
    })
  return {
    kind,
    mode: counting.length === 0 || first === undefined ? 'additive' : modeIn(first),
    allowEmpty: said.some((one) => one.allowEmpty),
    source: first?.source ?? { file: '', document: 0, path: [] },
  }
}

function modeOf(value: unknown): Mode | undefined {
  return MODES.find((mode) => mode === value)
}
