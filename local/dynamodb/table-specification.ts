import type {
  AttributeDefinition,
  GlobalSecondaryIndex,
  KeySchemaElement,
  StreamSpecification,
} from '@aws-sdk/client-dynamodb'
import type { KeyAttribute, TableIndex, TableResource } from '../template/deployment.ts'

/** A key schema as the API takes it. */
export function keySchema(keys: readonly KeyAttribute[]): KeySchemaElement[] {
  return keys.map(({ name, keyType }) => ({ AttributeName: name, KeyType: keyType }))
}

/** The types of the attributes that the table's and its indexes' keys are made of. */
export function attributeDefinitions({ attributes }: TableResource): AttributeDefinition[] {
  return attributes.map(({ name, type }) => ({ AttributeName: name, AttributeType: type }))
}

/** An index as the API takes it. */
export function indexSpecification(index: TableIndex): GlobalSecondaryIndex {
  return {
    IndexName: index.name,
    KeySchema: keySchema(index.keySchema),
    Projection: {
      ProjectionType: index.projectionType,
      ...(index.nonKeyAttributes.length > 0 && { NonKeyAttributes: [...index.nonKeyAttributes] }),
    },
  }
}

const viewTypes = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'] as const

/** The table's stream as the API takes it. Throws on a view type that there is not. */
export function streamSpecification({ name, streamViewType }: TableResource): StreamSpecification {
  const viewType = viewTypes.find((known) => known === streamViewType)
  if (!viewType) throw new Error(`Table '${name}' has stream view type '${streamViewType}'; known: ${viewTypes.join()}`)
  return { StreamEnabled: true, StreamViewType: viewType }
}
