import Handlebars from 'handlebars'

/** Fills a template in; throws for one that does not parse. Only own properties of the values are seen. */
export function renderTemplate(template: string, values: object, isHtml: boolean): string {
  const run = Handlebars.create().compile(template, { noEscape: !isHtml })
  return run(values, { allowProtoMethodsByDefault: false, allowProtoPropertiesByDefault: false })
}
