# The package as users get it: packed, installed into an empty folder, its command run, its library imported and compiled.
# Run by .ci/run: bash -euo pipefail scripts/try-package.sh FOLDER
app=$1/app
mkdir -p "$app/spec"
npm pack --silent --pack-destination "$1" >/dev/null
cp examples/quickstart/mailconfig.yaml "$app/spec/"
set -a
. examples/quickstart/.env.example
set +a
tsc=$PWD/node_modules/typescript/bin/tsc
types=$PWD/node_modules/@types

cd "$app"
npm init -y >/dev/null
npm pkg set type=module
npm install --offline --no-audit --no-fund --silent "$1"/mailconfig-*.tgz
[ "$(ls node_modules)" = mailconfig ]
[ "$(npx --no-install mailconfig --version)" = "$(node -p 'require("./node_modules/mailconfig/package.json").version')" ]

cd spec
npx --no-install mailconfig validate
npx --no-install mailconfig plan --emulator=data.json >/dev/null
npx --no-install mailconfig apply --auto-approve --emulator=data.json | tail -1
npx --no-install mailconfig plan --detailed-exitcode --emulator=data.json

cd ..
cat >consumer.ts <<'TS'
import { kinds, type Plan, smtp2go } from 'mailconfig'
import { startEmulator } from 'mailconfig/emulator'
const emulator = await startEmulator()
const client = smtp2go({ apiKey: emulator.apiKey, url: emulator.smtp2go })
const { results } = await client.call('/users/smtp/view')
const count: number = results.length + kinds.length
export const waves = (plan: Plan): number => plan.waves.length
await client.close()
await emulator.close()
if (count !== 13) throw new Error(`${count} instead of 13 kinds and no user`)
TS
node "$tsc" --strict --module nodenext --target es2023 --types node --typeRoots "$types" --outDir out consumer.ts
node out/consumer.js
