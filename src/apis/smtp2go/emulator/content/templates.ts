import { anything, flag, list, need, oneOf, or, read, text, whole } from '../../../../emulator/input/fields.ts'
import type { JsonObject } from '../../../../emulator/input/json.ts'
import { type Call, reads, writes } from '../call/operation.ts'
import { page } from '../call/pages.ts'
import { Refusal } from '../call/refusal.ts'
import { stamp } from '../call/time.ts'
import type { Template } from '../state/entities.ts'

const newId = text({ min: 5, max: 24 })
const name = text({ min: 1, max: 64 })
const body = { subject: text(), html_body: text(), text_body: text() }
const more = { template_variables: anything(), tags: list(text()) }
const searchFields = {
  search_terms: or(list(text()), () => []),
  tags: or(list(text()), () => []),
  fuzzy_search: or(flag(), () => false),
  sort_direction: or(oneOf(['asc', 'desc']), () => 'asc' as const),
}

function find({ scope }: Call, id: string): Template {
  const found = scope.templates.get(id)
  if (!found) throw new Refusal(`An email template matching the passed id of ${id} was not found`)
  return found
}

function refuseTwice({ scope }: Call, id: string): void {
  if (scope.templates.has(id)) throw new Refusal(`An email template matching the passed id of ${id} already exists`)
}

function showChanged({ name: template_name, last_updated: _, ...rest }: Template): JsonObject {
  return { template_name, ...rest }
}

function matches(one: Template, question: JsonObject): boolean {
  const { search_terms, tags, fuzzy_search } = read(searchFields, question)
  if (tags.length > 0 && !tags.some((tag) => one.tags.includes(tag))) return false
  const values = [one.id, one.name, one.subject]
  const fits = (term: string): boolean =>
    fuzzy_search ? values.some((value) => value.toLowerCase().includes(term.toLowerCase())) : values.includes(term)
  return search_terms.length === 0 || search_terms.some(fits)
}

/** `/template/*`: of the account the key belongs to. */
export const templates = [
  reads(
    '/template/search',
    { ...searchFields, page_size: or(whole(1, 10_000), () => 100), continue_token: text() },
    (call, { page_size }) => {
      const { rows, total, token } = page(call, 'templates', page_size, (question) => {
        const up = read(searchFields, question).sort_direction === 'asc' ? 1 : -1
        const found = [...call.scope.templates.values()].filter((one) => matches(one, question))
        found.sort((a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -up : up))
        return found.map(({ id, name: called, subject, tags, last_updated }) => {
          return { id, name: called, subject, tags, last_updated }
        })
      })
      return { templates: rows, continue_token: token, total_count: total }
    },
    { scoped: false },
  ),
  reads('/template/view', { id: need(text()) }, (call, { id }) => ({ ...find(call, id) }), { scoped: false }),
  writes(
    '/template/add',
    {
      id: need(newId),
      template_name: need(name),
      subject: need(body.subject),
      html_body: need(body.html_body),
      text_body: need(body.text_body),
      ...more,
    },
    (call, { template_name, template_variables = {}, tags = [], ...rest }) => {
      refuseTwice(call, rest.id)
      const added = { ...rest, name: template_name, template_variables, tags, last_updated: stamp(call.now) }
      call.scope.templates.set(rest.id, added)
      return showChanged(added)
    },
    { scoped: false },
  ),
  writes(
    '/template/edit',
    { id: need(text()), new_id: newId, template_name: name, ...body, ...more },
    (call, { id, new_id = id, ...input }) => {
      const old = find(call, id)
      if (new_id !== id) refuseTwice(call, new_id)
      const edited: Template = {
        id: new_id,
        name: input.template_name ?? old.name,
        subject: input.subject ?? old.subject,
        html_body: input.html_body ?? old.html_body,
        text_body: input.text_body ?? old.text_body,
        template_variables: input.template_variables ?? old.template_variables,
        tags: input.tags ?? old.tags,
        last_updated: stamp(call.now),
      }
      if (new_id !== id) call.scope.templates.delete(id)
      call.scope.templates.set(new_id, edited)
      return showChanged(edited)
    },
    { scoped: false },
  ),
  writes(
    '/template/delete',
    { id: need(text()) },
    (call, { id }) => {
      call.scope.templates.delete(find(call, id).id)
      return `Successfully deleted template '${id}'`
    },
    { scoped: false },
  ),
]
