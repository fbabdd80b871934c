import { defineCommand } from '../../program/define.ts'

/** `mailconfig terraform install` */
export const terraformInstallCommand = defineCommand({
  name: 'install',
  group: { name: 'terraform', summary: 'the Terraform provider' },
  summary: 'install the Terraform provider into the plugin folder',
  options: {
    dir: 'plugin folder to use instead of ~/.terraform.d/plugins',
  },
  examples: [['mailconfig terraform install', 'for Terraform and OpenTofu']],
  run: async () => (await import('./terraform-install.ts')).terraformInstall,
})
