import type { KeySchemaElement, TableDescription } from '@aws-sdk/client-dynamodb'
import type { KeyAttribute, TableIndex, TableResource } from '../template/deployment.ts'

/** In what the kept table contradicts the deployment's, each as a clause; what it merely lacks is no contradiction. */
export function differences(table: TableResource, kept: TableDescription): string[] {
  const { streamViewType } = table
  const keptView = kept.StreamSpecification?.StreamViewType
  return [
    ...differ('the key', describeKeys(table.keySchema), describeKept(kept.KeySchema)),
    ...table.indexes.flatMap((index) => indexDifferences(index, kept)),
    ...(streamViewType && keptView ? differ('the stream', streamViewType, keptView) : []),
  ]
}

/** The deployment's indexes that the kept table does not have yet. */
export function newIndexes(table: TableResource, kept: TableDescription): TableIndex[] {
  return table.indexes.filter(({ name }) => !keptIndex(name, kept))
}

function indexDifferences(index: TableIndex, kept: TableDescription): string[] {
  const found = keptIndex(index.name, kept)
  if (!found) return []
  return [
    ...differ(`the key of index '${index.name}'`, describeKeys(index.keySchema), describeKept(found.KeySchema)),
    ...differ(`the projection of index '${index.name}'`, index.projectionType, found.Projection?.ProjectionType ?? ''),
  ]
}

function keptIndex(name: string, kept: TableDescription) {
  return kept.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === name)
}

function differ(what: string, expected: string, found: string): string[] {
  return expected === found ? [] : [`${what} is ${found}, the deployment's is ${expected}`]
}

function describeKeys(keys: readonly KeyAttribute[]): string {
  return keys.map(({ name, keyType }) => `${name} (${keyType})`).join(', ')
}

function describeKept(keys: readonly KeySchemaElement[] = []): string {
  return keys.map(({ AttributeName, KeyType }) => `${AttributeName} (${KeyType})`).join(', ')
}
