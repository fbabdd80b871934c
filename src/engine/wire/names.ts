import type { ApiDefinition } from '../../model/kind/api.ts'
import type { Field } from '../../model/kind/field.ts'
import { snakeCase } from '../../model/text/snake-case.ts'

/** A field's name in the API when it is written: the API's usual style unless the field says otherwise. */
export function wireName(api: ApiDefinition, name: string, field: Field): string {
  return field.wire ?? (api.names === 'snake' ? snakeCase(name) : name)
}

/** What a call says to be for an account inside the account; nothing for the account itself. */
export function scopeWords({ inner }: ApiDefinition, scopeId: string | null): Readonly<Record<string, string>> {
  return scopeId === null || inner === undefined ? {} : { [inner.parameter]: scopeId }
}

/** The name under which the API gives a field back. */
export function readName(api: ApiDefinition, name: string, field: Field): string {
  return field.wireRead ?? wireName(api, name, field)
}
