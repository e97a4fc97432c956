import { App } from 'aws-cdk-lib'
import settings from '../cdk.json' with { type: 'json' }
import { AppStack } from './stacks/app-stack.ts'
import { DataStack } from './stacks/data-stack.ts'

/**
 * All that Rampart deploys: what is kept, and what works on it.
 *
 * The settings of cdk.json apply however the app is run, by the CDK's command or without it; `context` overrides them,
 * and so does the environment variable `CDK_CONTEXT_JSON`.
 */
export class RampartApp extends App {
  constructor(context: Readonly<Record<string, string>> = {}) {
    super({ context: settings.context, postCliContext: context })
    const data = new DataStack(this, 'Rampart-Data')
    new AppStack(this, 'Rampart-App', { data })
  }
}
