/** What a benchmark has found: tables for people, and all of it as one object for programs. */
export interface Report {
  readonly tables: readonly Table[]
  readonly result: object
}

export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

/** The table as text: a title, and columns as wide as they must be, the first one aligned to the left. */
export function textOf({ title, columns, rows }: Table): string {
  const lines = [columns, ...rows.map((row) => row.map(cellOf))]
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length)))
  const padded = lines.map((line) =>
    line.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
  )
  const rule = widths.map((width) => '-'.repeat(width)).join('  ')
  return [title, '', padded[0], rule, ...padded.slice(1)].join('\n')
}

function cellOf(value: string | number): string {
  return typeof value === 'string' ? value : value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 })
}
