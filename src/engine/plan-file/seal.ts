import { isRecord, parseJson, sorted } from '../../model/json.ts'
import type { PlanDocument } from '../../model/run/plan-document.ts'
import { type SavedDocument, type SavedPart, savedDocument } from '../../model/run/plan-file.ts'
import { faultIn, fits } from '../../model/shape.ts'
import { type SecretMark, sha256 } from './marks.ts'

/** A plan with what binds it, summed up and sealed. */
export function sealed(
  plan: PlanDocument,
  saved: Omit<SavedPart, 'checksum' | 'seal'>,
  seal: SecretMark,
): SavedDocument {
  const checksum = checksumOf({ ...plan, saved })
  return { ...plan, saved: { ...saved, checksum, seal: seal(checksum) } }
}

/** What a text is that should be a saved plan. */
type OpenedPlan =
  | {
      readonly ok: true
      readonly document: SavedDocument
      /** False for a file that is not as it was saved. */
      readonly intact: boolean
    }
  | { readonly ok: false; readonly why: string }

/** Reads the text of a saved plan. One of a newer minor version is read, too; what it adds is not seen. */
export function openSavedText(text: string): OpenedPlan {
  let value: unknown
  try {
    value = parseJson(text)
  } catch {
    return { ok: false, why: 'it is not JSON, or was cut off' }
  }
  const version = isRecord(value) ? value['formatVersion'] : undefined
  if (!isRecord(value) || typeof version !== 'string' || !Array.isArray(value['changes']))
    return { ok: false, why: 'it is JSON of another kind' }
  if (!version.startsWith('1.')) return { ok: false, why: `its format is ${version}, and this version reads 1` }
  if (value['saved'] === undefined)
    return { ok: false, why: 'it is the output of plan --format json, which is not bound to anything' }
  if (!fits(savedDocument, value))
    return { ok: false, why: `${faultIn(savedDocument, value)} is missing or of the wrong type` }
  return { ok: true, document: value, intact: checksumOf(value) === value.saved.checksum }
}

/** The sum over all of a plan but its sum and seal; the order of members and white space do not count. */
function checksumOf(value: Readonly<Record<string, unknown>>): string {
  const { saved, ...plan } = value
  const { checksum: _checksum, seal: _seal, ...rest } = isRecord(saved) ? saved : {}
  return sha256(JSON.stringify(sorted({ ...plan, saved: rest })))
}
