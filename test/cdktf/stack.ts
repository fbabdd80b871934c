import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { transform } from 'esbuild'

/** The two libraries that constructs are made for. */
export const LIBRARIES = ['cdktf', 'cdktn'] as const
export type Library = (typeof LIBRARIES)[number]

/** A folder in which the package, a library and constructs are installed as users have them. */
export interface Project extends Disposable {
  readonly dir: string
  /** Where the stack `mail` is synthesised. */
  readonly out: string
  file(name: string, text: string): void
  /** Runs `main.ts`, whose text may hold `LIBRARY`. */
  synth(
    main: string,
    env?: Readonly<Record<string, string>>,
  ): Promise<{ readonly code: number; readonly stderr: string }>
  /** The synthesised stack as text, without what tells where and by which version it was made. */
  stack(): string
}

/** Opens a project; the build has to be up to date. */
export function project(library: Library): Project {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'mailconfig-cdk-')))
  mkdirSync(join(dir, 'node_modules'))
  for (const name of [library, 'constructs'])
    symlinkSync(resolve('node_modules', name), join(dir, 'node_modules', name))
  symlinkSync(resolve('.'), join(dir, 'node_modules/mailconfig'))
  const out = join(dir, 'cdktf.out/stacks/mail')
  const file = (name: string, text: string): void => {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), text)
  }
  return {
    dir,
    out,
    file,
    async synth(main, env = {}) {
      const { code } = await transform(main.replaceAll('LIBRARY', library), { loader: 'ts', target: 'node20' })
      file('main.mjs', code)
      return await new Promise((done) =>
        execFile(
          process.execPath,
          ['main.mjs'],
          { cwd: dir, env: { PATH: process.env['PATH'] ?? '', HOME: dir, CHECKPOINT_DISABLE: '1', ...env } },
          (error, _, stderr) => done({ code: error === null ? 0 : 1, stderr }),
        ),
      )
    },
    stack() {
      const { '//': _about, terraform, ...rest } = JSON.parse(readFileSync(join(out, 'cdk.tf.json'), 'utf8'))
      const { backend: _backend, ...kept } = terraform
      return `${JSON.stringify({ ...rest, terraform: kept }, null, 2)}\n`
    },
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  }
}

/** A program with the stack `mail` that has a provider and what is given. */
export function mainWith(body: string): string {
  return `import { App, TerraformStack, TerraformVariable, Token } from 'LIBRARY'
import { MailConfigSpec, MailconfigProvider, SenderDomain, SmtpCredential, webhook, smtpUser } from 'mailconfig/LIBRARY'
const app = new App({ context: { targetVersions: { terraform: '>=1.11.0' } } })
const stack = new TerraformStack(app, 'mail')
new MailconfigProvider(stack, 'mailconfig')
${body}
app.synth()
`
}
