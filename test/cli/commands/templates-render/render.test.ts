import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, home } from '../../harness.ts'

afterEach(closeHomes)

const template = (id: string, html: string, more = '') => `  - id: ${id}
    name: N
    subject: "Your order {{order}}"
    html: ${JSON.stringify(html)}
    text: "Dear {{name}}"
${more}`
const SPEC = `templates:
${template('receipt-01', '<p>Dear {{name}}</p>', '    variables: { name: "A <b>", order: 17 }\n')}`

describe('templates render', () => {
  test('fills in subject, text and HTML, with the sample values or with others', async () => {
    const at = await home()
    at.spec(SPEC)
    const { code, stdout } = await at.run('templates render')
    expect(code).toBe(0)
    expect(stdout).toBe('receipt-01\nSubject: Your order 17\n\nDear A <b>\n\n<p>Dear A &lt;b&gt;</p>\n')
    at.file('order.json', '{"name":"Bob","order":"x\\u001b[2J"}')
    const other = await at.run('templates render receipt-01 --data order.json')
    expect(other.stdout).toContain('Subject: Your order x\\u001b[2J\n\nDear Bob\n')
    const json = JSON.parse((await at.run('templates render --format json')).stdout)
    expect(json.templates).toMatchObject([{ id: 'receipt-01', html: '<p>Dear A &lt;b&gt;</p>' }])
  })

  test('writes files, and none over another without --force', async () => {
    const at = await home()
    at.spec(SPEC)
    expect(await at.run('templates render --dir out')).toMatchObject({ code: 0, stdout: '' })
    expect(at.text('out/receipt-01.html')).toBe('<p>Dear A &lt;b&gt;</p>')
    expect(at.text('out/receipt-01.subject.txt')).toBe('Your order 17')
    expect(await at.run('templates render --dir out')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--force'),
    })
    expect((await at.run('templates render --dir out --force')).code).toBe(0)
  })

  test('says which template is not there or cannot be filled in', async () => {
    const at = await home()
    at.spec(`templates:\n${template('broken-01', '<p>{{#if a}}</p>')}`)
    expect(await at.run('templates render nobody')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('it has: broken-01'),
    })
    const broken = await at.run('templates render')
    expect(broken).toMatchObject({ code: 1, stderr: expect.stringContaining('templates/broken-01: Parse error') })
    expect((await at.run('templates render --data none.json')).stderr).toContain('cannot read "none.json" (ENOENT)')
  })

  test('a template of a stranger reaches nothing but its values, and is stopped', async () => {
    const at = await home()
    const reach = '{{constructor.constructor}}|{{#with this as |o|}}{{lookup o "__proto__"}}{{/with}}|{{toString}}'
    at.spec(`templates:\n${template('sneaky-01', reach)}`)
    const sneaky = JSON.parse((await at.run('templates render --format json')).stdout)
    expect(sneaky.templates[0].html).toBe('||')
    const each = (depth: number): string => (depth === 0 ? 'x' : `{{#each @root.list}}${each(depth - 1)}{{/each}}`)
    at.spec(`templates:\n${template('endless-01', each(6))}`)
    at.file('list.json', JSON.stringify({ list: Array.from({ length: 200 }, (_, one) => one) }))
    const endless = await at.run('templates render --data list.json')
    expect(endless).toMatchObject({ code: 1, stderr: expect.stringMatching(/longer than 5 seconds|more than 64 MiB/) })
  })
})
