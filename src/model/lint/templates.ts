import type { Lint } from './lint.ts'

const head = `templates:
  - id: receipt-01
    name: Receipt
    subject: Your receipt`

/** What is odd about templates. */
export const templateLints = [
  {
    code: 'TEMPLATE_NO_TEXT',
    severity: 'warning',
    says: 'The plain text of a template is empty, or is the HTML again. Filters count mail without a text part as spam, and some people read nothing else.',
    fix: 'Write the message as plain text into `text`.',
    example: `${head}
    html: <p>Thank you.</p>
    text: ""
`,
  },
  {
    code: 'TEMPLATE_RAW',
    severity: 'warning',
    says: 'The HTML of a template has a gap in three braces, or one that begins with `&`: what is filled in is not escaped, so that a customer called `<img src=…>` writes into the mail of others. In the subject and the plain text it is right.',
    fix: 'Use two braces: `{{name}}`.',
    example: `${head}
    html: <p>Dear {{{name}}}</p>
    text: Dear {{{name}}}
`,
  },
  {
    code: 'TEMPLATE_TOO_LARGE',
    severity: 'warning',
    says: 'The HTML of a template has more than 102 kB. Gmail cuts a message there, with the unsubscribe link and the pixel that counts opens.',
    fix: 'Shorten it: styles that are not used, pictures inside the HTML, deeply nested tables.',
    example: `${head}
    html: { file: templates/large.html }
    text: Thank you.
`,
  },
  {
    code: 'LINK_WITHOUT_SCHEME',
    severity: 'warning',
    says: 'A link in the HTML of a template lacks `https://`. In a mail it leads nowhere, and the service does not count its clicks. Anchors (`#top`) and links that begin with a gap are left out.',
    fix: 'Write the whole URL.',
    example: `${head}
    html: <p><a href="www.shop.example">Our shop</a></p>
    text: "Our shop: https://www.shop.example"
`,
  },
  {
    code: 'IMAGE_WITHOUT_ALT',
    severity: 'warning',
    says: 'A picture in the HTML of a template has no `alt`. Most mail programs load no pictures at first, and screen readers say its file name.',
    fix: 'Say in `alt` what the picture shows; `alt=""` if it is decoration.',
    example: `${head}
    html: <p><img src="https://shop.example/logo.png"></p>
    text: Thank you.
`,
  },
  {
    code: 'TEMPLATE_SYNTAX',
    severity: 'warning',
    says: 'A template is not valid Handlebars, or uses a helper or a partial that Handlebars does not bring; which others the service has is not documented. Messages that use it are refused, or arrive with a hole.',
    fix: 'Close each block, write numbers in paths as `list.[0]`, and use `if`, `unless`, `each`, `with`, `lookup` alone.',
    example: `${head}
    html: <p>{{#if name}}Dear {{name}}</p>
    text: Thank you.
`,
  },
  {
    code: 'TEMPLATE_UNKNOWN_VARIABLE',
    severity: 'warning',
    says: 'A template fills in a value that its `variables` do not have. They are sample values, so this is mostly a typing error: the message would arrive with a hole. What stands in `{{#if}}` of itself may be left out, and an entry without `variables` is not looked at.',
    fix: 'Correct the name, or add a sample value.',
    example: `${head}
    html: <p>Dear {{nmae}}</p>
    text: Dear {{name}}
    variables: { name: Ann }
`,
  },
  {
    code: 'TEMPLATE_UNUSED_VARIABLE',
    severity: 'warning',
    says: 'The `variables` of a template have a value that no body fills in.',
    fix: 'Take it out, or use it.',
    example: `${head}
    html: <p>Dear {{name}}</p>
    text: Dear {{name}}
    variables: { name: Ann, order: 17 }
`,
  },
] as const satisfies readonly Lint[]
