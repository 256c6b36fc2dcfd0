import type { Target } from './target.js'
import { CHALLENGES } from './targets/challenges.js'
import { CHECKPOINTS } from './targets/checkpoints.js'
import { DISCOVERY } from './targets/discovery.js'
import { ENCODINGS } from './targets/encodings.js'
import { GENESYS } from './targets/genesys.js'
import { JSON_TEXTS } from './targets/json.js'
import { OAUTH_ANSWERS } from './targets/oauth-responses.js'
import { TIMES } from './targets/times.js'
import { URLS } from './targets/urls.js'

/** Everything that reads what a stranger wrote. A new reader is one more entry here. */
export const TARGETS: readonly Target[] = [
  ...OAUTH_ANSWERS,
  ...DISCOVERY,
  ...CHALLENGES,
  ...TIMES,
  ...JSON_TEXTS,
  ...URLS,
  ...ENCODINGS,
  ...CHECKPOINTS,
  ...GENESYS,
]
