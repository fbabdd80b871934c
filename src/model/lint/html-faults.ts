/** What is odd in the HTML of a mail. */
export interface HtmlFaults {
  /** The targets of links that lack a scheme. */
  readonly links: readonly string[]
  /** The sources of pictures without `alt`. */
  readonly images: readonly string[]
}
