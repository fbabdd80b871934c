import { listPost, post } from '../model/call.ts'
import { record, set, string, text } from '../model/field.ts'
import { defineKind } from '../model/kind.ts'

/** A message with gaps to fill in. */
export const template = defineKind({
  name: 'templates',
  api: 'smtp2go',
  title: 'template',
  resource: 'template',
  doc: 'A message in Handlebars that the API fills in when it sends.',
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
