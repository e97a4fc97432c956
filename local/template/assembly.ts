import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** One stack of a cloud assembly: its template as CDK wrote it, references unresolved. */
export interface Stack {
  readonly name: string
  readonly parameters: Readonly<Record<string, { readonly Default?: string | number | undefined }>>
  readonly conditions: Readonly<Record<string, unknown>>
  readonly resources: Readonly<Record<string, TemplateResource>>
  readonly outputs: Readonly<Record<string, TemplateOutput>>
}

/** A resource as it stands in a template. */
export interface TemplateResource {
  readonly Type: string
  readonly Condition?: string | undefined
  readonly Properties?: Readonly<Record<string, unknown>> | undefined
  readonly Metadata?: Readonly<Record<string, unknown>> | undefined
}

/** An output of a stack, perhaps exported to other stacks. */
export interface TemplateOutput {
  readonly Value: unknown
  readonly Export?: { readonly Name: unknown } | undefined
}

/** The stacks of the cloud assembly in `directory`, in the order of its manifest. */
export function readAssembly(directory: string): Stack[] {
  const { artifacts } = parseFile(manifest, join(directory, 'manifest.json'))
  return Object.entries(artifacts).flatMap(([id, { type, properties }]) => {
    if (type !== 'aws:cloudformation:stack') return []
    return [readStack(properties.stackName ?? id, join(directory, properties.templateFile ?? `${id}.template.json`))]
  })
}

const manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z.object({ stackName: z.string().optional(), templateFile: z.string().optional() }).prefault({}),
    }),
  ),
})

const anything = z.record(z.string(), z.unknown())

const template = z.strictObject({
  Parameters: z.record(z.string(), z.object({ Default: z.union([z.string(), z.number()]).optional() })).default({}),
  Conditions: anything.default({}),
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Condition: z.string().optional(),
      Properties: anything.optional(),
      Metadata: anything.optional(),
    }),
  ),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }))
    .default({}),
  AWSTemplateFormatVersion: z.unknown().optional(),
  Description: z.unknown().optional(),
  Metadata: z.unknown().optional(),
  Rules: z.unknown().optional(),
})

function readStack(name: string, path: string): Stack {
  const { Parameters, Conditions, Resources, Outputs } = parseFile(template, path)
  return { name, parameters: Parameters, conditions: Conditions, resources: Resources, outputs: Outputs }
}

function parseFile<T>(schema: z.ZodType<T>, path: string): T {
  const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (!parsed.success) throw new Error(`'${path}' can't be run here: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}
