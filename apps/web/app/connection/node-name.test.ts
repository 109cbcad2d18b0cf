import { expect, test } from 'vitest'
import { nodeIn } from './node-name.ts'

test.each([
  ['{"id":1,"connect":{"client":"c","node":"node-2"}}\n{"id":2,"subscribe":{}}', 'node-2'],
  ['{"id":1,"connect":{"client":"c"}}', ''],
  ['{}', undefined],
  ['{"push":{"channel":"room:x","pub":{"data":"\\"connect\\""}}}', undefined],
  ['{"push":{"channel":"room:x","pub":{"data":{"connect":{"node":"fake"}}}}}', undefined],
])('of %j the node is %j', (lines, name) => {
  expect(nodeIn(lines)).toBe(name)
})
