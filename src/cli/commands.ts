import { activityCommand } from './commands/activity/command.ts'
import { adoptCommand } from './commands/adopt/command.ts'
import { applyCommand } from './commands/apply/command.ts'
import { checkCommand } from './commands/check/command.ts'
import { completionCommand } from './commands/completion/command.ts'
import { destroyCommand } from './commands/destroy/command.ts'
import { dnsCommand } from './commands/dns/command.ts'
import { driftCommand } from './commands/drift/command.ts'
import { emulatorCommand } from './commands/emulator/command.ts'
import { explainCommand } from './commands/explain/command.ts'
import { exportCommand } from './commands/export/command.ts'
import { fmtCommand } from './commands/fmt/command.ts'
import { historyCommand } from './commands/history/command.ts'
import { initCommand } from './commands/init/command.ts'
import { planCommand } from './commands/plan/command.ts'
import { rollbackCommand } from './commands/rollback/command.ts'
import { rotateCommand } from './commands/rotate/command.ts'
import { schemaCommand } from './commands/schema/command.ts'
import { sendCommand } from './commands/send/command.ts'
import { showCommand } from './commands/show/command.ts'
import { simulateCommand } from './commands/simulate/command.ts'
import { statsCommand } from './commands/stats/command.ts'
import { suppressionsImportCommand } from './commands/suppressions-import/command.ts'
import { suppressionsLiftCommand } from './commands/suppressions-lift/command.ts'
import { templatesRenderCommand } from './commands/templates-render/command.ts'
import { terraformInstallCommand } from './commands/terraform-install/command.ts'
import { testCommand } from './commands/test/command.ts'
import { unlockCommand } from './commands/unlock/command.ts'
import { usageCommand } from './commands/usage/command.ts'
import { validateCommand } from './commands/validate/command.ts'
import { verifyCommand } from './commands/verify/command.ts'
import type { CommandDefinition } from './program/define.ts'

/** Every command, in the order of the help. */
export const commands: readonly CommandDefinition[] = [
  initCommand,
  validateCommand,
  planCommand,
  showCommand,
  applyCommand,
  destroyCommand,
  driftCommand,
  adoptCommand,
  historyCommand,
  rollbackCommand,
  rotateCommand,
  unlockCommand,
  exportCommand,
  fmtCommand,
  checkCommand,
  simulateCommand,
  testCommand,
  dnsCommand,
  verifyCommand,
  sendCommand,
  statsCommand,
  usageCommand,
  activityCommand,
  explainCommand,
  schemaCommand,
  emulatorCommand,
  suppressionsLiftCommand,
  suppressionsImportCommand,
  templatesRenderCommand,
  terraformInstallCommand,
  completionCommand,
]
