import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, CfnFunction, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { stageConfig } from '../config.ts'
import { permit, type Step, type Target } from './permissions.ts'

export interface RampartFunctionProps {
  /** The source file under `functions/`, without its extension: `tasks/enter-wave`. */
  readonly entry: string
  readonly timeoutSeconds: number
  readonly memoryMb: number
  readonly environment: Readonly<Record<string, string>>
}

/** A Lambda function with a role and a log group of its own; it may do nothing but log until it is allowed more. */
export class RampartFunction extends Construct implements Step {
  readonly lambda: LambdaFunction
  readonly target: Target
  readonly role: Role

  constructor(scope: Construct, id: string, { entry, timeoutSeconds, memoryMb, environment }: RampartFunctionProps) {
    super(scope, id)
    const logGroup = new LogGroup(this, 'Logs', {
      retention: stageConfig(this).logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    this.allow({ label: 'Logs', arn: logGroup.logGroupArn }, 'logs:CreateLogStream', 'logs:PutLogEvents')

    this.lambda = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: bundle(this, entry),
      role: this.role,
      logGroup,
      timeout: Duration.seconds(timeoutSeconds),
      memorySize: memoryMb,
      environment: { NODE_OPTIONS: '--enable-source-maps', ...environment },
    })
    this.target = { label: id, arn: this.lambda.functionArn }
    if (this.lambda.node.defaultChild instanceof CfnFunction) this.lambda.node.defaultChild.addMetadata('entry', entry)
  }

  /** Lets the function take exactly these actions on exactly this target. */
  allow(target: Target, ...actions: string[]) {
    for (const statement of permit(target, ...actions)) this.role.addToPrincipalPolicy(statement)
  }

  callPermissions() {
    return permit(this.target, 'lambda:InvokeFunction')
  }
}

/** The entry's bundle in the folder that the context value `bundles` names; a placeholder where that is `none`. */
function bundle(scope: Construct, entry: string) {
  const folder = String(scope.node.tryGetContext('bundles'))
  if (folder === 'none') return Code.fromInline(`// Stands for the bundle of functions/${entry}.ts`)
  const path = join(folder, entry)
  if (existsSync(path)) return Code.fromAsset(path)
  throw new Error(`Bundle '${path}' does not exist; run 'npm run build', or set the context bundles=none`)
}
