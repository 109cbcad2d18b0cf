const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS/, 'macOS'],
  [/Linux/, 'Linux'],
]

/** A recognisable name for the list of devices, such as "Firefox, Linux". */
export function deviceName(userAgent: string): string {
  const pick = (from: typeof BROWSERS) => from.find(([sign]) => sign.test(userAgent))?.[1]
  return [pick(BROWSERS), pick(SYSTEMS)].filter((part) => part !== undefined).join(', ')
}
