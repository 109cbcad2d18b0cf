/** The parts of Kubernetes objects that the checks read. Everything is optional, as in YAML. */
import { parseAllDocuments } from 'yaml'

export interface Labels {
  readonly [key: string]: string
}

export interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string | number }
  readonly periodSeconds?: number
  readonly failureThreshold?: number
}

export interface Container {
  readonly name: string
  readonly image: string
  readonly args?: readonly string[]
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[]
  readonly envFrom?: readonly {
    readonly configMapRef?: { readonly name: string }
    readonly secretRef?: { readonly name: string; readonly optional?: boolean }
  }[]
  readonly startupProbe?: Probe
  readonly readinessProbe?: Probe
  readonly livenessProbe?: Probe
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } }
  readonly resources?: { readonly requests?: Labels; readonly limits?: Labels }
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean
    readonly readOnlyRootFilesystem?: boolean
    readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] }
  }
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[]
}

export interface PodSpec {
  readonly automountServiceAccountToken?: boolean
  readonly enableServiceLinks?: boolean
  readonly serviceAccountName?: string
  readonly terminationGracePeriodSeconds?: number
  readonly securityContext?: {
    readonly runAsNonRoot?: boolean
    readonly runAsUser?: number
    readonly seccompProfile?: { readonly type: string }
  }
  readonly containers: readonly Container[]
  readonly volumes?: readonly {
    readonly name: string
    readonly configMap?: { readonly name: string }
    readonly secret?: { readonly secretName: string }
    readonly hostPath?: object
  }[]
}

export interface K8sObject {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Labels }
  readonly data?: Labels
  readonly spec?: {
    readonly replicas?: number
    readonly minReadySeconds?: number
    readonly progressDeadlineSeconds?: number
    readonly type?: string
    readonly clusterIP?: string
    readonly selector?: Labels & { readonly matchLabels?: Labels }
    readonly podSelector?: { readonly matchLabels?: Labels }
    readonly template?: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec }
    readonly strategy?: {
      readonly rollingUpdate?: { readonly maxUnavailable: number; readonly maxSurge: number }
    }
    readonly ports?: readonly { readonly name: string; readonly targetPort: string }[]
    readonly scaleTargetRef?: { readonly kind: string; readonly name: string }
    readonly minReplicas?: number
    readonly maxReplicas?: number
    readonly metrics?: readonly {
      readonly type: string
      readonly resource?: {
        readonly name: string
        readonly target: { readonly averageValue?: string; readonly averageUtilization?: number }
      }
      readonly pods?: {
        readonly metric: { readonly name: string }
        readonly target: { readonly averageValue: string }
      }
    }[]
    readonly behavior?: {
      readonly scaleDown?: { readonly policies: readonly { readonly periodSeconds: number }[] }
    }
  }
}

/** Parses all objects of a YAML text. Throws at the first syntax error. */
export function parseObjects(text: string): readonly K8sObject[] {
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors
    if (error !== undefined) throw error
    return document.toJS() as K8sObject
  })
}

/** The only object of this kind and name, with or without the hash suffix of kustomize. */
export function find(objects: readonly K8sObject[], kind: string, name: string): K8sObject {
  const hashed = new RegExp(`^${name}(-[a-z0-9]{10})?$`)
  const found = objects.filter((one) => one.kind === kind && hashed.test(one.metadata.name))
  const [only] = found
  if (only === undefined || found.length > 1) throw new Error(`${found.length} ${kind} objects named ${name}`)
  return only
}

export interface Workload {
  readonly name: string
  readonly labels: Labels
  readonly selector: Labels
  readonly pod: PodSpec
}

/** All objects with a pod template. */
export function workloads(objects: readonly K8sObject[]): readonly Workload[] {
  return objects.flatMap(({ metadata, spec }) => {
    if (spec?.template === undefined) return []
    const { template, selector } = spec
    return [
      {
        name: metadata.name,
        labels: template.metadata.labels,
        selector: selector?.matchLabels ?? {},
        pod: template.spec,
      },
    ]
  })
}

/** The first container of a workload. */
export function mainContainer(
  objects: readonly K8sObject[],
  workload: string,
): Container & { readonly pod: PodSpec } {
  const found = workloads(objects).find(({ name }) => name === workload)
  const container = found?.pod.containers[0]
  if (found === undefined || container === undefined) throw new Error(`no container in ${workload}`)
  return { ...container, pod: found.pod }
}

/** True if the selector matches these labels. */
export function selects(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value)
}

const UNITS: Readonly<Record<string, number>> = { '': 1, m: 0.001, Mi: 1024 ** 2, Gi: 1024 ** 3 }

/** The number of a Kubernetes quantity: cores or bytes. */
export function quantity(text = ''): number {
  const [, digits, unit = ''] = /^(\d+)(m|Mi|Gi|)$/.exec(text) ?? []
  return Number(digits) * (UNITS[unit] ?? Number.NaN)
}
