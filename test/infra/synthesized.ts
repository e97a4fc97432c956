import { Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { z } from 'zod'
import { RampartApp } from '../../infra/rampart-app.ts'

process.env.CDK_VALIDATION = 'false'

/** What each stack synthesizes to, without bundles. */
export function synthesized(stage = 'development') {
  const app = new RampartApp({ bundles: 'none', stage })
  const template = (id: string) => Template.fromStack(Stack.of(app.node.findChild(id)))
  return { data: template('Rampart-Data'), app: template('Rampart-App') }
}

/** Every resource of `type` in the template by its logical id, as `schema` reads it. */
export function resources<Shape extends z.ZodType>(template: Template, type: string, schema: Shape) {
  return z.record(z.string(), schema).parse(template.findResources(type))
}

const target = z.union([z.string(), z.record(z.string(), z.unknown())])
const statement = z.object({ Sid: z.string(), Action: z.string(), Resource: target })

/** An `AWS::IAM::Policy` of Rampart: each statement has an identifier, one action and one resource. */
export const policy = z.object({
  Properties: z.object({
    PolicyDocument: z.object({ Statement: z.array(statement) }),
    Roles: z.array(z.object({ Ref: z.string() })),
  }),
})

/** `Fn::GetAtt` of some resource. */
export const attribute = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) })
