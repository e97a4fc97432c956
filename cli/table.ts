/** Rows under their column names, aligned; a sentence where there are none. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return 'None'
  const lines = [columns.map((column) => column.toUpperCase()), ...rows]
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Values after their names, aligned; what is absent is left out, and further lines of a value stand below its first. */
export function facts(values: Readonly<Record<string, string | undefined>>): string {
  const width = Math.max(...Object.keys(values).map((name) => name.length)) + 2
  return Object.entries(values)
    .flatMap(([name, value]) =>
      value === undefined ? [] : `${name.padEnd(width)}${value.replaceAll('\n', `\n${' '.repeat(width)}`)}`,
    )
    .join('\n')
}
