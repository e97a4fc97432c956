import { Validations } from 'aws-cdk-lib'
import { RampartApp } from './rampart-app.ts'

const app = new RampartApp()

// Only what can be deployed is checked: a synthesis without bundles is for reading.
if (app.node.tryGetContext('bundles') !== 'none') {
  const { AwsSolutionsChecks } = await import('cdk-nag')
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
}

app.synth()
