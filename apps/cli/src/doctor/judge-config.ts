import type { ConfigFacts } from './facts.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

export function judgeConfig(config: ConfigFacts): Finding[] {
  if (!config.any) return [ok('configuration', 'no SKEIN_* is set; "npm start" sets its own')]
  if (config.problems.length > 0)
    return config.problems.map(({ where, wrong, instead }) => fail(where, wrong, instead))
  return [
    ok('configuration', config.production ? 'valid, for production' : 'valid, for development'),
    judgeRebalance(config),
    ...unsafe(config),
  ]
}

/** A client that a node sheds reconnects through nginx; `ip_hash` places it on the same node again. */
function judgeRebalance({ rebalance, policy }: ConfigFacts): Finding {
  const about = 'rebalance'
  const returns = policy === 'ip_hash'
  if (rebalance && returns) {
    const says = 'on, but nginx places by ip_hash: a client that a node sheds returns to the same node'
    return warn(about, says, 'set SKEIN_NGINX_POLICY=least_conn, or SKEIN_REBALANCE=off')
  }
  if (rebalance) return ok(about, `on, with ${policy}`)
  return ok(
    about,
    returns
      ? 'off, which suits ip_hash: clients always return to the same node'
      : 'off: new nodes fill only with new connections; SKEIN_REBALANCE=on moves existing ones',
  )
}

/** Settings that suit development and are unsafe on a public network. */
function unsafe(config: ConfigFacts): Finding[] {
  const found: Finding[] = []
  if (config.knownSecret) {
    const mend = 'set SKEIN_TOKEN_HMAC_SECRET to the output of: openssl rand -hex 32'
    found.push(warn('token secret', 'is the public development secret: anyone can sign tokens', mend))
  }
  if (config.allowAnonymous) {
    found.push(warn('anonymous clients', 'are accepted', 'unset SKEIN_ALLOW_ANONYMOUS and issue tokens'))
  }
  if (config.anyOrigin) {
    const mend = 'list the origins of your pages in SKEIN_ALLOWED_ORIGINS'
    found.push(warn('origins', 'any web page may connect on behalf of its visitors', mend))
  }
  if (!config.apiKey) {
    found.push(warn('server API', 'is off: no key is set', 'set SKEIN_API_KEY if backends publish'))
  }
  if (config.internalOpen && config.production) {
    const mend = 'block public access with a firewall or network policy, or set SKEIN_INTERNAL_HOST'
    found.push(warn('internal port', 'listens on every address', mend))
  }
  return found
}
