import { randomBytes } from 'node:crypto'
import { appendFileSync } from 'node:fs'

/** GitHub takes a mebibyte of summary from a step, and nothing of one that is larger. */
const MOST_SUMMARY = 1_000_000

/** What the action says to the runner: annotations, outputs, the summary of the job. */
export function runner(env, stdout) {
  const annotate = (level, message, at = {}) => {
    const parts = Object.entries(at).map(([name, value]) => `${name}=${property(value)}`)
    stdout.write(`::${level}${parts.length === 0 ? '' : ` ${parts.join(',')}`}::${escaped(message)}\n`)
  }
  return {
    error: (message, at) => annotate('error', message, at),
    warning: (message, at) => annotate('warning', message, at),
    notice: (message, at) => annotate('notice', message, at),
    output: (name, value) => append(env.GITHUB_OUTPUT, entry(name, String(value))),
    summary: (markdown) => append(env.GITHUB_STEP_SUMMARY, `${markdown.slice(0, MOST_SUMMARY)}\n`),
    /** Forwards what others say, so that no line of it is taken for a command to the runner. */
    quoting: () => {
      const word = randomBytes(16).toString('hex')
      let begins = true
      stdout.write(`::stop-commands::${word}\n`)
      return {
        write: (chunk) => {
          stdout.write(chunk)
          if (chunk.length > 0) begins = chunk.at(-1) === 0x0a
        },
        end: () => stdout.write(`${begins ? '' : '\n'}::${word}::\n`),
      }
    },
  }
}

function append(file, text) {
  if (file !== undefined && file !== '') appendFileSync(file, text)
}

/** A name and a value in the form that takes any text: the line that ends it cannot be guessed. */
function entry(name, value) {
  const end = `end-${randomBytes(16).toString('hex')}`
  return `${name}<<${end}\n${value}\n${end}\n`
}

function escaped(text) {
  return String(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(value) {
  return escaped(value).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
