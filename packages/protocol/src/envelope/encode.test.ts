import fc from 'fast-check'
import { expect, test } from 'vitest'
import { writeMessage } from '../json/write.ts'
import type { Publication } from '../messages.ts'
import { publicationOf } from '../testing/arbitraries.ts'
import { publication } from '../wire/results.ts'
import { encodeEnvelope } from './encode.ts'

test('an envelope equals the output of the publication table without the offset', () => {
  fc.assert(
    fc.property(publicationOf('text'), (of) => {
      expect(encodeEnvelope(of)).toBe(writeMessage(publication, { ...of, offset: 0 }))
    }),
  )
})

test('zero values are omitted, except in the client info', () => {
  const empty: Publication = {
    offset: 0,
    data: '""',
    tags: {},
    time: 0,
    channel: '',
    info: { user: '', client: '' },
  }
  expect(encodeEnvelope(empty)).toBe('{"data":"","info":{"user":"","client":""}}')
  expect(encodeEnvelope(empty)).toBe(writeMessage(publication, empty))
})
