import { describe, expect, it } from 'vitest'
import { createRequestIds, traceId } from './request-id.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'

describe('createRequestIds', () => {
  const requestId = createRequestIds()

  it('keeps a safe id', () => {
    expect(requestId({ 'x-request-id': 'req-1:a/b' })).toBe('req-1:a/b')
  })

  it.each(['', 'a b', 'x\ny', 'é', 'x'.repeat(129), '{"a":1}'])('replaces %j by a new id', (given) => {
    expect(requestId({ 'x-request-id': given })).not.toBe(given)
  })

  it('makes unique ids', () => {
    expect(requestId({})).not.toBe(requestId({}))
  })
})

describe('traceId', () => {
  it.each([
    [`00-${TRACE}-00f067aa0ba902b7-01`, TRACE],
    [`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, undefined],
    [`00-${TRACE}-${'0'.repeat(16)}-01`, undefined],
    [`ff-${TRACE}-00f067aa0ba902b7-01`, undefined],
    ['anything', undefined],
  ])('%s', (traceparent, expected) => {
    expect(traceId({ traceparent })).toBe(expected)
  })
})
