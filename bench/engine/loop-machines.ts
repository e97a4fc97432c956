import type { StateMachineDefinition } from 'aws-local-stepfunctions'

/** A loop that counts to `loopRounds`, written for an engine of each query language. */
export interface LoopMachine {
  readonly name: string
  readonly description: string
  readonly jsonata: Readonly<Record<string, unknown>>
  readonly jsonPath: StateMachineDefinition
}

export const loopRounds = 100

/** States that an execution enters: two in each round, and the report at the end. */
export const loopTransitions = 2 * loopRounds + 1

/** What an execution starts with; it ends with the same, counted to `loopRounds`. */
export const loopInput = { tenantId: 'demo', rotationId: 'rotation-1', wave: 3, text: '', count: 0 }

/** The functions that the machines call, by their ARNs. */
export const countArn = 'arn:aws:lambda:us-east-1:123456789012:function:count'
export const reportArn = 'arn:aws:lambda:us-east-1:123456789012:function:report'

/** The function that counts. */
export function counted(input: { readonly count: number }) {
  return { ...input, count: input.count + 1 }
}

const isDone = {
  jsonata: {
    Type: 'Choice',
    Choices: [{ Condition: `{% $states.input.count < ${loopRounds} %}`, Next: 'Count' }],
    Default: 'Report',
  },
  jsonPath: {
    Type: 'Choice',
    Choices: [{ Variable: '$.count', NumericLessThan: loopRounds, Next: 'Count' }],
    Default: 'Report',
  },
} as const

const report = { Type: 'Task', Resource: reportArn, End: true } as const

const passed = {
  jsonata: {
    tenantId: '{% $states.input.tenantId %}',
    rotationId: '{% $states.input.rotationId %}',
    wave: '{% $states.input.wave %}',
  },
  jsonPath: { 'tenantId.$': '$.tenantId', 'rotationId.$': '$.rotationId', 'wave.$': '$.wave' },
} as const

/** What the engines are measured with. */
export const loopMachines: readonly LoopMachine[] = [
  loop('passes', 'Pass and Choice, paths and an addition', {
    jsonata: {
      Type: 'Pass',
      Output: { ...passed.jsonata, text: '', count: '{% $states.input.count + 1 %}' },
      Next: 'IsDone',
    },
    jsonPath: {
      Type: 'Pass',
      Parameters: { ...passed.jsonPath, text: '', 'count.$': 'States.MathAdd($.count, 1)' },
      Next: 'IsDone',
    },
  }),
  loop('functions', 'Pass and Choice, a function that formats a text', {
    jsonata: {
      Type: 'Pass',
      Output: {
        ...passed.jsonata,
        text: `{% $join(['wave', $string($states.input.wave)], ' ') %}`,
        count: '{% $states.input.count + 1 %}',
      },
      Next: 'IsDone',
    },
    jsonPath: {
      Type: 'Pass',
      Parameters: {
        ...passed.jsonPath,
        'text.$': `States.Format('wave {}', $.wave)`,
        'count.$': 'States.MathAdd($.count, 1)',
      },
      Next: 'IsDone',
    },
  }),
  loop('tasks', 'Task and Choice, a function in the same process', {
    jsonata: { Type: 'Task', Resource: countArn, Next: 'IsDone' },
    jsonPath: { Type: 'Task', Resource: countArn, Next: 'IsDone' },
  }),
]

function loop(
  name: string,
  description: string,
  count: { readonly jsonata: object; readonly jsonPath: StateMachineDefinition['States'][string] },
): LoopMachine {
  return {
    name,
    description,
    jsonata: {
      QueryLanguage: 'JSONata',
      StartAt: 'Count',
      States: { Count: count.jsonata, IsDone: isDone.jsonata, Report: report },
    },
    jsonPath: {
      StartAt: 'Count',
      States: {
        Count: count.jsonPath,
        IsDone: { ...isDone.jsonPath, Choices: [...isDone.jsonPath.Choices] },
        Report: report,
      },
    },
  }
}
