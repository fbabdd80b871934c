import { mayMatch } from '../../engine/read/chosen.ts'
import { formatAddress, formatScope, globMatches, qualify, type Scope } from '../../model/address.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { hasIdReference, referredKinds } from '../../model/kind/references.ts'
import type { Collection, Live, LiveScope } from '../../model/run/live.ts'
import { Stop } from '../invocation/exit.ts'
import type { Options } from '../options/vocabulary.ts'

type Choice = Pick<Options, 'account' | 'only' | 'exclude'>

/** True for an object that `--account`, `--only` and `--exclude` choose. */
export function isChosen({ account, only, exclude }: Choice, scope: Scope, address: string): boolean {
  const meets = (globs: readonly string[]) =>
    globs.some((glob) => globMatches(glob, address) || globMatches(glob, qualify(scope, address)))
  return (
    (account.length === 0 || account.includes(scope.account)) && (only.length === 0 || meets(only)) && !meets(exclude)
  )
}

/** The kinds of which objects may be chosen, with those whose names stand for ids in them. */
export function kindsToRead({ only }: Choice, kinds: readonly ResourceKind[]): readonly ResourceKind[] {
  if (only.length === 0) return kinds
  const chosen = kinds.filter(({ name }) => only.some((glob) => mayMatch(glob, name)))
  const named = chosen.filter(({ fields }) => hasIdReference(fields))
  const names = new Set([...chosen.map(({ name }) => name), ...named.flatMap(({ fields }) => referredKinds(fields))])
  return kinds.filter(({ name }) => names.has(name))
}

/** Live state without what is not chosen; stops where a glob chooses nothing, which is a slip of the pen. */
export function chosenLive(live: Live, scopes: readonly Scope[], choice: Choice): Live {
  if (choice.only.length + choice.exclude.length === 0) return live
  const here = new Map(scopes.map((scope) => [formatScope(scope), scope]))
  const all = [...live].flatMap(([name, { collections }]) => {
    const scope = here.get(name)
    return scope === undefined ? [] : addressesIn(scope, collections)
  })
  for (const glob of [...choice.only, ...choice.exclude])
    if (!all.some(({ scope, address }) => globMatches(glob, address) || globMatches(glob, qualify(scope, address))))
      throw new Stop(`no object matches "${glob}"`, {
        hint: 'addresses are those of the plan, such as smtpUsers/billing-app',
      })
  return new Map(
    [...live].map(([name, one]): [string, LiveScope] => {
      const scope = here.get(name)
      return [
        name,
        scope === undefined ? one : { ...one, collections: chosenCollections(one.collections, scope, choice) },
      ]
    }),
  )
}

function addressesIn(scope: Scope, collections: LiveScope['collections']) {
  return [...collections].flatMap(([kind, collection]) =>
    collection.known ? collection.objects.map(({ key }) => ({ scope, address: formatAddress(kind, key) })) : [],
  )
}

function chosenCollections(collections: LiveScope['collections'], scope: Scope, choice: Choice) {
  return new Map(
    [...collections].map(([kind, collection]): [string, Collection] => [
      kind,
      collection.known
        ? {
            ...collection,
            objects: collection.objects.filter(({ key }) => isChosen(choice, scope, formatAddress(kind, key))),
          }
        : collection,
    ]),
  )
}
