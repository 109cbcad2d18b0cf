import { describe, expect, it } from 'vitest'
import { howTo, select, wantedProjects } from '../run/projects.ts'
import { summary } from '../run/summary.ts'

describe('the selection of projects', () => {
  it('has all of them where nothing is missing', () => {
    expect(select(wantedProjects([]), [], 'linux')).toEqual({
      run: ['unit', 'redis', 'cluster', 'chaos', 'browser', 'containers'],
      skipped: [],
    })
  })

  it('leaves out projects with a missing program, and names the command that installs it', () => {
    const { run, skipped } = select(wantedProjects([]), ['nginx', 'chromium', 'docker'], 'linux')
    expect(run).toEqual(['unit', 'redis'])
    expect(skipped).toEqual([
      {
        project: 'cluster',
        reason: 'needs nginx; run: sudo apt-get install -y --no-install-recommends nginx',
      },
      {
        project: 'chaos',
        reason: 'needs nginx; run: sudo apt-get install -y --no-install-recommends nginx',
      },
      {
        project: 'browser',
        reason: 'needs nginx, chromium; run: sudo apt-get install -y --no-install-recommends nginx chromium',
      },
      { project: 'containers', reason: 'needs docker; start a Docker engine' },
    ])
  })

  it('has the requested projects, in the usual order', () => {
    expect(wantedProjects(['redis', 'unit'])).toEqual(['unit', 'redis'])
    expect(() => wantedProjects(['units'])).toThrow('there is no test project "units"')
  })

  it('names the packages of a Mac', () => {
    expect(howTo(['redis', 'nginx'], 'darwin')).toBe('run: brew install redis nginx')
  })
})

describe('the last lines', () => {
  it('sum up, and end with the counts alone', () => {
    const report = { passed: 3, failed: [], skipped: [] }
    expect(summary([report, report], [])).toBe('6 passed, 0 failed')
  })

  it('list failures with their messages, without an empty line inside', () => {
    const failed = [
      { where: 'test/a.test.ts: adds', messages: ['expected 1\n\nto be 2', 'and more'] },
      { where: 'test/b.test.ts', messages: ['no such file'] },
    ]
    expect(summary([{ passed: 1, failed, skipped: [] }], []).split('\n')).toEqual([
      'Failed:',
      '  test/a.test.ts: adds',
      '    expected 1',
      '    to be 2',
      '    and more',
      '  test/b.test.ts',
      '    no such file',
      '',
      '1 passed, 2 failed',
    ])
  })

  it('list skipped tests with reasons', () => {
    const skipped = [
      { file: 'test/a.test.ts', name: 'go SDK', reason: 'no go' },
      { file: 'test/a.test.ts', name: 'other', reason: '' },
    ]
    const lines = summary(
      [{ passed: 1, failed: [], skipped }],
      [{ project: 'containers', reason: 'needs docker' }],
    )
    expect(lines.split('\n')).toEqual([
      'Skipped:',
      '  project containers: needs docker',
      '  test/a.test.ts: go SDK: no go',
      '  test/a.test.ts: other',
      '',
      '1 passed, 0 failed, 2 skipped',
    ])
  })

  it('report that nothing ran', () => expect(summary([], [])).toBe('0 passed, 0 failed'))
})
