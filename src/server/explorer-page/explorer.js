// The demo's explorer: GraphiQL under a bar with the headers every request to the hub carries. Plain React, no build step.
const { React, ReactDOM, GraphiQL } = globalThis;
const h = React.createElement;

const PURPOSES = [
  ['', '（不填）'], ['RETURN', '返乡交接'], ['AT_RISK_CARE', '易走失关爱'], ['SETTLEMENT', '落户安置'], ['IDENTITY', '身份查询'], ['POVERTY_RELIEF', '扶贫帮扶'],
  ['MEDICAL_CARE', '医疗救治'], ['SUPERVISION', '督导'], ['COORDINATION', '协调'], ['AUDIT', '审计'], ['BENEFIT_CHECK', '待遇核验'],
];

const EXAMPLES = [
  { name: '我是谁', agency: 'station-320281', purpose: '', matter: '', query: `# 令牌代表哪个单位，能以哪些用途提出请求
query WhoAmI {
  viewer {
    agency { code name kind division { name } }
    roles
    purposes
    policy
  }
}
` },
  { name: '救助站 · 待接收', agency: 'station-320281', purpose: 'RETURN', matter: '', query: `# 等待本单位处理的返乡人员，以及看不到的字段由哪条规则决定
query ReturnsAwaitingMe {
  returnCases(filter: { awaiting: ME }, first: 10) {
    totalCount
    nodes {
      caseNo
      state
      acknowledgeBy
      subject { name hukouDivision { name } }
      destinationAgency { name phone }
      disclosure { field rung rule }
    }
  }
}
` },
  { name: '合作单位 · 核验', agency: 'insurance-320281', purpose: 'BENEFIT_CHECK', matter: 'DEMO-2026-001', query: `# 已持有身份证号的单位核验：只答是否、所在县、向谁询问
query CheckReturnees {
  checkReturnees(idNumbers: ["990101197103080035"]) {
    idNumber
    current
    division { name }
    contactAgency { name phone }
  }
}
` },
  { name: '扶贫 · 已标记户', agency: 'poverty-320281', purpose: 'POVERTY_RELIEF', matter: '', query: `# 哪些建档立卡户已被标记，向谁了解；不含何人、何时、何地、何因
query FlaggedHouseholds {
  registeredHouseholds(filter: { flagged: true }, first: 10) {
    nodes {
      householdNo
      headName
      flag { state contactAgency { name phone } }
    }
  }
}
` },
];

// The command line prints an address with #token=…: a fragment never leaves the browser, so no log and no server sees it.
const opened = new URLSearchParams(location.hash.slice(1));
if (location.hash) history.replaceState(null, '', location.pathname);
const remembered = (name, fallback) => opened.get(name) ?? sessionStorage.getItem(`guitu:${name}`) ?? fallback;

function App() {
  const [token, setToken] = React.useState(remembered('token', ''));
  const [purpose, setPurpose] = React.useState(remembered('purpose', ''));
  const [matter, setMatter] = React.useState(remembered('matter', ''));
  const [language, setLanguage] = React.useState(remembered('language', 'zh-CN'));
  const [example, setExample] = React.useState(null);
  const asked = React.useRef({});
  asked.current = { token, purpose, matter, language };
  React.useEffect(() => {
    for (const [name, value] of Object.entries({ token, purpose, matter, language })) sessionStorage.setItem(`guitu:${name}`, value);
  }, [token, purpose, matter, language]);

  const fetcher = React.useCallback((request, options) => send(request, asked.current, options?.headers), []);
  const choose = (chosen) => {
    setExample(chosen);
    setPurpose(chosen.purpose);
    setMatter(chosen.matter);
  };

  return h(React.Fragment, null,
    h('header', { className: 'bar' },
      h('div', { className: 'brand' }, h(Lamp), h('div', null, h('h1', null, '归途'), h('p', null, '跨地区返乡人员信息共享 · 查询台（演示）'))),
      h('div', { className: 'fields' },
        h(Field, { className: token ? 'token' : 'token missing', label: '令牌', header: 'Authorization' },
          h('input', { type: 'password', autoComplete: 'off', spellCheck: false, placeholder: '粘贴令牌 · paste a token', defaultValue: token, onChange: (event) => setToken(event.target.value.replace(/^Bearer\s+/i, '').trim()) })),
        h(Field, { className: 'purpose', label: '用途', header: 'Guitu-Purpose' },
          h('select', { value: purpose, onChange: (event) => setPurpose(event.target.value) }, PURPOSES.map(([code, zh]) => h('option', { key: code, value: code }, code ? `${zh} ${code}` : zh)))),
        h(Field, { className: 'matter', label: '事项编号', header: 'Guitu-Matter' },
          h('input', { value: matter, placeholder: '需要时填写', onChange: (event) => setMatter(event.target.value) })),
        h(Field, { className: 'language', label: '语言', header: 'Accept-Language' },
          h('select', { value: language, onChange: (event) => setLanguage(event.target.value) }, h('option', { value: 'zh-CN' }, '中文'), h('option', { value: 'en' }, 'English'))))),
    h('nav', { className: 'examples', 'aria-label': '示例' }, '示例',
      EXAMPLES.map((one) => h('button', { key: one.name, type: 'button', 'aria-pressed': example === one, onClick: () => choose(one) }, one.name)),
      h('span', { className: 'hint' }, '取得令牌：', h('code', null, `npx --no-install guitu token ${(example ?? EXAMPLES[0]).agency}`))),
    h('main', { className: 'stage' },
      // Without a token the schema cannot be read; with a new one it is read anew.
      h(GraphiQL, { key: token, fetcher, schema: token ? undefined : null, query: example?.query, defaultQuery: EXAMPLES[0].query, defaultEditorToolsVisibility: false })));
}

function Field({ className, label, header, children }) {
  return h('label', { className }, h('span', null, label, h('code', null, header)), children);
}

function Lamp() {
  return h('svg', { viewBox: '0 0 32 32', 'aria-hidden': true },
    h('rect', { width: 32, height: 32, rx: 8, fill: 'rgb(255 255 255 / 10%)' }),
    h('path', { d: 'M7 16.5 16 8l9 8.5M10.5 14.5V24h11v-9.5M16 24v-5', fill: 'none', stroke: '#f2b45c', strokeWidth: 2.4, strokeLinecap: 'round', strokeLinejoin: 'round' }));
}

/** Sends one operation. A mutation gets a new idempotency key unless the headers pane names one. HTTP header values are Latin-1, so a matter in Chinese is percent-encoded. */
async function send(request, { token, purpose, matter, language }, more = {}) {
  const own = { authorization: token && `Bearer ${token}`, 'guitu-purpose': purpose, 'guitu-matter': /[^\x20-\x7e]/.test(matter) ? encodeURIComponent(matter) : matter, 'accept-language': language, 'idempotency-key': /\bmutation\b/.test(request.query) ? newKey() : '' };
  const headers = new Headers({ 'content-type': 'application/json', accept: 'application/graphql-response+json' });
  for (const [name, value] of [...Object.entries(own), ...Object.entries(more)]) if (value) headers.set(name, value);
  const response = await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify(request) });
  return response.json();
}

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

ReactDOM.createRoot(document.getElementById('explorer')).render(h(App));
