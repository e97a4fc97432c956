/** What a rule compares a fact with: a constant, a list of them, or another fact. */
export type Operand = number | boolean | number[] | { fact: string; path: string }

/** One comparison; its name completes the sentence that an operator reads. */
export interface Comparison {
  name: string
  fact: string
  path: string
  operator: string
  value: Operand
}

/** Conditions as json-rules-engine takes them. */
export type Condition = Comparison | ConditionGroup
export type ConditionGroup = { all: Condition[] } | { any: Condition[] } | { not: Condition }

/** One rule: when its conditions hold, it asks for its event. The highest priority decides. */
export interface Rule<EventType extends string> {
  name: string
  priority: number
  conditions: ConditionGroup
  event: { type: EventType; params: { message: string; remedy: string } }
}

/** Rules that belong together. Never changed in place: another rule makes another set with another digest. */
export interface RuleSet<EventType extends string> {
  readonly rules: readonly Readonly<Rule<EventType>>[]
  /** SHA-256 over the rules, in hex; the order in which they were given does not matter. */
  readonly digest: string
}

/** The parts of one fact and what they hold. */
export type FactPaths = ReadonlyMap<string, 'number' | 'boolean'>

/** Everything that rules of one purpose may name. */
export interface RuleVocabulary<EventType extends string> {
  readonly facts: ReadonlyMap<string, FactPaths>
  readonly eventTypes: readonly EventType[]
}
