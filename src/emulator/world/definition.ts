import type { Fields, Values } from '../input/fields.ts'
import type { Json, JsonObject } from '../input/json.ts'
import { part } from '../input/usual.ts'
import type { Answer, CallSurroundings, Context, Incoming } from './call.ts'
import type { Heard } from './heard.ts'
import type { Errands, MailDoor } from './mail.ts'
import type { Mailbox } from './mailbox.ts'
import { type Definitions, type SettingsOf, SHARED_SETTINGS, type SharedSettings, typedSettings } from './settings.ts'

/** What every service keeps beside its objects. */
export interface KeptState {
  /** Grows with every change. */
  version: number
  /** Numbers that only grow, such as the last id; part of the state. */
  readonly counters: Readonly<Record<string, number>>
}

/** What is known of a service before it runs. */
export interface ServiceFacts<D extends Definitions> {
  /** The name of its API; its part of the state. */
  readonly name: string
  /** What follows the origin in the URL of an account: `/v3`, or nothing. */
  readonly base: string
  /** How every path begins that it serves: `/v3/`. */
  readonly prefix: string
  readonly settings: D
  /** The header that carries the credential, in lower case. */
  readonly header: string
  /** Field names, in lower case, whose values the log does not show, and the form of a whole credential. */
  readonly hidden: { readonly names: readonly string[]; readonly pattern?: RegExp }
  /** Where lists are in answers, and what counts them or leads to the next page. */
  readonly lists: { readonly names: readonly string[]; readonly totals?: readonly string[]; readonly token?: string }
  /** A credential as the log names it: a test can tell which one was used, and nobody can use it. */
  readonly shortForm?: (credential: string) => string | undefined
  /** Whether a call to here may change something; `undefined` when nothing lives here. */
  readonly writes: (method: string, path: string) => boolean | undefined
  /** Bytes that the body of a call to here may have; a mebibyte where it does not say. */
  readonly largestBody?: (path: string) => number | undefined
  /** The body of the answer to a body that is too large. */
  readonly tooLarge: (message: string) => Json
  /** The state that answers as was heard; without secrets. */
  readonly stateOf: (heard: readonly Heard[]) => JsonObject
}

/** One API that the emulator serves. */
export interface ServiceDefinition<W extends KeptState, D extends Definitions, C extends Fields>
  extends ServiceFacts<D> {
  readonly counters: C
  /** Builds what it keeps from state, any part of which may be missing; throws `Invalid` for what it does not know. */
  readonly load: (state: Json | undefined, counters: Values<C>) => W
  /** The state, secrets included. */
  readonly dump: (world: W) => unknown
  /** A credential that may do everything. */
  readonly credential: (world: W) => string
  /** A promise where mail has to be put together first; such an answer says itself whether it commits. */
  readonly answer: (context: ServiceContext<W, D>, call: Incoming) => Answer | Promise<Answer>
  readonly mail?: MailDoor<ServiceContext<W, D>>
  readonly mailbox?: Mailbox<ServiceContext<W, D>>
  readonly errands?: Errands<ServiceContext<W, D>>
  /** What tests may ask of it under `/__emulator/`: `GET /webhooks`. */
  readonly controls?: Controls<ServiceContext<W, D>>
}

/** What the code of a service works on. */
export type ServiceContext<W, D extends Definitions> = Context<W, SettingsOf<D> & SharedSettings>

/** Ways in for tests, by method and path; throws `Invalid` for a body that it does not understand. */
export type Controls<Around = CallSurroundings> = Readonly<
  Record<string, (around: Around, body: Json | undefined) => unknown>
>

/** A service with what it keeps. */
export interface RunningService {
  readonly kept: KeptState
  dump(): unknown
  credential(): string
  answer(around: CallSurroundings, call: Incoming): Answer | Promise<Answer>
  readonly mail?: MailDoor
  readonly mailbox?: Mailbox
  readonly errands?: Errands
  readonly controls: Controls
}

/** One API that the emulator can serve, whatever it keeps. */
export interface Service<D extends Definitions = Definitions> extends ServiceFacts<D> {
  /** The names of its counters. */
  readonly counters: readonly string[]
  /** Throws `Invalid` for a state that it does not understand. */
  open(state: Json | undefined, counters: JsonObject): RunningService
}

/** Declares a service. */
export function defineService<W extends KeptState, D extends Definitions, C extends Fields>(
  definition: ServiceDefinition<W, D, C>,
): Service<D> {
  const { counters, load, dump, credential, answer, mail, mailbox, errands, controls = {}, ...facts } = definition
  const names = Object.keys(counters)
  return {
    ...facts,
    counters: names,
    open(state, given) {
      const own = Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)))
      const world = load(state, part(counters)(own, 'counters'))
      const inside = (around: CallSurroundings): ServiceContext<W, D> => {
        const own = typedSettings(facts.settings, around.settings)
        const settings = { ...own, ...typedSettings(SHARED_SETTINGS, around.settings) }
        return { ...around, settings, world }
      }
      return {
        kept: world,
        dump: () => dump(world),
        credential: () => credential(world),
        answer: (around, call) => answer(inside(around), call),
        ...(mail && {
          mail: {
            signIn: (around, ...rest) => mail.signIn(inside(around), ...rest),
            recipient: (around, ...rest) => mail.recipient(inside(around), ...rest),
            take: (around, ...rest) => mail.take(inside(around), ...rest),
          },
        }),
        ...(mailbox && {
          mailbox: {
            messages: (around) => mailbox.messages(inside(around)),
            find: (around, id) => mailbox.find(inside(around), id),
            logins: (around) => mailbox.logins(inside(around)),
            change: (around, ...rest) => mailbox.change(inside(around), ...rest),
            remove: (around, ...rest) => mailbox.remove(inside(around), ...rest),
            react: (around, ...rest) => mailbox.react(inside(around), ...rest),
            send: (around, ...rest) => mailbox.send(inside(around), ...rest),
          },
        }),
        ...(errands && {
          errands: {
            next: (around) => errands.next(inside(around)),
            due: (around) => errands.due(inside(around)),
            done: (around, ...rest) => errands.done(inside(around), ...rest),
          },
        }),
        controls: Object.fromEntries(
          Object.entries(controls).map(([name, run]) => [name, (around, body) => run(inside(around), body)]),
        ),
      }
    },
  }
}
