import { describe } from 'vitest'
import { kinds } from '../../../src/apis/index.ts'
import { needsTerraform } from '../terraform.ts'
import { CASES } from './cases.ts'
import { conformsInTerraform } from './conforms.ts'

const inside = kinds.filter((kind) => kind.scope === 'subaccount').map((kind) => `mailconfig_${kind.resource}`)

describe.runIf(needsTerraform())('every resource that a subaccount can have, with the real terraform', () => {
  conformsInTerraform(
    Object.keys(CASES).filter((type) => inside.includes(type)),
    'Acme',
    {
      smtp2go: {
        subaccounts: [{ id: 'abc123', name: 'Acme', email: 'it@acme.example', state: 'Active', plan_size: 10000 }],
      },
    },
  )
})
