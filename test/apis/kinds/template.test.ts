import { template } from '../../../src/apis/index.ts'
import { conforms } from './conforms.ts'

const edit = (name: string, value: unknown) => (row: Record<string, unknown>) => {
  row[name] = value
}
const add = { template_name: 'A', subject: 'S', html_body: 'h', text_body: 't' }

conforms(template, {
  find: (state) => state.smtp2go.scopes['']?.['templates']?.[0] ?? {},
  outside: {
    name: edit('name', 'Welcome, edited'),
    subject: edit('subject', 'Hi'),
    html: edit('html_body', '<p>Hi</p>'),
    text: edit('text_body', 'Hi'),
    variables: edit('template_variables', { name: 'Bob' }),
    tags: edit('tags', []),
  },
  broken: [
    { entry: { id: 'abc' }, call: { method: 'POST', path: '/template/add', body: { ...add, id: 'abc' } } },
    {
      entry: { name: 'n'.repeat(65) },
      call: { method: 'POST', path: '/template/add', body: { ...add, id: 'abcdef', template_name: 'n'.repeat(65) } },
    },
  ],
})
