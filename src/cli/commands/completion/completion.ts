import { kinds } from '../../../apis/index.ts'
import { allLints } from '../../../model/lint/all-lints.ts'
import { EXIT } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { type CommandText, flagsOf } from '../../options/command-text.ts'
import { wordsIn } from '../../options/words-in.ts'
import { EVERYWHERE } from '../../program/shared-options.ts'

interface Words {
  readonly name: string
  readonly summary: string
  readonly options: readonly {
    readonly flag: string
    readonly summary: string
    readonly values: readonly string[]
    readonly takesWord: boolean
  }[]
  readonly values: readonly string[]
}

/** Prints a completion script, made from the commands themselves. */
export async function completion({ io, args, commands }: Invocation): Promise<number> {
  const [shell] = args
  const words = wordsOf(commands)
  io.stdout.write(shell === 'fish' ? fish(words) : shell === 'zsh' ? zsh(words) : bash(words))
  return EXIT.ok
}

/** What can stand after each first word of a command line. */
function wordsOf(commands: readonly CommandText[]): Words[] {
  const firsts = new Map<string, Words>()
  for (const command of commands) {
    const { group } = command
    if (group === undefined) {
      const values = (command.arguments ?? []).flatMap(({ choices = [], completes }) =>
        completes === undefined ? choices : COMPLETED[completes],
      )
      const options = [...completed(command.options ?? {}), ...GLOBALS]
      firsts.set(command.name, { name: command.name, summary: command.summary, options, values })
    } else {
      const values = [...(firsts.get(group.name)?.values ?? []), command.name]
      firsts.set(group.name, { ...group, options: GLOBALS, values })
    }
  }
  return [...firsts.values()]
}

const NAMES = kinds.map((kind) => kind.name)
const COMPLETED = {
  kinds: NAMES,
  explained: [...NAMES, 'tests', 'lint', ...allLints.map(({ code }) => `lint.${code}`)],
}

function completed(texts: NonNullable<CommandText['options']>): Words['options'] {
  return wordsIn(texts).map(({ word, text }) => ({
    flag: /--[a-z-]+/.exec(word.flags)?.[0] ?? '',
    summary: text.summary,
    values: text.choices ?? word.choices ?? [],
    takesWord: flagsOf(word, text).includes('<'),
  }))
}

const GLOBALS = [
  { flag: '--version', summary: 'print the version', values: [], takesWord: false },
  ...completed(EVERYWHERE),
]

function bash(commands: readonly Words[]): string {
  const names = commands.map(({ name }) => name)
  const globals = GLOBALS.map(({ flag }) => flag)
  const cases = commands.map(({ name, options, values }) => {
    const words = [...options.map((option) => option.flag), ...values].join(' ')
    return `    ${name}) words="${words}" ;;`
  })
  const chosen = valueCases(commands).map(
    ([flag, values]) => `    ${flag}) COMPREPLY=($(compgen -W "${values.join(' ')}" -- "$here")); return ;;`,
  )
  return `# mailconfig completion for bash: source <(mailconfig completion bash)
_mailconfig() {
  local here="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="" words="" word skip=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [ -n "$skip" ]; then skip=""; continue; fi
    case "$word" in
      ${wordTakers(commands).join('|')}) skip=1 ;;
      -*) ;;
      *) command="$word"; break ;;
    esac
  done
  case "$before" in
    -f|--file|--var-file|--data|--seed|-o|--out) COMPREPLY=($(compgen -f -- "$here")); return ;;
${chosen.join('\n')}
  esac
  case "$command" in
    "") words="${[...names, ...globals].join(' ')} --help" ;;
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$here"))
}
complete -F _mailconfig mailconfig
`
}

/** Options after which a word is theirs and no command. */
function wordTakers(commands: readonly Words[]): string[] {
  const long = commands.flatMap(({ options }) => options.filter((one) => one.takesWord).map((one) => one.flag))
  return ['-f', '-o', ...new Set(long)]
}

function valueCases(commands: readonly Words[]): [string, readonly string[]][] {
  const found = new Map<string, readonly string[]>()
  for (const { options } of commands)
    for (const { flag, values } of options) if (values.length > 0) found.set(flag, values)
  return [...found]
}

function quoted(text: string): string {
  return text.replaceAll("'", "'\\''").replaceAll('[', '(').replaceAll(']', ')').replaceAll(':', ' -')
}

function zsh(commands: readonly Words[]): string {
  const list = commands.map(({ name, summary }) => `    '${name}:${quoted(summary)}'`)
  const cases = commands.map(({ name, options, values }) => {
    const flags = options.map(
      (option) =>
        `'${option.flag}[${quoted(option.summary)}]${option.values.length === 0 ? '' : `:value:(${option.values.join(' ')})`}'`,
    )
    const last = values.length === 0 ? "'*:file:_files'" : `'1:value:(${values.join(' ')})'`
    return `    ${name}) _arguments ${[...flags, last].join(' ')} ;;`
  })
  return `#compdef mailconfig
# mailconfig completion for zsh: mailconfig completion zsh > "\${fpath[1]}/_mailconfig"
_mailconfig() {
  local -a commands
  commands=(
${list.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
compdef _mailconfig mailconfig
`
}

function fish(commands: readonly Words[]): string {
  const lines = commands.flatMap(({ name, summary, options, values }) => {
    const inside = `-n '__fish_seen_subcommand_from ${name}'`
    return [
      `complete -c mailconfig -n __fish_use_subcommand -a ${name} -d '${quoted(summary)}'`,
      ...options.map(
        (option) =>
          `complete -c mailconfig ${inside} -l ${option.flag.slice(2)} -d '${quoted(option.summary)}'${option.values.length === 0 ? '' : ` -xa '${option.values.join(' ')}'`}`,
      ),
      ...(values.length === 0 ? [] : [`complete -c mailconfig ${inside} -xa '${values.join(' ')}'`]),
    ]
  })
  return `# mailconfig completion for fish: mailconfig completion fish | source\n${lines.join('\n')}\n`
}
