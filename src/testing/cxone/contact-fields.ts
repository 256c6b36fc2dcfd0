/** What a row of `/contacts/completed` can have. */
export const COMPLETED_FIELDS = [
  'abandonSeconds abandoned acwSeconds agentId agentSeconds analyticsProcessedDate callbackTime campaignId',
  'campaignName conferenceSeconds contactId contactStartDate dateACWWarehoused dateContactWarehoused',
  'dispositionNotes divisionNo endReason firstName fromAddress highProficiency holdCount holdSeconds',
  'inQueueSeconds isAnalyticsProcessed isLogged isOutbound isRefused isShortAbandon isTakeover lastName',
  'lastUpdateTime lowProficiency masterContactId mediaSubTypeId mediaSubTypeName mediaTypeId mediaTypeName',
  'pointOfContactId pointOfContactName postQueueSeconds preQueueSeconds primaryDispositionId refuseReason',
  'refuseTime releaseSeconds routingAttribute routingTime secondaryDispositionId serviceLevelFlag skillId',
  'skillName tags teamId teamName toAddress totalDurationSeconds transferIndicatorId transferIndicatorName',
].flatMap((line) => line.split(' '))

/** What a row of `/contacts/active` can have: a guess, by the active rows of `/contacts`. */
export const ACTIVE_FIELDS = [
  'agentId agentStartDate campaignId campaignName contactId contactStartDate contactStateCategory',
  'digitalContactStateId digitalContactStateName fileName firstName fromAddress highProficiency holdCount',
  'isLogged isOutbound isTakeover lastName lastUpdateTime lowProficiency masterContactId mediaSubTypeId',
  'mediaSubTypeName mediaTypeId mediaTypeName pointOfContactId pointOfContactName routingAttribute skillId',
  'skillName stateId stateName targetAgentId teamId teamName toAddress transferIndicatorId',
  'transferIndicatorName',
].flatMap((line) => line.split(' '))

/** What one contact can have: a guess, by all rows of `/contacts`, which have no division. */
export const CONTACT_FIELDS = [...new Set([...COMPLETED_FIELDS, ...ACTIVE_FIELDS, 'isActive', 'isWarehoused'])].filter(
  (name) => name !== 'divisionNo',
)
