/** One request of a story, as README tells it and as the test runs it. */
export interface StoryStep {
  /** Who does what, in Chinese. */
  title: string;
  agency: string;
  /** Beside `Authorization` and `Content-Type`. */
  headers: Readonly<Record<string, string>>;
  /** `$NAME` stands for what an earlier step kept under that name. No document has variables: a shell would take `$` and `!` for its own. */
  document: string;
  /** What later steps need, by name: the path in `data`. */
  keep?: Readonly<Record<string, string>>;
  /** The answer, with `extensions.disclosure.withheld` as `withheld`. `…` stands for a text that differs from run to run. */
  answer: { data?: unknown; errors?: readonly unknown[]; withheld?: readonly { type: string; field: string; rung: string; rule: string }[] };
}

export interface Story { title: string; intro: string; steps: readonly StoryStep[] }

const RETURN = { 'Guitu-Purpose': 'RETURN' };
const withheld = (type: string, field: string, rule: string): { type: string; field: string; rung: string; rule: string } => ({ type, field, rung: 'WITHHELD', rule });
const keyed = (headers: Readonly<Record<string, string>>, key: string): Record<string, string> => ({ ...headers, 'Idempotency-Key': key });

/** Who returns is in `test/world/persons.yaml` under `unused`, `toRegister` and `toGuess`. The stories follow on each other. */
export const STORIES: readonly Story[] = [
  {
    title: '一、协同部门核验 · A partner agency asks',
    intro: '江阴市医疗保障局办理参保事项，手里已有三个身份证号，想知道是不是近期返乡的救助对象、该问哪个单位。除此之外什么也得不到；受保护的人，答复与查无此人完全相同。',
    steps: [
      {
        title: '查询三个号码：一位近期返乡，一位不在台账中，一位在台账中但受保护', agency: 'insurance-320281',
        headers: { 'Guitu-Purpose': 'BENEFIT_CHECK', 'Guitu-Matter': 'YB-2026-0031' },
        document: `{
  checkReturnees(idNumbers: ["990101197103080035", "990102199601200373", "990104199406120047"]) {
    idNumber current division { code name } contactAgency { code name phone }
  }
}`,
        answer: { data: { checkReturnees: [
          { idNumber: '990101197103080035', current: true, division: { code: '320281', name: '江阴市' }, contactAgency: { code: 'station-320281', name: '江阴市救助管理站', phone: '0000-3202811' } },
          { idNumber: '990102199601200373', current: false, division: null, contactAgency: null },
          { idNumber: '990104199406120047', current: false, division: null, contactAgency: null },
        ] } },
      },
      {
        title: '台账本身不对它开放', agency: 'insurance-320281', headers: { 'Guitu-Purpose': 'BENEFIT_CHECK', 'Guitu-Matter': 'YB-2026-0031' },
        document: '{ returnCases { totalCount } }',
        answer: { data: null, errors: [{ message: '贵单位在此用途下不能使用该操作', locations: [{ line: 1, column: 3 }], path: ['returnCases'], extensions: { code: 'FORBIDDEN', field: 'returnCases', requestId: '…' } }] },
      },
    ],
  },
  {
    title: '二、流出地救助站接收 · An origin station receives',
    intro: '天津市救助管理站送一位江阴人返乡：发函、签收、接收、到家、走访，双方各看到自己该看到的。',
    steps: [
      {
        title: '天津市救助管理站发出反馈函；函中所写属于个案，不因此看到平台上的任何人（`person` 为空）', agency: 'station-120000', headers: keyed(RETURN, 'story-2-send'),
        document: `mutation {
  sendReturnNotice(input: {
    subject: { name: "江归程", idNumber: "990101197004120353", sex: MALE, birthDate: "1970-04-12", hukouDivision: "320281103",
      address: "江阴市青阳镇悟空村归雁路17号", kinName: "江念归", kinPhone: "0000-7501515" }
    noticeNo: "津救返字〔2026〕W2001号", noticeDate: "2026-11-19", entryDate: "2026-11-12", leaveDate: "2026-11-19", returnMode: SELF
    helpReason: "务工不着", condition: "身体健康", originDivision: "320281103"
  }) {
    returnCase { caseNo state originAgency { code name } subject { name kinPhone } person { name } }
  }
}`,
        keep: { CASE_NO: 'sendReturnNotice.returnCase.caseNo' },
        answer: { data: { sendReturnNotice: { returnCase: {
          caseNo: '…', state: 'SENT', originAgency: { code: 'station-320281', name: '江阴市救助管理站' }, subject: { name: '江归程', kinPhone: '0000-7501515' }, person: null,
        } } } , withheld: [withheld('ReturnCase', 'person', 'policy')] },
      },
      {
        title: '江阴市救助管理站在待办中看到它，以及签收和接收的期限', agency: 'station-320281', headers: RETURN,
        document: `{
  returnCases(filter: { awaiting: ME }, orderBy: { field: SENT_AT }, first: 1) {
    nodes { id version caseNo state acknowledgeBy receiveBy destinationAgency { name } subject { name idNumber address kinName kinPhone } }
  }
}`,
        keep: { CASE: 'returnCases.nodes[0].id', VERSION: 'returnCases.nodes[0].version' },
        answer: { data: { returnCases: { nodes: [{
          id: '…', version: '…', caseNo: '…', state: 'SENT', acknowledgeBy: '…', receiveBy: '…', destinationAgency: { name: '天津市救助管理站' },
          subject: { name: '江归程', idNumber: '990101197004120353', address: '江阴市青阳镇悟空村归雁路17号', kinName: '江念归', kinPhone: '0000-7501515' },
        }] } } },
      },
      {
        title: '签收：经流出地确认，双方从此看到共同的人员信息', agency: 'station-320281', headers: keyed(RETURN, 'story-2-acknowledge'),
        document: `mutation {
  acknowledgeReturn(input: { id: "$CASE", expectedVersion: $VERSION, note: "户籍底册属实" }) {
    returnCase { version state person { name idNumber birthDate } }
  }
}`,
        keep: { VERSION: 'acknowledgeReturn.returnCase.version' },
        answer: { data: { acknowledgeReturn: { returnCase: { version: '…', state: 'ACKNOWLEDGED', person: { name: '江归程', idNumber: '990101197004120353', birthDate: '1970-04-12' } } } } },
      },
      {
        title: '接收', agency: 'station-320281', headers: keyed(RETURN, 'story-2-receive'),
        document: `mutation {
  receiveReturnee(input: { id: "$CASE", expectedVersion: $VERSION, receivedOn: "2026-11-20" }) { returnCase { version state } }
}`,
        keep: { VERSION: 'receiveReturnee.returnCase.version' },
        answer: { data: { receiveReturnee: { returnCase: { version: '…', state: 'RECEIVED' } } } },
      },
      {
        title: '确认到家', agency: 'station-320281', headers: keyed(RETURN, 'story-2-home'),
        document: 'mutation {\n  confirmHome(input: { id: "$CASE", expectedVersion: $VERSION }) { returnCase { version state } }\n}',
        keep: { VERSION: 'confirmHome.returnCase.version' },
        answer: { data: { confirmHome: { returnCase: { version: '…', state: 'AT_HOME' } } } },
      },
      {
        title: '记录家庭情况走访', agency: 'station-320281', headers: keyed(RETURN, 'story-2-check'),
        document: `mutation {
  recordHomeCheck(input: { id: "$CASE", expectedVersion: $VERSION, checkedOn: "2026-11-20", entrustedCommittee: "悟空村村民委员会", difficulties: [LIVELIHOOD], text: "独居，无固定收入" }) {
    returnCase { state homeCheck { checkedOn entrustedCommittee difficulties text } }
  }
}`,
        answer: { data: { recordHomeCheck: { returnCase: { state: 'HOME_CHECKED', homeCheck: { checkedOn: '2026-11-20', entrustedCommittee: '悟空村村民委员会', difficulties: ['LIVELIHOOD'], text: '独居，无固定收入' } } } } },
      },
      {
        title: '天津市救助管理站看到每一步，看不到走访情况：为空是因为不予公开（WITHHELD），不是没有', agency: 'station-120000', headers: RETURN,
        document: `{
  returnCase(caseNo: "$CASE_NO") {
    state person { name } transitions { to agency { name } } homeCheck { text }
  }
}`,
        answer: { data: { returnCase: {
          state: 'HOME_CHECKED', person: { name: '江归程' },
          transitions: [
            { to: 'SENT', agency: { name: '天津市救助管理站' } }, ...['ACKNOWLEDGED', 'RECEIVED', 'AT_HOME', 'HOME_CHECKED'].map((to) => ({ to, agency: { name: '江阴市救助管理站' } })),
          ],
          homeCheck: null,
        } } , withheld: [withheld('ReturnCase', 'homeCheck', 'policy')] },
      },
      {
        title: '江阴市民政局看到本地的个案，包括走访', agency: 'civil-320281', headers: RETURN,
        document: '{\n  returnCase(caseNo: "$CASE_NO") { caseNo state person { name idNumber address } homeCheck { difficulties text } }\n}',
        answer: { data: { returnCase: {
          caseNo: '…', state: 'HOME_CHECKED', person: { name: '江归程', idNumber: '990101197004120353', address: '江阴市青阳镇悟空村归雁路17号' }, homeCheck: { difficulties: ['LIVELIHOOD'], text: '独居，无固定收入' },
        } } },
      },
      {
        title: '江苏省民政厅监督办理：编号、状态、期限，没有人', agency: 'civil-320000', headers: { 'Guitu-Purpose': 'SUPERVISION' },
        document: '{\n  returnCase(caseNo: "$CASE_NO") { caseNo state acknowledgeBy originAgency { name } subject { name } person { name } homeCheck { text } }\n}',
        answer: { data: { returnCase: { caseNo: '…', state: 'HOME_CHECKED', acknowledgeBy: '…', originAgency: { name: '江阴市救助管理站' }, subject: null, person: null, homeCheck: null } } , withheld: ['subject', 'person', 'homeCheck'].map((field) => withheld('ReturnCase', field, 'default')) },
      },
      {
        title: '返回舒城县的人：该县没有救助站，函自动送到县民政局', agency: 'station-120000', headers: keyed(RETURN, 'story-2-shucheng'),
        document: `mutation {
  sendReturnNotice(input: {
    subject: { name: "舒茶鸣", idNumber: "993404198705030361", sex: FEMALE, birthDate: "1987-05-03", hukouDivision: "341523107" }
    noticeNo: "津救返字〔2026〕W2002号", noticeDate: "2026-11-19", entryDate: "2026-11-15", leaveDate: "2026-11-19", returnMode: SELF, originDivision: "341523"
  }) {
    returnCase { state originAgency { code name } }
  }
}`,
        answer: { data: { sendReturnNotice: { returnCase: { state: 'SENT', originAgency: { code: 'civil-341523', name: '舒城县民政局' } } } } },
      },
      {
        title: '猜一个身份证号来发函：发函单位只看到自己写的。此人在平台上另有个案，姓名、住址、亲属一概不出现', agency: 'station-120000', headers: keyed(RETURN, 'story-2-guess'),
        document: `mutation {
  sendReturnNotice(input: {
    subject: { name: "某女", idNumber: "990201199204180283" }
    noticeNo: "津救返字〔2026〕W2003号", noticeDate: "2026-11-19", entryDate: "2026-11-18", leaveDate: "2026-11-19", returnMode: SELF, originDivision: "320213"
  }) {
    returnCase { state originAgency { name } subject { name idNumber sex birthDate address kinName kinPhone } person { name birthDate address kinName } }
  }
}`,
        answer: { data: { sendReturnNotice: { returnCase: {
          state: 'SENT', originAgency: { name: '无锡市救助管理站' },
          subject: { name: '某女', idNumber: '990201199204180283', sex: null, birthDate: null, address: null, kinName: null, kinPhone: null }, person: null,
        } } } , withheld: [withheld('ReturnCase', 'person', 'policy')] },
      },
    ],
  },
  {
    title: '三、乡村振兴部门标注 · A poverty-relief office flags',
    intro: '江阴市乡村振兴办公室登记建档立卡户，请平台比对流浪返乡经历；民政局逐户核实。办公室最后只知道哪一户需要关注、该问谁，不知道是谁、何时、何地、为何。',
    steps: [
      {
        title: '登记四户', agency: 'poverty-320281', headers: { 'Guitu-Purpose': 'POVERTY_RELIEF', 'Idempotency-Key': 'story-3-register' },
        document: `mutation {
  registerHouseholds(input: { households: [
    { householdNo: "JYX-2026-01", headName: "林归来", division: "320281100", kind: REGISTERED, members: [{ name: "林归来", idNumber: "990101197103080035", relation: "户主" }] }
    { householdNo: "JYX-2026-02", headName: "江归程", division: "320281103", kind: MARGINAL, members: [{ name: "江归程", idNumber: "990101197004120353", relation: "户主" }] }
    { householdNo: "JYX-2026-03", headName: "夏无事", division: "320281107", kind: UNSTABLE, members: [{ name: "夏无事", idNumber: "990102199601200373", relation: "户主" }] }
    { householdNo: "JYX-2026-04", headName: "蒋思皖", division: "320281100", kind: REGISTERED, members: [{ name: "蒋望江", idNumber: "990107198507300092", relation: "配偶" }] }
  ] }) { registered updated refused { row message } }
}`,
        answer: { data: { registerHouseholds: { registered: 4, updated: 0, refused: [] } } },
      },
      {
        title: '请求比对：答复只说收到几户，不说比中哪户', agency: 'poverty-320281', headers: { 'Guitu-Purpose': 'POVERTY_RELIEF', 'Idempotency-Key': 'story-3-flag' },
        document: 'mutation {\n  flagHouseholds(input: { householdNos: ["JYX-2026-01", "JYX-2026-02", "JYX-2026-03", "JYX-2026-04"] }) { accepted }\n}',
        answer: { data: { flagHouseholds: { accepted: 4 } } },
      },
      {
        title: '江阴市民政局看到比中的各户和比中的人（最后三户）', agency: 'civil-320281', headers: { 'Guitu-Purpose': 'POVERTY_RELIEF' },
        document: `{
  registeredHouseholds(last: 3) {
    nodes { id householdNo flag { state } members { name matchedPerson { name idNumber birthDate } } }
  }
}`,
        keep: { FIRST: 'registeredHouseholds.nodes[0].id', LAST: 'registeredHouseholds.nodes[2].id' },
        answer: { data: { registeredHouseholds: { nodes: [
          { id: '…', householdNo: 'JYX-2026-01', flag: { state: 'PROPOSED' }, members: [{ name: '林归来', matchedPerson: { name: '林归来', idNumber: '990101197103080035', birthDate: '1971-03-08' } }] },
          { id: '…', householdNo: 'JYX-2026-02', flag: { state: 'PROPOSED' }, members: [{ name: '江归程', matchedPerson: { name: '江归程', idNumber: '990101197004120353', birthDate: '1970-04-12' } }] },
          { id: '…', householdNo: 'JYX-2026-04', flag: { state: 'PROPOSED' }, members: [{ name: '蒋望江', matchedPerson: { name: '蒋望江', idNumber: '990107198507300092', birthDate: '1985-07-30' } }] },
        ] } } },
      },
      {
        title: '确认一户', agency: 'civil-320281', headers: { 'Guitu-Purpose': 'POVERTY_RELIEF', 'Idempotency-Key': 'story-3-confirm' },
        document: 'mutation {\n  confirmFlag(input: { householdId: "$FIRST", reason: "与返乡台账一致" }) { household { householdNo flag { state contactAgency { code } } } }\n}',
        answer: { data: { confirmFlag: { household: { householdNo: 'JYX-2026-01', flag: { state: 'CONFIRMED', contactAgency: { code: 'civil-320281' } } } } } },
      },
      {
        title: '排除一户', agency: 'civil-320281', headers: { 'Guitu-Purpose': 'POVERTY_RELIEF', 'Idempotency-Key': 'story-3-clear' },
        document: 'mutation {\n  clearFlag(input: { householdId: "$LAST", reason: "已另立户" }) { household { householdNo flag { state } } }\n}',
        answer: { data: { clearFlag: { household: { householdNo: 'JYX-2026-04', flag: { state: 'CLEARED' } } } } },
      },
      {
        title: '办公室看到哪一户被标注、该问谁（江阴确认后即时释放，其他地方默认每月一日）；待核实的、排除的、未比中的三户看上去一样', agency: 'poverty-320281', headers: { 'Guitu-Purpose': 'POVERTY_RELIEF' },
        document: `{
  registeredHouseholds(last: 4) {
    nodes { householdNo flag { state contactAgency { code name phone } } members { name matchedPerson { name } } }
  }
}`,
        answer: { data: { registeredHouseholds: { nodes: [
          { householdNo: 'JYX-2026-01', flag: { state: 'CONFIRMED', contactAgency: { code: 'civil-320281', name: '江阴市民政局', phone: '0000-3202812' } }, members: [{ name: '林归来', matchedPerson: null }] },
          { householdNo: 'JYX-2026-02', flag: null, members: [{ name: '江归程', matchedPerson: null }] },
          { householdNo: 'JYX-2026-03', flag: null, members: [{ name: '夏无事', matchedPerson: null }] },
          { householdNo: 'JYX-2026-04', flag: null, members: [{ name: '蒋望江', matchedPerson: null }] },
        ] } } , withheld: [withheld('HouseholdMember', 'matchedPerson', 'default'), withheld('RegisteredHousehold', 'flag', 'policy')] },
      },
    ],
  },
];
