/** What a hash of the simulated CXone is for, from 1. Two purposes never share their numbers. */
export const PURPOSE = {
  agent: 1,
  agentUpdate: 2,
  userId: 3,
  contactStart: 4,
  contactEnd: 5,
  contactMedia: 6,
  contactBody: 7,
  contactId: 8,
  role: 9,
} as const
