import type { AgencyKind, DivisionLevel, Purpose, Role } from '../kernel/viewer.js';
import type { Catalogue } from './catalogue.js';
import type { PolicyDiff } from './diff.js';
import type { RuleChange } from './diff-rules.js';
import { eachOnce, gather } from './gather.js';
import type { Policy, Rung } from './language.js';
import { fieldText, instantText } from './phrases.js';
import { Speech } from './speech.js';
import { KIND_WORDS, levelsText, listed, ROLE_WORDS, RUNG_WORDS, SHARING_WORDS } from './words.js';
import type { Witness } from './witness.js';

/** Sentences about two policies; titles are those of the new one where it has them. */
export class DiffWords {
  readonly #speech: Speech;

  constructor(private readonly policies: readonly [before: Policy, after: Policy], catalogue: Catalogue) {
    this.#speech = new Speech(policies[1], catalogue);
  }

  cellLines(changes: PolicyDiff['cells']): string[] {
    const byField = gather(byClass(changes), (change) => ({ ...change, field: null }));
    return byField.map((group) => {
      const [change] = group;
      const relation = change.relations.length === 0 ? '' : `，${change.relations.length > 1 ? '同时' : ''}关系为${change.relations.map((name) => `「${this.#relation(change.record, name)}」`).join('和')}`;
      return [
        `${agencies(change)}，${this.#purpose(change.purpose)}${relation}${SITUATION_WORDS[change.situation]}：`,
        `${this.#record(change.record)}的${this.#fields(change.record, eachOnce(group, ({ field }) => field))}，${rungs(change)}${times(change)}`,
        `${change.to === 'WITHHELD' ? '原依规则' : '规则'} ${change.rule}，依据：${change.basis}`,
      ].join('\n   ');
    });
  }

  purposeLines(changes: PolicyDiff['purposes']): string[] {
    return byClass(changes).map((change) => `${agencies(change)}：${verb(change)}${this.#purpose(change.purpose)}${times(change)}`);
  }

  operationLines(changes: PolicyDiff['operations']): string[] {
    return gather(byClass(changes), (change) => ({ ...change, operation: null })).map((group) => {
      const [change] = group;
      const names = eachOnce(group, ({ operation }) => `${operation}（${this.#find((policy) => policy.operations.get(operation)?.title) ?? operation}）`);
      return `${agencies(change)}，${change.purpose === null ? '不写用途' : this.#purpose(change.purpose)}：${verb(change)}操作 ${listed(names)}${times(change)}`;
    });
  }

  writeLines(changes: PolicyDiff['writes']): string[] {
    return byClass(changes).map((change) => {
      const { record, operation, purpose, as, when, after, sets } = change;
      const terms = [
        ...(as === null ? [] : [`办理前的关系为「${this.#relation(record, as)}」`]), ...(when === null ? [] : [`条件为${this.#speech.condition(record, when)}`]),
        ...(after === null ? [] : [`办理后的关系为「${this.#relation(record, after)}」`]), ...(sets.length === 0 ? [] : [`可写${this.#fields(record, sets)}`]),
      ];
      return `${agencies(change)}，${this.#purpose(purpose)}：${verb(change)}办理 ${operation}，对象为${this.#record(record)}（${terms.join('；')}）${times(change)}`;
    });
  }

  termLines(changes: PolicyDiff['terms']): string[] {
    return changes.map(({ subject, term, from, to }) => {
      const { what, say } = {
        matter: { what: this.#purpose(subject as Purpose), say: matterText }, limit: { what: `操作 ${subject}`, say: limitText },
        sharing: { what: `${this.#record(subject)}的共享属性`, say: (text: string) => SHARING_WORDS[text as keyof typeof SHARING_WORDS] ?? text },
        provider: { what: `${this.#record(subject)}的提供方`, say: (text: string) => KIND_WORDS[text as AgencyKind] ?? text },
      }[term];
      return `${what}：由「${say(from)}」改为「${say(to)}」`;
    });
  }

  witnessLines(witnesses: readonly Witness[]): string[] {
    return gather(witnesses, ({ kind, roles, purpose, record, from, to, whole, fields, since }) => [kind, roles, purpose, record, from, to, whole, fields, since]).map((group) => {
      const [{ kind, roles, purpose, record, whole, fields }] = group;
      const examples = group.flatMap(({ agency, ids }) => ids.map((id, rank) => ({ text: `${agency} 看 ${id}`, rank }))).toSorted((one, other) => one.rank - other.rank).slice(0, WITNESSES_AT_MOST);
      return [
        `${KIND_WORDS[kind]}${roles.length > 0 ? `（角色${listed(roles.map((role) => ROLE_WORDS[role]))}）` : ''}，${this.#purpose(purpose)}：`,
        `${this.#record(record)}${whole ? '整条记录' : ''}${fields.length > 0 ? `${whole ? '，连同' : '的'}${this.#fields(record, fields)}` : ''}，${rungs(group[0])}${times(group[0])}`,
        `${group.map(({ agency, records }) => `${agency} ${records} 条`).join('、')}；例：${examples.map(({ text }) => text).join('，')}`,
      ].join('\n   ');
    });
  }

  ruleLines(changes: readonly RuleChange[]): string[] {
    return changes.map(({ subject, section, name, change, parts, place }) => {
      const said = parts.map(({ part, from, to }) => (change === 'changed' ? `${part}由${quoted(from)}改为${quoted(to)}` : `${part}${quoted(from || to)}`));
      const owner = subject === '' || section === 'record' ? '' : `${subject}.`;
      return `${place.file}:${place.line}:${place.column} ${SECTION_WORDS[section]} ${owner}${name}，${CHANGE_WORDS[change]}：${said.join('；')}`;
    });
  }

  #purpose(purpose: Purpose): string {
    return `用途「${this.#find((policy) => policy.purposes.get(purpose)?.title) ?? purpose}」`;
  }

  #record(record: string): string {
    return `《${this.#find((policy) => policy.records.get(record)?.title) ?? record}》`;
  }

  #fields(record: string, fields: readonly string[]): string {
    return listed(fields.map((field) => fieldText(this.policies[1], record, field)));
  }

  #relation(record: string, relation: string): string {
    return this.#find((policy) => policy.records.get(record)?.relationTitles.get(relation)) ?? relation;
  }

  #find(read: (policy: Policy) => string | undefined): string | undefined {
    return read(this.policies[1]) ?? read(this.policies[0]);
  }
}

/** Changes that are the same for several kinds or levels, as one. */
function byClass<Change extends { kind: AgencyKind; level: DivisionLevel }>(changes: readonly Change[]): (Omit<Change, 'kind' | 'level'> & { kinds: AgencyKind[]; levels: DivisionLevel[] })[] {
  const byLevel = gather(changes, (change) => ({ ...change, level: null })).map((group) => ({ change: group[0], levels: eachOnce(group, ({ level }) => level) }));
  return gather(byLevel, ({ change, levels }) => [{ ...change, kind: null, level: null }, levels]).map((group) => {
    const [{ change: { kind: _, level: __, ...change }, levels }] = group;
    return { ...change, kinds: group.map((one) => one.change.kind), levels };
  });
}

const WITNESSES_AT_MOST = 3;

const SITUATION_WORDS = { ADULT: '', MINOR: '，未成年人的记录', PROTECTED: '，受保护人员的记录' };
const SECTION_WORDS: Record<RuleChange['section'], string> = {
  record: '记录', relation: '关系', row: '整行规则', veto: '否决规则', field: '栏目规则', cap: '压低规则', write: '办理规则', purpose: '用途', operation: '操作', ladder: '台阶', deadline: '时限', statistic: '统计', word: '词语',
};
const CHANGE_WORDS: Record<RuleChange['change'], string> = { added: '新增', removed: '删去', changed: '改动' };

const agencies = ({ kinds, levels, roles }: { kinds: readonly AgencyKind[]; levels: readonly DivisionLevel[]; roles: readonly Role[] }): string => `${listed(kinds.map((kind) => KIND_WORDS[kind]))}（${levelsText(levels)}${roles.length === 0 ? '' : `，角色${listed(roles.map((role) => ROLE_WORDS[role]))}`}）`;
/** In brackets, unless it stands in some already. */
const quoted = (text: string): string => (/^「.*」$/u.test(text) ? text : `「${text || '无'}」`);
const verb = ({ gained }: { gained: boolean }): string => (gained ? '新获' : '失去');
const rungs = ({ from, to }: { from: Rung; to: Rung }): string => `由「${RUNG_WORDS[from]}」变为「${RUNG_WORDS[to]}」`;
const times = ({ since, until = null }: { since: string | null; until?: string | null }): string => `${since === null ? '' : `，自 ${dayText(since)} 起`}${until === null ? '' : `，至 ${dayText(until)} 止`}`;
const dayText = (instant: string): string => instantText(Date.parse(instant));

function matterText(text: string): string {
  const [required, ...except] = text.split(' ');
  return required === 'optional' ? '事由可不写' : `须写明事由${except.length > 0 ? `（${listed(except)} 除外）` : ''}`;
}

function limitText(text: string): string {
  const [items, minutes] = text.split('/');
  return minutes === undefined ? '不限量' : `每 ${minutes} 分钟至多 ${items} 件`;
}
