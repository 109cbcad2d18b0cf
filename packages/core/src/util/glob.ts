/**
 * `*` matches any characters, `?` one, any other character itself. Without a regular expression: O(text *
 * pattern).
 */
export function globMatcher(pattern: string): (text: string) => boolean {
  if (pattern === '' || pattern === '*') return () => true
  return (text) => matches(pattern, text)
}

function matches(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let star = -1
  let mark = 0
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++
      mark = t
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++
      t++
    } else if (star >= 0) {
      p = star + 1
      t = ++mark
    } else {
      return false
    }
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}
