import type { HtmlFaults } from './html-faults.ts'

/** A place in a text, both from 1. */
export interface TextPlace {
  readonly line: number
  readonly column: number
}

/** A value that a template fills in. */
export interface TemplateGap extends TextPlace {
  /** The path from the values that a sender gives: `order.lines[].name`; `[]` stands for any item. */
  readonly path: readonly string[]
  /** It may be left out: it stands inside a block that asks for it. */
  readonly isOptional: boolean
}

/** Something in a template that its engine refuses, or that the service is not known to have. */
export interface TemplateFault extends TextPlace {
  readonly message: string
}

/** What a template needs, and what is wrong with it. */
export interface TemplateReading {
  readonly gaps: readonly TemplateGap[]
  readonly faults: readonly TemplateFault[]
}

/** What reads the bodies of mails for lints. */
export interface MailReader {
  readonly htmlFaults: (html: string) => HtmlFaults
  readonly readTemplate: (text: string) => TemplateReading
}
