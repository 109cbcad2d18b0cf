/** Checks the manifests as the kubectl image renders them. */
import { beforeAll, describe } from 'vitest'
import { checkAll } from '../../k8s/testing/checks.ts'
import type { K8sObject } from '../../k8s/testing/objects.ts'
import { OVERLAYS } from '../../k8s/testing/render.ts'
import { hasEngine, renderInContainer } from './engine.ts'

describe.skipIf(!hasEngine).each(OVERLAYS)('%s', (folder) => {
  let objects: readonly K8sObject[] = []
  beforeAll(async () => {
    objects = await renderInContainer(folder)
  })
  checkAll(() => objects)
})
