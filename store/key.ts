/**
 * A key of an ElectroDB index, which reads as it is stored: in key('pk')`tenant#${'tenantId'}#devices` the attribute
 * `tenantId` stands between two texts.
 */
export function key<const Field extends string>(field: Field) {
  return <const Names extends readonly string[]>(texts: TemplateStringsArray, ...names: Names) => {
    const template = texts.map((text, at) => (at < names.length ? `${text}\${${names[at]}}` : text)).join('')
    return { field, composite: names, template, casing: 'none' } as const
  }
}
