import { createHash } from 'node:crypto'
import { QueryCommand, type QueryCommandInput, type QueryCommandOutput } from '@aws-sdk/lib-dynamodb'
import { InvalidInputError } from '../domain/errors.ts'
import { ask } from './ask.ts'
import type { Connection } from './connection.ts'

/** Which part of a list is wanted: at most `limit` of it, from the start or from behind a cursor. */
export interface PageRequest {
  readonly limit: number
  readonly cursor?: string | undefined
}

export interface Page<T> {
  readonly items: readonly T[]
  /** Absent on the last page. */
  readonly nextCursor?: string | undefined
}

/** An item as the table or an index of it gives it; its row's model reads it. */
export type StoredItem = NonNullable<QueryCommandOutput['Items']>[number]

/** Sorts behind every id. */
export const lastId = '\uffff'

/** All that a query finds, however many answers it takes. */
export async function readAll({ client }: Connection, query: QueryCommandInput): Promise<StoredItem[]> {
  const found: StoredItem[] = []
  let start: QueryCommandInput['ExclusiveStartKey']
  do {
    const answer = await ask(client.send(new QueryCommand({ ...query, ExclusiveStartKey: start })))
    found.push(...(answer.Items ?? []))
    start = answer.LastEvaluatedKey
  } while (start)
  return found
}

/** One page of what a query finds. A cursor is good for the query that gave it, and so for its tenant alone. */
export async function readPage(
  { client }: Connection,
  query: QueryCommandInput,
  { limit, cursor }: PageRequest,
): Promise<{ items: StoredItem[]; nextCursor?: string | undefined }> {
  const start = cursor === undefined ? undefined : openCursor(query, cursor)
  // One more than asked for tells whether there is a next page.
  const bounds = { Limit: limit + 1, ExclusiveStartKey: start }
  const { Items: found = [], LastEvaluatedKey: rest } = await ask(
    client.send(new QueryCommand({ ...query, ...bounds })),
  )
  const items = found.slice(0, limit)
  const last = items.at(-1)
  const hasNext = found.length > limit || rest !== undefined
  return { items, nextCursor: hasNext && last ? sealCursor(query, keyOf(last, query)) : undefined }
}

/** Where an item stands in what the query reads: its key, and in an index also its key there. */
function keyOf(item: StoredItem, { IndexName: index }: QueryCommandInput): StoredItem {
  const names = index ? ['pk', 'sk', `${index}pk`, `${index}sk`] : ['pk', 'sk']
  return Object.fromEntries(names.map((name) => [name, item[name]]))
}

const digestLength = 16

function sealCursor(query: QueryCommandInput, key: StoredItem): string {
  const position = Buffer.from(JSON.stringify(key)).toString('base64url')
  return digest(query, position) + position
}

function openCursor(query: QueryCommandInput, cursor: string): StoredItem {
  const position = cursor.slice(digestLength)
  if (cursor.slice(0, digestLength) !== digest(query, position)) throw noCursor(cursor)
  return JSON.parse(Buffer.from(position, 'base64url').toString())
}

/** Tells damaged cursors and those of other lists; tenants are kept apart by the query's own key. */
function digest({ IndexName, ExpressionAttributeValues }: QueryCommandInput, position: string): string {
  const list = JSON.stringify([IndexName, ExpressionAttributeValues, position])
  return createHash('sha256').update(list).digest('base64url').slice(0, digestLength)
}

function noCursor(cursor: string): InvalidInputError {
  const detail = `'${cursor}' is no cursor of this list; expected a nextCursor that it gave, unchanged`
  return new InvalidInputError(detail, [{ pointer: '/cursor', detail }])
}
