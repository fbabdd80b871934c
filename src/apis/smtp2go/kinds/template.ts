import { listPost, post } from '../../../model/kind/call.ts'
import { record, set, string, text } from '../../../model/kind/field.ts'
import type { RiskRule } from '../../../model/kind/judgement.ts'
import { defineKind } from '../../../model/kind/kind.ts'
import { smtp2goApi } from '../api.ts'

const BODIES = ['subject', 'html', 'text']

const risks: readonly RiskRule[] = [
  {
    when: 'a gap is no longer in it that was there',
    level: 'medium',
    why: 'the values that senders provide for it are lost',
    found: ({ fields }) =>
      gapsLost(fields, (one) => [one.before, one.after]).map((gap) => `{{${gap}}} is no longer filled in`),
  },
  {
    when: 'a gap is in it that was not there',
    level: 'medium',
    why: 'senders have to provide a value for it',
    found: ({ fields }) =>
      gapsLost(fields, (one) => [one.after, one.before]).map((gap) => `senders have to provide a value for {{${gap}}}`),
  },
]

type Pair = { readonly path: string; readonly before: unknown; readonly after: unknown }

/** The gaps of one side of the bodies that change which the other side lacks. */
function gapsLost(fields: readonly Pair[], sides: (one: Pair) => readonly [unknown, unknown]): string[] {
  const lost = fields
    .filter(({ path }) => BODIES.includes(path))
    .flatMap((field) => {
      const [from, to] = sides(field)
      const kept = new Set(gapsOf(to))
      return gapsOf(from).filter((gap) => !kept.has(gap))
    })
  return [...new Set(lost)]
}

function gapsOf(text: unknown): string[] {
  return [...String(text ?? '').matchAll(/\{\{\{?[#^/&]?\s*(?:(?:if|each|unless|with)\s+)?([\w.@-]+)\s*\}?\}\}/g)]
    .map((found) => found[1] ?? '')
    .filter((name) => !['else', 'if', 'each', 'unless', 'with', 'this'].includes(name))
}

/** A message with gaps to fill in. */
export const template = defineKind({
  name: 'templates',
  api: smtp2goApi,
  title: 'template',
  resource: 'template',
  doc: 'A message in Handlebars that the API fills in when sending.',
  notes: [
    'The API takes no `subaccount_id` here: a subaccount has its templates in an account of its own, with a key of that subaccount.',
    'The list carries no bodies, so each template that the spec names costs one call more.',
  ],
  key: 'id',
  id: 'id',
  scope: 'account',
  fields: {
    id: string('5 to 24 characters; upper and lower case differ.', { required: true, minLength: 5, maxLength: 24 }),
    name: string('What people see in the console.', {
      required: true,
      minLength: 1,
      maxLength: 64,
      wire: 'template_name',
      wireRead: 'name',
    }),
    subject: string('The subject line.', { required: true }),
    html: text('The body as HTML.', { required: true, wire: 'html_body' }),
    text: text('The body as plain text.', { required: true, wire: 'text_body' }),
    variables: record('Sample values for the gaps.', { wire: 'template_variables' }),
    tags: set(string('A word.'), 'Words to find it by.'),
    lastUpdated: string('When it was last changed.', { computed: true }),
  },
  whenDeleted: 'messages that use it are refused',
  risks,
  calls: {
    list: listPost('/template/search', {
      rows: 'templates',
      page: { by: 'token', total: 'total_count', size: { wire: 'page_size', value: 100 } },
    }),
    view: post('/template/view', { by: 'id' }),
    create: post('/template/add'),
    update: post('/template/edit', { by: 'id', renames: 'new_id' }),
    delete: post('/template/delete', { by: 'id' }),
  },
  example: {
    id: 'welcome-01',
    name: 'Welcome',
    subject: 'Hello {{name}}',
    html: '<p>Hello {{name}}</p>\n',
    text: 'Hello {{name}}\n',
    variables: { name: 'Ada' },
    tags: ['onboarding'],
  },
})
