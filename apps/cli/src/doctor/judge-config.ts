import type { ConfigFacts } from './facts.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

export function judgeConfig(config: ConfigFacts): Finding[] {
  if (!config.any) return [ok('configuration', 'no SKEIN_* is set: "npm start" brings its own')]
  if (config.problems.length > 0)
    return config.problems.map(({ where, wrong, instead }) => fail(where, wrong, instead))
  return [
    ok('configuration', config.production ? 'valid, for production' : 'valid, for development'),
    judgeRebalance(config),
    ...unsafe(config),
  ]
}

/** Whoever is asked to leave goes where the proxy sends them: `ip_hash` sends them back. */
function judgeRebalance({ rebalance, policy }: ConfigFacts): Finding {
  const about = 'rebalance'
  const returns = policy === 'ip_hash'
  if (rebalance && returns) {
    const says = 'is on, but nginx places by ip_hash: whoever is asked to leave a full node comes back to it'
    return warn(about, says, 'set SKEIN_NGINX_POLICY=least_conn, or SKEIN_REBALANCE=off')
  }
  if (rebalance) return ok(about, `on, with ${policy}`)
  return ok(
    about,
    returns
      ? 'off, as fits ip_hash: clients come back to their node whatever it does'
      : 'off: nodes that are added stay emptier until clients come anew; SKEIN_REBALANCE=on moves them',
  )
}

/** What development allows and the public internet punishes. */
function unsafe(config: ConfigFacts): Finding[] {
  const found: Finding[] = []
  if (config.knownSecret) {
    const mend = 'set SKEIN_TOKEN_HMAC_SECRET to the output of: openssl rand -hex 32'
    found.push(warn('token secret', 'is the known one of development: anyone can sign tokens', mend))
  }
  if (config.allowAnonymous) {
    found.push(warn('anonymous clients', 'are let in', 'unset SKEIN_ALLOW_ANONYMOUS and give clients tokens'))
  }
  if (config.anyOrigin) {
    const mend = 'list the origins of your pages in SKEIN_ALLOWED_ORIGINS'
    found.push(warn('origins', 'any web page may connect in the name of its visitors', mend))
  }
  if (!config.apiKey) {
    found.push(warn('server API', 'is off: no key', 'set SKEIN_API_KEY if backends shall publish'))
  }
  if (config.internalOpen && config.production) {
    const mend = 'keep it from the public by a firewall or network policy, or set SKEIN_INTERNAL_HOST'
    found.push(warn('internal port', 'listens on every address', mend))
  }
  return found
}
