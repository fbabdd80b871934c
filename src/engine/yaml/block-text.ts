/** How a text of several lines is written: text that a block would not keep to the letter is quoted. */
export function blockOrQuoted(text: string): 'BLOCK_LITERAL' | 'QUOTE_DOUBLE' {
  return /[\t\r]|[^\S\n]\n|^\s|\n\s*\n*$(?<!\S\n)/.test(text) || /\p{Cc}/u.test(text.replaceAll('\n', ''))
    ? 'QUOTE_DOUBLE'
    : 'BLOCK_LITERAL'
}
