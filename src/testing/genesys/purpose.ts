/** What a hash of the simulated Genesys is for, from 1. Two purposes never share their numbers. */
export const PURPOSE = {
  conversationStart: 1,
  conversationEnd: 2,
  conversationTraits: 3,
  conversationBody: 4,
  conversationId: 5,
  userId: 6,
  user: 7,
  organization: 8,
  jobCursor: 10,
  participantAttributes: 11,
  totalHits: 12,
} as const
