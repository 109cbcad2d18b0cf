import { describe, expect, it, vi } from 'vitest'
import { withV8Flags } from './v8-flags.ts'

function stand(given: { execArgv?: string[]; connected?: boolean } = {}) {
  const execve = vi.fn()
  const { execArgv = [], connected = false } = given
  return { execPath: '/bin/node', argv: ['/bin/node', '/app/main.ts', 'x'], execArgv, connected, execve }
}

describe('the flags of V8', () => {
  it('are given to a node that was started without', () => {
    const process = stand({ execArgv: ['--enable-source-maps'] })
    withV8Flags(process, { SKEIN_PORT: '1' })
    expect(process.execve).toHaveBeenCalledWith(
      '/bin/node',
      ['/bin/node', '--max-semi-space-size=8', '--enable-source-maps', '/app/main.ts', 'x'],
      { SKEIN_PORT: '1' },
    )
  })

  it.each([
    ['the command line', stand({ execArgv: ['--max-semi-space-size=32'] }), {}],
    ['the command line, spelled with underscores', stand({ execArgv: ['--max_semi_space_size=32'] }), {}],
    ['NODE_OPTIONS', stand(), { NODE_OPTIONS: '--max-semi-space-size=32' }],
  ])('of %s are left alone', (_, process, env) => {
    withV8Flags(process, env)
    expect(process.execve).not.toHaveBeenCalled()
  })

  it('do not cut a child off from its parent', () => {
    const process = stand({ connected: true })
    withV8Flags(process, {})
    expect(process.execve).not.toHaveBeenCalled()
  })

  it('are done without where the platform cannot replace a process', () => {
    expect(() => withV8Flags({ ...stand(), execve: undefined }, {})).not.toThrow()
  })
})
