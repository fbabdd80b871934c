// The least that has to be done with a file: parse.mjs FILE parses it with js-yaml, or with JSON.parse.
import { readFileSync } from 'node:fs'

const [file] = process.argv.slice(2)
const text = readFileSync(file, 'utf8')
if (file.endsWith('.json')) JSON.parse(text)
else (await import('js-yaml')).loadAll(text)
