import { TerraformStack, TerraformVariable } from 'cdktf'
import { Construct } from 'constructs'
import { SmtpUser, type SmtpUserConfig } from '../gen/cdktf/bindings/smtp-user/index'

/** An SMTP user: what its resource takes, but for the three attributes of its password. */
export interface SmtpCredentialConfig extends Omit<SmtpUserConfig, 'password' | 'passwordWo' | 'passwordWoVersion'> {
  /** The password, as a token. Left out: a sensitive variable, `<id>_password`, whose value is in `TF_VAR_<id>_password`. */
  readonly password?: string
  /** Raise it when the password is another one; 1 if left out. */
  readonly passwordVersion?: number
  /** Keeps the password in the state, in clear text, for Terraform before 1.11. */
  readonly passwordInState?: boolean
}

/** A login for SMTP. Its password comes from a variable and is written, never stored: not in the state, not in a plan file. */
export class SmtpCredential extends Construct {
  readonly resource: SmtpUser
  /** The variable of the password, unless one was given. */
  readonly variable: TerraformVariable | undefined

  constructor(scope: Construct, id: string, config: SmtpCredentialConfig) {
    super(scope, id)
    const { password: given, passwordVersion = 1, passwordInState = false, ...rest } = config
    this.variable = given === undefined ? passwordVariable(this, id, config) : undefined
    const password = given ?? this.variable?.stringValue
    this.resource = new SmtpUser(this, 'user', {
      ...rest,
      ...(passwordInState ? { password } : { passwordWo: password, passwordWoVersion: passwordVersion }),
    })
  }

  /** The login, as a token: what uses it comes after it. */
  get username(): string {
    return this.resource.username
  }
}

function passwordVariable(scope: Construct, id: string, config: SmtpCredentialConfig): TerraformVariable {
  const name = `${id.replace(/[^A-Za-z0-9_]/g, '_')}_password`
  const made = new TerraformVariable(TerraformStack.of(scope), name, {
    type: 'string',
    sensitive: true,
    description: `The password of the SMTP user ${config.username}.`,
  })
  if (config.passwordInState !== true) made.addOverride('ephemeral', true) // in no plan file either
  return made
}
