/** Checks the manifests as the kubectl image renders them. */
import { beforeAll, describe } from 'vitest'
import { checkAll } from '../../k8s/testing/checks.ts'
import { type K8sObject, parseObjects } from '../../k8s/testing/objects.ts'
import { OVERLAYS } from '../../k8s/testing/render.ts'
import { docker, hasEngine, KUBECTL_IMAGE, ROOT } from './engine.ts'

describe.skipIf(!hasEngine).each(OVERLAYS)('%s', (folder) => {
  let objects: readonly K8sObject[] = []
  beforeAll(async () => {
    objects = parseObjects(
      await docker(
        'run',
        '--rm',
        '-v',
        `${ROOT}:/repository:ro`,
        KUBECTL_IMAGE,
        'kustomize',
        `/repository/${folder}`,
      ),
    )
  })
  checkAll(() => objects)
})
