import type { Device } from '../domain/device.ts'
import { InvalidInputError } from '../domain/errors.ts'
import { unconnectedDeviceRows } from './device-rows.ts'

/** A value as the table's stream gives it; a device has values of these types alone. */
export interface StreamValue {
  readonly S?: string | undefined
  readonly N?: string | undefined
  readonly BOOL?: boolean | undefined
  readonly NULL?: boolean | undefined
  readonly L?: readonly StreamValue[] | undefined
  readonly M?: Readonly<Record<string, StreamValue>> | undefined
}

const rows = unconnectedDeviceRows()

/** The device that an image in a record of the table's stream shows. */
export function readDeviceImage(image: Readonly<Record<string, StreamValue>>): Device {
  const { data: device } = rows.parse({ Item: readMap(image) })
  if (device) return device
  throw new InvalidInputError(`'${image.pk?.S}', '${image.sk?.S}' is the key of no device`)
}

function readMap(map: Readonly<Record<string, StreamValue>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, readValue(value)]))
}

function readValue(value: StreamValue): unknown {
  if (value.S !== undefined) return value.S
  if (value.N !== undefined) return Number(value.N)
  if (value.BOOL !== undefined) return value.BOOL
  if (value.L !== undefined) return value.L.map(readValue)
  if (value.M !== undefined) return readMap(value.M)
  if (value.NULL) return null
  throw new InvalidInputError(
    `'${Object.keys(value).join()}' is no type of a device's values; expected S, N, BOOL, L, M`,
  )
}
