/** What is measured and counted: a page of 100 cases with person (all fields), both agencies with division, subject and transitions. Everything asked for is granted to `station-320281` under RETURN. */
export const PAGE_QUESTION = `query Page($first: Int!) {
  returnCases(first: $first) {
    nodes {
      id caseNo version state noticeNo noticeDate entryDate leaveDate returnMode helpReason condition sentAt acknowledgeBy acknowledgedAt receiveBy receivedAt deadlinesProvisional
      destinationAgency { code name kind level phone division { code name level } }
      originAgency { code name kind level phone division { code name level } }
      subject { name idNumber sex birthDate estimatedAge hukouDivision { code name } homeDivision { code name } address kinName kinPhone features }
      person { id name idNumber sex birthDate estimatedAge birthYear ageBand identityState hukouDivision { code name } homeDivision { code name } address kinName kinPhone }
      transitions { from to at agency { code name } reason }
    }
    pageInfo { hasNextPage hasPreviousPage }
  }
}`;

export const PAGE_SIZE = 100;
export const ASKER = { agency: 'station-320281', purpose: 'RETURN' } as const;
