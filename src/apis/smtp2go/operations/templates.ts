/** What a template is made of. Source: /template/add. */
export type TemplateContent = {
  /** 1 to 64 characters. */
  readonly template_name: string
  readonly subject: string
  readonly html_body: string
  readonly text_body: string
  readonly template_variables?: Readonly<Record<string, unknown>>
  readonly tags?: readonly string[]
}

/** A new template; the id has 5 to 24 characters and knows upper and lower case. */
export type TemplateAdd = TemplateContent & { readonly id: string }

/** Changes what is given, the id too. */
export type TemplateEdit = Partial<TemplateContent> & { readonly id: string; readonly new_id?: string }

/** The answer to add and edit, which call the name `template_name`. */
export type TemplateChanged = TemplateContent & { readonly id: string; readonly last_updated?: string }

/** A template as view shows it, which calls the name `name`. Source: /template/view. */
export type Template = {
  readonly id: string
  readonly name: string
  readonly subject: string
  readonly html_body: string
  readonly text_body: string
  readonly template_variables: Readonly<Record<string, unknown>>
  readonly tags: readonly string[]
  readonly last_updated?: string
}

/** What to look for; terms match whole unless `fuzzy_search` is true. Source: /template/search. */
export type TemplateSearch = {
  readonly search_terms?: readonly string[]
  readonly tags?: readonly string[]
  readonly fuzzy_search?: boolean
  readonly sort_direction?: 'asc' | 'desc'
  /** 100 if left out. */
  readonly page_size?: number
  readonly continue_token?: string
}

/** One page of templates, without their bodies. */
export type Templates = {
  readonly templates: readonly Pick<Template, 'id' | 'name' | 'subject' | 'tags' | 'last_updated'>[]
  readonly continue_token: string | null
  readonly total_count?: number
}
