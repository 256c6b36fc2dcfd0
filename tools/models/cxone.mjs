import { Facts } from './facts.mjs'

/** A file each: what its roots reach and no file above it holds. So generated files import only from those above. */
const AREAS = [
  { file: 'errors.ts', responses: ['AcdError', 'UserHubError', 'UserHubUnauthorized'] },
  { file: 'discovery.ts', responses: ['OpenidConfiguration', 'CxoneConfiguration'] },
  { file: 'agents.ts', responses: ['AgentList', 'Agent'] },
  { file: 'contacts.ts', responses: ['CompletedContactList', 'ActiveContact', 'Contact'] },
  { file: 'data-extraction.ts', responses: ['DataExtractionJobList', 'DataExtractionJobResponse'] },
  { file: 'data-extraction-request.ts', requests: ['DataExtractionRequest'] },
  { file: 'reporting-jobs.ts', responses: ['ReportingJob'] },
  { file: 'users.ts', responses: ['UserSearchResponse', 'UserResponse'] },
  { file: 'user-search.ts', requests: ['UserSearchRequest'] },
]

/** What our own code reads of an answer. Nothing else is required of any, and an envelope looks at nothing else. */
const READ = {
  AcdError: { optional: ['error', 'error_description'] },
  UserHubError: { optional: ['code', 'details'] },
  UserHubUnauthorized: { optional: ['error', 'message'] },
  OpenidConfiguration: { required: ['token_endpoint'], optional: ['issuer'] },
  CxoneConfiguration: { required: ['api_endpoint'] },
  AgentList: { required: ['agents'], optional: ['totalRecords', 'hiddenAgents'] },
  Agent: { required: ['agentId'] },
  CompletedContactList: { required: ['completedContacts'], optional: ['lastPollTime', 'totalRecords'] },
  CompletedContact: { required: ['contactId'] },
  ActiveContact: { required: ['contactId'] },
  Contact: { required: ['contactId'] },
  DataExtractionJobList: { optional: ['jobs'] },
  DataExtractionJobResponse: { required: ['jobStatus'] },
  DataExtractionJob: { required: ['id', 'status'], optional: ['result'] },
  DataExtractionResult: { optional: ['errorMessage', 'url'] },
  ReportingJob: { required: ['jobId'], optional: ['state', 'resultFileURL'] },
  UserSearchResponse: { required: ['users'], optional: ['totalRecords'] },
  UserResponse: { required: ['user'] },
  User: { required: ['id'] },
}

/** What no call returns and no caller writes: our own code alone reads or sends it. */
const INTERNAL = [
  'AcdError',
  'UserHubError',
  'UserHubUnauthorized',
  'OpenidConfiguration',
  'CxoneConfiguration',
  'AgentList',
  'CompletedContactList',
  'DataExtractionJobList',
  'DataExtractionJobResponse',
  'DataExtractionRequest',
  'UserSearchResponse',
  'UserResponse',
  'PageLinks',
]

const facts = new Facts('cxone.json')

export const cxone = { folder: 'src/cxone/models', facts, areas: AREAS, read: READ, internal: INTERNAL }
