import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string
      readonly expr: string
      readonly annotations: Readonly<Record<string, string>>
    }[]
  }[]
}

const file = new URL('prometheus/alerts.yml', import.meta.url)
const rules = (parse(readFileSync(file, 'utf8')) as Rules).groups.flatMap((group) => group.rules)

it.each(rules)('$alert matches nodes under any job name', ({ expr }) => {
  expect(expr).not.toMatch(/job *=/)
})

it.each(rules)('$alert has no capacity of its own', ({ expr, annotations }) => {
  expect(expr).not.toMatch(/\d{5,}/)
  expect(annotations['summary']).not.toMatch(/\d{2},\d{3}/)
})

it.each(rules)('$alert has a summary and an action', ({ annotations }) => {
  expect(Object.keys(annotations)).toEqual(expect.arrayContaining(['summary', 'action']))
})
