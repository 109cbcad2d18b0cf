/**
 * The test projects of `test/vitest.config.ts`, the programs that each needs, and their installation. Pure.
 */

export const PROJECTS = ['unit', 'redis', 'cluster', 'chaos', 'browser', 'containers'] as const
export type Project = (typeof PROJECTS)[number]

/** A program that tests need. */
export type Need = 'redis' | 'nginx' | 'chromium' | 'docker' | 'iptables' | 'faketime'

export const NEEDS: Readonly<Record<Project, readonly Need[]>> = {
  unit: [],
  redis: ['redis'],
  cluster: ['redis', 'nginx'],
  chaos: ['redis', 'nginx'],
  browser: ['redis', 'nginx', 'chromium'],
  containers: ['docker'],
}

/**
 * Programs that some tests of a project need: installed where possible; without them these tests are skipped.
 */
export const WANTS: Readonly<Partial<Record<Project, readonly Need[]>>> = {
  chaos: ['iptables', 'faketime'],
}

/** Packages that the runner may install; a container engine is the owner's choice. */
export const DEBIAN_PACKAGES: Readonly<Partial<Record<Need, string>>> = {
  redis: 'redis-server',
  nginx: 'nginx',
  chromium: 'chromium',
  iptables: 'iptables',
  faketime: 'faketime',
}

const BREW_PACKAGES: Readonly<Partial<Record<Need, string>>> = {
  redis: 'redis',
  nginx: 'nginx',
  chromium: '--cask chromium',
}

export interface Selection {
  readonly run: readonly Project[]
  readonly skipped: readonly { readonly project: Project; readonly reason: string }[]
}

/** The wanted projects that this machine can run, and the skipped ones with reasons. */
export function select(
  wanted: readonly Project[],
  missing: readonly Need[],
  platform: NodeJS.Platform,
): Selection {
  const lacking = (project: Project) => NEEDS[project].filter((need) => missing.includes(need))
  return {
    run: wanted.filter((project) => lacking(project).length === 0),
    skipped: wanted
      .filter((project) => lacking(project).length > 0)
      .map((project) => ({
        project,
        reason: `needs ${lacking(project).join(', ')}; ${howTo(lacking(project), platform)}`,
      })),
  }
}

/** The command that installs the missing programs. */
export function howTo(missing: readonly Need[], platform: NodeJS.Platform): string {
  const packages = platform === 'darwin' ? BREW_PACKAGES : DEBIAN_PACKAGES
  const names = missing.map((need) => packages[need]).filter((name) => name !== undefined)
  const install = platform === 'darwin' ? 'brew install' : 'sudo apt-get install -y --no-install-recommends'
  const steps = [
    ...(names.length > 0 ? [`run: ${install} ${names.join(' ')}`] : []),
    ...(missing.includes('docker') ? ['start a Docker engine'] : []),
  ]
  return steps.join('; ')
}

/** The projects named on the command line; without names all. Throws on an unknown one. */
export function wantedProjects(args: readonly string[]): readonly Project[] {
  const unknown = args.find((arg) => !isProject(arg))
  if (unknown !== undefined) throw new Error(`there is no test project "${unknown}": ${PROJECTS.join(', ')}`)
  return args.length === 0 ? PROJECTS : PROJECTS.filter((project) => args.includes(project))
}

const isProject = (name: string): name is Project => (PROJECTS as readonly string[]).includes(name)
