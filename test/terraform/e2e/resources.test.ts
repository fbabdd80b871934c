import { describe } from 'vitest'
import { needsTerraform } from '../terraform.ts'
import { CASES } from './cases.ts'
import { conformsInTerraform } from './conforms.ts'

describe.runIf(needsTerraform())('every resource, with the real terraform', () => {
  conformsInTerraform(Object.keys(CASES), null, {
    backoffice: {
      providers: [
        {
          id: 900,
          caption: 'Another one',
          driver: 'smtp',
          host: 'smtp.example.com',
          port: 587,
          username: 'x',
          password: 'x',
          sendFrom: 'noreply@example.com',
          sendFromName: 'Example',
          encryption: 'tls',
          isEnabled: true,
        },
      ],
    },
  })
})
