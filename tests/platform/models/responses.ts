import * as agents from '../../../src/cxone/models/agents.js'
import * as contacts from '../../../src/cxone/models/contacts.js'
import * as dataExtraction from '../../../src/cxone/models/data-extraction.js'
import * as discovery from '../../../src/cxone/models/discovery.js'
import * as cxoneErrors from '../../../src/cxone/models/errors.js'
import * as reportingJobs from '../../../src/cxone/models/reporting-jobs.js'
import * as cxoneUsers from '../../../src/cxone/models/users.js'
import * as conversationJobs from '../../../src/genesys/models/conversation-jobs.js'
import * as conversations from '../../../src/genesys/models/conversations.js'
import * as errors from '../../../src/genesys/models/errors.js'
import * as tokens from '../../../src/genesys/models/tokens.js'
import * as userMe from '../../../src/genesys/models/user-me.js'
import * as users from '../../../src/genesys/models/users.js'
import type { ResponseSchemas } from '../../../src/platform/models/response-schemas.js'
import { factsOf, type Platform } from './facts.js'

const exported: Readonly<Record<Platform, object>> = {
  genesys: { ...errors, ...users, ...tokens, ...userMe, ...conversations, ...conversationJobs },
  cxone: {
    ...cxoneErrors,
    ...discovery,
    ...agents,
    ...contacts,
    ...dataExtraction,
    ...reportingJobs,
    ...cxoneUsers,
  },
}

/** Both schemas of every kind of answer that a platform's generated files export: model -> schemas. */
export function responsesOf(platform: Platform): ReadonlyMap<string, ResponseSchemas<unknown>> {
  const models = Object.keys(factsOf(platform))
  return new Map(
    Object.entries(exported[platform]).flatMap(([name, responseSchemas]: [string, ResponseSchemas<unknown>]) => {
      const model = models.find((model) => model.toLowerCase() === name.toLowerCase())
      return model === undefined ? [] : [[model, responseSchemas]]
    }),
  )
}
